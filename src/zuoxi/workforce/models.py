# SPDX-License-Identifier: Apache-2.0
"""Rosters of a month, their shifts, who changed and who read them."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zuoxi.approvals.models import Request
from zuoxi.people.models import Project, Staff, Team
from zuoxi.policy.marks import constraint, records


@records("SCH-002", "SCH-015", "SCH-017")
class Roster(models.Model):
    """A month of one team, or of the posts of a project that sit in no team (`team` empty)."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("roster", "Draft")
        PUBLISHED = "published", pgettext_lazy("roster", "Published")

    month = models.DateField()
    project = models.ForeignKey(Project, models.PROTECT, related_name="rosters")
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="rosters")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    version = models.PositiveSmallIntegerField(default=0)
    due_on = models.DateField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    first_published_at = models.DateTimeField(null=True, blank=True)
    filed_at = models.DateTimeField(null=True, blank=True)
    filed_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["month", "project", "team"]
        constraints = [
            models.UniqueConstraint(fields=["month", "team"], condition=Q(team__isnull=False), name="roster_of_team"),
            models.UniqueConstraint(
                fields=["month", "project"], condition=Q(team__isnull=True), name="roster_of_function_posts"
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="roster_month_is_its_first_day"),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.team or self.project}"

    @property
    def published(self) -> bool:
        return self.state == self.State.PUBLISHED


@records("SCH-016", "SCH-020", "SCH-021", "SCH-022", "SCH-023", "SCH-026")
class ShiftAssignment(models.Model):
    """What somebody has on a day. `place` 0 is the shift of the day, further ones stand beside it.

    `clock` are local times ("08:00-12:00,13:00-17:00", empty for a rest); `version` grows with every change of the
    cell, so that two people who edit it at once are told.
    """

    class Kind(models.TextChoices):
        WORK = "work", pgettext_lazy("shift", "Work")
        FLEX = "flex", pgettext_lazy("shift", "Flexible reserve")
        DUTY = "duty", pgettext_lazy("shift", "Duty supervisor")
        TRAINING = "training", pgettext_lazy("shift", "Training")
        REST = "rest", pgettext_lazy("shift", "Rest")

    roster = models.ForeignKey(Roster, models.CASCADE, related_name="shifts")
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="shifts")
    day = models.DateField()
    place = models.PositiveSmallIntegerField(default=0)
    template = models.CharField(max_length=12, blank=True, default="")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.WORK)
    clock = models.CharField(max_length=80, blank=True, default="")
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    meal_minutes = models.PositiveSmallIntegerField(default=0)
    seat = models.CharField(max_length=20, blank=True, default="")
    note = models.CharField(max_length=120, blank=True, default="")
    version = models.BigIntegerField(default=0)

    class Meta:
        ordering = ["day", "staff", "place"]
        indexes = [
            models.Index(fields=["starts_at", "ends_at"], name="shift_moments"),
            models.Index(fields=["day", "staff"], name="shift_day"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["staff", "day", "place"], name="one_shift_in_a_place"),
            models.CheckConstraint(
                condition=Q(kind="rest", starts_at__isnull=True, ends_at__isnull=True)
                | (~Q(kind="rest") & Q(starts_at__isnull=False) & Q(ends_at__gt=F("starts_at"))),
                name="shift_has_times_unless_rest",
            ),
        ]


constraint("shift_has_times_unless_rest", "SCH-026")


@records("SCH-002")
class RosterChange(models.Model):
    """What one cell was and became. `batch` holds together what was done at once and is undone at once."""

    class Cause(models.TextChoices):
        EDIT = "edit", pgettext_lazy("change", "Edited")
        UNDO = "undo", pgettext_lazy("change", "Taken back")
        SWAP = "swap", pgettext_lazy("change", "Swap")
        OVERTIME = "overtime", pgettext_lazy("change", "Overtime")
        SUBSTITUTE = "substitute", pgettext_lazy("change", "Substitute")
        COPY = "copy", pgettext_lazy("change", "Copied")

    roster = models.ForeignKey(Roster, models.CASCADE, related_name="changes")
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    day = models.DateField()
    before = models.CharField(max_length=200, blank=True, default="")
    after = models.CharField(max_length=200, blank=True, default="")
    at = models.DateTimeField()
    by = models.CharField(max_length=32, blank=True, default="")
    cause = models.CharField(max_length=12, choices=Cause.choices, default=Cause.EDIT)
    batch = models.UUIDField(default=uuid.uuid4)
    after_publication = models.BooleanField(default=False)
    undone = models.BooleanField(default=False)

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["roster", "at"], name="roster_change_at"),
            models.Index(fields=["batch"], name="roster_change_batch"),
        ]


@records("SCH-002", "SCH-014")
class RosterVersion(models.Model):
    """A roster as it was published: staff number → day → what stood in the cell."""

    roster = models.ForeignKey(Roster, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    by = models.CharField(max_length=32, blank=True, default="")
    cells = models.JSONField(default=dict)

    class Meta:
        ordering = ["roster", "-number"]
        constraints = [models.UniqueConstraint(fields=["roster", "number"], name="roster_version_number")]


@records("SCH-002")
class RosterReading(models.Model):
    """Somebody has seen his shifts of a published version."""

    roster = models.ForeignKey(Roster, models.CASCADE, related_name="readings")
    version = models.PositiveSmallIntegerField()
    staff = models.ForeignKey(Staff, models.CASCADE, related_name="+")
    read_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["roster", "version", "staff"], name="roster_read_once")]


class CalendarFeed(models.Model):
    """The secret address of a person's shifts for his own calendar; only its fingerprint is kept."""

    staff = models.OneToOneField(Staff, models.CASCADE, related_name="calendar_feed")
    fingerprint = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    fetched_at = models.DateTimeField(null=True, blank=True)


@records("SCH-009", "PAY-003")
class OvertimeList(models.Model):
    """Who is called in beyond his shifts, for which hours and why. The supervisor makes it, the manager agrees."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("overtime", "Being made")
        AGREED = "agreed", pgettext_lazy("overtime", "Agreed")
        ANNOUNCED = "announced", pgettext_lazy("overtime", "Announced")
        CANCELLED = "cancelled", pgettext_lazy("overtime", "Cancelled")

    project = models.ForeignKey(Project, models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+")
    day = models.DateField()
    clock = models.CharField(max_length=80)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    made_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    agreed_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    agreed_at = models.DateTimeField(null=True, blank=True)
    announced_at = models.DateTimeField(null=True, blank=True)
    late_notice = models.BooleanField(default=False)
    finding = models.JSONField(null=True, blank=True)

    class Meta:
        ordering = ["-day", "-pk"]
        constraints = [models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="overtime_ends_later")]


@records("SCH-009", "PAY-003")
class OvertimeCall(models.Model):
    """One person on an overtime list. `mark` decides later how it is paid."""

    class Mark(models.TextChoices):
        ASSIGNED = "assigned", pgettext_lazy("overtime", "Assigned")
        VOLUNTARY = "voluntary", pgettext_lazy("overtime", "Voluntary")

    class Answer(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("overtime", "Not answered")
        CONFIRMED = "confirmed", pgettext_lazy("overtime", "Confirmed")
        DECLINED = "declined", pgettext_lazy("overtime", "Declined")

    list = models.ForeignKey(OvertimeList, models.CASCADE, related_name="calls")
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="overtime_calls")
    mark = models.CharField(max_length=10, choices=Mark.choices, default=Mark.ASSIGNED)
    answer = models.CharField(max_length=10, choices=Answer.choices, default=Answer.WAITING)
    answered_at = models.DateTimeField(null=True, blank=True)
    shift = models.ForeignKey(ShiftAssignment, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["staff"]
        constraints = [models.UniqueConstraint(fields=["list", "staff"], name="on_an_overtime_list_once")]


@records("SCH-012", "FLR-006")
class PlannedBreak(models.Model):
    """A short break or a meal as planned for one shift."""

    class Kind(models.TextChoices):
        BREAK = "break", _("Break")
        MEAL = "meal", _("Meal")

    shift = models.ForeignKey(ShiftAssignment, models.CASCADE, related_name="breaks")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    moved_by = models.CharField(max_length=32, blank=True, default="")

    class Meta:
        ordering = ["starts_at", "pk"]
        indexes = [models.Index(fields=["starts_at"], name="planned_break_at")]
        constraints = [models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="break_ends_later")]


@records("SCH-016", "SCH-019", "SCH-025")
class HandoverNote(models.Model):
    """What one hands to the other: at a change of shift, at a swap, of shared equipment."""

    class Occasion(models.TextChoices):
        SWAP = "swap", pgettext_lazy("handover", "Swap")
        SHIFT = "shift", pgettext_lazy("handover", "Change of shift")
        EQUIPMENT = "equipment", pgettext_lazy("handover", "Shared equipment")
        POST = "post", pgettext_lazy("handover", "Standing in")

    occasion = models.CharField(max_length=10, choices=Occasion.choices)
    day = models.DateField()
    giver = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    taker = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    tickets = models.TextField(blank=True, default="")
    callbacks = models.TextField(blank=True, default="")
    escalations = models.TextField(blank=True, default="")
    items = models.TextField(blank=True, default="")
    given_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True, blank=True)
    objection = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        ordering = ["-pk"]
        constraints = [models.CheckConstraint(condition=~Q(giver=F("taker")), name="handover_to_somebody_else")]


@records("SCH-003", "SCH-004", "SCH-005", "SCH-006", "SCH-007", "SCH-018")
class ShiftSwap(models.Model):
    """A swap: with oneself, with a colleague (who agrees first), of a day of rest; or a substitute for a day.

    `month` is the month it counts in, that of the asking. `moves` are the cells as they were and will be:
    [staff id, day, before, after]; they are written when the request is granted, if they still read as before.
    """

    class Kind(models.TextChoices):
        SELF = "self", pgettext_lazy("swap", "With myself")
        PEER = "peer", pgettext_lazy("swap", "With a colleague")
        REST = "rest", pgettext_lazy("swap", "Day of rest")
        SUBSTITUTE = "substitute", pgettext_lazy("swap", "Substitute")

    class State(models.TextChoices):
        ASKED = "asked", pgettext_lazy("swap", "Waits for the colleague")
        OPEN = "open", pgettext_lazy("swap", "Under approval")
        APPLIED = "applied", pgettext_lazy("swap", "In the roster")
        DECLINED = "declined", pgettext_lazy("swap", "Declined by the colleague")
        CLOSED = "closed", pgettext_lazy("swap", "Not granted")
        FAILED = "failed", pgettext_lazy("swap", "Overtaken by a change of the roster")

    kind = models.CharField(max_length=10, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    applicant = models.ForeignKey(Staff, models.PROTECT, related_name="swaps")
    peer = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="swaps_with_others")
    given_day = models.DateField()
    taken_day = models.DateField()
    month = models.DateField()
    days = models.DecimalField(max_digits=4, decimal_places=1, default=1)
    reason = models.CharField(max_length=200, blank=True, default="")
    handover = models.TextField(blank=True, default="")
    moves = models.JSONField(default=list)
    finding = models.JSONField(null=True, blank=True)
    request = models.OneToOneField(Request, models.PROTECT, null=True, blank=True, related_name="swap")
    asked_at = models.DateTimeField()
    peer_answered_at = models.DateTimeField(null=True, blank=True)
    applied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["month", "kind"], name="swap_month")]
        constraints = [
            models.CheckConstraint(condition=Q(peer__isnull=True) | ~Q(peer=F("applicant")), name="swap_with_another"),
            models.CheckConstraint(
                condition=Q(kind__in=["self", "rest"], peer__isnull=True)
                | Q(kind__in=["peer", "substitute"], peer__isnull=False),
                name="swap_has_a_colleague_where_needed",
            ),
        ]


constraint("swap_has_a_colleague_where_needed", "SCH-005")


@records("SCH-024")
class PostPair(models.Model):
    """A post with its A and its B: who does it, and who stands in with which authority while A is away."""

    duty = models.CharField(max_length=80)
    a = models.ForeignKey(Staff, models.PROTECT, related_name="posts_as_a")
    b = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="posts_as_b")
    authority = models.CharField(max_length=200, blank=True, default="")
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["duty", "pk"]
        constraints = [models.CheckConstraint(condition=Q(b__isnull=True) | ~Q(a=F("b")), name="a_is_not_b")]


constraint("a_is_not_b", "SCH-024")


@records("SCH-013", "SCH-018", "SCH-028")
class Dispatch(models.Model):
    """People moved during the day: lent to another team, put in for somebody, called back; and what was suggested."""

    class Kind(models.TextChoices):
        LENT = "lent", pgettext_lazy("dispatch", "Lent to another team")
        SUBSTITUTE = "substitute", pgettext_lazy("dispatch", "Put in for somebody")
        MOVED = "moved", pgettext_lazy("dispatch", "Moved on the floor")
        SUGGESTION = "suggestion", pgettext_lazy("dispatch", "Suggestion")

    kind = models.CharField(max_length=10, choices=Kind.choices)
    staff = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    instead_of = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=400)
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    agreed_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]


@records("SCH-001", "CALL-023")
class StaffingPlan(models.Model):
    """What a month will need, from the traffic of the month before or from figures entered by hand.

    `factor` is the expected growth; `result` the plan as it was reckoned (see `staffing_plan.py`).
    """

    month = models.DateField()
    project = models.ForeignKey(Project, models.PROTECT, related_name="+")
    factor = models.DecimalField(max_digits=5, decimal_places=2, default=1)
    entered = models.JSONField(default=dict, blank=True)
    result = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-month", "-pk"]
        constraints = [models.UniqueConstraint(fields=["month", "project"], name="staffing_plan_of_month")]


from zuoxi.workforce.demand_models import DemandEvent, ForecastDay, ForecastEdit, ForecastRun  # noqa: E402,F401
from zuoxi.workforce.scenario_models import WhatIf, WhatIfCourse  # noqa: E402,F401
from zuoxi.workforce.today_models import IntradayDecision, IntradayOutlook  # noqa: E402,F401
from zuoxi.workforce.wish_models import RosterWish  # noqa: E402,F401
