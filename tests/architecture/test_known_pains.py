# SPDX-License-Identifier: Apache-2.0
"""docs/reference/known_pains.md names tests: each of them stands where it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.once
ROOT = Path(__file__).resolve().parents[2]
LINES = [
    line
    for line in (ROOT / "docs/reference/known_pains.md").read_text(encoding="utf-8").splitlines()
    if re.match(r"\| \d+ ", line)
]


def test_every_fault_has_its_line():
    assert [int(line.split("|")[1]) for line in LINES] == list(range(1, 15))


@pytest.mark.parametrize("line", LINES, ids=[line.split("|")[1].strip() for line in LINES])
def test_the_tests_that_a_line_names_stand_where_it_says(line):
    named = re.findall(r"`([\w/]+\.py)::(\w+)`", line)
    assert named
    missing = [name for path, name in named if f"def {name}(" not in (ROOT / path).read_text(encoding="utf-8")]
    assert not missing
