# SPDX-License-Identifier: Apache-2.0
"""What packs say about customers: grades, where they came from, and what is counted of services."""

from __future__ import annotations

from pydantic import Field

from zuoxi.policy.entries import Body, Label, section


class GradeBody(Body):
    """A grade of customers; `tone` colours its badge."""

    label: Label
    order: int = 100
    tone: str = "accent"


class SourceBody(Body):
    """Where a customer came from."""

    label: Label
    order: int = 100


class ServiceCountBody(Body):
    """Something that is counted in a register. `group` puts kinds together; `parts` must add up to this one.

    `of` names the kind above it in a funnel: its share is shown. `from_visits`: entries name a place.
    `a_day`: the figure that says how many a day are usual; the mean of the days that were counted stands beside it.
    """

    label: Label
    unit: Label
    group: Label
    order: int = 100
    clauses: tuple[str, ...] = ()
    parts: tuple[str, ...] = Field(default=())
    of: str = ""
    about: Label | None = None
    a_day: str = ""


GRADES = section("customer_grades", GradeBody)
SOURCES = section("customer_sources", SourceBody)
COUNTS = section("service_counts", ServiceCountBody)
