# SPDX-License-Identifier: Apache-2.0
"""The running day: what it will reach, what could be moved, one click, and back again."""

from dataclasses import replace
from datetime import datetime, time, timedelta

import numpy as np
import pytest
from django.urls import reverse
from django.utils import timezone

from zuoxi.jobs.models import Job
from zuoxi.jobs.running import run_all
from zuoxi.people import services as people
from zuoxi.people.models import Position
from zuoxi.telephony.models import Queue, QueueMembership, QueueVisit, Switch
from zuoxi.vault.models import AuditEntry
from zuoxi.workforce import services
from zuoxi.workforce.demand_models import ForecastDay, ForecastRun
from zuoxi.workforce.models import OvertimeCall, OvertimeList, PlannedBreak, ShiftAssignment
from zuoxi.workforce.today import deciding, keeping, reading
from zuoxi.workforce.today.adhering import adhering_now
from zuoxi.workforce.today.limits import Reach
from zuoxi.workforce.today.proposing import BREAKS, OVERTIME, RELEASE, RESERVE, TRAINING, fingerprint, proposals_of
from zuoxi.workforce.today.reading import picture_of
from zuoxi.workforce.today.tasks import PLAY, play_key
from zuoxi.workforce.today_models import IntradayDecision, IntradayOutlook

pytestmark = pytest.mark.django_db
CODES = [f"4{number:03}" for number in range(1, 9)]


@pytest.fixture
def running(centre):
    """Today at ten: eight people on the early shift, a heavy load at eleven and nearly none after two."""
    today = timezone.localdate()
    centre.today = today
    centre.now = at(centre, 10)
    switch = Switch.objects.create(name="lab", kind=Switch.Kind.SIMULATOR)
    queue = Queue.objects.create(
        switch=switch, code="sales", name_zh="订购", name_en="Sales", project=centre.project, target_seconds=20,
        target_percent=80, wrap_seconds=20,
    )  # fmt: skip
    post = people.Placement(Position.objects.get(code="TSR"), centre.teams[0])
    for code in CODES:
        one = people.hire(code, f"席{code}", [post], today - timedelta(days=300), status="active")
        people.create_user_for(one, must_change=False)
        centre.staff[code] = one
    QueueMembership.objects.bulk_create([QueueMembership(queue=queue, staff=centre.staff[code]) for code in CODES])
    traffic(centre, {11: 60, 12: 30, 13: 30, 14: 4, 15: 4, 16: 30, 17: 50})
    return centre


def at(centre, hour, minute=0):
    return timezone.make_aware(datetime.combine(centre.today, time(hour, minute)))


def traffic(centre, by_hour):
    """The same calls in both half hours of each hour on the same weekday for four weeks; three minutes each."""
    rows, number = [], 0
    for week in range(1, 5):
        for hour, calls in by_hour.items():
            for half in (0, 30):
                for call in range(calls):
                    number += 1
                    entered = at(centre, hour, half) - timedelta(days=7 * week) + timedelta(seconds=call * 20)
                    rows.append(
                        QueueVisit(
                            call_id=number, seq=0, queue="sales", agent="4001", entered_at=entered, left_at=entered,
                            outcome="answered", wait_seconds=5, talk_seconds=160,
                        )
                    )  # fmt: skip
    QueueVisit.objects.bulk_create(rows)


def write(centre, **cells):
    """write(c4001="E"): shifts of today, published."""
    edits = [services.CellEdit(centre.staff[code[1:]].pk, centre.today, text) for code, text in cells.items()]
    assert not services.edit_cells(edits, by="8002", now=at(centre, 0)).told
    centre.publish()


def everybody(centre):
    ids = frozenset(one.pk for one in centre.staff.values())
    return Reach(ids, ids)


def proposed(centre, kind):
    found = [one for one in proposals_of(picture_of(centre.today, centre.now), everybody(centre)) if one.kind == kind]
    return found[0] if found else None


def shift(centre, code):
    return ShiftAssignment.objects.get(staff=centre.staff[code], day=centre.today)


def pause(centre, code, hour, minute=0):
    start = at(centre, hour, minute)
    return PlannedBreak.objects.create(
        shift=shift(centre, code), kind="break", starts_at=start, ends_at=start + timedelta(minutes=5)
    )


def early(centre, codes=CODES):
    write(centre, **{f"c{code}": "E" for code in codes})


@pytest.mark.clause("SCH-013")
def test_the_picture_counts_who_is_at_the_telephone_without_breaks(running):
    early(running)
    pause(running, "4001", 11)
    found = picture_of(running.today, running.now)
    hands = found.load.hands.sum(axis=0)
    assert hands[24] == 8
    assert hands[22] == pytest.approx(8 - 1 / 6)
    assert hands[40] == 0
    assert found.load.calls[0, 22] == pytest.approx(60)
    service = found.service_in_all()
    assert service[22] < 0.7 < service[29]


def test_a_day_without_a_queue_has_no_picture(centre):
    assert picture_of(timezone.localdate(), timezone.now()) is None


def test_what_came_so_far_counts_for_what_is_over(running):
    early(running)
    QueueVisit.objects.create(
        call_id=10**6, seq=0, queue="sales", agent="", entered_at=at(running, 9), left_at=at(running, 9, 1),
        outcome="abandoned", wait_seconds=60,
    )  # fmt: skip
    found = picture_of(running.today, running.now)
    assert found.passed == 20
    assert found.service()[0, 18] == 0
    assert found.so_far == 0
    assert found.load.rest[:, :20].sum() == 0


@pytest.mark.clause("SCH-012", "SCH-013")
def test_breaks_are_moved_out_of_the_rush_by_one_click_and_back_by_another(running):
    early(running)
    rows = [pause(running, code, 11, 10 * place) for place, code in enumerate(CODES[:3])]
    proposal = proposed(running, BREAKS)
    assert len(proposal.items) == 3
    assert proposal.effect.in_time > 0
    assert proposal.effect.after > proposal.effect.before
    said = proposal.as_json()
    made = deciding.apply(said, by=running.staff["3001"], now=running.now, reach=everybody(running))
    moved = [PlannedBreak.objects.get(pk=row.pk) for row in rows]
    assert all(not at(running, 11) <= one.starts_at < at(running, 11, 30) for one in moved)
    assert all(one.moved_by == "3001" for one in moved)
    assert AuditEntry.objects.filter(verb="workforce.intraday.applied", who="3001").exists()
    deciding.take_back(made, by=running.staff["8001"], now=running.now, reach=everybody(running))
    assert [PlannedBreak.objects.get(pk=row.pk).starts_at for row in rows] == [row.starts_at for row in rows]
    with pytest.raises(deciding.Overtaken, match="人8001"):
        deciding.take_back(made, by=running.staff["3001"], now=running.now, reach=everybody(running))


@pytest.mark.clause("SCH-012")
def test_a_moved_break_never_falls_into_the_lock_and_never_beside_another(running):
    early(running)
    running.now = at(running, 8, 5)
    first, second = pause(running, "4001", 8, 40), pause(running, "4001", 9, 20)
    for one in proposals_of(picture_of(running.today, running.now), everybody(running)):
        for pk, _staff, _was, to in one.items if one.kind == BREAKS else ():
            start, other = datetime.fromisoformat(to), second if pk == first.pk else first
            assert start >= at(running, 8, 30)
            assert abs(start - other.starts_at) >= timedelta(minutes=10)


@pytest.mark.clause("SCH-013")
def test_the_second_of_two_supervisors_is_told_who_was_quicker(running):
    early(running)
    pause(running, "4001", 11)
    said = proposed(running, BREAKS).as_json()
    deciding.apply(said, by=running.staff["3001"], now=running.now, reach=everybody(running))
    with pytest.raises(deciding.Overtaken, match="人3001"):
        deciding.apply(said, by=running.staff["8001"], now=running.now, reach=everybody(running))
    assert IntradayDecision.objects.count() == 1


def test_a_break_moved_by_hand_meanwhile_leaves_everything_as_it_is(running):
    early(running)
    rows = [pause(running, code, 11) for code in CODES[:2]]
    said = proposed(running, BREAKS).as_json()
    PlannedBreak.objects.filter(pk=rows[1].pk).update(starts_at=at(running, 11, 20), ends_at=at(running, 11, 25))
    with pytest.raises(deciding.Overtaken):
        deciding.apply(said, by=running.staff["3001"], now=running.now, reach=everybody(running))
    assert PlannedBreak.objects.get(pk=rows[0].pk).starts_at == at(running, 11)
    assert not IntradayDecision.objects.exists()


@pytest.mark.clause("SCH-011")
def test_a_reserve_is_called_to_the_rush_and_keeps_its_length(running):
    early(running, CODES[:6])
    write(running, c4008="F")
    proposal = proposed(running, RESERVE)
    assert proposal.staff == (running.staff["4008"].pk,)
    assert proposal.since == at(running, 10, 30) or proposal.since == at(running, 11)
    made = deciding.apply(proposal.as_json(), by=running.staff["8001"], now=running.now, reach=everybody(running))
    found = shift(running, "4008")
    assert found.starts_at == proposal.since
    assert found.ends_at - found.starts_at == timedelta(hours=8, minutes=30)
    deciding.take_back(made, by=running.staff["8001"], now=running.now, reach=everybody(running))
    assert shift(running, "4008").template == "F"


def test_breaks_that_a_decision_dropped_come_back_when_it_is_taken_back(running):
    early(running, CODES[:6])
    write(running, c4008="F")
    for hour in (14, 20):
        pause(running, "4008", hour)
    stood = list(PlannedBreak.objects.order_by("starts_at").values_list("kind", "starts_at", "ends_at"))
    proposal = proposed(running, RESERVE)
    made = deciding.apply(proposal.as_json(), by=running.staff["8001"], now=running.now, reach=everybody(running))
    assert [one.starts_at for one in PlannedBreak.objects.all()] == [at(running, 14)]
    deciding.take_back(made, by=running.staff["8001"], now=running.now, reach=everybody(running))
    assert list(PlannedBreak.objects.order_by("starts_at").values_list("kind", "starts_at", "ends_at")) == stood


def test_a_reserve_whose_rest_would_be_too_short_is_not_called(running):
    early(running, CODES[:6])
    edits = [services.CellEdit(running.staff["4008"].pk, running.today - timedelta(days=1), "L")]
    services.edit_cells(edits, by="8002", now=at(running, 0))
    write(running, c4008="F")
    running.now = at(running, 5)
    proposal = proposed(running, RESERVE)
    assert proposal is None or proposal.since >= at(running, 7, 30)


@pytest.mark.clause("SCH-013")
def test_a_training_under_way_ends_early_for_the_telephone_and_is_put_back(running):
    early(running, CODES[:5])
    write(running, c4007="T")
    proposal = proposed(running, TRAINING)
    (edit,) = proposal.items
    assert edit[1:] == ("T", "T<10:30+10:30-12:00,13:00-17:30")
    made = deciding.apply(proposal.as_json(), by=running.staff["8001"], now=running.now, reach=everybody(running))
    kinds = ShiftAssignment.objects.filter(staff=running.staff["4007"], day=running.today).order_by("place")
    assert [one.kind for one in kinds] == ["training", "work"]
    assert [one.clock for one in kinds] == ["09:00-10:30", "10:30-12:00,13:00-17:30"]
    deciding.take_back(made, by=running.staff["8001"], now=running.now, reach=everybody(running))
    assert shift(running, "4007").template == "T"


@pytest.mark.clause("SCH-009")
def test_overtime_is_asked_by_a_list_that_the_manager_still_agrees_to(running):
    early(running)
    proposal = proposed(running, OVERTIME)
    assert proposal.since == at(running, 16, 30)
    made = deciding.apply(proposal.as_json(), by=running.staff["3001"], now=running.now, reach=everybody(running))
    listed = OvertimeList.objects.get(pk=made.done["overtime"])
    assert listed.state == "draft"
    assert listed.clock == "16:30-18:30"
    assert OvertimeCall.objects.filter(list=listed).count() == len(proposal.staff)
    deciding.take_back(made, by=running.staff["3001"], now=running.now, reach=everybody(running))
    listed.refresh_from_db()
    assert listed.state == "cancelled"


def test_overtime_beyond_the_hours_of_a_day_is_not_proposed(running):
    write(running, **{f"c{code}": "08:00-18:30" for code in CODES})
    assert proposed(running, OVERTIME) is None


@pytest.mark.clause("SCH-013")
def test_people_are_let_go_only_where_the_service_remains(running):
    QueueVisit.objects.all().delete()
    traffic(running, {11: 10, 14: 2, 15: 2, 16: 2})
    early(running)
    proposal = proposed(running, RELEASE)
    assert proposal.effect.cost < 0
    assert proposal.effect.lowest >= 0.92
    pause(running, CODES[-1], 11)
    pause(running, CODES[-1], 15, 30)
    made = deciding.apply(proposal.as_json(), by=running.staff["8001"], now=running.now, reach=everybody(running))
    found = shift(running, CODES[-1])
    assert found.ends_at == at(running, 13, 30)
    assert found.breaks.count() == 1
    deciding.take_back(made, by=running.staff["8001"], now=running.now, reach=everybody(running))
    assert shift(running, CODES[-1]).ends_at == at(running, 16, 30)


def test_nobody_touches_people_beyond_his_reach(running):
    early(running)
    pause(running, "4001", 11)
    picture = picture_of(running.today, running.now)
    assert proposals_of(picture, Reach(frozenset(), frozenset())) == []
    said = proposed(running, BREAKS).as_json()
    with pytest.raises(deciding.Overtaken):
        deciding.apply(said, by=running.staff["3001"], now=running.now, reach=Reach(frozenset(), frozenset()))
    assert not IntradayDecision.objects.exists()


def test_a_page_cannot_invent_a_proposal_or_keep_one_for_ever(running, monkeypatch):
    early(running)
    pause(running, "4001", 11)
    seal = deciding.sealed(proposed(running, BREAKS))
    assert deciding.opened(seal, running.today)["kind"] == BREAKS
    with pytest.raises(deciding.Overtaken):
        deciding.opened(seal + "x", running.today)
    with pytest.raises(deciding.Overtaken):
        deciding.opened(seal, running.today + timedelta(days=1))
    import time as clock

    later = clock.time() + 16 * 60
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)
    with pytest.raises(deciding.Overtaken, match="15"):
        deciding.opened(seal, running.today)


def test_the_same_change_has_the_same_fingerprint_whatever_it_brings(running):
    early(running)
    pause(running, "4001", 11)
    one = proposed(running, BREAKS)
    other = replace(one, effect=replace(one.effect, in_time=99.0))
    assert fingerprint(one.as_json()) == fingerprint(other.as_json())


@pytest.mark.clause("SCH-013")
def test_the_outlook_is_kept_every_five_minutes(running):
    early(running)
    made = keeping.keep_outlook(running.now)
    assert IntradayOutlook.objects.get().pk == made.pk
    assert made.service[22] is not None
    assert made.service[0] is None
    assert 0 < made.whole_day < 1
    keeping.keep_outlook(running.now)
    assert IntradayOutlook.objects.count() == 1


def test_the_day_asks_no_more_questions_for_more_people(running, django_assert_max_num_queries):
    early(running)
    for code in CODES:
        pause(running, code, 11)
    with django_assert_max_num_queries(12):
        picture = picture_of(running.today, running.now)
    with django_assert_max_num_queries(4):
        proposals_of(picture, everybody(running))
    assert np.isfinite(picture.load.hands).all()


def test_once_the_day_is_over_nothing_is_proposed(running):
    early(running)
    running.now = at(running, 0) + timedelta(days=1)
    assert proposals_of(picture_of(running.today, running.now), everybody(running)) == []


PAGES = {"staffing": 12, "intraday": 19, "intraday_part": 19, "intraday_now": 12, "intraday_log": 12}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_every_page_stands_within_its_budget(running, client, django_assert_max_num_queries, name, language):
    early(running)
    for code in CODES:
        pause(running, code, 11)
    client.force_login(running.staff["8001"].user, "django.contrib.auth.backends.ModelBackend")
    address = reverse(f"workforce:{name}")
    client.get(address, headers={"accept-language": language})
    with django_assert_max_num_queries(PAGES[name]):
        assert client.get(address, headers={"accept-language": language}).status_code == 200


def test_the_charts_tell_the_day_by_half_hour(running, browse):
    early(running)
    client = browse("8001")
    for what in ("service", "calls", "people"):
        found = client.get(reverse("workforce:intraday_chart", args=[what])).json()
        assert {len(one["data"]) for one in found["series"]} == {48}
    assert client.get(reverse("workforce:intraday_chart", args=["nothing"])).status_code == 404


def test_one_click_on_the_page_applies_what_it_showed_and_the_second_is_told(running, browse, monkeypatch):
    early(running)
    pause(running, "4001", 11)
    monkeypatch.setattr("django.utils.timezone.now", lambda: running.now)
    client = browse("8001")
    seal = deciding.sealed(proposed(running, BREAKS))
    assert client.post(reverse("workforce:intraday_apply"), {"proposal": seal}).status_code == 302
    decision = IntradayDecision.objects.get()
    assert [one.code for one in decision.staff.all()] == ["4001"]
    page = client.post(reverse("workforce:intraday_apply"), {"proposal": seal}, follow=True).content.decode()
    assert "人8001" in page
    assert IntradayDecision.objects.count() == 1
    client.post(reverse("workforce:intraday_undo", args=[decision.pk]))
    decision.refresh_from_db()
    assert decision.state == "undone"
    log = client.get(reverse("workforce:intraday_log")).content.decode()
    assert "席4001" in log


def test_a_leader_moves_breaks_of_his_team_and_writes_nobodys_shift(running, browse, monkeypatch):
    early(running)
    pause(running, "4001", 11)
    monkeypatch.setattr("django.utils.timezone.now", lambda: running.now)
    page = browse("2001").get(reverse("workforce:intraday")).content.decode()
    assert "席4001" in page
    seal = deciding.sealed(proposed(running, OVERTIME))
    browse("2001").post(reverse("workforce:intraday_apply"), {"proposal": seal})
    assert OvertimeList.objects.exists()
    kinds = {one.kind for one in IntradayDecision.objects.all()}
    assert kinds == {"overtime"}


def test_a_decision_about_others_people_is_not_there_to_undo(running, browse, monkeypatch):
    early(running)
    pause(running, "4001", 11)
    monkeypatch.setattr("django.utils.timezone.now", lambda: running.now)
    said = proposed(running, BREAKS).as_json()
    made = deciding.apply(said, by=running.staff["8001"], now=running.now, reach=everybody(running))
    made.staff.set([running.staff["1101"]])
    address = reverse("workforce:intraday_undo", args=[made.pk])
    assert browse("3001").post(address).status_code == 404


def test_files_go_to_whom_the_handbook_names_and_to_nobody_else(running, browse):
    early(running)
    for name in ("staffing_file", "intraday_file"):
        for form in ("csv", "xlsx"):
            found = browse("8001").get(reverse(f"workforce:{name}", args=[form]))
            assert found.status_code == 200
            assert b"".join(found) if found.streaming else found.content
        assert browse("3001").get(reverse(f"workforce:{name}", args=["csv"])).status_code == 403


def test_the_staffing_page_says_why_a_half_hour_needs_so_many(running, browse):
    early(running)
    page = browse("8001").get(reverse("workforce:staffing") + "?half=22&queue=sales").content.decode()
    assert "60" in page
    assert "SCH-001" in page
    for odd in ("?half=99", "?half=x", "?day=never", "?queue=none", "?by=week", "?by=day"):
        assert browse("8001").get(reverse("workforce:staffing") + odd).status_code == 200


def on_air(centre, code, state, since):
    from zuoxi.telephony.models import StateInterval

    StateInterval.objects.create(agent=code, state=state, from_at=since)


@pytest.mark.clause("FLR-006", "SCH-012")
def test_who_is_away_within_the_tolerance_is_no_deviation_and_a_minute_later_he_is(running):
    early(running, ["4001", "4002", "4003"])
    pause(running, "4002", 9, 50)
    pause(running, "4003", 9, 58)
    on_air(running, "4001", "ready", at(running, 8))
    on_air(running, "4002", "break", at(running, 9, 50))
    ids = {one.pk for one in running.staff.values()}
    found = adhering_now(at(running, 10), ids)
    assert (found.due, found.there, found.resting) == (2, 1, 1)
    assert not found.deviations
    (late,) = adhering_now(at(running, 10, 1), ids).deviations
    assert (late.kind, late.minutes, late.shift.staff_code) == ("over", 6, "4002")


def test_who_never_signed_in_is_missing_since_his_start(running):
    early(running, ["4001"])
    (late,) = adhering_now(at(running, 8, 20), {running.staff["4001"].pk}).deviations
    assert (late.kind, late.minutes) == ("missing", 20)


@pytest.mark.clause("SCH-013")
def test_proposals_are_played_with_the_same_callers_and_ranked_by_what_the_play_says(running):
    from zuoxi.workforce.today.playing import played_through, scenario_of

    early(running, CODES[:5])
    write(running, c4006="T", c4007="T", c4008="T")
    picture = picture_of(running.today, running.now)
    proposals = proposals_of(picture, everybody(running))
    trainings = [one for one in proposals if one.kind == TRAINING]
    plan, more = scenario_of(picture, ()), scenario_of(picture, trainings[0].changes)
    assert sum(plan.groups[0].agents_per_interval) < sum(more.groups[0].agents_per_interval)
    assert plan.queues == more.queues
    found = played_through(picture, trainings)
    worths = [one.worth for _proposal, one in found]
    assert worths == sorted(worths, reverse=True)
    assert all(one.after > one.before and one.in_time > 0 and one.sure for _proposal, one in found)


@pytest.mark.clause("SCH-013")
def test_the_play_goes_on_in_the_background_and_its_proposals_can_be_applied(running, browse, monkeypatch):
    early(running, CODES[:5])
    write(running, c4006="T", c4007="T", c4008="T")
    picture = picture_of(running.today, running.now)
    monkeypatch.setattr(reading, "picture_of", lambda _day, _now: picture)
    client, address = browse("8001"), reverse("workforce:intraday")
    before = client.get(address, {"play": "1"})
    assert (before.context["played"], Job.objects.count()) == (False, 0)  # looking plays nothing
    for _twice in range(2):
        assert client.post(reverse("workforce:intraday_play")).status_code == 302
    job = Job.objects.get()
    assert reverse("jobs:progress", args=[job.pk]) in client.get(address, {"play": "1"}).content.decode()
    assert browse("8002").get(address, {"play": "1"}).context["playing"] is None
    run_all()
    client = browse("8001")
    page = client.get(address, {"play": "1"})
    shown = page.context["proposals"]
    assert page.context["played"]
    assert [one["seal"] for one in shown] == [one["seal"] for one in Job.objects.get().result["played"]]
    assert all(one["effect"]["after"] is not None and one["said"] for one in shown)
    assert {said["kind"] for said in (services.opened(one["seal"], running.today) for one in shown)} >= {TRAINING}
    assert not client.get(address).context["played"]
    assert browse("8002").get(address, {"play": "1"}).context["played"] is False  # everybody his own reach


def test_a_play_too_old_to_be_applied_is_not_shown(running, browse):
    made = timezone.now() - timedelta(hours=3)
    boss = running.staff["8001"].user
    Job.objects.create(
        task=PLAY, key=play_key(boss.pk, running.today), state=Job.State.DONE, run_at=made, created_at=made,
        asked_by=boss.pk, result={"made_at": made.isoformat(), "played": []},
    )  # fmt: skip
    assert browse("8001").get(reverse("workforce:intraday"), {"play": "1"}).context["played"] is False


@pytest.mark.clause("SCH-001")
def test_the_board_brings_the_forecast_up_to_date_by_what_came(running):
    run = ForecastRun.objects.create(
        queue="sales", made_at=running.now, first=running.today, last=running.today, history_from=running.today,
        history_days=30, model="level", said={"course": {}},
    )  # fmt: skip
    flat = [10.0] * 48
    ForecastDay.objects.create(
        run=run, day=running.today, mean=flat, low=[8.0] * 48, high=[12.0] * 48, handling=[180.0] * 48
    )
    picture = picture_of(running.today, running.now)
    assert picture.forecast
    assert picture.expected.sum() == 480
    assert picture.load.calls[0, :20].sum() == 0  # nobody has called until ten
    assert 0 < picture.load.calls[0, 21:].sum() <= 270
