# SPDX-License-Identifier: Apache-2.0
"""`zuoxi simulate` and its scenario file: what is answered, and how a bad file is refused."""

import json
from io import StringIO

import pytest
from django.core.management import call_command

pytestmark = pytest.mark.once


def _file(**more):
    queue = {
        "id": "sales", "arrivals_per_interval": [100, 120], "interval_seconds": 1800, "aht_seconds": 180, "aht_cv": 1.0,
        "patience_seconds": 120, "priority": 1, "service_threshold_seconds": 20, "skills": ["sales"],
    }  # fmt: skip
    group = {"id": "day", "skills": ["sales"], "agents_per_interval": [12, 14]}
    whole = {"queues": [queue], "groups": [group], "warmup_seconds": 600, "horizon_seconds": 3600}
    for path, value in more.items():
        where, *rest = path.split("__")
        target = {"queue": queue, "group": group, "whole": whole}[where]
        target[rest[0]] = value
    return whole


def _asked(tmp_path, data, *words):
    file = tmp_path / "scenario.json"
    file.write_text(data if isinstance(data, str) else json.dumps(data))
    out, status = StringIO(), 0
    try:
        call_command("simulate", str(file), *words, stdout=out)
    except SystemExit as left:
        status = left.code
    return out.getvalue(), status


def test_a_scenario_is_answered_by_queue_and_in_all(tmp_path):
    said, status = _asked(tmp_path, _file(), "--replications", "5", "--seed", "3", "--json")
    found = json.loads(said)
    assert status == 0
    assert set(found["queues"]) == {"sales"}
    for one in (found["queues"]["sales"], found["all"]):
        assert one["offered"] == one["answered"] + one["abandoned"]
        low, high = one["service_level"]["ci95"]
        assert low <= one["service_level"]["mean"] <= high
        assert {"asa_seconds", "abandonment", "occupancy"} <= set(one)
    assert found["calls_per_second"] > 0
    assert found["replications"] == 5


def test_people_get_a_table(tmp_path):
    said, status = _asked(tmp_path, _file(), "--replications", "3")
    assert status == 0
    assert said.splitlines()[1].startswith("sales")


def test_a_list_that_ends_early_is_remarked(tmp_path):
    said, _status = _asked(tmp_path, _file(whole__horizon_seconds=7200), "--replications", "2", "--json")
    assert len(json.loads(said)["notes"]) == 2


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ("{", "scenario"),
        ("[]", "scenario"),
        ({}, "queues"),
        (_file(whole__groups=[]), "groups"),
        (_file(whole__queue=1), "queue"),
        (_file(queue__arrivals_per_interval=[1, -1]), "queues[0].arrivals_per_interval[1]"),
        (_file(queue__arrivals_per_interval="many"), "queues[0].arrivals_per_interval"),
        (_file(queue__arrivals_per_interval=[float("nan")]), "queues[0].arrivals_per_interval[0]"),
        (_file(queue__aht_seconds=0), "queues[0].aht_seconds"),
        (_file(queue__aht_seconds=None), "queues[0].aht_seconds"),
        (_file(queue__aht_cv=-1), "queues[0].aht_cv"),
        (_file(queue__patience_seconds=0), "queues[0].patience_seconds"),
        (_file(queue__skills=["care"]), "queues[0].skills"),
        (_file(queue__priority=1.5), "queues[0].priority"),
        (_file(queue__retry_share=1), "queues[0].retry_share"),
        (_file(queue__transfer_share=0.1, queue__transfer_to="nowhere"), "queues[0].transfer_to"),
        (_file(queue__interval_seconds=0), "queues[0].interval_seconds"),
        (_file(group__agents_per_interval=[2.5]), "groups[0].agents_per_interval[0]"),
        (_file(group__agents_per_interval=[]), "groups[0].agents_per_interval"),
        (_file(group__skills="sales"), "groups[0].skills"),
        (_file(group__absence=1), "groups[0].absence"),
        (_file(whole__warmup_seconds=3600), "warmup_seconds"),
        (_file(whole__horizon_seconds=0), "horizon_seconds"),
        (_file(queue__arrivals_per_interval=[1e12]), "queues"),
        (_file(queue__patience_seconds=None, group__agents_per_interval=[0]), "queues[0].patience_seconds"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_a_bad_scenario_is_refused_by_the_name_of_its_field(tmp_path, data, field):
    said, status = _asked(tmp_path, data, "--json")
    wrong = json.loads(said)["error"]
    assert status == 2
    assert wrong["field"] == field
    assert wrong["message"]


@pytest.mark.parametrize("words", [("--replications", "0"), ("--seed", "-1"), ("--workers", "0")])
def test_a_bad_wish_is_refused_too(tmp_path, words):
    said, status = _asked(tmp_path, _file(), *words)
    assert status == 2
    assert json.loads(said)["error"]["field"] == words[0].strip("-")


def test_a_missing_file_is_told(tmp_path):
    out = StringIO()
    with pytest.raises(SystemExit) as left:
        call_command("simulate", str(tmp_path / "none.json"), stdout=out)
    assert left.value.code == 2
    assert json.loads(out.getvalue())["error"]["field"] == "scenario"


def test_calls_known_to_the_second_are_played_and_wrong_lists_refused(tmp_path):
    known = _file(queue__arrivals_per_interval=[0, 0], queue__listed_at=[900, 1200.5, 3000])
    known["queues"][0]["listed_aht_seconds"] = [None, 60, 90]
    said, status = _asked(tmp_path, known, "--replications", "3", "--json")
    assert status == 0
    assert json.loads(said)["all"]["offered"] == 3
    known["queues"][0]["listed_patience"] = [1, 2]
    said, status = _asked(tmp_path, known, "--json")
    assert status == 2
    assert json.loads(said)["error"]["field"] == "queues[0].listed_patience"


@pytest.mark.parametrize("digits", [400, 6000])
def test_a_figure_of_hundreds_of_digits_is_refused(tmp_path, digits):
    text = json.dumps(_file()).replace("180", "1" + "0" * digits)
    said, status = _asked(tmp_path, text, "--json")
    assert status == 2 and json.loads(said)["error"]["field"] in ("scenario", "queues[0].interval_seconds")


def test_a_name_that_cannot_be_written_is_refused(tmp_path):
    said, status = _asked(tmp_path, json.dumps(_file(queue__id="\ud800")), "--json")
    assert (status, json.loads(said)["error"]["field"]) == (2, "queues[0].id")
