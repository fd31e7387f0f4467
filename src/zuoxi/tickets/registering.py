# SPDX-License-Identifier: Apache-2.0
"""Ready-made replies, the register of the mail room, who works for which department."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from zuoxi.people.models import Staff, Team
from zuoxi.policy.marks import enforces
from zuoxi.tickets.models import CannedReply, Department, MailEntry, Membership
from zuoxi.tickets.refusing import Refused
from zuoxi.tickets.trail import said


def keep_reply(
    *, title: str, text: str, staff: Staff | None, team: Team | None, by: Staff, now: datetime
) -> CannedReply:
    """Keep words for oneself, for a team, or (neither named) for everybody."""
    return CannedReply.objects.create(
        title=said(title, _("what it is called"))[:60], text=said(text, _("the words")), staff=staff, team=team,
        made_by=by, made_at=now,
    )  # fmt: skip


def drop_reply(reply: CannedReply) -> None:
    reply.delete()


def replies_for(staff_id: int, team_ids: list[int]) -> QuerySet[CannedReply]:
    """The ready-made words that a person may use."""
    mine = Q(staff=None, team=None) | Q(staff_id=staff_id) | Q(team_id__in=team_ids)
    return CannedReply.objects.filter(mine).select_related("staff", "team")


@enforces("CUS-021")
@transaction.atomic
def register_mail(
    *, day: date, kind: str, count: int, reference: str, addressee: str, signed_by: str, note: str, by: Staff,
    now: datetime,
) -> MailEntry:  # fmt: skip
    """Register what came in or went out. Confidential documents need the signature of who took them."""
    if kind not in MailEntry.Kind.values:
        raise Refused(_("Say what kind of mail it is."))
    if count < 1:
        raise Refused(_("Say how many."))
    if day > timezone.localdate(now):
        raise Refused(_("The day has not come yet."))
    secret = kind == MailEntry.Kind.SECRET
    if secret and (not signed_by.strip() or not reference.strip()):
        raise Refused(_("A confidential document needs its number and the signature of who took it."))
    return MailEntry.objects.create(
        day=day, kind=kind, count=count, reference=reference.strip()[:60], addressee=addressee.strip()[:60],
        signed_by=signed_by.strip()[:60], signed_at=now if signed_by.strip() else None, note=note.strip()[:200],
        by=by, at=now,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class MailLine:
    """A kind of mail in a year, beside the year before. `change` None: there was none."""

    kind: str
    label: str
    count: int
    before: int

    @property
    def change(self) -> Decimal | None:
        return None if not self.before else Decimal(self.count - self.before) / Decimal(self.before)


@enforces("CUS-021")
def mail_of(year: int, until: date | None = None) -> list[MailLine]:
    """Every kind, counted from the entries; the year before up to the same day. Two queries."""
    last = until or date(year, 12, 31)

    def counted(of: int) -> dict[str, int]:
        try:
            end = last.replace(year=of)
        except ValueError:  # the 29th of February
            end = date(of, 2, 28)
        rows = MailEntry.objects.filter(day__gte=date(of, 1, 1), day__lte=end).order_by()
        return {one["kind"]: one["total"] for one in rows.values("kind").annotate(total=Sum("count"))}

    now, then = counted(year), counted(year - 1)
    return [MailLine(kind, str(label), now.get(kind, 0), then.get(kind, 0)) for kind, label in MailEntry.Kind.choices]


def set_member(department: Department, staff: Staff, *, works: bool, leads: bool) -> None:
    """Let somebody work for a department (and lead it), or no longer; open tickets stay with him until passed on."""
    if works:
        Membership.objects.update_or_create(department=department, staff=staff, defaults={"leads": leads})
    else:
        Membership.objects.filter(department=department, staff=staff).delete()
