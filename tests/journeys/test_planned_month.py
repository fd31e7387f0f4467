# SPDX-License-Identifier: Apache-2.0
"""A month as a planner makes it: forecast, staffed, wished for, worked out, played, published, mended when somebody
falls ill, and watched on the day."""

import re
from datetime import datetime, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from zuoxi.approvals.models import Notice
from zuoxi.jobs.running import run_all
from zuoxi.telephony.models import Queue, QueueMembership, QueueVisit, Switch
from zuoxi.workforce import services
from zuoxi.workforce.demand_models import ForecastEdit, ForecastRun
from zuoxi.workforce.models import Roster, RosterChange, ShiftAssignment
from zuoxi.workforce.rostering import solve as engine
from zuoxi.workforce.scenario_models import WhatIf
from zuoxi.workforce.tests.conftest import browse, centre  # noqa: F401
from zuoxi.workforce.units import month_end
from zuoxi.workforce.wish_models import RosterWish

pytestmark = pytest.mark.clause("SCH-001", "SCH-002", "SCH-006", "SCH-011", "SCH-018")
AGENTS = ("1001", "1002", "1003", "1101")


@pytest.fixture
def history(centre):  # noqa: F811
    """Five weeks in which somebody called every five minutes from nine to four, three minutes each."""
    switch = Switch.objects.create(name="lab", kind=Switch.Kind.SIMULATOR)
    queue = Queue.objects.create(
        switch=switch, code="sales", name_zh="订购", name_en="Sales", project=centre.project, target_seconds=20,
        target_percent=80, wrap_seconds=20,
    )  # fmt: skip
    QueueMembership.objects.bulk_create([QueueMembership(queue=queue, staff=centre.staff[code]) for code in AGENTS])
    today, rows = timezone.localdate(), []
    for back in range(1, 36):
        opened = timezone.make_aware(datetime.combine(today - timedelta(days=back), time(9)))
        for call in range(84):
            entered = opened + timedelta(minutes=5 * call)
            rows.append(
                QueueVisit(
                    call_id=len(rows) + 1, seq=0, queue="sales", agent="1001", entered_at=entered,
                    left_at=entered + timedelta(minutes=3), outcome="answered", wait_seconds=4, talk_seconds=160,
                )
            )  # fmt: skip
    QueueVisit.objects.bulk_create(rows)
    return centre


def test_a_month_is_forecast_staffed_worked_out_played_published_and_mended(history, browse, monkeypatch):  # noqa: F811
    monkeypatch.setitem(engine.solve.__kwdefaults__, "effort", 60)
    centre = history  # noqa: F811
    month, planner = f"{centre.month:%Y-%m}", browse("8002")
    # The forecast of the month is made from the ledger, and changed where the planner knows better.
    planner.post(reverse("workforce:forecast_make"), {"last": month_end(centre.month).isoformat(), "queue": "sales"})
    run_all()
    assert ForecastRun.objects.get(queue="sales").last == month_end(centre.month)
    day = centre.day(8)
    changed = {"since": "10:00", "until": "12:00", "kind": "factor", "value": "1.5", "reason": "首播"}
    planner.post(f"{reverse('workforce:forecast_edit')}?queue=sales", changed | {"day": day.isoformat()})
    assert ForecastEdit.objects.get().value == 1.5
    # What each half hour takes.
    needed = planner.get(reverse("workforce:staffing"), {"day": day.isoformat()})
    assert needed.context["most"] > 0
    # An agent has wished a day off; it was in time.
    RosterWish.objects.create(staff=centre.staff["1002"], day=centre.day(9), asked_at=centre.now, reason="家长会")
    # The deputy has the rosters of both teams worked out.
    units = [f"{centre.project.pk}-{team.pk}" for team in centre.teams]
    planner.post(reverse("workforce:solve_start", args=[month]), {"unit": units, "keep": "1"})
    run_all()
    panel = planner.get(reverse("workforce:solve", args=[month])).content.decode()
    roster = Roster.objects.get(month=centre.month, team=centre.teams[0])
    assert roster.state == "draft"
    assert re.search(r"zx-stat", panel)
    assert RosterWish.objects.get().weighed_at
    assert planner.get(reverse("workforce:wishes", args=[month])).context["count"] == 1
    # She gives somebody a day of rest by hand, and plays two days of the draft before it goes out.
    cell = ShiftAssignment.objects.filter(roster=roster, staff=centre.staff["1002"], kind="work").first()
    services.edit_cells(
        [services.CellEdit(cell.staff_id, cell.day, "R")], by="8002", now=centre.now, allowed={cell.staff_id}
    )
    planner.post(reverse("workforce:what_ifs"), {"name": "草稿", "first": day.isoformat(), "days": "2"})
    what_if = WhatIf.objects.get()
    planner.post(reverse("workforce:what_if_course", args=[what_if.pk]), {"name": "草稿班表", "people": "written"})
    planner.post(reverse("workforce:what_if_play", args=[what_if.pk]))
    run_all()
    drafted = what_if.courses.get(name="草稿班表")
    assert drafted.outcome["all"]["offered"] > 0
    assert planner.get(reverse("workforce:what_if", args=[what_if.pk])).status_code == 200
    # It is published; nothing stands against the limits, and the agent reads what became of his wish.
    for one in Roster.objects.filter(month=centre.month):
        browse("8001").post(reverse("workforce:publish", args=[one.pk]), {})
    roster.refresh_from_db()
    assert (roster.state, roster.version) == ("published", 1)
    answered = browse("1002").get(reverse("workforce:my_wishes")).context
    assert (len(answered["waiting_for"]), len(answered["answered"])) == (0, 1)
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
    # The day itself is watched.
    board = planner.get(reverse("workforce:intraday"))
    assert board.context["picture"].forecast
    assert board.context["expected"] > 0
