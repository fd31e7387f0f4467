# SPDX-License-Identifier: Apache-2.0
"""Who is on duty now: packages above that know the roster say so; nobody, when none does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zuoxi.people.models import Staff

Provider = Callable[[datetime, "Staff"], "list[Staff]"]
_providers: list[Provider] = []


def provide(on_duty: Provider) -> Provider:
    """Let `on_duty(now, applicant)` name the supervisors on duty, the one appointed for the applicant first."""
    if on_duty not in _providers:
        _providers.append(on_duty)
    return on_duty


def withdraw(on_duty: Provider) -> None:
    if on_duty in _providers:
        _providers.remove(on_duty)


def on_duty(now: datetime, applicant: Staff) -> list[Staff]:
    """The supervisors on duty at the moment; empty when nobody is, or nobody knows."""
    found: dict[int, Staff] = {}
    for ask in _providers:
        for staff in ask(now, applicant):
            found.setdefault(staff.pk, staff)
    return list(found.values())
