# SPDX-License-Identifier: Apache-2.0
"""Calls expected of each queue: as reckoned, as people changed it, and what they know of the days to come."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zuoxi.people.models import Staff
from zuoxi.policy.marks import constraint, records


@records("SCH-001", "CALL-023")
class ForecastRun(models.Model):
    """One reckoning for one queue. `test` holds how it did on the days before (shares of one), `said` what it took out
    of the history and what else it had to say; `twin` is the queue whose past a new one borrowed."""

    queue = models.CharField(max_length=32)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    first = models.DateField()
    last = models.DateField()
    history_from = models.DateField()
    history_days = models.PositiveSmallIntegerField()
    model = models.CharField(max_length=32)
    twin = models.CharField(max_length=32, blank=True, default="")
    test = models.JSONField(default=dict)
    said = models.JSONField(default=dict)

    class Meta:
        ordering = ["-made_at", "-pk"]
        indexes = [models.Index(fields=["queue", "made_at"], name="forecast_of_queue")]
        constraints = [models.CheckConstraint(condition=Q(last__gte=F("first")), name="forecast_ends_later")]


@records("SCH-001")
class ForecastDay(models.Model):
    """A day of a reckoning: 48 figures each, by half hour of the wall clock. `handling` in seconds, empty: unknown."""

    run = models.ForeignKey(ForecastRun, models.CASCADE, related_name="days")
    day = models.DateField()
    mean = models.JSONField()
    low = models.JSONField()
    high = models.JSONField()
    handling = models.JSONField(default=list)

    class Meta:
        ordering = ["day"]
        indexes = [models.Index(fields=["day"], name="forecast_day")]
        constraints = [models.UniqueConstraint(fields=["run", "day"], name="forecast_day_once")]


@records("SCH-001")
class DemandHistory(models.Model):
    """A day of a queue as a file tells it, from before the ledger began: calls of each half hour (None: unknown), and
    seconds a call took where the file says so (empty: it does not)."""

    queue = models.CharField(max_length=32)
    day = models.DateField()
    calls = models.JSONField()
    handled = models.JSONField(default=list)
    source = models.CharField(max_length=80, blank=True, default="")
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["queue", "day"]
        indexes = [models.Index(fields=["day"], name="demand_history_day")]
        constraints = [models.UniqueConstraint(fields=["queue", "day"], name="demand_history_day_once")]


@records("SCH-001")
class ForecastEdit(models.Model):
    """What a planner put beside the reckoned figures of some hours; it stands over every later reckoning until it is
    withdrawn. `value` is a factor, or the calls of each half hour."""

    class Kind(models.TextChoices):
        FACTOR = "factor", pgettext_lazy("forecast", "Times")
        CALLS = "calls", pgettext_lazy("forecast", "Calls each half hour")

    queue = models.CharField(max_length=32)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    value = models.FloatField()
    reason = models.CharField(max_length=200)
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["queue", "starts_at"], name="forecast_edit_of_queue")]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="forecast_edit_ends_later"),
            models.CheckConstraint(condition=Q(value__gte=0), name="forecast_edit_not_negative"),
        ]


@records("SCH-001", "SCH-009")
class DemandEvent(models.Model):
    """Something with a name that moves the calls: a broadcast, a billing day, the start of heating, a storm. Events of
    one name learn from each other; `effect` is what somebody expects as a factor (empty: learnt)."""

    queue = models.CharField(max_length=32, blank=True, default="")
    name = models.CharField(max_length=40)
    first = models.DateField()
    last = models.DateField()
    from_minute = models.PositiveSmallIntegerField(default=0)
    to_minute = models.PositiveSmallIntegerField(default=1440)
    effect = models.FloatField(null=True, blank=True)
    note = models.CharField(max_length=200, blank=True, default="")
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-first", "-pk"]
        verbose_name = _("event")
        constraints = [
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="demand_event_ends_later"),
            models.CheckConstraint(
                condition=Q(to_minute__gt=F("from_minute"), to_minute__lte=1440), name="demand_event_within_the_day"
            ),
            models.CheckConstraint(condition=Q(effect__isnull=True) | Q(effect__gt=0), name="demand_event_effect"),
        ]


constraint("forecast_edit_not_negative", "SCH-001")
constraint("demand_event_effect", "SCH-001")
