# SPDX-License-Identifier: Apache-2.0
"""What became of messages."""

from __future__ import annotations

from collections.abc import Iterable

from zuoxi.messaging.models import Channel, Message


def messages_about(matters: Iterable[str]) -> dict[str, list[Message]]:
    """Messages by what they are about, oldest first; matters without one are absent."""
    found: dict[str, list[Message]] = {}
    for message in Message.objects.filter(about__in=list(matters)).order_by("created_at", "pk"):
        found.setdefault(message.about, []).append(message)
    return found


def channel_open(name: str) -> bool:
    """Whether the site has set up a channel of that name and not switched it off."""
    return Channel.objects.filter(name=name, enabled=True).exists()


def channel_set_up(name: str) -> Channel | None:
    """The channel of that name; None where the site has none."""
    return Channel.objects.filter(name=name).first()


def channels() -> list[Channel]:
    """Every channel by name."""
    return list(Channel.objects.order_by("name"))
