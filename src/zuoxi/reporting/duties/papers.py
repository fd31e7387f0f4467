# SPDX-License-Identifier: Apache-2.0
"""Files handed in with a report: sealed in the database, opened to whoever may see the report."""

from __future__ import annotations

from datetime import datetime
from pathlib import PurePath

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from zuoxi.people.models import Staff
from zuoxi.reporting.duties.delivering import NotNow, is_holder
from zuoxi.reporting.models import DutyItem, DutyPaper
from zuoxi.vault import encryption

MOST = 8


@transaction.atomic
def add_paper(item: DutyItem, by: Staff, name: str, content: bytes, now: datetime) -> DutyPaper:
    """Keep a file with an item that is not handed in yet. Raises NotNow."""
    item = DutyItem.objects.select_for_update().get(pk=item.pk)
    if not is_holder(item, by) or item.handed_at is not None:
        raise NotNow(_("It has been handed in already, or somebody else owes it."))
    if not content:
        raise NotNow(_("The file is empty."))
    if item.papers.count() >= MOST:
        raise NotNow(_("A report holds eight files at most."))
    return DutyPaper.objects.create(
        item=item,
        name=PurePath(name).name[:120],
        size=len(content),
        content=encryption.seal(content, f"duty:{item.pk}"),
        added_at=now,
        added_by=by,
    )


def opened(paper: DutyPaper) -> bytes:
    return encryption.unseal(bytes(paper.content), f"duty:{paper.item_id}")
