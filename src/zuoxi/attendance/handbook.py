# SPDX-License-Identifier: Apache-2.0
"""What packs say about records of attendance: the causes that may excuse."""

from __future__ import annotations

from typing import Literal

from zuoxi.policy.entries import Body, Label, section

Scope = Literal["centre", "team", "person"]


class ExcuseCauseBody(Body):
    """A cause that may excuse a lateness, or (`missing`) a record that is missing.

    `scope`: for whom one excuse may be put forward. `record` says what proves it (null: nothing has to). `notice`:
    the superior has to be told in time.
    """

    clauses: tuple[str, ...] = ()
    gap: str = ""
    label: Label
    scope: tuple[Scope, ...] = ("person",)
    record: Label | None = None
    notice: bool = True
    missing: bool = False


CAUSES = section("excuse_causes", ExcuseCauseBody)
