# SPDX-License-Identifier: Apache-2.0
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from zuoxi.people import services
from zuoxi.people.headcount import headcount_events, headcount_lines
from zuoxi.people.models import Handover, HeadcountConfirmation, Loan, PlannedChange, User
from zuoxi.people.selectors import loans_between, scope_of
from zuoxi.people.tests.conftest import DAY

MONTH = date(2026, 4, 1)
NOW = datetime(2026, 4, 20, 2, tzinfo=UTC)


def lines(month=MONTH, scope=None):
    found = headcount_lines(month, headcount_events(month, scope), scope)
    return {line.team.code if line.team else "": line for line in found}


@pytest.fixture
def centre(house):
    for code, position, *place in (
        ("dir", "DIR"),
        ("hr", "HR"),
        ("om", "OM", None, "A"),
        ("tsrs", "TSRS", ["a1", "a2"]),
        ("tsrl", "TSRL", "a1"),
        ("t1", "TSR", "a1"),
        ("t2", "TSR", "a2"),
        ("c1", "CSR", "b1"),
    ):
        house.hire(code, position, *place)
    User.objects.update(must_change_password=False)
    with time_machine.travel(NOW, tick=False):
        yield house


def move(house, code, team, on):
    staff = house.user(code).staff_member
    return services.transfer(staff, [house.placement("TSR", team)], on, signed_on=on)


@pytest.mark.clause("ORG-021")
def test_a_month_adds_up_from_its_comings_and_goings(centre):
    centre.hire("new", "TSR", "a1", on=date(2026, 4, 8))
    move(centre, "t1", "a2", date(2026, 4, 10))
    found = lines()
    assert found["a1"].counts == {"joined": 1, "left": 0, "moved_in": 0, "moved_out": 1}
    assert found["a2"].counts == {"joined": 0, "left": 0, "moved_in": 1, "moved_out": 0}
    assert [(line.opening, line.closing) for line in (found["a1"], found["a2"])] == [(3, 3), (2, 3)]


@pytest.mark.clause("ORG-021")
def test_who_joins_and_leaves_within_a_month_counts_twice(centre):
    staff = centre.hire("brief", "TSR", "a1", on=date(2026, 4, 8))
    services.leave_company(staff, date(2026, 4, 18), today=date(2026, 4, 20))
    assert lines()["a1"].counts == {"joined": 1, "left": 1, "moved_in": 0, "moved_out": 0}


@pytest.mark.clause("ORG-021")
@pytest.mark.parametrize(("day", "april", "may"), [(date(2026, 4, 30), 1, 0), (date(2026, 5, 1), 0, 1)])
def test_a_change_counts_in_the_month_of_its_effect(centre, day, april, may):
    services.leave_company(centre.user("t1").staff_member, day, today=date(2026, 4, 20))
    after = lines(date(2026, 5, 1))
    assert (lines()["a1"].counts["left"], after["a1"].counts["left"]) == (april, may)


@pytest.mark.clause("ORG-021")
def test_a_leader_sees_and_confirms_his_own_team_once(centre, client):
    client.force_login(centre.user("tsrl"), "django.contrib.auth.backends.ModelBackend")
    page = reverse("people:headcount")
    assert "a1" in client.get(page).text
    confirm = reverse("people:confirm_headcount", args=["a1"])
    for _ in range(2):
        client.post(f"{confirm}?month=2026-04")
    assert HeadcountConfirmation.objects.get().month == MONTH
    assert client.post(reverse("people:confirm_headcount", args=["a2"])).status_code == 403
    scope = scope_of(centre.user("tsrl"), date(2026, 4, 20))
    assert set(lines(scope=scope)) == {"a1"}


def test_the_change_table_asks_the_same_few_questions_for_any_number(centre, client, django_assert_max_num_queries):
    for number in range(20):
        centre.hire(f"n{number}", "TSR", "a1", on=date(2026, 4, 8), user=False)
    client.force_login(centre.user("hr"), "django.contrib.auth.backends.ModelBackend")
    client.get(reverse("people:headcount"))
    with django_assert_max_num_queries(16):
        assert client.get(reverse("people:headcount")).status_code == 200


@pytest.fixture
def planned(centre):
    staff = centre.user("t1").staff_member
    return services.plan_transfer(
        staff,
        centre.placement("TSRL", "a2"),
        date(2026, 4, 25),
        signed_on=date(2026, 4, 20),
        number="20260420-001",
        taker=centre.user("tsrl").staff_member,
    )


@pytest.mark.clause("ORG-026")
def test_a_handover_is_worked_through_on_its_page(planned, centre, client):
    handover = Handover.objects.get()
    page = reverse("people:handover", args=[handover.pk])
    for code, status in (("t2", 404), ("c1", 404), ("om", 200), ("tsrl", 200), ("t1", 200)):
        client.force_login(centre.user(code), "django.contrib.auth.backends.ModelBackend")
        assert client.get(page).status_code == status, code
    sign = reverse("people:handover_sign", args=[handover.pk])
    assert client.post(sign).status_code == 409
    assert client.post(reverse("people:handover_line", args=[handover.pk]), {"kind": "key"}).status_code == 400
    client.post(reverse("people:handover_line", args=[handover.pk]), {"kind": "key", "what": "柜门钥匙"})
    for item in handover.items.all():
        client.post(reverse("people:handover_tick", args=[handover.pk, item.pk]), {"what": "无", "done": "1"})
    client.post(sign)
    client.force_login(centre.user("tsrl"), "django.contrib.auth.backends.ModelBackend")
    client.post(sign)
    handover.refresh_from_db()
    assert handover.closed_at == NOW
    assert client.post(sign).status_code == 403


def test_granted_changes_stand_in_the_list_until_called_off(planned, centre, client):
    client.force_login(centre.user("tsrl"), "django.contrib.auth.backends.ModelBackend")
    assert "20260420-001" in client.get(reverse("people:changes")).text
    assert client.post(reverse("people:call_off", args=[planned.pk])).status_code == 403
    client.force_login(centre.user("hr"), "django.contrib.auth.backends.ModelBackend")
    client.post(reverse("people:call_off", args=[planned.pk]))
    services.apply_changes(date(2026, 4, 25))
    planned.refresh_from_db()
    assert planned.state == PlannedChange.State.CANCELLED


@pytest.mark.clause("ORG-011")
def test_a_loan_that_ended_early_no_longer_counts_after_its_end(centre, client):
    staff, teams = centre.user("t1").staff_member, centre.teams
    row = services.lend(staff, teams["a1"], teams["a2"], NOW, NOW + timedelta(hours=4), number="1")
    client.force_login(centre.user("om"), "django.contrib.auth.backends.ModelBackend")
    assert "人t1" in client.get(reverse("people:loans")).text
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        client.post(reverse("people:end_loan", args=[row.pk]))
    assert Loan.objects.get().ended_early_at == NOW + timedelta(hours=1)
    assert loans_between(NOW + timedelta(hours=2), NOW + timedelta(hours=3)) == []
    services.lend(staff, teams["a1"], teams["a2"], NOW + timedelta(hours=1), NOW + timedelta(hours=4), number="2")
    with pytest.raises(services.Overlap):
        services.lend(staff, teams["a1"], teams["a2"], NOW, NOW + timedelta(minutes=30), number="3")


def test_the_first_day_is_no_change_of_the_month_after(centre):
    assert DAY < MONTH
    assert all(not any(line.counts.values()) for line in lines().values())
