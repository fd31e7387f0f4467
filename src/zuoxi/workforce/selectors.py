# SPDX-License-Identifier: Apache-2.0
"""Questions about who should be working when."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from zuoxi.policy.handbook import Handbook
from zuoxi.policy.selectors import site_handbook
from zuoxi.workforce.clock import spans_of
from zuoxi.workforce.facts import Absence, PlannedPause, RosteredShift
from zuoxi.workforce.handbook import templates_of
from zuoxi.workforce.models import PlannedBreak, Roster, RosterChange, ShiftAssignment

if TYPE_CHECKING:
    from zuoxi.workforce.demand.slots import Slot

AbsencesBetween = Callable[[date, date, "Collection[int] | None"], Iterable[Absence]]
_absences: list[AbsencesBetween] = []
_DAY = timedelta(days=1)


def provide_absences(between: AbsencesBetween) -> None:
    """Packages above tell here who has been let go (first day, last day, staff ids or None for all)."""
    if between not in _absences:
        _absences.append(between)


def absences_between(first: date, last: date, staff_ids: Collection[int] | None = None) -> list[Absence]:
    """Every absence that touches the days, by whoever knows of one."""
    return [one for between in _absences for one in between(first, last, staff_ids)]


def _facts(rows: QuerySet[ShiftAssignment], handbook: Handbook) -> list[RosteredShift]:
    fields = (
        "id", "staff_id", "staff__code", "day", "template", "starts_at", "ends_at", "clock", "kind", "seat",
        "roster__team_id", "meal_minutes",
    )  # fmt: skip
    zone = handbook.zone
    return [
        RosteredShift(pk, staff, code, day, template, starts, ends, spans_of(clock, day, zone), kind, seat, team, meal)
        for pk, staff, code, day, template, starts, ends, clock, kind, seat, team, meal in rows.values_list(*fields)
    ]


def _worked(published: bool) -> QuerySet[ShiftAssignment]:
    rows = ShiftAssignment.objects.exclude(kind=ShiftAssignment.Kind.REST)
    rows = rows.filter(roster__state=Roster.State.PUBLISHED) if published else rows
    return rows.order_by("starts_at", "staff_id")


def shifts_between(
    first: date, last: date, staff_ids: Collection[int] | None = None, *, published: bool = True
) -> list[RosteredShift]:
    """Shifts that start on the days from `first` to `last`, by their start; drafts too when not `published`."""
    rows = _worked(published).filter(day__range=(first, last))
    return _facts(rows if staff_ids is None else rows.filter(staff_id__in=staff_ids), site_handbook())


def shift_name(template: str) -> str:
    """What people call a shift, for the code that is typed; other text of a cell, such as times, as it stands."""
    body = templates_of(site_handbook()).get(template)
    return str(body.name) if body else template


def on_shift(moment: datetime) -> list[RosteredShift]:
    """Who should be working at the moment (in a lunch of the template nobody is)."""
    rows = _worked(True).filter(starts_at__lte=moment, ends_at__gt=moment)
    return [one for one in _facts(rows, site_handbook()) if one.covers(moment)]


def shift_at(staff_id: int, moment: datetime) -> RosteredShift | None:
    """The shift that lasts at the moment, its lunch included; None off shift."""
    rows = _worked(True).filter(staff_id=staff_id, starts_at__lte=moment, ends_at__gt=moment)
    return next(iter(_facts(rows[:1], site_handbook())), None)


def next_shift(staff_id: int, moment: datetime) -> RosteredShift | None:
    """The first shift that starts after the moment."""
    rows = _worked(True).filter(staff_id=staff_id, starts_at__gt=moment)
    return next(iter(_facts(rows[:1], site_handbook())), None)


def rostered_days(staff_id: int, first: date, last: date) -> list[date]:
    """Days on which a shift of the person starts, in order."""
    rows = _worked(True).filter(staff_id=staff_id, day__range=(first, last)).order_by("day")
    return list(dict.fromkeys(rows.values_list("day", flat=True)))


def staff_changed(first: date, last: date, since: datetime) -> list[int]:
    """Ids of people whose cells of those days were changed, taken back or not, or first published after a moment."""
    rows = RosterChange.objects.filter(day__range=(first, last), at__gt=since)
    late = ShiftAssignment.objects.filter(day__range=(first, last), roster__first_published_at__gt=since)
    found = (one.order_by().values_list("staff_id", flat=True).distinct() for one in (rows, late))
    return sorted(set().union(*found))


def duty_supervisors_at(moment: datetime) -> list[int]:
    """Staff ids of who has the duty at the moment, the latest to have taken it over first."""
    return [one.staff_id for one in reversed(on_shift(moment)) if one.kind == ShiftAssignment.Kind.DUTY]


def is_rostered(staff_id: int, day: date) -> bool | None:
    """Whether a shift of the person starts on the day; None when no published roster speaks of that day and person."""
    rows = ShiftAssignment.objects.filter(staff_id=staff_id, day=day, roster__state=Roster.State.PUBLISHED)
    kinds = list(rows.values_list("kind", flat=True))
    return any(kind != ShiftAssignment.Kind.REST for kind in kinds) if kinds else None


def spoken_days(staff_id: int, first: date, last: date) -> frozenset[date]:
    """Days of which a published roster speaks for the person, rests included."""
    rows = ShiftAssignment.objects.filter(staff_id=staff_id, day__range=(first, last))
    return frozenset(rows.filter(roster__state=Roster.State.PUBLISHED).values_list("day", flat=True))


def duties_between(first: date, last: date) -> list[RosteredShift]:
    """Shifts of duty supervisors that start on the days from `first` to `last`, by their start."""
    return _facts(_worked(True).filter(day__range=(first, last), kind=ShiftAssignment.Kind.DUTY), site_handbook())


def roster_states(month: date) -> list[tuple[str, str, datetime | None, datetime | None]]:
    """(team or project, state, first published, filed) of every roster of the month, by project and team."""
    rows = Roster.objects.filter(month=month.replace(day=1)).select_related("team", "project")
    return [
        (str(one.team or one.project), one.state, one.first_published_at, one.filed_at)
        for one in rows.order_by("project__code", "team__code")
    ]


def was_ever_published() -> bool:
    """Whether any roster, of whatever month, was given to its people."""
    return Roster.objects.filter(first_published_at__isnull=False).exists()


def pauses_between(first: datetime, last: datetime, staff_ids: Collection[int] | None = None) -> list[PlannedPause]:
    """Planned breaks and meals that begin in the stretch, in order."""
    rows = PlannedBreak.objects.filter(starts_at__gte=first, starts_at__lt=last, shift__roster__state="published")
    if staff_ids is not None:
        rows = rows.filter(shift__staff_id__in=staff_ids)
    fields = ("pk", "shift_id", "shift__staff_id", "shift__staff__code", "kind", "starts_at", "ends_at")
    return [PlannedPause(*row) for row in rows.order_by("starts_at", "pk").values_list(*fields)]


def demand_of(queue: str | None, first: date, last: date) -> list[Slot]:
    """What the forecast says of every half hour of the days, edits included; see `demand.slots`."""
    from zuoxi.workforce.demand import slots

    return slots.demand_of(queue, first, last)
