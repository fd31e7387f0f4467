# SPDX-License-Identifier: Apache-2.0
"""Telling people: in the bell, and over the channel "notices" where the site has one."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.functional import Promise

from zuoxi.approvals.models import Notice
from zuoxi.messaging import selectors as messages
from zuoxi.messaging import services as messaging
from zuoxi.people.models import Staff, User
from zuoxi.policy.findings import Why

CHANNEL = "notices"


class Sentence:
    """A sentence with lazy parts, filled in the language of the moment."""

    def __init__(self, text: str | Promise, **words: object) -> None:
        self.text, self.words = text, words

    def __str__(self) -> str:
        return str(self.text) % {name: str(word) for name, word in self.words.items()}


Text = str | Promise | Why | Sentence


def in_both(text: Text) -> tuple[str, str]:
    """A sentence in Chinese and in English."""
    if isinstance(text, Why):
        return text.zh, text.en
    with translation.override("zh-hans"):
        chinese = str(text)
    with translation.override("en"):
        return chinese, str(text)


def notify(staff: Staff, text: Text, url: str = "", dedupe: str = "") -> Notice | None:
    """Tell somebody, once for a `dedupe`; None when he was told already."""
    chinese, english = in_both(text)
    if dedupe and Notice.objects.filter(staff=staff, dedupe=dedupe).exists():
        return None
    try:
        with transaction.atomic():
            notice = Notice.objects.create(
                staff=staff,
                text_zh=chinese[:300],
                text_en=english[:300],
                url=url[:300],
                dedupe=dedupe or None,
                created_at=timezone.now(),
            )
    except IntegrityError:
        return None
    _carry(staff, notice)
    return notice


def _carry(staff: Staff, notice: Notice) -> None:
    to = staff.email or staff.mobile
    if to and messages.channel_open(CHANNEL):
        text = notice.text_en if staff.user and staff.user.language.startswith("en") else notice.text_zh
        messaging.send(CHANNEL, to, text, to_name=staff.name, dedupe=f"notice:{notice.pk}", about=f"notice:{notice.pk}")


def mark_read(user: User, notice: int | None = None) -> int:
    """The person has seen one notice, or (None) all of them; returns how many."""
    rows = Notice.objects.filter(staff__user=user, read_at__isnull=True)
    if notice is not None:
        rows = rows.filter(pk=notice)
    return rows.update(read_at=timezone.now())
