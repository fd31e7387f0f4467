# SPDX-License-Identifier: Apache-2.0
import json
from io import StringIO

import pytest
from django.core.management import call_command

from zuoxi.workforce.solver.checking import check
from zuoxi.workforce.solver.instances import Unreadable, read

pytestmark = pytest.mark.once

TEXT = """# fourteen days, two shifts
SECTION_HORIZON
14
SECTION_SHIFTS
E,480,
L,480,E
SECTION_STAFF
A,E=14|L=2,4800,1440,5,2,2,1
SECTION_DAYS_OFF
A,4
SECTION_SHIFT_ON_REQUESTS
A,2,E,3
SECTION_SHIFT_OFF_REQUESTS
A,1,E,2
SECTION_COVER
0,E,1,100,1
0,L,0,100,1
1,E,2,100,1
"""


def _roster(text):
    return {"A": [{"-": ""}.get(sign, sign) for sign in text]}


def _broken(text):
    return [(one.constraint, one.day) for one in check(read(TEXT.splitlines()), _roster(text)).breaches]


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("EEE--EE-------", []),
        ("EEEEEEE-------", [("day_off", 4), ("max_consecutive", 0)]),
        ("-LE--EE-------", [("succession", 2)]),
        ("LLL----EE-----", [("max_shifts", None)]),
        ("EE------------", [("min_minutes", None)]),
        ("EEE--EEEE-EEE-", [("max_weekends", None), ("min_days_off", 9)]),
        ("EEE--E--EE----", [("min_consecutive", 5)]),
        ("E--EE--------E", [("day_off", 4)]),
    ],
)
def test_each_hard_rule_is_seen_where_it_is_broken(text, broken):
    found = [one for one in _broken(text) if one[0] != "min_minutes" or ("min_minutes", None) in broken]
    assert sorted(found, key=str) == sorted(broken, key=str)


def test_a_run_at_an_end_of_the_horizon_may_be_short():
    assert ("min_consecutive", 0) not in _broken("E--EE---------")
    assert ("min_days_off", 0) not in _broken("-EE-----------")


def test_too_much_work_is_told_once():
    text = TEXT.replace("4800,1440", "1920,1440")
    found = check(read(text.splitlines()), _roster("EEE--EE-------"))
    assert [one.constraint for one in found.breaches] == ["max_minutes"]


def test_wishes_and_cover_cost_their_weights():
    found = check(read(TEXT.splitlines()), _roster("LE-----EE-----"))
    # day 0: one E too few and one L too many; day 1: one E too few and an unwanted E; day 2: E not granted
    assert found.by_constraint["under_cover"] == 200
    assert found.by_constraint["over_cover"] == 1
    assert found.by_constraint["shift_off_requests"] == 2
    assert found.by_constraint["shift_on_requests"] == 3
    assert found.objective == 206


@pytest.mark.parametrize(
    ("was", "becomes", "field", "row"),
    [
        ("A,4\n", "B,4\n", "staff", 10),
        ("A,4\n", "A,14\n", "day", 10),
        ("L,480,E\n", "L,many,E\n", "minutes", 6),
        ("SECTION_COVER\n", "SECTION_COVERS\n", "section", 15),
        ("0,E,1,100,1\n", "0,E,1,100\n", "weight_over", 16),
        ("A,2,E,3\n", "A,2,N,3\n", "shift", 12),
    ],
)
def test_an_unreadable_instance_is_told_with_its_line(was, becomes, field, row):
    with pytest.raises(Unreadable) as wrong:
        read(TEXT.replace(was, becomes, 1).splitlines())
    assert (wrong.value.field, wrong.value.row) == (field, row)


def test_a_roster_of_another_shape_is_refused(tmp_path):
    instance, solution = tmp_path / "i.txt", tmp_path / "s.json"
    instance.write_text(TEXT)
    solution.write_text(json.dumps({"A": ["E"]}))
    out = StringIO()
    with pytest.raises(SystemExit) as left:
        call_command("roster", "check", str(instance), str(solution), stdout=out)
    assert left.value.code == 2
    assert json.loads(out.getvalue())["error"]["field"] == "A"
