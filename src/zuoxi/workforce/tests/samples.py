# SPDX-License-Identifier: Apache-2.0
"""One object behind each address, for the test of doors."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from zuoxi.people.selectors import staff_by_code
from zuoxi.workforce.models import (
    HandoverNote,
    OvertimeCall,
    OvertimeList,
    PlannedBreak,
    PostPair,
    Roster,
    ShiftAssignment,
    ShiftSwap,
)
from zuoxi.workforce.scenario_models import WhatIf, WhatIfCourse
from zuoxi.workforce.today_models import IntradayDecision
from zuoxi.workforce.wish_models import RosterWish


def samples(world: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Rows about the sample agent, whom everybody with a reach sees."""
    now = timezone.now()
    today = timezone.localdate(now)
    month = today.replace(day=1)
    agent, leader = world["agent"], staff_by_code("TSRL")
    roster = Roster.objects.create(
        month=month, project=world["project"], team=world["team"], state="published", version=1
    )
    shift = ShiftAssignment.objects.create(
        roster=roster, staff=agent, day=today, template="E", clock="08:00-16:30", starts_at=now - timedelta(hours=1),
        ends_at=now + timedelta(hours=7),
    )  # fmt: skip
    pause = PlannedBreak.objects.create(shift=shift, kind="break", starts_at=now, ends_at=now + timedelta(minutes=5))
    overtime = OvertimeList.objects.create(
        project=world["project"], team=world["team"], day=today, clock="18:00-20:00", starts_at=now,
        ends_at=now + timedelta(hours=2), reason="peak", made_by=leader, made_at=now,
    )  # fmt: skip
    call = OvertimeCall.objects.create(list=overtime, staff=agent)
    swap = ShiftSwap.objects.create(
        kind="peer", applicant=leader, peer=agent, given_day=today, taken_day=today, month=month, asked_at=now
    )
    note = HandoverNote.objects.create(
        occasion="shift", day=today, giver=leader, taker=agent, tickets="none", given_at=now
    )
    pair = PostPair.objects.create(duty="keys", a=agent, b=leader, from_on=today)
    text = f"{month:%Y-%m}"
    months = ("board", "cells", "undo", "write", "copy", "need_of", "make_need", "read", "solve", "solve_start",
              "solve_progress")  # fmt: skip
    found: dict[str, dict[str, Any]] = {f"workforce:{name}": {"month": text} for name in months}
    for name in ("roster", "publish", "file"):
        found[f"workforce:{name}"] = {"pk": roster.pk}
    for name in ("overtime_list", "overtime_agree", "overtime_announce", "overtime_cancel"):
        found[f"workforce:{name}"] = {"pk": overtime.pk}
    found["workforce:move_break"] = {"pk": pause.pk}
    found["workforce:end_pair"] = {"pk": pair.pk}
    found["workforce:answer_swap"] = {"pk": swap.pk}
    found["workforce:answer_overtime"] = {"pk": call.pk}
    wish = RosterWish.objects.create(staff=agent, day=today, asked_at=now)
    found["workforce:withdraw_wish"] = {"pk": wish.pk}
    found["workforce:wishes"] = {"month": text}
    found["workforce:wishes_file"] = {"month": text, "form": "csv"}
    found["workforce:take_over"] = {"pk": note.pk}
    decision = IntradayDecision.objects.create(
        day=today, kind="breaks", fingerprint="0" * 64, by=leader, at=now, done={"breaks": []},
        said={"kind": "breaks", "day": today.isoformat(), "since": now.isoformat(), "until": now.isoformat(),
              "staff": [agent.pk], "items": [], "effect": {}},
    )  # fmt: skip
    decision.staff.set([agent])
    found["workforce:intraday_undo"] = {"pk": decision.pk}
    found["workforce:intraday_chart"] = {"what": "service"}
    found["workforce:intraday_file"] = {"form": "csv"}
    found["workforce:staffing_file"] = {"form": "csv"}
    what_if = WhatIf.objects.create(name="plan", first=today, made_at=now)
    for name in ("", "_play", "_progress", "_course", "_change"):
        found[f"workforce:what_if{name}"] = {"pk": what_if.pk}
    found["workforce:what_if_export"] = {"pk": what_if.pk, "form": "csv"}
    found["workforce:what_if_drop"] = {"pk": WhatIfCourse.objects.create(what_if=what_if, name="plan").pk}
    found["workforce:feed"] = {"token": "none"}
    return found
