# SPDX-License-Identifier: Apache-2.0
"""Reports that are owed, as they were written and sent."""

from __future__ import annotations

from django.db import models


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
