# SPDX-License-Identifier: Apache-2.0
"""A small centre for the tests of attendance: one team with its line of command, a published roster, clock records."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from zuoxi.attendance.models import Punch
from zuoxi.people import services
from zuoxi.people.models import Position, Staff
from zuoxi.workforce.models import Roster, ShiftAssignment

ZONE = ZoneInfo("Asia/Shanghai")
MONTH = date(2026, 10, 1)
SINCE = date(2026, 1, 1)
AFTER = datetime(2026, 11, 5, 9, tzinfo=ZONE)
POSTS = {
    "tsr1": "TSR", "tsr2": "TSR", "tsrl": "TSRL", "tsrs": "TSRS", "odm": "ODM", "om": "OM", "sm": "SM", "dir": "DIR",
    "da": "DA", "fd": "FD", "hr": "HR", "fin": "FIN",
}  # fmt: skip
IN_TEAM = {"TSR", "TSRL", "TSRS"}


def at(day, clock):
    """A moment of the site: at(12, "08:45") of October 2026; "33:00" is nine the next morning."""
    hours, minutes, *seconds = (int(part) for part in clock.split(":"))
    base = datetime.combine(day if isinstance(day, date) else MONTH.replace(day=day), datetime.min.time(), ZONE)
    return base + timedelta(hours=hours, minutes=minutes, seconds=seconds[0] if seconds else 0)


class World:
    """People by short name; `shift` rosters, `punch` clocks."""

    def __init__(self):
        services.load_positions()
        self.project = services.ensure_project("p", "项目", "Project")
        self.team = services.ensure_team("t1", "一组", "Team 1", self.project)
        self.other = services.ensure_team("t2", "二组", "Team 2", self.project)
        self.staff = {}
        for code, post in POSTS.items():
            self.hire(code, post)
        self.rosters = {}
        self.number = 0

    def hire(self, code, post, team=None):
        place = services.Placement(
            Position.objects.get(code=post),
            (team or self.team) if post in IN_TEAM else None,
            self.project if post in {"OM", "ODM"} else None,
        )
        staff = services.hire(code, f"人{code}", [place], SINCE)
        services.create_user_for(staff, must_change=False)
        self.staff[code] = Staff.objects.select_related("user").get(pk=staff.pk)
        return self.staff[code]

    def user(self, code):
        return self.staff[code].user

    def roster(self, month, team=None):
        key = (month, team)
        if key not in self.rosters:
            self.rosters[key] = Roster.objects.create(
                month=month, project=self.project, team=team, state=Roster.State.PUBLISHED
            )
        return self.rosters[key]

    def shift(self, code, day, clock="08:45-12:00,13:30-17:30", *, kind="work", place=0, meal=0, team=None):
        day = day if isinstance(day, date) else MONTH.replace(day=day)
        first, last = clock.split(",")[0].split("-")[0], clock.split(",")[-1].split("-")[1]
        ends_at = at(day, last)
        if ends_at <= at(day, first):
            ends_at += timedelta(days=1)
        return ShiftAssignment.objects.create(
            roster=self.roster(day.replace(day=1), team or self.team),
            staff=self.staff[code],
            day=day,
            place=place,
            kind=kind,
            clock=clock,
            starts_at=at(day, first),
            ends_at=ends_at,
            meal_minutes=meal,
        )

    def punch(self, code, moment, direction="in", source="switch", device=""):
        self.number += 1
        return Punch.objects.create(
            staff=self.staff[code],
            at=moment.astimezone(UTC),
            direction=direction,
            source=source,
            device=device,
            key=f"test:{self.number}",
            recorded_at=moment,
        )

    def attend(self, code, day, came="08:40", went="17:31", **shift):
        """A rostered day with a sign-in and a sign-out (None: not recorded)."""
        self.shift(code, day, **shift)
        if came:
            self.punch(code, at(day, came))
        if went:
            self.punch(code, at(day, went), "out")
