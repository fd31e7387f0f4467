# SPDX-License-Identifier: Apache-2.0
import json

import pytest

ADDRESS = "/api/v1/evaluate"
ARRIVAL = {"rostered_start": "2026-11-22T08:00:00", "signed_in_at": "2026-11-22T08:15:00", "excused": False}
QUESTION = {"rule": "attendance.arrival", "pack": "tv_shopping", "facts": ARRIVAL}


@pytest.fixture
def ask(signed_in):
    browser = signed_in("OM")

    def post(body, address=ADDRESS):
        text = body if isinstance(body, str | bytes) else json.dumps(body)
        return browser.post(address, text, content_type="application/json")

    return post


def test_a_program_gets_the_finding_of_the_command(ask):
    answer = ask(QUESTION)
    assert (answer.status_code, answer.json()["outcome"]) == (200, "late")


def test_several_facts_get_several_findings_and_a_bad_one_its_error(ask):
    answer = ask(QUESTION | {"facts": [ARRIVAL, {"x": 1}]})
    assert answer.status_code == 422
    good, bad = answer.json()
    assert (good["outcome"], set(bad["error"])) == ("late", {"field", "message"})


def test_lines_are_answered_by_lines(ask):
    lines = json.dumps(ARRIVAL) + "\n{}\n"
    answer = ask(lines, f"{ADDRESS}?rule=attendance.arrival&pack=tv_shopping&on=2026-11-22")
    assert answer.status_code == 422
    assert [("outcome" in json.loads(line)) for line in answer.content.splitlines()] == [True, False]


@pytest.mark.parametrize(
    ("changed", "field", "status"),
    [
        ({"rule": "no.rule"}, "rule", 404),
        ({"pack": "no_pack"}, "pack", 404),
        ({"on": "2026-02-30"}, "on", 422),
        ({"more": 1}, "more", 422),
        ({"facts": "text"}, "facts", 422),
    ],
)
def test_what_cannot_be_asked_is_said(ask, changed, field, status):
    answer = ask(QUESTION | changed)
    assert (answer.status_code, answer.json()["error"]["field"]) == (status, field)


def test_a_body_that_is_no_json_is_said(ask):
    assert ask("{").status_code == 422


@pytest.mark.parametrize(("role", "status"), [("TSR", 403), ("TSRL", 403), ("HR", 200), ("TSRS", 200)])
def test_managers_may_ask_and_agents_may_not(signed_in, role, status):
    answer = signed_in(role).post(ADDRESS, json.dumps(QUESTION), content_type="application/json")
    assert answer.status_code == status


def test_a_stranger_is_not_answered(client, db):
    assert client.post(ADDRESS, json.dumps(QUESTION), content_type="application/json").status_code == 401


def test_the_address_only_takes_questions(ask, client):
    assert client.get(ADDRESS).status_code == 405
