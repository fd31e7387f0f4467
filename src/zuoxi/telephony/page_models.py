# SPDX-License-Identifier: Apache-2.0
"""What the pages of telephony keep for themselves: views that somebody saved, and who listened to what.

Recordings are named by their path: their rows are folded and may be dropped and made again.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models


class SavedView(models.Model):
    """A person's own set of filters for a list. `query` is the page's query string without its cursor."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views")
    page = models.CharField(max_length=32)
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=1000, blank=True, default="")
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "name"]
        constraints = [models.UniqueConstraint(fields=["user", "page", "name"], name="one_view_of_a_name")]


class RecordingPlay(models.Model):
    """One listening. `ticket` is made when the player is shown, so that asking for parts of the file logs it once."""

    ticket = models.CharField(max_length=43, unique=True)
    path = models.CharField(max_length=200)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    began_at = models.DateTimeField()
    downloaded = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["path", "began_at"], name="play_path")]


class RecordingHold(models.Model):
    """A recording that must be kept however old it grows (a complaint, a dispute), until somebody lifts it."""

    path = models.CharField(max_length=200, unique=True)
    reason = models.CharField(max_length=200)
    placed_by = models.CharField(max_length=32)
    placed_at = models.DateTimeField()


class SurveyWording(models.Model):
    """What the callers of a queue were asked by key from a moment on, as the handbook worded it then.

    `questions`: in their order, each with `ask` and `keys` (points → words); words are [Chinese, English].
    """

    queue = models.CharField(max_length=32)
    since = models.DateTimeField()
    questions = models.JSONField()

    class Meta:
        indexes = [models.Index(fields=["queue", "since"], name="survey_wording_since")]
