# SPDX-License-Identifier: Apache-2.0
"""Swaps from the wish to the roster."""

from decimal import Decimal

import pytest

from zuoxi.approvals.models import Request
from zuoxi.approvals.services import NotDone, decide
from zuoxi.workforce import requests as request_kinds
from zuoxi.workforce import services
from zuoxi.workforce.cover import cover_changes
from zuoxi.workforce.models import HandoverNote, ShiftSwap
from zuoxi.workforce.swapping import apply, judge_wish

pytestmark = pytest.mark.django_db


@pytest.fixture
def rostered(centre):
    centre.write("1001", d10="E", d11="R", d12="E", d13="E")
    centre.write("1002", d10="L", d11="E", d12="R", d13="R")
    centre.publish()
    return centre


def wish(centre, kind="peer", given=12, taken=12, applicant="1001", peer="1002", handover="无"):
    other = centre.staff[peer] if kind in ("peer", "substitute") else None
    return services.Wish(kind, centre.staff[applicant], other, centre.day(given), centre.day(taken), "家事", handover)


def ask(centre, **more):
    one = wish(centre, **more)
    return services.ask_swap(one, by=one.applicant.user, now=centre.now)


@pytest.mark.clause("SCH-005", "SCH-007", "SCH-019")
def test_a_colleague_agrees_first_then_the_supervisor_and_both_rosters_change(rostered):
    swap = ask(rostered)
    assert swap.state == "asked"
    assert swap.request is None
    mate = rostered.staff["1002"]
    swap = services.agree(swap, by=mate, user=mate.user, now=rostered.now)
    request = Request.objects.get()
    assert (swap.state, request.signatures.get().approver) == ("open", rostered.staff["3001"])
    assert request.data["reason"] == "家事"
    assert (rostered.cell("1001", 12), rostered.cell("1002", 12)) == ("E", "R")
    decide(request, by=rostered.staff["3001"].user, verdict="approve", note="", now=rostered.now)
    assert (rostered.cell("1001", 12), rostered.cell("1002", 12)) == ("R", "E")
    swap.refresh_from_db()
    assert swap.state == "applied"
    assert HandoverNote.objects.get().taker == mate


def test_the_request_names_the_shifts_and_not_their_codes(rostered):
    swap = ask(rostered, kind="self", given=12, taken=11)
    said = dict(request_kinds.summary(swap.request))
    assert {str(value) for key, value in said.items() if str(key).startswith("2026")} == {"早班 → 休息", "休息 → 早班"}


def test_a_colleague_who_declines_ends_it(rostered):
    swap = ask(rostered)
    assert services.decline(swap, rostered.now)
    assert not services.decline(swap, rostered.now)
    assert ShiftSwap.objects.get().state == "declined"
    with pytest.raises(services.NotPossible):
        services.agree(swap, by=rostered.staff["1002"], user=rostered.staff["1002"].user, now=rostered.now)


def test_nobody_agrees_in_anothers_name(rostered):
    swap = ask(rostered)
    with pytest.raises(services.NotPossible):
        services.agree(swap, by=rostered.staff["1003"], user=rostered.staff["1003"].user, now=rostered.now)


@pytest.mark.clause("SCH-006")
def test_a_roster_that_changed_meanwhile_stops_the_approval_and_nothing_is_written(rostered):
    swap = ask(rostered, kind="self", given=12, taken=11)
    rostered.write("1001", d12="N")
    with pytest.raises(NotDone):
        decide(swap.request, by=rostered.staff["3001"].user, verdict="approve", note="", now=rostered.now)
    assert not apply(swap, by="3001", now=rostered.now)
    swap.refresh_from_db()
    assert swap.state == "failed"
    assert (rostered.cell("1001", 12), rostered.cell("1001", 11)) == ("N", "R")


@pytest.mark.clause("SCH-004")
def test_a_second_swap_with_oneself_in_the_month_is_refused_while_the_first_waits(rostered):
    ask(rostered, kind="self", given=12, taken=11)
    with pytest.raises(services.NotPossible):
        ask(rostered, kind="self", given=13, taken=11)


@pytest.mark.clause("SCH-005")
def test_both_sides_count_whoever_asked(rostered):
    ask(rostered)
    assert services.used(rostered.staff["1002"], "peer", ShiftSwap.objects.get().month) == Decimal(1)
    two = wish(rostered, given=10, taken=13)
    assert two.days == 2
    with pytest.raises(services.NotPossible):
        services.ask_swap(two, by=rostered.staff["1001"].user, now=rostered.now)


@pytest.mark.clause("SCH-003")
def test_a_day_of_rest_is_exchanged_only_for_a_day_of_rest(rostered):
    with pytest.raises(services.NotPossible):
        ask(rostered, kind="rest", given=12, taken=13)
    assert ask(rostered, kind="rest", given=12, taken=11).state == "open"


@pytest.mark.clause("SCH-006")
def test_a_swap_that_would_be_back_to_back_is_refused(rostered):
    rostered.write("1001", d12="L", d13="E")
    rostered.write("1002", d12="22:00-06:00", d13="R")
    assert judge_wish(wish(rostered), rostered.now).fit.outcome == "refused"


def test_a_colleague_of_another_post_cannot_take_over(rostered):
    rostered.write("1101", d12="R")
    rostered.publish()
    assert judge_wish(wish(rostered, peer="1101"), rostered.now).fit.outcome == "refused"


@pytest.mark.clause("SCH-019")
def test_without_a_word_of_handover_no_colleague_is_asked(rostered):
    with pytest.raises(services.NotPossible):
        ask(rostered, handover=" ")


def test_what_no_roster_speaks_of_cannot_be_swapped_nor_what_reads_the_same(rostered):
    with pytest.raises(services.NotPossible):
        ask(rostered, given=20, taken=20)
    with pytest.raises(services.NotPossible):
        ask(rostered, kind="self", given=12, taken=13)


@pytest.mark.clause("SCH-018", "ORG-037")
def test_a_substitute_takes_the_shift_with_the_managers_consent(rostered):
    swap = ask(rostered, kind="substitute", given=12)
    assert Request.objects.get().signatures.get().approver == rostered.staff["8001"]
    decide(swap.request, by=rostered.staff["8001"].user, verdict="approve", note="", now=rostered.now)
    assert (rostered.cell("1001", 12), rostered.cell("1002", 12)) == ("R", "E")


def test_a_refused_request_closes_the_swap_and_gives_the_quota_back(rostered):
    swap = ask(rostered, kind="self", given=12, taken=11)
    decide(swap.request, by=rostered.staff["3001"].user, verdict="refuse", note="人手不足", now=rostered.now)
    swap.refresh_from_db()
    assert swap.state == "closed"
    assert services.used(rostered.staff["1001"], "self", swap.month) == 0


def test_the_approver_sees_what_the_swap_does_to_the_cover(rostered):
    swap = ask(rostered, kind="self", given=12, taken=11)
    assert [(one.known, one.before, one.after) for one in cover_changes(swap)] == [(False, 0, 0), (False, 0, 0)]
