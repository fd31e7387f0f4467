# SPDX-License-Identifier: Apache-2.0
"""What can be found. The words themselves lie in an index of the database's own kind (see `dialects`)."""

from __future__ import annotations

from django.db import models


class Entry(models.Model):
    """One thing of a package above, by its kind and the owner's key. The newest has the greatest key.

    `spelling`: which way its texts became the words that stand in the index (`words.SPELLING`); None: the first way.
    """

    kind = models.CharField(max_length=16)
    ref = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    body = models.TextField(blank=True, default="")
    scopes = models.JSONField(default=list, blank=True)
    sound = models.TextField(blank=True, default="")
    weight = models.SmallIntegerField(default=0)
    at = models.DateTimeField(null=True)
    spelling = models.SmallIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "ref"], name="search_one_entry_per_thing")]
        indexes = [models.Index(fields=["kind", "-id"], name="search_kind_newest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.ref}"


class Respelling(models.Model):
    """How far the entries were looked through for words of an older spelling; `done`: to their end."""

    spelling = models.SmallIntegerField(unique=True)
    upto = models.BigIntegerField(default=0)
    done = models.BooleanField(default=False)
