# SPDX-License-Identifier: Apache-2.0
"""What is changed on a ticket while it runs: its form, its kind, its priority, its times, what is still missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zuoxi.people.models import Staff
from zuoxi.policy.marks import enforces
from zuoxi.policy.selectors import site_handbook
from zuoxi.policy.vocabulary import role_words
from zuoxi.tickets import filling, indexing, intake, running, telling, trail
from zuoxi.tickets.facts import ExtensionFacts, PapersFacts
from zuoxi.tickets.handling import reading_at
from zuoxi.tickets.kinds import body_of, form_version, kind_named, topics
from zuoxi.tickets.models import Extension, Note, PapersNotice, Priority, Ticket, TicketClock
from zuoxi.tickets.refusing import BadForm, Refused
from zuoxi.tickets.rules import judge_extension, judge_papers_notice


@transaction.atomic
def add_note(ticket: Ticket, *, text: str, by: Staff | None, now: datetime, public: bool = False) -> Note:
    """Write a remark, on a closed ticket too; `public` ones may be read out to the customer."""
    note = Note.objects.create(ticket=ticket, at=now, by=by, text=trail.said(text, _("the note")), public=public)
    trail.happened(ticket, "note", by, now, note=note.text, public=public)
    indexing.index(ticket)
    return note


@enforces("CUS-015")
@transaction.atomic
def change_fields(ticket: Ticket, fields: Mapping[str, Any], *, by: Staff, now: datetime) -> Ticket:
    """Correct the answers; what changed stands in the history. Answers to fields that the form has lost stay."""
    here = trail.locked(ticket, "edit")
    body = body_of(here)
    filled = filling.read(body, fields)
    if filled.problems:
        raise BadForm(filled.problems)
    current = {one.key for one in body.fields}
    former = {key: value for key, value in here.fields.items() if key not in current}
    was, here.fields = here.fields, {**filled.fields, **former}
    changed = [one for one in body.fields if was.get(one.key) != here.fields.get(one.key)]
    if not changed:
        return here
    here.area = filling.area_of(body, here.fields)
    if body.urgent_when and filling.any_of(body.urgent_when, here.fields) and here.priority != Priority.URGENT:
        here.priority = Priority.URGENT
        intake.tell_leaders(here, now, site_handbook())
    if nameless := filling.any_of(body.nameless_when, here.fields):
        here.customer, here.contact, here.call = None, "", ""
    said = [
        {
            "field": {"zh": one.label.zh, "en": one.label.en},
            "before": filling.masked_text(one, was.get(one.key)),
            "after": filling.masked_text(one, here.fields.get(one.key)),
        }
        for one in changed
        if not nameless or filling.asked(one, here.fields)  # who he was stands in no line either
    ]
    trail.moved(here, "edit", by, now, changes=said)
    indexing.index(here)
    return here


@enforces("CUS-017")
@transaction.atomic
def tick_read_back(ticket: Ticket, keys: Sequence[str], *, by: Staff, now: datetime) -> Ticket:
    """Tick what was read back to the caller."""
    here = trail.locked(ticket, "read_back")
    body = body_of(here)
    ticked = [one.key for one in body.fields if one.read_back and one.key in keys and one.key in here.fields]
    here.read_back = {**here.read_back, **{key: now.isoformat() for key in ticked}}
    return trail.moved(here, "read_back", by, now, fields=ticked)


@enforces("CUS-011")
@transaction.atomic
def reclassify(ticket: Ticket, *, kind: str, topic: str, roles: frozenset[str], by: Staff, now: datetime) -> Ticket:
    """Put the ticket under another kind or topic; where the pack names who may (the shift head), nobody else does.
    Answers stay, those that the other form has not as former fields. Before and after stand in the history."""
    here = trail.locked(ticket, "reclassify")
    handbook = site_handbook()
    body, other = body_of(here), kind_named(kind, handbook)
    if other is None:
        raise Refused(_("The handbook has no kind of ticket “%(kind)s”.") % {"kind": kind})
    known = role_words()
    allowed = {position for word in body.reclassified_by if word in known for position in known[word].positions}
    if body.reclassified_by and not allowed & roles:
        raise Refused(_("The shift head classifies it anew."))
    if topic and topic not in dict(topics(other)):
        raise Refused(_("There is no such topic."))
    if (kind, topic) == (here.kind, here.topic):
        return here
    before = {"kind": here.kind, "topic": here.topic}
    if kind != here.kind:
        here.kind, here.form = kind, form_version(kind, other, handbook.pack, now)
        here.needs_check, here.needs_answer = other.needs_check, other.needs_answer and here.parent_id is None
        here.clocks.filter(stopped_at__isnull=True).delete()
        kept = set(here.clocks.values_list("code", flat=True))
        left = other.model_copy(update={"clocks": tuple(one for one in other.clocks if one.code not in kept)})
        running.start(here, left, handbook, now)
    here.topic = topic
    trail.moved(here, "reclassify", by, now, before=before, after={"kind": kind, "topic": topic})
    indexing.index(here)
    return here


@enforces("CUS-004", "CUS-012")
@transaction.atomic
def set_priority(ticket: Ticket, priority: int, *, by: Staff, now: datetime) -> Ticket:
    """Urgent and grave matters are told to the leaders at once."""
    here = trail.locked(ticket, "priority")
    if priority not in Priority.values:
        raise Refused(_("There is no such priority."))
    if priority == here.priority:
        return here
    here.priority, before = priority, here.priority
    trail.moved(here, "priority", by, now, before=before, after=priority)
    if priority == Priority.URGENT:
        intake.tell_leaders(here, now, site_handbook())
    return here


@enforces("CUS-013")
@transaction.atomic
def extend(
    ticket: Ticket,
    *,
    clock: str,
    due_at: datetime,
    reason: str,
    told_customer_at: datetime | None,
    told_leader: Staff | None,
    by: Staff,
    now: datetime,
) -> Extension:
    """More time for a clock, with the reason that customer and leader were told. Raises Refused."""
    here = trail.locked(ticket, "extend")
    row: TicketClock | None = here.clocks.filter(code=clock, stopped_at__isnull=True).first()
    if row is None or row.due_at is None:
        raise Refused(_("That clock does not run."))
    if due_at <= max(row.due_at, now):
        raise Refused(_("The new time has to lie after the present one and after now."))
    finding = judge_extension(
        ExtensionFacts(reason, told_customer_at is not None, told_leader is not None, row.due_at, now), reading_at(now)
    )
    if finding.outcome == "refused" or told_customer_at is None:
        raise Refused(str(finding.why), finding)
    in_time = finding.outcome == "granted"
    made = Extension.objects.create(
        ticket=here, clock=clock, at=now, by=by, due_before=row.due_at, due_after=due_at, reason=reason.strip()[:300],
        told_customer_at=told_customer_at, told_leader=told_leader, in_time=in_time,
    )  # fmt: skip
    row.breached = row.breached or not in_time
    row.due_at, row.set_by_hand, row.level = due_at, True, 0
    running.set_next(row, site_handbook())
    row.save()
    here.breached = here.breached or row.breached
    running.refresh(here)
    trail.moved(
        here, "extend", by, now, note=made.reason, clock=clock, due=due_at.isoformat(), in_time=in_time,
        leader=told_leader.code if told_leader else "",
    )  # fmt: skip
    if told_leader is not None:
        telling.tell(here, [told_leader], gettext_lazy("More time was given for %(number)s: %(title)s"), but=by)
    return made


@enforces("CUS-009")
@transaction.atomic
def promise(ticket: Ticket, *, promised_at: datetime, by: Staff, now: datetime, note: str = "") -> Ticket:
    """Promise the customer a time; the clock of the work ends then, but never later than the pack's own deadline.
    Raises Refused for a time that is past, or later than the deadline allows."""
    here = trail.locked(ticket, "promise")
    if promised_at <= now:
        raise Refused(_("A promise lies in the future."))
    row = here.clocks.filter(code="done", stopped_at__isnull=True).first()
    if row is not None and row.due_at is not None and promised_at > row.due_at:
        raise Refused(_("The deadline is earlier. Give more time with its reason instead."))
    here.promised_at = promised_at
    if row is None:
        row = TicketClock(ticket=here, code="done", deadline="promise", stops_on="finish", started_at=now)
    row.due_at, row.set_by_hand, row.level = promised_at, True, 0
    running.set_next(row, site_handbook())
    row.save()
    running.refresh(here)
    return trail.moved(here, "promise", by, now, note=note.strip(), promised=promised_at.isoformat())


@enforces("CUS-006")
@transaction.atomic
def notify_papers(ticket: Ticket, *, papers: Sequence[str], law_changed: str, by: Staff, now: datetime) -> PapersNotice:
    """Tell the applicant everything that is missing, at once. A second notice breaks that duty unless the law changed
    meanwhile (`law_changed` says which); it is kept as a breach and the leaders are told."""
    here = trail.locked(ticket, "papers")
    wanted = [text for one in papers if (text := one.strip()[:120])]
    if not wanted:
        raise Refused(_("Name everything that is missing."))
    turn = here.papers_notices.count() + 1
    finding = judge_papers_notice(PapersFacts(turn, bool(law_changed.strip())), reading_at(now))
    breach = finding.outcome == "violation"
    made = PapersNotice.objects.create(
        ticket=here, at=now, by=by, turn=turn, papers=wanted, law_changed=law_changed.strip()[:200], breach=breach,
        finding=finding.as_json(),
    )  # fmt: skip
    trail.moved(here, "papers", by, now, note="、".join(wanted), turn=turn, breach=breach)
    if breach:
        words = reading_at(now).words("ticket.ladder.first")
        second = gettext_lazy("A second notice of missing papers: %(number)s %(title)s")
        telling.tell(here, telling.leaders(here, words, now), second, but=by)
    return made
