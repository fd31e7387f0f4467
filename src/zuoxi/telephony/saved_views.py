# SPDX-License-Identifier: Apache-2.0
"""Sets of filters that people keep under a name."""

from __future__ import annotations

from typing import Final

from zuoxi.telephony.page_models import SavedView

MOST: Final = 30


def views_of(user_id: int, page: str) -> list[SavedView]:
    """One person's views of one page, in his order."""
    return list(SavedView.objects.filter(user_id=user_id, page=page)[:MOST])


def keep(user_id: int, page: str, name: str, query: str) -> SavedView:
    """The same name again replaces the view."""
    view, _fresh = SavedView.objects.update_or_create(user_id=user_id, page=page, name=name, defaults={"query": query})
    return view


def forget(user_id: int, number: int) -> SavedView | None:
    """Remove one of a person's own views; what it was, or None when it is not his."""
    view = SavedView.objects.filter(user_id=user_id, pk=number).first()
    if view is not None:
        SavedView.objects.filter(pk=view.pk).delete()
    return view
