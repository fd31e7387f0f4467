# SPDX-License-Identifier: Apache-2.0
"""Posts as a pack describes and calls them: what each answers for, to whom, with what goal."""

from __future__ import annotations

from pydantic import Field

from zuoxi.policy.entries import Body, Label, section


class DutyBody(Body):
    """One thing a post answers for, in own words, with its clauses."""

    say: Label
    clauses: tuple[str, ...] = ()


class PostBody(Body):
    """A post. `position` is the code it is held under here ("" for a body that is no single post: a board, a seat
    type, a list of business). `reports_to`, `also_to` and `appraised_by` are posts in words of the pack."""

    label: Label
    position: str = ""
    order: int = 100
    clauses: tuple[str, ...] = ()
    gap: str = ""
    reports_to: Label | None = None
    also_to: Label | None = None
    appraised_by: Label | None = None
    duties: tuple[DutyBody, ...] = Field(min_length=1)


class PositionNameBody(Label):
    """What a trade calls a position; its rights stay those of the position."""


POSTS = section("posts", PostBody)
POSITION_NAMES = section("position_names", PositionNameBody)
