# SPDX-License-Identifier: Apache-2.0
"""Asking, deciding and granting: routes, places, cap, papers; two decisions at once."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from zuoxi.approvals import services as approvals
from zuoxi.approvals.models import Paper, Request
from zuoxi.leave import selectors, services
from zuoxi.leave.ledger import balance_of
from zuoxi.leave.models import Contact, Leave, LeaveDay, LedgerEntry
from zuoxi.leave.tests.making import MONDAY, at, granted, house, person

DAY = timedelta(days=1)
NOW = at(MONDAY - 3 * DAY, 10)  # the Friday before


def wish(first=MONDAY, days=1, **more):
    last = first + DAY * (days - 1)
    return {"kind": "personal", "first_on": first, "last_on": last, "reason": "家中有事"} | more


def ask(staff, *, now=NOW, by=None, **more):
    return services.ask(staff, wish(**more), by=by or staff.user, now=now)


def words(request):
    return [
        one.role for one in request.signatures.filter(round=request.round).exclude(state="dropped").order_by("order")
    ]


def agree(request, who, now=NOW):
    request.refresh_from_db()
    return approvals.decide(request, by=who.user, verdict="approve", now=now)


@pytest.fixture
def centre(db):
    return house()


@pytest.mark.clause("ATT-006", "ATT-007", "ATT-010", "ATT-011")
@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (1, ["TEAM_LEADER"]),
        (2, ["TEAM_LEADER", "SUPERVISOR"]),
        (3, ["TEAM_LEADER", "SUPERVISOR", "OPERATIONS_MANAGER"]),
        (4, ["TEAM_LEADER", "DUTY_SUPERVISOR", "OPERATIONS_MANAGER", "DIRECTOR"]),
    ],
)
def test_leave_goes_up_with_its_length(centre, days, expected):
    assert words(ask(centre.agent, days=days, kind="official_trip")) == expected


@pytest.mark.clause("ATT-014")
@pytest.mark.parametrize(
    ("days", "last_part", "expected"),
    [
        (1, "whole", ["SUPERVISOR"]),
        (3, "whole", ["OPERATIONS_MANAGER"]),
        (4, "first_half", ["OPERATIONS_MANAGER", "DIRECTOR"]),
    ],
)
def test_personal_leave_has_its_own_ladder(centre, days, last_part, expected):
    assert words(ask(centre.agent, days=days, last_part=last_part)) == expected


@pytest.mark.clause("ATT-009")
@pytest.mark.parametrize(("days", "expected"), [(1, ["SUPERVISOR"]), (2, ["OPERATIONS_MANAGER"]), (3, ["DIRECTOR"])])
def test_a_leaders_own_leave(centre, days, expected):
    assert words(ask(centre.leader, days=days)) == expected


def test_granted_leave_is_written_with_its_days_and_its_supervisor(centre):
    request = ask(centre.agent)
    agree(request, centre.supervisor)
    leave = Leave.objects.get(staff=centre.agent)
    assert (leave.days, leave.state, leave.paid) == (Decimal(1), "approved", False)
    assert leave.request.number == request.number and leave.basis == "calendar"
    assert LeaveDay.objects.get(leave=leave).duty == centre.supervisor
    assert selectors.granted_today(centre.supervisor.pk, MONDAY) == 1


@pytest.mark.clause("ATT-019")
def test_the_second_leave_of_a_supervisors_day_goes_to_the_manager_as_well(centre):
    agree(ask(centre.agent), centre.supervisor)
    assert words(ask(centre.other)) == ["SUPERVISOR", "OPERATIONS_MANAGER"]
    assert words(ask(centre.third, first=MONDAY + DAY)) == ["SUPERVISOR"]


@pytest.mark.clause("ATT-019")
def test_the_last_place_is_given_once_and_the_other_is_sent_on(centre):
    first, second = ask(centre.agent), ask(centre.other)
    assert words(second) == ["SUPERVISOR"]
    assert agree(first, centre.supervisor).outcome == "approved"
    decided = agree(second, centre.supervisor)
    assert decided.outcome == "next" and decided.next_approver == centre.manager
    second.refresh_from_db()
    assert second.state == "open" and words(second) == ["SUPERVISOR", "OPERATIONS_MANAGER"]
    assert centre.other.notices.filter(text_zh__contains="名额").exists()
    assert selectors.granted_today(centre.supervisor.pk, MONDAY) == 1


@pytest.mark.clause("ATT-019")
def test_an_emergency_takes_no_place(centre):
    agree(ask(centre.agent), centre.supervisor)
    request = ask(centre.other, kind="sick", emergency=True)
    assert words(request) == ["TEAM_LEADER"]
    agree(request, centre.leader)
    assert selectors.granted_today(centre.supervisor.pk, MONDAY) == 1


@pytest.mark.clause("ATT-020")
@pytest.mark.parametrize(("away", "expected"), [(11, "OPERATIONS_MANAGER"), (12, "DIRECTOR")])
def test_beyond_eleven_away_the_manager_may_not_grant(centre, away, expected):
    for number in range(away):
        granted(person(f"4{number:03}"), MONDAY, 3, counts=False)
    assert words(ask(centre.agent, days=2)) == [expected]


@pytest.mark.clause("ATT-020")
def test_the_cap_is_looked_at_again_when_the_manager_decides(centre):
    request = ask(centre.agent, days=2)
    for number in range(12):
        granted(person(f"4{number:03}"), MONDAY, 3, counts=False)
    assert agree(request, centre.manager).outcome == "rerouted"
    assert words(Request.objects.get(pk=request.pk)) == ["DIRECTOR"]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"last_on": MONDAY - DAY}, "last_on"),
        ({"last_on": MONDAY + 500 * DAY}, "last_on"),
        ({"first_on": MONDAY + 5 * DAY, "last_on": MONDAY + 6 * DAY}, "first_on"),  # a weekend
        ({"since": "09:00"}, "until"),
        ({"since": "09:00", "until": "09:00"}, "until"),
        ({"kind": "marriage", "first_part": "first_half"}, "first_part"),
        ({"kind": "marriage", "since": "09:00", "until": "10:00"}, "since"),
        ({"last_on": MONDAY + DAY, "first_part": "first_half"}, "first_part"),
        ({"last_on": MONDAY + DAY, "last_part": "second_half"}, "last_part"),
        ({"kind": "no_such"}, "kind"),
        ({"reason": " "}, "reason"),
        ({"stand_in": "nobody"}, "stand_in"),
        ({"first_on": "2019-06-03", "last_on": "2019-06-03"}, "first_on"),
        ({"first_on": "2026-13-40"}, "first_on"),
        ({"extends": 99}, "__all__"),
    ],
)
def test_what_cannot_be_is_said_by_its_field_and_nothing_is_kept(centre, changed, field):
    with pytest.raises(ValidationError) as wrong:
        ask(centre.agent, **changed)
    assert field in wrong.value.message_dict and not Request.objects.exists()


def test_who_leaves_before_the_end_hears_it(centre):
    centre.agent.left_on = MONDAY + DAY
    centre.agent.save()
    ask(centre.agent)
    with pytest.raises(ValidationError) as wrong:
        ask(centre.agent, first=MONDAY + DAY)
    assert "last_on" in wrong.value.message_dict


def test_leave_over_other_leave_is_refused_asked_for_or_granted(centre):
    ask(centre.agent, days=2)
    with pytest.raises(ValidationError):
        ask(centre.agent, first=MONDAY + DAY)
    granted(centre.other, MONDAY)
    with pytest.raises(ValidationError):
        ask(centre.other)
    ask(centre.other, first=MONDAY + DAY)


def test_two_halves_of_a_day_do_not_overlap(centre):
    ask(centre.agent, first_part="first_half")
    ask(centre.agent, first_part="second_half")


@pytest.mark.clause("ATT-013")
def test_a_text_message_is_refused_with_its_remedy(centre):
    with pytest.raises(services.Refused) as refused:
        ask(centre.agent, kind="sick", channel="sms", by=centre.leader.user)
    assert "ATT-013" in refused.value.finding.clauses and not Request.objects.exists()


@pytest.mark.clause("ATT-015")
def test_a_call_is_written_down_by_the_leader_and_four_papers_are_owed_three_working_days_after_the_return(centre):
    today = at(MONDAY, 8, 30)
    request = ask(
        centre.agent, now=today, by=centre.leader.user, kind="sick", channel="phone", emergency=True, days=2,
        handover="工单转给1002", reason="急性肠胃炎",
    )  # fmt: skip
    assert words(request) == ["TEAM_LEADER", "SUPERVISOR"]
    agree(request, centre.leader, today)
    agree(request, centre.supervisor, today)
    leave = Leave.objects.get()
    assert (leave.channel, leave.recorded_by, leave.emergency) == ("phone", centre.leader, True)
    papers = Paper.objects.filter(request=request)
    assert set(papers.values_list("code", flat=True)) == {
        "leave_form", "hospital_leave_note", "medical_receipt", "medical_record",
    }  # fmt: skip
    # Back on Wednesday; three working days later is Monday, until its last moment.
    assert {one.due_at for one in papers} == {at(MONDAY + 8 * DAY, 0)}


@pytest.mark.clause("ATT-015")
def test_a_call_says_who_takes_over(centre):
    with pytest.raises(ValidationError) as wrong:
        ask(centre.agent, by=centre.leader.user, kind="sick", channel="phone")
    assert "handover" in wrong.value.message_dict


def test_nobody_writes_his_own_call_down(centre):
    request = ask(centre.agent, kind="sick", channel="phone", handover="交班长")
    assert request.data["channel"] == "system"
    with pytest.raises(services.Refused):  # more than a day after the absence began
        ask(centre.agent, first=MONDAY - 5 * DAY, kind="sick", channel="phone", handover="交班长")


@pytest.mark.clause("ATT-013", "ATT-015")
def test_papers_that_do_not_come_turn_the_days_into_absence(centre):
    request = ask(centre.agent, kind="sick")
    agree(request, centre.leader)
    due = Paper.objects.filter(request=request).first().due_at
    approvals.lapse_papers(due - timedelta(hours=1))
    assert centre.agent.notices.exists() and Leave.objects.get().state == "approved"
    approvals.lapse_papers(due)
    assert Leave.objects.get().state == "lapsed" and selectors.leave_between(MONDAY, MONDAY) == []
    proposed = selectors.proposed_absences(MONDAY, MONDAY)
    assert [(one.staff_id, one.cause, one.share) for one in proposed] == [(centre.agent.pk, "lapsed", Decimal(1))]


def test_annual_leave_is_taken_from_the_balance_and_given_back_by_an_early_return(centre):
    before = balance_of(centre.agent, "annual", MONDAY).left
    request = ask(centre.agent, kind="annual", days=3)
    assert balance_of(centre.agent, "annual", MONDAY).left == before == 5
    for who in (centre.leader, centre.supervisor, centre.manager):
        agree(request, who)
    assert balance_of(centre.agent, "annual", MONDAY).left == 2
    leave = Leave.objects.get()
    services.back_early(leave, MONDAY + DAY, by=centre.leader, now=at(MONDAY))
    leave.refresh_from_db()
    assert (leave.days, leave.last_on, leave.state) == (Decimal(1), MONDAY, "approved")
    assert balance_of(centre.agent, "annual", MONDAY).left == 4
    services.back_early(leave, MONDAY, by=centre.agent, now=at(MONDAY))
    leave.refresh_from_db()
    assert leave.state == "cancelled" and balance_of(centre.agent, "annual", MONDAY).left == 5
    with pytest.raises(services.NotDone):
        services.back_early(leave, MONDAY, by=centre.agent, now=at(MONDAY))


def test_what_is_asked_for_already_counts_against_the_balance(centre):
    ask(centre.agent, kind="annual", days=3)
    with pytest.raises(services.Refused):
        ask(centre.agent, kind="annual", first=MONDAY + 7 * DAY, days=3)


def test_without_a_day_of_joining_the_balance_is_unknown_and_the_remedy_is_named(centre):
    centre.agent.joined_on = None
    centre.agent.save()
    assert balance_of(centre.agent, "annual", MONDAY).left is None
    with pytest.raises(services.Refused) as refused:
        ask(centre.agent, kind="annual")
    assert "入职日期" in refused.value.finding.why.zh


@pytest.mark.clause("SCH-003")
def test_the_third_rest_of_a_month_is_refused_and_the_next_month_begins_anew(centre):
    for index in range(2):
        ask(centre.agent, kind="rest_exchange", first=MONDAY + index * DAY)
    with pytest.raises(services.Refused):
        ask(centre.agent, kind="rest_exchange", first=MONDAY + 2 * DAY)
    ask(centre.agent, kind="rest_exchange", first=MONDAY + 29 * DAY)


def test_a_leave_is_prolonged_before_it_ends_from_the_day_after_it(centre):
    agree(ask(centre.agent), centre.supervisor)
    leave = Leave.objects.get()
    more = {"extends": leave.pk, "first": MONDAY + DAY}
    with pytest.raises(ValidationError):
        ask(centre.agent, now=leave.ends_at, **more)
    with pytest.raises(ValidationError):
        ask(centre.agent, extends=leave.pk, first=MONDAY + 2 * DAY)
    agree(ask(centre.agent, now=leave.ends_at - DAY / 2, **more), centre.supervisor)
    assert Leave.objects.filter(extends=leave).exists()


@pytest.mark.clause("ATT-012")
@pytest.mark.parametrize(("days", "contacts"), [(2, []), (3, []), (4, [3]), (6, [3]), (7, [3, 6])])
def test_long_leave_is_called_every_three_days(centre, days, contacts):
    request = ask(centre.agent, kind="home_visit", days=days)
    for _step in range(4):
        request.refresh_from_db()
        if request.state == "open":
            step = request.signatures.get(state="open")
            agree(request, step.approver)
    assert [one.due_on for one in Contact.objects.all()] == [MONDAY + DAY * step for step in contacts]


@pytest.mark.clause("ATT-016", "ATT-033")
def test_a_false_reason_turns_the_days_into_absence(centre):
    leave = granted(centre.agent, MONDAY, 2)
    with pytest.raises(services.NotDone):
        services.check_truth(leave, truthful=False, note="查实", by=centre.agent, now=NOW)
    services.check_truth(leave, truthful=False, note="电话核实不符", by=centre.leader, now=NOW)
    assert [one.cause for one in selectors.proposed_absences(MONDAY, MONDAY + DAY)] == ["untrue", "untrue"]
    assert selectors.leave_between(MONDAY, MONDAY) == []


@pytest.mark.clause("ATT-005")
def test_who_is_due_back_is_named_with_the_first_day_on_the_roster(centre):
    leave = granted(centre.agent, MONDAY, 4, extends=None)
    assert [(one.leave_id, one.day) for one in selectors.due_back(MONDAY + 4 * DAY, MONDAY + 4 * DAY)] == [
        (leave.pk, MONDAY + 4 * DAY)
    ]
    granted(centre.agent, MONDAY + 4 * DAY, 1, extends=leave)
    assert selectors.due_back(MONDAY + 4 * DAY, MONDAY + 4 * DAY) == []


def test_the_ledger_is_the_balance(centre):
    services.adjust(centre.agent, "annual", 2026, Decimal("1.5"), reason="补发", by="HR", now=NOW)
    services.accrue(centre.agent, 2026, NOW)
    with pytest.raises(services.NotDone):
        services.adjust(centre.agent, "annual", 2026, Decimal(-7), reason="多发", by="HR", now=NOW)
    with pytest.raises(services.NotDone):
        services.adjust(centre.agent, "annual", 2026, Decimal(1), reason=" ", by="HR", now=NOW)
    services.adjust(centre.agent, "annual", 2026, Decimal(-7), reason="预支", by="HR", now=NOW, may_owe=True)
    rows = LedgerEntry.objects.filter(staff=centre.agent)
    assert sum(row.amount for row in rows) == balance_of(centre.agent, "annual", MONDAY).left == Decimal("-0.5")
