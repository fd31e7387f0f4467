# SPDX-License-Identifier: Apache-2.0
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from zuoxi.people import services
from zuoxi.people.models import User
from zuoxi.people.tests.conftest import DAY
from zuoxi.vault.models import AuditEntry

PASSWORD = "teal-kettle-41-north"


@pytest.fixture(autouse=True)
def fresh_limits():
    cache.clear()


@pytest.fixture
def agent(house):
    staff = house.hire("1001", "TSR", "a1", user=False)
    return services.create_user_for(staff, PASSWORD, must_change=False)


@pytest.fixture
def manager(house):
    staff = house.hire("2001", "SM", user=False)
    return services.create_user_for(staff, PASSWORD, must_change=False)


def sign_in(client, password=PASSWORD, login="1001", **extra):
    return client.post(reverse("account_login"), {"login": login, "password": password}, **extra)


def whose(client):
    return client.session.get("_auth_user_id")


@pytest.mark.clause("CALL-009")
def test_one_signs_in_with_the_staff_number(agent, client):
    assert sign_in(client).status_code == 302
    assert whose(client) == str(agent.pk)
    assert AuditEntry.objects.filter(verb="people.sign_in", who="1001").exists()


def test_a_wrong_password_is_told_without_saying_which_part_was_wrong(agent, client):
    known = sign_in(client, "wrong-wrong-wrong").content.decode()
    unknown = sign_in(client, "wrong-wrong-wrong", login="9999").content.decode()
    assert "工号或密码不正确" in known
    assert "工号或密码不正确" in unknown
    assert whose(client) is None


def test_what_was_typed_as_a_number_is_not_kept_unless_somebody_has_it(agent, client):
    sign_in(client, "x", login="my-secret-password")
    sign_in(client, "x")
    rows = list(AuditEntry.objects.filter(verb="people.sign_in.failed").order_by("id").values_list("on_id", flat=True))
    assert rows == ["", "1001"]
    assert "my-secret-password" not in str(list(AuditEntry.objects.values()))


def test_after_five_wrong_passwords_even_the_right_one_waits(agent, client):
    for _ in range(5):
        sign_in(client, "wrong-wrong-wrong")
    page = sign_in(client)
    assert page.status_code == 200
    assert whose(client) is None
    assert "五分钟" in page.content.decode()


def test_one_address_that_tries_many_numbers_is_stopped(house, agent, client, settings):
    for number in range(settings.TRIES_PER_ADDRESS):
        sign_in(client, "wrong-wrong-wrong", login=f"9{number:03}")
    assert "五分钟" in sign_in(client).content.decode()


@pytest.mark.django_db
def test_a_flood_of_sign_ins_is_told_to_wait_on_a_page_of_ours(client, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    sign_in(client)
    page = sign_in(client)
    assert page.status_code == 429
    assert "请稍候" in page.content.decode()


def test_a_whole_shift_behind_one_address_gets_in(house):
    agents = [house.hire(f"7{number:03}", "TSR", "a1", user=False) for number in range(40)]
    for staff in agents:
        services.create_user_for(staff, PASSWORD, must_change=False)
    entered = [sign_in(Client(), login=staff.code).status_code for staff in agents]
    assert entered == [302] * 40


def test_a_handed_out_password_is_changed_before_anything_else(agent, client):
    User.objects.update(must_change_password=True)
    sign_in(client)
    change = reverse("account_change_password")
    assert client.get("/").url == change
    assert client.get("/api/v1/openapi.json").status_code in (200, 403, 404)
    assert client.get(change).status_code == 200
    answer = client.post(
        change, {"oldpassword": PASSWORD, "password1": "slow-amber-river-9", "password2": "slow-amber-river-9"}
    )
    assert answer.status_code == 302
    agent.refresh_from_db()
    assert not agent.must_change_password
    assert client.get("/").status_code == 200 or client.get("/").url != change


@pytest.mark.clause("SEC-022")
def test_a_password_of_ninety_days_is_changed_and_one_of_eighty_nine_is_not(agent, client):
    sign_in(client)
    change = reverse("account_change_password")
    User.objects.update(password_changed_at=timezone.now() - timedelta(days=89))
    assert getattr(client.get("/"), "url", "") != change
    User.objects.update(password_changed_at=timezone.now() - timedelta(days=90))
    assert client.get("/").url == change


@pytest.mark.clause("SEC-022")
@pytest.mark.parametrize(
    ("password", "why"),
    [("short-1", "12"), ("password1234", ""), (PASSWORD, "现在的密码")],
)
def test_weak_common_and_unchanged_passwords_are_refused(agent, client, password, why):
    sign_in(client)
    page = client.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": password, "password2": password},
    )
    assert page.status_code == 200
    assert why in page.content.decode()
    agent.refresh_from_db()
    assert agent.check_password(PASSWORD)


def test_changing_the_password_signs_other_browsers_out(manager):
    here, there = Client(), Client()
    sign_in(here, login="2001")
    sign_in(there, login="2001")
    here.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": "slow-amber-river-9", "password2": "slow-amber-river-9"},
    )
    assert here.get(reverse("usersessions_list")).status_code == 200
    assert there.get(reverse("usersessions_list")).status_code == 302


@pytest.mark.clause("CALL-009")
def test_a_number_in_use_at_one_seat_is_refused_at_another_and_written_down(agent):
    first, second = Client(REMOTE_ADDR="10.0.0.5"), Client(REMOTE_ADDR="10.0.0.6")
    sign_in(first)
    page = sign_in(second)
    assert page.status_code == 403
    assert "10.0.0.5" in page.content.decode()
    assert whose(second) is None
    assert AuditEntry.objects.get(verb="people.sign_in.second_seat").detail == {"other": "10.0.0.5"}


def test_the_same_seat_may_sign_in_again_and_an_abandoned_seat_becomes_free(agent, settings):
    first = Client(REMOTE_ADDR="10.0.0.5")
    sign_in(first)
    assert sign_in(Client(REMOTE_ADDR="10.0.0.5")).status_code == 302
    idle = timezone.now() - timedelta(minutes=settings.SEAT_IDLE_MINUTES, seconds=1)
    UserSession.objects.update(last_seen_at=idle)
    assert sign_in(Client(REMOTE_ADDR="10.0.0.6")).status_code == 302


def test_a_manager_may_be_signed_in_at_two_places(manager):
    sign_in(Client(REMOTE_ADDR="10.0.0.5"), login="2001")
    assert sign_in(Client(REMOTE_ADDR="10.0.0.6"), login="2001").status_code == 302


def test_sign_out_everywhere_else_leaves_only_this_session(manager):
    here, there = Client(), Client()
    sign_in(here, login="2001")
    sign_in(there, login="2001")
    here.post(reverse("usersessions_list"))
    assert UserSession.objects.filter(user=manager).count() == 1
    assert there.get(reverse("usersessions_list")).status_code == 302
    assert here.get(reverse("usersessions_list")).status_code == 200


def test_the_second_factor_is_asked_and_its_secret_is_sealed(manager, client):
    sign_in(client, login="2001")
    activate = reverse("mfa_activate_totp")
    asked_again = client.get(activate)
    assert asked_again.url.startswith(reverse("account_reauthenticate"))
    client.post(asked_again.url, {"password": PASSWORD})
    assert client.get(activate).status_code == 200
    secret = client.session["mfa.totp.secret"]
    code = totp.format_hotp_value(totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time())))
    assert client.post(activate, {"code": code}).status_code == 302
    stored = Authenticator.objects.get(type=Authenticator.Type.TOTP)
    assert secret not in str(stored.data)
    assert client.get(reverse("mfa_view_recovery_codes")).status_code == 200

    other = Client()
    asked = sign_in(other, login="2001")
    assert asked.url == reverse("mfa_authenticate")
    assert whose(other) is None
    assert other.get(asked.url).status_code == 200
    assert other.post(asked.url, {"code": "000000"}).status_code == 200
    assert whose(other) is None
    spare = Authenticator.objects.get(type=Authenticator.Type.RECOVERY_CODES).wrap().get_unused_codes()[0]
    assert other.post(asked.url, {"code": spare}).status_code == 302
    assert whose(other) == str(manager.pk)


def test_a_closed_sign_in_is_told_so(agent, client):
    User.objects.update(is_active=False)
    assert sign_in(client).status_code in (200, 302)
    assert whose(client) is None


@pytest.mark.parametrize("name", ["account_signup", "account_email", "account_reset_password", "account_set_password"])
def test_what_allauth_offers_and_we_do_not_use_has_no_address(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["signup/", "email/", "password/reset/", "confirm-email/", "3rdparty/"])
def test_and_typing_the_address_finds_nothing(client, path):
    assert client.get(f"/accounts/{path}").status_code == 404


@pytest.mark.parametrize(
    "name",
    [
        "account_login",
        "account_logout",
        "account_inactive",
        "account_change_password",
        "mfa_index",
        "usersessions_list",
        "account_reauthenticate",
    ],
)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_sign_in_page_stands_in_both_languages(manager, name, language):
    client = Client()
    if name not in ("account_login", "account_inactive"):
        sign_in(client, login="2001")
    page = client.get(reverse(name), headers={"accept-language": language})
    assert page.status_code == 200
    assert "style=" not in page.content.decode()


def test_the_chosen_language_is_kept_for_the_next_machine(manager):
    client = Client()
    sign_in(client, login="2001")
    client.post(reverse("set_language"), {"language": "en"})
    manager.refresh_from_db()
    assert manager.language == "en"
    elsewhere = Client()
    answer = sign_in(elsewhere, login="2001")
    assert answer.cookies["django_language"].value == "en"


def test_someone_without_a_current_post_signs_in_and_finds_no_door(house):
    staff = house.hire("3001", "TSR", "a1", user=False, on=timezone.localdate() + timedelta(days=30))
    services.create_user_for(staff, PASSWORD, must_change=False)
    client = Client()
    sign_in(client, login="3001")
    assert client.get("/").status_code == 200
    assert User.objects.get(username="3001").capabilities == frozenset()
    assert staff.joined_on > DAY
