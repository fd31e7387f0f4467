# SPDX-License-Identifier: Apache-2.0
"""How many people a post takes, as packs write it (section `staffing`), and whether it has them."""

from __future__ import annotations

from dataclasses import dataclass

from zuoxi.policy import facts as must
from zuoxi.policy.entries import Body, Label, section
from zuoxi.policy.findings import Finding
from zuoxi.policy.handbook import Reading
from zuoxi.policy.rulebook import Impossible, rule


class PostBody(Body):
    """A post; `least` and `most` are figures (none: no such limit)."""

    clauses: tuple[str, ...] = ()
    gap: str = ""
    post: str
    label: Label
    least: str = ""
    most: str = ""


class StaffingBody(Body):
    clauses: tuple[str, ...] = ()
    gap: str = ""
    label: Label
    posts: tuple[PostBody, ...]


STAFFING = section("staffing", StaffingBody)


@dataclass(frozen=True, slots=True)
class PostFacts:
    """People who hold a post of the pack."""

    post: str
    people: int

    def __post_init__(self) -> None:
        must.must_not_be_negative("people", self.people)


@rule(
    "staffing.post",
    outcomes=("enough", "short", "too_many"),
    needs=("staffing:staffing.post",),
    clauses=("ORG-044", "ORG-045", "SCH-026"),
)
def judge_post(facts: PostFacts, reading: Reading) -> Finding:
    """Whether a post has as many people as its rules ask, both limits included."""
    body = reading.entry(STAFFING, "staffing.post")
    post = next((one for one in body.posts if one.post == facts.post), None)
    if post is None:
        raise Impossible("post", f"this pack knows {', '.join(one.post for one in body.posts)}")
    reading.note(*post.clauses, gap=post.gap)
    least = reading.figure(post.least) if post.least else None
    most = reading.figure(post.most) if post.most else None
    outcome = "enough"
    if least is not None and facts.people < least.value:
        outcome = "short"
    elif most is not None and facts.people > most.value:
        outcome = "too_many"
    limits = "–".join(one.text if one else "…" for one in (least, most))
    return reading.finding(
        "staffing.post", outcome, zh=post.label.zh, en=post.label.en, people=facts.people, limits=limits
    )
