# SPDX-License-Identifier: Apache-2.0
"""Reading what watching the floor needs: a fixed number of queries, however many people there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from zuoxi.floor.models import Observation, OpenDesk, Permit, Presence
from zuoxi.floor.watching import AWAY, SIGNED_OUT, Line, Shift, Spell, Watched, sign_in_of
from zuoxi.leave import selectors as leave
from zuoxi.people import selectors as people
from zuoxi.policy.handbook import Handbook
from zuoxi.telephony import selectors as telephony
from zuoxi.workforce import selectors as workforce
from zuoxi.workforce.facts import RosteredShift

KNOWN = timedelta(hours=16)
LOOKED_BACK = timedelta(minutes=90)
HANDED_OVER = timedelta(minutes=60)
AGENTS = ("TSR", "CSR")
OTHER_KINDS = ("duty", "training")


@dataclass(frozen=True, slots=True)
class Look:
    """What one look around begins from. `gap_since`: since when nobody is in charge; None: somebody is, or unknown."""

    people: tuple[Watched, ...]
    in_charge: int
    at_work: int
    gap_since: datetime | None


def shift_of(one: RosteredShift) -> Shift:
    return Shift(f"{one.day}:{one.template}:{one.id}", one.starts_at, one.ends_at, one.seat)


def _shifts(now: datetime, zone_day: date, ids: list[int] | None) -> dict[int, tuple[Shift | None, Shift | None]]:
    """Staff id → (shift that lasts, shift that ended within the hour)."""
    found: dict[int, tuple[Shift | None, Shift | None]] = {}
    for one in workforce.shifts_between(zone_day - timedelta(days=1), zone_day, ids):
        if one.kind in OTHER_KINDS:
            continue
        current, before = found.get(one.staff_id, (None, None))
        if one.starts_at <= now < one.ends_at:
            current = shift_of(one)
        elif now - HANDED_OVER <= one.ends_at <= now:
            before = shift_of(one)
        found[one.staff_id] = (current, before)
    return found


def _away(now: datetime, codes: list[str] | None) -> dict[str, list[Spell]]:
    states = (*sorted(AWAY), SIGNED_OUT)
    spells: dict[str, list[Spell]] = defaultdict(list)
    for span in telephony.states_between(now - KNOWN, now, agents=codes, states=states):
        spells[span.agent].append(Spell(span.state, span.reason, span.since, span.until))
    return spells


def _released(now: datetime, codes: list[str] | None) -> dict[str, list[tuple[datetime, datetime]]]:
    rows = Permit.objects.filter(
        kind__in=("leave_seat", "break_release"), decided_at__isnull=False, until__isnull=False,
        decided_at__gte=now - KNOWN,
    ).exclude(state="refused")  # fmt: skip
    if codes is not None:
        rows = rows.filter(staff__code__in=codes)
    found: dict[str, list[tuple[datetime, datetime]]] = defaultdict(list)
    for code, since, until in rows.values_list("staff__code", "decided_at", "until"):
        if since is not None and until is not None:
            found[code].append((since, until))
    return found


def _lines(handbook: Handbook, now: datetime) -> dict[str, Line]:
    reading = handbook.on(now.astimezone(handbook.zone).date())
    least, short = reading.whole("floor.line_held.times"), reading.whole("floor.line_held.short_seconds")
    rows = telephony.repeated_outgoing(now - timedelta(hours=1), short, least)
    return {one.agent: Line(one.calls, one.short, one.first_at) for one in rows}


def watched_people(now: datetime, handbook: Handbook, codes: Iterable[str] | None = None) -> list[Watched]:
    """The agents as they are now: all of them, or some. About eight queries."""
    day = now.astimezone(handbook.zone).date()
    wanted = None if codes is None else sorted(codes)
    posts = people.posts_on(day, positions=AGENTS)
    posts = [one for one in posts if wanted is None or one.code in wanted]
    ids = [one.staff_id for one in posts] if wanted is not None else None
    shifts = _shifts(now, day, ids)
    spells = _away(now, wanted)
    present = telephony.present_states()
    released = _released(now, wanted)
    desks = dict(OpenDesk.objects.values_list("agent", "seen_at"))
    seats = telephony.seats_by_staff()
    lines = _lines(handbook, now) if wanted is None else {}
    excused = {spell.staff_id for spell in leave.leave_between(day, day, ids) if spell.starts_at <= now < spell.ends_at}
    begin = now - KNOWN  # who was signed out then has signed in since; of the others the first interval tells
    unknown = [
        one.code for one in posts if not any(s.state == SIGNED_OUT and s.since <= begin for s in spells[one.code])
    ]
    first = telephony.first_seen_since(now - KNOWN, [code for code in unknown if code in present])
    reconnect = timedelta(minutes=handbook.on(day).whole("floor.reconnect.minutes"))
    found = []
    for one in posts:
        current, before = shifts.get(one.staff_id, (None, None))
        own = spells[one.code]
        state = present.get(one.code)
        outs = [(spell.since, spell.until) for spell in own if spell.state == SIGNED_OUT]
        found.append(
            Watched(
                one.code,
                one.staff_id,
                one.team_id,
                Spell(state.state, state.reason, state.from_at, None) if state else None,
                current,
                before,
                sign_in_of(outs, first.get(one.code), current, reconnect),
                tuple(spell for spell in own if spell.until is None or spell.until > now - LOOKED_BACK),
                seats.get(one.staff_id, ""),
                desks.get(one.code),
                lines.get(one.code),
                tuple(released.get(one.code, ())),
                one.staff_id in excused,
            )
        )
    return found


def look_around(now: datetime, handbook: Handbook) -> Look:
    """Everybody, and whether somebody is in charge."""
    persons = tuple(watched_people(now, handbook))
    at_work = [one for one in persons if one.present]
    in_charge = Presence.objects.filter(left_at=None).count()
    gap_since = None
    known = Observation.objects.filter(kind="no_supervisor", ended_at=None).order_by("since").first()
    if not in_charge and at_work and known is not None:
        gap_since = known.since
    elif not in_charge and at_work:
        left = Presence.objects.filter(left_at__isnull=False).order_by("-left_at").values_list("left_at", flat=True)
        began = [one.signed_in_at for one in at_work if one.signed_in_at]
        marks = [one for one in (left.first(), min(began, default=None)) if one is not None]
        gap_since = max(marks, default=None)
    return Look(persons, in_charge, len(at_work), gap_since)
