# SPDX-License-Identifier: Apache-2.0
"""A complaint as people live it, through the pages: from the call to the finding in the file and the second test."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from zuoxi.approvals.models import Notice
from zuoxi.complaints.models import Complaint, PersonFinding, TrainingNeed
from zuoxi.complaints.tests.making import at, customer, house
from zuoxi.telephony.models import Call, Recording


@pytest.fixture
def centre(db):
    with time_machine.travel(at(10), tick=False) as clock:
        made = house()
        made.clock = clock
        yield made


def as_(staff):
    client = Client()
    client.force_login(staff.user, "django.contrib.auth.backends.ModelBackend")
    return client


def page(staff, name, *args, **query):
    answer = as_(staff).get(reverse(f"complaints:{name}", args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


def does(staff, name, /, *args, **said):
    answer = as_(staff).post(reverse(f"complaints:{name}", args=args), said)
    assert answer.status_code == 302, answer.content.decode()


def recorded(staff):
    """The call of yesterday that the customer complains of, with its recording."""
    begun = at(15) - timedelta(days=1)
    call = Call.objects.create(
        id=77, uid="1763190000.77", switch="main", direction="inbound", caller="13800138111", called="8001",
        agent=staff.code, offered_at=begun, answered_at=begun, ended_at=begun + timedelta(minutes=3),
        outcome="answered", talk_seconds=180,
    )  # fmt: skip
    Recording.objects.create(
        call_id=call.pk, agent=staff.code, path="2026/11/15/77.wav", started_at=begun, seconds=180, status="complete"
    )
    return call


@pytest.mark.clause("CMP-002", "CMP-004", "CMP-005", "CMP-007", "CALL-002")
def test_from_the_call_to_the_finding_in_the_file_and_the_second_test(centre):
    who, call = customer("周晓梅"), recorded(centre.agent)
    said = {"what": "complaint", "source": "call", "kind": "attitude", "words": "没听完就挂断", "staff": "1001"}
    does(centre.other, "new", **said, customer=who.pk, call=call.uid)
    one = Complaint.objects.get()
    assert one.state == "verifying" and Notice.objects.filter(staff=centre.supervisor).exists()

    centre.clock.move_to(at(11))
    does(centre.supervisor, "act", one.number, "respond", text="已致电致歉，告知今日答复")
    assert one.number in page(centre.trainer, "inbox")
    check = one.verifications.get()
    heard = page(centre.trainer, "verify", check.pk)
    assert f"/recordings/{Recording.objects.get().pk}/audio/" in heard, "the recording is one click away"
    does(
        centre.trainer, "verify", check.pk, result="justified", evidence="recording", text="1 分 20 秒处挂断", need="on"
    )

    centre.clock.move_to(at(14))
    does(centre.supervisor, "act", one.number, "handle", text="班长一对一辅导，向客户致歉")
    answer = {"text": "已核实并致歉，感谢指正", "way": "phone", "content": "satisfied"}
    does(centre.supervisor, "act", one.number, "answer", **answer)
    does(centre.supervisor, "act", one.number, "close")
    one.refresh_from_db()
    assert one.state == "closed" and one.answered_at <= one.answer_due_at
    assert "1 分 20 秒" not in one.answer

    own = page(centre.agent, "complaint", one.number)
    assert "1 分 20 秒处挂断" in own and "周晓梅" not in own
    assert "1 分 20 秒处挂断" not in page(centre.other, "complaint", one.number)

    found = PersonFinding.objects.get()
    assert (found.staff, found.fault) == (centre.agent, "attitude")
    does(centre.support, "collect", finding=[found.pk])
    need = TrainingNeed.objects.get()
    for step in ({"to": "planned"}, {"to": "trained"}, {"to": "tested", "score": "90"}):
        does(centre.support, "follow", need.pk, **step)
    need.refresh_from_db()
    assert need.state == "passed"


@pytest.mark.clause("CMP-003", "CMP-006")
def test_nobody_answers_and_it_climbs_the_chain_until_it_is_grave_and_the_director_knows(centre):
    from zuoxi.complaints import services

    said = {"what": "complaint", "source": "call", "kind": "slow", "words": "退款一周没有进展"}
    does(centre.agent, "new", **said)
    for hour in (5, 10):
        centre.clock.move_to(at(10) + timedelta(hours=hour))
        services.tick(at(10) + timedelta(hours=hour))
    one = Complaint.objects.get()
    assert (one.level, one.severity) == ("SUPERVISOR", "grave")
    assert Notice.objects.filter(staff=centre.director).exists()
    assert "15:00" in page(centre.supervisor, "complaint", one.number)
