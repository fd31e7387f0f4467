# SPDX-License-Identifier: Apache-2.0
"""What every request about people asks: whom it is about, from which day, who takes the work over."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext_lazy as _

from zuoxi.approvals.models import Request, Signature
from zuoxi.approvals.refusals import NotDone
from zuoxi.people.models import Staff
from zuoxi.people.selectors import staff_by_code, superior_of, team_named

GROUP = _("People")


def person_of(applicant: Staff, data: dict[str, Any]) -> Staff:
    """Whom the request is about; the applicant himself where nobody is named."""
    code = data.get("person") or applicant.code
    found = staff_by_code(code)
    if found is None or not found.employed:
        raise NotDone(_("This person has left."), _("Choose somebody who works here."))
    return found


def day_of(text: Any) -> date:
    found = parse_date(str(text))
    if found is None:
        raise NotDone(_("The day cannot be read."))
    return found


def moment_of(text: Any) -> datetime:
    found = parse_datetime(str(text))
    if found is None:
        raise NotDone(_("The time cannot be read."))
    return found if timezone.is_aware(found) else timezone.make_aware(found)


def signed_on(request: Request) -> date:
    """The day of the director's signature: of the last one given, or the day it was granted where he asked."""
    last = (
        request.signatures.filter(round=request.round, state=Signature.State.APPROVED, role="DIRECTOR")
        .order_by("-decided_at")
        .first()
    )
    moment = last.decided_at if last and last.decided_at else request.decided_at or request.submitted_at
    return timezone.localdate(moment)


def taker_of(person: Staff, data: dict[str, Any], day: date) -> Staff | None:
    return staff_by_code(data.get("taker") or "") or superior_of(person, day)


def team_shown(code: Any) -> Any:
    return team_named(str(code)) if code else None


def name_of(request: Request) -> str:
    return named(request.data.get("person")) or str(request.applicant)


def named(code: Any) -> str:
    found = staff_by_code(str(code or ""))
    return str(found) if found else ""
