# SPDX-License-Identifier: Apache-2.0
"""What packs say about leave: its kinds, the papers they need, and how those are counted and limited."""

from __future__ import annotations

from typing import Literal

from pydantic import StrictBool

from zuoxi.policy.entries import Body, Label, section
from zuoxi.policy.handbook import Handbook
from zuoxi.policy.selectors import site_handbook

Unit = Literal["day", "half_day", "hours"]


class LeaveDocumentBody(Body):
    """A paper. `due`: from when `within` (a figure in working days, days or hours) runs; "with_request" has none.

    `only`: for emergencies, or for what was planned; `from_days`: a figure, asked from so many days of leave on.
    """

    clauses: tuple[str, ...] = ()
    label: Label
    due: Literal["with_request", "absence_began", "back_at_work"] = "back_at_work"
    within: str = ""
    only: Literal["", "emergency", "planned"] = ""
    from_days: str = ""


class LeaveKindBody(Body):
    """A kind of leave.

    `route` is its kind in the rule `leave.route`; `count` whether it takes rostered days or every day of the calendar;
    `paid` null: not known here; `paid_days_a_month`: a figure, so many days of it are paid in a month. `balance`: it is
    taken from the ledger of that kind. `most_days`, `notice_days`, `after_years`, `times_a_month`, `supplement_hours`
    name figures. `form`: what its paper form is called. `phone_first`: a leader writes it down after a call.
    `uses_place` false: it takes no place of the day. `stand_in`: who takes over the post must be named, and must not be
    away himself. `law`: where its entitlement comes from.
    """

    clauses: tuple[str, ...] = ()
    label: Label
    about: Label
    route: Literal["personal", "sick", "other"] = "other"
    order: int = 100
    units: tuple[Unit, ...] = ("day", "half_day")
    count: Literal["rostered", "calendar"] = "rostered"
    paid: StrictBool | None = None
    paid_days_a_month: str = ""
    balance: bool = False
    most_days: str = ""
    most_days_in: Literal["leave", "year"] = "leave"
    notice_days: str = ""
    supplement_hours: str = ""
    after_years: str = ""
    times_a_month: str = ""
    documents: tuple[str, ...] = ()
    form: Label | None = None
    channels: tuple[Literal["system", "in_person", "phone"], ...] = ("system", "in_person")
    phone_first: bool = False
    uses_place: bool = True
    stand_in: StrictBool = False
    law: Label | None = None


LEAVE_KINDS = section("leave_kinds", LeaveKindBody)
LEAVE_DOCUMENTS = section("leave_documents", LeaveDocumentBody)


def kinds_of(handbook: Handbook) -> dict[str, LeaveKindBody]:
    """Every kind of the handbook by code, in the order in which they are offered."""
    return dict(sorted(handbook.entries(LEAVE_KINDS).items(), key=lambda pair: (pair[1].order, pair[0])))


def kind_label(code: str) -> Label | str:
    """What people call a kind; the code itself where the pack no longer has it."""
    found = site_handbook().entries(LEAVE_KINDS).get(code)
    return found.label if found else code
