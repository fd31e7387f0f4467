# SPDX-License-Identifier: Apache-2.0
"""Figures for programs: the same questions, narrowing and numbers as on the pages and in `zuoxi figures`."""

from datetime import UTC, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from ninja.errors import HttpError
from pydantic import AwareDatetime, Field

from zuoxi.reporting import definitions, selectors
from zuoxi.reporting.access import REPORTS
from zuoxi.reporting.facts import FigureQuery, FigureRow, WrongQuestion
from zuoxi.reporting.visibility import narrowed
from zuoxi.web.access import may, open_to_programs

router = Router(tags=["reporting"])
Several = Annotated[list[str], Field(default_factory=list, max_length=50)]


class FigureAsked(Schema):
    """`since` inclusive, `until` exclusive. `by`: a period, queue, agent, team or reason; several times for several.

    `reading` is "figure=reading"; thresholds are seconds, those of the handbook where they are not given.
    """

    since: AwareDatetime
    until: AwareDatetime
    by: Several
    figure: Several
    reading: Several
    queue: Several
    agent: Several
    threshold: int | None = Field(None, ge=0, le=3600)
    short_abandon: int | None = Field(None, ge=0, le=3600)


class FigureOut(Schema):
    """`value` null: nothing to divide by, or not known. A count has no denominator."""

    id: str
    version: int
    value: float | None
    numerator: float | None
    denominator: float | None
    unit: str


class IncompleteOut(Schema):
    """Why a group's figures rest on incomplete data; all nought when they do not."""

    unknown_windows: int
    unknown_calls: int
    doubted_calls: int
    quarantined: int
    unknown_seconds: int


class GroupOut(Schema):
    group: dict[str, str]
    figures: list[FigureOut]
    incomplete: IncompleteOut


class FiguresOut(Schema):
    threshold: int
    short_abandon: int
    readings: dict[str, str]
    groups: list[GroupOut]


class ReadingOut(Schema):
    id: str
    formula: str


class DefinitionOut(Schema):
    id: str
    version: int
    name: str
    unit: str
    readings: list[ReadingOut]
    exclusions: str
    attribution: str


@router.get("/figures", response=FiguresOut)
@open_to_programs("reporting.read")
@may(REPORTS.code)
def figures(request: HttpRequest, asked: Query[FigureAsked]) -> dict[str, Any]:
    """Figures of a time in groups."""
    try:
        query = narrowed(_query(asked), request.user)
        rows = selectors.figures(query, datetime.now(UTC))
    except WrongQuestion as error:
        raise HttpError(422, str(error)) from error
    return {
        "threshold": query.threshold,
        "short_abandon": query.short_abandon,
        "readings": {one.id: query.readings.get(one.id) or one.default for one in definitions.chosen(query.figures)},
        "groups": [_group(row) for row in rows],
    }


def _query(asked: FigureAsked) -> FigureQuery:
    given = {name: value for name in ("threshold", "short_abandon") if (value := getattr(asked, name)) is not None}
    readings = dict(definitions.reading_asked(text) for text in asked.reading)
    return selectors.default_query(
        asked.since,
        asked.until,
        by=tuple(asked.by),
        figures=tuple(asked.figure),
        readings=readings,
        queues=frozenset(asked.queue) or None,
        agents=frozenset(asked.agent) or None,
        **given,
    )


def _group(row: FigureRow) -> dict[str, Any]:
    return {"group": dict(row.group), "figures": list(row.figures.values()), "incomplete": row.incomplete}


@router.get("/definitions", response=list[DefinitionOut])
@open_to_programs("reporting.read")
@may(REPORTS.code)
def definition_list(request: HttpRequest) -> list[dict[str, Any]]:
    """Every figure in each of its readings, in the reader's language."""
    return [
        {
            "id": one.id,
            "version": one.version,
            "name": str(one.name),
            "unit": one.unit,
            "readings": [{"id": name, "formula": str(told.formula)} for name, told in one.readings.items()],
            "exclusions": str(one.exclusions),
            "attribution": str(one.attribution),
        }
        for one in definitions.FIGURES
    ]
