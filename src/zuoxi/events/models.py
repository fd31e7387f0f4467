# SPDX-License-Identifier: Apache-2.0
"""The ledger: what happened, appended once and never changed."""

from django.db import models


class Event(models.Model):
    """One thing that happened, as its source told it.

    `id` is given under a lock inside the appending transaction, so ids follow the order of commits without gaps:
    whoever has read through id N has seen everything up to N.
    """

    id = models.BigIntegerField(primary_key=True)
    stream = models.CharField(max_length=64)
    key = models.BinaryField(max_length=16, unique=True)
    kind = models.CharField(max_length=40)
    at = models.DateTimeField()
    source = models.CharField(max_length=12)
    subject = models.CharField(max_length=64, blank=True, default="")
    party = models.CharField(max_length=32, blank=True, default="")
    data = models.TextField(default="{}")

    class Meta:
        indexes = [
            models.Index(fields=["subject"], name="event_subject"),
            models.Index(fields=["party", "at"], name="event_party_at"),
        ]


class Quarantine(models.Model):
    """Something a source said that was not believed, kept whole for people to look at."""

    stream = models.CharField(max_length=64)
    key = models.BinaryField(max_length=16, unique=True)
    at = models.DateTimeField(db_index=True)
    source = models.CharField(max_length=12)
    subject = models.CharField(max_length=64, blank=True, default="", db_index=True)
    reason = models.CharField(max_length=200)
    raw = models.BinaryField()


class FoldPosition(models.Model):
    """How far a fold has been applied: everything through this event id stands in its tables."""

    name = models.CharField(max_length=64, primary_key=True)
    applied_through = models.BigIntegerField(default=0)
    updated_at = models.DateTimeField(auto_now=True)
