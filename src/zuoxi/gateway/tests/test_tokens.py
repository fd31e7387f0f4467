# SPDX-License-Identifier: Apache-2.0
import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from zuoxi.gateway import services
from zuoxi.gateway.models import Token, UsedMinute
from zuoxi.gateway.tests.scenes import bearer, person, program
from zuoxi.people import services as people
from zuoxi.vault.models import AuditEntry

STATES, FIGURES, RECORDINGS = (
    "/api/v1/telephony/states",
    "/api/v1/reporting/definitions",
    "/api/v1/telephony/recordings",
)
pytestmark = pytest.mark.django_db


@pytest.fixture
def analyst():
    return person("da", "DA")


def status(path, headers, client=None):
    return (client or Client()).get(path, headers=headers).status_code


def test_a_token_opens_what_its_scope_says_and_nothing_else(analyst):
    key = bearer(program(analyst, ["telephony.read"]))
    assert status(STATES, key) == 200
    refused = Client().get(FIGURES, headers=key)
    assert refused.status_code == 403
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert refused.json()["needs"] == "reporting.read"


def test_no_token_opens_a_page_or_an_operation_that_does_not_say_so(analyst):
    key = bearer(program(analyst, ["telephony.read", "reporting.read"]))
    assert Client().get("/", headers=key).status_code == 302
    assert status("/api/v1/openapi.json", key) in (302, 401)


def test_a_scope_the_owner_has_no_right_to_is_not_given(analyst):
    with pytest.raises(services.NotDone):
        program(person("fd", "FD"), ["reporting.read"])
    with pytest.raises(services.NotDone):
        program(analyst, ["telephony.nothing"])


def test_what_the_owner_loses_the_program_loses(analyst):
    key = bearer(program(analyst, ["reporting.read"]))
    assert status(FIGURES, key) == 200
    people.leave_company(analyst, timezone.localdate())
    assert status(FIGURES, key) == 401


def test_rights_beside_the_scope_stay_shut_for_the_program(analyst):
    application = program(analyst, ["telephony.read"])
    text = bearer(application)["Authorization"].removeprefix("Bearer ")
    caller = services.caller_for(text, None, timezone.now())
    assert caller.user.may("telephony.states")
    assert analyst.user.may("reporting.reports") and not caller.user.may("reporting.reports")


@pytest.mark.parametrize("wrong", ["Bearer zx_0_0", "Bearer ", "Basic ZGE6ZGE=", "zx", "Bearer zx_" + "a" * 5000])
def test_a_wrong_token_is_refused_even_beside_a_session(analyst, wrong):
    client = Client()
    client.force_login(analyst.user, "django.contrib.auth.backends.ModelBackend")
    assert status(STATES, {}, client) == 200
    answer = client.get(STATES, headers={"Authorization": wrong})
    assert answer.status_code == 401 and answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_right_mark_with_a_wrong_secret_is_refused(analyst):
    key = bearer(program(analyst, ["telephony.read"]))["Authorization"]
    assert status(STATES, {"Authorization": key[:-1] + ("A" if key[-1] != "A" else "B")}) == 401


def test_the_secret_is_nowhere_in_the_database(analyst):
    key = bearer(program(analyst, ["telephony.read"]))["Authorization"]
    secret = key.rpartition("_")[2]
    rows = [*Token.objects.values(), *AuditEntry.objects.values("verb", "detail", "on_id")]
    assert secret not in json.dumps(rows, default=str)


def test_a_token_works_until_the_second_before_it_expires(analyst):
    application = program(analyst, ["telephony.read"])
    token, text = services.issue(application.pk, days=1, by="it", now=timezone.now())
    assert services.caller_for(text, None, token.expires_at - timedelta(seconds=1)) is not None
    assert services.caller_for(text, None, token.expires_at) is None


def test_a_revoked_token_opens_nothing_from_the_next_call_on(analyst):
    application = program(analyst, ["telephony.read"])
    token, text = services.issue(application.pk, days=1, by="it", now=timezone.now())
    key = {"Authorization": f"Bearer {text}"}
    assert status(STATES, key) == 200
    assert services.revoke(token.pk, by="it", now=timezone.now())
    assert not services.revoke(token.pk, by="it", now=timezone.now())
    assert status(STATES, key) == 401


def test_after_a_rotation_both_work_for_a_day_and_then_the_new_one_alone(analyst):
    application, now = program(analyst, ["telephony.read"]), timezone.now()
    token, old = services.issue(application.pk, days=30, by="it", now=now)
    _made, new = services.rotate(token.pk, by="it", now=now)
    later = now + timedelta(hours=24)
    assert services.caller_for(old, None, later - timedelta(seconds=1)) and services.caller_for(new, None, later)
    assert services.caller_for(old, None, later) is None


def test_closing_the_program_ends_all_its_tokens(analyst):
    application = program(analyst, ["telephony.read"])
    key, other = bearer(application), bearer(application)
    assert services.close(application.pk, by="it", now=timezone.now())
    assert (status(STATES, key), status(STATES, other)) == (401, 401)
    with pytest.raises(services.NotDone):
        services.issue(application.pk, days=1, by="it", now=timezone.now())


@pytest.mark.parametrize("days", [0, 367])
def test_a_token_lives_between_a_day_and_a_year(analyst, days):
    application = program(analyst, [])
    with pytest.raises(services.NotDone):
        services.issue(application.pk, days=days, by="it", now=timezone.now())


def test_the_call_above_the_limit_of_a_minute_is_refused_with_the_seconds_to_wait(analyst):
    application = program(analyst, ["telephony.read"], per_minute=2)
    text = bearer(application)["Authorization"].removeprefix("Bearer ")
    now = timezone.now().replace(second=50, microsecond=0)
    for _call in range(2):
        assert services.caller_for(text, None, now)
    with pytest.raises(services.TooMany) as refused:
        services.caller_for(text, None, now)
    assert refused.value.wait == 10
    assert services.caller_for(text, None, now + timedelta(seconds=10))
    assert sorted(UsedMinute.objects.values_list("calls", "refused")) == [(1, 0), (2, 1)]


def test_a_refused_call_answers_429_and_a_time(analyst):
    key = bearer(program(analyst, ["telephony.read"], per_minute=0))
    answer = Client().get(STATES, headers=key)
    assert answer.status_code == 429 and 0 < int(answer.headers["Retry-After"]) <= 60


def test_use_is_audited_once_a_day_and_when_the_address_changes(analyst):
    application = program(analyst, ["telephony.read"])
    text = bearer(application)["Authorization"].removeprefix("Bearer ")
    start = timezone.localtime().replace(hour=10, minute=0, second=0, microsecond=0)

    def used():
        return AuditEntry.objects.filter(verb="gateway.token.used").count()

    for minute in range(5):
        services.caller_for(text, "198.51.100.7", start + timedelta(minutes=minute))
    assert used() == 1
    services.caller_for(text, "198.51.100.8", start + timedelta(minutes=6))
    assert used() == 2
    services.caller_for(text, "198.51.100.8", start + timedelta(days=1))
    assert used() == 3


def test_a_session_still_needs_the_csrf_token_for_a_post(analyst):
    client = Client(enforce_csrf_checks=True)
    client.force_login(analyst.user, "django.contrib.auth.backends.ModelBackend")
    assert client.post("/api/v1/evaluate", "{}", content_type="application/json").status_code == 403


def test_errors_of_shape_name_the_place(analyst):
    key = bearer(program(analyst, ["telephony.read"]))
    answer = Client().get("/api/v1/telephony/calls?limit=0", headers=key)
    assert answer.status_code == 422
    assert [one["where"] for one in answer.json()["errors"]] == ["query.limit"]


def test_the_document_tells_scope_key_and_errors_of_each_operation(analyst):
    client = Client()
    client.force_login(analyst.user, "django.contrib.auth.backends.ModelBackend")
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    one, post = paths["/api/v1/telephony/calls/{pk}"]["get"], paths["/api/v1/evaluate"]["post"]
    assert one["x-scope"] == "telephony.read" and {"token": []} in one["security"]
    assert {"401", "403", "422", "429"} <= set(one["responses"]) and "409" in post["responses"]
    assert "Idempotency-Key" in [parameter["name"] for parameter in post["parameters"]]
