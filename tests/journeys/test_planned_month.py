# SPDX-License-Identifier: Apache-2.0
"""A month as a planner makes it: worked out, changed by hand, published, and mended when somebody falls ill."""

import re

import pytest
from django.urls import reverse

from zuoxi.approvals.models import Notice
from zuoxi.jobs.running import run_all
from zuoxi.workforce import services
from zuoxi.workforce.models import Roster, RosterChange, ShiftAssignment, StaffingPlan
from zuoxi.workforce.rostering import solve as engine
from zuoxi.workforce.tests.conftest import browse, centre  # noqa: F401

pytestmark = pytest.mark.clause("SCH-002", "SCH-006", "SCH-011", "SCH-018")


def test_a_month_is_worked_out_published_and_mended_after_a_sick_call(centre, browse, monkeypatch):  # noqa: F811
    monkeypatch.setitem(engine.solve.__kwdefaults__, "effort", 60)
    month = f"{centre.month:%Y-%m}"
    # What the month needs: two people from nine to four.
    need = {str(day): [2 if 18 <= half < 32 else 0 for half in range(48)] for day in range(1, 8)}
    StaffingPlan.objects.create(month=centre.month, project=centre.project, result={"need": need}, made_at=centre.now)
    # The deputy has the rosters of both teams worked out.
    planner = browse("8002")
    units = [f"{centre.project.pk}-{team.pk}" for team in centre.teams]
    planner.post(reverse("workforce:solve_start", args=[month]), {"unit": units, "keep": "1"})
    run_all()
    panel = planner.get(reverse("workforce:solve", args=[month])).content.decode()
    roster = Roster.objects.get(month=centre.month, team=centre.teams[0])
    assert roster.state == "draft"
    assert re.search(r"zx-stat", panel)
    # She gives somebody a day of rest by hand, and publishes; nothing stands against the limits.
    cell = ShiftAssignment.objects.filter(roster=roster, staff=centre.staff["1002"], kind="work").first()
    services.edit_cells(
        [services.CellEdit(cell.staff_id, cell.day, "R")], by="8002", now=centre.now, allowed={cell.staff_id}
    )
    for one in Roster.objects.filter(month=centre.month):
        browse("8001").post(reverse("workforce:publish", args=[one.pk]), {})
    roster.refresh_from_db()
    assert (roster.state, roster.version) == ("published", 1)
    # Somebody who works early calls in sick; whoever can take over is proposed.
    ill = ShiftAssignment.objects.filter(roster=roster, kind="work", staff=centre.staff["1001"]).order_by("day")[3]
    planner = browse("8002")
    asked = {"day": ill.day.isoformat(), "staff": ill.staff_id}
    page = planner.get(reverse("workforce:replan"), asked).content.decode()
    offers = re.findall(r'name="take" value="(\d+:\w+)"', page)
    assert len(offers) <= 3
    if offers:
        told = Notice.objects.count()
        planner.post(reverse("workforce:replan_apply"), asked | {"take": offers[:1]})
        change = RosterChange.objects.get(cause="substitute")
        assert (change.staff_id, change.after) == (int(offers[0].split(":")[0]), offers[0].split(":")[1])
        assert change.after_publication
        assert Notice.objects.count() > told
