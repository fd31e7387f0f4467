# SPDX-License-Identifier: Apache-2.0
"""Adding a file to a request later, and with it the paper that was owed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from zuoxi.approvals.models import Document, Paper, Request
from zuoxi.approvals.notices import Sentence, notify
from zuoxi.approvals.papers import keep
from zuoxi.approvals.refusals import Overtaken
from zuoxi.approvals.stepping import url_of
from zuoxi.approvals.trail import seal, tell
from zuoxi.people.models import Staff, User
from zuoxi.people.selectors import staff_of


@transaction.atomic
def add_document(request: Request, file: UploadedFile[Any], *, by: User, now: datetime, paper: str = "") -> Document:
    """Add a file; with `paper` (its code) as the document that was owed.

    Raises ValidationError for a file that is not taken, Overtaken when the paper's day has passed or it came already.
    """
    request = Request.objects.select_for_update().get(pk=request.pk)
    owed = request.papers.filter(code=paper).first() if paper else None
    if paper and (owed is None or owed.state != Paper.State.OWED):
        raise Overtaken(_("This paper is not owed any more."), _("Add the file without naming it, and say why."))
    document = keep(request, file, by, now)
    if owed is not None:
        owed.state, owed.document = Paper.State.GIVEN, document
        owed.save(update_fields=["state", "document"])
    tell(request, "document", now, who=staff_of(by), name=document.name, paper=str(owed) if owed else "")
    seal(request, "approvals.document.added", by, document=document.pk)
    for approver in _deciders(request):
        text = Sentence(
            _("A file was added to %(number)s of %(name)s"), number=request.number, name=request.applicant.name
        )
        notify(approver, text, url_of(request), f"document:{document.pk}")
    return document


def _deciders(request: Request) -> list[Staff]:
    rows = request.signatures.filter(round=request.round, decided_by__isnull=False).select_related("decided_by")
    last = rows.order_by("-order").first()
    return [last.decided_by] if last and last.decided_by else []


@transaction.atomic
def waive(paper: Paper, *, by: User, now: datetime, note: str) -> bool:
    """An approver no longer asks for the paper; False when it was not owed any more."""
    changed = Paper.objects.filter(pk=paper.pk, state=Paper.State.OWED).update(state=Paper.State.WAIVED)
    if changed:
        tell(paper.request, "paper_waived", now, who=staff_of(by), note=note, paper=str(paper))
        seal(paper.request, "approvals.paper.waived", by, paper=paper.code)
    return bool(changed)
