# SPDX-License-Identifier: Apache-2.0
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django import forms

from zuoxi.approvals import absence, duty, kinds, services
from zuoxi.approvals.kinds import Kind, Owed, Route, Step
from zuoxi.people.tests.conftest import House
from zuoxi.policy.findings import Finding, Why

DAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)  # ten in the morning at the site


class TestForm(kinds.RequestForm):
    __test__ = False
    reason = forms.CharField()
    days = forms.IntegerField(min_value=1, initial=1)


def finding(outcome="route", zh="走这条路", en="it goes this way"):
    return Finding("test.route", "tv_shopping", outcome, Why(zh, en), {}, ("ATT-006",))


class World:
    """A small centre, and a request type whose route, hooks and papers a test sets."""

    def __init__(self):
        self.house = House()
        self.steps = ["TEAM_LEADER"]
        self.filed = ()
        self.refused = False
        self.recheck = None
        self.owed = []
        self.log = []
        self.away = set()
        self.duty = []
        self.now = NOW

    def hire(self, *args, **more):
        return self.house.hire(*args, **more)

    def route(self, _draft, _day):
        if self.refused:
            return Route(finding("refused", "不可以", "not allowed"))
        return Route(finding(), tuple(Step(word) for word in self.steps), tuple(self.filed))

    def kind(self):
        return Kind(
            "test",
            "测试申请",
            TestForm,
            self.route,
            lambda request: self.log.append(("approved", request.number)),
            on_closed=lambda request: self.log.append(("closed", request.state)),
            summary=lambda request: [("reason", request.data["reason"])],
            owes=lambda request: [Owed(*one) for one in self.owed],
            recheck=lambda request, now: self.recheck(request, now) if self.recheck else None,
        )

    def ask(self, applicant, now=None, **data):
        return services.submit(
            "test", applicant, {"reason": "有事", "days": 1} | data, by=applicant.user, now=now or self.now
        )

    def say(self, request, code, verdict="approve", note="", now=None, step=None):
        later = now or self.now + timedelta(minutes=5)
        return services.decide(request, by=self.house.user(code), verdict=verdict, note=note, now=later, step=step)

    def approver(self, request):
        step = request.signatures.filter(state="open").select_related("approver").first()
        return step.approver.code if step else None


@pytest.fixture
def world(db, settings, tmp_path):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.HOME = tmp_path
    made = World()
    for code, position, *place in (
        ("dir", "DIR"),
        ("om", "OM", None, "A"),
        ("odm", "ODM", None, "A"),
        ("sm", "SM"),
        ("hr", "HR"),
        ("tsrs", "TSRS", ["a1", "a2"]),
        ("csrs", "CSRS", "b1"),
        ("tsrl", "TSRL", "a1"),
        ("csrl", "CSRL", "b1"),
        ("t1", "TSR", "a1"),
        ("t2", "TSR", "a2"),
        ("c1", "CSR", "b1"),
    ):
        setattr(made, code, made.hire(code, position, *place))

    def away(staff, _now):
        return staff.code in made.away

    def on_duty(_now, _applicant):
        return [getattr(made, code) for code in made.duty]

    kind = made.kind()
    kinds.kinds()
    kinds._kinds["test"] = kind
    absence.provide(away)
    duty.provide(on_duty)
    with time_machine.travel(NOW, tick=False):
        yield made
    kinds._kinds.pop("test")
    absence.withdraw(away)
    duty.withdraw(on_duty)
