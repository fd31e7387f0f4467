# SPDX-License-Identifier: Apache-2.0
"""Meetings as the pack plans them: when, who should come, what is decided; callbacks that are owed afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from zuoxi.approvals import services as approvals
from zuoxi.floor.duty_judgements import FloorMeetingFacts, judge_floor_meeting
from zuoxi.floor.handbook import MEETINGS, MeetingBody
from zuoxi.floor.models import ActionItem, DayTask, Meeting, MeetingAttendance, MeetingPoint, OwedCallback
from zuoxi.floor.refusing import Refused
from zuoxi.people import selectors as people
from zuoxi.people.models import Staff, Team
from zuoxi.policy.calendars import calendar_of
from zuoxi.policy.findings import Why
from zuoxi.policy.handbook import Handbook
from zuoxi.policy.marks import enforces
from zuoxi.policy.selectors import site_handbook
from zuoxi.policy.vocabulary import role_words
from zuoxi.telephony import selectors as telephony
from zuoxi.web.listed import listed
from zuoxi.workforce import selectors as workforce
from zuoxi.workforce.facts import RosteredShift

State = MeetingAttendance.State


@dataclass(frozen=True, slots=True)
class Plan:
    """A meeting as the pack plans it. `team_id` None: of the centre; `shift`: the one it belongs to."""

    kind: str
    label: str
    starts_at: datetime
    ends_at: datetime
    team_id: int | None
    shift: str
    clauses: tuple[str, ...]


def _of_shift(body: MeetingBody, handbook: Handbook, start: datetime, end: datetime) -> datetime:
    reading = handbook.on(start.astimezone(handbook.zone).date())
    if body.before_shift:
        return start - timedelta(minutes=reading.whole(body.before_shift))
    return end - timedelta(minutes=reading.whole(body.after_shift))


def planned_on(
    day: date, handbook: Handbook, shifts: Iterable[RosteredShift], teams: frozenset[int] | None
) -> list[Plan]:
    """The day's meetings by beginning: those around each start of a team's shift, and the regular ones. Pure.

    A regular meeting of a day of the month that is no working day is held on the working day before it.
    """
    found: list[Plan] = []
    starts: dict[tuple[int, str], tuple[datetime, datetime]] = {}
    for one in shifts:
        team = one.team_id
        if one.day == day and team is not None and one.kind == "work" and (teams is None or team in teams):
            starts.setdefault((team, f"{one.day}:{one.template}"), (one.starts_at, one.ends_at))
    calendar = calendar_of(handbook)
    for kind, body in handbook.entries(MEETINGS).items():
        span = timedelta(minutes=body.minutes)
        if body.before_shift or body.after_shift:
            for (team, shift), (start, end) in starts.items():
                at = _of_shift(body, handbook, start, end)
                found.append(Plan(kind, str(body.label), at, at + span, team, shift, body.clauses))
            continue
        if not body.at or not _meets(body, day, calendar.is_working_day(day), calendar.working_day_on_or_before):
            continue
        at = datetime.combine(day, time.fromisoformat(body.at), tzinfo=handbook.zone)
        found.append(Plan(kind, str(body.label), at, at + span, None, "", body.clauses))
    return sorted(found, key=lambda plan: (plan.starts_at, plan.kind, plan.team_id or 0))


def _meets(body: MeetingBody, day: date, working: bool, back: object) -> bool:
    if body.weekdays:
        return working and day.isoweekday() in body.weekdays
    if body.day_of_month and callable(back):
        last = (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
        due = day.replace(day=min(body.day_of_month, last.day))
        return bool(back(due) == day)
    return False


def body_of(kind: str) -> MeetingBody:
    """What the pack says of the kind. Raises Refused for one it does not know."""
    found = site_handbook().entries(MEETINGS).get(kind)
    if found is None:
        raise Refused(_("This handbook knows no such meeting."))
    return found


def _holders(words: Iterable[str], day: date) -> list[Staff]:
    found: dict[int, Staff] = {}
    for word in words:
        for position in role_words()[word].positions:
            for holder in people.holders_of(position, day):
                found[holder.pk] = holder
    return list(found.values())


def first_call_from(day: date, handbook: Handbook) -> datetime | None:
    """On a day with a morning meeting that everybody attends, the moment from which calls count (C-11). None: none."""
    ends = [plan.ends_at for plan in planned_on(day, handbook, (), None)
            if "MTG-005" in plan.clauses and plan.team_id is None]  # fmt: skip
    return max(ends, default=None)


@enforces("MTG-001", "MTG-002", "MTG-005", "FLR-004")
@transaction.atomic
def open_meeting(
    kind: str,
    team: Team | None,
    starts_at: datetime,
    *,
    shift: str = "",
    host: Staff | None,
    now: datetime,
    title: str = "",
    place: str = "",
    on_floor: bool = False,
    business: bool = False,
    begun: bool = True,
) -> Meeting:
    """The meeting with a line for each person who should come; the same one when it is there already."""
    body, book = body_of(kind), site_handbook()
    day = starts_at.astimezone(book.zone).date()
    if on_floor:
        finding = judge_floor_meeting(FloorMeetingFacts(business and body.on_floor), book.on(day))
        if finding.outcome != "allowed":
            raise Refused(str(finding.why), finding)
    made, fresh = Meeting.objects.get_or_create(
        kind=kind, team=team, starts_at=starts_at,
        defaults={"shift": shift, "host": host, "opened_at": now if begun else None, "title": title[:80],
                  "ends_at": starts_at + timedelta(minutes=body.minutes), "place": place[:60], "on_floor": on_floor},
    )  # fmt: skip
    if not fresh:
        if begun and made.opened_at is None:
            Meeting.objects.filter(pk=made.pk, opened_at=None).update(opened_at=now, host=host)
            made.refresh_from_db()
        return made
    must = _holders(body.must, day) if team is None else []
    wanted = {one.pk: True for one in must}
    for other in _holders(body.also, day) if team is None else ():
        wanted.setdefault(other.pk, False)
    if team is not None:
        wanted |= dict.fromkeys(_of_team(team, shift, day), False)
    if host is not None:
        wanted.pop(host.pk, None)
    MeetingAttendance.objects.bulk_create(
        [MeetingAttendance(meeting=made, staff_id=pk, must=strict) for pk, strict in wanted.items()]
    )
    return made


def _of_team(team: Team, shift: str, day: date) -> list[int]:
    """Who works the shift; without a roster, everybody of the team."""
    rostered = [
        one.staff_id
        for one in workforce.shifts_between(day, day)
        if one.team_id == team.pk and (not shift or f"{one.day}:{one.template}" == shift) and one.kind == "work"
    ]
    return rostered or [post.staff_id for post in people.posts_on(day, teams=[team.pk], positions=("TSR", "CSR"))]


def _running(pk: int) -> Meeting:
    meeting = Meeting.objects.select_for_update(of=("self",)).get(pk=pk)
    if meeting.closed_at or meeting.cancelled_at:
        raise Refused(_("The meeting is closed."))
    return meeting


@enforces("FLR-004", "MTG-007")
@transaction.atomic
def mark_present(
    pk: int, staff: Staff, state: str, now: datetime, *, proxy: Staff | None = None, note: str = ""
) -> MeetingAttendance:
    """Sign somebody in, or write why not. Who comes after the beginning is late. A proxy only where the pack has it."""
    meeting = _running(pk)
    row = MeetingAttendance.objects.filter(meeting=meeting, staff=staff).first()
    if row is None:
        raise Refused(_("%(who)s is not expected at this meeting.") % {"who": staff.name})
    if proxy is not None and not body_of(meeting.kind).proxies:
        raise Refused(_("Nobody can be sent in one's place to this meeting."))
    if proxy is not None and proxy.pk == staff.pk:
        raise Refused(_("Nobody stands in for himself."))
    if state == State.PRESENT and now > meeting.starts_at:
        state = State.LATE
    row.state, row.at, row.proxy, row.note = state, now, proxy, note.strip()[:120]
    row.save(update_fields=["state", "at", "proxy", "note"])
    return row


@enforces("MTG-001")
@transaction.atomic
def hand_out_tasks(pk: int, tasks: Mapping[int, tuple[str, Decimal | None]], now: datetime) -> int:
    """Give each person (staff id) the task of the shift; told at the desk. Returns how many."""
    meeting = _running(pk)
    for staff_id, (text, amount) in tasks.items():
        DayTask.objects.update_or_create(
            meeting=meeting, staff_id=staff_id, defaults={"text": text.strip()[:120], "amount": amount}
        )
    staff = people.staff_by_id(list(tasks))
    for staff_id, (text, amount) in tasks.items():
        if staff_id in staff:
            size = "" if amount is None else f" {amount:f}"
            said = Why(f"今日任务:{text}{size}", f"Task of the shift: {text}{size}")
            approvals.notify(staff[staff_id], said, reverse("floor:desk"), dedupe=f"task:{pk}:{staff_id}")
    return len(tasks)


@enforces("MTG-002", "MTG-005", "CALL-021")
@transaction.atomic
def close_meeting(pk: int, agenda: Sequence[int], minutes: str, by: Staff, now: datetime) -> Meeting:
    """End it: who did not come is absent; missed callers are owed a callback by now. Where somebody who must come is
    missing without a proxy, the minutes say why. Raises Refused."""
    meeting = _running(pk)
    missing = [
        row.staff.name
        for row in meeting.attendances.select_related("staff").filter(must=True, proxy=None)
        if row.state in (State.EXPECTED, State.ABSENT)
    ]
    if missing and not minutes.strip():
        raise Refused(_("%(who)s must come and did not: write in the minutes why.") % {"who": listed(missing)})
    meeting.attendances.filter(state=State.EXPECTED).update(state=State.ABSENT)
    meeting.agenda, meeting.minutes, meeting.written_by = sorted(set(agenda)), minutes.strip(), by
    meeting.closed_at, meeting.opened_at = now, meeting.opened_at or now
    meeting.save()
    _owe_callbacks(meeting, now)
    return meeting


def _owe_callbacks(meeting: Meeting, now: datetime) -> None:
    codes = list(meeting.attendances.values_list("staff__code", flat=True))
    queues = telephony.queues_served_by(codes)
    if not queues or meeting.opened_at is None:
        return
    missed = telephony.missed_between(queues, meeting.opened_at, now)[:100]
    OwedCallback.objects.bulk_create(
        [OwedCallback(meeting=meeting, call_id=one.call_id, called_at=one.at, due_at=now) for one in missed],
        ignore_conflicts=True,
    )


@enforces("CALL-021")
@transaction.atomic
def callback_done(pk: int, by: Staff, now: datetime) -> OwedCallback:
    if not OwedCallback.objects.filter(pk=pk, done_at=None).update(done_at=now, done_by=by):
        raise Refused(_("Somebody has called back already."))
    return OwedCallback.objects.get(pk=pk)


@transaction.atomic
def add_point(pk: int, problem: str, conclusion: str) -> MeetingPoint:
    """A problem and its conclusion; the conclusion may follow later."""
    meeting = Meeting.objects.get(pk=pk)
    if not problem.strip():
        raise Refused(_("Write the problem."))
    return MeetingPoint.objects.create(
        meeting=meeting, problem=problem.strip()[:300], conclusion=conclusion.strip()[:300]
    )


@enforces("MTG-011")
@transaction.atomic
def add_action(pk: int, text: str, owner: Staff, due_on: date | None, now: datetime) -> ActionItem:
    """Something to be done by somebody by a day. Raises Refused without one of them, or with a day that is past."""
    meeting = Meeting.objects.get(pk=pk)
    if not text.strip() or due_on is None:
        raise Refused(_("Write what is to be done, and by when."))
    if due_on < now.astimezone(site_handbook().zone).date():
        raise Refused(_("That day is past."))
    made = ActionItem.objects.create(meeting=meeting, text=text.strip()[:300], owner=owner, due_on=due_on)
    said = Why(f"会议行动项:{made.text}(截止 {due_on})", f"From a meeting: {made.text} (by {due_on})")
    approvals.notify(owner, said, reverse("floor:meetings"), dedupe=f"action:{made.pk}")
    return made


@transaction.atomic
def action_done(pk: int, by: Staff, now: datetime) -> ActionItem:
    if not ActionItem.objects.filter(pk=pk, owner=by, done_at=None).update(done_at=now):
        raise Refused(_("It is done already, or it is not yours."))
    return ActionItem.objects.get(pk=pk)


@enforces("MTG-003")
@transaction.atomic
def send_up(pk: int, now: datetime) -> Meeting:
    """Send the summary to whom the pack names. Raises Refused while the meeting is open, or where it names nobody."""
    meeting = Meeting.objects.select_for_update(of=("self",)).get(pk=pk)
    word = role_words().get(body_of(meeting.kind).upward)
    if word is None or meeting.closed_at is None or meeting.sent_up_at is not None:
        raise Refused(_("There is nothing to send, or it has been sent."))
    for holder in _holders([word.code], now.astimezone(site_handbook().zone).date()):
        label = body_of(meeting.kind).label
        said = Why(f"{label.zh}纪要", f"Minutes: {label.en}")
        approvals.notify(holder, said, reverse("floor:meeting", args=[pk]), dedupe=f"minutes:{pk}")
    meeting.sent_up_at = now
    meeting.save(update_fields=["sent_up_at"])
    return meeting
