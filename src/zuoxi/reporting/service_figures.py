# SPDX-License-Identifier: Apache-2.0
"""The figures that packages declare (`zuoxi.web.figures`), put beside the period before, last year and their target.

One source is asked three times for a page, however many figures it has: its run of periods (the last of them is the
one that was asked for), the same period of last year, and the groups.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final

from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from zuoxi.people import selectors as people
from zuoxi.policy.entries import FIGURES
from zuoxi.policy.handbook import NoSuchEntry
from zuoxi.policy.selectors import site_handbook
from zuoxi.reporting.spans import Span
from zuoxi.web import figures as declared
from zuoxi.web import measures as written
from zuoxi.web.figures import Ask, Counts, Figure, Rows, Source

RUN: Final = {"day": 14, "week": 13, "month": 13, "quarter": 9, "year": 5}
"""How many periods a line shows, the asked one included."""
MOST_GROUPS: Final = 200


@dataclass(frozen=True, slots=True)
class Aim:
    """What the handbook asks of a figure. `source`: the clauses, or "ours"."""

    value: Decimal
    at_least: bool
    source: str

    def met(self, value: Decimal | None) -> bool | None:
        if value is None:
            return None
        return value >= self.value if self.at_least else value <= self.value


@dataclass(frozen=True, slots=True)
class Line:
    """One figure of one period. `change`: against the period before, `yearly`: against last year, both as ratios; None
    where the base is unknown or nought."""

    figure: Figure
    value: Decimal | None
    above: Decimal | None
    below: Decimal | None
    before: Decimal | None
    change: Decimal | None
    last_year: Decimal | None
    yearly: Decimal | None
    run: tuple[Decimal | None, ...]
    aim: Aim | None
    url: str
    base_url: str
    year_url: str

    @property
    def text(self) -> str:
        return text_of(self.figure, self.value)

    @property
    def tone(self) -> str:
        met = self.aim.met(self.value) if self.aim else None
        return "" if met is None else "good" if met else "bad"


@dataclass(frozen=True, slots=True)
class Group:
    """One team, person or department with its figures in the order of the source; `urls` open the rows."""

    code: str
    label: str
    cells: tuple[tuple[str, str, str], ...]
    """(text, tone, url)."""
    values: tuple[Decimal | None, ...]


def text_of(figure: Figure, value: Decimal | None) -> str:
    """A value as people read it; unknown is a dash."""
    if value is None:
        return written.UNKNOWN
    if figure.unit == "%":
        return written.percent_text(value / 100)
    if figure.unit == "s":
        return written.duration_text(round(value))
    if figure.unit == "yuan":
        return written.money_text(value)
    whole = figure.unit == "count" and not figure.below
    return written.number_text(value, 0 if whole else {"per_thousand": 2, "points": 2}.get(figure.unit, 1))


def unit_word(figure: Figure) -> str:
    """What stands small behind a value; "" where the value says it."""
    words = {
        "h": pgettext("unit", "h"),
        "d": pgettext("unit", "days"),
        "per_thousand": pgettext("unit", "per 1,000 calls"),
        "points": pgettext("unit", "points"),
        "yuan": pgettext("unit", "yuan"),
    }
    return words.get(figure.unit, "")


def _moment(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def ask(user: Any, first: date, end: date, by: str = "", bucket: str = "month") -> Ask:
    return Ask(user, _moment(first), _moment(end), by, bucket)


def lines_of(source: Source, user: Any, span: Span) -> list[Line]:
    """Every figure of the source in the period. Two questions to the source."""
    run = [span.stepped(back - RUN[span.kind] + 1) for back in range(RUN[span.kind])]
    told = source.tally(ask(user, run[0].first, span.end, declared.PERIOD, span.kind))
    year = span.year_before()
    earlier = [one for one in run if one == year]
    before = told if earlier else {year.first.isoformat(): _whole(source, user, year)}
    return [
        _line(one, [told.get(part.first.isoformat()) for part in run], before.get(year.first.isoformat()), span, year)
        for one in declared.figures_of(source)
    ]


def _whole(source: Source, user: Any, span: Span) -> Counts:
    return source.tally(ask(user, span.first, span.end)).get("", {})


def _line(figure: Figure, run: Sequence[Counts | None], year: Counts | None, span: Span, last: Span) -> Line:
    values = tuple(value_of(figure, counts) for counts in run)
    above, below = figure.sums(run[-1] or {}) if run[-1] else (None, None)
    ago = value_of(figure, year)
    return Line(
        figure,
        values[-1],
        above,
        below,
        values[-2],
        _change(values[-1], values[-2]),
        ago,
        _change(values[-1], ago),
        values,
        aim_of(figure, span.last),
        address(figure.rows, span),
        address(figure.base_rows, span),
        address(figure.rows, last),
    )


def value_of(figure: Figure, counts: Counts | None) -> Decimal | None:
    """A period without any row: nothing was counted, so a plain count is nought; everything else is unknown."""
    if counts is None:
        return Decimal(0) if not figure.below and figure.unit == "count" else None
    return figure.value(counts)


def _change(now: Decimal | None, before: Decimal | None) -> Decimal | None:
    """By how much it has changed, as a ratio of what it was; None over nought (a dash, never +∞)."""
    if now is None or before is None or before == 0:
        return None
    return (now - before) / before


def aim_of(figure: Figure, day: date) -> Aim | None:
    """The handbook's target on that day; None where the pack has none."""
    if not figure.target:
        return None
    try:
        found = site_handbook().on(day).figure(figure.target)
        body = site_handbook().entry(FIGURES, figure.target)
    except NoSuchEntry:
        return None
    at_least = body.boundary == "at_least" or (body.boundary != "at_most" and figure.more_is_better is not False)
    return Aim(Decimal(found.value), at_least, " ".join(body.clauses) if body.source == "stated" else body.source)


def address(rows: Rows | None, span: Span, by: str = "", code: str = "") -> str:
    """The list behind a number; "" where there is none, or where it does not know the group."""
    if rows is None or (by and by not in rows.group):
        return ""
    try:
        path = reverse(rows.url)
    except NoReverseMatch:
        return ""
    asked = {**rows.query, "from": span.first.isoformat(), "to": span.last.isoformat()}
    if by:
        asked[rows.group[by]] = code
    return f"{path}?{urlencode(asked)}"


def groups_of(source: Source, user: Any, span: Span, by: str) -> list[Group]:
    """The figures by a grouping, the largest first. One question to the source, one for the names."""
    told = source.tally(ask(user, span.first, span.end, by))
    names = labels(source, by, list(told))
    aims = [(one, aim_of(one, span.last)) for one in declared.figures_of(source)]
    found = []
    for code, counts in told.items():
        values = tuple(one.value(counts) for one, _aim in aims)
        cells = tuple(
            (
                text_of(one, value),
                "bad" if aim and aim.met(value) is False else "",
                address(one.rows, span, by, code) if code else "",
            )
            for (one, aim), value in zip(aims, values, strict=True)
        )
        found.append(Group(code, names.get(code) or code or nobody(by), cells, values))
    return sorted(found, key=_size, reverse=True)[:MOST_GROUPS]


def _size(one: Group) -> tuple[Decimal, str]:
    return one.values[0] if one.values and one.values[0] is not None else Decimal(-1), one.label


def labels(source: Source, by: str, codes: Sequence[str]) -> dict[str, str]:
    """Names of the groups in the reader's language."""
    if by == declared.TEAM:
        return dict(people.team_choices())
    if by == declared.PERSON:
        return {code: f"{name} {code}" for code, name in people.names_of([one for one in codes if one]).items()}
    return {code: str(name) for code, name in (source.labels(by, codes) if source.labels else {}).items()}


def nobody(by: str) -> str:
    """What stands for rows of no group."""
    return {declared.TEAM: _("No team"), declared.PERSON: _("Nobody named")}.get(by, _("Not said"))


def group_label(source: Source, by: str) -> str:
    """What a grouping is called."""
    known = {
        declared.TEAM: _("By team"),
        declared.PERSON: _("By person"),
        declared.DEPARTMENT: _("By department"),
    }
    return known.get(by) or str(source.group_names.get(by, by))


def sources_for(user: Any) -> list[Source]:
    """The sources whose figures the person may see and that have any."""
    return [one for one in declared.sources() if not one.capability or user.may(one.capability)]
