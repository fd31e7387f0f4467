# SPDX-License-Identifier: Apache-2.0
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from zuoxi.customers import services as customers
from zuoxi.people.tests.conftest import House
from zuoxi.tickets import services
from zuoxi.tickets.models import Membership

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)  # a Monday, 10:00 at the site


class Desk:
    """A team with agents and leaders, two people of a repair crew, and a clock that only goes on when told to."""

    def __init__(self):
        self.house = House()
        self.now = NOW
        self.agent = self.house.hire("A1", "CSR", "a1")
        self.other = self.house.hire("A2", "CSR", "a1")
        self.leader = self.house.hire("L1", "CSRL", "a1")
        self.supervisor = self.house.hire("S1", "CSRS", "a1")
        self.manager = self.house.hire("M1", "OM", project="A")
        self.head = self.house.hire("D1", "DEP")
        self.worker = self.house.hire("D2", "DEP")
        self.customer = customers.save_customer(
            None, name="测试客户", tags=[], note="", by=None, now=self.now, number="13800000001"
        )

    def crew(self, code):
        department = services.department_named(code)
        Membership.objects.get_or_create(department=department, staff=self.head, defaults={"leads": True})
        Membership.objects.get_or_create(department=department, staff=self.worker)
        return department

    def later(self, **step):
        self.now += timedelta(**step)
        return self.now

    def open(self, kind="transfer", fields=None, **given):
        answers = fields if fields is not None else {"matter": "路灯不亮", "reason": "需要其他部门处理"}
        given.setdefault("customer", self.customer)
        given.setdefault("source", "call")
        given.setdefault("by", self.agent)
        return services.open_ticket(kind, fields=answers, now=self.now, **given)


@pytest.fixture
def desk(db):
    return Desk()


@pytest.fixture(autouse=True)
def quick_hashing(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def site_today(monkeypatch):
    """Let pages stand at the desk's moment."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)
