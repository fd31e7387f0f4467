# SPDX-License-Identifier: Apache-2.0
from datetime import date, timedelta

import pytest

from zuoxi.attendance import services, sheets
from zuoxi.attendance.carrying import carry, carry_changed_rosters
from zuoxi.attendance.models import AfterEntry, DayRecord, MonthRecord, Punch, Sheet, Signature
from zuoxi.attendance.recomputing import Locked, recompute
from zuoxi.attendance.replays import again, closed_until, computed_months
from zuoxi.attendance.sheets import NotSigned, digest_of, standing
from zuoxi.attendance.tests.world import AFTER, MONTH, at
from zuoxi.policy.handbook import Change
from zuoxi.policy.selectors import site_handbook
from zuoxi.vault.models import AuditEntry
from zuoxi.workforce.models import Roster, RosterChange

DAY = date(2026, 10, 13)
ORDER = (("tsrl", "leader"), ("fd", "reception"), ("da", "analyst"), ("odm", "deputy"), ("om", "manager"))


@pytest.fixture
def sheet(world):
    world.attend("tsr1", 12)
    world.attend("tsr1", 13, "08:50")
    world.attend("tsr2", 12)
    recompute(MONTH, AFTER)
    return Sheet.objects.get(month=MONTH)


def sign(world, sheet, who, step):
    team = world.team if step == "leader" else None
    return services.sign(sheet, step, world.staff[who], AFTER, team=team)


def lock(world, sheet):
    for who, step in ORDER:
        sign(world, sheet, who, step)
    sheet.refresh_from_db()


@pytest.mark.clause("ATT-021", "ATT-022", "ATT-023")
def test_the_sheet_is_signed_in_order_and_the_last_signature_locks_it(world, sheet):
    with pytest.raises(NotSigned):
        sign(world, sheet, "fd", "reception")
    for who, step in ORDER[:-1]:
        sign(world, sheet, who, step)
        sheet.refresh_from_db()
        assert sheet.locked_at is None
    sign(world, sheet, "om", "manager")
    sheet.refresh_from_db()
    assert sheet.locked_at == AFTER
    assert sheet.digest == digest_of(MONTH)
    assert AuditEntry.objects.filter(verb="attendance.sheet.locked").count() == 1
    assert closed_until() == date(2026, 10, 31)


def test_a_step_is_signed_once(world, sheet):
    sign(world, sheet, "tsrl", "leader")
    with pytest.raises(NotSigned):
        sign(world, sheet, "tsrl", "leader")
    assert sheet.signatures.count() == 1


def test_a_month_that_still_runs_is_not_signed(world, sheet):
    with pytest.raises(NotSigned):
        services.sign(sheet, "leader", world.staff["tsrl"], at(31, "23:59"), team=world.team)


def test_a_signature_falls_when_its_rows_change(world, sheet):
    sign(world, sheet, "tsrl", "leader")
    sign(world, sheet, "fd", "reception")
    services.correct(
        world.staff["tsr1"], DAY, at=at(13, "08:44"), direction="in", reason="监控可证", by="fd", now=AFTER
    )
    assert sheets.void_outdated(sheet, AFTER) == 2
    assert standing(sheet) == []
    assert Signature.objects.filter(void_at__isnull=False).count() == 2
    sign(world, sheet, "tsrl", "leader")


@pytest.mark.clause("ATT-022")
def test_a_locked_month_is_not_computed_again_by_anybody(world, sheet):
    lock(world, sheet)
    with pytest.raises(Locked):
        recompute(MONTH, AFTER)
    with pytest.raises(Locked):
        recompute(MONTH, AFTER, [world.staff["tsr1"].pk])
    with pytest.raises(NotSigned):
        sign(world, sheet, "tsrl", "leader")


@pytest.mark.clause("ATT-022")
def test_what_is_known_later_is_carried_in_the_open_month_and_points_back(world, sheet):
    lock(world, sheet)
    before = list(DayRecord.objects.order_by("pk").values())
    services.correct(
        world.staff["tsr1"], DAY, at=at(13, "08:44"), direction="in", reason="监控可证", by="fd", now=AFTER
    )
    assert list(DayRecord.objects.order_by("pk").values()) == before
    entry = AfterEntry.objects.get()
    assert (entry.day, entry.entered_in) == (DAY, date(2026, 11, 1))
    assert (entry.before["status"], entry.after["status"]) == ("late", "normal")
    assert (entry.was, entry.would_be) == ("迟到", "正常")
    assert carry(world.staff["tsr1"], MONTH, AFTER, reason="再看一次") == []


@pytest.mark.clause("ATT-022")
def test_of_two_shifts_in_a_day_only_the_one_that_comes_out_otherwise_is_carried(world):
    world.attend("tsr1", 13, "08:50", "12:00", clock="08:45-12:00")
    world.attend("tsr1", 13, "13:40", "17:31", clock="13:30-17:30", place=1)
    recompute(MONTH, AFTER)
    Sheet.objects.filter(month=MONTH).update(locked_at=AFTER)
    for first, part in (("08:40", 0), ("13:25", 1)):
        world.punch("tsr1", at(13, first))
        (entry,) = carry(world.staff["tsr1"], MONTH, AFTER, reason="补传")
        assert (entry.after["part"], entry.before["status"], entry.after["status"]) == (part, "late", "normal")
        assert carry(world.staff["tsr1"], MONTH, AFTER, reason="再看一次") == []


@pytest.mark.clause("ATT-022")
def test_a_shift_taken_off_a_locked_month_is_carried_once_as_no_shift(world, sheet):
    lock(world, sheet)
    world.staff["tsr1"].shifts.filter(day=DAY).delete()
    Punch.objects.filter(staff=world.staff["tsr1"], at__date=DAY).delete()
    (entry,) = carry(world.staff["tsr1"], MONTH, AFTER, reason="排班有误")
    assert (entry.day, entry.was, entry.would_be) == (DAY, "迟到", "无班次")
    assert not entry.after["late"]
    assert carry(world.staff["tsr1"], MONTH, AFTER, reason="再看一次") == []


@pytest.mark.clause("ATT-022")
def test_a_month_of_which_nothing_is_left_is_carried_and_comes_back(world, sheet):
    lock(world, sheet)
    world.staff["tsr2"].shifts.all().delete()
    Punch.objects.filter(staff=world.staff["tsr2"]).delete()
    (entry,) = carry(world.staff["tsr2"], MONTH, AFTER, reason="排班有误")
    assert (entry.was, entry.would_be, entry.month_after) == ("正常", "无班次", {})
    world.attend("tsr2", 12)
    (back,) = carry(world.staff["tsr2"], MONTH, AFTER, reason="原排班无误")
    assert (back.was, back.would_be) == ("无班次", "正常")


@pytest.mark.clause("ATT-022")
def test_a_roster_changed_after_the_lock_is_carried_each_night_once(world, sheet):
    lock(world, sheet)
    world.staff["tsr2"].shifts.all().delete()
    Punch.objects.filter(staff=world.staff["tsr2"]).delete()
    assert carry_changed_rosters(MONTH, AFTER, reason="排班改动") == 0
    roster = world.roster(MONTH, world.team)
    RosterChange.objects.create(
        roster=roster, staff=world.staff["tsr2"], day=MONTH.replace(day=12), at=AFTER + timedelta(days=1)
    )
    assert carry_changed_rosters(MONTH, AFTER + timedelta(days=2), reason="排班改动") == 1
    assert carry_changed_rosters(MONTH, AFTER + timedelta(days=3), reason="排班改动") == 0
    assert carry_changed_rosters(date(2026, 11, 1), AFTER, reason="排班改动") == 0


@pytest.mark.clause("ATT-022")
def test_a_roster_published_only_after_the_lock_is_carried_as_well(world, sheet):
    lock(world, sheet)
    world.attend("tsr2", 20)
    assert carry_changed_rosters(MONTH, AFTER, reason="补发") == 0
    Roster.objects.filter(shifts__staff=world.staff["tsr2"], shifts__day=MONTH.replace(day=20)).update(
        first_published_at=AFTER + timedelta(days=1)
    )
    assert carry_changed_rosters(MONTH, AFTER + timedelta(days=2), reason="补发") == 1


def test_an_entry_goes_to_the_first_month_that_is_open(world, sheet):
    lock(world, sheet)
    Sheet.objects.create(month=date(2026, 11, 1), computed_at=AFTER, locked_at=AFTER)
    services.correct(world.staff["tsr1"], DAY, at=at(13, "08:44"), reason="监控可证", by="fd", now=AFTER)
    assert AfterEntry.objects.get().entered_in == date(2026, 12, 1)


def test_the_reception_and_the_analyst_count_the_same_from_the_same_ledger(world, sheet):
    for day in (14, 15):
        world.shift("tsr2", day)
    world.attend("tsr2", 16, "09:01", "17:10")
    recompute(MONTH, AFTER)
    assert sheets.counted_by_months(MONTH) == sheets.counted_by_days(MONTH)
    MonthRecord.objects.filter(staff=world.staff["tsr2"]).update(late=9)
    sign(world, sheet, "tsrl", "leader")
    sign(world, sheet, "fd", "reception")
    with pytest.raises(NotSigned):
        sign(world, sheet, "da", "analyst")


def test_a_month_is_judged_again_under_a_proposal_without_being_touched(world, sheet):
    before = list(DayRecord.objects.values())
    handbook = site_handbook()
    stricter = handbook.changed(Change("attendance.late.half_day_absence_after_minutes", MONTH, 4))
    said = []
    found = list(again(handbook, stricter, MONTH, lambda done, total, what: said.append((done, total))))
    days = [one for one in found if one.day]
    assert [(one.staff_code, one.day, one.before.outcome, one.after.outcome) for one in days] == [
        ("tsr1", DAY, "late", "absent_half_day")
    ]
    assert said[-1][0] == said[-1][1]
    assert list(DayRecord.objects.values()) == before
    assert computed_months() == [MONTH]
    assert list(again(handbook, handbook, MONTH, lambda *_args: None)) == []
