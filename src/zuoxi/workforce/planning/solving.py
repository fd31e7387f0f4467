# SPDX-License-Identifier: Apache-2.0
"""A month's roster worked out and written as a draft, as if somebody had typed it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy, gettext_noop

from zuoxi.jobs import selectors as jobs
from zuoxi.jobs import services as work
from zuoxi.jobs.models import Job
from zuoxi.jobs.words import heard, told
from zuoxi.policy.marks import enforces
from zuoxi.policy.selectors import site_handbook
from zuoxi.vault.services import record
from zuoxi.workforce.editing import MOST, CellEdit, edit_cells, roster_for, texts_between
from zuoxi.workforce.models import Roster
from zuoxi.workforce.planning.building import NothingToPlan, Site, problem_of
from zuoxi.workforce.units import Book, Unit, month_end
from zuoxi.workforce.wish_models import RosterWish
from zuoxi.workforce.wishes import NOT_OFFERED, keep_weighed, standing

TASK = "workforce.roster.solve"
STEPS = 1000
"""Of the progress that is told."""
LOST_KEPT = 300
"""Wishes not granted that the panel remembers; each planner is shown those of his own people."""
RULES = {
    "under": gettext_lazy("People missing to the need"),
    "over": gettext_lazy("People beyond the need"),
    "leader": gettext_lazy("Half hours without a team leader"),
    "reserve": gettext_lazy("Reserve shift not filled"),
    "wishes": gettext_lazy("Wishes not granted"),
    "hours": gettext_lazy("Short of the agreed hours"),
    "rows": gettext_lazy("Stretches of work too short"),
    "nights": gettext_lazy("Nights beyond the even share"),
    "weekends": gettext_lazy("Weekend days beyond the even share"),
}
BINDING = {
    "heads": gettext_noop("there are no more people on the day"),
    "minutes_most": gettext_noop("hours of the month"),
    "week_most": gettext_noop("hours of the week"),
    "row_most": gettext_noop("days in a row"),
    "rest_least": gettext_noop("rest between two shifts"),
    "nights_most": gettext_noop("nights of a month"),
    "weekends_most": gettext_noop("weekends of a month"),
    "minutes_least": gettext_noop("least hours of the month"),
    "wishes": gettext_noop("wishes"),
    "away": gettext_noop("leave"),
    "pattern": gettext_noop("a shift that is not for the post"),
    "skill": gettext_noop("a queue that is not served"),
    "one shift a day": gettext_noop("one shift a day"),
}
NOTHING = {
    "people": gettext_noop("Nobody stands in these rosters in that month."),
    "shifts": gettext_noop("The handbook has no shift that could be given."),
    "need": gettext_noop(
        "It is not known how many people are needed: make a forecast or the plan of people needed first."
    ),
}


class CannotSolve(ValueError):
    """Why no roster can be worked out: a sentence (a msgid) and its words, for people."""

    def __init__(self, text: str, **words: str | int) -> None:
        super().__init__(text)
        self.kept = told(text, **words)

    def __str__(self) -> str:
        return heard(self.kept)


@transaction.atomic
def ask(
    month: date,
    units: Collection[Unit],
    *,
    keep: bool,
    by: str,
    user_id: int | None,
    today: date,
    seconds: float | None = None,
) -> Job:
    """Ask for the month's roster of these units. Raises CannotSolve where one is published or the month is over."""
    if month_end(month) <= today:
        raise CannotSolve(gettext_noop("The month is over."))
    if not units:
        raise CannotSolve(gettext_noop("Choose the rosters that are to be worked out."))
    _one_at_a_time(month, units)
    _refuse_published(month, units)
    running = latest(month)
    if running is not None and not running.over:
        raise CannotSolve(gettext_noop("A roster of this month is being worked out already."))
    key = f"roster:{month:%Y-%m}"
    return work.enqueue(
        TASK, key=key, by=user_id, month=month.isoformat(), units=[list(one) for one in sorted(units, key=str)],
        keep=keep, by_code=by, seconds=seconds,
    )  # fmt: skip


def _one_at_a_time(month: date, units: Collection[Unit]) -> None:
    """Let planners who press at once pass here one after the other: the second then finds the first one's job."""
    for unit in sorted(units, key=str):
        roster_for(unit, month)
    list(Roster.objects.select_for_update().filter(month=month).order_by("pk").values_list("pk", flat=True))


def _refuse_published(month: date, units: Collection[Unit]) -> None:
    for one in Roster.objects.filter(month=month, state=Roster.State.PUBLISHED).select_related("team", "project"):
        if (one.project_id, one.team_id) in units:
            said = gettext_noop("%(roster)s is published already; change it on the board, or re-plan single days.")
            raise CannotSolve(said, roster=str(one))


def latest(month: date) -> Job | None:
    """The newest working out of that month."""
    return jobs.latest(TASK, f"roster:{month:%Y-%m}")


@enforces("SCH-002", "SCH-006", "SCH-011")
def solve_month(
    month: date,
    units: Collection[Unit],
    *,
    keep: bool,
    by: str,
    now: datetime,
    progress: Callable[[int, int, str], None],
    stopped: Callable[[], bool],
    seconds: float | None = None,
) -> dict[str, Any]:
    """Work out and write the draft; what came of it, for the panel. Cells that somebody wrote meanwhile stay as they
    are, and a roster published meanwhile is not touched. Raises CannotSolve."""
    from zuoxi.workforce.rostering.answer import told as answered
    from zuoxi.workforce.rostering.solve import Contradictory, NoAnswer, Progress, solve

    handbook = site_handbook()
    today = now.astimezone(handbook.zone).date()
    book = Book(month, month_end(month))
    free = max(month, today) if today < month else date.fromordinal(today.toordinal() + 1)
    stood = texts_between(month, month_end(month))
    try:
        site = problem_of(month, units, keep=keep, first_free=free, book=book)
    except NothingToPlan as nothing:
        raise CannotSolve(NOTHING[str(nothing)]) from nothing
    limit = seconds or 60.0 * handbook.on(month).whole("roster.solve.minutes")

    def tell(one: Progress) -> None:
        price = "" if one.price is None else f"{one.price:,.0f}"
        bound = "" if one.bound is None else f"{one.bound:,.0f}"
        said = gettext_noop("Price %(price)s, none below %(bound)s")
        progress(int(one.share * STEPS), STEPS, told(said, price=price, bound=bound) if price else "")

    try:
        made = solve(site.problem, seconds=limit, tell=tell, stop=stopped)
    except Contradictory as wrong:
        raise _cannot_stand(wrong.found[0], month, book) from wrong
    except NoAnswer as late:
        said = gettext_noop("The time was too short to place everybody. Allow more minutes in the handbook "
                            "(%(figure)s), or work out fewer rosters at once.")  # fmt: skip
        raise CannotSolve(said, figure="roster.solve.minutes") from late
    progress(STEPS, STEPS, told(gettext_noop("The draft is being written")))
    answer = answered(made)
    names = {one.code: one.name for one in book.members.values()}
    lost = [
        one | {"name": names.get(one["person"], one["person"]), "staff": site.staff[one["person"]]}
        for one in answer.pop("wishes_lost")
    ]
    with transaction.atomic():
        _one_at_a_time(month, units)
        _refuse_published(month, units)
        written, refused = write(site, made, stood, by=by, now=now)
        weighed, granted = weigh(site, lost, now)
        record("workforce.roster.solved", who=by, at=now, month=f"{month:%Y-%m}", cells=written)
    return answer | {
        "wishes_lost": lost[:LOST_KEPT],
        "wishes": weighed,
        "wishes_granted": granted,
        "people": len(site.problem.people),
        "written": written,
        "refused": refused[:5],
        "queues": {name: list(queues) for name, queues in site.queues.items()},
        "units": [list(one) for one in units],
    }


def weigh(site: Site, lost: list[dict[str, Any]], now: datetime) -> tuple[int, int]:
    """Keep what every wish that was read lost to; how many there were, and how many were granted."""
    month, places = site.problem.start, site.staff
    rows = [one for one in standing(month, places.values()) if one.pk in site.wished]
    heard = {(places[one.id], wish.day) for one in site.problem.people for wish in one.wishes}
    why = {(places[one["person"]], site.problem.day(one["day"])): str(one["to"]) for one in lost}
    for row in rows:
        if row.want != RosterWish.OFF and (row.staff_id, (row.day - month).days) not in heard:
            why[row.staff_id, row.day] = NOT_OFFERED
    return len(rows), keep_weighed(rows, why, now)


def _cannot_stand(found: Any, month: date, book: Book) -> CannotSolve:
    name = next((one.name for one in book.members.values() if one.code == found.person), found.person)
    cells = ", ".join(f"{month.replace(day=one.day + 1):%m-%d} {one.pattern or '—'}" for one in found.items)
    rule = told(BINDING[found.rule]) if found.rule in BINDING else found.rule
    said = gettext_noop("What is written for %(name)s %(code)s cannot stand together: %(cells)s (%(rule)s).")
    return CannotSolve(said, name=name, code=found.person, cells=cells, rule=rule)


@dataclass(frozen=True, slots=True)
class Draft:
    """A cell of the draft."""

    staff_id: int
    day: date
    text: str


def cells_of(site: Site, made: Any) -> list[Draft]:
    """The free cells as they are to be written; leave and what is fixed are left as they are."""
    found, free = [], made.layout.tables.free
    for i, person in enumerate(site.problem.people):
        for place in range(site.problem.days):
            if free[i, place]:
                pattern, _skill = made.cell(i, place)
                text = pattern or site.rest
                found.append(Draft(site.staff[person.id], site.problem.day(place), text))
    return found


@transaction.atomic
def write(
    site: Site, made: Any, stood: Mapping[tuple[int, date], str], *, by: str, now: datetime
) -> tuple[int, list[str]]:
    """Write the draft through the board's own door; how many cells, and what was said of those refused. `stood`: what
    the cells held when the working out began; one that reads otherwise by now is left alone."""
    cells = cells_of(site, made)
    done, said = 0, []
    for start in range(0, len(cells), MOST):
        edits = [
            CellEdit(one.staff_id, one.day, one.text, stood.get((one.staff_id, one.day), ""))
            for one in cells[start : start + MOST]
        ]
        result = edit_cells(edits, by=by, now=now, tell=False)
        done += len(result.done)
        said += [one.message for one in result.told]
    return done, list(dict.fromkeys(said))
