# SPDX-License-Identifier: Apache-2.0
"""The three emergencies of the floor: at and beside each figure, told once, worked through, kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone, translation

from zuoxi.approvals.models import Notice
from zuoxi.floor import emergencies
from zuoxi.floor.emergency_rules import (
    DropFacts,
    PeakFacts,
    SwitchFacts,
    judge_drops,
    judge_peak,
    judge_switch,
    least_waiting,
)
from zuoxi.floor.models import FloorEmergency, Presence
from zuoxi.floor.refusing import Refused
from zuoxi.floor.tests.centre import ago
from zuoxi.people.models import Staff
from zuoxi.policy.handbook import handbook_of
from zuoxi.policy.rulebook import Impossible
from zuoxi.telephony import selectors as telephony
from zuoxi.telephony.models import QueueVisit, Switch, UnknownWindow
from zuoxi.telephony.selectors import cut_off_between
from zuoxi.telephony.tests import factories as make

AT = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


def reading():
    return handbook_of("tv_shopping").on(AT.date())


def moment(minutes: float) -> datetime:
    return AT + timedelta(minutes=minutes)


@pytest.mark.once
@pytest.mark.clause("EMG-003")
@pytest.mark.parametrize(
    ("calls", "dropped", "outcome"),
    [(100, 5, "begun"), (100, 4, "calm"), (20, 2, "calm"), (20, 3, "begun"), (0, 0, "calm"), (61, 3, "calm")],
)
def test_five_in_a_hundred_is_an_emergency_and_two_calls_alone_never(calls, dropped, outcome):
    assert judge_drops(DropFacts(calls, dropped, AT), reading()).outcome == outcome


@pytest.mark.once
def test_more_dropped_calls_than_calls_cannot_be():
    with pytest.raises(Impossible):
        DropFacts(2, 3, AT)


@pytest.mark.once
@pytest.mark.clause("EMG-003")
@pytest.mark.parametrize(("least", "outcome"), [(9, "calm"), (10, "begun"), (11, "begun")])
def test_ten_who_wait_on_end_are_a_peak(least, outcome):
    assert judge_peak(PeakFacts(least, AT), reading()).outcome == outcome


@pytest.mark.once
@pytest.mark.clause("EMG-003")
@pytest.mark.parametrize(("lost", "outcome"), [(None, "calm"), (59, "calm"), (60, "begun")])
def test_a_switch_not_heard_for_a_minute_is_a_trouble_of_the_system(lost, outcome):
    since = None if lost is None else AT - timedelta(seconds=lost)
    assert judge_switch(SwitchFacts("demo", since, AT), reading()).outcome == outcome


@pytest.mark.once
def test_the_fewest_count_at_the_moment_when_one_has_gone_and_the_next_not_come():
    waits = [(moment(-9), moment(-1)), (moment(-8), None), (moment(-0.5), None), (moment(-20), moment(-3))]
    assert least_waiting(waits, moment(-3), AT) == 1
    assert least_waiting(waits[:2], moment(-3), moment(-2)) == 2
    assert least_waiting([], moment(-3), AT) == 0


@pytest.mark.once
def test_who_comes_as_another_goes_leaves_no_gap():
    waits = [(moment(-9), moment(-1)), (moment(-1), None)]
    assert least_waiting(waits, moment(-3), AT) == 1


def staff(code: str) -> Staff:
    return Staff.objects.get(code=code)


def drops(count: int, calls: int = 20, **fields: object) -> None:
    for index in range(calls):
        make.call(ago(minutes=5), ended_by="" if index < count else "caller", **fields)


@pytest.mark.django_db
@pytest.mark.clause("EMG-003")
def test_frequent_drops_are_written_down_once_told_and_calm_again_later(switch):
    make.person("8002", "ODM", None, "副经理")
    drops(3)
    now = timezone.now()
    (begun,) = emergencies.look(now)
    assert begun.kind == "drops" and begun.finding["outcome"] == "begun" and "8002" in begun.told
    assert Notice.objects.filter(staff__code="8002").count() == 1
    assert emergencies.look(now + timedelta(seconds=5)) == [] and FloorEmergency.objects.count() == 1
    with pytest.raises(Refused):
        emergencies.end(begun.pk, "好了", by=staff("2001"), now=now)
    later = now + timedelta(minutes=20)
    emergencies.look(later)
    row = FloorEmergency.objects.get()
    assert row.calm_since == later and not emergencies.calm_enough(row, later)
    assert emergencies.calm_enough(row, later + timedelta(minutes=5))
    ended = emergencies.end(begun.pk, "线路已恢复", by=staff("2001"), now=later)
    assert ended.state == "over" and ended.handler == staff("2001")


@pytest.mark.django_db
@pytest.mark.clause("EMG-003")
def test_who_calls_again_within_the_minute_was_cut_off_and_after_it_not(switch):
    for index, after in enumerate((30, 60, 61)):
        first = make.call(ago(minutes=6), ended_by="caller", caller=f"1990000000{index}")
        make.call(first.ended_at + timedelta(seconds=after), ended_by="agent", caller=f"1990000000{index}")
    assert cut_off_between(ago(minutes=10), timezone.now(), timedelta(seconds=60)) == (6, 2)


@pytest.mark.django_db
def test_calls_of_a_time_when_the_switch_was_not_heard_are_not_looked_at(switch):
    drops(5)
    UnknownWindow.objects.create(switch="lab", from_at=ago(minutes=8), to_at=ago(minutes=2), why="gap")
    assert emergencies.look(timezone.now()) == []


@pytest.mark.django_db
@pytest.mark.clause("EMG-003")
def test_ten_callers_for_three_minutes_are_told_and_nine_are_not(switch):
    now = timezone.now()
    for index in range(9):
        QueueVisit.objects.create(call_id=index + 1, seq=1, queue="sales", entered_at=now - timedelta(minutes=4),
                                  outcome="open")  # fmt: skip
    assert emergencies.look(now) == []
    QueueVisit.objects.create(call_id=99, seq=1, queue="sales", entered_at=now - timedelta(minutes=3), outcome="open")
    assert [one.kind for one in emergencies.look(now)] == ["peak"]


@pytest.mark.django_db
@pytest.mark.clause("EMG-003")
@pytest.mark.parametrize(("unheard", "peak"), [(59, True), (61, False)])
def test_callers_of_a_switch_that_is_not_heard_are_not_counted_as_waiting_on(switch, unheard, peak):
    now = timezone.now()
    make.switch("lab")
    Switch.objects.filter(name="lab").update(seen_at=now - timedelta(seconds=unheard))
    for number in range(1, 12):
        switch.join(number, at=now - timedelta(minutes=10))
    assert [one.kind for one in emergencies.look(now)] == (["peak"] if peak else [])
    Switch.objects.update(seen_at=None)  # one that tells of itself by no listener of ours
    assert telephony.stays_in_queues(now - timedelta(minutes=3), now)[0][1] is None


@pytest.mark.django_db
@pytest.mark.clause("EMG-003")
def test_a_second_word_of_the_same_emergency_becomes_a_note_of_the_first(switch):
    now = timezone.now()
    first = emergencies.tell("system", "电脑全部黑屏", by=staff("1001"), now=now)
    again = emergencies.tell("system", "二组也是", by=staff("1002"), now=now)
    assert first.pk == again.pk and again.entries.get().words == "二组也是"
    for kind, words in (("flood", "水"), ("system", " ")):
        with pytest.raises(Refused):
            emergencies.tell(kind, words, by=staff("1001"), now=now)


@pytest.mark.django_db
@pytest.mark.clause("EMG-003")
def test_the_second_who_takes_it_or_ticks_a_step_is_told_who_was_first(switch):
    now = timezone.now()
    row = emergencies.tell("system", "电脑黑屏", by=staff("1001"), now=now)
    emergencies.take(row.pk, by=staff("2001"), now=now)
    with pytest.raises(Refused, match="甲班长"):
        emergencies.take(row.pk, by=staff("2002"), now=now)
    emergencies.tick(row.pk, 0, by=staff("2001"), now=now)
    with pytest.raises(Refused, match="甲班长"):
        emergencies.tick(row.pk, 0, by=staff("2002"), now=now)
    with pytest.raises(Refused):
        emergencies.tick(row.pk, 77, by=staff("2002"), now=now)
    assert [one.entry is not None for one in emergencies.steps_of(row)][:2] == [True, False]


@pytest.mark.django_db
@pytest.mark.clause("EMG-003")
def test_an_agent_tells_it_in_the_page_and_the_leader_sees_it_on_the_floor_and_ends_it(switch, as_):
    said = {"kind": "system", "words": "话机没有声音"}
    as_("1001").post("/floor/emergencies/tell", said)
    row = FloorEmergency.objects.get()
    assert "话机没有声音" in as_("1001").get("/floor/emergencies/").content.decode()
    assert "话机没有声音" in as_("2001").get("/floor/needs/").content.decode()
    assert as_("1001").post(f"/floor/emergencies/{row.pk}/end", {"words": "好了"}).status_code == 403
    leader = as_("2001")
    for verb, words in (("take", ""), ("steps/0", ""), ("note", "换了耳麦"), ("end", "已恢复")):
        leader.post(f"/floor/emergencies/{row.pk}/{verb}", {"words": words})
    page = leader.get(f"/floor/emergencies/{row.pk}/").content.decode()
    assert "换了耳麦" in page and "已恢复" in page and "甲班长" in page
    assert "已恢复" not in leader.get("/floor/needs/").content.decode()


@pytest.mark.django_db
@pytest.mark.clause("EMG-003")
def test_one_that_could_not_be_told_was_not_begun_and_is_seen_at_the_next_look(switch, monkeypatch):
    make.person("8002", "ODM", None, "副经理")
    drops(3)
    now = timezone.now()

    def broken(*_args: object, **_words: object) -> None:
        raise OSError("no room")

    with monkeypatch.context() as broke:
        broke.setattr(emergencies.approvals, "notify", broken)
        with pytest.raises(OSError, match="no room"):
            emergencies.look(now)
    assert not FloorEmergency.objects.exists()
    assert [one.told for one in emergencies.look(now)] == [["8002"]]


@pytest.mark.django_db
@pytest.mark.clause("EMG-003")
def test_whoever_keeps_watch_is_told_first_and_the_record_names_only_those_who_were_told(switch, monkeypatch):
    make.person("8002", "ODM", None, "副经理")
    now = timezone.now()
    Presence.objects.create(staff=staff("2001"), arrived_at=now)
    monkeypatch.setattr(emergencies, "_TOLD_AT_MOST", 1)
    row = emergencies.tell("system", "电脑黑屏", by=staff("1001"), now=now)
    assert row.told == ["2001"]
    assert set(Notice.objects.values_list("staff__code", flat=True)) == {"2001"}


@pytest.mark.django_db
def test_a_step_that_was_taken_keeps_the_words_it_had(switch):
    now = timezone.now()
    row = emergencies.tell("system", "电脑黑屏", by=staff("1001"), now=now)
    emergencies.tick(row.pk, 1, by=staff("2001"), now=now)
    with translation.override("en"):
        assert emergencies.steps_of(row)[1].words.startswith("Tell the IT officer")
    row.entries.update(words="打电话给机房")
    assert emergencies.steps_of(row)[1].words == "打电话给机房"


@pytest.mark.django_db
@pytest.mark.clause("EMG-003")
def test_one_that_nobody_looks_at_any_more_can_be_ended_by_people(switch):
    drops(3)
    now = timezone.now()
    (begun,) = emergencies.look(now)
    with pytest.raises(Refused):
        emergencies.end(begun.pk, "好了", by=staff("2001"), now=now + timedelta(minutes=2))
    ended = emergencies.end(begun.pk, "好了", by=staff("2001"), now=now + timedelta(minutes=2, seconds=1))
    assert ended.state == "over"


@pytest.mark.django_db
def test_drops_are_counted_by_one_question_that_walks_through_no_old_calls(switch, django_assert_num_queries):
    drops(2, calls=3)
    make.call(ago(minutes=13 * 60), ended_at=ago(minutes=5), ended_by="")
    with django_assert_num_queries(1):
        assert cut_off_between(ago(minutes=10), timezone.now(), timedelta(seconds=60)) == (3, 2)


@pytest.mark.django_db
def test_the_pages_ask_a_fixed_number_of_questions(switch, as_, django_assert_max_num_queries):
    now = timezone.now()
    for index in range(30):
        row = emergencies.tell("system", f"第{index}次", by=staff("1001"), now=now)
        emergencies.end(row.pk, "好了", by=staff("2001"), now=now)
    client = as_("2001")
    client.get("/floor/emergencies/")
    with django_assert_max_num_queries(12):
        assert client.get("/floor/emergencies/").status_code == 200
    with django_assert_max_num_queries(12):
        assert client.get(f"/floor/emergencies/{row.pk}/").status_code == 200
