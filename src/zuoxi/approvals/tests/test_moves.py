# SPDX-License-Identifier: Apache-2.0
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from zuoxi.approvals import kinds, services
from zuoxi.approvals.facts import LeavingFacts, LiveFacts, MoveFacts
from zuoxi.approvals.models import Notice
from zuoxi.approvals.rules import judge_go_live, judge_leaving, judge_move
from zuoxi.approvals.tests.conftest import DAY, NOW
from zuoxi.people import selectors as people_questions
from zuoxi.people import services as people
from zuoxi.people.models import Clearance, Handover, Loan, PlannedChange, Staff
from zuoxi.policy.handbook import handbook_of

TODAY = DAY + timedelta(days=2)


@pytest.fixture
def move(world):
    """Hand a move in; None of what is not said is asked."""

    def hand_in(asker, kind="transfer", files=(), **data):
        given = {"position": "TSRL", "team": "a2", "effective_on": str(TODAY), "reason": "补缺"} | data
        return services.submit(kind, asker, given, by=asker.user, now=NOW, attachments=files)

    return hand_in


def roles(request):
    return list(request.signatures.order_by("order").values_list("role", flat=True))


def sign_all(world, request, now=NOW):
    while step := request.signatures.filter(state="open").first():
        services.decide(request, by=step.approver.user, verdict="approve", now=now)
    request.refresh_from_db()


def close(handover, now=NOW):
    for item in handover.items.all():
        people.tick_item(item, by=handover.giver, what="无", done=True, now=now)
    for one in (handover.giver, handover.taker):
        assert people.sign_handover(handover, by=one, now=now) == ""


def facts(**more):
    base = dict.fromkeys(("crosses_departments", "trial", "written"), False)
    return MoveFacts(**{**base, "asked_by": "self", "asked_on": TODAY, "effective_on": TODAY, **more})


@pytest.mark.clause("ORG-023", "ORG-024", "ORG-025", "ORG-027", "ORG-028")
@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        ({}, "in_department"),
        ({"asked_by": "head"}, "in_department"),
        ({"trial": True}, "on_trial"),
        ({"crosses_departments": True}, "cross_department"),
        ({"asked_by": "manager", "written": True}, "by_manager"),
        ({"asked_by": "manager"}, "refused"),
        ({"asked_by": "director"}, "by_director"),
        ({"effective_on": TODAY - timedelta(days=1)}, "refused"),
        ({"effective_on": TODAY + timedelta(days=1)}, "in_department"),
    ],
)
def test_who_signs_a_move(said, outcome):
    assert judge_move(facts(**said), handbook_of("tv_shopping").on(TODAY)).outcome == outcome


@pytest.mark.clause("ATT-017")
@pytest.mark.parametrize(
    ("ground", "notice", "leaves", "outcome"),
    [
        ("resigned", date(2026, 3, 1), date(2026, 3, 31), "notice_kept"),
        ("resigned", date(2026, 3, 1), date(2026, 3, 30), "refused"),
        ("released", None, date(2026, 3, 30), "refused"),
        ("expelled", None, date(2026, 3, 2), "no_notice_needed"),
    ],
)
def test_notice_is_kept_from_its_day_on(ground, notice, leaves, outcome):
    said = LeavingFacts(ground, notice, leaves)
    assert judge_leaving(said, handbook_of("tv_shopping").on(TODAY)).outcome == outcome


@pytest.mark.clause("ORG-036")
def test_nobody_goes_live_before_every_gate_of_the_pack():
    seat, shopping = handbook_of("seat_rules").on(TODAY), handbook_of("tv_shopping").on(TODAY)
    assert judge_go_live(LiveFacts(("examined", "confirmed")), seat).details["missing"] == ["filed"]
    assert judge_go_live(LiveFacts(("examined", "confirmed", "filed")), seat).outcome == "cleared"
    assert judge_go_live(LiveFacts(()), shopping).outcome == "cleared"


@pytest.mark.clause("ORG-023")
def test_a_move_works_only_from_the_directors_signature_and_after_the_handover(world, move):
    request = move(world.t1)
    assert roles(request) == ["MANAGER", "DIRECTOR"]
    world.say(request, "om")
    assert not PlannedChange.objects.exists()
    tomorrow = NOW + timedelta(days=1)
    services.decide(request, by=world.dir.user, verdict="approve", now=tomorrow)
    change = PlannedChange.objects.get()
    assert (change.signed_on, change.effective_on) == (TODAY + timedelta(days=1),) * 2
    assert world.t1.roles_on(TODAY + timedelta(days=1)) == {"TSR"}
    close(change.handover)
    people.apply_changes(TODAY + timedelta(days=1))
    assert world.t1.roles_on(TODAY + timedelta(days=1)) == {"TSRL"}


@pytest.mark.clause("ORG-023")
def test_the_table_itself_refuses_a_move_before_its_signature(world):
    with pytest.raises(IntegrityError), transaction.atomic():
        PlannedChange.objects.create(
            staff=world.t1,
            kind="transfer",
            effective_on=TODAY,
            signed_on=TODAY + timedelta(days=1),
            number="x",
            made_at=NOW,
        )


@pytest.mark.clause("ORG-026")
def test_a_handover_closes_only_when_every_line_is_done_and_both_have_signed(world, move):
    request = move(world.t1)
    sign_all(world, request)
    handover = Handover.objects.get()
    assert handover.taker == world.tsrl
    assert people.sign_handover(handover, by=world.t1, now=NOW)
    assert people.sign_handover(handover, by=world.c1, now=NOW)
    people.apply_changes(TODAY)
    change = PlannedChange.objects.get()
    assert (change.state, bool(change.held)) == ("planned", True)
    close(handover)
    handover.refresh_from_db()
    assert handover.closed_at
    later = TODAY + timedelta(days=3)
    people.apply_changes(later)
    row = world.t1.assignments.get(position__code="TSRL")
    assert row.from_on == later


@pytest.mark.clause("ORG-026")
def test_touching_a_line_takes_signatures_back(world, move):
    sign_all(world, move(world.t1))
    handover = Handover.objects.get()
    for item in handover.items.all():
        people.tick_item(item, by=world.t1, what="", done=True, now=NOW)
    people.sign_handover(handover, by=world.t1, now=NOW)
    people.tick_item(handover.items.first(), by=world.tsrl, what="钥匙一把", done=False, now=NOW)
    handover.refresh_from_db()
    assert handover.giver_signed_at is None


@pytest.mark.clause("ORG-024")
def test_on_probation_the_directors_signature_is_asked_for_too(world, move):
    Staff.objects.filter(pk=world.t1.pk).update(status="probation")
    request = move(world.t1)
    assert request.why.outcome == "on_trial"
    assert roles(request)[-1] == "DIRECTOR"


@pytest.mark.clause("ORG-025")
def test_a_manager_attaches_the_written_request(world, move):
    with pytest.raises(ValidationError):
        move(world.om, "move_by_manager", person="t1")
    paper = SimpleUploadedFile("申请.pdf", b"%PDF-1.7", "application/pdf")
    request = move(world.om, "move_by_manager", [paper], person="t1")
    assert roles(request) == ["DIRECTOR"]


@pytest.mark.clause("ORG-027")
def test_a_move_to_another_department_brings_a_notice_in_four_copies(world, move):
    request = move(world.t1, position="QA", team="")
    assert roles(request) == ["DEPARTMENT_HEAD", "HR", "DIRECTOR"]
    sign_all(world, request)
    assert {one.holder for one in request.filings.all()} == {world.om, world.sm, world.t1, world.hr}
    assert Notice.objects.filter(staff=world.sm, text_zh__contains="备案").exists()
    copy = request.filings.get(holder=world.sm)
    assert services.read_copy(copy, by=world.sm.user, now=NOW)


@pytest.mark.clause("ORG-028")
def test_a_move_the_director_decides_is_issued_by_human_resources_and_signed_by_him(world, move):
    assert roles(move(world.dir, person="t1")) == ["HR"]
    request = move(world.hr, person="t2", team="a1")
    assert roles(request) == ["HR", "DIRECTOR"]


def test_one_names_only_those_below_oneself(world, move):
    with pytest.raises(ValidationError):
        move(world.tsrl, person="c1")
    with pytest.raises(ValidationError):
        move(world.tsrl, person="nobody")


def test_an_effective_day_in_the_past_is_refused_with_its_reason(world, move):
    with pytest.raises(services.Refused, match="签字"):
        move(world.t1, effective_on=str(TODAY - timedelta(days=1)))


@pytest.mark.clause("ATT-017")
def test_leaving_has_a_ground_a_notice_and_ends_the_sign_in_on_its_day(world):
    last = TODAY + timedelta(days=29)
    data = {"ground": "resigned", "notice_on": str(TODAY), "last_day": str(last), "reason": "返乡"}
    with pytest.raises(services.Refused, match="30"):
        services.submit(
            "leaving", world.t1, data | {"last_day": str(last - timedelta(days=1))}, by=world.t1.user, now=NOW
        )
    request = services.submit("leaving", world.t1, data, by=world.t1.user, now=NOW)
    sign_all(world, request)
    change = PlannedChange.objects.get()
    assert (change.ground, change.effective_on) == ("resigned", last + timedelta(days=1))
    people.apply_changes(last)
    assert Staff.objects.get(pk=world.t1.pk).employed
    people.apply_changes(last + timedelta(days=1))
    left = Staff.objects.select_related("user").get(pk=world.t1.pk)
    assert (left.status, left.user.is_active) == ("left", False)


@pytest.mark.clause("ORG-030")
def test_standby_names_the_appraisal_it_rests_on(world):
    data = {"person": "t1", "kind": "standby", "effective_on": str(TODAY), "reason": "连续两月不达标"}
    with pytest.raises(ValidationError):
        services.submit("standby", world.om, data, by=world.om.user, now=NOW)
    request = services.submit("standby", world.om, data | {"ground": "2026-02 月考核"}, by=world.om.user, now=NOW)
    sign_all(world, request)
    assert Staff.objects.get(pk=world.t1.pk).status == "standby"
    with pytest.raises(IntegrityError), transaction.atomic():
        PlannedChange.objects.create(staff=world.t2, kind="standby", effective_on=TODAY, number="y", made_at=NOW)


@pytest.fixture
def loan(world):
    def hand_in(asker, starts=0, ends=4, **more):
        begin = timezone.localtime(NOW)
        data = {
            "person": "t1",
            "team": "a2",
            "starts_at": f"{begin + timedelta(hours=starts):%Y-%m-%dT%H:%M}",
            "ends_at": f"{begin + timedelta(hours=ends):%Y-%m-%dT%H:%M}",
            "reason": "高峰",
        } | more
        return services.submit("loan", asker, data, by=asker.user, now=NOW)

    return hand_in


@pytest.mark.clause("ORG-011")
def test_a_supervisor_lends_at_once_and_a_leader_asks(world, loan):
    assert loan(world.tsrs).state == "approved"
    request = loan(world.tsrl, 5, 6)
    assert world.approver(request) == "tsrs"


@pytest.mark.clause("ORG-011")
def test_whose_figures_count_follows_the_hours_of_the_loan(world, loan):
    loan(world.tsrs)
    own, other = world.house.teams["a1"].pk, world.house.teams["a2"].pk
    at = people_questions.team_at
    assert at(world.t1, NOW - timedelta(seconds=1)) == own
    assert at(world.t1, NOW) == other
    assert at(world.t1, NOW + timedelta(hours=4, seconds=-1)) == other
    assert at(world.t1, NOW + timedelta(hours=4)) == own
    people.end_loan(Loan.objects.get(), NOW + timedelta(hours=1))
    assert at(world.t1, NOW + timedelta(hours=2)) == own


@pytest.mark.clause("ORG-011")
def test_nobody_is_lent_twice_at_the_same_time(world, loan):
    loan(world.tsrs)
    with pytest.raises(services.NotDone):
        loan(world.tsrs, 3, 5)
    assert loan(world.tsrs, 4, 5).state == "approved"


@pytest.mark.clause("ORG-036")
def test_going_live_is_confirmed_filed_and_recorded(world, settings):
    settings.PACK = "seat_rules"
    request = services.submit(
        "go_live", world.tsrl, {"person": "t1", "exam": "2026-02 上岗考 92分"}, by=world.tsrl.user, now=NOW
    )
    assert roles(request) == ["DEPARTMENT_MANAGER"]
    sign_all(world, request)
    assert set(Clearance.objects.values_list("gate", flat=True)) == {"examined", "confirmed", "filed"}
    assert request.filings.get().holder == world.sm


def test_the_types_offered_depend_on_the_post(world):
    def may(staff, code):
        kind = kinds.kind_named(code)
        return kind.may_ask is None or kind.may_ask(staff, TODAY)

    assert may(world.t1, "transfer")
    assert not may(world.om, "transfer")
    assert may(world.om, "move_by_manager")
    assert not may(world.t1, "loan")
    assert not may(world.tsrl, "standby")
