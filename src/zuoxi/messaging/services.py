# SPDX-License-Identifier: Apache-2.0
"""Sending: a message is written down in the caller's transaction and carried by a job."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from zuoxi.jobs import services as jobs
from zuoxi.messaging.channels import CARRIERS, Letter, Proof, Refused, Unreachable
from zuoxi.messaging.channels.addresses import destination
from zuoxi.messaging.channels.webhook import knock_signed
from zuoxi.messaging.models import Channel, Message

__all__ = [
    "Refused",
    "Unreachable",
    "carry",
    "delivered",
    "destination",
    "give_up",
    "knock_signed",
    "not_delivered",
    "secrets_from",
    "send",
    "send_again",
    "set_up_channel",
]

KEPT = "kept"
"""In the place of an environment variable: the secret is kept sealed, under `secret_name`."""
_kept: list[Callable[[str], str]] = []


def secrets_from(kept: Callable[[str], str]) -> None:
    """Whoever keeps secrets sealed says here how to read one by its name ("" for none)."""
    if kept not in _kept:
        _kept.append(kept)


def secret_name(channel: str, secret: str) -> str:
    """The name under which a channel's secret is kept."""
    return f"messaging.{channel}.{secret}"


def secrets_of(channel: Channel) -> dict[str, str]:
    """The channel's secrets, from where each is said to be; a missing one is ""."""
    found = {}
    for name, place in channel.secrets.items():
        told = next((text for kept in _kept if (text := kept(secret_name(channel.name, name)))), "")
        found[name] = told if place == KEPT else os.environ.get(place, "")
    return found


def set_up_channel(name: str, kind: str, config: Mapping[str, Any] | None = None) -> Channel:
    """Set up a channel where there is none of that name; one that is there stays as it is."""
    return Channel.objects.get_or_create(name=name, defaults={"kind": kind, "config": dict(config or {})})[0]


def change_channel(
    channel: Channel, kind: str, *, config: Mapping[str, Any], kept: Iterable[str], enabled: bool
) -> None:
    """Change a channel; `kept` are the secrets that are kept sealed from now on. Others stay where they are."""
    channel.kind, channel.config, channel.enabled = kind, dict(config), enabled
    channel.secrets = {**channel.secrets, **dict.fromkeys(kept, KEPT)}
    channel.save()


def send(
    channel: str,
    to: str,
    body: str,
    *,
    to_name: str = "",
    subject: str = "",
    dedupe: str = "",
    about: str = "",
    at: datetime | None = None,
    by: int | None = None,
) -> Message:
    """Queue a message. With a `dedupe` that was used before nothing is queued and the first message is returned."""
    known = Message.objects.filter(dedupe=dedupe).first() if dedupe else None
    if known is not None:
        return known
    try:
        with transaction.atomic():
            message = Message.objects.create(
                channel=channel,
                to=to,
                to_name=to_name,
                subject=subject,
                body=body,
                dedupe=dedupe or None,
                about=about,
                created_at=timezone.now(),
                asked_by=by,
            )
            jobs.enqueue("messaging.carry", key=f"message:{message.pk}", at=at, by=by, message=message.pk)
    except IntegrityError:
        return Message.objects.get(dedupe=dedupe)
    return message


def channel_named(name: str) -> Channel:
    """The channel; the log alone where none of that name is set up."""
    return Channel.objects.filter(name=name).first() or Channel(name=name, kind=Channel.Kind.CONSOLE)


def carry(message_id: int) -> Message:
    """One attempt; Refused and Unreachable come through. A message that left already is left alone."""
    message = Message.objects.get(pk=message_id)
    if message.state != Message.State.QUEUED:
        return message
    channel = channel_named(message.channel)
    if not channel.enabled:
        raise Refused("the channel is switched off")
    now = timezone.now()
    Message.objects.filter(pk=message.pk).update(attempts=message.attempts + 1)
    letter = Letter(f"zx-{message.pk}", message.to, message.subject, message.body, now)
    try:
        proof = CARRIERS[channel.kind](letter, channel.config, secrets_of(channel))
    except (Refused, Unreachable) as fault:
        Message.objects.filter(pk=message.pk).update(error=str(fault)[:300])
        raise
    return _left(message, proof)


def _left(message: Message, proof: Proof) -> Message:
    message.state, message.sent_at, message.error = Message.State.SENT, timezone.now(), ""
    message.provider_id, message.proof = proof.provider_id[:120], dict(proof.answer)
    message.save(update_fields=["state", "sent_at", "provider_id", "proof", "error"])
    return message


def give_up(message_id: int, error: str) -> None:
    Message.objects.filter(pk=message_id, state=Message.State.QUEUED).update(
        state=Message.State.FAILED, error=error[:300]
    )


def delivered(provider_id: str, at: datetime) -> bool:
    """The carrier says that it arrived; False for an id that nobody sent."""
    rows = Message.objects.filter(provider_id=provider_id, state=Message.State.SENT)
    return bool(provider_id and rows.update(state=Message.State.DELIVERED, delivered_at=at))


def not_delivered(provider_id: str, error: str) -> bool:
    """The carrier says that it could not be handed over; False for an id that nobody sent, or one that arrived."""
    rows = Message.objects.filter(provider_id=provider_id, state=Message.State.SENT)
    return bool(provider_id and rows.update(state=Message.State.FAILED, error=error[:300]))


def send_again(message_id: int, by: int | None = None) -> bool:
    """Try a failed message anew; False when it is not a failed one."""
    with transaction.atomic():
        failed = Message.objects.filter(pk=message_id, state=Message.State.FAILED)
        if not failed.update(state=Message.State.QUEUED, attempts=0, error=""):
            return False
        jobs.enqueue("messaging.carry", key=f"message:{message_id}", by=by, message=message_id)
    return True
