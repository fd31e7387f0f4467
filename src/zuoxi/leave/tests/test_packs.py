# SPDX-License-Identifier: Apache-2.0
"""Leave under other packs: Chengdu's paid sick day and lost annual leave, personnel's shifts and first day back,
telesales' note, the window's medical record."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from zuoxi.approvals import services as approvals
from zuoxi.approvals.models import Paper
from zuoxi.leave import services
from zuoxi.leave.kinds import LEAVE_DOCUMENTS, LEAVE_KINDS
from zuoxi.leave.ledger import balance_of
from zuoxi.leave.models import Leave, LeaveDay
from zuoxi.leave.tests.making import MONDAY, at, granted, house
from zuoxi.policy.handbook import handbook_of
from zuoxi.policy.packs import pack_codes

DAY = timedelta(days=1)
NOW = at(MONDAY - 7 * DAY, 10)


@pytest.fixture
def centre(db):
    return house()


def grant(staff, *, now=NOW, **more):
    """Ask, and let whoever is asked agree."""
    said = {
        "kind": "personal",
        "first_on": MONDAY,
        "last_on": MONDAY,
        "reason": "家中有事",
        "handover": "交班长",
    } | more
    request = services.ask(staff, said, by=staff.user, now=now)
    for _step in range(5):
        request.refresh_from_db()
        step = request.signatures.filter(state="open").first()
        if step is None:
            break
        approvals.decide(request, by=step.approver.user, verdict="approve", now=now)
    return request


@pytest.mark.once
@pytest.mark.parametrize(
    "pack", [one for one in pack_codes() if one not in ("base", "statutory", "security", "incident")]
)
def test_every_kind_of_every_trade_names_papers_and_figures_that_exist(pack):
    handbook = handbook_of(pack)
    reading = handbook.on(MONDAY)
    papers = handbook.entries(LEAVE_DOCUMENTS)
    for body in handbook.entries(LEAVE_KINDS).values():
        assert set(body.documents) <= set(papers)
        named = ("paid_days_a_month", "most_days", "notice_days", "supplement_hours", "after_years", "times_a_month")
        for figure in filter(None, (getattr(body, name) for name in named)):
            assert reading.number(figure) >= 0
    for paper in papers.values():
        for figure in filter(None, (paper.within, paper.from_days)):
            assert reading.number(figure) >= 0


@pytest.mark.clause("ATT-028", "PAY-010")
def test_one_sick_day_a_month_is_paid_and_a_leave_over_two_months_has_one_in_each(centre, settings):
    settings.PACK = "chengdu"
    end = MONDAY + 28 * DAY  # Monday the 30th of November
    grant(centre.agent, kind="sick", first_on=end, last_on=end + 2 * DAY)
    assert list(LeaveDay.objects.values_list("day", "paid")) == [(end, True), (end + DAY, True), (end + 2 * DAY, False)]
    assert Leave.objects.get().paid is None
    grant(centre.agent, kind="sick", first_on=end + 7 * DAY, last_on=end + 7 * DAY)
    assert LeaveDay.objects.get(day=end + 7 * DAY).paid is False


@pytest.mark.clause("ATT-028", "PAY-009")
@pytest.mark.parametrize(("taken", "left"), [(6, 5), (7, 0)])
def test_the_eighth_day_of_personal_leave_in_a_month_costs_the_annual_leave(centre, settings, taken, left):
    settings.PACK = "chengdu"
    granted(centre.agent, MONDAY + 7 * DAY, taken)
    assert balance_of(centre.agent, "annual", MONDAY).left == 5
    grant(centre.agent)
    assert balance_of(centre.agent, "annual", MONDAY).left == Decimal(left)
    assert centre.agent.notices.filter(text_zh__contains="取消当年年假").exists() is (left == 0)


@pytest.mark.clause("ATT-032")
@pytest.mark.parametrize(("emergency", "paper"), [(False, "medical_record"), (True, "emergency_registration")])
def test_the_record_is_due_on_the_first_day_back(centre, settings, emergency, paper):
    settings.PACK = "personnel"
    request = grant(centre.agent, kind="sick", emergency=emergency)
    due = dict(Paper.objects.filter(request=request).values_list("code", "due_at"))
    assert due[paper] == at(MONDAY + 2 * DAY, 0)  # back on Tuesday, until its last moment


@pytest.mark.clause("ATT-036")
def test_telesales_asks_by_telephone_in_a_hurry_and_the_note_follows_in_a_working_day(centre, settings):
    settings.PACK = "telesales"
    request = grant(centre.agent, channel="phone", emergency=True, now=at(MONDAY, 8), by=centre.supervisor)
    assert dict(Paper.objects.filter(request=request).values_list("code", "due_at")) == {
        "leave_note": at(MONDAY + 3 * DAY, 0)
    }
    grant(centre.agent, first_on=MONDAY + DAY, last_on=MONDAY + DAY)
    assert Paper.objects.count() == 1


@pytest.mark.clause("ATT-034")
@pytest.mark.parametrize(("days", "asked"), [(2, False), (3, True)])
def test_the_window_wants_the_record_beyond_two_days(centre, settings, days, asked):
    settings.PACK = "gov_window"
    request = grant(centre.agent, kind="sick", last_on=MONDAY + (days - 1) * DAY)
    assert Paper.objects.filter(request=request, code="medical_record").exists() is asked


@pytest.mark.clause("SCH-024")
def test_a_stand_in_who_is_away_is_refused(centre, settings):
    settings.PACK = "gov_window"
    granted(centre.other, MONDAY)
    with pytest.raises(services.Refused):
        grant(centre.agent, stand_in="1002")
    with pytest.raises(services.Refused):
        grant(centre.agent)
    grant(centre.agent, stand_in="1003")
    assert Leave.objects.get(staff=centre.agent).stand_in == centre.third


@pytest.mark.clause("SCH-008")
def test_personnel_counts_places_by_shift(centre, settings):
    settings.PACK = "personnel"
    request = services.ask(
        centre.agent, {"kind": "personal", "first_on": MONDAY, "last_on": MONDAY, "reason": "x"},
        by=centre.agent.user, now=NOW,
    )  # fmt: skip
    assert request.finding["details"]["fine_yuan"] == "0"
