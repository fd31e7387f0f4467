# SPDX-License-Identifier: Apache-2.0
"""Filters of the list that people keep under a name."""

from __future__ import annotations

from zuoxi.customers.models import SavedFilter

MOST = 20


def filters_of(user_id: int) -> list[SavedFilter]:
    return list(SavedFilter.objects.filter(user_id=user_id)[:MOST])


def keep_filter(user_id: int, name: str, query: str) -> SavedFilter:
    """The same name again replaces the filter."""
    found, _fresh = SavedFilter.objects.update_or_create(user_id=user_id, name=name, defaults={"query": query})
    return found


def drop_filter(user_id: int, number: int) -> bool:
    """False when it is not his."""
    return bool(SavedFilter.objects.filter(user_id=user_id, pk=number).delete()[0])
