# SPDX-License-Identifier: Apache-2.0
"""The attendance ledger, what is judged from it, and the sheet that is signed.

Clock records are only added. A correction adds a record, or says that one does not count, and keeps the original.
Days and months are computed from the ledger and may be computed again until their month is locked.
"""

from __future__ import annotations

import json
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zuoxi.people.models import Staff, Team
from zuoxi.policy.marks import constraint, records


class Compact(json.JSONEncoder):
    """JSON as short as it goes: a month of a large centre holds two hundred thousand findings."""

    def __init__(self, **options: Any) -> None:
        options.update(ensure_ascii=False, separators=(",", ":"))
        super().__init__(**options)


class Source(models.TextChoices):
    SWITCH = "switch", _("Sign-in at the phones")
    TERMINAL = "terminal", _("Clock terminal")
    FILE = "file", _("Imported file")
    MANUAL = "manual", _("Written down by hand")
    CORRECTION = "correction", _("Correction")


class Direction(models.TextChoices):
    IN = "in", pgettext_lazy("clock", "In")
    OUT = "out", pgettext_lazy("clock", "Out")
    UNKNOWN = "unknown", pgettext_lazy("clock", "Not said")


class Batch(models.Model):
    """One import: what file, by whom, how many of its lines were taken. Importing it again adds nothing."""

    name = models.CharField(max_length=120)
    source = models.CharField(max_length=12, choices=Source.choices)
    by = models.CharField(max_length=32)
    at = models.DateTimeField()
    taken = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    first_at = models.DateTimeField(null=True)
    last_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]


@records("ATT-024", "ATT-022")
class Punch(models.Model):
    """One clock record. `key` names what was recorded, so that the same record comes in once however often it is read.

    `raw`: where it stands in what it was read from. `by`: who wrote it down ("" = the machine itself).
    """

    staff = models.ForeignKey(Staff, models.PROTECT, related_name="punches")
    at = models.DateTimeField()
    direction = models.CharField(max_length=8, choices=Direction.choices)
    source = models.CharField(max_length=12, choices=Source.choices)
    device = models.CharField(max_length=60, blank=True, default="")
    raw = models.CharField(max_length=200, blank=True, default="")
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, related_name="punches")
    key = models.CharField(max_length=100, unique=True)
    by = models.CharField(max_length=32, blank=True, default="")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["at", "pk"]
        indexes: ClassVar = [
            models.Index(fields=["staff", "at"], name="punch_staff_at"),
            models.Index(fields=["at", "device"], name="punch_at_device"),
        ]


@records("ATT-022", "ATT-024")
class Correction(models.Model):
    """Somebody's word over the machines': `original` no longer counts, `punch` counts instead; either may be missing.

    `day` is the roster day it is about. `request_number`: the approval it came from ("" = the reception's or the
    analyst's own, with reason).
    """

    staff = models.ForeignKey(Staff, models.PROTECT, related_name="attendance_corrections")
    day = models.DateField()
    original = models.OneToOneField(Punch, models.PROTECT, null=True, blank=True, related_name="superseded_by")
    punch = models.OneToOneField(Punch, models.PROTECT, null=True, blank=True, related_name="corrects")
    reason = models.CharField(max_length=400)
    evidence = models.CharField(max_length=400, blank=True, default="")
    by = models.CharField(max_length=32)
    decided_by = models.CharField(max_length=200, blank=True, default="")
    request_number = models.CharField(max_length=32, blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]
        indexes: ClassVar = [models.Index(fields=["staff", "day"], name="correction_staff_day")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(reason=""), name="attendance_correction_says_why"),
            models.CheckConstraint(
                condition=Q(original__isnull=False) | Q(punch__isnull=False),
                name="attendance_correction_acts",
            ),
        ]


constraint("attendance_correction_says_why", "ATT-022")


@records("ATT-002", "ATT-016", "ATT-024", "ATT-030", "ATT-037")
class Excuse(models.Model):
    """A cause that was accepted for a time: for one person, a team (`staff` None) or the whole centre (both None).

    `told_at`: when the superior was told. `proof`: what proves it. `untrue_at`: when it was found to be false; then the
    time counts as absence (ATT-016).
    """

    staff = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="excuses")
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="excuses")
    cause = models.SlugField(max_length=32)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True)
    proof = models.CharField(max_length=400, blank=True, default="")
    reason = models.CharField(max_length=400)
    proposed_by = models.CharField(max_length=32)
    decided_by = models.CharField(max_length=200)
    request_number = models.CharField(max_length=32, blank=True, default="")
    finding = models.JSONField(default=dict, blank=True)
    at = models.DateTimeField()
    untrue_at = models.DateTimeField(null=True, blank=True)
    untrue_by = models.CharField(max_length=32, blank=True, default="")
    untrue_note = models.CharField(max_length=400, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["-starts_at", "-pk"]
        indexes: ClassVar = [models.Index(fields=["starts_at", "ends_at"], name="excuse_time")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="excuse_takes_time"),
            models.CheckConstraint(condition=~Q(reason=""), name="excuse_says_why"),
            models.CheckConstraint(condition=~Q(decided_by=F("proposed_by")), name="excuse_is_decided_by_another"),
        ]


constraint("excuse_is_decided_by_another", "ATT-002")


class Ground(models.Model):
    """The clauses and figures that findings rest on, kept once for all findings that rest on the same."""

    key = models.CharField(max_length=32, primary_key=True)
    body = models.JSONField(encoder=Compact)


class Status(models.TextChoices):
    """What a day came to, the heaviest first where two things hold."""

    ABSENT = "absent", pgettext_lazy("attendance", "Absent")
    HALF_ABSENT = "half_absent", pgettext_lazy("attendance", "Half a day absent")
    ERROR = "error", pgettext_lazy("attendance", "Records contradict")
    UNKNOWN = "unknown", pgettext_lazy("attendance", "Not known")
    LATE_EARLY = "late_early", pgettext_lazy("attendance", "Late and early")
    LATE = "late", pgettext_lazy("attendance", "Late")
    EARLY = "early", pgettext_lazy("attendance", "Left early")
    LEAVE = "leave", pgettext_lazy("attendance", "On leave")
    EXCUSED = "excused", pgettext_lazy("attendance", "Excused")
    UNROSTERED = "unrostered", pgettext_lazy("attendance", "Came without roster")
    NORMAL = "normal", pgettext_lazy("attendance", "Normal")
    OPEN = "open", pgettext_lazy("attendance", "Not over yet")


@records("ATT-002", "ATT-003", "ATT-005")
class DayRecord(models.Model):
    """One shift of one person as judged: `part` counts the shifts of a day from nought, unrostered stays after them.

    `due_start`/`due_end` are the shift's ends after leave was taken out (None: not rostered, or leave takes it all).
    `due_minutes`: working time owed, leave not taken out; `leave_minutes` of it on leave; `worked_minutes` None: not
    known. `findings`: name → outcome, details, why, ground. `team` is the roster's of that day.
    """

    staff = models.ForeignKey(Staff, models.PROTECT, related_name="attendance_days")
    day = models.DateField()
    part = models.PositiveSmallIntegerField(default=0)
    team = models.ForeignKey(Team, models.PROTECT, null=True, related_name="+")
    template = models.CharField(max_length=40, blank=True, default="")
    due_start = models.DateTimeField(null=True)
    due_end = models.DateTimeField(null=True)
    first_in = models.DateTimeField(null=True)
    last_out = models.DateTimeField(null=True)
    status = models.CharField(max_length=12, choices=Status.choices)
    late = models.BooleanField(default=False)
    early = models.BooleanField(default=False)
    absence_days = models.DecimalField(max_digits=3, decimal_places=2, default=0)
    leave_kind = models.CharField(max_length=32, blank=True, default="")
    leave_days = models.DecimalField(max_digits=3, decimal_places=2, default=0)
    due_minutes = models.PositiveIntegerField(default=0)
    leave_minutes = models.PositiveIntegerField(default=0)
    worked_minutes = models.PositiveIntegerField(null=True)
    findings = models.JSONField(default=dict, encoder=Compact)
    fingerprint = models.CharField(max_length=32)
    computed_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["day", "part"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["staff", "day", "part"], name="attendance_day_once")]
        indexes: ClassVar = [models.Index(fields=["day", "team"], name="attendance_day_team")]


@records("ATT-004", "ATT-005", "ATT-023")
class MonthRecord(models.Model):
    """One person's month: counts, and the month's finding on them. `month` is its first day.

    `longest_run`: rostered days absent one after another, a run from the month before included; `open_run` is the run
    that goes on at the month's end. `days` without a clear answer are counted in `unknown_days`, never guessed.
    """

    staff = models.ForeignKey(Staff, models.PROTECT, related_name="attendance_months")
    month = models.DateField()
    team = models.ForeignKey(Team, models.PROTECT, null=True, related_name="+")
    due_days = models.PositiveSmallIntegerField(default=0)
    present_days = models.PositiveSmallIntegerField(default=0)
    late = models.PositiveSmallIntegerField(default=0)
    early = models.PositiveSmallIntegerField(default=0)
    absence_days = models.DecimalField(max_digits=4, decimal_places=1, default=0)
    unknown_days = models.PositiveSmallIntegerField(default=0)
    excused_days = models.PositiveSmallIntegerField(default=0)
    unrostered_days = models.PositiveSmallIntegerField(default=0)
    longest_run = models.PositiveSmallIntegerField(default=0)
    open_run = models.PositiveSmallIntegerField(default=0)
    leave = models.JSONField(default=dict)
    due_minutes = models.PositiveIntegerField(default=0)
    worked_minutes = models.PositiveIntegerField(default=0)
    finding = models.JSONField(default=dict, encoder=Compact)
    fingerprint = models.CharField(max_length=32)
    computed_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["month", "staff__code"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["staff", "month"], name="attendance_month_once")]
        indexes: ClassVar = [models.Index(fields=["month", "team"], name="attendance_month_team")]


@records("ATT-021", "ATT-022", "ATT-023")
class Sheet(models.Model):
    """The centre's sheet of one month. Once locked it and the days under it never change."""

    month = models.DateField(unique=True)
    computed_at = models.DateTimeField(null=True)
    fingerprint = models.CharField(max_length=32, blank=True, default="")
    locked_at = models.DateTimeField(null=True, blank=True)
    digest = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["-month"]


class Signature(models.Model):
    """Somebody stands for figures: `digest` is of the rows as they stood. A signature whose rows have changed since is
    void and stays in the book."""

    class Step(models.TextChoices):
        LEADER = "leader", _("Confirmed by the team leader")
        RECEPTION = "reception", _("Compiled by the reception")
        ANALYST = "analyst", _("Agrees with the analyst's statistics")
        DEPUTY = "deputy", _("Approved by the deputy manager")
        MANAGER = "manager", _("Approved by the operations manager, locked")

    sheet = models.ForeignKey(Sheet, models.PROTECT, related_name="signatures")
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+")
    step = models.CharField(max_length=12, choices=Step.choices)
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    digest = models.CharField(max_length=64)
    note = models.CharField(max_length=400, blank=True, default="")
    void_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["sheet", "step", "team"],
                condition=Q(void_at__isnull=True, team__isnull=False),
                name="attendance_team_signed_once",
            ),
            models.UniqueConstraint(
                fields=["sheet", "step"],
                condition=Q(void_at__isnull=True, team__isnull=True),
                name="attendance_sheet_signed_once",
            ),
        ]


class AfterEntry(models.Model):
    """What a locked month would say now: carried in the open month `entered_in`, pointing back to the day it is about.

    `before`/`after`: status, counts and findings of the day as locked and as it would be; `month_before`/`month_after`
    the month's finding under both.
    """

    staff = models.ForeignKey(Staff, models.PROTECT, related_name="attendance_after_entries")
    day = models.DateField()
    entered_in = models.DateField()
    before = models.JSONField(encoder=Compact)
    after = models.JSONField(encoder=Compact)
    month_before = models.JSONField(encoder=Compact)
    month_after = models.JSONField(encoder=Compact)
    reason = models.CharField(max_length=400)
    key = models.CharField(max_length=64, unique=True)
    by = models.CharField(max_length=32, blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["day", "pk"]
        indexes: ClassVar = [models.Index(fields=["entered_in", "staff"], name="after_entry_month")]

    @property
    def was(self) -> str:
        """What the locked day said, in words."""
        return _status_name(self.before.get("status", ""))

    @property
    def would_be(self) -> str:
        """What it would say now."""
        return _status_name(self.after.get("status", ""))


def _status_name(status: str) -> str:
    return str(Status(status).label) if status in Status.values else str(_("No shift"))
