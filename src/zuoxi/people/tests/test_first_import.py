# SPDX-License-Identifier: Apache-2.0
"""The first list of people that a new centre imports: teams are made on the way."""

import pytest

from zuoxi.people import services, staff_import
from zuoxi.people.models import Team
from zuoxi.people.staff_file import read
from zuoxi.people.tests.conftest import DAY

pytestmark = pytest.mark.django_db


def file(*rows):
    return read("\n".join(["工号,姓名,岗位,班组", *rows]).encode())


@pytest.fixture
def posts():
    services.load_positions()


def test_a_new_team_goes_to_the_only_project_where_the_list_names_none(posts):
    project = services.ensure_project("p", "电视购物", "TV shopping")
    report = staff_import.take(file("1001,王芳,客服座席,一组", "1002,李娜,客服座席,一组"), DAY, "hr", create=True)
    assert (report.new, report.problems) == (2, [])
    assert Team.objects.get(name_zh="一组").project == project


@pytest.mark.parametrize("projects", [0, 2])
def test_without_a_project_or_with_several_the_row_must_say_which(posts, projects):
    for number in range(projects):
        services.ensure_project(f"p{number}", f"项目{number}", f"Project {number}")
    report, _good = staff_import.check(file("1001,王芳,客服座席,一组"), DAY, create=True)
    assert [(one.line, one.column) for one in report.problems] == [(2, "项目")]


@pytest.mark.parametrize("between", ["\u3001", "\uff0c", "\uff1b", ";", "/"])
def test_several_teams_are_parted_by_any_sign_that_people_use(posts, between):
    services.ensure_project("p", "电视购物", "TV shopping")
    _report, (candidate,) = staff_import.check(file(f"8001,王主管,TSR主管,一组{between}二组"), DAY, create=True)
    assert candidate.teams == ("一组", "二组")


def test_somebody_without_a_team_is_put_into_no_project(posts):
    services.ensure_project("p", "电视购物", "TV shopping")
    _report, (candidate,) = staff_import.check(file("6002,石网管,IT专员,"), DAY, create=True)
    assert candidate.project is None
