# SPDX-License-Identifier: Apache-2.0
"""What the rules of training judge."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from zuoxi.policy import facts as must


@dataclass(frozen=True, slots=True)
class TraineeLatenessFacts:
    """How often a trainee has come late without a cause, this time with them."""

    unexcused: int

    def __post_init__(self) -> None:
        must.must_not_be_negative("unexcused", self.unexcused)


@dataclass(frozen=True, slots=True)
class TraineeAbsenceFacts:
    """Minutes of lessons missed without a cause, all of the course together."""

    minutes: Decimal

    def __post_init__(self) -> None:
        must.must_not_be_negative("minutes", self.minutes)


@dataclass(frozen=True, slots=True)
class AgeFacts:
    """Somebody who is to begin on a day, in selling (`sales`) or another post."""

    born_on: date
    joins_on: date
    post: Literal["sales", "other"]

    def __post_init__(self) -> None:
        must.must_not_precede("joins_on", self.joins_on, self.born_on, "the birth")


@dataclass(frozen=True, slots=True)
class SummaryFacts:
    """A training that has ended."""

    ended_on: date
    kind: Literal["pre_job", "other"]


@dataclass(frozen=True, slots=True)
class SeasonFacts:
    """A day that may lie in the tax season."""

    on: date
