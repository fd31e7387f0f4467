# SPDX-License-Identifier: Apache-2.0
"""Drift and gaps, through the door."""

import hashlib
from datetime import timedelta

import pytest
from django.utils import timezone

from zuoxi.events.models import FoldPosition, Quarantine
from zuoxi.jobs.models import Job
from zuoxi.telephony import drift
from zuoxi.telephony.models import UnknownWindow
from zuoxi.telephony.quarantine import printable
from zuoxi.telephony.tests import factories as make

pytestmark = pytest.mark.django_db
DRIFT = "/telephony/drift/"


@pytest.fixture
def technician(client):
    client.force_login(make.user("9200", "IT"))


def doubted(raw, reason="forged line", **fields):
    key = hashlib.sha256(raw).digest()[:16]
    values = {"stream": "switch:lab", "at": timezone.now(), "source": "ami", **fields}
    return Quarantine.objects.create(key=key, raw=raw, reason=reason, **values)


def test_agents_and_leaders_have_no_door_to_it(client):
    for role in ("TSR", "TSRL", "QA"):
        client.force_login(make.user(f"u{role}", role, make.team()))
        for page in (DRIFT, "/telephony/quarantine/", "/telephony/evidence/1/"):
            assert client.get(page).status_code == 403, (role, page)


def test_a_quiet_house_says_that_all_is_well(client, technician):
    body = client.get(DRIFT).content.decode()
    assert "没有。状态与通话一致。" in body
    assert "还没有设置交换机" in body


def test_a_call_that_is_up_too_long_is_listed_by_the_age_chosen(client, technician):
    call = make.call(timezone.now() - timedelta(minutes=45), ended_at=None, outcome="answered")
    assert [line.id for line in client.get(DRIFT).context["open_calls"]] == [call.id]
    assert client.get(f"{DRIFT}?age=60").context["open_calls"] == []
    assert client.get(f"{DRIFT}?age=5000").context["minutes"] == 30


def test_a_switch_that_has_not_been_heard_for_a_minute_is_told(client, technician):
    now = timezone.now()
    make.switch("lab", seen_at=now - timedelta(seconds=61))
    make.switch("two", seen_at=now - timedelta(seconds=5))
    make.switch("new")
    heard = {one.name: not one.silent for one in client.get(DRIFT).context["switches"]}
    assert heard == {"lab": False, "two": True, "new": False}


def test_how_far_a_log_is_read_is_told_in_bytes(tmp_path):
    log = tmp_path / "queue_log"
    log.write_text("x" * 1000)
    make.switch("lab", queue_log_path=str(log), backfill_position={"queue_log": 400})
    (one,) = drift.switches(timezone.now())
    assert [(lag.name, lag.behind) for lag in one.logs] == [("queue_log", 600), ("cel", None)]


def test_a_fold_is_behind_by_the_events_of_its_own_switch():
    FoldPosition.objects.create(name="telephony:lab", applied_through=1)
    for _ in range(3):
        make.event("switch.synced", make.MORNING)
    assert [(one.name, one.behind) for one in drift.folds()] == [("telephony:lab", 2)]


def test_an_agent_on_a_call_by_state_only_and_one_by_call_only_both_differ():
    now = timezone.now()
    make.state("1001", "on_call", now - timedelta(minutes=10), None)
    make.state("1002", "ready", now - timedelta(minutes=10), None)
    call = make.call(now - timedelta(minutes=10), agent="1002", ended_at=None)
    from zuoxi.telephony.models import Leg

    Leg.objects.filter(call_id=call.pk).update(to_at=None)
    assert [(one.agent, one.why) for one in drift.mismatches(now)] == [("1001", "state"), ("1002", "call")]


def test_an_agent_in_a_call_that_agrees_does_not_differ():
    now = timezone.now()
    call = make.call(now - timedelta(minutes=10), agent="1001", ended_at=None)
    from zuoxi.telephony.models import Leg

    Leg.objects.filter(call_id=call.pk).update(to_at=None)
    make.state("1001", "on_call", now - timedelta(minutes=10), None)
    assert drift.mismatches(now) == []


def test_gaps_are_shown_with_their_cause(client, technician):
    UnknownWindow.objects.create(switch="lab", from_at=make.MORNING, why="listener was down")
    body = client.get(DRIFT).content.decode()
    assert "listener was down" in body
    assert "仍在持续" in body


def test_what_was_not_believed_is_shown_whole_but_harmless(client, technician):
    doubted(b"Event: Newchannel\r\nCallerIDName: <script>alert(1)</script>\x1b[2J\xe2\x80\xae13812345678\xff\r\n")
    body = client.get("/telephony/quarantine/").content.decode()
    assert "<script>alert" not in body
    assert "&lt;script&gt;" in body
    assert "13812345678" not in body
    for raw in ("\x1b", "\u202e"):
        assert raw not in body
    for written in ("\\x1b", "\\u202e", "\\xff"):
        assert written in body


def test_printable_text_keeps_lines_and_nothing_that_moves():
    assert printable(b"a\tb\nc\x00d") == "a\\x09b\nc\\x00d"


def test_the_quarantine_pages_by_fifty(client, technician):
    for n in range(60):
        doubted(f"piece {n}".encode())
    first = client.get("/telephony/quarantine/")
    second = client.get(f"/telephony/quarantine/{first.context['next']}")
    assert [len(page.context["pieces"]) for page in (first, second)] == [50, 10]
    assert second.context["next"] == ""


def test_the_technician_reads_what_the_switch_said_but_not_the_conversation(client, technician):
    call = make.call(caller="13812345678")
    make.event("queue.joined", call.offered_at, call.uid, queue="sales", caller="13812345678")
    body = client.get(f"/telephony/evidence/{call.pk}/").content.decode()
    assert "queue.joined" in body
    assert "13812345678" not in body
    assert client.get(f"/calls/{call.pk}/").status_code == 403


def test_asking_twice_for_a_verification_asks_once(client, technician):
    client.post("/telephony/drift/verify/")
    client.post("/telephony/drift/verify/")
    assert Job.objects.filter(task="telephony.ledger.verify").count() == 1
    assert client.get("/telephony/drift/verify/").status_code == 405


def test_the_last_verification_is_told_in_a_word(client, technician):
    done = {"task": "telephony.ledger.verify", "state": "done", "run_at": timezone.now(), "created_at": timezone.now()}
    Job.objects.create(**done, ended_at=timezone.now(), result={"sound": False, "samples": ["call: differs"]})
    page = client.get(DRIFT)
    assert page.context["verified_word"] == "有差异"
    assert "call: differs" in page.content.decode()


def test_gaps_and_doubts_are_told_in_the_language_of_the_page(client, technician):
    make.switch("lab")
    UnknownWindow.objects.create(switch="lab", from_at=timezone.now(), why="listener away")
    doubted(b"a", reason="longer than 4 KiB")
    body = client.get(DRIFT).content.decode()
    assert "无人监听" in body and "listener away" not in body
    assert "超过 4 KiB" in body and "longer than" not in body
    assert "超过 4 KiB" in client.get("/telephony/quarantine/").content.decode()
