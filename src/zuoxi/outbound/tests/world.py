# SPDX-License-Identifier: Apache-2.0
"""Campaigns and contacts for the tests of this package."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from zuoxi.outbound import campaigns
from zuoxi.outbound.campaigns import Plan
from zuoxi.outbound.models import Campaign, Lead
from zuoxi.people.models import Staff
from zuoxi.telephony.tests import factories as make

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 20, 10, 0, tzinfo=ZONE)  # a Friday


def campaign(leads: int = 3, mode: str = "progressive", state: str = "running", **more: object) -> Campaign:
    plan = Plan(name="冬季回馈", mode=mode, rule="ordinary", tree="sales", **more)  # type: ignore[arg-type]
    made = campaigns.save_campaign(None, plan, None, NOW)
    for index in range(leads):
        lead(made, f"1380000{index:04d}")
    if state == "running":
        made = campaigns.start_campaign(made.pk, None, NOW)
    return made


def lead(of: Campaign, number: str, **more: object) -> Lead:
    values = {"name": "顾客", "consent": "官网勾选同意", "changed_at": NOW} | more
    return Lead.objects.create(campaign=of, number=number, **values)


def agents(of: Campaign, *codes: str) -> list[Staff]:
    """People who work on the campaign."""
    people = [make.person(code) for code in codes]
    for one in people:
        campaigns.join(of, one, NOW)
    return people
