# SPDX-License-Identifier: Apache-2.0
"""A person's shifts as a calendar that his own telephone subscribes to (RFC 5545), behind a secret address."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from django.db import transaction
from django.utils import timezone

from zuoxi.people.models import Staff
from zuoxi.vault.services import record
from zuoxi.workforce.facts import RosteredShift
from zuoxi.workforce.models import CalendarFeed
from zuoxi.workforce.selectors import shifts_between

BACK, AHEAD = timedelta(days=31), timedelta(days=93)
_ZONE = (
    "BEGIN:VTIMEZONE",
    "TZID:Asia/Shanghai",
    "BEGIN:STANDARD",
    "DTSTART:19910915T020000",
    "TZOFFSETFROM:+0800",
    "TZOFFSETTO:+0800",
    "TZNAME:CST",
    "END:STANDARD",
    "END:VTIMEZONE",
)


def _fingerprint(token: str) -> str:
    return sha256(token.encode()).hexdigest()


@transaction.atomic
def make_feed(staff: Staff, now: datetime) -> str:
    """A new secret address's token; an earlier one stops to work. Shown once, kept only as a fingerprint."""
    token = secrets.token_urlsafe(32)
    CalendarFeed.objects.update_or_create(
        staff=staff, defaults={"fingerprint": _fingerprint(token), "made_at": now, "fetched_at": None}
    )
    record("workforce.feed.made", who=staff.code, on=("staff", staff.pk), at=now)
    return token


@transaction.atomic
def revoke_feed(staff: Staff, now: datetime) -> bool:
    """Stop the address; False when there was none."""
    gone, _rows = CalendarFeed.objects.filter(staff=staff).delete()
    if gone:
        record("workforce.feed.revoked", who=staff.code, on=("staff", staff.pk), at=now)
    return bool(gone)


def staff_of_token(token: str, now: datetime) -> Staff | None:
    """Whose calendar the token opens; None for one that is unknown, revoked, or of somebody who has left."""
    feed = CalendarFeed.objects.select_related("staff").filter(fingerprint=_fingerprint(token)).first()
    if (
        feed is None
        or not feed.staff.employed
        or (feed.staff.left_on and feed.staff.left_on <= timezone.localdate(now))
    ):
        return None
    CalendarFeed.objects.filter(pk=feed.pk).update(fetched_at=now)
    return feed.staff


def calendar_of_staff(staff: Staff, title: str, names: dict[str, str], now: datetime) -> str:
    """The calendar file: published shifts from a month back to a quarter ahead. `names`: template → words."""
    today = timezone.localdate(now)
    shifts = shifts_between(today - BACK, today + AHEAD, [staff.pk])
    return written(shifts, title=title, names=names, now=now)


def written(shifts: Iterable[RosteredShift], *, title: str, names: dict[str, str], now: datetime) -> str:
    """The shifts as RFC 5545: CRLF, lines folded at 75 octets, a stable UID for each shift."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Zuoxi//Rosters//ZH",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escaped(title)}",
        "X-WR-TIMEZONE:Asia/Shanghai",
        "REFRESH-INTERVAL;VALUE=DURATION:PT4H",
        *_ZONE,
    ]
    stamp = f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    for one in shifts:
        lines += _event(one, names.get(one.template, one.template), stamp)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in folded(line))


def _event(one: RosteredShift, name: str, stamp: str) -> list[str]:
    spans = " ".join(f"{start:%H:%M}–{end:%H:%M}" for start, end in one.spans)
    said = f"{name} {spans}" + (f" · {one.seat}" if one.seat else "")
    return [
        "BEGIN:VEVENT",
        f"UID:shift-{one.id}@zuoxi",
        f"DTSTAMP:{stamp}",
        f"DTSTART;TZID=Asia/Shanghai:{_local(one.spans[0][0])}",
        f"DTEND;TZID=Asia/Shanghai:{_local(one.spans[-1][1])}",
        f"SUMMARY:{escaped(name or spans)}",
        f"DESCRIPTION:{escaped(said)}",
        *([f"LOCATION:{escaped(one.seat)}"] if one.seat else []),
        "END:VEVENT",
    ]


def _local(moment: datetime) -> str:
    from zoneinfo import ZoneInfo

    return f"{moment.astimezone(ZoneInfo('Asia/Shanghai')):%Y%m%dT%H%M%S}"


def escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace(";", r"\;").replace(",", r"\,").replace("\r", "").replace("\n", r"\n")


def folded(line: str) -> Iterator[str]:
    """Parts of at most 75 octets, the later ones begun with a space, never within a sign."""
    part, length = "", 0
    for sign in line:
        octets = len(sign.encode())
        if length + octets > 75:
            yield part
            part, length = " ", 1
        part, length = part + sign, length + octets
    yield part
