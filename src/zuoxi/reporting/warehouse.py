# SPDX-License-Identifier: Apache-2.0
"""Closed days in columns (placeholder until the loader stands)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo

from zuoxi.reporting.cells import Cells
from zuoxi.reporting.compilation import Membership
from zuoxi.reporting.facts import FigureQuery


def split(query: FigureQuery, zone: tzinfo) -> tuple[list[str], list[FigureQuery]]:
    return [], [query]


def compute(query: FigureQuery, days: Sequence[str], zone: tzinfo, now: datetime, teams: Sequence[Membership]) -> Cells:
    raise NotImplementedError
