# SPDX-License-Identifier: Apache-2.0
"""The page of benchmarks: made of what was kept, judged by what was declared."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from benchmarks import page, record

ROOT = Path(__file__).resolve().parents[1]
pytestmark = pytest.mark.once


@pytest.mark.parametrize("tongue", ["en", "zh"])
def test_the_page_in_the_repository_is_what_the_writer_makes_of_the_runs_kept(tongue):
    assert page.PAGES[tongue].read_text(encoding="utf-8") == page.page(tongue), "run: python benchmarks/page.py"


def test_every_measurement_runs_a_command_that_is_there_and_is_told_in_both_languages():
    told = page.declared()
    for name, one in told["measurements"].items():
        assert (ROOT / "benchmarks" / one["command"]).is_file(), name
        assert one["domain"] in told["domains"], name
        for row in one["rows"] if "rows" in one else told["measurements"][one["rows_of"]]["rows"]:
            assert row["what"]["en"] and row["what"]["zh"], (name, row)
            assert row.get("unit", "count") in told["units"], (name, row)


def test_every_file_of_runs_belongs_to_a_measurement_and_names_no_machine():
    known = page.declared()["measurements"]
    for file in (ROOT / "docs/benchmarks").glob("*.json"):
        assert file.stem in known, f"{file.name} is not in benchmarks/goals.yaml"
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"/(work|home|var|tmp|root)/", text), f"{file.name} names a folder of one machine"
        for one in json.loads(text):
            assert one["runs"] and {"date", "revision", "quiet", "machine", "load"} <= set(one), file.name


@pytest.mark.parametrize(
    ("values", "goal", "said"),
    [
        ([15_000.0], {"at_least": 15_000}, "reached"),
        ([14_999.0], {"at_least": 15_000}, "not"),
        ([60.0, 60.1], {"at_most": 60}, "some"),
        ([0.0], {"equal": 0}, "reached"),
        ([75.9], {"within": [76, 84]}, "not"),
        ([84.0], {"within": [76, 84]}, "reached"),
    ],
)
def test_a_goal_is_reached_when_every_run_reaches_it(values, goal, said):
    assert page.verdict(values, goal) == said


def test_a_value_is_found_by_its_path_through_lists_and_as_a_ratio():
    run = {"pages": {"/calls/?when=all by 8001": {"ms": 12}}, "days": [{"s": 1.5}], "ok": True, "none": 0}
    assert page.value_at(run, "pages./calls/?when=all by 8001.ms") == 12
    assert page.value_at(run, "days.0.s") == 1.5
    assert page.value_at(run, "days.1.s") is None
    assert page.value_at(run, "days.0.s / 3") == 0.5
    assert page.value_at(run, "days.0.s / none") is None
    assert page.value_at(run, "ok") == 1


def test_a_quiet_run_is_shown_before_a_newer_busy_one_and_never_one_from_before_a_change():
    def run(value, quiet, before=None, by_hand=False):
        return {"quiet": quiet, "runs": [{"a": value}], "before": before, "by_hand": by_hand}

    assert page.pick([run(1, True), run(2, False)], "a").values == [1]
    assert page.pick([run(1, True), run(2, True)], "a").values == [2]
    assert page.pick([run(1, True, {"en": "slower"}), run(2, False)], "a").values == [2]
    assert page.pick([run(1, False), run(2, True, by_hand=True)], "a").values == [1]
    assert page.pick([run(1, True)], "b") is None


@pytest.mark.parametrize(
    ("value", "said"),
    [(0, "0"), (7.0, "7"), (1_438_652, "1,438,652"), (0.385, "0.385"), (12.34, "12.3"), (1234.5, "1,230"),
     (1e-15, "1.0 × 10⁻¹⁵")],
)  # fmt: skip
def test_numbers_keep_three_digits_that_count(value, said):
    assert page.number(value) == said


def test_the_last_object_is_what_a_benchmark_ends_with():
    assert record.last_object('talk\n{"a": 1}\nmore\n{\n "b": {\n  "c": 2\n }\n}\n') == {"b": {"c": 2}}
    assert record.last_object('talk {\n{"a": 1}\n') == {"a": 1}
    with pytest.raises(ValueError, match="does not end"):
        record.last_object('{"a": 1}\nbut then it talks on\n')
