# SPDX-License-Identifier: Apache-2.0
"""Work that a superior sets (ORG-022), and events that begin duties."""

from __future__ import annotations

import secrets
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from zuoxi.approvals import services as approvals
from zuoxi.people.models import Staff
from zuoxi.policy.findings import Why
from zuoxi.policy.selectors import site_handbook
from zuoxi.reporting.duties.delivering import NotNow, superiors, url_of
from zuoxi.reporting.handbook import EVENTS, positions_of
from zuoxi.reporting.models import DutyEvent, DutyHolder, DutyItem
from zuoxi.vault.services import record
from zuoxi.web.marks import enforces

TASK = "set_task"
CLOSES = 7  # days after which work that was set and not done counts as missed


@enforces("ORG-022")
@transaction.atomic
def set_task(by: Staff, to: Staff, title: str, *, words: str = "", due_at: datetime, now: datetime) -> DutyItem:
    """Give somebody below a piece of work; his direct superior gets a copy when he is passed over. Raises NotNow."""
    above = superiors(to, now)
    if by not in above:
        raise NotNow(_("Work is set by somebody above in the line of command."))
    if due_at <= now:
        raise NotNow(_("The deadline has passed already."), _("Choose a later one."))
    day = due_at.astimezone(site_handbook().zone).date()
    item = DutyItem.objects.create(
        duty=TASK,
        occasion=f"{day.isoformat()} {secrets.token_hex(6)}",
        slot=to.code,
        day=day,
        position="",
        about_first=day,
        about_last=day,
        opens_at=now,
        due_at=due_at,
        closes_at=due_at + CLOSES * date.resolution,
        terms={
            "zh": title, "en": title, "clauses": ["ORG-022"], "words": words, "evidence": ["text"], "remind": [60],
            "escalate": 0, "escalate_to": [], "channel": "app",
        },
        set_by=by,
        created_at=now,
    )  # fmt: skip
    DutyHolder.objects.create(item=item, staff=to)
    approvals.notify(to, Why(f"{by.name}交办：{title}", f"{by.name} gave you: {title}"), url_of(item), item.about)
    if above[0] != by:
        text = Why(f"{by.name}向{to.name}交办：{title}", f"{by.name} gave {to.name}: {title}")
        approvals.notify(above[0], text, url_of(item), f"{item.about}:copy")
    record("reporting.task.set", who=by.code, on=("duty", item.pk), to=to.code, title=title)
    return item


def events_for(staff: Staff, day: date) -> list[tuple[str, Why]]:
    """(kind, name) of what somebody's posts may record."""
    roles = staff.roles_on(day)
    return [
        (key, Why(body.label.zh, body.label.en))
        for key, body in site_handbook().entries(EVENTS).items()
        if roles & {code for word in body.by for code in positions_of(word)}
    ]


@enforces("TRN-002", "TRN-003", "QA-019")
def record_event(kind: str, day: date, subject: str, by: Staff, now: datetime) -> DutyEvent:
    """Write down what happened, so that what it begins falls due. Raises NotNow."""
    today = now.astimezone(site_handbook().zone).date()
    if kind not in dict(events_for(by, today)):
        raise NotNow(_("Your post does not record this."))
    if day > today:
        raise NotNow(_("It lies in the future."), _("Record it when it has happened."))
    try:
        with transaction.atomic():
            event = DutyEvent.objects.create(kind=kind, day=day, at=now, subject=subject[:120], recorded_by=by)
            record("reporting.event.recorded", who=by.code, on=("event", event.pk), kind=kind)
    except IntegrityError:
        raise NotNow(_("This was recorded already.")) from None
    return event


def recorded(most: int) -> list[tuple[DutyEvent, Why]]:
    """The last events with their names."""
    names = {key: Why(body.label.zh, body.label.en) for key, body in site_handbook().entries(EVENTS).items()}
    rows = DutyEvent.objects.select_related("recorded_by").order_by("-at")[:most]
    return [(one, names.get(one.kind, Why(one.kind, one.kind))) for one in rows]
