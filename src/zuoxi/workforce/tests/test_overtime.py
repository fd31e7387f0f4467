# SPDX-License-Identifier: Apache-2.0
"""Overtime: list, consent of the manager, announcement, each one's answer."""

from datetime import timedelta

import pytest

from zuoxi.approvals.models import Notice
from zuoxi.workforce import services
from zuoxi.workforce.clock import clock_from

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(centre):
    centre.write("1001", d3="E")
    centre.write("1002", d3="R")
    centre.publish()
    return services.make_list(
        by=centre.staff["3001"], day=centre.day(3), clock=clock_from("18:00-21:00"), reason="直播",
        people=[centre.staff["1001"], centre.staff["1002"]], mark="assigned", now=centre.now,
    )  # fmt: skip


@pytest.mark.clause("SCH-009")
def test_a_list_is_announced_only_after_the_manager_agreed_and_only_once(centre, made):
    with pytest.raises(services.OvertimeRefused):
        services.announce(made, by=centre.staff["3001"], now=centre.now)
    services.agree_to(made, by=centre.staff["8001"], roles={"OM"}, now=centre.now)
    assert services.announce(made, by=centre.staff["3001"], now=centre.now).outcome == "in_time"
    assert Notice.objects.filter(staff__code="1001", text_zh__contains="加班").exists()
    with pytest.raises(services.OvertimeRefused):
        services.announce(made, by=centre.staff["3001"], now=centre.now)


@pytest.mark.clause("SCH-009", "SCH-010")
def test_only_the_post_that_the_pack_names_agrees_and_two_cannot(centre, made):
    with pytest.raises(services.OvertimeRefused):
        services.agree_to(made, by=centre.staff["3001"], roles={"TSRS"}, now=centre.now)
    services.agree_to(made, by=centre.staff["8001"], roles={"OM"}, now=centre.now)
    with pytest.raises(services.OvertimeRefused):
        services.agree_to(made, by=centre.staff["8001"], roles={"OM"}, now=centre.now)


def announced(centre, made, now=None):
    services.agree_to(made, by=centre.staff["8001"], roles={"OM"}, now=centre.now)
    return services.announce(made, by=centre.staff["3001"], now=now or centre.now)


@pytest.mark.clause("SCH-009")
def test_short_notice_is_kept_as_such(centre, made):
    assert announced(centre, made, made.starts_at - timedelta(hours=3)).outcome == "late"
    made.refresh_from_db()
    assert made.late_notice


@pytest.mark.clause("SCH-009", "PAY-003")
def test_a_confirmed_call_stands_beside_the_shift_or_instead_of_the_rest(centre, made):
    announced(centre, made)
    for call in made.calls.select_related("staff"):
        services.answer_overtime(call, confirm=True, voluntary=call.staff.code == "1002", now=centre.now)
    assert (centre.cell("1001", 3), centre.cell("1002", 3)) == ("E+18:00-21:00", "18:00-21:00")
    assert set(made.calls.values_list("mark", flat=True)) == {"assigned", "voluntary"}
    with pytest.raises(services.OvertimeRefused):
        services.answer_overtime(made.calls.first(), confirm=True, voluntary=False, now=centre.now)
    assert services.cancel(made, by=centre.staff["3001"], now=centre.now)
    assert (centre.cell("1001", 3), centre.cell("1002", 3)) == ("E", "R")


def test_hours_that_clash_with_the_shift_cannot_be_confirmed(centre, made):
    centre.write("1001", d3="L")
    announced(centre, made)
    call = made.calls.get(staff__code="1001")
    with pytest.raises(services.OvertimeRefused):
        services.answer_overtime(call, confirm=True, voluntary=False, now=centre.now)
    call.refresh_from_db()
    assert call.answer == "waiting"
    assert centre.cell("1001", 3) == "L"


def test_nobody_and_hours_long_past_are_refused(centre):
    clock = clock_from("18:00-21:00")
    for people, day in (([], centre.day(3)), ([centre.staff["1001"]], centre.day(1) - timedelta(days=90))):
        with pytest.raises(services.OvertimeRefused):
            services.make_list(
                by=centre.staff["3001"],
                day=day,
                clock=clock,
                reason="x",
                people=people,
                mark="assigned",
                now=centre.now,
            )
