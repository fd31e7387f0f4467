# SPDX-License-Identifier: Apache-2.0
"""How long a service may take, as packs write it: section `deadlines`, one entry `service.deadline`."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from zuoxi.policy.entries import Body, Label, section


class DeadlineBody(Body):
    """One kind of service, by `kind` or another word for it (`also`).

    `within` is a figure in working days, hours or minutes, as `counts` says; "same_day" has none: until the end of the
    day on which it was received. Working days begin with the day after, and their last one counts to its end.
    """

    kind: str
    also: tuple[str, ...] = ()
    clauses: tuple[str, ...] = ()
    gap: str = ""
    label: Label
    counts: Literal["working_days", "hours", "minutes", "same_day"]
    within: str = ""


class DeadlinesBody(Body):
    clauses: tuple[str, ...] = ()
    gap: str = ""
    label: Label
    kinds: tuple[DeadlineBody, ...] = Field(min_length=1)

    def of(self, kind: str) -> DeadlineBody | None:
        return next((one for one in self.kinds if kind == one.kind or kind in one.also), None)


DEADLINES = section("deadlines", DeadlinesBody)
