# SPDX-License-Identifier: Apache-2.0
"""The verbs of what-ifs: begin one, add a way the days may go, play them all."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from math import isfinite
from typing import Any

from django.db import transaction

from zuoxi.jobs.models import Job
from zuoxi.jobs.selectors import job_of
from zuoxi.jobs.services import enqueue
from zuoxi.people.models import Staff
from zuoxi.policy.selectors import site_handbook
from zuoxi.telephony.selectors import Waits, waits_between
from zuoxi.vault.services import record
from zuoxi.workforce.scenario_models import WhatIf, WhatIfCourse
from zuoxi.workforce.scenarios.changing import Change, applied, figures_in
from zuoxi.workforce.scenarios.drawing import (
    NothingToPlay,
    Stretch,
    coming_traffic,
    past_traffic,
    scenario_of,
    staff_as_it_was,
    staff_as_rostered,
)
from zuoxi.workforce.scenarios.terms import Terms, terms_of
from zuoxi.workforce.selectors import shifts_between
from zuoxi.workforce.twin.engine import Outcome, Progress, simulate
from zuoxi.workforce.twin.scenario import Scenario

MOST_COURSES = 6
_WEEK = timedelta(weeks=1)


class TooMany(ValueError):
    """A what-if has as many courses as can be read side by side."""


class NameTaken(ValueError):
    """Another course has the name."""


@transaction.atomic
def begin(name: str, first: date, days: int, *, base: str, by: Staff | None, now: datetime) -> WhatIf:
    """A what-if of whole days with its first course; a stretch that is over is played with its own calls."""
    stretch = Stretch(first, days, site_handbook())
    past = stretch.ends <= now
    made = WhatIf.objects.create(name=name, first=first, days=days, past=past, made_by=by, made_at=now)
    people = WhatIfCourse.People.WAS if past else WhatIfCourse.People.PUBLISHED
    if not past and not shifts_between(first, first):
        people = WhatIfCourse.People.WRITTEN  # nothing is out yet; a draft can be played
    WhatIfCourse.objects.create(what_if=made, name=base, people=people)
    record("workforce.whatif.begun", who=by.code if by else "", on=("what_if", made.pk), at=now, name=name)
    return made


@transaction.atomic
def add_course(what_if: WhatIf, name: str, people: str, changes: list[Change]) -> WhatIfCourse:
    """Raises TooMany, NameTaken."""
    WhatIf.objects.select_for_update().get(pk=what_if.pk)
    held = list(what_if.courses.values_list("name", flat=True))
    if len(held) >= MOST_COURSES:
        raise TooMany
    if name in held:
        raise NameTaken
    return WhatIfCourse.objects.create(
        what_if=what_if, name=name, people=people, changes=[one.as_json() for one in changes]
    )


@transaction.atomic
def add_change(course: WhatIfCourse, change: Change) -> None:
    """One more difference; what was played before no longer holds."""
    locked = WhatIfCourse.objects.select_for_update().get(pk=course.pk)
    locked.changes = [*locked.changes, change.as_json()]
    locked.outcome, locked.problem, locked.played_at = {}, "", None
    locked.save(update_fields=["changes", "outcome", "problem", "played_at"])


@transaction.atomic
def drop_change(course: WhatIfCourse, place: int, said: str) -> bool:
    """Take the difference in that place away; False where another stands there by now (`said`: its words)."""
    locked = WhatIfCourse.objects.select_for_update().get(pk=course.pk)
    if not 0 <= place < len(locked.changes) or fingerprint(locked.changes[place]) != said:
        return False
    locked.changes = [one for at, one in enumerate(locked.changes) if at != place]
    locked.outcome, locked.problem, locked.played_at = {}, "", None
    locked.save(update_fields=["changes", "outcome", "problem", "played_at"])
    return True


def fingerprint(change: Mapping[str, Any]) -> str:
    """The same for the same difference, whatever order its words are kept in."""
    return hashlib.sha256(json.dumps(change, sort_keys=True).encode()).hexdigest()[:16]


def drop_course(course: WhatIfCourse) -> bool:
    """False for the first course, which the others are compared with."""
    first = course.what_if.courses.order_by("pk").values_list("pk", flat=True).first()
    if course.pk == first:
        return False
    course.delete()
    return True


@transaction.atomic
def ask_to_play(what_if: WhatIf, user: int | None) -> Job:
    """Play every course in the background; a play that is on its way already is returned instead."""
    locked = WhatIf.objects.select_for_update().get(pk=what_if.pk)
    running = job_of(locked.job)
    if running is not None and running.state in (Job.State.WAITING, Job.State.RUNNING):
        return running
    job = enqueue("workforce.whatif", key=f"what-if-{locked.pk}", by=user, what_if=locked.pk)
    locked.job = job.pk
    locked.save(update_fields=["job"])
    return job


def play(what_if: WhatIf, now: datetime, progress: Progress | None = None) -> None:
    """Play each course anew with the same callers. One that cannot be played says why, and the rest goes on."""
    stretch = Stretch(what_if.first, what_if.days, site_handbook())
    courses = list(what_if.courses.all())
    if what_if.past:
        WhatIf.objects.filter(pk=what_if.pk).update(was=reached(waits_between(stretch.begins, stretch.ends)))
    for place, course in enumerate(courses):
        try:
            scenario, terms = drawn(stretch, course, what_if.past, now.astimezone(stretch.handbook.zone).date())
        except NothingToPlay as why:
            _keep(course, {}, str(why), now)
            continue

        def told(done: int, whole: int, before: int = place) -> None:
            if progress:
                progress(before * whole + done, len(courses) * whole)

        found = simulate(scenario, terms.replications, what_if.seed, progress=told)
        _keep(course, as_kept(found, scenario), "", now)


def _keep(course: WhatIfCourse, outcome: dict[str, object], problem: str, now: datetime) -> None:
    """Not where the course was changed while it was played."""
    rows = WhatIfCourse.objects.filter(pk=course.pk, changes=course.changes)
    rows.update(outcome=outcome, problem=problem, played_at=now)


def drawn(stretch: Stretch, course: WhatIfCourse, past: bool, today: date) -> tuple[Scenario, Terms]:
    """The course as a scenario, peaks of the traffic and the changes within. Raises NothingToPlay."""
    changes = [Change.from_json(one) for one in course.changes]
    terms = terms_of(stretch.handbook, stretch.first, figures_in(changes))
    traffic = past_traffic(stretch, terms) if past else coming_traffic(stretch, terms, today)
    kind = WhatIfCourse.People(course.people)
    if kind == WhatIfCourse.People.WAS:
        staff = staff_as_it_was(stretch)
    else:
        published = kind != WhatIfCourse.People.WRITTEN
        moved = _WEEK if kind == WhatIfCourse.People.WEEK_BEFORE else timedelta()
        staff = staff_as_rostered(stretch, terms, published=published, moved=moved)
    scenario = scenario_of(stretch, traffic, staff, terms, as_planned=kind != WhatIfCourse.People.WAS)
    return applied(scenario, changes, terms.learning), terms


def reached(rows: list[Waits]) -> dict[str, dict[str, float]]:
    """What a past stretch reached, by queue and in all, counted as the play counts."""
    found = {}
    for queue in ["all", *sorted({one.queue for one in rows})]:
        mine = [one for one in rows if queue in ("all", one.queue)]
        offered = sum(one.offered for one in mine)
        if offered:
            found[queue] = {
                "offered": float(offered),
                "service_level": sum(one.in_time for one in mine) / offered,
                "asa_seconds": sum(one.waited for one in mine) / offered,
                "abandonment": sum(one.gone for one in mine) / offered,
            }
    return found


def as_kept(found: Outcome, scenario: Scenario) -> dict[str, object]:
    course = found.course
    return {
        "all": found.all.as_json(),
        "queues": {name: one.as_json() for name, one in found.queues.items()},
        "staff": found.staff.as_json(),
        "samples": found.samples,
        "course": _by_half_hour(found, scenario.horizon_seconds) if course.starts.size else {},
        "replications": found.replications,
        "calls_per_second": found.calls_per_second,
    }


def _by_half_hour(found: Outcome, horizon: float) -> dict[str, list[float | None]]:
    """Service level and agents of each half hour; None where nobody calls."""
    course, length = found.course, 1800.0
    offered: list[float | None] = []
    level: list[float | None] = []
    agents: list[float | None] = []
    for step in range(int(horizon // length)):
        within = (course.starts >= step * length) & (course.starts < (step + 1) * length)
        calls = course.offered[within]
        total = float(calls.sum())
        told = [(a, b) for a, b in zip(calls, course.level[within], strict=True) if a > 0 and isfinite(b)]
        weight = sum(a for a, _b in told)
        offered.append(total)
        level.append(float(sum(a * b for a, b in told) / weight) if weight else None)
        agents.append(float(course.agents[within].mean()) if within.any() else None)
    return {"offered": offered, "level": level, "agents": agents}
