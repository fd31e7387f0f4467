# SPDX-License-Identifier: Apache-2.0
"""A sales agent becomes an inspector: asked, signed three times, handed over, in force on its day."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from zuoxi.approvals.models import Request
from zuoxi.people import services as people
from zuoxi.people.models import Handover, User
from zuoxi.people.tests.conftest import House

BEGIN = datetime(2026, 4, 13, 1, 30, tzinfo=UTC)
DAY = date(2026, 4, 20)


@pytest.fixture
def sign_in(db, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    house = House()
    for code, position, *place in (
        ("dir", "DIR"),
        ("om", "OM", None, "A"),
        ("sm", "SM"),
        ("hr", "HR"),
        ("tsrs", "TSRS", "a1"),
        ("tsrl", "TSRL", "a1"),
        ("t1", "TSR", "a1"),
    ):
        house.hire(code, position, *place)
    User.objects.update(must_change_password=False)

    def sign(code):
        client = Client()
        client.force_login(User.objects.get(username=code), "django.contrib.auth.backends.ModelBackend")
        return client

    return sign


@pytest.mark.clause("ORG-023", "ORG-026", "ORG-027", "ORG-021")
def test_from_the_wish_to_the_first_day_at_the_new_post(sign_in):
    with time_machine.travel(BEGIN, tick=False):
        agent = sign_in("t1")
        form = {"position": "QA", "effective_on": str(DAY), "reason": "想做质检"}
        there = agent.post(reverse("approvals:new", args=["transfer"]), form)["Location"]
        request = Request.objects.get()
    for hours, code in enumerate(("om", "hr", "dir"), 1):
        with time_machine.travel(BEGIN.replace(hour=1 + hours), tick=False):
            client = sign_in(code)
            assert request.number in client.get(reverse("approvals:inbox")).text
            step = request.signatures.get(state="open").pk
            client.post(reverse("approvals:decide", args=[request.number]), {"verdict": "approve", "step": step})
    with time_machine.travel(BEGIN.replace(hour=6), tick=False):
        assert "已通过" in agent.get(there).text or "已批准" in agent.get(there).text
        assert request.filings.count() == 4
        copy = request.filings.get(holder__code="sm")
        sign_in("sm").post(reverse("approvals:read_copy", args=[request.number, copy.pk]))
        handover = Handover.objects.get()
        for item in handover.items.all():
            agent.post(reverse("people:handover_tick", args=[handover.pk, item.pk]), {"what": "无", "done": "1"})
        for code in ("t1", "tsrl"):
            sign_in(code).post(reverse("people:handover_sign", args=[handover.pk]))
    with time_machine.travel(BEGIN.replace(day=19), tick=False):
        people.apply_changes(date(2026, 4, 19))
        assert User.objects.get(username="t1").roles == {"TSR"}
    with time_machine.travel(BEGIN.replace(day=20), tick=False):
        people.apply_changes(DAY)
        assert User.objects.get(username="t1").roles == {"QA"}
        table = sign_in("hr").get(reverse("people:headcount")).text
        assert "调入" in table
        assert "人t1" in table
