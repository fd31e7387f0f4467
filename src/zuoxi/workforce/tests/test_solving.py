# SPDX-License-Identifier: Apache-2.0
"""A month worked out in the application, and somebody missing on a day."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from zuoxi.jobs import services as work
from zuoxi.jobs.models import Job
from zuoxi.jobs.running import run_all
from zuoxi.workforce import selectors, services
from zuoxi.workforce.board import board_of
from zuoxi.workforce.facts import Absence
from zuoxi.workforce.models import Roster, RosterChange, ShiftAssignment, StaffingPlan
from zuoxi.workforce.planning import replanning, solving
from zuoxi.workforce.planning.building import problem_of
from zuoxi.workforce.rostering import replan
from zuoxi.workforce.rostering import solve as engine
from zuoxi.workforce.wish_models import RosterWish

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def small_effort(monkeypatch):
    monkeypatch.setattr(engine, "EFFORT", 60)
    monkeypatch.setitem(engine.solve.__kwdefaults__, "effort", 60)


@pytest.fixture
def needed(centre):
    """Two people from nine to four on every day."""
    need = {str(day): [2 if 18 <= half < 32 else 0 for half in range(48)] for day in range(1, 8)}
    StaffingPlan.objects.create(month=centre.month, project=centre.project, result={"need": need}, made_at=centre.now)
    return centre


def unit(centre, number=0):
    return (centre.project.pk, centre.teams[number].pk)


def work_out(centre, *, keep=True, number=0):
    return solving.solve_month(
        centre.month, [unit(centre, number)], keep=keep, by="8002", now=centre.now, progress=lambda *_said: None,
        stopped=lambda: False, seconds=20,
    )  # fmt: skip


@pytest.mark.clause("SCH-002", "SCH-006", "SCH-026")
def test_a_month_is_written_as_a_draft_without_a_conflict(needed):
    result = work_out(needed)
    board = board_of(needed.month, staff_ids=None, units={unit(needed)})
    assert result["written"] == sum(len(row.cells) for one in board.units for row in one.rows)
    assert all(cell.text for one in board.units for row in one.rows for cell in row.cells)
    assert [one for _row, one in board.conflicts() if one.level == "bad"] == []
    assert Roster.objects.get(team=needed.teams[0]).state == "draft"
    assert result["objective"] >= result["lower_bound"]


@pytest.mark.clause("SCH-002")
def test_what_was_written_by_hand_stays(needed):
    needed.write("1001", d3="L", d4="R", d5="R")
    work_out(needed)
    assert [needed.cell("1001", day) for day in (3, 4)] == ["L", "R"]


@pytest.mark.clause("SCH-027")
def test_a_training_stays_even_where_the_rest_is_made_anew(needed):
    needed.write("1001", d3="T", d4="N")
    work_out(needed, keep=False)
    assert needed.cell("1001", 3) == "T"


def test_leave_is_left_alone(needed, monkeypatch):
    start = timezone.make_aware(datetime.combine(needed.day(6), time(0)))
    gone = Absence(needed.staff["1001"].pk, start, start + timedelta(days=1), "年假")
    monkeypatch.setattr(selectors, "_absences", [lambda *_asked: [gone]])
    work_out(needed)
    assert needed.cell("1001", 6) == ""
    assert needed.cell("1001", 7) != ""


@pytest.mark.clause("SCH-011")
def test_the_reserve_shift_is_filled_where_there_are_people(needed):
    problem = problem_of(needed.month, [unit(needed)], keep=True).problem
    assert problem.reserve_least == 1
    assert [one.id for one in problem.patterns if one.reserve and not one.not_on] == ["F"]


def test_only_days_ahead_are_touched(needed):
    site = problem_of(needed.month, [unit(needed)], keep=False, first_free=needed.day(10))
    assert all({one.day for one in person.fixed} >= set(range(9)) for person in site.problem.people)


def test_shifts_that_cannot_stand_together_are_named(needed):
    needed.write("1001", d3="L", d4="D")
    with pytest.raises(solving.CannotSolve, match=r"人1001 1001.*L.*D"):
        work_out(needed)


def test_no_need_no_roster(centre):
    with pytest.raises(solving.CannotSolve):
        work_out(centre)


def test_a_published_roster_is_not_worked_out_anew(needed):
    needed.write("1001", d3="E")
    needed.publish()
    with pytest.raises(solving.CannotSolve):
        solving.ask(needed.month, [unit(needed)], keep=True, by="8002", user_id=None, today=timezone.localdate())


def test_one_working_out_of_a_month_at_a_time(needed):
    asked = {"keep": True, "by": "8002", "user_id": None, "today": timezone.localdate()}
    solving.ask(needed.month, [unit(needed)], **asked)
    with pytest.raises(solving.CannotSolve):
        solving.ask(needed.month, [unit(needed, 1)], **asked)


@pytest.mark.clause("SCH-002")
def test_the_planner_asks_and_reads_what_came_of_it(needed, browse):
    client = browse("8002")
    address = reverse("workforce:solve", args=[f"{needed.month:%Y-%m}"])
    assert client.get(address).status_code == 200
    wanted = f"{needed.project.pk}-{needed.teams[0].pk}"
    start = reverse("workforce:solve_start", args=[f"{needed.month:%Y-%m}"])
    assert client.post(start, {"unit": wanted, "keep": "1"}).status_code == 302
    assert "data-progress-cancel" in client.get(address).content.decode()
    other = browse("8001")
    watched = other.get(address).content.decode()
    assert "data-progress-cancel" not in watched
    assert reverse("workforce:solve_progress", args=[f"{needed.month:%Y-%m}"]) in watched
    told = other.get(reverse("workforce:solve_progress", args=[f"{needed.month:%Y-%m}"])).json()
    assert told["state"] == "waiting"
    client = browse("8002")
    run_all()
    page = client.get(address).content.decode()
    assert Job.objects.get().state == "done"
    assert str(Job.objects.get().result["written"]) in page


def test_stopping_keeps_the_best_so_far(needed):
    job = solving.ask(needed.month, [unit(needed)], keep=True, by="8002", user_id=None, today=timezone.localdate())
    from zuoxi.workforce.planning import tasks

    class Halted:
        def progress(self, *_said):
            raise tasks.Cancelled

    result = tasks.solve(Halted(), **job.arguments)
    assert result["written"] > 0
    assert ShiftAssignment.objects.filter(roster__team=needed.teams[0]).exists()


def test_an_impossible_working_out_ends_with_its_reason(centre):
    solving.ask(centre.month, [unit(centre)], keep=True, by="8002", user_id=None, today=timezone.localdate())
    run_all()
    assert Job.objects.get().state == "failed"
    assert "forecast" in Job.objects.get().error or "预测" in Job.objects.get().error


def test_others_rosters_are_not_worked_out(needed, browse):
    client = browse("3001")
    start = reverse("workforce:solve_start", args=[f"{needed.month:%Y-%m}"])
    client.post(start, {"unit": f"{needed.project.pk}-{needed.teams[1].pk}"})
    assert not Job.objects.exists()
    assert browse("1001").get(reverse("workforce:solve", args=[f"{needed.month:%Y-%m}"])).status_code == 403


@pytest.mark.clause("SCH-018")
def test_who_takes_over_is_proposed_written_and_told(needed, browse):
    needed.write("1001", d3="E", d4="R")
    needed.write("1002", d3="E")
    needed.write("1003", d3="R")
    needed.publish()
    client, staff = browse("8002"), needed.staff["1001"].pk
    address = reverse("workforce:replan")
    day = needed.day(3).isoformat()
    page = client.get(address, {"day": day, "staff": staff}).content.decode()
    book = replanning.book_around(needed.day(3))
    answer = replanning.proposals_for(staff, needed.day(3), book)
    assert 1 <= len(answer.proposals) <= 3
    assert answer.after < answer.without
    first = answer.proposals[0]
    assert first.name in page
    take = first.key
    client.post(reverse("workforce:replan_apply"), {"day": day, "staff": staff, "take": [take]})
    assert needed.cell(first.code, 3) == first.after
    assert RosterChange.objects.filter(cause="substitute", after_publication=True).count() == 1


def test_nobody_is_proposed_whose_shifts_the_asker_may_not_write(needed):
    needed.write("1001", d3="E", d4="R")
    needed.write("1002", d3="E")
    needed.write("1003", d3="R")
    needed.publish()
    book, missing = replanning.book_around(needed.day(3)), needed.staff["1001"].pk
    first = replanning.proposals_for(missing, needed.day(3), book).proposals[0].staff_id
    reach = frozenset(one.pk for one in needed.staff.values()) - {first}
    found = replanning.proposals_for(missing, needed.day(3), book, reach)
    assert first not in {one.staff_id for one in found.proposals}
    assert replanning.proposals_for(missing, needed.day(3), book, frozenset({missing})).proposals == []


def test_a_proposal_that_is_overtaken_is_not_written(needed, browse):
    client = browse("8002")
    day = needed.day(3).isoformat()
    asked = {"day": day, "staff": needed.staff["1001"].pk, "take": ["999:E"]}
    assert client.post(reverse("workforce:replan_apply"), asked).status_code == 302
    assert not ShiftAssignment.objects.exists()


@pytest.mark.parametrize("name", ["solve", "replan"])
def test_the_pages_ask_no_more_questions_for_more_people(needed, browse, django_assert_max_num_queries, name):
    client = browse("8002")
    args = [f"{needed.month:%Y-%m}"] if name == "solve" else []
    client.get(reverse(f"workforce:{name}", args=args))
    with django_assert_max_num_queries(20):
        assert client.get(reverse(f"workforce:{name}", args=args)).status_code == 200


@pytest.mark.clause("SCH-026")
def test_the_night_of_the_eve_covers_the_first_hours_of_the_month(needed):
    need = {str(day): [1] * 48 for day in range(1, 8)}
    StaffingPlan.objects.update(result={"need": need})
    before = problem_of(needed.month, [unit(needed)], keep=True).problem.demand[0].need[0]
    eve = needed.month - timedelta(days=1)
    services.edit_cells([services.CellEdit(needed.staff["1001"].pk, eve, "N")], by="8002", now=needed.now)
    after = problem_of(needed.month, [unit(needed)], keep=True).problem.demand[0].need[0]
    assert before[:9] == (1,) * 9
    assert after[:9] == (0, 0, 0, 0, 0, 0, 0, 0, 1)  # the night ends at 03:55: five minutes are for handing over
    assert after[9:] == before[9:]


@pytest.mark.clause("SCH-018")
def test_nobody_whose_roster_is_a_draft_is_asked_to_take_over(needed, monkeypatch):
    asked = []
    monkeypatch.setattr(replanning, "problem_of", lambda month, units, **_more: asked.append(units) or refuse())

    def refuse():
        raise replanning.NothingToPlan("need")

    needed.write("1001", d3="E")
    needed.write("1101", d3="E")
    Roster.objects.filter(team=needed.teams[0]).update(state="published", version=1)
    book = replanning.book_around(needed.day(3))
    assert replanning.proposals_for(needed.staff["1001"].pk, needed.day(3), book) is None
    assert asked == [{unit(needed)}]
    Roster.objects.update(state="published", version=1)
    replanning.proposals_for(needed.staff["1001"].pk, needed.day(3), book)
    assert asked[1] == {unit(needed), unit(needed, 1)}


def meanwhile(monkeypatch, happens):
    """Somebody does something while the roster is being worked out."""
    solve = engine.solve

    def slow(*given, **more):
        made = solve(*given, **more)
        happens()
        return made

    monkeypatch.setattr(engine, "solve", slow)


@pytest.mark.clause("SCH-002")
def test_a_cell_written_by_hand_while_the_roster_is_worked_out_stays_and_is_told(needed, monkeypatch):
    meanwhile(monkeypatch, lambda: needed.write("1001", d3="L"))
    result = work_out(needed)
    assert needed.cell("1001", 3) == "L"
    assert needed.cell("1001", 4)
    assert any("L" in one for one in result["refused"])


def test_a_roster_published_while_it_is_worked_out_is_not_written_over(needed, monkeypatch):
    needed.write("1001", d3="E")
    meanwhile(monkeypatch, needed.publish)
    with pytest.raises(solving.CannotSolve):
        work_out(needed)
    assert ShiftAssignment.objects.count() == 1
    assert not RosterChange.objects.filter(after_publication=True).exists()


def test_a_wish_that_came_while_the_roster_was_worked_out_was_not_weighed(needed, monkeypatch):
    first = RosterWish.objects.create(staff=needed.staff["1001"], day=needed.day(5), asked_at=needed.now)
    late = RosterWish(staff=needed.staff["1002"], day=needed.day(5), asked_at=needed.now)
    meanwhile(monkeypatch, late.save)
    assert work_out(needed)["wishes"] == 1
    first.refresh_from_db()
    late.refresh_from_db()
    assert first.weighed_at is not None
    assert late.weighed_at is None


def test_when_the_time_is_too_short_the_page_says_what_to_do(needed, browse, monkeypatch):
    def short(*_given, **_more):
        raise engine.NoAnswer

    monkeypatch.setattr(engine, "solve", short)
    client = browse("8002")
    month = f"{needed.month:%Y-%m}"
    wanted = f"{needed.project.pk}-{needed.teams[0].pk}"
    client.post(reverse("workforce:solve_start", args=[month]), {"unit": wanted, "keep": "1"})
    run_all()
    assert Job.objects.get().state == "failed"
    assert Job.objects.get().attempts == 1  # trying again with the same time is of no use
    page = client.get(reverse("workforce:solve", args=[month])).content.decode()
    assert "roster.solve.minutes" in page
    assert "该月还没有自动排过班" not in page  # it was tried, so that is not said


@pytest.mark.parametrize(("written", "told"), [(0, True), (1, False)])
def test_where_every_day_stood_the_page_says_so_and_what_to_do(needed, browse, written, told):
    Job.objects.create(
        task=solving.TASK, key=f"roster:{needed.month:%Y-%m}", state=Job.State.DONE, run_at=needed.now,
        created_at=needed.now, result={"written": written, "people": 1, "objective": 1.0, "lower_bound": 1.0},
    )  # fmt: skip
    page = browse("8002").get(reverse("workforce:solve", args=[f"{needed.month:%Y-%m}"])).content.decode()
    assert ("每一天都已排好" in page) is told


def test_why_no_roster_came_is_told_to_who_asked_without_the_programs_own_words(needed, browse):
    asker = needed.staff["8002"].user.pk
    Job.objects.create(
        task=solving.TASK, key=f"roster:{needed.month:%Y-%m}", state=Job.State.FAILED, run_at=needed.now,
        created_at=needed.now, asked_by=asker, error="Traceback (most recent call last):\n  line\nKeyError: 人1001",
    )  # fmt: skip
    address = reverse("workforce:solve", args=[f"{needed.month:%Y-%m}"])
    assert browse("8002").get(address).context["failed"] == "KeyError: 人1001"
    other = browse("3001")
    assert other.get(address).context["failed"] == ""
    assert (
        "人1001" not in other.get(reverse("workforce:solve_progress", args=[f"{needed.month:%Y-%m}"])).json()["message"]
    )


@pytest.fixture
def moved_rest(needed, monkeypatch):
    """1001 is missing on the third; 1002 could come on his day off and rest on the sixth instead."""
    needed.write("1001", d3="E")
    needed.write("1002", d3="R", d6="E")
    needed.publish()
    asked = []

    def found(_problem, _present, _absences, **more):
        asked.append(more["days_off"])
        change = replan.Change("1002", 2, "", "E", "pool-1", 90.0, rest=(5, "E"))
        return replan.Replanned([change], 10.0, 200.0, 110.0, None)

    monkeypatch.setattr(replan, "replan", found)
    needed.asked = asked
    return needed


@pytest.mark.clause("SCH-018")
def test_who_comes_on_his_day_off_rests_on_the_day_that_the_page_says(moved_rest, browse):
    client, day, missing = browse("8002"), moved_rest.day(3).isoformat(), moved_rest.staff["1001"].pk
    asked = {"day": day, "staff": missing}
    page = client.get(reverse("workforce:replan"), asked).content.decode()
    assert moved_rest.asked == [True]
    take = f"{moved_rest.staff['1002'].pk}:E:{moved_rest.day(6)}"
    assert take in page
    assert f"{moved_rest.day(6):%m-%d}" in page
    client.post(reverse("workforce:replan_apply"), asked | {"take": [take]})
    assert [moved_rest.cell("1002", number) for number in (3, 6)] == ["E", "R"]
    assert RosterChange.objects.filter(cause="substitute").values_list("batch").distinct().count() == 1


@pytest.mark.clause("SCH-018")
@pytest.mark.parametrize("overtaken", [3, 6])
def test_where_either_cell_was_changed_meanwhile_neither_is_written(moved_rest, overtaken):
    book, missing = replanning.book_around(moved_rest.day(3)), moved_rest.staff["1001"].pk
    chosen = replanning.proposals_for(missing, moved_rest.day(3), book).proposals
    moved_rest.write("1002", **{f"d{overtaken}": "L"})
    was = [moved_rest.cell("1002", number) for number in (3, 6)]
    result = replanning.apply(
        chosen, moved_rest.day(3), missing, by="8002", now=moved_rest.now,
        allowed=frozenset({moved_rest.staff["1002"].pk}),
    )  # fmt: skip
    assert (len(result.done), len(result.told)) == (0, 1)
    assert [moved_rest.cell("1002", number) for number in (3, 6)] == was


def test_nobody_waits_at_the_page_while_the_loops_are_compiled(needed, browse, monkeypatch):
    """After an installation a worker makes them ready; until then the page says so and looks again."""
    from zuoxi.workforce.planning import warming

    monkeypatch.setattr(warming, "_warm", False)
    asked = []
    monkeypatch.setattr(replanning, "proposals_for", lambda *words: asked.append(words))
    job = work.enqueue(warming.WARM, key=warming.WARM, by=None)
    Job.objects.update(state=Job.State.RUNNING)
    staff = needed.staff["1001"].pk
    where = {"day": needed.day(3).isoformat(), "staff": staff}
    page = browse("8002").get(reverse("workforce:replan"), where)
    assert reverse("jobs:progress", args=[job.pk]) in page.content.decode() and not asked
    Job.objects.update(state=Job.State.DONE)
    browse("8002").get(reverse("workforce:replan"), where)
    assert len(asked) == 1


def test_a_worker_that_ended_while_it_compiled_keeps_nobody_from_the_page(needed, monkeypatch):
    from zuoxi.workforce.planning import warming

    monkeypatch.setattr(warming, "_warm", False)
    work.enqueue(warming.WARM, key=warming.WARM, by=None)
    Job.objects.update(state=Job.State.RUNNING, lease_until=timezone.now() + timedelta(seconds=60))
    assert warming.being_warmed() is not None
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert warming.being_warmed() is None


def test_the_loops_are_made_ready_by_a_call_on_something_small(monkeypatch):
    from zuoxi.workforce.planning import warming

    monkeypatch.setattr(warming, "_warm", False)
    warming.warm()
    assert warming.warmed()
