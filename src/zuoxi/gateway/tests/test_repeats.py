# SPDX-License-Identifier: Apache-2.0
import threading
import time
from datetime import timedelta

import pytest
from django.db import connection
from django.http import HttpResponse, JsonResponse
from django.test import Client, RequestFactory

from zuoxi.gateway import services
from zuoxi.gateway.models import Repeat
from zuoxi.gateway.tests.scenes import NOW, bearer, person, program

BODY = '{"order": "A-1"}'


class Deed:
    """Counts how often it was done."""

    def __init__(self, status=201, pause=0.0):
        self.status, self.pause, self.done = status, pause, 0

    def __call__(self):
        self.done += 1
        time.sleep(self.pause)
        return JsonResponse({"number": self.done}, status=self.status)


def ask(deed, key="k-1", body=BODY, caller="application:1", now=NOW, path="/api/v1/orders/"):
    request = RequestFactory().post(path, body, content_type="application/json")
    return services.once(request, caller, key, now, deed)


@pytest.mark.django_db
class TestOneByOne:
    def test_the_same_call_twice_acts_once_and_is_answered_the_same(self):
        deed = Deed()
        first, second = ask(deed), ask(deed)
        assert deed.done == 1
        assert (second.status_code, second.content) == (first.status_code, first.content)
        assert second.headers["Idempotency-Replayed"] == "true" and "Idempotency-Replayed" not in first.headers

    def test_another_body_or_address_with_the_same_key_is_a_conflict(self):
        deed = Deed()
        ask(deed)
        assert ask(deed, body='{"order": "A-2"}').status_code == 409
        assert ask(deed, path="/api/v1/tickets/").status_code == 409
        assert deed.done == 1

    def test_another_callers_key_is_another_key(self):
        deed = Deed()
        ask(deed)
        assert ask(deed, caller="user:1").status_code == 201
        assert deed.done == 2

    def test_the_answer_is_kept_until_the_second_before_a_day_is_over(self):
        deed = Deed()
        ask(deed)
        ask(deed, now=NOW + timedelta(hours=24) - timedelta(seconds=1))
        assert deed.done == 1
        ask(deed, now=NOW + timedelta(hours=24))
        assert deed.done == 2

    @pytest.mark.parametrize("status", [400, 403, 409, 422, 500])
    def test_what_was_refused_may_be_sent_again_with_the_same_key(self, status):
        assert ask(Deed(status)).status_code == status
        deed = Deed()
        assert ask(deed, body='{"order": "put right"}').status_code == 201
        assert deed.done == 1

    def test_what_broke_leaves_nothing_behind(self):
        def broken():
            Repeat.objects.create(caller="side", key="effect", digest="", at=NOW)
            return HttpResponse(status=500)

        ask(broken)
        assert not Repeat.objects.exists()

    @pytest.mark.parametrize("key", ["", "k" * 129, "é", "a\nb"])
    def test_a_key_that_is_none_is_refused(self, key):
        deed = Deed()
        assert ask(deed, key=key).status_code == 400 and deed.done == 0

    def test_the_kept_answer_is_sealed(self):
        ask(Deed())
        with connection.cursor() as cursor:
            cursor.execute("SELECT answer FROM gateway_repeat")
            assert b"number" not in bytes(cursor.fetchone()[0])

    def test_old_answers_are_forgotten(self):
        ask(Deed())
        assert services.forget(NOW + timedelta(hours=23)) == 0
        assert services.forget(NOW + timedelta(hours=24)) == 1

    def test_a_program_that_lost_its_scope_hears_no_earlier_answer(self):
        owner = person("da", "DA")
        application = program(owner, ["policy.read"])
        headers = bearer(application) | {"Idempotency-Key": "one"}
        question = '{"rule": "attendance.arrival", "pack": "tv_shopping", "facts": []}'

        def post():
            return Client().post("/api/v1/evaluate", question, content_type="application/json", headers=headers)

        first = post()
        assert first.status_code == 200, first.content
        assert post().headers["Idempotency-Replayed"] == "true"
        application.scopes = []
        application.save()
        assert post().status_code == 403


@pytest.mark.skipif(connection.vendor == "sqlite", reason="one writer at a time is what SQLite itself keeps")
@pytest.mark.django_db(transaction=True)
def test_a_twin_waits_for_the_first_and_gets_its_answer():
    deed, answers = Deed(pause=0.3), []

    def call():
        answers.append(ask(deed).content)
        connection.close()

    twins = [threading.Thread(target=call) for _twin in range(3)]
    for one in twins:
        one.start()
    for one in twins:
        one.join()
    assert deed.done == 1 and len(set(answers)) == 1 and len(answers) == 3
