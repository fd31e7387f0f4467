# SPDX-License-Identifier: Apache-2.0
"""What people complain about and praise, as packs write it: sections `complaint_kinds` and `praise_kinds`."""

from __future__ import annotations

from typing import Literal

from zuoxi.policy.entries import Body, Label, section
from zuoxi.policy.handbook import Handbook


class ComplaintKindBody(Body):
    """One kind. `about`: what it is about unless somebody says otherwise. `grave`: grave by itself. `training`: what
    whoever is at fault has to learn ("": nothing)."""

    label: Label
    about: Literal["person", "process", "goods", "other"] = "other"
    grave: bool = False
    training: str = ""
    clauses: tuple[str, ...] = ()
    order: int = 100


class PraiseKindBody(Body):
    label: Label
    clauses: tuple[str, ...] = ()
    order: int = 100


class TrainingTopicBody(Body):
    label: Label
    order: int = 100


COMPLAINT_KINDS = section("complaint_kinds", ComplaintKindBody)
PRAISE_KINDS = section("praise_kinds", PraiseKindBody)
TRAINING_TOPICS = section("complaint_training", TrainingTopicBody)


def kinds_of(handbook: Handbook) -> dict[str, ComplaintKindBody]:
    """The pack's kinds in their order."""
    return dict(sorted(handbook.entries(COMPLAINT_KINDS).items(), key=lambda one: (one[1].order, one[0])))


def praise_kinds_of(handbook: Handbook) -> dict[str, PraiseKindBody]:
    return dict(sorted(handbook.entries(PRAISE_KINDS).items(), key=lambda one: (one[1].order, one[0])))


def topics_of(handbook: Handbook) -> dict[str, TrainingTopicBody]:
    return dict(sorted(handbook.entries(TRAINING_TOPICS).items(), key=lambda one: (one[1].order, one[0])))
