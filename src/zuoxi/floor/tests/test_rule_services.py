# SPDX-License-Identifier: Apache-2.0
"""Keeping what was seen, violations, permits, rounds, meetings and what ends a shift, with rows."""

from __future__ import annotations

import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from PIL import Image

from zuoxi.approvals.data_kinds import route_of
from zuoxi.approvals.handbook import REQUEST_TYPES
from zuoxi.approvals.kinds import Draft
from zuoxi.approvals.models import Notice
from zuoxi.floor import conduct, leaving, meetings, patrols, permits, presence, services, watch_keeping
from zuoxi.floor.models import (
    DayTask,
    Fault,
    FloorMessage,
    MeetingAttendance,
    Observation,
    OwedCallback,
    Permit,
    Photo,
    Violation,
)
from zuoxi.floor.photos import cleaned
from zuoxi.floor.refusing import Refused
from zuoxi.floor.tests.centre import ago
from zuoxi.people.models import Staff
from zuoxi.policy.handbook import handbook_of
from zuoxi.telephony.tests import factories as make
from zuoxi.vault.models import AuditEntry

pytestmark = pytest.mark.django_db


def staff(code: str) -> Staff:
    return Staff.objects.get(code=code)


@pytest.fixture
def broken(switch) -> Observation:
    """Agent 1001 has been on a break for six minutes, two hours into his day."""
    switch.sign_in("1001", at=ago(hours=2))
    switch.pause("1001", "break", at=ago(minutes=6))
    watch_keeping.watch(timezone.now())
    return Observation.objects.get(kind="break_long")


@pytest.mark.clause("FLR-006")
def test_what_is_seen_is_written_once_told_once_and_ended(broken, switch):
    now = timezone.now()
    watch_keeping.watch(now + timedelta(minutes=2))
    assert Observation.objects.filter(kind="break_long").count() == 1
    assert Notice.objects.filter(staff=staff("1001"), dedupe__startswith="watch:break_long").count() == 1
    switch.unpause("1001")
    watch_keeping.watch(timezone.now() + timedelta(minutes=3))
    broken.refresh_from_db()
    assert broken.ended_at is not None and broken.finding["clauses"] == ["FLR-006"]


@pytest.mark.clause("FLR-007")
def test_a_floor_without_anybody_in_charge_is_seen_until_somebody_takes_the_watch(broken):
    assert Observation.objects.get(kind="no_supervisor").ended_at is None
    presence.arrive(staff("2001"), timezone.now())
    watch_keeping.watch(timezone.now())
    assert Observation.objects.get(kind="no_supervisor").ended_at is not None


@pytest.mark.clause("FLR-007")
def test_an_agent_keeps_no_watch(switch):
    with pytest.raises(Refused) as refusal:
        presence.arrive(staff("1001"), timezone.now())
    assert refusal.value.finding.clauses == ("FLR-007",)


@pytest.mark.clause("FLR-007")
def test_whoever_leaves_names_a_stand_in_who_takes_over(switch):
    now = timezone.now()
    presence.arrive(staff("2001"), now)
    presence.leave(staff("2001"), "会议", staff("2002"), now + timedelta(minutes=5))
    assert [one.code for one in presence.watches_between(now, now + timedelta(hours=1))] == ["2001", "2002"]
    with pytest.raises(Refused):
        presence.leave(staff("2001"), "", None, now + timedelta(minutes=6))


@pytest.mark.clause("FLR-015")
def test_a_confirmed_case_becomes_a_violation_once(broken):
    now = timezone.now()
    made = watch_keeping.confirm(broken.pk, "", staff("2001"), now)
    assert (made.item, made.consequence, made.amount) == ("seat.break_long", "points", Decimal(1))
    with pytest.raises(Refused):
        watch_keeping.excuse(broken.pk, "同事代班", staff("2002"), now)
    assert Violation.objects.count() == 1


def test_an_excuse_needs_a_reason_and_keeps_it(broken):
    with pytest.raises(Refused):
        watch_keeping.excuse(broken.pk, " ", staff("2001"), timezone.now())
    watch_keeping.excuse(broken.pk, "身体不适", staff("2001"), timezone.now())
    broken.refresh_from_db()
    assert (broken.state, broken.reason, broken.decided_by.code) == ("excused", "身体不适", "2001")
    assert not Violation.objects.exists()


@pytest.mark.clause("CALL-008")
def test_a_long_not_ready_asks_the_manager_for_a_substitute(switch):
    make.user("7001", "OM")
    switch.sign_in("1001", at=ago(hours=2))
    switch.pause("1001", "meeting", at=ago(minutes=16))
    watch_keeping.watch(timezone.now())
    row = Observation.objects.get(kind="not_ready")
    assert row.escalated_to == "DEPARTMENT_MANAGER"
    assert Notice.objects.filter(staff__code="7001").count() == 1
    watch_keeping.put_substitute(row.pk, staff("1003"), staff("2001"), timezone.now())
    with pytest.raises(Refused):
        watch_keeping.put_substitute(row.pk, staff("1002"), staff("2002"), timezone.now())


@pytest.mark.clause("CALL-009")
def test_a_second_seat_is_a_case_for_the_leader(switch):
    now = timezone.now()
    services.open_desk("1001", "a", "session-a", "10.0.0.1", now)
    services.open_desk("1001", "b", "session-b", "10.0.0.2", now)
    row = Observation.objects.get(kind="second_seat")
    assert "10.0.0.1" in row.finding["why"]["zh"] and row.finding["clauses"] == ["CALL-009"]


@pytest.mark.clause("CALL-006")
def test_a_break_in_the_first_half_hour_is_refused_until_the_leader_lets_go(switch):
    switch.sign_in("1001", at=ago(minutes=10))
    agent, now = staff("1001"), timezone.now()
    refused = permits.leave_to_be_away(agent, now)
    assert refused.outcome == "refused" and "CALL-006" in refused.clauses
    permit = permits.release(agent, staff("2001"), "", now)
    assert permits.leave_to_be_away(agent, now + timedelta(minutes=1)) is None
    permit.refresh_from_db()
    assert permit.used_at is not None and AuditEntry.objects.filter(verb="floor.permit.decided").exists()
    assert permits.leave_to_be_away(agent, now + timedelta(minutes=21)) is None


@pytest.mark.clause("CALL-006")
def test_a_lost_line_keeps_the_half_hour(switch):
    switch.sign_in("1001", at=ago(minutes=40))
    switch.say("member.removed", party="1001", at=ago(minutes=5), queue="sales")
    switch.sign_in("1001", at=ago(minutes=4))
    assert permits.leave_to_be_away(staff("1001"), timezone.now()) is None


@pytest.mark.clause("CALL-015")
def test_a_private_call_is_not_the_team_leaders_to_give(switch):
    make.user("3001", "TSRS")
    asked = permits.ask_permit(staff("1001"), "private_call", "家里急事", timezone.now())
    with pytest.raises(Refused):
        permits.ask_permit(staff("1001"), "private_call", "", timezone.now())
    with pytest.raises(Refused) as refusal:
        permits.decide_permit(asked.pk, give=True, by=staff("2001"), now=timezone.now())
    assert "CALL-015" in refusal.value.finding.clauses
    given = permits.decide_permit(asked.pk, give=True, by=staff("3001"), now=timezone.now())
    assert given.state == Permit.State.GIVEN and given.until - given.decided_at == timedelta(minutes=5)
    with pytest.raises(Refused):
        permits.decide_permit(asked.pk, give=False, by=staff("8001"), now=timezone.now())


def violation(**told: object) -> Violation:
    now = timezone.now()
    facts = {"cause": "said", "by": staff("2001"), "now": now} | told
    return conduct.record_violation(staff("1001"), "badge.missing", now, **facts)


@pytest.mark.clause("FLR-003", "FLR-015")
def test_the_same_cause_is_refused_and_after_cancelling_may_be_recorded_anew(switch):
    made = violation()
    with pytest.raises(Refused):
        violation()
    conduct.cancel(made.pk, reason="看错了人", by=staff("8001"), now=timezone.now())
    assert violation().pk != made.pk
    assert Notice.objects.filter(staff=staff("1001"), dedupe__startswith="violation:").count() == 3


def test_the_person_objects_and_another_than_the_recorder_decides(switch):
    made, now = violation(), timezone.now()
    with pytest.raises(Refused):
        conduct.answer(made.pk, staff("1001"), accepts=False, text="", now=now)
    with pytest.raises(Refused):
        conduct.answer(made.pk, staff("1002"), accepts=True, text="", now=now)
    conduct.answer(made.pk, staff("1001"), accepts=False, text="工牌在补办", now=now)
    with pytest.raises(Refused):
        conduct.decide_objection(made.pk, uphold=True, text="维持", by=staff("2001"), now=now)
    decided = conduct.decide_objection(made.pk, uphold=False, text="属实", by=staff("8001"), now=now)
    assert decided.state == "cancelled"


def test_nobody_takes_back_or_decides_on_what_was_recorded_of_himself(switch):
    made, now, himself = violation(), timezone.now(), staff("1001")
    with pytest.raises(Refused):
        conduct.cancel(made.pk, reason="不是我", by=himself, now=now)
    conduct.answer(made.pk, himself, accepts=False, text="工牌在补办", now=now)
    with pytest.raises(Refused):
        conduct.decide_objection(made.pk, uphold=False, text="属实", by=himself, now=now)
    with pytest.raises(Refused, match="本人"):
        conduct.recheck(made.pk, passed=True, by=himself, now=now)
    assert conduct.recheck(made.pk, passed=True, by=staff("2001"), now=now).recheck_passed
    made.refresh_from_db()
    assert made.state == "objected"


def test_a_violation_of_tomorrow_is_not_taken(switch):
    with pytest.raises(Refused):
        conduct.record_violation(
            staff("1001"), "badge.missing", timezone.now() + timedelta(hours=1), cause="x", by=None, now=timezone.now()
        )


@pytest.mark.clause("FLR-033", "FLR-028")
def test_the_rules_are_confirmed_once_for_their_wording(switch):
    first = conduct.confirm_code(staff("1001"), timezone.now())
    assert conduct.confirm_code(staff("1001"), timezone.now()).pk == first.pk


def picture(kind: str = "JPEG", size: tuple[int, int] = (2400, 1200), turned: bool = False) -> io.BytesIO:
    image, out = Image.new("RGB", size, "red"), io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "SecretPhone"
    if turned:
        exif[0x0112] = 6
    image.save(out, kind, exif=exif.tobytes())
    out.seek(0)
    return out


def test_a_picture_loses_what_the_camera_added_and_stands_upright():
    jpeg = cleaned(picture(turned=True), 1000)
    with Image.open(io.BytesIO(jpeg)) as image:
        assert image.size == (800, 1600) and not image.getexif()
    assert b"SecretPhone" not in jpeg


@pytest.mark.parametrize("content", [b"", b"<svg/>", b"GIF89a....", b"\xff\xd8\xff\xe0 not a picture"])
def test_what_is_no_picture_is_refused_in_words(content):
    with pytest.raises(Refused):
        cleaned(io.BytesIO(content), len(content))


def test_a_picture_that_is_too_large_is_not_even_read():
    with pytest.raises(Refused):
        cleaned(io.BytesIO(b""), 16 * 1024 * 1024)


@pytest.mark.clause("FLR-014", "FLR-015")
def test_a_round_turns_faults_into_violations_to_be_looked_at_again(switch):
    now, leader = timezone.now(), staff("2001")
    patrol = patrols.start(leader, make.team("t1").pk, now)
    assert patrols.start(leader, None, now).pk == patrol.pk
    with pytest.raises(Refused):
        patrols.submit(patrol.pk, {}, "", leader, now)
    told = {"seat_kind": "agent", "note": "", "by": leader, "now": now}
    patrols.look_at_seat(
        patrol.pk, "1001", staff=staff("1001"), faults=["badge.missing"], photos=[cleaned(picture(), 10)], **told
    )
    patrols.look_at_seat(patrol.pk, "1003", staff=staff("1003"), faults=[], photos=[], **told)
    with pytest.raises(Refused):
        patrols.look_at_seat(patrol.pk, "1001", staff=None, faults=[], photos=[], **told)
    found = Violation.objects.get()
    assert found.place == "1001" and found.recheck_at == now + timedelta(minutes=30) and Photo.objects.count() == 1
    make.user("7002", "ODM")
    done = patrols.submit(patrol.pk, {"climate": "26℃"}, "", leader, now)
    assert done.submitted_to.code == "7002"
    assert patrols.rounds_due([make.team("t1").pk], now).details["missing"] == 1
    with pytest.raises(Refused):
        patrols.look_at_seat(patrol.pk, "x", staff=None, faults=[], photos=[], **told)


@pytest.mark.clause("FLR-016", "FLR-017", "FLR-022")
def test_a_team_stays_until_every_seat_is_ticked_and_a_defect_goes_to_it(switch):
    make.user("6002", "IT")
    leader, now, team = staff("2001"), timezone.now(), make.team("t1")
    check = leaving.begin_exit(team, "s", leader, now)
    assert leaving.begin_exit(team, "s", leader, now).pk == check.pk
    released = {"attendance_seen": True, "room": "good", "note": "", "by": leader, "now": now}
    with pytest.raises(Refused) as refusal:
        leaving.release_team(check.pk, **released)
    assert refusal.value.finding.clauses == ("FLR-016",)
    leaving.tick_seat(check.pk, "1001", ok=True, defect="", by=leader, now=now)
    with pytest.raises(Refused):
        leaving.tick_seat(check.pk, "1003", ok=False, defect="", by=leader, now=now)
    leaving.tick_seat(check.pk, "1003", ok=False, defect="耳麦断线", by=leader, now=now)
    assert Fault.objects.get().seat == "1003" and Notice.objects.filter(staff__code="6002").count() == 1
    with pytest.raises(Refused):
        leaving.release_team(check.pk, **(released | {"attendance_seen": False}))
    assert leaving.release_team(check.pk, **released).released_at == now


@pytest.mark.clause("MTG-004", "SCH-019", "EMG-025")
def test_a_handover_says_how_many_and_stays_once_taken_over(switch):
    now, agent = timezone.now(), staff("1001")
    counts = {"open_tickets": 2, "callbacks": 0, "escalations": 0, "now": now}
    with pytest.raises(Refused):
        leaving.write_handover(agent, "s", **(counts | {"callbacks": None}), text="")
    with pytest.raises(Refused):
        leaving.write_handover(agent, "s", **counts, text=" ")
    row = leaving.write_handover(agent, "s", **counts, text="客户 3 点要回电")
    with pytest.raises(Refused):
        leaving.take_over(row.pk, agent, now)
    leaving.take_over(row.pk, staff("1003"), now)
    with pytest.raises(Refused):
        leaving.write_handover(agent, "s", **counts, text="再补一句")


@pytest.mark.clause("EMG-023", "FLR-012", "FLR-011")
def test_a_danger_at_the_desk_is_told_at_once(switch):
    make.user("6002", "IT")
    row = leaving.check_desk(staff("1001"), "s", ["chair", "nonsense"], "插座发热", timezone.now())
    assert row.done == ["chair"] and Fault.objects.get().kind == "safety"


@pytest.mark.clause("FLR-004", "MTG-001")
def test_a_line_up_calls_the_roll_hands_out_tasks_and_counts_the_absent(switch):
    team, leader = make.team("t1"), staff("2001")
    at = timezone.now().replace(microsecond=0)
    meeting = meetings.open_meeting("line_up", team, at, host=leader, now=at)
    assert meetings.open_meeting("line_up", team, at, host=leader, now=at).pk == meeting.pk
    expected = MeetingAttendance.objects.filter(meeting=meeting)
    assert sorted(expected.values_list("staff__code", flat=True)) == ["1001", "1003"]
    meetings.mark_present(meeting.pk, staff("1001"), "present", at)
    late = meetings.mark_present(meeting.pk, staff("1003"), "present", at + timedelta(seconds=1))
    assert late.state == "late"
    assert meetings.hand_out_tasks(meeting.pk, {staff("1001").pk: ("外呼", Decimal(60))}, at) == 1
    assert DayTask.objects.get().amount == 60
    meetings.close_meeting(meeting.pk, [0, 1], "", leader, at + timedelta(minutes=10))
    with pytest.raises(Refused):
        meetings.mark_present(meeting.pk, staff("1003"), "absent", at)


@pytest.mark.clause("MTG-001")
def test_only_what_business_makes_necessary_is_held_on_the_floor(switch):
    at = timezone.now()
    told = {"host": staff("2001"), "now": at, "on_floor": True}
    with pytest.raises(Refused) as refusal:
        meetings.open_meeting("line_up", make.team("t1"), at, **told, business=True)
    assert "MTG-001" in refusal.value.finding.clauses
    assert meetings.open_meeting("business", make.team("t1"), at, **told, business=True).on_floor


@pytest.mark.clause("CALL-021")
def test_callers_who_were_missed_during_a_meeting_are_owed_a_callback(switch):
    at = ago(minutes=20)
    meeting = meetings.open_meeting("line_up", make.team("t1"), at, host=None, now=at)
    uid = switch.join(1, at=ago(minutes=10))
    switch.abandon(uid)
    switch.say("call.ended", uid, cause="16", channel="t")
    now = timezone.now()
    meetings.close_meeting(meeting.pk, [], "", staff("2001"), now)
    owed = OwedCallback.objects.get()
    assert owed.due_at == now
    meetings.callback_done(owed.pk, staff("1001"), now)
    with pytest.raises(Refused):
        meetings.callback_done(owed.pk, staff("1003"), now)


@pytest.mark.clause("MTG-003", "MTG-011")
def test_who_must_come_and_does_not_is_explained_and_the_summary_goes_up(switch):
    make.user("7002", "ODM")
    at = timezone.now()
    meeting = meetings.open_meeting("monthly", None, at, host=None, now=at)
    with pytest.raises(Refused):
        meetings.close_meeting(meeting.pk, [], "", staff("8001"), at)
    meetings.close_meeting(meeting.pk, [0], "副经理出差", staff("8001"), at)
    meetings.add_point(meeting.pk, "接通率低", "加晚班")
    with pytest.raises(Refused):
        meetings.add_action(meeting.pk, "调整班表", staff("2001"), date(2020, 1, 1), at)
    item = meetings.add_action(meeting.pk, "调整班表", staff("2001"), date(2999, 1, 1), at)
    with pytest.raises(Refused):
        meetings.action_done(item.pk, staff("2002"), at)
    assert meetings.action_done(item.pk, staff("2001"), at).done_at == at
    meetings.send_up(meeting.pk, at)
    assert Notice.objects.filter(staff__code="8001", dedupe=f"minutes:{meeting.pk}").exists()


def test_the_desk_hears_of_a_case_at_once(broken):
    from zuoxi.events.models import Event

    assert Event.objects.filter(stream="floor", kind="observation.begun").exists()
    assert not FloorMessage.objects.exists()


@pytest.mark.clause("FLR-029")
@pytest.mark.parametrize(
    ("asked_by", "special", "words"),
    [
        ("form", "", ("TEAM_LEADER", "SUPERVISOR", "MANAGER")),
        ("phone", "", ()),
        ("message", "", ()),
        ("phone", "True", ("TEAM_LEADER", "SUPERVISOR", "MANAGER")),
    ],
)
def test_a_business_trip_goes_up_step_by_step_and_not_by_telephone(switch, settings, asked_by, special, words):

    settings.PACK = "personnel"
    body = handbook_of("personnel").entry(REQUEST_TYPES, "business_trip")
    now = timezone.now()
    draft = Draft("business_trip", staff("1001"), {"asked_by": asked_by, "special": special}, now)
    route = route_of(body, draft, timezone.localdate(now))
    assert route.words == words and route.refused == (not words)
    assert "FLR-029" in route.finding.clauses
