# SPDX-License-Identifier: Apache-2.0
"""Which calls a person sees, asked for a few and for all of them."""

from __future__ import annotations

import pytest
from django.utils import timezone

from zuoxi.people.models import Staff, User
from zuoxi.telephony.call_pieces import counted, newest_of
from zuoxi.telephony.call_search import CallQuery, preset_period
from zuoxi.telephony.keyset import Sort, page_of
from zuoxi.telephony.models import Call, QueueMembership
from zuoxi.telephony.tests import factories as make
from zuoxi.telephony.visibility import asked_calls, visible_calls

pytestmark = pytest.mark.django_db


def test_a_few_calls_are_looked_at_one_by_one_and_are_the_same_ones():
    team = make.team()
    agent = make.user("1001", "TSR", team)
    make.person("1002", "TSR", team)
    mine, passed_on, others = make.call(agent="1001"), make.call(agent="1002"), make.call(agent="1002")
    make.part(passed_on, "1001")
    for few in (False, True):
        rows = visible_calls(agent, few=few).filter(pk__in=[mine.pk, passed_on.pk, others.pk])
        assert set(rows.values_list("pk", flat=True)) == {mine.pk, passed_on.pk}, few
    assert "UNION" in str(visible_calls(agent).query)
    assert "UNION" not in str(visible_calls(agent, few=True).query)


def test_the_pieces_of_a_persons_calls_are_the_calls_he_sees_each_once():
    team, other = make.team("t1"), make.team("t2")
    make.person("2001", "TSRL", team)
    for code, its in (("1001", team), ("1002", team), ("1003", other)):
        make.person(code, "TSR", its)
    sales, care = make.queue("sales"), make.queue("care")
    QueueMembership.objects.create(queue=sales, staff=Staff.objects.get(code="1001"))
    QueueMembership.objects.create(queue=care, staff=Staff.objects.get(code="1003"))
    own = [make.call(agent="1001"), make.call(agent="1002"), make.call(agent="1001")]
    passed_on, within, twice = make.call(agent="1003"), make.call(agent="1001"), make.call(agent="1003")
    make.part(passed_on, "1002")
    make.part(within, "1002")  # both are of the team
    make.part(twice, "1001", 2)
    make.part(twice, "1002", 3)
    make.part(twice, "1001", 4)
    lost, of_others = make.call(outcome="abandoned"), make.call(outcome="abandoned", queue="care")
    picked = make.call(outcome="abandoned")  # nobody's, though one of them had a part in it
    make.part(picked, "1001")
    foreign = make.call(agent="1003")
    ours = [one.pk for one in (*own, passed_on, within, twice, lost, picked)]
    for code, wanted in (
        ("2001", set(ours)),
        ("1001", {own[0].pk, own[2].pk, within.pk, twice.pk, picked.pk}),
        ("1003", {passed_on.pk, twice.pk, foreign.pk}),
    ):
        for query in (CallQuery(), CallQuery(period=preset_period("30d", timezone.now())), CallQuery(agents=("1001",))):
            user = User.objects.get(username=code)
            rows, pieces = asked_calls(user, query)
            seen = set(rows.values_list("pk", flat=True))
            if query == CallQuery():
                assert seen == wanted, code
            assert pieces
            newest = [row.pk for row in page_of(Call.objects.none(), Sort("offered_at"), narrow=newest_of(pieces)).rows]
            assert sorted(newest) == sorted(seen), (code, query)
            assert newest == list(rows.order_by("-offered_at", "-pk").values_list("pk", flat=True))
            assert counted(pieces) == (len(seen), False)
    assert of_others.pk not in ours


def test_who_sees_everything_is_asked_for_no_pieces_but_for_the_people_he_names():
    make.person("8001", "DIR")
    make.person("1001", "TSR", make.team())
    user = User.objects.get(username="8001")
    assert asked_calls(user, CallQuery())[1] == ()
    assert len(asked_calls(user, CallQuery(agents=("1001", "1001")))[1][0].names) == 1


def test_a_page_of_pieces_goes_on_and_back_where_the_last_one_ended():
    agent = make.user("1001", "TSR", make.team())
    calls = [make.call(agent="1001" if number % 3 else "1009", wait_seconds=number % 4) for number in range(12)]
    for call in calls[::3]:
        make.part(call, "1001")
    rows, pieces = asked_calls(agent, CallQuery())
    for sort in (Sort("offered_at"), Sort("offered_at", False), Sort("wait_seconds", True, True)):
        whole, after = [], ""
        for _ in range(3):
            page = page_of(rows, sort, after, size=5, narrow=newest_of(pieces))
            assert [one.pk for one in page.rows] == [one.pk for one in page_of(rows, sort, after, size=5).rows]
            back = page_of(rows, sort, "", page.previous, size=5, narrow=newest_of(pieces)) if whole else None
            assert back is None or [one.pk for one in back.rows] == whole[-5:]
            whole += [one.pk for one in page.rows]
            after = page.next
        assert sorted(whole) == sorted(call.pk for call in calls)


def test_a_question_that_contradicts_itself_finds_nothing():
    agent = make.user("1001", "TSR", make.team())
    make.call(agent="1001")
    rows, pieces = asked_calls(agent, CallQuery(number="-"))
    assert counted(pieces) == (0, False)
    assert list(page_of(rows, Sort("offered_at"), narrow=newest_of(pieces)).rows) == []
