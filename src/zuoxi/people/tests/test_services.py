# SPDX-License-Identifier: Apache-2.0
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from zuoxi.people import selectors, services
from zuoxi.people.models import Assignment, Position, PositionAlias, Staff, User
from zuoxi.people.positions import BadHandbook
from zuoxi.people.tests.conftest import DAY
from zuoxi.vault.models import AuditEntry
from zuoxi.web.roles import Role


@pytest.mark.clause("ORG-001")
def test_positions_are_loaded_as_often_as_one_likes(db):
    assert services.load_positions() == services.load_positions() == Position.objects.count() == len(Role)
    assert Position.objects.get(code="TSR").reports_to.code == "TSRL"


@pytest.mark.clause("ORG-015")
def test_the_analyst_answers_to_quality_and_reports_safety_to_support(house):
    analyst = Position.objects.get(code="DA")
    assert (analyst.reports_to.code, analyst.safety_to.code, analyst.copies_to.code) == ("QAS", "SM", "SM")


@pytest.mark.clause("ORG-004")
def test_the_operations_manager_answers_to_the_director(house):
    assert Position.objects.get(code="OM").reports_to.code == "DIR"


@pytest.mark.clause("ORG-003")
@pytest.mark.parametrize(
    ("word", "code"),
    [("项目经理", "OM"), ("质检主管", "QAS"), ("运营经理", "OM"), (" csr ", "CSR"), ("Director", "DIR")],
)
def test_a_post_is_known_by_any_of_its_names(house, word, code):
    assert selectors.position_named(word).code == code


def test_a_word_that_nobody_knows_is_no_position(house):
    assert selectors.position_named("太上皇") is None
    assert selectors.position_named("") is None


def test_no_two_positions_share_a_name(house):
    names = list(Position.objects.values_list("name_zh", flat=True))
    names += PositionAlias.objects.values_list("alias", flat=True)
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    "text",
    [
        "positions: [{code: DIR, rank: 0, zh: a, en: a, reports_to: OM}]",
        "positions: [{code: DIR, rank: 0, zh: a, en: a, reports_to: DIR}]",
    ],
)
def test_a_file_with_a_stranger_or_a_loop_is_refused_whole(db, tmp_path, text):
    file = tmp_path / "positions.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadHandbook):
        services.load_positions(file)
    assert not Position.objects.exists()


@pytest.mark.clause("ORG-001")
def test_a_second_different_position_at_the_same_time_is_refused(house):
    staff = house.hire("t1", "TSR", "a1")
    with pytest.raises(services.Refused) as refused:
        services.assign(staff, house.placement("TSRL", "a1"), DAY + timedelta(days=1))
    assert refused.value.breach.code == "two_positions"
    assert staff.assignments.count() == 1


@pytest.mark.clause("ORG-023")
def test_a_transfer_ends_the_old_post_on_the_day_that_the_new_one_begins(house):
    staff = house.hire("t1", "TSR", "a1")
    day = DAY + timedelta(days=10)
    services.transfer(staff, [house.placement("TSRL", "a2")], day, signed_on=day, by="dir")
    assert staff.roles_on(day - timedelta(days=1)) == {"TSR"}
    assert staff.roles_on(day) == {"TSRL"}


@pytest.mark.clause("ORG-023")
def test_an_unsigned_transfer_changes_nothing(house):
    staff = house.hire("t1", "TSR", "a1")
    with pytest.raises(services.Refused):
        services.transfer(staff, [house.placement("TSRL", "a2")], DAY, signed_on=None)
    assert staff.roles_on(DAY) == {"TSR"}


def test_the_database_too_refuses_a_post_before_its_signature(house):
    from django.db import IntegrityError, transaction

    staff = house.hire("t1", "TSR", "a1")
    with pytest.raises(IntegrityError), transaction.atomic():
        Assignment.objects.filter(staff=staff).update(signed_on=DAY + timedelta(days=1))


@pytest.mark.clause("ORG-001")
def test_leaving_ends_posts_sign_in_and_every_session_at_once(house):
    staff = house.hire("t1", "TSR", "a1")
    user = house.user("t1")
    user.set_password("a-long-enough-word-1")
    user.must_change_password = False
    user.save()
    client = Client()
    assert client.login(username="t1", password="a-long-enough-word-1")
    assert client.get("/accounts/sessions/").status_code == 200
    services.leave_company(staff, DAY, by="hr")
    assert client.get("/accounts/sessions/").url.startswith("/accounts/login/")
    assert not Client().login(username="t1", password="a-long-enough-word-1")
    staff.refresh_from_db()
    assert (staff.status, staff.left_on) == (Staff.Status.LEFT, DAY)
    assert selectors.breaches_on(DAY) == [
        one for one in selectors.breaches_on(DAY) if one.code == "team_without_leader"
    ]
    assert AuditEntry.objects.filter(verb="people.staff.left", who="hr", on_id="t1").count() == 1


def test_leaving_on_a_day_to_come_takes_the_sign_in_away_on_that_day(house):
    staff = house.hire("t1", "TSR", "a1")
    last = DAY + timedelta(days=5)
    services.leave_company(staff, last, today=DAY)
    assert house.user("t1").is_active
    assert services.close_leavers(last - timedelta(days=1)) == 0
    assert services.close_leavers(last) == 1
    assert services.close_leavers(last) == 0
    assert not house.user("t1").is_active


@pytest.mark.clause("CALL-009")
def test_the_sign_in_is_the_staff_number_and_there_is_one_only(house):
    staff = house.hire("t1", "TSR", "a1")
    assert house.user("t1").username == staff.code
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError), transaction.atomic():
        services.create_user_for(staff)


def test_a_short_password_is_refused(house):
    staff = house.hire("t1", "TSR", "a1", user=False)
    with pytest.raises(ValidationError):
        services.create_user_for(staff, "short")
    assert not User.objects.exists()


def test_a_reset_password_works_once_and_must_be_changed(house):
    staff = house.hire("t1", "TSR", "a1")
    staff.refresh_from_db()
    password = services.reset_password(staff, "hr")
    assert Client().login(username="t1", password=password)
    assert house.user("t1").must_change_password
    assert password not in str(list(AuditEntry.objects.values()))


@pytest.mark.clause("ORG-001", "ORG-015")
def test_the_superior_is_the_nearest_holder_up_the_line(house):
    house.hire("dir", "DIR")
    house.hire("om", "OM", project="A")
    supervisor = house.hire("tsrs", "TSRS", ["a1", "a2"])
    leader = house.hire("tsrl", "TSRL", "a1")
    in_a1, in_a2 = house.hire("t1", "TSR", "a1"), house.hire("t2", "TSR", "a2")
    assert selectors.superior_of(in_a1, DAY) == leader
    assert selectors.superior_of(in_a2, DAY) == supervisor
    assert selectors.superior_of(supervisor, DAY).code == "om"
    services.leave_company(leader, DAY)
    assert selectors.superior_of(in_a1, DAY) == supervisor


def test_a_missing_middle_is_passed_over_up_to_the_director_who_has_nobody_above(house):
    director, analyst = house.hire("dir", "DIR"), house.hire("da", "DA")
    assert selectors.superior_of(analyst, DAY) == director
    assert selectors.superior_of(director, DAY) is None
