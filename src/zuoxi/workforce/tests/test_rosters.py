# SPDX-License-Identifier: Apache-2.0
"""Writing, publishing, taking back: what two people do at once, what others are told."""

from datetime import datetime, timedelta

import pytest

from zuoxi.approvals import absence
from zuoxi.approvals.models import Notice
from zuoxi.people import services as people
from zuoxi.people.models import Position
from zuoxi.workforce import services
from zuoxi.workforce.board import board_of
from zuoxi.workforce.duty import is_off, on_duty, pairs_on, second_of, stand_in_for
from zuoxi.workforce.models import PlannedBreak, PostPair, Roster, RosterChange, ShiftAssignment
from zuoxi.workforce.progress import is_late, progress_of, readers_of
from zuoxi.workforce.publishing import differences
from zuoxi.workforce.selectors import (
    duty_supervisors_at,
    is_rostered,
    on_shift,
    rostered_days,
    shift_at,
    shifts_between,
)
from zuoxi.workforce.tests.conftest import SHANGHAI

pytestmark = pytest.mark.django_db


def edit(centre, code, number, text, was=None, by="8002"):
    cell = services.CellEdit(centre.staff[code].pk, centre.day(number), text, was)
    return services.edit_cells([cell], by=by, now=centre.now)


@pytest.mark.clause("SCH-026")
def test_a_night_shift_belongs_to_the_day_on_which_it_starts(centre):
    centre.write("1001", d3="L")
    centre.publish()
    (shift,) = shifts_between(centre.day(3), centre.day(3))
    assert shift.ends_at.astimezone(SHANGHAI).date() == centre.day(4)
    assert not shifts_between(centre.day(4), centre.day(4))
    assert shift.worked == timedelta(hours=8)


def test_codes_are_typed_in_any_case_in_chinese_or_as_times(centre):
    centre.write("1001", d3="e", d4="早班", d5="9-17:30", d6="")
    assert [centre.cell("1001", day) for day in (3, 4, 5, 6)] == ["E", "E", "09:00-17:30", ""]


def test_nonsense_is_refused_with_what_could_be_typed_and_nothing_changes(centre):
    centre.write("1001", d3="E")
    told = edit(centre, "1001", 3, "什么").told
    assert "什么" in told[0].message
    assert told[0].text == "E"
    assert centre.cell("1001", 3) == "E"


@pytest.mark.clause("SCH-027")
def test_a_training_and_calls_at_the_same_time_are_refused_in_one_cell(centre):
    assert edit(centre, "1001", 3, "T+M").told
    assert not edit(centre, "1001", 3, "TA+M").told
    assert centre.cell("1001", 3) == "TA+M"


@pytest.mark.clause("SCH-002")
def test_whoever_saw_an_older_cell_is_told_who_changed_it(centre):
    centre.write("1001", d3="E")
    result = edit(centre, "1001", 3, "L", was="")
    assert "人8002" in result.told[0].message
    assert centre.cell("1001", 3) == "E"
    assert not edit(centre, "1001", 3, "L", was="E").told


def test_nobody_writes_people_out_of_his_reach(centre):
    cell = services.CellEdit(centre.staff["1101"].pk, centre.day(3), "E")
    result = services.edit_cells([cell], by="3001", now=centre.now, allowed={centre.staff["1001"].pk})
    assert result.told
    assert not ShiftAssignment.objects.exists()


def test_too_many_cells_at_once_are_refused(centre):
    cells = [services.CellEdit(1, centre.day(1), "E")] * 3001
    with pytest.raises(ValueError, match="3000"):
        services.edit_cells(cells, by="8002", now=centre.now)


def test_a_changed_shift_loses_the_breaks_that_were_planned_for_it(centre):
    centre.write("1001", d3="E")
    shift = ShiftAssignment.objects.get()
    PlannedBreak.objects.create(
        shift=shift, kind="break", starts_at=shift.starts_at, ends_at=shift.starts_at + timedelta(minutes=5)
    )
    centre.write("1001", d3="L")
    assert ShiftAssignment.objects.get().pk == shift.pk
    assert not PlannedBreak.objects.exists()


@pytest.mark.clause("SCH-002")
def test_publishing_keeps_a_version_tells_everybody_and_later_changes_are_told_too(centre):
    centre.write("1001", d3="E", d4="R")
    roster = Roster.objects.get()
    published = services.publish(roster, by=centre.staff["8002"], now=centre.now)
    assert (published.version, published.versions.get().cells["1001"][centre.day(3).isoformat()]) == (1, "E")
    mine = Notice.objects.filter(staff=centre.staff["1001"])
    assert mine.count() == 1
    assert Notice.objects.filter(staff__code__in=["8001", "8003"]).count() == 2
    row = next(one for unit in board_of(roster.month, staff_ids=None).units for one in unit.rows if one.code == "1001")
    assert f"{row.hours} 小时" in mine.get().text  # as the board and the calendar: without the meal
    centre.write("1001", d3="L")
    assert mine.count() == 2
    assert RosterChange.objects.filter(after_publication=True).count() == 1
    again = services.publish(Roster.objects.get(), by=centre.staff["8002"], now=centre.now)
    old, new = again.versions.get(number=1), again.versions.get(number=2)
    assert [(one.before, one.after) for one in differences(old, new, {})] == [("E", "L")]


def test_nothing_is_published_twice_unchanged_nor_empty(centre):
    centre.write("1001", d3="E")
    roster = services.publish(Roster.objects.get(), by=centre.staff["8002"], now=centre.now)
    with pytest.raises(services.Refused):
        services.publish(roster, by=centre.staff["8002"], now=centre.now)
    centre.write("1001", d3="")
    with pytest.raises(services.Refused):
        services.publish(roster, by=centre.staff["8002"], now=centre.now)


@pytest.mark.clause("SCH-027", "SCH-017")
def test_shifts_that_overlap_are_not_published_and_limits_only_despite(centre):
    centre.write("1001", d3="22:00-08:00", d4="07:00-12:00")
    roster = Roster.objects.get()
    with pytest.raises(services.Refused):
        services.publish(roster, by=centre.staff["8002"], now=centre.now, despite=True)
    centre.write("1001", d4="09:00-12:00")
    with pytest.raises(services.Refused):
        services.publish(roster, by=centre.staff["8002"], now=centre.now)
    assert services.publish(roster, by=centre.staff["8002"], now=centre.now, despite=True).published


@pytest.mark.clause("SCH-017", "SCH-002")
@pytest.mark.parametrize(
    ("month", "due"), [("2026-12-01", "2026-11-25"), ("2026-11-01", "2026-10-23"), ("2027-01-01", "2026-12-25")]
)
def test_a_roster_is_due_on_the_twenty_fifth_or_the_last_working_day_ahead_of_it(db, month, due):
    """2026-10-25 is a Sunday."""
    from datetime import date

    assert services.due_day(date.fromisoformat(month)) == date.fromisoformat(due)


@pytest.mark.clause("SCH-014", "SCH-017", "SCH-015")
def test_progress_names_units_without_a_roster_and_late_ones(centre):
    centre.write("1001", d3="E")
    ids = {one.pk for one in centre.staff.values()}
    due = services.due_day(centre.month)
    lines = progress_of(centre.month, ids, due + timedelta(days=1))
    assert [one.title for one in lines][:2] == ["甲1组", "甲2组"]
    assert lines[-1].unit[1] is None
    assert all(one.late for one in lines)
    assert not is_late(None, due, due)
    roster = Roster.objects.get()
    roster.first_published_at = datetime(due.year, due.month, due.day, 23, 59, tzinfo=SHANGHAI)
    assert not is_late(roster, due, due + timedelta(days=9))


def test_taking_back_restores_the_last_batch_only_and_leaves_what_others_changed_since(centre):
    centre.write("1001", d3="E", d4="E")
    centre.write("1002", d3="L")
    assert services.undo_last(by="8002", now=centre.now, month=centre.month, allowed=None) == 1
    assert (centre.cell("1002", 3), centre.cell("1001", 3)) == ("", "E")
    edit(centre, "1001", 4, "N", by="3001")
    assert services.undo_last(by="8002", now=centre.now, month=centre.month, allowed=None) == 1
    assert (centre.cell("1001", 3), centre.cell("1001", 4)) == ("", "N")
    assert services.undo_last(by="8002", now=centre.now, month=centre.month, allowed=None) == 0


def test_a_week_is_copied_and_empty_days_leave_the_other_week_alone(centre):
    first = centre.month
    monday = first + timedelta(days=(7 - first.weekday()) % 7)
    number = monday.day
    centre.write("1001", **{f"d{number}": "E", f"d{number + 8}": "N"})
    count, told = services.copy_week(
        {centre.staff["1001"].pk}, monday, monday + timedelta(days=7), by="8002", now=centre.now, allowed=None
    )
    assert (count, told) == (1, [])
    assert (centre.cell("1001", number + 7), centre.cell("1001", number + 8)) == ("E", "N")


def test_reading_is_written_down_once_for_each_version(centre):
    centre.write("1001", d3="E")
    services.publish(Roster.objects.get(), by=centre.staff["8002"], now=centre.now)
    assert services.read_rosters(centre.staff["1001"], [centre.month], centre.now) == 1
    assert services.read_rosters(centre.staff["1001"], [centre.month], centre.now) == 0
    assert services.file_roster(Roster.objects.get(), by=centre.staff["8001"], now=centre.now)
    assert not services.file_roster(Roster.objects.get(), by=centre.staff["8001"], now=centre.now)


@pytest.mark.clause("SCH-014")
def test_whoever_has_left_since_is_not_waited_for_as_a_reader(centre):
    centre.write("1001", d3="E")
    centre.write("1002", d3="E")
    roster = Roster.objects.get()
    services.publish(roster, by=centre.staff["8002"], now=centre.now)
    services.read_rosters(centre.staff["1001"], [centre.month], centre.now)
    staff, ids = centre.staff["1002"], {one.pk for one in centre.staff.values()}
    staff.left_on = centre.day(10)
    staff.save(update_fields=["left_on"])
    for day, asked in ((9, ["1002", "1001"]), (10, ["1001"])):
        roster.refresh_from_db()
        (line,) = (one for one in progress_of(centre.month, ids, centre.day(day)) if one.roster == roster)
        assert (line.read, line.readers) == (1, len(asked))
        assert [one.staff.code for one in readers_of(roster, centre.day(day))] == asked


@pytest.mark.clause("FLR-007")
def test_the_duty_supervisor_of_the_moment_is_who_the_roster_names(centre):
    centre.write("3001", d3="DE")
    centre.write("1001", d3="E", d4="R")
    centre.publish()
    noon = datetime.combine(centre.day(3), datetime.min.time(), SHANGHAI) + timedelta(hours=12)
    assert duty_supervisors_at(noon) == [centre.staff["3001"].pk]
    assert on_duty(noon, centre.staff["1001"]) == [centre.staff["3001"]]
    assert on_duty(noon + timedelta(hours=9), centre.staff["1001"]) == []
    assert {one.staff_code for one in on_shift(noon)} == {"3001", "1001"}
    assert shift_at(centre.staff["1001"].pk, noon + timedelta(hours=4, minutes=30)) is None
    assert rostered_days(centre.staff["1001"].pk, centre.day(1), centre.day(9)) == [centre.day(3)]
    assert (
        is_rostered(centre.staff["1001"].pk, centre.day(4)),
        is_rostered(centre.staff["1001"].pk, centre.day(5)),
    ) == (
        False,
        None,
    )


def test_who_leads_on_the_floor_is_off_on_his_day_of_rest_and_who_keeps_office_hours_is_not(centre):
    centre.write("3001", d3="R", d4="DE")
    centre.write("8001", d3="R")
    centre.publish()
    noon = datetime.combine(centre.day(3), datetime.min.time(), SHANGHAI) + timedelta(hours=12)
    assert is_off(centre.staff["3001"], noon)
    assert not is_off(centre.staff["3001"], noon + timedelta(days=1))
    assert not is_off(centre.staff["8001"], noon)


@pytest.mark.clause("SCH-024")
def test_b_stands_in_while_a_is_off_and_both_away_is_an_alarm(centre):
    centre.write("1001", d3="R", d4="E")
    centre.write("1002", d3="E", d4="R")
    centre.publish()
    a, b = centre.staff["1001"], centre.staff["1002"]
    services.keep_pair(duty="钥匙", a=a, b=b, authority="开柜", from_on=centre.day(1), by="8002", now=centre.now)
    assert stand_in_for(a.pk, centre.day(3)).b == b
    assert stand_in_for(a.pk, centre.day(4)) is None
    centre.write("1002", d3="R")
    assert [one.trouble for one in pairs_on(centre.day(3))] == ["both"]
    services.keep_pair(duty="钥匙", a=a, b=None, authority="", from_on=centre.day(2), by="8002", now=centre.now)
    assert [one.trouble for one in pairs_on(centre.day(3))] == ["no_b"]


@pytest.mark.clause("SCH-019", "SCH-025")
def test_a_handover_is_taken_over_once_with_what_is_missing(centre):
    said = {"tickets": "", "callbacks": "", "escalations": "", "items": "耳机 12 副"}
    note = services.hand_over(
        giver=centre.staff["1001"], taker=centre.staff["1002"], occasion="equipment", day=centre.day(3), said=said,
        now=centre.now,
    )  # fmt: skip
    assert services.take_over(note, now=centre.now, objection="少一副")
    assert not services.take_over(note, now=centre.now)
    note.refresh_from_db()
    assert note.objection == "少一副"


def test_who_changes_team_within_the_month_stands_in_the_new_roster_from_that_day(centre):
    placement = people.Placement(Position.objects.get(code="TSR"), centre.teams[1])
    people.transfer(centre.staff["1003"], [placement], centre.day(10), signed_on=centre.day(1), by="8002")
    centre.write("1003", d9="E", d10="E")
    rows = ShiftAssignment.objects.order_by("day").values_list("roster__team__code", flat=True)
    assert list(rows) == ["A1", "A2"]


@pytest.mark.clause("SCH-012", "SCH-011", "FLR-006")
def test_breaks_are_planned_for_the_telephones_and_what_was_moved_by_hand_stays(centre):
    centre.write("1001", d3="E")
    centre.write("1002", d3="F")
    centre.write("3001", d3="DE")
    centre.publish()
    services.plan_day(centre.day(3))
    assert set(PlannedBreak.objects.values_list("shift__staff__code", flat=True)) == {"1001", "1002"}
    one = PlannedBreak.objects.filter(shift__staff__code="1001", kind="break").first()
    moved = one.shift.starts_at + timedelta(hours=2)
    assert services.move_break(one, moved, by="3001")
    assert not services.move_break(one, one.shift.starts_at + timedelta(minutes=29), by="3001")
    services.plan_day(centre.day(3))
    one.refresh_from_db()
    assert one.starts_at == moved
    count = services.put_off(moved - timedelta(minutes=1), 15, staff_ids={centre.staff["1001"].pk}, by="3001")
    assert count >= 1


@pytest.mark.clause("SCH-024")
def test_the_b_of_a_pair_is_named_to_the_approvals_while_the_pair_holds(centre):
    a, b, today = centre.staff["3001"], centre.staff["2001"], centre.now.date()
    assert second_of in absence._stand_ins
    assert second_of(a, centre.now) == []
    pair = PostPair.objects.create(duty="值班", a=a, b=b, from_on=today - timedelta(days=3))
    PostPair.objects.create(duty="另一岗", a=a, b=None, from_on=today - timedelta(days=3))
    assert second_of(a, centre.now) == [b]
    PostPair.objects.filter(pk=pair.pk).update(until_on=today - timedelta(days=1))
    assert second_of(a, centre.now) == []
