# SPDX-License-Identifier: Apache-2.0
"""Questions about calls and agents, answered as frozen rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, NamedTuple

from django.db.models import Count, Min, Q

from zuoxi.events.models import Quarantine
from zuoxi.telephony.asked_by_key import Keyed, keyed_between
from zuoxi.telephony.behind import CallBehind, call_behind, number_behind
from zuoxi.telephony.facts import Direction, Outcome
from zuoxi.telephony.hearing import heard_call_over
from zuoxi.telephony.models import (
    Call,
    Extension,
    Leg,
    NotReadyReason,
    Queue,
    QueueMembership,
    Recording,
    StateInterval,
    Switch,
    WrapUp,
)
from zuoxi.telephony.outgoing import (
    CallbackAsked,
    Placed,
    Wish,
    callbacks_asked,
    free_in,
    placed_since,
    present_of,
    recent_callers,
    served_since,
    switches_by_agent,
    switches_up,
    waiting_ahead,
    waiting_before,
    wishes,
)
from zuoxi.telephony.setting_up import set_up
from zuoxi.telephony.state_days import LONGEST_SPELL, Spell, spells_of, touching
from zuoxi.telephony.taken import calls_taken
from zuoxi.telephony.troubles import cut_off_between, silent_switches, stays_in_queues
from zuoxi.telephony.waits import Caller, Waits, callers_between, mean_ring, waits_between
from zuoxi.telephony.workloads import (
    Arrivals,
    QueueLoad,
    Served,
    arrivals_between,
    crews,
    mean_wrap_up,
    presence_between,
    queue_loads,
    queues_by_staff,
    seat_count,
    seats_by_staff,
    served_between,
    simulated_shifts,
    unheard_between,
)

__all__ = [
    "Arrivals",
    "CallBehind",
    "CallbackAsked",
    "Caller",
    "Keyed",
    "Missed",
    "OutgoingSeen",
    "Placed",
    "QueueLoad",
    "Served",
    "StateSpan",
    "Talk",
    "Waits",
    "Wish",
    "arrivals_between",
    "call_behind",
    "call_record",
    "call_records",
    "callbacks_asked",
    "callers_between",
    "calls_by_id",
    "calls_taken",
    "crews",
    "cut_off_between",
    "default_switch",
    "free_in",
    "heard_call_over",
    "keyed_between",
    "mean_ring",
    "mean_wrap_up",
    "missed_between",
    "number_behind",
    "open_calls_older_than",
    "placed_since",
    "presence_between",
    "present_of",
    "present_states",
    "queue_loads",
    "queue_names",
    "queues_by_staff",
    "queues_of",
    "queues_served_by",
    "reason_names",
    "recent_callers",
    "repeated_outgoing",
    "seat_count",
    "seats_by_staff",
    "seats_of",
    "served_between",
    "served_since",
    "set_up",
    "silent_switches",
    "simulated_shifts",
    "spells_between",
    "states_between",
    "stays_in_queues",
    "switches_by_agent",
    "switches_up",
    "talks_with",
    "unheard_between",
    "waiting_ahead",
    "waiting_before",
    "waits_between",
    "wishes",
]

SHARE_OF_TALK = 0.98
"""A recording at least this long, measured against its legs' talk time, is complete (design: hold the audio)."""

_WORST_FIRST = ("missing", "short", "expected", "repaired", "complete")


def default_switch() -> Switch | None:
    """The centre's only switch, or the first that was set up."""
    return Switch.objects.order_by("pk").first()


def _recording_of(recordings: list[Recording]) -> dict[str, Any]:
    if not recordings:
        return {"status": "none", "seconds": None}
    statuses = {one.status for one in recordings}
    status = next((one for one in _WORST_FIRST if one in statuses), recordings[0].status)
    known = [one.seconds for one in recordings if one.seconds is not None]
    return {"status": status, "seconds": float(sum(known)) if known else None}


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def call_records(start: datetime, end: datetime, batch: int = 500) -> Iterator[dict[str, Any]]:
    """Calls offered in [start, end), oldest first, in the shape that `zuoxi calls --json` prints."""
    rows = Call.objects.filter(offered_at__gte=start, offered_at__lt=end).order_by("offered_at", "id")
    after: tuple[datetime, int] | None = None
    while True:
        page = rows
        if after is not None:
            page = rows.filter(offered_at__gte=after[0]).exclude(offered_at=after[0], id__lte=after[1])
        calls = list(page[:batch])
        if not calls:
            return
        yield from _with_parts(calls)
        after = calls[-1].offered_at, calls[-1].pk


def _with_parts(calls: list[Call]) -> Iterator[dict[str, Any]]:
    numbers = [call.pk for call in calls]
    legs: dict[int, list[Leg]] = defaultdict(list)
    for leg in Leg.objects.filter(call_id__in=numbers).order_by("call_id", "seq"):
        legs[leg.call_id].append(leg)
    recordings: dict[int, list[Recording]] = defaultdict(list)
    for recording in Recording.objects.filter(call_id__in=numbers):
        recordings[recording.call_id or 0].append(recording)
    quarantined: dict[str, list[str]] = defaultdict(list)
    uids = [call.uid for call in calls]
    for subject, reason in Quarantine.objects.filter(subject__in=uids).values_list("subject", "reason"):
        quarantined[subject].append(reason)
    for call in calls:
        yield call_record(call, legs[call.pk], recordings[call.pk], quarantined[call.uid])


def call_record(call: Call, legs: list[Leg], recordings: list[Recording], quarantined: list[str]) -> dict[str, Any]:
    """One call as the command line and the API give it."""
    return {
        "id": call.pk,
        "switch": call.switch,
        "direction": call.direction,
        "caller": call.caller,
        "called": call.called,
        "queue": call.queue or None,
        "offered_at": _iso(call.offered_at),
        "answered_at": _iso(call.answered_at),
        "ended_at": _iso(call.ended_at),
        "outcome": call.outcome,
        "agent": call.agent or None,
        "wait_seconds": call.wait_seconds,
        "talk_seconds": call.talk_seconds,
        "hold_seconds": call.hold_seconds,
        "legs": [
            {"agent": leg.agent, "from": _iso(leg.from_at), "to": _iso(leg.to_at), "kind": leg.kind} for leg in legs
        ],
        "recording": _recording_of(recordings),
        "quarantined": [*quarantined, *(doubt for doubt in call.doubts.split("; ") if doubt)],
    }


def queue_names(codes: Iterable[str] | None = None) -> dict[str, str]:
    """Name in the reader's language by queue code, of those codes or of all."""
    rows = Queue.objects.all() if codes is None else Queue.objects.filter(code__in=list(codes))
    return {queue.code: str(queue) for queue in rows.only("code", "name_zh", "name_en").order_by("code")}


def queue_terms(codes: Iterable[str] | None = None) -> dict[str, tuple[int, int]]:
    """Queue → (seconds within which it is to be answered, seconds below which an abandonment is short)."""
    rows = Queue.objects.all() if codes is None else Queue.objects.filter(code__in=list(codes))
    return {
        code: (target, short)
        for code, target, short in rows.values_list("code", "target_seconds", "short_abandon_seconds")
    }


def queues_of(projects: Iterable[int], teams: Iterable[int]) -> frozenset[str]:
    """Codes of the queues of projects, of the teams' projects, and of those that belong to no project."""
    mine = Q(project__isnull=True) | Q(project__in=list(projects)) | Q(project__teams__in=list(teams))
    return frozenset(Queue.objects.filter(mine).order_by().values_list("code", flat=True))


def reason_names(codes: Iterable[str]) -> dict[str, str]:
    """Name in the reader's language by code of why somebody is not ready."""
    return {reason.code: str(reason) for reason in NotReadyReason.objects.filter(code__in=list(codes))}


def calls_by_id(ids: Iterable[int]) -> dict[int, Call]:
    """The calls as they stand; ids of no call are absent. Who may see them is for the caller to have asked."""
    return Call.objects.in_bulk(list(ids))


def present_states() -> dict[str, StateInterval]:
    """Every agent's present interval, by agent code."""
    return {interval.agent: interval for interval in StateInterval.objects.filter(to_at=None)}


def open_calls_older_than(age: timedelta, now: datetime) -> list[Call]:
    """Calls that should have ended long ago: an ending was missed (at most 200)."""
    rows = Call.objects.filter(outcome__in=[Outcome.OPEN], offered_at__lt=now - age)
    up = Call.objects.filter(ended_at=None, offered_at__lt=now - age).exclude(direction=Direction.INTERNAL)
    return list((rows | up).distinct().order_by("offered_at")[:200])


class StateSpan(NamedTuple):
    """An agent's interval. `until` None: it lasts."""

    agent: str
    state: str
    reason: str
    since: datetime
    until: datetime | None


def states_between(
    since: datetime, until: datetime, *, agents: Iterable[str] | None = None, states: Iterable[str] | None = None
) -> list[StateSpan]:
    """Intervals that touch the stretch, by agent in order; of everybody and every state, or of some."""
    rows = StateInterval.objects.filter(Q(to_at=None) | Q(to_at__gt=since), from_at__lt=until)
    if states is not None:
        rows = rows.filter(state__in=list(states))
    if agents is not None:
        rows = rows.filter(agent__in=list(agents))
    fields = ("agent", "state", "reason", "from_at", "to_at")
    return [StateSpan(*row) for row in rows.order_by("agent", "from_at").values_list(*fields)]


def seats_of() -> dict[str, str]:
    """Seat of each staff number's telephone, where one is written down."""
    rows = Extension.objects.exclude(seat="").filter(staff__isnull=False)
    return dict(rows.values_list("staff__code", "seat"))


class OutgoingSeen(NamedTuple):
    """An agent's calls to one number in a stretch: how many, how many of them hardly lasted."""

    agent: str
    calls: int
    short: int
    first_at: datetime


def repeated_outgoing(since: datetime, short_seconds: int, at_least: int) -> list[OutgoingSeen]:
    """Agents who called the same number that often since then; the number itself is not given."""
    rows = (
        Call.objects.filter(direction=Direction.OUTBOUND, offered_at__gte=since)
        .exclude(agent="")
        .values("agent", "called")
        .annotate(
            calls=Count("id"),
            short=Count("id", filter=Q(talk_seconds__lt=short_seconds) | Q(talk_seconds=None, ended_at__isnull=False)),
            first=Min("offered_at"),
        )
        .filter(calls__gte=at_least)
    )
    return [OutgoingSeen(row["agent"], row["calls"], row["short"], row["first"]) for row in rows]


class Talk(NamedTuple):
    """A call as a customer's history tells it; topic and note are what the agent wrote last. `over`: it has ended."""

    call_id: int
    uid: str
    at: datetime
    direction: str
    agent: str
    queue: str
    answered: bool
    talk_seconds: int | None
    topic: str
    note: str
    over: bool


def talks_with(
    spellings: Iterable[str], uids: Iterable[str], before: datetime | None, limit: int, only: Q | None = None
) -> list[Talk]:
    """Calls from or to the spelled numbers, and of those uids, if `only` holds of them; newest first. Two queries."""
    ways, named = list(spellings), list(uids)
    if not ways and not named:
        return []
    by_number = Q(caller__in=ways, direction=Direction.INBOUND) | Q(called__in=ways, direction=Direction.OUTBOUND)
    rows = Call.objects.filter(by_number | Q(uid__in=named))
    if before is not None:
        rows = rows.filter(offered_at__lt=before)
    if only is not None:
        rows = rows.filter(only)
    calls = list(rows.order_by("-offered_at")[:limit])
    written = WrapUp.objects.filter(call_id__in=[call.pk for call in calls]).order_by("saved_at")
    notes = {one.call_id: one for one in written}
    return [_talk(call, notes.get(call.pk)) for call in calls]


def _talk(call: Call, said: WrapUp | None) -> Talk:
    return Talk(
        call.pk, call.uid, call.offered_at, call.direction, call.agent, call.queue, call.answered_at is not None,
        call.talk_seconds, said.topic if said else "", said.note if said else "", call.ended_at is not None,
    )  # fmt: skip


class Missed(NamedTuple):
    """A caller who was not served."""

    call_id: int
    queue: str
    caller: str
    at: datetime


def missed_between(queues: Iterable[str], since: datetime, until: datetime) -> list[Missed]:
    """Inbound calls to the queues that began in [since, until) and ended without an agent."""
    rows = Call.objects.filter(
        direction=Direction.INBOUND, queue__in=list(queues), offered_at__gte=since, offered_at__lt=until,
        ended_at__isnull=False, answered_at=None,
    )  # fmt: skip
    return [Missed(*row) for row in rows.order_by("offered_at").values_list("id", "queue", "caller", "offered_at")]


def queues_served_by(staff_codes: Iterable[str]) -> list[str]:
    """Codes of the queues that any of these agents signs in to."""
    rows = QueueMembership.objects.filter(staff__code__in=list(staff_codes))
    return sorted(set(rows.values_list("queue__code", flat=True)))


def first_seen_since(since: datetime, agents: Iterable[str]) -> dict[str, datetime]:
    """When the first interval since then began, of each of these agents who has one."""
    rows = StateInterval.objects.filter(from_at__gte=since, agent__in=list(agents)).order_by()
    return dict(rows.values_list("agent").annotate(first=Min("from_at")))


def spells_between(
    since: datetime, until: datetime, now: datetime, agents: Iterable[str] | None = None
) -> Iterator[tuple[str, Spell]]:
    """(staff number, spell) of every spell of duty that began in [since, until), by agent and time. One query.

    A spell that began up to 36 hours before is told from one that begins here, so none is torn in two.
    """
    rows = touching(StateInterval.objects.all(), since - LONGEST_SPELL, until + LONGEST_SPELL)
    if agents is not None:
        rows = rows.filter(agent__in=list(agents))
    for agent, intervals in groupby(rows.iterator(), key=lambda row: row.agent):
        for spell in spells_of(list(intervals), now):
            if since <= spell.in_at < until:
                yield agent, spell
