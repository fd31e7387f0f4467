# SPDX-License-Identifier: Apache-2.0
"""Exports under review: whoever releases hears that one waits, whoever asked hears what was decided."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zuoxi.approvals.notices import Sentence, notify
from zuoxi.people import selectors as people
from zuoxi.people.models import Staff
from zuoxi.policy.marks import enforces
from zuoxi.vault import releasing
from zuoxi.vault.models import HeldExport

State = HeldExport.State


def _reviewers(export: HeldExport) -> Iterator[Staff]:
    """Whoever holds a post that releases today, but not who asked."""
    today = timezone.localdate(export.asked_at)
    for post in releasing.releasing_posts():
        for one in people.holders_of(post, today):
            if one.code != export.asked_by:
                yield one


@enforces("SEC-002")
def tell(export: HeldExport) -> None:
    """Put the export before its reviewers, or its fate before whoever asked."""
    url = reverse("vault:exports")
    if export.state == State.WAITING:
        text = Sentence(_("%(name)s prepared “%(title)s”: look at it and release it"),
                        name=export.asked_name, title=export.title)  # fmt: skip
        for one in _reviewers(export):
            notify(one, text, url, f"export:{export.pk}:{one.pk}")
        return
    asked = people.staff_by_code(export.asked_by)
    if asked is None:
        return
    released = export.state == State.RELEASED
    text = Sentence(
        _("“%(title)s” has been released; fetch it") if released else _("“%(title)s” was turned down: %(reason)s"),
        title=export.title,
        reason=export.reason,
    )
    notify(asked, text, url, f"export:{export.pk}:{export.state}")


releasing.tell_of_exports(tell)
