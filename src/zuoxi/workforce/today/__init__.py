# SPDX-License-Identifier: Apache-2.0
"""The half hours of the coming weeks and of the running day: what they need, what they will reach, what to move."""
