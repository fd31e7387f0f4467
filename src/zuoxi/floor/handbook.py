# SPDX-License-Identifier: Apache-2.0
"""The floor's dated figures as the site's handbook states them, and what packs say of conduct, patrols and meetings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from zuoxi.policy.entries import Body, Label, section
from zuoxi.policy.handbook import NoSuchEntry
from zuoxi.policy.selectors import site_handbook


@dataclass(frozen=True, slots=True)
class Figure:
    """A value in force on a day. `exclusive`: the limit itself is still allowed."""

    name: str
    value: int
    unit: str
    exclusive: bool
    clause: str


def figure(name: str, on: date) -> Figure:
    """The figure in force on the day; raises KeyError for an unknown name or a day before its first value."""
    try:
        found = site_handbook().on(on).figure(name)
    except NoSuchEntry as wrong:
        raise KeyError(str(wrong)) from None
    return Figure(name, int(found.value), found.unit, not found.inclusive, " ".join(found.clauses) or found.source)


def state_limit(state: str, on: date) -> int | None:
    """Seconds that the handbook lets somebody stay in the state; None where it says nothing."""
    try:
        found = figure(f"state.{state}.limit", on)
    except KeyError:
        return None
    return found.value * 60


class ViolationBody(Body):
    """One fault that can be recorded. `area` is the check of the patrol it belongs to.

    `seats`: kinds of seat it is about (none: every one). `who`: "managers" or "agents" alone, "" both. `weekdays` (1–7)
    and `marks` (visit, inspection): the days on which it counts, where either is given; `make_up`: the flag that says
    whether it counts on working weekend days too. `amount` and `switch` (a flag) are keys of figures. `seen_as`: kinds
    of observation that are this fault.
    """

    label: Label
    area: str
    clauses: tuple[str, ...] = ()
    gap: str = ""
    consequence: Literal["none", "warning", "points", "fine", "dismissal"] = "none"
    amount: str = ""
    switch: str = ""
    seats: tuple[str, ...] = ()
    who: Literal["", "managers", "agents"] = ""
    weekdays: tuple[int, ...] = ()
    marks: tuple[str, ...] = ()
    make_up: str = ""
    patrol: bool = True
    seen_as: tuple[str, ...] = ()


class AreaBody(Body):
    """One line of the patrol's list. `room`: of the room, not of a seat."""

    label: Label
    order: int = 100
    room: bool = False
    clauses: tuple[str, ...] = ()
    gap: str = ""


class DeskBody(Body):
    """Where things stand on a desk of a kind of seat: place (nine fields, "top left" to "bottom right") → what."""

    label: Label
    clauses: tuple[str, ...] = ()
    gap: str = ""
    places: dict[str, Label] = {}
    allowed: Label | None = None


class MeetingBody(Body):
    """A kind of meeting. Either `before_shift`/`after_shift` (the figure with its minutes) or a day and `at`.

    `host` and `must` are role words, first filled decides; `also` may come. `tasks`: personal tasks are handed out;
    `ledger`: problems and conclusions; `proxies`: who cannot come sends somebody; `counts`: attendance is told to the
    appraisal; `upward`: the summary goes to that role word.
    """

    label: Label
    clauses: tuple[str, ...] = ()
    gap: str = ""
    scope: Literal["team", "centre"] = "team"
    before_shift: str = ""
    after_shift: str = ""
    weekdays: tuple[int, ...] = ()
    day_of_month: int = 0
    at: str = ""
    minutes: int = 30
    host: tuple[str, ...] = ()
    must: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    agenda: tuple[Label, ...] = ()
    roll_call: bool = False
    tasks: bool = False
    ledger: bool = False
    proxies: bool = False
    counts: bool = False
    on_floor: bool = False
    upward: str = ""
    rota: bool = False


class PermitBody(Body):
    """A kind of permit: who may give it (any of the role words), and for how long at most (a figure, "" no limit)."""

    label: Label
    clauses: tuple[str, ...] = ()
    gap: str = ""
    given_by: tuple[str, ...]
    minutes: str = ""


class DeskCheckBody(Body):
    """A point of the check of one's own desk at the end of the shift."""

    label: Label
    clauses: tuple[str, ...] = ()
    order: int = 100


class EmergencyBody(Body):
    """An emergency of the floor. `seen_by`: what of the ledger shows it ("": it is told by people alone). `told`: role
    words of everybody who is told at once. `steps`: what is done, in this order."""

    label: Label
    order: int = 100
    clauses: tuple[str, ...] = ()
    seen_by: Literal["", "switch", "drops", "peak"] = ""
    told: tuple[str, ...] = ()
    steps: tuple[Label, ...] = ()


VIOLATIONS = section("violations", ViolationBody)
EMERGENCIES = section("floor_emergencies", EmergencyBody)
AREAS = section("patrol_areas", AreaBody)
DESKS = section("desks", DeskBody)
MEETINGS = section("meetings", MeetingBody)
PERMITS = section("permits", PermitBody)
DESK_CHECKS = section("desk_checks", DeskCheckBody)
