# SPDX-License-Identifier: Apache-2.0
"""One call with everything that is known of it, and its picture over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from zuoxi.events import selectors as ledger
from zuoxi.events.facts import Stored
from zuoxi.people.selectors import names_of
from zuoxi.telephony.call_lines import queue_names
from zuoxi.telephony.labels import LEG_KINDS, OUTCOMES, state_label
from zuoxi.telephony.models import (
    Attempt,
    Call,
    Leg,
    NotReadyReason,
    Queue,
    QueueVisit,
    Recording,
    StateInterval,
    WrapUp,
)
from zuoxi.telephony.state_days import touching
from zuoxi.telephony.strips import Bar, Mark, Picture, Scale, Strip

AROUND = timedelta(seconds=20)
OTHER_CALLS = 20
IMPORTED = "-import/"
"""What the uid of a call that was imported as a whole row holds."""
NEVER = "never/"
"""How the path of a recording that was never announced begins (see `recordings.py`)."""


@dataclass(frozen=True, slots=True)
class CallStory:
    """The call's rows and the events they were folded from; `names` is agent → name."""

    call: Call
    visits: Sequence[QueueVisit]
    legs: Sequence[Leg]
    attempts: Sequence[Attempt]
    recordings: Sequence[Recording]
    wrap_ups: Sequence[WrapUp]
    events: Sequence[Stored]
    states: Sequence[StateInterval]
    names: dict[str, str]
    queues: dict[str, str]
    reasons: dict[str, str]

    @property
    def agents(self) -> list[str]:
        """Everyone whose telephone had a part, in order of appearance."""
        moments = [(one.at, one.agent) for one in self.attempts]
        moments += [(leg.from_at, leg.agent) for leg in self.legs]
        return list(dict.fromkeys(agent for _at, agent in sorted(moments)))

    def who(self, agent: str) -> str:
        name = self.names.get(agent, "")
        return f"{name} {agent}".strip()


def story_of(call: Call, states: QuerySet[StateInterval]) -> CallStory:
    """Everything about one call; `states` are those that the reader may see. Nine queries."""
    legs = list(Leg.objects.filter(call_id=call.pk).order_by("seq"))
    attempts = list(Attempt.objects.filter(call_id=call.pk).order_by("seq"))
    agents = {leg.agent for leg in legs} | {one.agent for one in attempts} | {call.agent} - {""}
    since, until = _bounds(call)
    around = touching(states.filter(agent__in=agents), since, until) if agents else []
    return CallStory(
        call=call,
        visits=list(QueueVisit.objects.filter(call_id=call.pk).order_by("seq")),
        legs=legs,
        attempts=attempts,
        recordings=list(Recording.objects.filter(call_id=call.pk).order_by("started_at", "pk")),
        wrap_ups=list(WrapUp.objects.filter(call_id=call.pk).order_by("saved_at")),
        events=ledger.of_subjects([call.uid]).get(call.uid, []),
        states=list(around),
        names=names_of(agents),
        queues=queue_names(),
        reasons={one.code: str(one) for one in NotReadyReason.objects.all()},
    )


def _bounds(call: Call) -> tuple[datetime, datetime]:
    end = call.ended_at or call.answered_at or call.offered_at
    margin = max(AROUND, (end - call.offered_at) / 12)
    return call.offered_at - margin, end + margin


def others_of(call: Call, calls: QuerySet[Call]) -> list[Call]:
    """The newest other calls with the same customer among `calls`; none when the number is not known."""
    number = {"inbound": call.caller, "outbound": call.called}.get(call.direction, "")
    if not number:
        return []
    same = calls.filter(Q(caller=number) | Q(called=number)).exclude(pk=call.pk)
    return list(same.order_by("-offered_at", "-pk")[:OTHER_CALLS])


def why_no_recording(story: CallStory, queue: Queue | None) -> str:
    """Why there is nothing to play, in words; "" when there is something."""
    playable = ("complete", "short", "repaired", "expected")
    if any(recording.status in playable for recording in story.recordings):
        return ""
    if any(recording.status == "deleted" for recording in story.recordings):
        return _("It was deleted when its time of keeping had ended.")
    if any(not recording.path.startswith(NEVER) for recording in story.recordings):
        return _("The switch said that it recorded, but the file is not there.")
    if not story.call.answered_at:
        return _("Nobody talked: the call was not answered.")
    if queue is not None and not queue.recorded:
        return _("This queue is set not to be recorded.")
    if IMPORTED in story.call.uid:
        return _("The call was imported; recordings did not come with it.")
    return _("The switch never said that it began to record.")


def picture_of(story: CallStory) -> Picture:
    """Rows: the customer, each wait, each agent (rings, talk, hold, transfers) with his states below, recordings."""
    since, until = _bounds(story.call)
    scale = Scale(since, until, timezone.get_current_timezone())
    strips = [_customer(story, scale), *_waits(story, scale)]
    for agent in story.agents:
        strips.append(_agent(story, scale, agent))
        strips.append(_states(story, scale, agent))
    if story.recordings:
        strips.append(_recorded(story, scale))
    return Picture(strips, scale.ticks())


def _customer(story: CallStory, scale: Scale) -> Strip:
    call = story.call
    title = f"{OUTCOMES.get(call.outcome, call.outcome)}"
    bar = scale.bar(call.offered_at, call.ended_at, "call", title, text=title)
    shape = _("{kind} at {time}")
    marks = [
        Mark(scale.at(event.at), "transfer", shape.format(kind=_("Transfer"), time=_clock(event.at)))
        for event in story.events
        if event.kind == "call.transferred"
    ]
    return Strip(_("Whole call"), [bar], marks)


def _clock(moment: datetime) -> str:
    return timezone.localtime(moment).strftime("%H:%M:%S")


def _span(start: datetime, end: datetime | None) -> str:
    return f"{_clock(start)}–{_clock(end) if end else '…'}"


def _waits(story: CallStory, scale: Scale) -> list[Strip]:
    strips = []
    for visit in story.visits:
        name = story.queues.get(visit.queue, visit.queue)
        waiting = pgettext("call", "Waiting")
        title = f"{waiting} {_span(visit.entered_at, visit.left_at)}"
        outcome = str(OUTCOMES.get(visit.outcome, visit.outcome))
        kind = "lost" if visit.outcome == "abandoned" else "wait"
        strips.append(Strip(name, [scale.bar(visit.entered_at, visit.left_at, kind, title, text=outcome)]))
    return strips


def _agent(story: CallStory, scale: Scale, agent: str) -> Strip:
    bars = [_ring(scale, one.at, one.ring_seconds, "missed") for one in story.attempts if one.agent == agent]
    for leg in story.legs:
        if leg.agent != agent:
            continue
        if leg.ring_seconds:
            bars.append(_ring(scale, leg.from_at, leg.ring_seconds, "ring"))
        kind = str(LEG_KINDS.get(leg.kind, leg.kind))
        bars.append(scale.bar(leg.from_at, leg.to_at, "talk", f"{kind} {_span(leg.from_at, leg.to_at)}", text=kind))
    bars += [
        scale.bar(start, end, "hold", f"{_('On hold')} {_span(start, end)}")
        for start, end in holds_of(story.events, agent)
    ]
    return Strip(story.who(agent), bars)


def _ring(scale: Scale, end: datetime, seconds: int | None, kind: str) -> Bar:
    start = end - timedelta(seconds=seconds or 0)
    words = _("Rang, not answered") if kind == "missed" else _("Rang")
    return scale.bar(start, end, kind, f"{words} {_span(start, end)}")


def holds_of(events: Sequence[Stored], agent: str) -> list[tuple[datetime, datetime | None]]:
    """When the agent had the customer on hold; an end that was not told is None."""
    spans: list[tuple[datetime, datetime | None]] = []
    since: datetime | None = None
    for event in sorted(events, key=lambda one: (one.at, one.id)):
        if event.party != agent:
            continue
        if event.kind == "call.held":
            since = since or event.at
        elif since is not None and event.kind in ("call.resumed", "leg.left", "agent.completed"):
            spans.append((since, event.at))
            since = None
    return [*spans, (since, None)] if since is not None else spans


def _states(story: CallStory, scale: Scale, agent: str) -> Strip:
    bars = []
    for row in story.states:
        if row.agent == agent:
            label = state_label(row.state, row.reason, story.reasons)
            bars.append(
                scale.bar(row.from_at, row.to_at, f"state-{row.state}", f"{label} {_span(row.from_at, row.to_at)}")
            )
    return Strip(_("states"), bars, thin=True)


def _recorded(story: CallStory, scale: Scale) -> Strip:
    bars = [
        scale.bar(one.started_at, one.stopped_at, f"recording-{one.status}", one.get_status_display())
        for one in story.recordings
        if one.status not in ("missing", "deleted")
    ]
    return Strip(_("Recording"), bars)
