# SPDX-License-Identifier: Apache-2.0
"""The demo centre: 120 seats of a television-shopping centre that exists nowhere, with a month behind it."""
