# SPDX-License-Identifier: Apache-2.0
"""Facts in, findings out: line by line, in order, and nothing guessed."""

import io
import json
import subprocess
import sys
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zuoxi.policy.evaluate import asked_rule, evaluate, lines_of, rules_of, spoken_type
from zuoxi.policy.fact_lines import BadFacts, shape_of
from zuoxi.policy.handbook import handbook_of
from zuoxi.policy.packs import UnknownPack
from zuoxi.policy.rulebook import Impossible, Signed, UnknownRule

pytestmark = pytest.mark.once
ARRIVAL = {"rostered_start": "2026-11-22T08:00:00", "signed_in_at": "2026-11-22T08:15:00", "excused": False}
SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Trial:
    kind: Literal["a", "b"]
    count: int
    days: Decimal
    room_c: Annotated[Decimal, Signed]
    on: date
    others: tuple[int, ...] | None

    def __post_init__(self):
        if self.count > 5:
            raise Impossible("count", "more than five cannot be")


GOOD = {"kind": "a", "count": 1, "days": "0.5", "room_c": -3, "on": "2026-11-22", "others": [1, 2]}


def trial(**changed):
    shape = shape_of(Trial, SHANGHAI)
    return shape.made(shape.read(json.dumps(GOOD | changed)))


def refusal(**changed):
    with pytest.raises(BadFacts) as wrong:
        trial(**changed)
    return wrong.value.field, wrong.value.message


def judged_lines(tmp_path, *lines, rule="attendance.arrival", pack="tv_shopping", **options):
    """(findings, exit status) of the command."""
    file = tmp_path / "facts.jsonl"
    file.write_bytes(b"\n".join(line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines))
    out = io.StringIO()
    try:
        call_command("evaluate", rule, pack=pack, facts=file, stdout=out, **options)
    except SystemExit as ended:
        return [json.loads(line) for line in out.getvalue().splitlines()], ended.code
    return [json.loads(line) for line in out.getvalue().splitlines()], 0


def test_facts_are_made_as_the_rule_wants_them():
    made = trial()
    assert (made.days, made.room_c, made.on, made.others) == (Decimal("0.5"), Decimal(-3), date(2026, 11, 22), (1, 2))


@pytest.mark.parametrize("number", [0.5, "0.5", 1, "1", "0"])
def test_an_amount_is_a_number_or_decimal_text(number):
    assert trial(days=number).days == Decimal(str(number))


@pytest.mark.parametrize("number", [True, "1e5", "1_000", " 1", "", "NaN", "Infinity", "٣", [], {}, "1" * 40, 1e300])
def test_an_amount_is_nothing_else(number):
    assert refusal(days=number)[0] == "days"


@pytest.mark.parametrize("number", [True, "1", 1.0, 1.5, 10**13, -(10**13), []])
def test_a_count_is_a_whole_number_and_no_text(number):
    assert refusal(count=number)[0] == "count"


def test_an_amount_or_a_count_below_nought_is_refused_where_the_rule_does_not_expect_it():
    assert refusal(days="-0.5") == ("days", "must not be negative")
    assert refusal(count=-1) == ("count", "must not be negative")
    assert refusal(others=[1, -1]) == ("others", "must not be negative")
    assert trial(room_c="-0.5").room_c == Decimal("-0.5")


@pytest.mark.parametrize("day", ["2026-02-30", "2026-2-3", "20260203", "2026-11-22T08:00:00", 20261122, "22/11/2026"])
def test_a_day_that_is_none_is_refused(day):
    assert refusal(on=day)[0] == "on"


@pytest.mark.parametrize("time", ["2026-11-22", "2026-11-22T25:00:00", "08:00", 1763769600, "1763769600", True, ""])
def test_a_time_that_is_none_is_refused(time):
    with pytest.raises(BadFacts) as wrong:
        evaluate("attendance.arrival", "tv_shopping", ARRIVAL | {"signed_in_at": time})
    assert wrong.value.field == "signed_in_at"


def test_a_word_outside_the_closed_list_is_refused():
    assert refusal(kind="c")[0] == "kind"


def test_what_cannot_be_names_its_field():
    assert refusal(count=6) == ("count", "more than five cannot be")


def test_a_field_too_many_one_too_few_and_one_twice_are_named():
    shape = shape_of(Trial, SHANGHAI)
    assert refusal(more=1) == ("more", "unknown field")
    few = {name: value for name, value in GOOD.items() if name != "on"}
    for text, field in ((json.dumps(few), "on"), (json.dumps(GOOD)[:-1] + ', "count": 1}', "count")):
        with pytest.raises(BadFacts) as wrong:
            shape.read(text)
        assert wrong.value.field == field


def test_every_fact_may_be_null_and_is_then_missing_where_the_rule_needs_it():
    shape = shape_of(Trial, SHANGHAI)
    assert shape.missing(shape.read(json.dumps(dict.fromkeys(GOOD)))) == ["kind", "count", "days", "room_c", "on"]


def test_a_finding_has_the_shape_of_the_contract(tmp_path):
    (finding,), status = judged_lines(tmp_path, ARRIVAL | {"signed_in_at": "2026-11-22T08:15:01"})
    assert status == 0
    assert finding["rule"] == "attendance.arrival"
    assert finding["pack"] == "tv_shopping"
    assert finding["outcome"] == "absent_half_day"
    assert finding["details"]["fine_yuan"] == "0"
    assert finding["clauses"] == ["ATT-002"]
    assert finding["figures"]["attendance.late.half_day_absence_after_minutes"] == "15"
    assert set(finding["why"]) == {"zh", "en"}


def test_a_time_with_another_offset_is_the_same_moment(tmp_path):
    (naive, aware), _status = judged_lines(tmp_path, ARRIVAL, ARRIVAL | {"signed_in_at": "2026-11-22T00:15:00Z"})
    assert naive == aware


def test_good_lines_are_judged_beside_bad_ones_in_their_order(tmp_path):
    lines = [ARRIVAL, b"{", b"", {"x": 1}, b"[]", b"\xff", b'{"a": NaN}', b"9" * 5000, b"[" * 100_000, ARRIVAL]
    made, status = judged_lines(tmp_path, *lines)
    assert status == 2
    assert [("error" in one) for one in made] == [False, *[True] * 8, False]
    assert all(set(one["error"]) == {"field", "message"} for one in made[1:-1])


def test_a_byte_order_mark_and_blank_lines_at_the_end_are_nothing(tmp_path):
    made, status = judged_lines(tmp_path, b"\xef\xbb\xbf" + json.dumps(ARRIVAL).encode() + b"\r", b"", b"  ", b"")
    assert (len(made), status) == (1, 0)


def test_no_lines_are_no_findings(tmp_path):
    assert judged_lines(tmp_path, b"") == ([], 0)


def test_a_missing_fact_is_unknown_and_never_a_default(tmp_path):
    (no_record, no_word), status = judged_lines(tmp_path, ARRIVAL | {"signed_in_at": None}, ARRIVAL | {"excused": None})
    assert status == 0
    assert (no_record["outcome"], no_word["outcome"]) == ("unknown", "unknown")
    assert no_record["clauses"] == no_word["clauses"] == ["ATT-002"]
    assert "excused" in no_word["why"]["en"]
    assert no_word["why"]["zh"] == "缺少有无正当事由，无法判定"


@pytest.mark.parametrize("pack", ["tv_shopping", "gov_window", "chengdu", "personnel", "incident"])
def test_what_is_not_known_names_the_clauses_it_would_rest_on(pack):
    handbook = handbook_of(pack)
    silent = [
        rule.name
        for rule in rules_of(handbook)
        if rule.clauses and not evaluate(rule.name, handbook, dict.fromkeys(rule.fields), date(2026, 11, 20)).clauses
    ]
    assert not silent


def test_a_missing_yes_or_no_that_changes_nothing_is_not_needed():
    found = evaluate(
        "attendance.arrival", "tv_shopping", ARRIVAL | {"signed_in_at": "2026-11-22T07:59:00", "excused": None}
    )
    assert found.outcome == "on_time"


def test_a_day_before_the_handbook_is_refused_and_not_judged_by_a_later_one():
    with pytest.raises(BadFacts) as wrong:
        evaluate("attendance.arrival", "tv_shopping", ARRIVAL, on=date(1999, 1, 1))
    assert "1999-01-01" in wrong.value.message


@pytest.mark.parametrize(("rule", "pack"), [("no.rule", "tv_shopping"), ("attendance.arrival", "no_pack")])
def test_an_unknown_rule_or_pack_ends_with_two_and_says_nothing(rule, pack):
    out = io.StringIO()
    with pytest.raises(CommandError) as wrong:
        call_command("evaluate", rule, pack=pack, stdout=out)
    assert wrong.value.returncode == 2
    assert out.getvalue() == ""


@pytest.mark.parametrize("pack", ["../base", "no pack", "", "."])
def test_a_pack_is_a_name_and_no_path(pack):
    with pytest.raises(UnknownPack):
        asked_rule("attendance.arrival", pack)


def test_a_rule_that_the_pack_lacks_is_refused_as_such():
    with pytest.raises(UnknownRule, match="base has no rule"):
        asked_rule("attendance.arrival", "base")


def test_the_list_names_rules_with_their_facts():
    out = io.StringIO()
    call_command("evaluate", list=True, pack="tv_shopping", stdout=out)
    assert "attendance.arrival  rostered_start:datetime signed_in_at:datetime|null excused:yes/no" in out.getvalue()
    assert spoken_type(Literal["a", "b"]) == "a|b"


def test_lines_that_come_in_pieces_are_whole_again():
    assert list(lines_of([b"a", b"b\nc\n", b"\n\n", b"d", b"\n"])) == [[b"ab", b"c"], [b"", b"", b"d"]]


def test_a_line_longer_than_can_be_does_not_fill_the_memory(tmp_path):
    made, status = judged_lines(tmp_path, b'{"a": "' + b"x" * 3_000_000 + b'"}', ARRIVAL)
    assert (status, len(made)) == (2, 2)
    assert "longer" in made[0]["error"]["message"]
    assert made[1]["outcome"] == "late"


def test_whoever_writes_line_by_line_is_answered_line_by_line():
    command = [sys.executable, "-m", "zuoxi.config.cli", "evaluate", "attendance.arrival", "--pack", "tv_shopping"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as asked:
        for _turn in range(2):
            asked.stdin.write(json.dumps(ARRIVAL).encode() + b"\n")
            asked.stdin.flush()
            assert json.loads(asked.stdout.readline())["outcome"] == "late"
        asked.stdin.close()
        assert asked.wait(timeout=30) == 0


CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@CALM
@given(st.dictionaries(st.sampled_from([*ARRIVAL, "more"]), JSON | st.datetimes().map(str), max_size=4))
def test_any_object_gets_a_finding_or_an_error(facts):
    text, good = asked_rule("attendance.arrival", "tv_shopping").line(json.dumps(facts).encode())
    made = json.loads(text)
    assert text.endswith("\n")
    assert ("outcome" in made) is good
    assert good or set(made["error"]) == {"field", "message"}


@CALM
@given(st.binary(max_size=80))
def test_any_line_at_all_gets_an_answer(line):
    text, _good = asked_rule("attendance.arrival", "tv_shopping").line(line)
    assert text.count("\n") == 1
    json.loads(text)
