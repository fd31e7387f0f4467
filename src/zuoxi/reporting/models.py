# SPDX-License-Identifier: Apache-2.0
"""Reports that are owed, as they were written and sent."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zuoxi.people.models import Staff
from zuoxi.policy.findings import Why
from zuoxi.policy.marks import constraint, records


class DailyReport(models.Model):
    """Yesterday's figures for the director (RPT-001). What became of it is told by its messages.

    `figures` are the values as they stood when it was composed, with their versions; `edited_by` a user's id.
    """

    day = models.DateField(unique=True)
    due_at = models.DateTimeField()
    composed_at = models.DateTimeField()
    text_zh = models.CharField(max_length=500)
    text_en = models.CharField(max_length=500)
    figures = models.JSONField(default=dict)
    incomplete = models.CharField(max_length=300, blank=True, default="")
    edited_by = models.BigIntegerField(null=True)
    edited_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-day"]

    @property
    def about(self) -> str:
        """What its messages say that they are about."""
        return f"reporting.daily:{self.day.isoformat()}"


@records("RPT-032", "ORG-022", "ORG-006", "ADM-022")
class DutyItem(models.Model):
    """One thing that is owed once, as the handbook asked for it when it fell due, or as a superior set it.

    `occasion` and `slot` tell it from the others of its duty; `position` is the post that owes it, `vacant` says that
    nobody holds that post and whoever is next above owes it. `terms` keep what the handbook asked, so a later pack does
    not change the past. `handed_at` is when somebody handed it in; `done_at` when its last message left (or the same
    moment where none is sent). `missed` may still come in: then it is late. Moments are judged by the second.
    """

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("duty", "Open")
        DONE = "done", pgettext_lazy("duty", "In time")
        LATE = "late", pgettext_lazy("duty", "Too late")
        MISSED = "missed", pgettext_lazy("duty", "Missed")
        EXCUSED = "excused", _("Excused")
        HANDED_OVER = "handed_over", _("Handed over")

    duty = models.SlugField(max_length=60)
    occasion = models.CharField(max_length=40)
    slot = models.CharField(max_length=60)
    day = models.DateField()
    position = models.CharField(max_length=8)
    vacant = models.BooleanField(default=False)
    team = models.CharField(max_length=32, blank=True, default="")
    about_first = models.DateField()
    about_last = models.DateField()
    opens_at = models.DateTimeField()
    earliest_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField()
    inclusive = models.BooleanField(default=True)
    closes_at = models.DateTimeField()
    terms = models.JSONField(default=dict)
    people = models.JSONField(default=list)
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    text = models.TextField(blank=True, default="")
    answers = models.JSONField(default=dict)
    handed_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    set_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    excused_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    excused_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True, default="")
    reminders = models.PositiveSmallIntegerField(default=0)
    escalated_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["due_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["duty", "occasion", "slot"], name="duty_item_once"),
            models.CheckConstraint(
                condition=Q(earliest_at__isnull=True) | Q(due_at__gte=F("earliest_at")), name="duty_item_may_be_done"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("done", "late")) | Q(done_at__isnull=False), name="duty_item_done_has_moment"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "due_at"], name="duty_item_state"),
            models.Index(fields=["day", "duty"], name="duty_item_day"),
        ]

    @property
    def about(self) -> str:
        """What its messages say that they are about."""
        return f"reporting.duty:{self.pk}"

    @property
    def title(self) -> Why:
        """What it is called, in the language of the page."""
        return Why(self.terms.get("zh", self.duty), self.terms.get("en", self.duty))

    @property
    def live(self) -> bool:
        """Whether it can still be done."""
        return self.state in (self.State.OPEN, self.State.MISSED)


class DutyHolder(models.Model):
    """Who may do an item; with several, any of them does it for all."""

    item = models.ForeignKey(DutyItem, models.CASCADE, related_name="holders")
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="duties")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "staff"], name="duty_holder_once")]


class DutyReceipt(models.Model):
    """That a report reached somebody: when, by what, and what he said of it."""

    item = models.ForeignKey(DutyItem, models.CASCADE, related_name="receipts")
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="duty_receipts")
    copy = models.BooleanField(default=False)
    channel = models.CharField(max_length=32, blank=True, default="")
    received_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True)
    comment = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "staff"], name="duty_receipt_once")]
        indexes = [models.Index(fields=["staff", "-received_at"], name="duty_receipt_staff")]


class DutyCheck(models.Model):
    """A signature that a report needs before it leaves; `waived` where it was let go without, and why (RPT-023)."""

    item = models.ForeignKey(DutyItem, models.CASCADE, related_name="checks")
    word = models.CharField(max_length=40)
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    waived = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["item", "word"], name="duty_check_once")]


class DutyPaper(models.Model):
    """A file handed in with an item, sealed in the database."""

    item = models.ForeignKey(DutyItem, models.CASCADE, related_name="papers")
    name = models.CharField(max_length=120)
    size = models.PositiveIntegerField()
    content = models.BinaryField()
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]


class DutyEvent(models.Model):
    """Something that happened and begins duties: a training ended, a major issue was found."""

    kind = models.SlugField(max_length=40)
    day = models.DateField()
    at = models.DateTimeField()
    subject = models.CharField(max_length=120)
    recorded_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-at"]
        constraints = [models.UniqueConstraint(fields=["kind", "day", "subject"], name="duty_event_once")]


@records("RPT-011")
class HomeSafe(models.Model):
    """That somebody came home safely after the shift that ended then; `said_by` another where he was telephoned."""

    staff = models.ForeignKey(Staff, models.PROTECT, related_name="homecomings")
    day = models.DateField()
    ended_at = models.DateTimeField()
    safe_at = models.DateTimeField()
    said_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["staff", "ended_at"], name="home_safe_once"),
            models.CheckConstraint(condition=Q(safe_at__gte=F("ended_at")), name="home_safe_after_the_shift"),
        ]
        indexes = [models.Index(fields=["ended_at"], name="home_safe_ended")]


constraint("home_safe_after_the_shift", "RPT-011")
