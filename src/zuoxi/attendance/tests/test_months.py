# SPDX-License-Identifier: Apache-2.0
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zuoxi.attendance import recomputing, services
from zuoxi.attendance.excusing import Cause
from zuoxi.attendance.grounds import findings_of
from zuoxi.attendance.models import DayRecord, Ground, MonthRecord
from zuoxi.attendance.recomputing import recompute
from zuoxi.attendance.tests.world import AFTER, MONTH, at
from zuoxi.leave.models import Leave, LeaveDay, LeaveState

BEFORE_DEADLINE = at(31, "23:00")


def day_of(world, code, day=12):
    recompute(MONTH, AFTER)
    row = DayRecord.objects.get(staff=world.staff[code], day=MONTH.replace(day=day))
    return row


def month_of(world, code, month=MONTH):
    return MonthRecord.objects.get(staff=world.staff[code], month=month)


def take_leave(world, code, day, starts, ends, share, kind="sick"):
    leave = Leave.objects.create(
        staff=world.staff[code],
        kind=kind,
        first_on=MONTH.replace(day=day),
        last_on=MONTH.replace(day=day),
        starts_at=starts,
        ends_at=ends,
        days=share,
        state=LeaveState.APPROVED,
        reason="发烧",
        asked_at=starts,
    )
    LeaveDay.objects.create(
        leave=leave, staff=leave.staff, day=leave.first_on, starts_at=starts, ends_at=ends, share=share
    )


@pytest.mark.clause("ATT-002")
@pytest.mark.parametrize(
    ("came", "status", "absence"),
    [
        ("08:45:00", "normal", 0),
        ("08:45:01", "late", 0),
        ("09:00:00", "late", 0),
        ("09:00:01", "half_absent", Decimal("0.5")),
        ("09:15:00", "half_absent", Decimal("0.5")),
        ("09:15:01", "absent", 1),
    ],
)
def test_a_sign_in_is_judged_against_the_rostered_start(world, came, status, absence):
    world.attend("tsr1", 12, came)
    row = day_of(world, "tsr1")
    assert (row.status, row.absence_days) == (status, absence)


@pytest.mark.clause("ATT-003")
@pytest.mark.parametrize(
    ("went", "status"),
    [("17:25:01", "normal"), ("17:25:00", "early"), ("17:15:00", "half_absent"), ("17:00", "absent")],
)
def test_a_sign_out_is_judged_against_the_rostered_end(world, went, status):
    world.attend("tsr1", 12, "08:40", went)
    assert day_of(world, "tsr1").status == status


@pytest.mark.clause("ATT-005", "ATT-024")
def test_no_record_and_no_leave_is_unknown_until_the_day_for_notes_has_passed(world):
    world.shift("tsr1", 12)
    recompute(MONTH, BEFORE_DEADLINE)
    assert DayRecord.objects.get().status == "unknown"
    assert month_of(world, "tsr1").absence_days == 0
    recompute(MONTH, AFTER)
    row = DayRecord.objects.get()
    assert (row.status, row.absence_days, row.worked_minutes) == ("absent", 1, 0)
    finding = findings_of([row.findings])[0]["presence"]
    assert {"ATT-005", "ATT-024"} <= set(finding.clauses)


@pytest.mark.clause("ATT-016")
def test_an_excuse_found_false_turns_the_day_into_absence_at_once(world):
    world.shift("tsr1", 12)
    cause = Cause("duty", at(12, "08:00"), at(12, "18:00"), "去供应商处", "外出单", None, staff=world.staff["tsr1"])
    excuse = services.accept_excuse(cause, proposed_by="tsrl", decided_by="tsrs", now=at(12, "19:00"))
    assert DayRecord.objects.get().status == "excused"
    assert services.find_untrue(excuse, note="并未外出", by="om", now=at(13, "10:00"))
    row = DayRecord.objects.get()
    assert (row.status, row.absence_days) == ("absent", 1)
    assert "ATT-016" in findings_of([row.findings])[0]["presence"].clauses
    assert not services.find_untrue(excuse, note="再次", by="om", now=at(13, "11:00"))


@pytest.mark.clause("ATT-002", "ATT-030")
def test_a_centre_wide_event_excuses_all_who_came_before_it_ended(world):
    world.attend("tsr1", 12, "09:40")
    world.attend("tsr2", 12, "10:20")
    cause = Cause("weather", at(12, "07:00"), at(12, "10:00"), "暴雪红色预警", "预警截图", at(12, "08:00"))
    services.accept_excuse(cause, proposed_by="tsrl", decided_by="tsrs", now=at(12, "18:00"))
    assert day_of(world, "tsr1").status == "excused"
    assert day_of(world, "tsr2").status == "half_absent"  # twenty minutes after the event was over


@pytest.mark.clause("ATT-030", "ATT-037")
def test_a_late_shuttle_needs_its_record_and_word_in_time(world):
    cause = Cause("shuttle", at(12, "08:45"), at(12, "09:10"), "2 号线晚点", "", at(12, "08:50"), world.staff["tsr1"])
    with pytest.raises(services.NotExcused) as refused:
        services.accept_excuse(cause, proposed_by="tsrl", decided_by="tsrs", now=at(12, "18:00"))
    assert refused.value.finding.outcome == "refused"
    told_late = Cause(
        "shuttle", at(12, "08:45"), at(12, "09:10"), "2 号线晚点", "到达 09:08", at(12, "09:01"), world.staff["tsr1"]
    )
    with pytest.raises(services.NotExcused):
        services.accept_excuse(told_late, proposed_by="tsrl", decided_by="tsrs", now=at(12, "18:00"))


@pytest.mark.clause("ATT-002")
def test_whoever_puts_a_cause_forward_does_not_decide_it(world):
    from django.db import IntegrityError

    cause = Cause("weather", at(12, "07:00"), at(12, "10:00"), "暴雪", "预警", at(12, "08:00"))
    with pytest.raises(IntegrityError):
        services.accept_excuse(cause, proposed_by="tsrs", decided_by="tsrs", now=at(12, "18:00"))


def test_a_half_day_of_leave_moves_the_hour_one_is_due(world):
    world.attend("tsr1", 12, "13:25")
    take_leave(world, "tsr1", 12, at(12, "08:45"), at(12, "12:00"), Decimal("0.5"))
    row = day_of(world, "tsr1")
    assert (row.status, row.leave_days, row.leave_minutes) == ("normal", Decimal("0.5"), 195)


def test_leave_for_the_whole_day_is_leave_and_not_absence(world):
    world.shift("tsr1", 12)
    take_leave(world, "tsr1", 12, at(12, "00:00"), at(12, "24:00"), 1)
    row = day_of(world, "tsr1")
    assert (row.status, row.leave_kind, row.absence_days) == ("leave", "sick", 0)
    assert month_of(world, "tsr1").leave == {"sick": "1.00"}


@pytest.mark.clause("ATT-005")
def test_a_run_goes_over_rest_days_and_over_the_end_of_the_month(world):
    september = date(2026, 9, 1)
    for day in (date(2026, 9, 29), date(2026, 9, 30)):
        world.shift("tsr1", day)
    world.shift("tsr1", 5)
    recompute(september, AFTER)
    recompute(MONTH, AFTER)
    assert month_of(world, "tsr1", september).open_run == 2
    assert month_of(world, "tsr1").longest_run == 3
    assert month_of(world, "tsr1").finding["details"]["employment"] == "deemed_resigned"
    assert month_of(world, "tsr1").finding["details"]["legal_risk"] is True


@pytest.mark.clause("ATT-005")
def test_a_day_at_work_ends_a_run(world):
    for day in (5, 6):
        world.shift("tsr1", day)
    world.attend("tsr1", 7)
    world.shift("tsr1", 8)
    recompute(MONTH, AFTER)
    assert month_of(world, "tsr1").longest_run == 2


@pytest.mark.clause("ATT-004")
def test_the_third_lateness_or_early_leaving_withholds_the_bonus(world):
    world.attend("tsr1", 5, "08:50")
    world.attend("tsr1", 6, "08:40", "17:20")
    recompute(MONTH, AFTER)
    assert month_of(world, "tsr1").finding["details"]["bonus"] == "paid"
    world.attend("tsr1", 7, "08:46")
    recompute(MONTH, AFTER)
    month = month_of(world, "tsr1")
    assert (month.late, month.early, month.finding["details"]["bonus"]) == (2, 1, "withheld")


def test_a_shift_across_midnight_belongs_to_the_day_it_began(world):
    world.shift("tsr1", 12, "22:00-06:00")
    world.punch("tsr1", at(12, "21:55"))
    world.punch("tsr1", at(12, "30:02"), "out")
    row = day_of(world, "tsr1")
    assert (row.status, row.worked_minutes) == ("normal", 480)


def test_a_missing_sign_out_is_unknown_and_a_sign_out_before_the_sign_in_an_error(world):
    world.attend("tsr1", 12, "08:40", None)
    assert day_of(world, "tsr1").status == "unknown"
    world.shift("tsr2", 12)
    world.punch("tsr2", at(12, "08:40"), "out")
    world.punch("tsr2", at(12, "09:00"))
    row = day_of(world, "tsr2")
    assert (row.status, row.findings["doubts"]) == ("error", ["out_before_in", "no_sign_out"])


def test_a_split_shift_is_two_shifts_and_one_day(world):
    world.attend("tsr1", 12, "08:40", "12:01", clock="08:45-12:00")
    world.attend("tsr1", 12, "17:40", "21:00", clock="17:30-21:00", place=1)
    recompute(MONTH, AFTER)
    assert [(row.part, row.status) for row in DayRecord.objects.order_by("part")] == [(0, "normal"), (1, "late")]
    assert month_of(world, "tsr1").due_days == 1


def test_work_that_nobody_rostered_is_shown_and_not_judged(world):
    world.punch("tsr1", at(11, "09:00"))
    world.punch("tsr1", at(11, "12:00"), "out")
    row = day_of(world, "tsr1", 11)
    assert (row.status, row.worked_minutes, row.findings.get("arrival")) == ("unrostered", 180, None)
    assert month_of(world, "tsr1").unrostered_days == 1


def test_whoever_is_in_reserve_and_not_called_is_not_absent(world):
    world.shift("tsr1", 12, kind="flex")
    recompute(MONTH, AFTER)
    assert not DayRecord.objects.exists()


@pytest.mark.clause("SCH-011")
@pytest.mark.parametrize(("came", "went", "minutes"), [("08:59", "17:01", 480), ("13:00", "17:01", 240)])
def test_whoever_is_called_from_reserve_has_worked_what_he_was_there_and_owes_no_more(world, came, went, minutes):
    world.attend("tsr1", 12, came, went, kind="flex", clock="09:00-17:00")
    row = day_of(world, "tsr1")
    assert (row.status, row.due_minutes, row.worked_minutes, row.leave_minutes) == ("normal", minutes, minutes, 0)
    assert findings_of([row.findings])[0]["presence"].outcome == "present"
    assert (month_of(world, "tsr1").due_minutes, month_of(world, "tsr1").worked_minutes) == (minutes, minutes)


@pytest.mark.clause("ATT-001")
def test_a_manager_who_comes_less_than_thirty_minutes_early_is_prompted_and_not_late(world):
    world.attend("tsrs", 12, "08:16")
    row = day_of(world, "tsrs")
    assert row.status == "normal"
    assert findings_of([row.findings])[0]["early_arrival"].outcome == "prompt"
    world.attend("tsrs", 13, "08:15")
    assert findings_of([day_of(world, "tsrs", 13).findings])[0]["early_arrival"].outcome == "in_time"


def test_a_meal_within_the_shift_is_no_time_due(world):
    world.attend("tsr1", 12, "08:40", "17:31", clock="08:45-17:30", meal=60)
    row = day_of(world, "tsr1")
    assert (row.due_minutes, row.worked_minutes) == (465, 465)


def test_findings_are_kept_with_their_grounds_once_for_all(world):
    for day in (12, 13, 14):
        world.attend("tsr1", day)
        world.attend("tsr2", day)
    recompute(MONTH, AFTER)
    rows = list(DayRecord.objects.all())
    assert all(set(found) >= {"arrival", "departure"} for found in findings_of([row.findings for row in rows]))
    assert Ground.objects.count() <= 3
    found = findings_of([rows[0].findings])[0]["arrival"]
    assert (found.rule, found.clauses[0], bool(found.figures)) == ("attendance.arrival", "ATT-002", True)


def _random_month(world, chance):
    for code in ("tsr1", "tsr2", "tsrl"):
        for day in range(1, 15):
            if chance.random() < 0.2:
                continue
            came = f"08:{chance.randint(30, 59)}:{chance.randint(0, 59)}" if chance.random() < 0.9 else None
            went = f"17:{chance.randint(10, 50)}" if chance.random() < 0.9 else None
            world.attend(code, day, came, went)


@pytest.mark.clause("ATT-023")
@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.randoms(use_true_random=False))
def test_a_month_for_many_equals_the_month_of_each_alone(db, chance):
    from django.db import transaction

    from zuoxi.attendance.tests.world import World

    with transaction.atomic():
        world = World()
        _random_month(world, chance)
        recompute(MONTH, AFTER)
        together = _snapshot()
        for staff in world.staff.values():
            recompute(MONTH, AFTER, [staff.pk])
        assert _snapshot() == together
        transaction.set_rollback(True)


def _snapshot():
    days = DayRecord.objects.order_by("staff_id", "day", "part")
    months = MonthRecord.objects.order_by("staff_id")
    return (
        [{k: v for k, v in row.items() if k != "id"} for row in days.values()],
        [{k: v for k, v in row.items() if k != "id"} for row in months.values()],
    )


def test_computing_again_changes_nothing_and_costs_no_more_for_more_people(world, django_assert_max_num_queries):
    for day in range(1, 20):
        for code in ("tsr1", "tsr2", "tsrl"):
            world.attend(code, day)
    recompute(MONTH, AFTER)
    before = _snapshot()
    with django_assert_max_num_queries(30):
        recompute(MONTH, AFTER)
    assert _snapshot() == before


def test_a_changed_figure_changes_the_fingerprint(world):
    from decimal import Decimal as D

    from zuoxi.policy.handbook import Change
    from zuoxi.policy.selectors import site_handbook

    handbook = site_handbook()
    other = handbook.changed(Change("attendance.late.half_day_absence_after_minutes", MONTH, D(10)))
    assert recomputing.fingerprint(handbook) != recomputing.fingerprint(other)
    assert recomputing.fingerprint(handbook) == recomputing.fingerprint(site_handbook())


def test_a_day_that_is_not_over_is_open_and_counts_nothing_yet(world):
    world.attend("tsr1", 12, "09:00", None)
    recompute(MONTH, at(12, "15:00"))
    row = DayRecord.objects.get()
    assert (row.status, row.late) == ("open", True)
    assert month_of(world, "tsr1").due_days == 0


def test_a_correction_keeps_the_original_and_is_judged_at_once(world):
    world.attend("tsr1", 12, "09:20")
    assert day_of(world, "tsr1").status == "absent"
    original = world.staff["tsr1"].punches.order_by("at").first()
    made = services.correct(
        world.staff["tsr1"],
        date(2026, 10, 12),
        original=original,
        at=at(12, "08:43"),
        direction="in",
        reason="话机当时未注册，监控可证",
        by="fd",
        now=at(13, "10:00"),
    )
    assert DayRecord.objects.get().status == "normal"
    assert (made.original, made.punch.source) == (original, "correction")
    with pytest.raises(services.Superseded):
        services.correct(world.staff["tsr1"], date(2026, 10, 12), original=original, reason="再改", by="da", now=AFTER)


def test_a_correction_without_reason_is_refused(world):
    with pytest.raises(ValueError, match="why"):
        services.correct(world.staff["tsr1"], MONTH, at=at(1, "09:00"), reason=" ", by="fd", now=AFTER)


def test_leave_of_part_of_the_day_and_no_record_is_the_rest_absent(world):
    world.shift("tsr1", 12)
    take_leave(world, "tsr1", 12, at(12, "08:45"), at(12, "12:00"), Decimal("0.5"))
    row = day_of(world, "tsr1")
    assert (row.status, row.absence_days, row.leave_days) == ("absent", Decimal("0.5"), Decimal("0.5"))


def test_the_day_after_the_last_of_the_month_is_not_in_it(world):
    world.attend("tsr1", date(2026, 11, 1))
    world.attend("tsr1", MONTH - timedelta(days=1))
    recompute(MONTH, AFTER)
    assert not DayRecord.objects.exists()
