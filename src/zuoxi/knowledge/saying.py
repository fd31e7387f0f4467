# SPDX-License-Identifier: Apache-2.0
"""Ticking what was said in a call, printing a script with consent, telling days off."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from zuoxi.approvals.models import Request
from zuoxi.approvals.selectors import requests_of
from zuoxi.knowledge.drafting import Overtaken, Refused
from zuoxi.knowledge.facts import Spoken
from zuoxi.knowledge.models import Article, DayOff, Print, SaidLines
from zuoxi.people.models import Staff
from zuoxi.policy.marks import enforces
from zuoxi.vault import services as vault

PRINT_REQUEST = "script_print"
EXPERT = "expert"


def tick(call: str, script: Spoken, ticked: Iterable[str], *, by: Staff, now: datetime) -> SaidLines:
    """Keep which lines were said; strange keys are dropped."""
    known = [line.key for line in script.lines]
    must = [line.key for line in script.lines if line.mandatory]
    kept = [key for key in known if key in set(ticked)]
    row, _new = SaidLines.objects.update_or_create(
        call=call[:64],
        staff=by,
        script=script.key,
        defaults={"ticked": kept, "mandatory": len(must), "said": len(set(must) & set(kept)), "at": now},
    )
    return row


def consents(staff: Staff, title: str) -> list[Request]:
    """Granted requests of that person to print that script which have not been used, the oldest first."""
    rows = requests_of(staff).filter(kind=PRINT_REQUEST, state=Request.State.APPROVED).order_by("submitted_at", "pk")
    used = set(Print.objects.filter(staff=staff).values_list("request", flat=True))
    return [one for one in rows if str(one.data.get("file", "")).strip() == title and one.number not in used]


@enforces("KB-008", "SEC-011")
@transaction.atomic
def print_script(key: str, title: str, *, by: Staff, now: datetime) -> Print:
    """Take one granted request for one printing. Raises Refused without one, Overtaken when it is used up meanwhile."""
    granted = consents(by, title)
    if not granted:
        raise Refused(_("Printing a script needs your superior's consent: hand in the request first."))
    request = granted[0]
    copies = str(request.data.get("copies", "1"))
    try:
        with transaction.atomic():
            made = Print.objects.create(
                script=key,
                title=title,
                staff=by,
                request=request.number,
                copies=min(int(copies), 999) if copies.isdecimal() else 1,
                at=now,
            )
    except IntegrityError:
        raise Overtaken(_("This consent has been used already; ask for another.")) from None
    vault.record(
        "knowledge.script.printed",
        who=by.code,
        on=("knowledge.script", key),
        at=now,
        request=request.number,
        copies=made.copies,
    )
    return made


@enforces("KB-013")
@transaction.atomic
def tell_day_off(
    expert: Article, first_on: date, last_on: date, *, note: str, by: Staff, now: datetime, today: date
) -> DayOff:
    """Let the guide desk know when an expert does not receive; what is told on the day itself is marked late.
    Raises Refused."""
    if expert.kind != EXPERT:
        raise Refused(_("Only experts have days off here."))
    if last_on < first_on:
        raise Refused(_("The last day lies before the first."))
    held = Article.objects.select_for_update().get(pk=expert.pk)
    clash = DayOff.objects.filter(article=held, first_on__lte=last_on, last_on__gte=first_on).first()
    if clash is not None:
        raise Overtaken(_("These days have been told already."))
    made = DayOff.objects.create(
        article=held,
        first_on=first_on,
        last_on=last_on,
        note=note[:120],
        told_by=by,
        told_at=now,
        late=first_on <= today,
    )
    vault.record(
        "knowledge.day_off.told", who=by.code, on=("knowledge.article", held.code), at=now, first=str(first_on)
    )
    return made


@transaction.atomic
def take_day_off_back(row: DayOff) -> None:
    """The expert receives after all."""
    DayOff.objects.filter(pk=row.pk).delete()
