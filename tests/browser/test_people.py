# SPDX-License-Identifier: Apache-2.0
"""Signing in for the first time, with a second factor; the pages about people as they look."""

import re

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import cache
from django.utils import timezone

from zuoxi.people import services
from zuoxi.people.models import Staff

FIRST, OWN = "handed-over-word-7", "teal-kettle-41-north"


@pytest.fixture
def centre(transactional_db, tmp_path, settings):
    from zuoxi.config.demo import seed

    cache.clear()
    seed.seed_people(timezone.localdate(), "only for tests, never kept")


def whose(role):
    from zuoxi.people.models import User

    return next(user for user in User.objects.order_by("pk") if role in user.roles)


def newcomer(code="7801"):
    agent = Staff.objects.filter(assignments__position__code="TSR").order_by("code")[0]
    place = agent.assignments.select_related("position", "team").get()
    staff = services.hire(code, "新来", [services.Placement(place.position, place.team)], timezone.localdate())
    services.create_user_for(staff, FIRST)
    return staff


def fill(page, label, text):
    page.get_by_label(label, exact=False).fill(text)


@pytest.mark.clause("CALL-009", "SEC-022")
def test_on_the_first_day_one_signs_in_by_number_and_chooses_a_password(centre, page, accessible, troubles):
    newcomer()
    page.goto("/staff/7801/")
    accessible(page)
    fill(page, "工号", "7801")
    fill(page, "密码", FIRST)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/accounts/password/change/")
    accessible(page)
    fill(page, "当前密码", FIRST)
    page.locator("[name=password1]").fill(OWN)
    page.locator("[name=password2]").fill(OWN)
    page.get_by_role("button", name="修改密码").click()
    page.wait_for_url(re.compile(r"^(?!.*password).*$"))
    page.goto("/staff/7801/")
    assert page.locator("h1").inner_text() == "新来"
    assert troubles == []


def test_a_second_factor_is_set_up_and_asked_for(centre, page, accessible, shot, troubles):
    manager = whose("SM")
    manager.set_password(OWN)
    manager.save()

    def sign_in():
        page.goto("/accounts/login/")
        fill(page, "工号", manager.username)
        fill(page, "密码", OWN)
        page.get_by_role("button", name="登录").click()

    sign_in()
    page.goto("/accounts/2fa/")
    accessible(page)
    page.get_by_role("link", name="设置验证器").click()
    fill(page, "密码", OWN)
    page.get_by_role("button", name="确定").click()
    page.wait_for_url("**/totp/activate/**")
    accessible(page)
    shot(page, "people-second-factor", sizes=("1440",))
    page.reload()
    secret = page.locator("code").inner_text()
    fill(
        page, "六位验证码", totp.format_hotp_value(totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time())))
    )
    page.get_by_role("button", name="开启").click()
    page.wait_for_url("**/recovery-codes/")
    accessible(page)
    spare = page.locator("code").first.inner_text()
    page.context.clear_cookies()
    sign_in()
    page.wait_for_url("**/2fa/authenticate/")
    accessible(page)
    fill(page, "六位验证码", spare)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(re.compile(r"^(?!.*authenticate).*$"))
    assert troubles == []


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("people-staff", "/staff/"),
        ("people-person", None),
        ("people-organisation", "/organisation/"),
        ("people-import", "/staff/import/"),
        ("people-audit", "/audit/"),
        ("people-clauses", "/clauses/"),
        ("people-domain", "/clauses/ORG/"),
        ("people-clause", "/clauses/ORG-023/"),
        ("people-sessions", "/accounts/sessions/"),
        ("people-password", "/accounts/password/change/"),
    ],
)
def test_the_pages_about_people_are_accessible_and_pictured(centre, sign_in_as, accessible, shot, troubles, name, path):
    page = sign_in_as(user=whose("DIR"))
    path = path or f"/staff/{whose('TSRL').username}/"
    assert page.goto(path).status == 200
    accessible(page)
    shot(page, name, sizes=("1440", "390"))
    assert troubles == []


def test_a_file_with_a_bad_row_is_checked_in_the_page(centre, sign_in_as, accessible, shot, tmp_path):
    file = tmp_path / "人员.csv"
    file.write_text("工号,姓名,岗位,班组\n7802,赵敏,客服座席,\n7803,,客服座席,\n7804,=1+1,客服座席,", encoding="gbk")
    page = sign_in_as(user=whose("HR"))
    page.goto("/staff/import/")
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="检查文件").click()
    page.wait_for_url(re.compile(r"/staff/import/[0-9a-f]{32}/"))
    accessible(page)
    shot(page, "people-import-checked", sizes=("1440", "390"))
    page.reload()
    page.get_by_role("button", name="导入合格的行").click()
    page.get_by_text("新增 1,变更 0,不变 0,拒收 2").wait_for()
    assert Staff.objects.filter(code__in=["7802", "7803", "7804"]).count() == 1
