# SPDX-License-Identifier: Apache-2.0
import json
from io import StringIO

import pytest
from django.core.management import call_command

pytestmark = pytest.mark.once


def _asked(*words):
    out, status = StringIO(), 0
    try:
        call_command("staffing", *words, stdout=out)
    except SystemExit as left:
        status = left.code
    return [json.loads(line) for line in out.getvalue().splitlines()], status


def test_one_load_is_answered_with_agents_and_positions():
    [answer], status = _asked("--calls", "100", "--aht", "180", "--target", "0.80/20", "--shrinkage", "0.30", "--json")
    assert status == 0
    assert answer["agents"] == 14
    assert answer["positions"] == 20
    assert answer["model"] == "erlang_c"
    assert answer["abandonment"] is None


def test_a_file_is_answered_row_by_row_each_by_its_own_model(tmp_path):
    file = tmp_path / "intervals.csv"
    file.write_text("start,calls,aht_seconds,patience_seconds\na,100,180,120\nb,100,180,\nc,0,180,\n")
    found, status = _asked("--file", str(file), "--json")
    assert status == 0
    assert [(one["start"], one["agents"], one["model"]) for one in found] == [
        ("a", 12, "erlang_a"),
        ("b", 14, "erlang_c"),
        ("c", 0, "erlang_c"),
    ]


@pytest.mark.parametrize(
    ("text", "field", "row"),
    [
        ("start,calls\na,1\n", "aht_seconds", None),
        ("start,calls,aht_seconds\na,1,180\nb,-1,180\n", "calls", 2),
        ("start,calls,aht_seconds\na,one,180\n", "calls", 1),
        ("start,calls,aht_seconds,patience_seconds\na,1,180,0\n", "patience_seconds", 1),
    ],
)
def test_a_bad_row_is_named_with_its_column_and_number(tmp_path, text, field, row):
    file = tmp_path / "intervals.csv"
    file.write_text(text)
    [answer], status = _asked("--file", str(file), "--json")
    assert status == 2
    assert (answer["error"]["field"], answer["error"]["row"]) == (field, row)


@pytest.mark.parametrize(
    ("words", "field"),
    [
        (("--calls", "5"), "aht"),
        (("--calls", "5", "--aht", "180", "--target", "80%"), "target"),
        (("--calls", "5", "--aht", "180", "--shrinkage", "1"), "shrinkage"),
        (("--calls", "5", "--aht", "180", "--interval", "inf"), "interval"),
        (("--calls", "5", "--aht", "180", "--interval", "nan"), "interval"),
        (("--file", "nowhere.csv"), "file"),
    ],
)
def test_a_bad_word_is_named(words, field):
    [answer], status = _asked(*words, "--json")
    assert status == 2
    assert answer["error"]["field"] == field


def test_a_scenario_is_staffed_by_group_and_interval(tmp_path):
    file = tmp_path / "scenario.json"
    queue = {"arrivals_per_interval": [20, 40], "interval_seconds": 1800, "aht_seconds": 180, "patience_seconds": 120}
    groups = [
        {"id": "both", "skills": ["a", "b"], "agents_per_interval": [1]},
        {"id": "a", "skills": ["a"], "agents_per_interval": [1]},
    ]
    file.write_text(json.dumps({"queues": [{"id": "a", **queue}, {"id": "b", **queue}], "groups": groups}))
    [answer], status = _asked("--scenario", str(file), "--target", "0.8/20", "--json")
    assert status == 0
    assert set(answer["agents"]) == {"both", "a"} and len(answer["agents"]["a"]) == 2
    assert min(answer["service_level"]["a"] + answer["service_level"]["b"]) > 0.77
    file.write_text("{}")
    assert _asked("--scenario", str(file), "--json")[1] == 2


@pytest.mark.parametrize(("word", "field"), [("--calls", "calls"), ("--aht", "aht"), ("--patience", "patience")])
def test_a_word_for_a_figure_is_refused_by_name(word, field):
    words = {"--calls": "100", "--aht": "180"} | {word: "many"}
    [answer], status = _asked(*(part for pair in words.items() for part in pair), "--json")
    assert status == 2
    assert answer["error"]["field"] == field


def test_more_erlang_than_anybody_could_carry_are_refused_at_once():
    [answer], status = _asked("--calls", "1e9", "--aht", "180", "--json")
    assert status == 2
    assert answer["error"]["field"] == "calls"


@pytest.mark.parametrize("seed", ["inf", "nan", "1.7", "-1"])
def test_a_seed_that_is_no_whole_number_is_refused_by_name(tmp_path, seed):
    (tmp_path / "scenario.json").write_text("{}")
    [answer], status = _asked("--scenario", str(tmp_path / "scenario.json"), "--seed", seed, "--json")
    assert status == 2
    assert answer["error"]["field"] == "seed"


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("start,calls,aht_seconds\n", "file"),
        ("start,calls,aht_seconds\na," + "9" * 140_000 + ",3\n", "file"),
    ],
)
def test_a_file_without_a_row_or_with_a_cell_of_a_book_is_refused(tmp_path, text, field):
    file = tmp_path / "x.csv"
    file.write_text(text, encoding="utf-8")
    [said], status = _asked("--file", str(file), "--json")
    assert (status, said["error"]["field"]) == (2, field)


def test_headings_may_be_in_capitals_and_stand_apart(tmp_path):
    file = tmp_path / "x.csv"
    file.write_text("Start, Calls ,AHT_seconds\n09:00,100,180\n", encoding="utf-8")
    assert _asked("--file", str(file), "--json")[1] == 0
