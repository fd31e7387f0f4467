# SPDX-License-Identifier: Apache-2.0
"""A figure that a site has changed, for tests of packages that read it."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from zuoxi.policy import site
from zuoxi.policy.models import Amendment


def amend(figure, value, since):
    """Put a value in force from a day on, as if it had been proposed and approved."""
    now = timezone.now()
    with transaction.atomic():
        Amendment.objects.create(
            pack=settings.PACK,
            figure=figure,
            value=value,
            since=since,
            reason="test",
            state=Amendment.State.APPROVED,
            proposed_by="s1",
            proposed_name="Author",
            proposed_at=now,
            decided_at=now,
        )
        site.grown()
