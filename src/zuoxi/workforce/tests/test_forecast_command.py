# SPDX-License-Identifier: Apache-2.0
import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from zuoxi.workforce.forecasting.tests.samples import START, history

pytestmark = pytest.mark.once


@pytest.fixture
def file(tmp_path):
    def write(days=60, change=lambda rows: None):
        whole = history(days)
        rows = [
            f"{whole.start + timedelta(minutes=30) * place:%Y-%m-%dT%H:%M},{count:.0f}"
            for place, count in enumerate(whole.counts)
        ]
        change(rows)
        path = tmp_path / "arrivals.csv"
        path.write_text("\n".join(["start,calls", *rows]) + "\n")
        return str(path)

    return write


def asked(*words):
    out, status = StringIO(), 0
    try:
        call_command("forecast", *words, stdout=out)
    except SystemExit as left:
        status = left.code
    return out.getvalue(), status


def test_the_answer_has_a_row_for_every_interval_ahead(file):
    said, status = asked(
        "--file", file(), "--horizon", "28d", "--quantiles", "0.05,0.5,0.95", "--holidays", "CN", "--json"
    )
    answer = json.loads(said)
    assert status == 0
    assert answer["frequency"] == "30min"
    assert answer["backtest"].keys() >= {"wape", "wape_seasonal_naive", "bias", "coverage_80"}
    assert len(answer["rows"]) == 28 * 48
    assert answer["rows"][0].keys() == {"start", "mean", "q0.05", "q0.5", "q0.95"}
    assert answer["rows"][0]["start"] == (START + timedelta(days=60)).isoformat(timespec="minutes")
    assert all(one["q0.05"] <= one["q0.5"] <= one["q0.95"] for one in answer["rows"])


def test_people_get_a_table(file):
    said, status = asked("--file", file(40), "--horizon", "2h")
    assert status == 0
    assert "WAPE" in said
    assert len(said.splitlines()) >= 6


@pytest.mark.parametrize(
    ("words", "field"),
    [
        (["--horizon", "soon"], "horizon"),
        (["--horizon", "10min"], "horizon"),
        (["--horizon", "4000d"], "horizon"),
        (["--quantiles", "0.1,1.5"], "quantiles"),
        (["--frequency", "5min"], "frequency"),
        (["--holidays", "XX"], "holidays"),
        (["--file", "/nowhere/arrivals.csv"], "file"),
    ],
)
def test_bad_input_names_its_field_and_ends_with_two(file, words, field):
    said, status = asked("--file", file(5), *words, "--json")
    assert status == 2
    assert json.loads(said)["error"]["field"] == field


@pytest.mark.parametrize(
    ("words", "field"),
    [
        (["forecast", "--file", "x.csv", "--horizon", "-1d"], "horizon"),
        (["forecast"], "arguments"),
        (["staffing", "--nothing"], "arguments"),
        (["simulate", "x.json", "--seed"], "seed"),
        (["roster", "benchmark", "x.txt", "--out", "y.json", "--seconds", "soon"], "seconds"),
        (["roster", "dance"], "act"),
    ],
)
def test_words_that_cannot_be_read_are_refused_like_everything_else(capsys, words, field):
    with pytest.raises(SystemExit) as left:
        call_command(*words)
    assert left.value.code == 2
    said = json.loads(capsys.readouterr().out)["error"]
    assert (said["field"], said["row"]) == (field, None)


def test_a_negative_count_is_refused_with_its_row(file):
    said, status = asked("--file", file(5, lambda rows: rows.__setitem__(11, "2026-01-05T05:30,-4")), "--json")
    assert status == 2
    assert json.loads(said)["error"]["row"] == 12


def test_three_days_are_answered_with_a_warning(file):
    answer = json.loads(asked("--file", file(3), "--horizon", "7d", "--json")[0])
    assert len(answer["rows"]) == 7 * 48
    assert answer["backtest"]["wape"] is None
    assert "3 days" in answer["notes"][0]


def test_less_than_a_day_is_refused(file):
    said, status = asked("--file", file(1, lambda rows: rows.__delitem__(slice(20, None))), "--json")
    assert (status, json.loads(said)["error"]["field"]) == (2, "file")


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ("0001-01-01T00:00,4", "start"),
        ("9999-12-31T23:30,4", "start"),
        ("2026-01-05T05:30,1e300", "calls"),
        ('2026-01-05T05:30,"' + "4" * 140_000 + '"', "file"),
    ],
)
def test_what_no_calendar_or_centre_holds_is_refused_by_name(file, row, field):
    said, status = asked("--file", file(5, lambda rows: rows.__setitem__(11, row)), "--json")
    assert (status, json.loads(said)["error"]["field"]) == (2, field)


def test_a_length_of_thousands_of_digits_is_no_length(file):
    said, status = asked("--file", file(5), "--horizon", "9" * 5000 + "d", "--json")
    assert (status, json.loads(said)["error"]["field"]) == (2, "horizon") and len(said) < 300
