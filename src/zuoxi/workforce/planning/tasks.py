# SPDX-License-Identifier: Apache-2.0
"""Working out a roster takes minutes; stopping it keeps the best so far."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zuoxi.jobs.registry import task
from zuoxi.jobs.running import Cancelled, GiveUp, Run
from zuoxi.workforce.planning.solving import TASK, CannotSolve, solve_month


@task(TASK, _("Work out a month's roster"), lease=300, attempts=2)
def solve(
    run: Run, month: str, units: list[list[int | None]], keep: bool, by_code: str, *, seconds: float | None = None
) -> dict[str, Any]:
    """Write the draft of the best roster found until the end or until somebody stops it."""
    halted = False

    def progress(done: int, total: int, message: str) -> None:
        nonlocal halted
        try:
            run.progress(done, total, message)
        except Cancelled:
            halted = True

    first = date.fromisoformat(month)
    wanted = [(int(one[0] or 0), one[1]) for one in units]
    try:
        result = solve_month(
            first,
            wanted,
            keep=keep,
            by=by_code,
            now=timezone.now(),
            progress=progress,
            stopped=lambda: halted,
            seconds=seconds,
        )
    except CannotSolve as why:
        raise GiveUp(why.kept) from why
    return result | {"result_url": reverse("workforce:solve", args=[f"{first:%Y-%m}"])}
