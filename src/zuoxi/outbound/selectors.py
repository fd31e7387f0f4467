# SPDX-License-Identifier: Apache-2.0
"""Questions about outbound calls, answered as frozen rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db.models import Count, Q, QuerySet, Sum

from zuoxi.outbound.handbook import COLOURS, RESULT_TREES, ColourBody, ResultBody
from zuoxi.outbound.models import Attempt, Campaign, FollowUpRecord, Lead, Promise, Seat
from zuoxi.outbound.permission import next_opening
from zuoxi.outbound.promising import usual_due
from zuoxi.people.models import Staff
from zuoxi.policy.handbook import Handbook
from zuoxi.policy.selectors import site_handbook

__all__ = [
    "Figures",
    "Progress",
    "colours",
    "figures_of",
    "next_opening",
    "open_promises",
    "outcome_of",
    "progress_of",
    "promises_for",
    "seat_of",
    "usual_due",
]


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of attempts with the shares that are made of them; a share of nothing is None.

    dialled: the switch made a call. answered: somebody took up. reached: it was a person whom we wanted. effective:
    long enough, with a result that counts. won: the result is a success.
    """

    dialled: int = 0
    answered: int = 0
    reached: int = 0
    effective: int = 0
    won: int = 0
    nuisance: int = 0
    unwritten: int = 0
    talk_seconds: int = 0

    @property
    def answer_rate(self) -> float | None:
        return self.answered / self.dialled if self.dialled else None

    @property
    def connect_rate(self) -> float | None:
        return self.reached / self.dialled if self.dialled else None

    @property
    def effective_rate(self) -> float | None:
        return self.effective / self.dialled if self.dialled else None

    @property
    def success_rate(self) -> float | None:
        """Successes of the effective calls (annex C)."""
        return self.won / self.effective if self.effective else None

    @property
    def nuisance_rate(self) -> float | None:
        return self.nuisance / self.answered if self.answered else None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a campaign is."""

    waiting: int = 0
    reserved: int = 0
    done: int = 0
    barred: int = 0

    @property
    def total(self) -> int:
        return self.waiting + self.reserved + self.done + self.barred

    @property
    def percent(self) -> int | None:
        """Whole per cent of those who may be called that are done."""
        callable_ = self.total - self.barred
        return self.done * 100 // callable_ if callable_ else None


def _keys(handbook: Handbook, wanted: str) -> list[str]:
    """Results of any tree of which `wanted` (reached, won, counts) holds."""
    trees = handbook.entries(RESULT_TREES).values()
    return sorted({key for tree in trees for key, body in tree.all().items() if getattr(body, wanted)})


DIALLED = Q(state__in=["dialling", "talking", "answered", "unanswered", "nuisance", "unknown"])


PLACED = Q(dialled_at__isnull=False) & ~Q(state="dropped")
COUNTED: Final = {
    "sent": ~Q(state="unknown"),
    "taken": Q(state__in=["answered", "talking", "nuisance"]),
    "annoyed": Q(state="nuisance"),
    "judged": Q(effective__isnull=False),
    "counting": Q(effective=True),
}
"""What the service figures count of placed calls, by the moment they were dialled; the list opens the same rows."""


def reached_results(handbook: Handbook | None = None) -> list[str]:
    """Keys of the results in which somebody whom we wanted was spoken to."""
    return _keys(handbook or site_handbook(), "reached")


def won_results(handbook: Handbook | None = None) -> list[str]:
    return _keys(handbook or site_handbook(), "won")


def _counts(handbook: Handbook) -> dict[str, Any]:
    answered = Q(answered_at__isnull=False)
    return {
        "n_dialled": Count("pk", filter=DIALLED),
        "n_answered": Count("pk", filter=answered),
        "n_reached": Count("pk", filter=answered & Q(result__in=reached_results(handbook))),
        "n_effective": Count("pk", filter=Q(effective=True)),
        "n_won": Count("pk", filter=Q(effective=True, result__in=won_results(handbook))),
        "n_nuisance": Count("pk", filter=Q(state="nuisance")),
        "n_unwritten": Count("pk", filter=answered & Q(written_at=None, ended_at__isnull=False)),
        "n_talk_seconds": Sum("talk_seconds"),
    }


def _figures(row: dict[str, Any]) -> Figures:
    names = ("dialled", "answered", "reached", "effective", "won", "nuisance", "unwritten")
    counts = {name: row[f"n_{name}"] for name in names}
    return Figures(**counts, talk_seconds=row["n_talk_seconds"] or 0)


def figures_of(rows: QuerySet[Attempt]) -> Figures:
    """Of all those attempts together. One query."""
    return _figures(rows.order_by().aggregate(**_counts(site_handbook())))


def figures_by(rows: QuerySet[Attempt], column: str) -> dict[Any, Figures]:
    """By the values of a column. One query."""
    found = rows.order_by().values(column).annotate(**_counts(site_handbook()))
    return {row[column]: _figures(row) for row in found}


def progress_of(campaigns: Iterable[int]) -> dict[int, Progress]:
    """By campaign. One query."""
    rows = Lead.objects.filter(campaign__in=list(campaigns)).order_by().values_list("campaign", "state")
    counted: dict[int, dict[str, int]] = {}
    for pk, state, number in rows.annotate(number=Count("pk")):
        counted.setdefault(pk, {})[state] = number
    return {pk: Progress(**states) for pk, states in counted.items()}


@dataclass(frozen=True, slots=True)
class ResultLine:
    """A result of the tree with how many attempts ended in it."""

    key: str
    body: ResultBody
    group: str
    count: int
    share: float | None


def outcome_of(campaign: Campaign, rows: QuerySet[Attempt]) -> tuple[Figures, list[ResultLine]]:
    """The figures of all those attempts, and every result of the campaign's tree in its order. One query."""
    handbook = site_handbook()
    counts = _counts(handbook)
    by_result: list[dict[str, Any]] = list(
        rows.order_by().values("result").annotate(number=Count("pk"), **counts)  # type: ignore[arg-type]
    )
    figures = _figures({name: sum(row[name] or 0 for row in by_result) for name in counts})
    if not handbook.has(RESULT_TREES.name, campaign.tree):
        return figures, []
    tree = handbook.entry(RESULT_TREES, campaign.tree)
    counted = {row["result"]: row["number"] for row in by_result if row["result"]}
    total = sum(counted.values())
    found = []
    for group in tree.groups:
        for key, body in tree.results.get(group, {}).items():
            count = counted.get(key, 0)
            found.append(ResultLine(key, body, str(tree.groups[group]), count, count / total if total else None))
    return figures, found


def colours() -> dict[str, ColourBody]:
    """The marks of prospects, in their order."""
    found = site_handbook().entries(COLOURS)
    return dict(sorted(found.items(), key=lambda one: (one[1].order, one[0])))


def seat_of(staff: Staff) -> Seat | None:
    """The campaign that somebody works on now. One query."""
    return Seat.objects.select_related("campaign").filter(staff=staff, left_at=None).first()


def open_promises(staff: Staff, until: datetime | None = None) -> int:
    """How many callbacks somebody owes (by `until`)."""
    rows = Promise.objects.filter(owner=staff, state=Promise.State.OPEN)
    return (rows.filter(due_at__lte=until) if until else rows).count()


def promises_for(customer_ids: Iterable[int], numbers: Iterable[str] = (), limit: int = 5) -> list[Promise]:
    """Open callbacks to a customer or one of his numbers, the next first. One query."""
    whose = Q(customer_id__in=list(customer_ids)) | Q(number__in=list(numbers))
    rows = Promise.objects.filter(whose, state=Promise.State.OPEN).select_related("owner")
    return list(rows.order_by("due_at", "pk")[:limit])


def last_mark(customer_ids: Iterable[int], numbers: Iterable[str] = ()) -> FollowUpRecord | None:
    """The newest follow-up with a customer or one of his numbers. One query."""
    whose = Q(customer_id__in=list(customer_ids)) | Q(phone__in=list(numbers))
    found: FollowUpRecord | None = FollowUpRecord.objects.filter(whose).order_by("-at", "-pk").first()
    return found


def result_labels() -> dict[str, str]:
    """What each result of any tree is called, in the reader's language."""
    trees = site_handbook().entries(RESULT_TREES).values()
    return {key: str(body.label) for tree in trees for key, body in tree.all().items()}


@dataclass(frozen=True, slots=True)
class DayTold:
    """Somebody's outbound day, as reports above fill it in."""

    dialled: int
    answered: int
    effective: int
    won: int
    follow_ups: int
    callbacks_open: int


def day_told(staff: Staff, first: date, last: date) -> DayTold:
    """Of the days from `first` to `last`. Three queries."""
    figures = figures_of(Attempt.objects.filter(staff=staff, day__gte=first, day__lte=last))
    written = FollowUpRecord.objects.filter(staff=staff, day__gte=first, day__lte=last).count()
    return DayTold(figures.dialled, figures.answered, figures.effective, figures.won, written, open_promises(staff))


@dataclass(frozen=True, slots=True)
class FollowUpTold:
    """A record of a follow-up, as a report names it."""

    contact: str
    content: str
    colour: str


def follow_ups_of(staff: Staff, day: date) -> list[FollowUpTold]:
    """Somebody's records of a day, in their order. One query."""
    marks = colours()
    rows = FollowUpRecord.objects.filter(staff=staff, day=day).order_by("at", "pk")
    return [
        FollowUpTold(contact, content, str(marks[colour].label) if colour in marks else "")
        for contact, content, colour in rows.values_list("contact", "content", "colour")
    ]


def month_bounds(month: date) -> tuple[date, date]:
    """First and last day of the month that a day lies in."""
    first = month.replace(day=1)
    return first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
