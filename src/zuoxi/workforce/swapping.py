# SPDX-License-Identifier: Apache-2.0
"""Swaps: what would move, whether the month and the roster have room for it, the colleague's word, the writing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zuoxi.approvals.services import Sentence, notify
from zuoxi.people.models import Staff
from zuoxi.people.selectors import posts_on
from zuoxi.policy.findings import Finding
from zuoxi.policy.handbook import Reading
from zuoxi.policy.marks import enforces
from zuoxi.policy.rulebook import judge
from zuoxi.policy.selectors import site_handbook
from zuoxi.telephony.selectors import queues_by_staff, seats_by_staff
from zuoxi.vault.services import record
from zuoxi.workforce.cells import CellError, menu_on
from zuoxi.workforce.clock import gap_between, overlap
from zuoxi.workforce.conflicts import Planned
from zuoxi.workforce.editing import CellEdit, edit_cells, shown
from zuoxi.workforce.facts import SwapFacts, SwapFitFacts
from zuoxi.workforce.models import HandoverNote, RosterChange, ShiftAssignment, ShiftSwap
from zuoxi.workforce.selectors import absences_between

_DAY = timedelta(days=1)
LIVE = (ShiftSwap.State.ASKED, ShiftSwap.State.OPEN, ShiftSwap.State.APPLIED)
ASKED_YOU = gettext_lazy("%(name)s asks to swap with you: %(given)s and %(taken)s")
ANSWERED_NO = gettext_lazy("%(name)s does not want to swap")
FAILED = gettext_lazy("The swap of %(given)s could not be written: the roster was changed meanwhile. Ask again.")


class NotPossible(ValueError):
    """The swap cannot be asked; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants. For a substitute `peer` takes the applicant's shift of `given_day`."""

    kind: str
    applicant: Staff
    peer: Staff | None
    given_day: date
    taken_day: date
    reason: str = ""
    handover: str = ""

    @property
    def days(self) -> Decimal:
        """Days that count: of a swap with a colleague each day on which they change places, else one."""
        two = self.kind == ShiftSwap.Kind.PEER and self.given_day != self.taken_day
        return Decimal(2 if two else 1)


Move = tuple[int, date, str, str]


@dataclass(frozen=True, slots=True)
class Judged:
    """`quota` and `fit` are the two findings; `moves` the cells as they are and would be."""

    quota: Finding
    fit: Finding
    moves: tuple[Move, ...]

    @property
    def refused(self) -> Finding | None:
        """The finding that stands in the way, if one does."""
        if self.fit.outcome == "refused":
            return self.fit
        return None if self.quota.outcome == "allowed" else self.quota


def cells_between(staff_ids: list[int], first: date, last: date) -> dict[tuple[int, date], list[ShiftAssignment]]:
    """What stands in the published cells of some people."""
    rows = ShiftAssignment.objects.filter(
        staff_id__in=staff_ids, day__range=(first, last), roster__state="published"
    ).order_by("place")
    found: dict[tuple[int, date], list[ShiftAssignment]] = {}
    for row in rows:
        found.setdefault((row.staff_id, row.day), []).append(row)
    return found


def moves_of(wish: Wish) -> tuple[Move, ...]:
    """What would be written. Raises NotPossible where the roster says nothing of a day or nothing would change."""
    people = [wish.applicant.pk, *([wish.peer.pk] if wish.peer else [])]
    days = sorted({wish.given_day, wish.taken_day})
    held, seats = cells_between(people, days[0], days[-1]), seats_by_staff()
    text: dict[tuple[int, date], str] = {}
    for person in people:
        for day in days:
            rows = held.get((person, day))
            if rows is None:
                raise NotPossible(_("No published roster says what %(day)s is for everybody in this.") % {"day": day})
            text[person, day] = shown(rows, seats.get(person, ""))
    me, given, taken = wish.applicant.pk, wish.given_day, wish.taken_day
    if wish.peer is None:
        after = {(me, given): text[me, taken], (me, taken): text[me, given]}
    elif wish.kind == ShiftSwap.Kind.SUBSTITUTE:
        theirs = text[wish.peer.pk, given]
        joined = text[me, given] if theirs in ("", "R") else f"{theirs}+{text[me, given]}"
        after = {(me, given): "R", (wish.peer.pk, given): joined}
    else:
        after = {}
        for day in days:
            after[me, day], after[wish.peer.pk, day] = text[wish.peer.pk, day], text[me, day]
    moves = tuple((person, day, text[person, day], new) for (person, day), new in sorted(after.items()))
    if all(before == new for _person, _day, before, new in moves):
        raise NotPossible(_("Nothing would change: both sides read the same."))
    if wish.kind == ShiftSwap.Kind.REST and text[me, taken] != "R":
        raise NotPossible(_("A day of rest is exchanged for a shift: %(day)s is no day of rest.") % {"day": taken})
    return moves


@enforces("SCH-003", "SCH-004", "SCH-005", "SCH-006", "SCH-008")
def judge_wish(wish: Wish, now: datetime, *, but: ShiftSwap | None = None) -> Judged:
    """Both judgements on a wish. Raises NotPossible."""
    handbook = site_handbook()
    today = now.astimezone(handbook.zone).date()
    moves = moves_of(wish)
    fit = judge("shift.swap_fit", _fit_facts(wish, moves, today, but), handbook, today)
    if wish.kind == ShiftSwap.Kind.SUBSTITUTE:
        return Judged(fit, fit, moves) if fit.outcome == "refused" else Judged(_allowed(fit), fit, moves)
    month = today.replace(day=1)
    facts = SwapFacts(
        kind=wish.kind,  # type: ignore[arg-type]
        used_by_applicant=used(wish.applicant, wish.kind, month, but),
        used_by_counterpart=used(wish.peer, wish.kind, month, but) if wish.peer else None,
        days=wish.days,
    )
    return Judged(judge("shift.swap", facts, handbook, today), fit, moves)


def _allowed(fit: Finding) -> Finding:
    return Finding(fit.rule, fit.pack, "allowed", fit.why, fit.details, fit.clauses, fit.figures, fit.gaps, fit.ours)


def used(staff: Staff, kind: str, month: date, but: ShiftSwap | None = None) -> Decimal:
    """What the person has used of a kind in a month, whoever asked; what still waits counts too. In days, or times
    where the pack counts those."""
    from zuoxi.workforce.swaps import SWAP_QUOTAS

    rows = ShiftSwap.objects.filter(Q(applicant=staff) | Q(peer=staff), kind=kind, month=month, state__in=LIVE)
    if but is not None:
        rows = rows.exclude(pk=but.pk)
    counted = site_handbook().entry(SWAP_QUOTAS, kind).counted
    days = list(rows.values_list("days", flat=True))
    return sum(days, Decimal(0)) if counted == "days" else Decimal(len(days))


def _fit_facts(wish: Wish, moves: tuple[Move, ...], today: date, but: ShiftSwap | None) -> SwapFitFacts:
    first = min(day for _person, day, _before, _after in moves)
    people = sorted({person for person, _day, _before, _after in moves})
    last = max(day for _person, day, _before, _after in moves)
    rests, overlapping = [], False
    for person in people:
        shifts = _planned_after(person, moves, first - _DAY, last + _DAY)
        mine = {day for whom, day, _before, _after in moves if whom == person}
        for place, one in enumerate(shifts):
            for other in shifts[place + 1 :]:
                if not {one.day, other.day} & mine or (other.day - one.day).days > 1:
                    continue
                if overlap(one.clock, one.day, other.clock, other.day):
                    overlapping = True
                elif other.day != one.day:
                    rests.append(gap_between(one.clock, one.day, other.clock, other.day))
    shortest = Decimal(min(rests)) / 60 if rests else None
    return SwapFitFacts(
        days_ahead=(first - today).days,
        rest_hours=shortest.quantize(Decimal("0.1")) if shortest is not None else None,
        overlaps=overlapping,
        on_leave=any(
            _touches(one.starts_at, one.ends_at, moves, one.staff_id) for one in absences_between(first, last, people)
        ),
        skills_match=_skills_match(wish, today),
        others_in_shift=_others(wish, but),
    )


def _touches(starts_at: datetime, ends_at: datetime, moves: tuple[Move, ...], staff_id: int) -> bool:
    zone = site_handbook().zone
    since, until = starts_at.astimezone(zone).date(), (ends_at - timedelta(microseconds=1)).astimezone(zone).date()
    return any(person == staff_id and since <= day <= until for person, day, _before, _after in moves)


def _planned_after(person: int, moves: tuple[Move, ...], first: date, last: date) -> list[Planned]:
    """The person's shifts as they would be, by their start."""
    from zuoxi.workforce.clock import clock_from

    handbook = site_handbook()
    changed = {day: after for whom, day, _before, after in moves if whom == person}
    found = [
        Planned(row.day, row.template, row.kind, clock_from(row.clock))
        for (_staff, day), rows in cells_between([person], first, last).items()
        if day not in changed
        for row in rows
        if row.kind != "rest"
    ]
    for day, text in changed.items():
        try:
            parts = menu_on(handbook, day).parse(text)
        except CellError:
            continue
        found += [Planned(day, part.template, part.kind, part.clock) for part in parts if part.kind != "rest"]
    return sorted(found, key=lambda one: (one.day, one.clock.spans))


def _skills_match(wish: Wish, today: date) -> bool | None:
    """Whether the colleague serves at least one queue of each other's and holds the same post; None without one."""
    if wish.peer is None:
        return None
    held: dict[int, set[str]] = {}
    for post in posts_on(today):
        if post.staff_id in (wish.applicant.pk, wish.peer.pk):
            held.setdefault(post.staff_id, set()).add(post.position)
    if not held.get(wish.applicant.pk, set()) & held.get(wish.peer.pk, set()):
        return False
    queues = queues_by_staff()
    mine, theirs = queues.get(wish.applicant.pk, frozenset()), queues.get(wish.peer.pk, frozenset())
    return bool(mine & theirs) if mine or theirs else True


def _others(wish: Wish, but: ShiftSwap | None) -> int:
    """Colleagues of the same shift on the given day who are away or have swapped."""
    own = ShiftAssignment.objects.filter(staff=wish.applicant, day=wish.given_day).exclude(kind="rest").first()
    if own is None:
        return 0
    mates = ShiftAssignment.objects.filter(
        roster_id=own.roster_id, day=wish.given_day, template=own.template, clock=own.clock
    ).exclude(staff=wish.applicant)
    ids = set(mates.values_list("staff_id", flat=True))
    away = {one.staff_id for one in absences_between(wish.given_day, wish.given_day, ids)}
    swaps = ShiftSwap.objects.filter(Q(given_day=wish.given_day) | Q(taken_day=wish.given_day), state__in=LIVE)
    if but is not None:
        swaps = swaps.exclude(pk=but.pk)
    return len(away | (set(swaps.values_list("applicant_id", flat=True)) & ids))


@enforces("SCH-005", "SCH-019")
@transaction.atomic
def ask(wish: Wish, now: datetime) -> ShiftSwap:
    """Keep the wish. With a colleague it waits for his word; else it may be handed in at once.

    Raises NotPossible for what the rules forbid, and where a colleague takes over without a word of handover.
    """
    judged = judge_wish(wish, now)
    if judged.refused is not None:
        raise NotPossible(str(judged.refused.why))
    if wish.peer is not None and not wish.handover.strip():
        raise NotPossible(
            _("Write what is handed over: open tickets, calls back, escalations — or that there is nothing.")
        )
    swap = ShiftSwap.objects.create(
        kind=wish.kind,
        applicant=wish.applicant,
        peer=wish.peer,
        given_day=wish.given_day,
        taken_day=wish.taken_day,
        month=now.astimezone(site_handbook().zone).date().replace(day=1),
        days=wish.days,
        reason=wish.reason[:200],
        handover=wish.handover,
        moves=[[person, day.isoformat(), before, after] for person, day, before, after in judged.moves],
        finding=judged.quota.as_json(),
        asked_at=now,
    )
    if wish.peer is not None and wish.kind == ShiftSwap.Kind.PEER:
        text = Sentence(ASKED_YOU, name=wish.applicant.name, given=wish.given_day, taken=wish.taken_day)
        notify(wish.peer, text, reverse("workforce:swaps"), f"swap:{swap.pk}")
    return swap


@transaction.atomic
def decline(swap: ShiftSwap, now: datetime) -> bool:
    """The colleague says no; False when it no longer waits for him."""
    done = ShiftSwap.objects.filter(pk=swap.pk, state=ShiftSwap.State.ASKED).update(
        state=ShiftSwap.State.DECLINED, peer_answered_at=now
    )
    if done and swap.peer is not None:
        notify(swap.applicant, Sentence(ANSWERED_NO, name=swap.peer.name), reverse("workforce:swaps"))
    return bool(done)


def wish_of(swap: ShiftSwap) -> Wish:
    return Wish(
        swap.kind, swap.applicant, swap.peer, swap.given_day, swap.taken_day, swap.reason, swap.handover
    )  # fmt: skip


def stands(swap: ShiftSwap) -> bool:
    """Whether the cells still read as when it was asked."""
    held, seats = {}, seats_by_staff()
    days = sorted(date.fromisoformat(day) for _person, day, _before, _after in swap.moves)
    people = sorted({person for person, _day, _before, _after in swap.moves})
    held = cells_between(people, days[0], days[-1])
    return all(
        shown(held.get((person, date.fromisoformat(day)), []), seats.get(person, "")) == before
        for person, day, before, _after in swap.moves
    )


@enforces("SCH-006", "SCH-007", "SCH-019")
@transaction.atomic
def apply(swap: ShiftSwap, *, by: str, now: datetime) -> bool:
    """Write the granted swap into the roster, all of it or nothing; False when the roster was changed meanwhile."""
    swap = ShiftSwap.objects.select_for_update().get(pk=swap.pk)
    if swap.state == ShiftSwap.State.APPLIED:
        return True
    edits = [CellEdit(person, date.fromisoformat(day), after, before) for person, day, before, after in swap.moves]
    cause = RosterChange.Cause.SUBSTITUTE if swap.kind == ShiftSwap.Kind.SUBSTITUTE else RosterChange.Cause.SWAP
    mark = transaction.savepoint()
    result = edit_cells(edits, by=by, now=now, cause=cause)
    if result.told:
        transaction.savepoint_rollback(mark)
        ShiftSwap.objects.filter(pk=swap.pk).update(state=ShiftSwap.State.FAILED)
        record("workforce.swap.failed", who=by, on=("swap", swap.pk), at=now, why=result.told[0].message[:200])
        for person in filter(None, (swap.applicant, swap.peer)):
            notify(person, Sentence(FAILED, given=swap.given_day), reverse("workforce:swaps"))
        return False
    transaction.savepoint_commit(mark)
    ShiftSwap.objects.filter(pk=swap.pk).update(state=ShiftSwap.State.APPLIED, applied_at=now)
    record("workforce.swap.applied", who=by, on=("swap", swap.pk), at=now, kind=swap.kind)
    if swap.peer is not None:
        HandoverNote.objects.create(
            occasion=HandoverNote.Occasion.SWAP,
            day=swap.given_day,
            giver=swap.applicant,
            taker=swap.peer,
            tickets=swap.handover,
            given_at=now,
        )
    return True


def approvers(reading: Reading, kind: str) -> tuple[str, ...]:
    """Role words that sign, in order."""
    return reading.words("substitute.approvers" if kind == ShiftSwap.Kind.SUBSTITUTE else "swap.approvers")
