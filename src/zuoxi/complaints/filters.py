# SPDX-License-Identifier: Apache-2.0
"""Filters that people keep under a name."""

from __future__ import annotations

from zuoxi.complaints.models import SavedFilter
from zuoxi.people.models import Staff

MOST = 20


def filters_of(staff: Staff | None) -> list[SavedFilter]:
    return list(SavedFilter.objects.filter(staff=staff)[:MOST]) if staff else []


def keep(staff: Staff, name: str, query: str) -> bool:
    """The same name again replaces it; False when there are enough, or without a name."""
    if not name.strip():
        return False
    known = SavedFilter.objects.filter(staff=staff)
    if known.count() >= MOST and not known.filter(name=name).exists():
        return False
    SavedFilter.objects.update_or_create(staff=staff, name=name.strip()[:40], defaults={"query": query[:400]})
    return True


def drop(staff: Staff, pk: int) -> None:
    """One of a person's own; another's stays."""
    SavedFilter.objects.filter(staff=staff, pk=pk).delete()
