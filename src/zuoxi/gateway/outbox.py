# SPDX-License-Identifier: Apache-2.0
"""Telling web hooks: written down with what happened, carried by jobs, given up on after half a day."""

from __future__ import annotations

import base64
import json
import secrets
import time
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from zuoxi.approvals import services as approvals
from zuoxi.gateway.kinds import TEST, VERSION
from zuoxi.gateway.models import Delivery, Happening, Subscription, Try
from zuoxi.jobs import services as jobs
from zuoxi.messaging import services as messaging

SECRET: Final = "whsec_"  # noqa: S105 - the prefix by which receivers know a secret
GONE: Final = 410
REDIRECT: Final = "HTTP {}: redirects are not followed"


class NotThrough(Exception):
    """This attempt failed; another may not."""


def put(kind: str, data: dict[str, Any], at: datetime) -> list[Delivery]:
    """Part of the caller's transaction. Nothing is written when nobody wants to be told."""
    wanting = [one for one in Subscription.objects.filter(enabled=True) if kind in one.kinds]
    return _put(kind, data, at, wanting) if wanting else []


def put_test(subscription: Subscription, by: int | None, now: datetime) -> Delivery:
    """A happening of the kind "ping" to one address, also to one that is switched off."""
    return _put(TEST, {"subscription": subscription.pk}, now, [subscription])[0]


def _put(kind: str, data: dict[str, Any], at: datetime, wanting: list[Subscription]) -> list[Delivery]:
    with transaction.atomic():
        uid = f"evt_{secrets.token_hex(12)}"
        told = Happening.objects.create(uid=uid, kind=kind, version=VERSION, at=at, data=data)
        made = [Delivery.objects.create(subscription=one, happening=told, created_at=timezone.now()) for one in wanting]
        for one in made:
            _enqueue(one)
    return made


def _enqueue(delivery: Delivery, by: int | None = None) -> None:
    """One at a time to one address; a retry that waits does not hold up the others."""
    key = f"webhook:{delivery.subscription_id}"
    jobs.enqueue("gateway.deliver", key=key, by=by, delivery=delivery.pk)


def body_of(happening: Happening) -> bytes:
    told = {
        "id": happening.uid,
        "type": happening.kind,
        "version": happening.version,
        "timestamp": happening.at.isoformat(),
        "data": happening.data,
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def keys_of(subscription: Subscription, now: datetime) -> list[bytes]:
    """The key of each secret that signs now, the new one first."""
    texts = [subscription.secret]
    if subscription.old_secret and subscription.old_until is not None and now < subscription.old_until:
        texts.append(subscription.old_secret)
    return [base64.b64decode((text or "").removeprefix(SECRET)) for text in texts]


def deliver(delivery_id: int, now: datetime) -> bool:
    """One attempt, outside a transaction. False: there is nothing to send any more. Raises NotThrough."""
    delivery = Delivery.objects.select_related("subscription", "happening").get(pk=delivery_id)
    there = delivery.subscription
    if delivery.state != Delivery.State.QUEUED:
        return False
    if not there.enabled and delivery.happening.kind != TEST:
        give_up(delivery_id, "the web hook is switched off", now)
        return False
    made, final = _attempt(delivery, now)
    with transaction.atomic():
        made.save()
        delivery.tries += 1
        if made.status is not None and 200 <= made.status < 300:
            delivery.state, delivery.ended_at, delivery.error = Delivery.State.DELIVERED, now, ""
        else:
            delivery.error = made.error or f"HTTP {made.status}"
        delivery.save(update_fields=["tries", "state", "ended_at", "error"])
    if made.status == GONE:
        _off(there, "the receiver says that it is gone for good (HTTP 410)")
    if delivery.state != Delivery.State.DELIVERED:
        if final or made.status == GONE:
            give_up(delivery_id, delivery.error, now)
        else:
            raise NotThrough(delivery.error)
    return True


def _attempt(delivery: Delivery, now: datetime) -> tuple[Try, bool]:
    """What came of it, and whether another attempt is of no use."""
    made, began = Try(delivery=delivery, at=now), time.monotonic()
    final = False
    try:
        there, happening = delivery.subscription, delivery.happening
        answer = messaging.knock_signed(
            there.url, body_of(happening), happening.uid, keys_of(there, now), int(now.timestamp())
        )
        made.status, made.answer = answer.status_code, answer.text.replace("\0", "")[:500]
        if 300 <= answer.status_code < 400:
            made.error = REDIRECT.format(answer.status_code)
    except messaging.Refused as fault:
        made.error, final = str(fault)[:300], True
    except messaging.Unreachable as fault:
        made.error = str(fault)[:300]
    made.milliseconds = round((time.monotonic() - began) * 1000)
    return made, final


def give_up(delivery_id: int, error: str, now: datetime) -> None:
    """Lay it among the dead letters, and tell the owner once a day."""
    rows = Delivery.objects.filter(pk=delivery_id, state=Delivery.State.QUEUED)
    with transaction.atomic():
        if not rows.update(state=Delivery.State.DEAD, ended_at=now, error=error[:300]):
            return
        there = Delivery.objects.select_related("subscription__owner").get(pk=delivery_id).subscription
        text = format_lazy(
            _("The web hook “{name}” could not be reached; what it was to be told is kept."), name=there.name
        )
        day = timezone.localdate(now)
        approvals.notify(there.owner, text, reverse("gateway:webhook", args=[there.pk]), f"webhook:{there.pk}:{day}")


def _off(subscription: Subscription, because: str) -> None:
    Subscription.objects.filter(pk=subscription.pk).update(enabled=False, off_because=because)


def send_again(delivery_id: int, by: int | None, now: datetime) -> bool:
    """Try a dead letter anew; False when it is not one."""
    with transaction.atomic():
        rows = Delivery.objects.filter(pk=delivery_id, state=Delivery.State.DEAD)
        if not rows.update(state=Delivery.State.QUEUED, ended_at=None, error=""):
            return False
        _enqueue(Delivery.objects.get(pk=delivery_id), by)
    return True


def send_all_again(subscription_id: int, by: int | None, now: datetime) -> int:
    """The same for every dead letter of an address; returns how many."""
    dead = Delivery.objects.filter(subscription_id=subscription_id, state=Delivery.State.DEAD).order_by("pk")
    return sum(send_again(pk, by, now) for pk in list(dead.values_list("pk", flat=True)))


def clear(before: datetime) -> int:
    """Forget what ended before a moment, with its attempts; returns how many deliveries."""
    ended = Delivery.objects.filter(ended_at__lt=before)
    count = ended.count()
    ended.delete()
    Happening.objects.filter(at__lt=before, deliveries=None).delete()
    return count
