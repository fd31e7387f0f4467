# SPDX-License-Identifier: Apache-2.0
"""What the packages themselves add to the demo: each one's `demo.py`, from the bottom of the house up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from importlib import import_module
from importlib.util import find_spec
from typing import Final

ORDER: Final = (
    "web", "events", "jobs", "messaging", "vault", "policy", "people", "approvals",
    "telephony", "customers", "knowledge", "workplace", "workforce", "leave",
    "orders", "tickets", "complaints", "attendance", "quality", "outbound", "followups", "gateway", "floor",
    "reporting",
)  # fmt: skip


def furnish_all(today: date, say: Callable[[str], None]) -> None:
    """Let every package with a `demo.py` furnish the demo; each does nothing where its rows are there already."""
    for package in ORDER:
        if find_spec(f"zuoxi.{package}") and find_spec(f"zuoxi.{package}.demo"):
            import_module(f"zuoxi.{package}.demo").furnish(today)
            say(package)
