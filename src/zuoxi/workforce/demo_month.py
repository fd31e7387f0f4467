# SPDX-License-Identifier: Apache-2.0
"""What happened in the demo's rosters."""

from __future__ import annotations

from datetime import date


def live_through(today: date) -> None:
    """Swaps, overtime and breaks of the days around today."""
