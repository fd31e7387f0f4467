# SPDX-License-Identifier: Apache-2.0
"""Wishes for rosters: in time, so many, weighed by the solver, answered with a reason."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from zuoxi.jobs.models import Job
from zuoxi.policy.rulebook import judge
from zuoxi.policy.selectors import site_handbook
from zuoxi.workforce import selectors, services, wishes
from zuoxi.workforce.facts import Absence
from zuoxi.workforce.models import StaffingPlan
from zuoxi.workforce.planning import solving
from zuoxi.workforce.planning.building import problem_of
from zuoxi.workforce.rostering import solve as engine
from zuoxi.workforce.wish_models import RosterWish
from zuoxi.workforce.wish_rules import RosterWishFacts
from zuoxi.workforce.wishes import fates_of, last_day_of_asking

pytestmark = [pytest.mark.django_db, pytest.mark.clause("SCH-002")]


@pytest.fixture
def asking(centre):
    """A moment at which wishes for the centre's month are taken: the first of the month before."""
    centre.now = timezone.make_aware(datetime.combine((centre.month - timedelta(days=1)).replace(day=1), time(10)))
    return centre


def wish(centre, code, day, want="off", *, strong=False, now=None):
    return services.ask_wish(centre.staff[code], centre.day(day), want, strong=strong, reason="", now=now or centre.now)


def judged(**more):
    facts = {"months_ahead": 1, "asked_day": 20, "strong": False, "standing": 0, "standing_strong": 0} | more
    handbook = site_handbook()
    return judge("roster.wish", RosterWishFacts(**facts), handbook, timezone.localdate()).outcome


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        ({}, "taken"),
        ({"asked_day": 21}, "late"),
        ({"asked_day": 31, "months_ahead": 2}, "taken"),
        ({"asked_day": 1, "months_ahead": 0}, "late"),
        ({"standing": 3}, "taken"),
        ({"standing": 4}, "full"),
        ({"strong": True}, "taken"),
        ({"strong": True, "standing": 1, "standing_strong": 1}, "strong_full"),
        ({"standing": 1, "standing_strong": 1}, "taken"),
    ],
)
def test_wishes_are_taken_up_to_the_20th_four_a_month_one_of_them_strong(facts, outcome):
    assert judged(**facts) == outcome


def test_the_last_day_of_asking_lies_in_the_month_before(centre):
    assert last_day_of_asking(centre.month) == (centre.month - timedelta(days=1)).replace(day=20)


def test_a_day_is_wished_once_and_can_be_wished_again_after_it_was_withdrawn(asking):
    first = wish(asking, "1001", 5)
    with pytest.raises(services.WishRefused):
        wish(asking, "1001", 5, "E")
    assert services.withdraw_wish(first, asking.now)
    assert not services.withdraw_wish(first, asking.now)
    assert wish(asking, "1001", 5, "E").want == "E"


def test_a_published_day_takes_no_wish(asking):
    asking.write("1001", d5="E")
    asking.publish()
    with pytest.raises(services.WishRefused, match=r"swap|调班"):
        wish(asking, "1001", 5)


def test_the_solver_hears_the_wish_and_how_much_it_matters(asking):
    need = {str(day): [2 if 18 <= half < 32 else 0 for half in range(48)] for day in range(1, 8)}
    StaffingPlan.objects.create(month=asking.month, project=asking.project, result={"need": need}, made_at=asking.now)
    wish(asking, "1001", 5)
    wish(asking, "1001", 6, "E", strong=True)
    wish(asking, "1002", 6, "DN")  # a duty, which no agent has
    unit = (asking.project.pk, asking.teams[0].pk)
    people = {one.id: one for one in problem_of(asking.month, [unit], keep=True).problem.people}
    assert [(one.day, one.want, one.weight) for one in people["1001"].wishes] == [(4, "off", 1.0), (5, "E", 3.0)]
    assert people["1002"].wishes == ()


def test_what_was_worked_out_says_of_every_wish_whether_it_is_granted_and_what_it_lost_to(asking, browse, monkeypatch):
    monkeypatch.setitem(engine.solve.__kwdefaults__, "effort", 60)
    need = {str(day): [3 if 18 <= half < 32 else 0 for half in range(48)] for day in range(1, 8)}
    StaffingPlan.objects.create(month=asking.month, project=asking.project, result={"need": need}, made_at=asking.now)
    for code in ("1001", "1002", "1003"):
        wish(asking, code, 9)
    wish(asking, "1001", 10, "DN")
    result = solving.solve_month(
        asking.month, [(asking.project.pk, asking.teams[0].pk)], keep=True, by="8002", now=asking.now,
        progress=lambda *_said: None, stopped=lambda: False, seconds=20,
    )  # fmt: skip
    rows = list(RosterWish.objects.all())
    assert result["wishes"] == 4
    assert result["wishes_granted"] == sum(not one.lost_to for one in rows)
    assert all(one.weighed_at for one in rows)
    assert next(one for one in rows if one.want == "DN").lost_to == "pattern"
    drafted = fates_of(rows, drafts=True)
    assert {fate.state for fate in drafted.values()} <= {"granted", "lost"}
    assert all(drafted[one.pk].state == ("lost" if one.lost_to else "granted") for one in rows)
    assert {fate.state for fate in fates_of(rows).values()} == {"waiting"}  # a draft is nobody's answer
    page = browse("8001").get(reverse("workforce:wishes", args=[f"{asking.month:%Y-%m}"]))
    assert page.status_code == 200
    assert "人1001" in page.content.decode()


def test_a_granted_wish_that_was_changed_by_hand_says_by_whom(asking):
    one = wish(asking, "1001", 5)
    RosterWish.objects.update(weighed_at=asking.now)
    asking.write("1001", d5="R")
    asking.write("1001", d5="E")
    asking.publish()
    fate = fates_of([one := RosterWish.objects.get(pk=one.pk)])[one.pk]
    assert (fate.state, fate.cell) == ("lost", "E")
    assert "人8002" in fate.why


@pytest.mark.parametrize(
    ("want", "cell", "state"),
    [
        ("off", "R", "granted"),
        ("off", "E", "lost"),
        ("E", "E", "granted"),
        ("E", "L", "lost"),
        ("E", "R", "lost"),
    ],
)
def test_a_published_day_answers_the_wish(asking, want, cell, state):
    one = wish(asking, "1001", 5, want)
    asking.write("1001", d5=cell)
    asking.publish()
    assert fates_of([one])[one.pk].state == state


def test_leave_on_the_day_grants_a_rest_and_refuses_a_shift(asking, monkeypatch):
    start = timezone.make_aware(datetime.combine(asking.day(5), time(0)))
    gone = Absence(asking.staff["1001"].pk, start, start + timedelta(days=1), "年假")
    monkeypatch.setattr(selectors, "_absences", [lambda *_asked: [gone]])
    rest = wish(asking, "1001", 5)
    other = wish(asking, "1002", 5)
    assert [fates_of([rest, other])[one.pk].state for one in (rest, other)] == ["granted", "waiting"]


def test_the_page_keeps_what_was_typed_and_says_what_is_wrong(centre, browse):
    client, address = browse("1001"), reverse("workforce:my_wishes")
    late = {"day": timezone.localdate().isoformat(), "want": "off", "reason": "搬家"}
    answer = client.post(address, late)
    assert answer.status_code == 422
    assert "搬家" in answer.content.decode()
    month_after = (centre.month + timedelta(days=32)).replace(day=5)
    assert client.post(address, late | {"day": month_after.isoformat()}).status_code == 302
    assert "搬家" in client.get(address).content.decode()
    one = RosterWish.objects.get()
    assert browse("1002").post(reverse("workforce:withdraw_wish", args=[one.pk])).status_code == 404
    assert browse("1001").post(reverse("workforce:withdraw_wish", args=[one.pk])).status_code == 302
    one.refresh_from_db()
    assert one.withdrawn_at


def test_the_pages_of_wishes_take_few_questions_to_the_database(asking, browse, django_assert_max_num_queries):
    for day in (3, 5, 9):
        wish(asking, "1001", day)
        wish(asking, "1002", day)
    for code, address in (
        ("1001", reverse("workforce:my_wishes")),
        ("8001", reverse("workforce:wishes", args=[f"{asking.month:%Y-%m}"])),
    ):
        client = browse(code)
        client.get(address)
        with django_assert_max_num_queries(12):
            assert client.get(address).status_code == 200


def test_a_leader_sees_the_wishes_of_his_own_team_only(asking, browse):
    wish(asking, "1001", 5)
    wish(asking, "1101", 5)
    page = browse("2001").get(reverse("workforce:wishes", args=[f"{asking.month:%Y-%m}"])).content.decode()
    assert "人1001" in page
    assert "人1101" not in page


def test_why_somebody_wishes_is_read_by_who_makes_his_roster_alone(asking, browse):
    RosterWish.objects.create(staff=asking.staff["1001"], day=asking.day(5), reason="家里有事", asked_at=asking.now)
    month = f"{asking.month:%Y-%m}"
    page, file = reverse("workforce:wishes", args=[month]), reverse("workforce:wishes_file", args=[month, "csv"])
    assert "家里有事" in browse("8002").get(page).content.decode()
    leader = browse("2001").get(page).content.decode()
    assert "人1001" in leader
    assert "家里有事" not in leader
    assert "家里有事" in browse("8001").get(file).getvalue().decode()


def test_the_solve_page_names_nobody_beyond_the_planners_reach(asking, browse):
    lost = [
        {"person": code, "name": f"人{code}", "staff": asking.staff[code].pk, "day": 4, "want": "off", "to": "cover"}
        for code in ("1001", "1101")
    ]
    Job.objects.create(
        task=solving.TASK, key=f"roster:{asking.month:%Y-%m}", state=Job.State.DONE, run_at=asking.now,
        created_at=asking.now, result={"wishes": 2, "wishes_granted": 0, "wishes_lost": lost, "people": 2},
    )  # fmt: skip
    address = reverse("workforce:solve", args=[f"{asking.month:%Y-%m}"])
    assert [one["person"] for one in browse("8002").get(address).context["wishes_lost"]] == ["1001", "1101"]
    assert [one["person"] for one in browse("3001").get(address).context["wishes_lost"]] == ["1001"]


def test_of_two_wishes_at_once_the_second_is_counted_after_the_first(asking, monkeypatch):
    def first(staff):
        RosterWish.objects.create(staff_id=staff, day=asking.day(4), strong=True, asked_at=asking.now)

    monkeypatch.setattr(wishes, "hold", first)
    with pytest.raises(services.WishRefused):
        wish(asking, "1001", 5, strong=True)


def test_a_day_beyond_every_roster_is_refused_with_words(centre, browse):
    client, address = browse("1001"), reverse("workforce:my_wishes")
    for day in ("9999-12-31", "0001-01-01"):
        assert client.post(address, {"day": day, "want": "off"}).status_code == 422
    client = browse("8002")
    assert client.get(reverse("workforce:wishes", args=["9999-12"])).status_code == 404
    for day in ("9999-12-31", "0001-01-01"):
        assert client.get(reverse("workforce:staffing"), {"day": day}).status_code == 200
