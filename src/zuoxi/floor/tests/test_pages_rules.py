# SPDX-License-Identifier: Apache-2.0
"""The pages of the floor's rules: who sees what, in how few questions, and what a refusal looks like."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from zuoxi.floor import leaving, meetings, patrols
from zuoxi.floor.demo import furnish
from zuoxi.floor.models import CareNote, Meeting, Observation, Patrol, PatrolCheck, Permit, Photo, Violation
from zuoxi.floor.tests.centre import ago
from zuoxi.floor.views.patrols import faults_of
from zuoxi.people.models import Staff
from zuoxi.policy.handbook import handbook_of
from zuoxi.telephony.models import Command
from zuoxi.telephony.tests import factories as make

pytestmark = pytest.mark.django_db
HX = {"HX-Request": "true"}


def staff(code: str) -> Staff:
    return Staff.objects.get(code=code)


def seen_of(code: str) -> Observation:
    now = timezone.now()
    return Observation.objects.create(
        case=f"t:{code}", kind="break_long", staff=staff(code), shift="s", since=now, seen_at=now
    )


@pytest.mark.clause("CALL-006")
def test_the_break_button_is_refused_with_the_clause_and_nothing_reaches_the_switch(switch, as_):
    switch.sign_in("1001", at=ago(minutes=5))
    told = as_("1001").post("/desk/state", {"pause": "break"}, headers=HX).content.decode()
    assert "CALL-006" in told and "break_release" in told and not Command.objects.exists()


@pytest.mark.clause("CALL-006")
def test_after_half_an_hour_the_break_goes_to_the_switch(switch, as_):
    switch.sign_in("1001", at=ago(minutes=31))
    as_("1001").post("/desk/state", {"pause": "break"}, headers=HX)
    assert Command.objects.get().verb == "pause"


def test_a_leader_sees_and_decides_on_his_own_team_only(switch, as_):
    own, other = seen_of("1001"), seen_of("1002")
    client = as_("2001")
    page = client.get("/floor/observations/").content.decode()
    assert "1001" in page and "1002" not in page
    assert client.get(f"/floor/observations/{own.pk}/").status_code == 200
    assert client.get(f"/floor/observations/{other.pk}/").status_code == 404
    assert client.post(f"/floor/observations/{other.pk}/confirm").status_code == 404
    other.refresh_from_db()
    assert other.state == "open"


def test_a_violation_is_seen_by_the_person_and_those_above_and_by_nobody_else(switch, as_):
    now = timezone.now()
    row = Violation.objects.create(
        staff=staff("1001"), item="badge.missing", happened_at=now, cause="x", consequence="points", recorded_at=now
    )
    photo = Photo.objects.create(violation=row, jpeg=b"x", taken_at=now)
    for code, status in (("1001", 200), ("2001", 200), ("8001", 200), ("1003", 404), ("2002", 404)):
        assert as_(code).get(f"/me/violations/{row.pk}/").status_code == status, code
        assert as_(code).get(f"/floor/photos/{photo.pk}.jpg").status_code == status, code
    assert as_("1003").post(f"/me/violations/{row.pk}/answer", {"how": "accept"}).status_code == 404


@pytest.mark.clause("FLR-005")
def test_notes_of_care_are_for_supervisors_and_above(switch, as_):
    make.user("3001", "TSRS", make.team("t1"))
    now = timezone.now()
    CareNote.objects.create(staff=staff("1001"), text="情绪激动已安抚", written_at=now)
    CareNote.objects.create(staff=staff("1002"), text="另一组的记录", written_at=now)
    assert as_("2001").get("/floor/care/").status_code == 403
    assert as_("1001").get("/floor/care/").status_code == 403
    page = as_("3001").get("/floor/care/").content.decode()
    assert "情绪激动已安抚" in page and "另一组的记录" not in page


def test_nobody_decides_on_permits_of_another_team(switch, as_):
    row = Permit.objects.create(kind="leave_seat", staff=staff("1002"), asked_at=timezone.now())
    assert as_("2001").post(f"/floor/permits/{row.pk}/decide", {"how": "give"}).status_code == 404
    as_("2002").post(f"/floor/permits/{row.pk}/decide", {"how": "give"})
    row.refresh_from_db()
    assert row.state == "given"


def test_meetings_are_seen_by_those_who_are_expected(switch, as_):
    row = meetings.open_meeting("line_up", make.team("t1"), timezone.now(), host=staff("2001"), now=timezone.now())
    assert as_("1001").get(f"/meetings/{row.pk}/").status_code == 200
    assert as_("1002").get(f"/meetings/{row.pk}/").status_code == 404
    as_("1001").post(f"/meetings/{row.pk}/attend", {"person": "1003"})
    assert row.attendances.get(staff__code="1001").state in ("present", "late")
    assert row.attendances.get(staff__code="1003").state == "expected"


def test_only_the_own_team_takes_a_handover_over(switch, as_):
    row = leaving.write_handover(
        staff("1001"), "s", open_tickets=0, callbacks=0, escalations=0, text="", now=timezone.now()
    )
    assert as_("1002").post(f"/floor/handovers/{row.pk}/take").status_code == 404
    as_("1003").post(f"/floor/handovers/{row.pk}/take")
    row.refresh_from_db()
    assert row.taken_by.code == "1003"


@pytest.mark.clause("FLR-014")
def test_a_round_shows_what_was_found_after_it_is_handed_in(switch, as_):
    now, leader = timezone.now(), staff("2001")
    patrol = patrols.start(leader, make.team("t1").pk, now)
    patrols.look_at_seat(
        patrol.pk, "1001", seat_kind="agent", staff=staff("1001"), faults=["badge.missing"], note="", photos=[],
        by=leader, now=now,
    )  # fmt: skip
    patrols.submit(patrol.pk, {"climate": "26℃"}, "", leader, now)
    page = as_("2001").get(f"/floor/patrols/{patrol.pk}/").content.decode()
    assert "26℃" in page and "工牌" in page
    assert as_("2002").get(f"/floor/patrols/{patrol.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/floor/needs/", 24),
        ("/floor/observations/", 12),
        ("/floor/violations/", 12),
        ("/floor/violations/top/", 12),
        ("/floor/patrols/", 12),
        ("/floor/shift/", 12),
        ("/floor/watch/", 12),
        ("/floor/days/", 12),
        ("/floor/faults/", 12),
        ("/floor/handovers/", 12),
        ("/meetings/", 12),
        ("/me/violations/", 12),
        ("/desk/duties/", 16),
        ("/desk/end/", 20),
    ],
)
def test_the_pages_ask_few_questions_whatever_stands_on_them(switch, as_, django_assert_max_num_queries, path, most):
    """Needs also looks around itself where nobody did; the desk's own look at its person is eight of its questions."""
    make.user("3001", "TSRS", make.team("t1"))
    furnish(timezone.localdate())
    client = as_("1001" if path.startswith("/desk") else "8001")
    client.get(path)
    with django_assert_max_num_queries(most):
        assert client.get(path).status_code == 200


def test_a_page_of_a_meeting_asks_few_questions(switch, as_, django_assert_max_num_queries):
    make.user("3001", "TSRS", make.team("t1"))
    furnish(timezone.localdate())
    client = as_("8001")
    for row in (Meeting.objects.first(), Meeting.objects.get(kind="monthly")):
        with django_assert_max_num_queries(16):
            assert client.get(f"/meetings/{row.pk}/").status_code == 200
    with django_assert_max_num_queries(14):
        assert client.get(f"/floor/patrols/{Patrol.objects.first().pk}/").status_code == 200


@pytest.mark.clause("MTG-008", "MTG-006", "MTG-002")
def test_the_week_shows_what_the_pack_plans(switch, as_, settings):
    settings.PACK = "telesales"
    page = as_("8001").get("/meetings/?week=2026-11-23").content.decode()
    assert "公司大早会" in page and "08:40" in page and "周五总结会" in page and "16:00" in page
    assert page.count("集体晨会") >= 2


@pytest.mark.clause("MTG-005", "MTG-007", "MTG-010", "MTG-009")
def test_regular_meetings_stand_on_their_days(switch):
    monday = date(2026, 11, 23)
    telesales = handbook_of("telesales")

    def kinds(pack: str, offset: int) -> list[str]:
        return [one.kind for one in meetings.planned_on(monday + timedelta(days=offset), handbook_of(pack), (), None)]

    assert "company_morning" in kinds("telesales", 0) and "company_morning" in kinds("telesales", 2)
    assert "company_morning" not in kinds("telesales", 1)
    assert "weekly" in kinds("telesales", 4) and "monday" in kinds("property", 0)
    assert "service_weekly" in kinds("tv_shopping", 1)
    first = meetings.first_call_from(monday, telesales)
    assert first.astimezone(telesales.zone).strftime("%H:%M") == "09:10"
    assert meetings.first_call_from(monday + timedelta(days=1), telesales) is None


def test_the_faults_of_a_seat_stand_in_the_order_of_the_handbook_however_they_are_kept():
    labels = {"cup": "Cup", "bag": "Bag", "phone": "Phone"}
    kept = PatrolCheck(faults={"zone": ["phone", "gone"], "a": ["cup"]})
    assert faults_of(kept, labels) == ["Cup", "Phone", "gone"]
