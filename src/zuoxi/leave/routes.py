# SPDX-License-Identifier: Apache-2.0
"""Who grants leave, as packs write it: section `leave_routes`, one entry `leave.route` that a pack replaces whole."""

from __future__ import annotations

from pydantic import Field

from zuoxi.leave.facts import LeaveKind
from zuoxi.policy.entries import Body, Label, section


class LadderStep(Body):
    """Up to the figure `up_to` (none: however long) these decide, in order, on these papers."""

    clauses: tuple[str, ...] = ()
    up_to: str = ""
    approvers: tuple[str, ...] = Field(min_length=1)
    proof: tuple[str, ...] = ()


class RouteBody(Body):
    """One ladder: whose leave (`applicants`, role words; none: everybody's), of which kinds (none: every kind).

    Days between two steps belong to the longer one. The first route of the list that fits is taken.
    """

    clauses: tuple[str, ...] = ()
    gap: str = ""
    applicants: tuple[str, ...] = ()
    kinds: tuple[LeaveKind, ...] = ()
    steps: tuple[LadderStep, ...] = Field(min_length=1)
    filed_with: tuple[str, ...] = ()


class PapersBody(Body):
    """What proves leave of these kinds, whoever grants it; words of `leave_documents`. `beyond`: a figure in days."""

    clauses: tuple[str, ...] = ()
    gap: str = ""
    kinds: tuple[LeaveKind, ...]
    beyond: str = ""
    proof: tuple[str, ...]


class QuotaBody(Body):
    """So many leaves (`figure`) one duty supervisor, or one shift, may have granted; after that `adds` decides last,
    unless one of `covered_by` decides anyway. `fine_yuan` is a figure. Emergencies are not counted."""

    clauses: tuple[str, ...] = ()
    gap: str = ""
    figure: str
    adds: str
    covered_by: tuple[str, ...] = ()
    fine_yuan: str = ""


class CapBody(Body):
    """With more people than `figure` on leave, `replaced` may not grant and `by` takes the place."""

    clauses: tuple[str, ...] = ()
    gap: str = ""
    figure: str
    replaced: str
    by: str


class AllowanceBody(Body):
    """Days a month (`figure`); beyond them `adds` decides too, unless one of `covered_by` does, with `proof` and
    `fine_yuan_each_day` (a figure)."""

    clauses: tuple[str, ...] = ()
    gap: str = ""
    figure: str
    adds: str
    covered_by: tuple[str, ...] = ()
    proof: tuple[str, ...] = ()
    fine_yuan_each_day: str = ""


class LeaveRoutesBody(Body):
    """Everything about who grants. Whom no route fits is refused: nobody is named who could decide."""

    clauses: tuple[str, ...] = ()
    gap: str = ""
    label: Label
    routes: tuple[RouteBody, ...] = Field(min_length=1)
    papers: tuple[PapersBody, ...] = ()
    quota: QuotaBody | None = None
    cap: CapBody | None = None
    allowance: AllowanceBody | None = None


LEAVE_ROUTES = section("leave_routes", LeaveRoutesBody)
