# SPDX-License-Identifier: Apache-2.0
"""Handing in what is owed: drafts, signatures it needs, sending with proof, receipts, excuses."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zuoxi.approvals import services as approvals
from zuoxi.messaging import selectors as channels
from zuoxi.messaging import services as messaging
from zuoxi.people import selectors as people
from zuoxi.people.models import Staff
from zuoxi.policy.findings import Why
from zuoxi.policy.selectors import site_handbook
from zuoxi.reporting.duties.centres import centre
from zuoxi.reporting.duties.judging import Standing, receivers, stands
from zuoxi.reporting.handbook import positions_of
from zuoxi.reporting.models import DutyCheck, DutyItem, DutyReceipt
from zuoxi.vault.services import record
from zuoxi.web.listed import listed
from zuoxi.web.marks import enforces, records
from zuoxi.web.roles import Role

State = DutyItem.State
WAIVERS = frozenset({Role.OM, Role.SM, Role.DIR})


class NotNow(Exception):
    """Why it cannot be handed in, and what to do; nothing was changed."""

    def __init__(self, wrong: str | Promise, todo: str | Promise = "") -> None:
        self.wrong, self.todo = wrong, todo
        super().__init__(wrong)


def url_of(item: DutyItem) -> str:
    return reverse("reporting:duty", args=[item.pk])


def is_holder(item: DutyItem, staff: Staff) -> bool:
    return item.holders.filter(staff=staff).exists()


def _locked(item: DutyItem) -> DutyItem:
    return DutyItem.objects.select_for_update().get(pk=item.pk)


def _writable(item: DutyItem, staff: Staff) -> None:
    if not is_holder(item, staff):
        raise NotNow(_("Somebody else owes this now."), _("Look at your own list again."))
    if item.handed_at is not None or item.state in (State.DONE, State.LATE):
        raise NotNow(_("It has been handed in already."), _("Your words were not kept; open it to see what was sent."))
    if not item.live:
        raise NotNow(_("It is not owed any more."))


@transaction.atomic
def keep(item: DutyItem, by: Staff, text: str, answers: Mapping[str, Any]) -> None:
    """Keep a draft; other words than before take signatures back. Raises NotNow."""
    item = _locked(item)
    _writable(item, by)
    if (text, dict(answers)) == (item.text, item.answers):
        return
    item.text, item.answers = text, dict(answers)
    item.save(update_fields=["text", "answers"])
    item.checks.all().delete()


def missing_parts(item: DutyItem, text: str, answers: Mapping[str, Any]) -> list[Why]:
    """What the handbook asks for and is not there yet."""
    found = []
    if not text.strip() and not item.terms.get("template") and "text" in item.terms.get("evidence", ()):
        found.append(Why("正文", "Text"))
    for part in item.terms.get("template", ()):
        if not part["optional"] and answers.get(part["key"]) in (None, "", False):
            found.append(Why(part["label"]["zh"], part["label"]["en"]))
    return found


def unsigned(item: DutyItem) -> list[str]:
    """Role words whose signature it still needs before it may leave."""
    signed = set(item.checks.values_list("word", flat=True))
    return [word for word in item.terms.get("checks", ()) if word not in signed]


@enforces("RPT-023")
@transaction.atomic
def sign(item: DutyItem, by: Staff, word: str, now: datetime, waived: str = "") -> None:
    """Sign that a report was checked; managers may let it go unsigned with a reason. Raises NotNow."""
    item = _locked(item)
    if item.handed_at is not None or not item.live:
        raise NotNow(_("It has left already."))
    if word not in unsigned(item):
        raise NotNow(_("This signature is there already."))
    roles = by.roles_on(now.astimezone(site_handbook().zone).date())
    if waived:
        if not roles & WAIVERS:
            raise NotNow(_("Only a manager or the director lets a report go unsigned."))
    elif not roles & set(positions_of(word)):
        raise NotNow(_("This signature is another post's."))
    elif not item.text and not item.answers:
        raise NotNow(_("There are no words to check yet."), _("Whoever owes the report keeps a draft first."))
    DutyCheck.objects.create(item=item, word=word, staff=by, at=now, waived=waived[:300])
    if waived:
        record("reporting.duty.waived", who=by.code, on=("duty", item.pk), purpose=waived, word=word)


@enforces("RPT-002", "RPT-011", "RPT-023", "RPT-001")
@records("RPT-012", "RPT-016", "RPT-024", "RPT-029", "RPT-030", "RPT-031")
@transaction.atomic
def hand_in(item: DutyItem, by: Staff, text: str, answers: Mapping[str, Any], now: datetime) -> DutyItem:
    """Send the report to whoever the handbook names, with proof; in time or late by the second. Raises NotNow."""
    item = _locked(item)
    _writable(item, by)
    if stands(now, item.due_at, item.inclusive, item.earliest_at) is Standing.EARLY:
        raise NotNow(
            _("It is too early: people are still on their way."), _("Your words are kept; send it from the hour shown.")
        )
    lacking = missing_parts(item, text, answers)
    if lacking:
        raise NotNow(_("Something is missing: %s") % listed(lacking), _("Fill it in and send again."))
    if unsigned(item):
        raise NotNow(_("It has not been checked yet."), _("The analyst and the support manager sign first."))
    if item.terms.get("checks") and (text, dict(answers)) != (item.text, item.answers):
        raise NotNow(
            _("The words were changed after they had been checked."), _("Keep them, and have them signed again.")
        )
    if item.terms.get("evidence") == ["file"] and not item.papers.exists():
        raise NotNow(_("A file is needed."))
    item.text, item.answers, item.done_by, item.handed_at = text, dict(answers), by, now
    sent = _deliver(item, by, now)
    if not sent:
        _done(item, now)
    item.save()
    record("reporting.duty.handed_in", who=by.code, on=("duty", item.pk), duty=item.duty, day=item.day.isoformat())
    return item


def _done(item: DutyItem, at: datetime) -> None:
    item.done_at = at
    in_time = stands(at, item.due_at, item.inclusive) is Standing.IN_TIME
    item.state = State.DONE if in_time else State.LATE


def _deliver(item: DutyItem, by: Staff, now: datetime) -> int:
    """Give it to each receiver by the duty's channel, else by the bell; returns how many messages are on their way."""
    to, copies = receivers_of(item, by, now)
    staff = people.staff_by_id([*to, *copies])
    told = Why(f"{by.name}交来{item.title.zh}", f"{by.name} handed in: {item.title.en}")
    count = 0
    for one in (*to, *copies):
        channel, address = reach(staff[one], item.terms.get("channel", "app")) if one in to else ("app", "")
        if address:
            messaging.send(
                channel,
                address,
                worded(item),
                to_name=staff[one].name,
                subject=str(item.title),
                dedupe=f"{item.about}:{staff[one].code}",
                about=item.about,
            )
            count += 1
        DutyReceipt.objects.get_or_create(
            item=item,
            staff=staff[one],
            defaults={"copy": one not in to, "channel": channel, "received_at": now},
        )
        approvals.notify(staff[one], told, url_of(item), f"{item.about}:{staff[one].code}")
    return count


def receivers_of(item: DutyItem, by: Staff, now: datetime) -> tuple[list[int], list[int]]:
    """Staff ids of whom it is for, and of who gets a copy."""
    if item.set_by_id is not None:
        return [item.set_by_id], []
    day = now.astimezone(site_handbook().zone).date()
    posts = centre(day, day, shifts=False).posts_on(day)
    team = item.team or next((one.team for one in posts.by_staff.get(by.pk, []) if one.position == item.position), "")
    words = item.terms.get("to", ()), item.terms.get("copies", ())
    to, copies = ([one.staff for one in receivers(some, item.position, team, [by.pk], posts)] for some in words)
    return to, [one for one in copies if one not in to]


def reach(staff: Staff, channel: str) -> tuple[str, str]:
    """(channel, address) by which somebody gets it: the asked one where it is set up and his address known, else the
    bell alone."""
    address = {"sms": staff.mobile, "email": staff.email}.get(channel, "")
    return (channel, address) if address and channels.channel_open(channel) else ("app", "")


def worded(item: DutyItem) -> str:
    """The report as a message: its text, then what was answered."""
    lines = [f"【{item.title.zh}】{item.text.strip()}"] if item.text.strip() else [f"【{item.title.zh}】"]
    for part in item.terms.get("template", ()):
        answer = item.answers.get(part["key"])
        if answer not in (None, "", False):
            lines.append(f"{part['label']['zh']}：{'是' if answer is True else answer}")
    return "\n".join(lines)


@transaction.atomic
def excuse(item: DutyItem, by: Staff, reason: str, now: datetime) -> None:
    """A superior lets somebody off, and says why. Raises NotNow."""
    item = _locked(item)
    if item.state not in (State.OPEN, State.MISSED, State.LATE):
        raise NotNow(_("There is nothing to excuse."))
    if not may_excuse(item, by, now):
        raise NotNow(_("Only a superior of whoever owes it may excuse it."))
    item.state, item.excused_by, item.excused_at, item.reason = State.EXCUSED, by, now, reason[:300]
    item.save(update_fields=["state", "excused_by", "excused_at", "reason"])
    record("reporting.duty.excused", who=by.code, on=("duty", item.pk), purpose=reason)
    for holder in item.holders.select_related("staff"):
        text = Why(f"{by.name}免除了：{item.title.zh}", f"{by.name} excused: {item.title.en}")
        approvals.notify(holder.staff, text, url_of(item), f"{item.about}:excused")


def superiors(staff: Staff, now: datetime) -> list[Staff]:
    """Everybody above somebody along the line of command, nearest first."""
    day, found = now.astimezone(site_handbook().zone).date(), list[Staff]()
    here = people.superior_of(staff, day)
    while here is not None and here not in found:
        found.append(here)
        here = people.superior_of(here, day)
    return found


def may_excuse(item: DutyItem, by: Staff, now: datetime) -> bool:
    """Whether somebody stands above who owes it, and does not owe it himself."""
    holders = [one.staff for one in item.holders.select_related("staff")]
    if by in holders:
        return False
    return by.pk == item.set_by_id or any(by in superiors(one, now) for one in holders)


@transaction.atomic
def acknowledge(receipt: DutyReceipt, comment: str, now: datetime) -> None:
    """The receiver has read it; a comment goes back to who sent it."""
    first = receipt.acknowledged_at is None
    receipt.acknowledged_at = receipt.acknowledged_at or now
    receipt.comment = comment[:500] or receipt.comment
    receipt.save(update_fields=["acknowledged_at", "comment"])
    item, sender = receipt.item, receipt.item.done_by
    if sender is not None and (comment or first):
        text = Why(
            f"{receipt.staff.name}已阅：{item.title.zh}" + (f"，意见：{comment}" if comment else ""),
            f"{receipt.staff.name} has read: {item.title.en}" + (f" – {comment}" if comment else ""),
        )
        approvals.notify(sender, text, url_of(item), f"{item.about}:read:{receipt.pk}:{len(receipt.comment)}")
