# SPDX-License-Identifier: Apache-2.0
"""The same figures by command and by API."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from zuoxi.reporting import definitions
from zuoxi.reporting.tests.generated import START, centre
from zuoxi.telephony.models import UnknownWindow
from zuoxi.telephony.tests import factories

pytestmark = pytest.mark.django_db
SINCE, UNTIL = START.isoformat(), (START + timedelta(days=1)).isoformat()


def told(*words):
    out = StringIO()
    call_command("figures", "--from", SINCE, "--to", UNTIL, *words, "--json", stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_the_command_prints_one_group_a_line():
    centre(seed=4, calls=150, days=1).store()
    (total,) = told("--by", "total")
    assert total["group"] == "total"
    assert {tuple(one) for one in total["figures"]} == {("id", "version", "value", "numerator", "denominator", "unit")}
    names = [one["id"] for one in total["figures"]]
    wanted = (
        "offered answered abandoned short_abandoned service_level asa aht talk hold wrap_up occupancy utilisation "
        "connect_rate abandon_rate cph success_rate"
    )
    assert set(wanted.split()) <= set(names)
    assert {row["group"] for row in told("--by", "queue")} >= {"care", "sales"}
    first = told("--by", "interval")[0]["group"]
    assert first.startswith("2026-11-18T00:") and first.endswith("+08:00")
    pair = told("--by", "queue,day")[-1]["group"]
    assert pair == {"queue": "sales", "day": "2026-11-18"}


def test_the_command_takes_readings_and_thresholds():
    centre(seed=4, calls=150, days=1).store()

    def level(*words):
        (row,) = told("--figure", "service_level", *words)
        return row["figures"][0]

    assert level("--reading", "answered_only")["denominator"] != level("--reading", "offered")["denominator"]
    assert level("--threshold", "0")["numerator"] < level("--threshold", "120")["numerator"]
    assert level("--short-abandon", "0")["denominator"] > level("--short-abandon", "60")["denominator"]


@pytest.mark.parametrize(
    "words", [("--by", "weather"), ("--reading", "rosy"), ("--figure", "luck"), ("--reading", "asa=rosy")]
)
def test_the_command_refuses_what_it_cannot_tell(words):
    with pytest.raises(CommandError):
        told(*words)
    with pytest.raises(CommandError):
        call_command("figures", "--from", "yesterday", "--to", UNTIL)


def test_times_that_follow_each_other_count_each_call_once():
    centre(seed=4, calls=150, days=1).store()

    def offered(since, until):
        out = StringIO()
        words = ("--from", since.isoformat(), "--to", until.isoformat(), "--figure", "offered", "--json")
        call_command("figures", *words, stdout=out)
        rows = [json.loads(line) for line in out.getvalue().splitlines()]
        return sum(row["figures"][0]["value"] for row in rows)

    from zuoxi.telephony.models import Call

    middle = Call.objects.filter(direction="inbound").order_by("offered_at")[60].offered_at
    between, end = middle + timedelta(milliseconds=700), START + timedelta(days=1)
    assert offered(START, between) + offered(between, end) == offered(START, end) > 0


def test_incomplete_data_is_said_on_the_group():
    centre(seed=4, calls=50, days=1).store()
    UnknownWindow.objects.create(switch="lab", from_at=START, to_at=START + timedelta(minutes=1), why="x")
    (total,) = told()
    assert total["incomplete"]["unknown_windows"] == 1


def test_the_api_tells_what_the_command_tells(client):
    centre(seed=4, calls=150, days=1).store()
    client.force_login(factories.user("9001", "DIR"))
    asked = {
        "since": SINCE,
        "until": UNTIL,
        "by": "queue",
        "figure": ["offered", "service_level"],
        "reading": "offered",
    }
    answer = client.get("/api/v1/reporting/figures", asked).json()
    assert answer["readings"]["service_level"] == "offered"
    rows = told("--by", "queue", "--figure", "offered", "--figure", "service_level", "--reading", "offered")
    assert [(row["group"]["queue"], row["figures"][0]["value"]) for row in answer["groups"]] == [
        (row["group"] or "", row["figures"][0]["value"]) for row in rows
    ]
    assert client.get("/api/v1/reporting/definitions").json()[0]["id"] == "offered"
    assert client.get("/api/v1/reporting/figures", asked | {"by": "weather"}).status_code == 422
    client.force_login(factories.user("1001", "TSR"))
    assert client.get("/api/v1/reporting/figures", asked).status_code == 403


def test_the_reference_page_tells_every_figure_and_reading():
    text = (Path(__file__).parents[4] / "docs" / "reference" / "figures.md").read_text(encoding="utf-8")
    for figure in definitions.FIGURES:
        assert f"| `{figure.id}` |" in text
        for name in figure.readings if len(figure.readings) > 1 else ():
            assert f"`{name}`" in text
