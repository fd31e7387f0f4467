# SPDX-License-Identifier: Apache-2.0
"""Whose work somebody may follow: his own; with the capability, everybody's."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from zuoxi.jobs import access
from zuoxi.jobs.models import Job


def visible_jobs(user: Any) -> QuerySet[Job]:
    if not user.is_authenticated:
        return Job.objects.none()
    return Job.objects.all() if user.may(access.JOBS.code) else Job.objects.filter(asked_by=user.pk)
