# SPDX-License-Identifier: Apache-2.0
"""Calls to come, by interval, with their uncertainty: a plain library on arrays and dataclasses."""
