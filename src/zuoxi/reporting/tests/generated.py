# SPDX-License-Identifier: Apache-2.0
"""A made-up centre's rows, and the figures recomputed from them by plain Python that shares nothing with the SQL."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from zuoxi.telephony.models import Attempt, Call, Leg, QueueVisit, StateInterval, WrapUp

ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 11, 17, 16, 0, tzinfo=UTC)  # midnight in Shanghai
AGENTS = [f"{1001 + n}" for n in range(6)]
QUEUES = ["care", "sales"]


@dataclass
class Centre:
    calls: list[Call] = field(default_factory=list)
    visits: list[QueueVisit] = field(default_factory=list)
    legs: list[Leg] = field(default_factory=list)
    attempts: list[Attempt] = field(default_factory=list)
    states: list[StateInterval] = field(default_factory=list)
    wraps: list[WrapUp] = field(default_factory=list)

    def store(self) -> None:
        for rows in (self.calls, self.visits, self.legs, self.attempts, self.states, self.wraps):
            if rows:
                type(rows[0]).objects.bulk_create(rows, batch_size=500)


def centre(seed: int, calls: int, days: int) -> Centre:
    dice = random.Random(seed)
    made = Centre()
    for number in range(1, calls + 1):
        _call(dice, made, number, START + timedelta(seconds=dice.randrange(days * 86_400)))
    for agent in AGENTS:
        _states(dice, made, agent, days)
    return made


def _call(dice: random.Random, made: Centre, number: int, at: datetime) -> None:
    outbound = dice.random() < 0.2
    outcome = dice.choices(["answered", "abandoned", "overflow", "unknown", "open", "closed"], [70, 14, 4, 3, 2, 4])[0]
    if outbound:
        outcome = dice.choice(["answered", "failed", "unknown"])
    queue = "" if outbound or outcome == "closed" else dice.choice(QUEUES)
    agent = dice.choice(AGENTS) if outcome == "answered" or outbound else ""
    wait = None if dice.random() < 0.02 else dice.choice([0, 1, 4, 5, 6, 19, 20, 21, 45, 120])
    talk = dice.choice([None, 0, 30, 95, 240, 1900]) if outcome == "answered" else None
    hold = dice.choice([None, 0, 12]) if talk else None
    doubts = dice.choices(["", "clock", "answered twice"], [90, 5, 5])[0]
    score = dice.choice([None, None, 1, 5]) if outcome == "answered" else None
    ended = None if outcome == "open" else at + timedelta(seconds=(wait or 0) + (talk or 0))
    made.calls.append(
        Call(
            id=number, uid=f"lab-1/{number}.0", switch="lab",
            direction="outbound" if outbound else "inbound",
            caller="13800000000", called="8000", queue=queue, agent=agent, offered_at=at,
            answered_at=at + timedelta(seconds=wait or 0) if outcome == "answered" else None,
            ended_at=ended, outcome=outcome, wait_seconds=wait, talk_seconds=talk, hold_seconds=hold,
            survey_score=score, survey_asked=1 if score or (outcome == "answered" and number % 3) else None,
            survey_means={1: "dissatisfied", 5: "satisfied"}.get(score or 0, ""), doubts=doubts,
        )
    )  # fmt: skip
    if queue:
        entered = at
        if dice.random() < 0.1:
            made.visits.append(_visit(number, 1, dice.choice(QUEUES), "", at, "overflow", 30, None, None))
            entered = at + timedelta(seconds=30)
        made.visits.append(_visit(number, 2, queue, agent, entered, outcome, wait, talk, hold))
    if outcome == "answered":
        for seq in range(1, dice.choice([2, 2, 3])):
            kind = "answered" if seq == 1 else dice.choice(["transferred", "conferenced"])
            who = agent if seq == 1 else dice.choice(AGENTS)
            made.legs.append(Leg(call_id=number, seq=seq, agent=who, kind=kind, queue=queue, from_at=at))
        if dice.random() < 0.5:
            made.wraps.append(
                WrapUp(call_id=number, agent=agent, success=dice.choice([True, False, None]), saved_at=at)
            )
    if queue and dice.random() < 0.2:
        made.attempts.append(Attempt(call_id=number, seq=1, agent=dice.choice(AGENTS), queue=queue, at=at))


def _visit(call, seq, queue, agent, at, outcome, wait, talk, hold) -> QueueVisit:
    return QueueVisit(
        call_id=call, seq=seq, queue=queue, agent=agent, entered_at=at, outcome=outcome,
        wait_seconds=wait, talk_seconds=talk, hold_seconds=hold,
    )  # fmt: skip


def _states(dice: random.Random, made: Centre, agent: str, days: int) -> None:
    at = START - timedelta(hours=3, seconds=dice.randrange(600))
    end = START + timedelta(days=days, hours=1)
    own = [call for call in made.calls if call.agent == agent]
    names = ["ready", "ringing", "on_call", "wrap_up", "not_ready", "break", "meal", "training", "signed_out",
             "unreachable", "unknown"]  # fmt: skip
    while at < end:
        state = dice.choices(names, [20, 5, 20, 10, 5, 4, 3, 2, 3, 1, 1])[0]
        lasts = timedelta(seconds=dice.choice([7, 60, 300, 1800, 5000, 9 * 3600]), microseconds=dice.choice([0, 500]))
        made.states.append(
            StateInterval(
                agent=agent, state=state, from_at=at, to_at=at + lasts if at + lasts < end else None,
                reason=dice.choice(["lunch", "toilet"]) if state in ("not_ready", "break") else "",
                subject=dice.choice([*(c.uid for c in own[:5]), ""]) if state == "wrap_up" else "",
            )
        )  # fmt: skip
        at += lasts


def period_key(period: str, moment: datetime) -> str:
    local = moment.astimezone(ZONE)
    if period == "interval":
        return local.replace(minute=local.minute // 30 * 30, second=0, microsecond=0).isoformat()
    if period == "hour":
        return local.replace(minute=0, second=0, microsecond=0).isoformat()
    if period == "week":
        year, week, _ = local.isocalendar()
        return f"{year}-W{week:02d}"
    return local.strftime("%Y-%m-%d" if period == "day" else "%Y-%m")


class Recount:
    """Every measure of every group, by loops."""

    def __init__(self, made: Centre, since, until, by, threshold, short, team_of, now) -> None:
        self.by, self.since, self.until, self.now = by, since, until, now
        self.threshold, self.short, self.team_of = threshold, short, team_of
        self.calls = {call.id: call for call in made.calls}
        self.by_uid = {call.uid: call for call in made.calls}
        self.groups = defaultdict(lambda: defaultdict(int))
        for visit in made.visits:
            self._visit(visit)
        for call in made.calls:
            self._call(call)
        for leg in made.legs:
            call = self.calls[leg.call_id]
            if leg.kind == "transferred":
                self._add(call.offered_at, leg.queue or call.queue, leg.agent, "transfers")
        for one in made.attempts:
            self._add(one.at, one.queue, one.agent, "ring_no_answer")
        for wrap in made.wraps:
            call = self.calls[wrap.call_id]
            if wrap.success is not None:
                self._add(call.offered_at, call.queue, wrap.agent, "judged")
            if wrap.success:
                self._add(call.offered_at, call.queue, wrap.agent, "successes")
        for state in made.states:
            self._state(state)

    def _add(self, at, queue, agent, name, value=1, reason="") -> None:
        if not self.since <= at < self.until:
            return
        parts = {"queue": queue, "agent": agent, "team": self.team_of(agent), "reason": reason}
        key = tuple(parts[one] if one in parts else period_key(one, at) for one in self.by)
        self.groups[key][name] += value

    def _visit(self, v) -> None:
        def add(name, value=1):
            self._add(v.entered_at, v.queue, v.agent, name, value)

        call = self.calls[v.call_id]
        straight = "clock" not in call.doubts
        if v.outcome != "unknown":
            add("offered")
            if v.outcome != "open":
                add("settled")
        if v.outcome == "unknown":
            add("unknown_calls")
        if v.outcome == "overflow":
            add("overflow")
        if v.outcome == "answered":
            add("answered")
            if v.wait_seconds is not None:
                add("answered_within", v.wait_seconds <= self.threshold)
                if straight:
                    add("waited", v.wait_seconds)
                    add("wait_known")
            if v.talk_seconds is not None and straight:
                add("talked", v.talk_seconds)
                add("talk_known")
        if v.outcome == "abandoned":
            add("abandoned")
            add("short", v.wait_seconds is not None and v.wait_seconds < self.short)
            add("abandoned_within", v.wait_seconds is not None and v.wait_seconds <= self.threshold)

    def _call(self, c) -> None:
        def add(name, value=1):
            self._add(c.offered_at, c.queue, c.agent, name, value)

        if c.direction == "outbound":
            add("outbound_dialled")
            if c.outcome == "answered":
                add("outbound_connected")
        if c.outcome == "closed":
            add("closed")
        if c.survey_score is not None:
            add("surveyed")
            add("points", c.survey_score)

    def _state(self, s) -> None:
        end = s.to_at or self.now
        if s.state == "wrap_up":
            call = self.by_uid.get(s.subject)
            if call is None or call.direction != "outbound":
                begun = int(s.from_at.timestamp())
                near = call and 0 <= begun - int(call.offered_at.timestamp()) <= 6 * 3600
                at = call.offered_at if near else s.from_at
                self._add(at, call.queue if call else "", s.agent, "wrapped", int(end.timestamp()) - begun)
        if s.state == "signed_out" or (self.by and "queue" in self.by):
            return
        first = max(int(s.from_at.timestamp()), int(self.since.timestamp()))
        last = min(int(end.timestamp()), int(self.until.timestamp()))
        at = first
        while at < last:
            step = min(last, (at // 1800 + 1) * 1800)
            moment = datetime.fromtimestamp(at, UTC)
            self._add(moment, "", s.agent, f"time {s.state}", step - at, s.reason)
            at = step

    def figure(self, key, name):
        g = self.groups[key]
        t = lambda *names: sum(g[f"time {one}"] for one in names)  # noqa: E731
        handle = t("on_call", "wrap_up")
        available = handle + t("ready", "ringing")
        inside = available + t("not_ready", "break", "meal", "training", "unreachable")
        net = inside - t("break", "meal", "training")
        pairs = {
            "service_level": (g["answered_within"] * 100, g["settled"] - g["short"]),
            "answered_only": (g["answered_within"] * 100, g["answered"]),
            "with_abandoned": (
                (g["answered_within"] + g["abandoned_within"]) * 100, g["answered"] + g["abandoned"]
            ),
            "plain_offered": (g["answered_within"] * 100, g["settled"]),
            "connect_rate": (g["answered"] * 100, g["settled"]),
            "abandon_rate": ((g["abandoned"] - g["short"]) * 100, g["settled"] - g["short"]),
            "asa": (g["waited"], g["wait_known"]),
            "talk": (g["talked"], g["talk_known"]),
            "aht": (g["talked"] + g["wrapped"], g["talk_known"]),
            "wrap_up": (g["wrapped"], g["answered"]),
            "occupancy": (handle * 100, available),
            "utilisation": (available * 100, inside),
            "cph": ((g["answered"] + g["outbound_connected"]) * 3600, net),
            "success_rate": (g["successes"] * 100, g["answered"] + g["outbound_connected"]),
            "survey_average": (g["points"], g["surveyed"]),
        }  # fmt: skip
        if name == "success_rate" and not g["judged"]:
            return None
        if name in pairs:
            above, below = pairs[name]
            return above / below if below else None
        counts = {"short_abandoned": g["short"], "signed_in_time": inside, "not_ready_time": t("not_ready")}
        return counts.get(name, g[name])
