# SPDX-License-Identifier: Apache-2.0
"""A progressive campaign on a real switch: real telephones ring, and nobody is called for whom no agent is free."""

from __future__ import annotations

import shutil
import textwrap
from itertools import pairwise
from pathlib import Path

import pytest
from tests.telephony.house import ROOT, House
from tests.telephony.sipp import Phones

pytestmark = [pytest.mark.asterisk, pytest.mark.slow]

AGENTS = ("1001", "1002")
CALLED = tuple(f"1390000{index:04}" for index in range(1, 6))
BUSY = "13900009999"
PREPARE = f"""
from zuoxi.outbound import campaigns
from zuoxi.outbound.campaigns import Plan
from zuoxi.outbound.models import Lead
from zuoxi.telephony.tests import factories as make
plan = Plan(name="autumn", mode="progressive", rule="ordinary", tree="sales")
campaign = campaigns.save_campaign(None, plan, None, now)
for number in {[*CALLED, BUSY]}:
    Lead.objects.create(campaign=campaign, number=number, consent="form", changed_at=now)
campaign = campaigns.start_campaign(campaign.pk, None, now)
for code in {AGENTS}:
    campaigns.join(campaign, make.person(code), now)
"""
WRITE_RESULTS = """
from zuoxi.outbound.models import Attempt
from zuoxi.outbound.writing import Outcome, write_result
for row in Attempt.objects.filter(state__in=["answered", "nuisance"], written_at=None).select_related("staff"):
    write_result(row.pk, Outcome("refused", note="no"), row.staff, now)
print(json.dumps(sorted(Attempt.objects.exclude(ended_at=None).values_list("number", "state", "staff__code"))))
"""


@pytest.fixture
def always(tmp_path: Path) -> Path:
    """The handbooks with calling hours from midnight to midnight, so that the test may run at any hour."""
    folder = tmp_path / "handbooks"
    shutil.copytree(ROOT / "handbooks", folder)
    rules = folder / "tv_shopping/outbound.yaml"
    lines = rules.read_text(encoding="utf-8").splitlines()
    for name, time in {"morning_from": "00:00", "morning_until": "12:00", "afternoon_from": "12:00"}.items():
        lines = [_at(line, time) if f"outbound.hours.{name}:" in line else line for line in lines]
    lines = [_at(line, "23:59") if "outbound.hours.evening_until:" in line else line for line in lines]
    rules.write_text("\n".join(lines), encoding="utf-8")
    return folder


def _at(line: str, time: str) -> str:
    head, _, tail = line.partition('value: "')
    assert tail
    return f'{head}value: "{time}"{tail.partition(chr(34))[2]}'


@pytest.mark.clause("CALL-017")
def test_a_progressive_campaign_calls_one_contact_for_each_free_agent(lab, field, always, tmp_path):
    house = House(lab.namespace, tmp_path, settings={"ZUOXI_HANDBOOKS": str(always)})
    try:
        house.listen()
        house.python(textwrap.dedent(PREPARE))
        house.zuoxi("agents", "sign-in", *AGENTS, "--queue", "sales")
        field.phones(Phones(ring_seconds=0.2))
        outside = field.customers(Phones(ring_seconds=0.5, talk_seconds=3, refuse=(BUSY,)))
        house.dial()
        made = house.until(lambda: done if len(done := house.python(WRITE_RESULTS)) >= len(CALLED) + 1 else None, 150)
        assert sorted(number for number, _, _ in made) == sorted([*CALLED, BUSY])
        assert {number: state for number, state, _ in made} == dict.fromkeys(CALLED, "answered") | {BUSY: "unanswered"}
        assert {agent for _, _, agent in made} == set(AGENTS)
        calls = house.until(lambda: found if len(found := house.calls()) == len(CALLED) + 1 else None)
        assert {call["direction"] for call in calls} == {"outbound"}
        assert sorted(call["called"] for call in calls) == sorted([*CALLED, BUSY])
        for agent in AGENTS:
            own = sorted((call["offered_at"], call["ended_at"]) for call in calls if call["agent"] == agent)
            assert all(before[1] <= after[0] for before, after in pairwise(own)), "one at a time"
        outside.stop()
        assert outside.read()["created"] >= len(CALLED), "the customers' own telephones rang"
        assert house.stop() == 0
    finally:
        house.close()
