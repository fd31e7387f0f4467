# SPDX-License-Identifier: Apache-2.0
"""What a site has changed of its handbook, what its director has switched off, and months judged again."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zuoxi.policy.marks import records


@records("ORG-005")
class Amendment(models.Model):
    """A figure that holds another value from a day on. A row is never edited once it is decided.

    `value` is as a pack would write it. `until` (exclusive) bounds a trial. People are staff numbers with their names
    of then, because people live above this package.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        APPROVED = "approved", _("Approved")
        REFUSED = "refused", pgettext_lazy("amendment", "Refused")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    pack = models.CharField(max_length=40)
    figure = models.CharField(max_length=120)
    value = models.JSONField()
    since = models.DateField()
    until = models.DateField(null=True)
    announced_on = models.DateField(null=True)
    reason = models.TextField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    request = models.CharField(max_length=40, blank=True, default="")
    proposed_by = models.CharField(max_length=150)
    proposed_name = models.CharField(max_length=150)
    proposed_at = models.DateTimeField()
    decided_by = models.CharField(max_length=150, blank=True, default="")
    decided_name = models.CharField(max_length=150, blank=True, default="")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until__isnull=True) | models.Q(until__gt=models.F("since")),
                name="amendment_ends_after_it_begins",
            ),
            models.UniqueConstraint(
                fields=["pack", "figure", "since"],
                condition=models.Q(state="approved"),
                name="amendment_one_value_for_a_day",
            ),
        ]
        indexes = [models.Index(fields=["pack", "figure", "state"], name="amendment_of_figure")]

    @property
    def number(self) -> str:
        return f"AM-{self.pk:04d}"

    @property
    def alone(self) -> bool:
        """Whether it is in force by the signature of its proposer and nobody else's."""
        return self.state == self.State.APPROVED and self.decided_by == self.proposed_by


class HandbookVersion(models.Model):
    """One row; its number grows with every approved amendment, so that every process reads them anew."""

    number = models.BigIntegerField(default=0)


class Suspension(models.Model):
    """A statutory warning or a rule that the director has switched off, or on again; the newest row counts.

    What is switched off is still computed and shown: it only has no effect.
    """

    class Kind(models.TextChoices):
        WARNING = "warning", _("Warning")
        RULE = "rule", _("Rule")

    kind = models.CharField(max_length=8, choices=Kind.choices)
    key = models.CharField(max_length=120)
    off = models.BooleanField()
    reason = models.TextField()
    by = models.CharField(max_length=150)
    by_name = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["kind", "key", "-id"], name="suspension_newest")]


class ReplayRun(models.Model):
    """A month judged again under a proposal; `summary` holds totals by team once it is done."""

    amendment = models.ForeignKey(Amendment, models.CASCADE, related_name="replays")
    month = models.DateField()
    job = models.BigIntegerField(null=True)
    asked_by = models.CharField(max_length=150)
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    summary = models.JSONField(default=dict)


class ReplayChange(models.Model):
    """One outcome that comes out differently; `day` null: of the month as a whole."""

    run = models.ForeignKey(ReplayRun, models.CASCADE, related_name="changes")
    team = models.CharField(max_length=80)
    staff_code = models.CharField(max_length=40)
    staff_name = models.CharField(max_length=80)
    day = models.DateField(null=True)
    before = models.JSONField()
    after = models.JSONField()
    money = models.DecimalField(max_digits=12, decimal_places=2)

    class Meta:
        indexes = [models.Index(fields=["run", "team", "staff_code", "day"], name="replay_change_drill")]
