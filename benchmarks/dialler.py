# SPDX-License-Identifier: Apache-2.0
"""A thousand calls of the dialler against a simulated switch, in simulated time: `python benchmarks/dialler.py`.

Forty agents come, go and leave while it rings; the list holds numbers that must not be called, barred only after the
import; it begins ten minutes before noon, when calling stops, and goes on at two. Prints what was dialled and what
must be nought: calls beyond free agents, outside the hours, to the do-not-call list; numbers on two lines at once.
"""

from __future__ import annotations

import json
import os
import random
import tempfile
import time
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

CALLS = 1000
AGENTS = 40
ZONE = ZoneInfo("Asia/Shanghai")
BEGIN = datetime(2026, 11, 20, 11, 50, tzinfo=ZONE)
HOURS = ((9, 12), (14, 20))


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zuoxi.config.settings")
    os.environ["ZUOXI_HOME"] = tempfile.mkdtemp(prefix="zuoxi-dialler-")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    print(json.dumps(run(), ensure_ascii=False))


def run() -> dict[str, object]:
    from zuoxi.customers.services import bar_number
    from zuoxi.outbound import campaigns, dialler
    from zuoxi.outbound.campaigns import Plan
    from zuoxi.outbound.models import Attempt, Lead
    from zuoxi.outbound.tests.fake_switch import FakeSwitch
    from zuoxi.outbound.writing import Outcome, write_result
    from zuoxi.telephony.tests import factories as make

    luck = random.Random(3)
    switch = FakeSwitch(BEGIN, answer_share=0.6, leave_share=0.002)
    plan = Plan(name="dialler", mode="progressive", rule="ordinary", tree="sales")
    campaign = campaigns.save_campaign(None, plan, None, BEGIN)
    numbers = [f"138{index:08d}" for index in range(CALLS * 3)]
    Lead.objects.bulk_create(Lead(campaign=campaign, number=one, consent="form", changed_at=BEGIN) for one in numbers)
    barred = set(luck.sample(numbers, CALLS // 4))
    for number in sorted(barred):
        bar_number(number, scope="offers", reason="asked", source="customer", by=None, now=BEGIN)
    campaign = campaigns.start_campaign(campaign.pk, None, BEGIN)
    people = {code: make.person(code) for code in (str(2000 + index) for index in range(AGENTS))}
    for one in people.values():
        campaigns.join(campaign, one, BEGIN)
    began, spent, rounds = time.perf_counter(), 0.0, 0
    with switch.clock():
        while len(switch.dials) < CALLS and switch.now < BEGIN + timedelta(hours=11):
            _come_and_go(switch, people, luck)
            before = time.perf_counter()
            dialler.tick(switch.now)
            spent, rounds = spent + time.perf_counter() - before, rounds + 1
            switch.pass_time(2 if switch.busy else 20)
            for row in Attempt.objects.filter(state__in=["answered", "nuisance"], written_at=None).select_related(
                "staff"
            ):
                write_result(row.pk, Outcome("refused", note="no"), row.staff, switch.now)
    outside = [
        at for at, _agent, _number in switch.dials if not any(a <= at.astimezone(ZONE).hour < b for a, b in HOURS)
    ]
    return {
        "calls": len(switch.dials),
        "beyond_free_agents": switch.beyond_free,
        "outside_hours": len(outside),
        "to_do_not_call": sum(number in barred for _at, _agent, number in switch.dials),
        "same_number_at_once": switch.twice,
        "never_settled": Attempt.objects.filter(
            ended_at=None, reserved_at__lt=switch.now - timedelta(minutes=10)
        ).count(),
        "ms_a_round": round(spent * 1000 / max(rounds, 1), 1),
        "seconds": round(time.perf_counter() - began, 1),
        "simulated_until": switch.now.astimezone(ZONE).strftime("%H:%M"),
    }


def _come_and_go(switch: object, people: dict[str, object], luck: random.Random) -> None:
    """Who is signed out comes now and then; who is ready sometimes takes a break."""
    from zuoxi.outbound.tests.fake_switch import FakeSwitch

    assert isinstance(switch, FakeSwitch)
    for code in people:
        if luck.random() < 0.9:
            continue
        state = switch.state_of(code)
        if state in ("signed_out", "break"):
            switch.state(code, "ready", "sales")
        elif state == "ready" and luck.random() < 0.1:
            switch.state(code, "break")


if __name__ == "__main__":
    main()
