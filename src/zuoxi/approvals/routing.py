# SPDX-License-Identifier: Apache-2.0
"""Who stands behind a role word, for one applicant, at one moment.

Words of several posts (a manager, a head of department) mean the one in the applicant's own line; words of one post
mean that post. From there it goes up: who is vacant, away without a stand-in, or the applicant himself is passed over.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone

from zuoxi.approvals import absence, duty
from zuoxi.approvals.models import Delegation
from zuoxi.people.models import Staff
from zuoxi.people.selectors import Holder, Ladder, Standing, holders_near, ladder, standing_of
from zuoxi.policy.marks import enforces
from zuoxi.policy.selectors import site_handbook
from zuoxi.policy.vocabulary import RoleWord, role_words

How = dict[str, Any]
DUTY_FALLBACK = "OM"


@dataclass(frozen=True, slots=True)
class Chosen:
    """Who signs. `others` may sign as well (the one stood in for, everybody on duty); `how` says how he was found."""

    staff: Staff | None
    others: tuple[Staff, ...] = ()
    how: tuple[How, ...] = ()

    @property
    def entitled(self) -> frozenset[int]:
        return frozenset(one.pk for one in (self.staff, *self.others) if one is not None)


@dataclass(slots=True)
class _Search:
    """One look for an approver: what it knows, and what it noted on the way."""

    applicant: Staff
    kind: str
    now: datetime
    day: date
    steps: Ladder
    where: Standing
    how: list[How] = field(default_factory=list)


def choose(word: str, applicant: Staff, kind: str, now: datetime) -> Chosen:
    """Who signs a step of that role word for the applicant at that moment; `staff` None: nobody stands there."""
    role = role_words()[word]
    steps = ladder()
    day = timezone.localdate(now)
    search = _Search(applicant, kind, now, day, steps, standing_of(applicant, day, steps))
    return _on_duty(search, word) if role.on_duty else _up(search, _start(search, role))


@enforces("ORG-003")
def _on_duty(search: _Search, word: str) -> Chosen:
    """Whoever is on duty; with nobody there the named stand-in, else the operations manager (ORG-003)."""
    present = [one for one in duty.on_duty(search.now, search.applicant) if _may_sign(search, one)]
    if present:
        first, *rest = present
        return Chosen(first, tuple(rest), ({"code": "on_duty", "who": first.name},))
    named = _active(search.day).filter(giver__isnull=True, role=word).select_related("taker__user").first()
    if named is not None and _may_sign(search, named.taker) and not absence.is_away(named.taker, search.now):
        return Chosen(named.taker, (), ({"code": "duty_stand_in", "who": named.taker.name},))
    search.how.append({"code": "nobody_on_duty"})
    return _up(search, DUTY_FALLBACK if search.where.position != DUTY_FALLBACK else search.steps.above.get("OM"))


def _may_sign(search: _Search, staff: Staff) -> bool:
    gone = not staff.employed or (staff.left_on is not None and staff.left_on <= search.day)
    return staff.pk != search.applicant.pk and not gone


def _start(search: _Search, role: RoleWord) -> str | None:
    """The post to begin with."""
    if len(role.positions) == 1:
        post = role.positions[0]
        return search.steps.above.get(post) if post == search.where.position else post
    in_line = [post for post in search.where.line if post in role.positions]
    if in_line:
        return in_line[0]
    if search.where.rank is None:
        return role.positions[0] if role.positions else None
    highest = max((search.steps.ranks.get(post, 0) for post in role.positions), default=0)
    above = [post for post in search.where.line if search.steps.ranks[post] <= highest]
    if above:
        search.how.append({"code": "next_above", "post": above[0]})
        return above[0]
    return None


def _posts_up(search: _Search, start: str | None) -> Iterator[str]:
    if start is not None:
        yield start
        yield from search.steps.line_from(start)


@enforces("ORG-001")
def _up(search: _Search, start: str | None) -> Chosen:
    """The nearest who can sign, from the post upward; whoever is stood in for may still sign himself."""
    passed: list[Staff] = []
    for post in _posts_up(search, start):
        holders = holders_near(search.where, [post], search.day)
        if not holders:
            if post != search.where.position:
                search.how.append({"code": "vacant", "post": post})
            continue
        found = _of_post(search, post, holders, passed)
        if found is not None:
            others = tuple(one for one in passed if one.pk != found.pk)
            return Chosen(found, others, tuple(search.how))
    if passed:  # everybody above is away: it waits for the nearest rather than for nobody
        search.how.append({"code": "all_away", "who": passed[0].name})
        return Chosen(passed[0], tuple(passed[1:]), tuple(search.how))
    return Chosen(None, (), tuple(search.how))


def _of_post(search: _Search, post: str, holders: list[Holder], passed: list[Staff]) -> Staff | None:
    """The nearest holder when he is here, else his delegate, else who stands in for the post; None: go further up."""
    holder = holders[0].staff
    given = _delegate(search, holder)
    if given is None and not absence.is_away(holder, search.now):
        return holder
    passed.append(holder)
    if given is not None:
        if _may_sign(search, given) and not absence.is_away(given, search.now):
            search.how.append({"code": "delegate", "who": given.name, "for": holder.name})
            return given
        search.how.append({"code": "delegate_away", "who": given.name, "for": holder.name})
    stand_in = _stand_in(search, post, holder)
    if stand_in is not None:
        search.how.append({"code": "stand_in", "who": stand_in.name, "for": holder.name})
        return stand_in
    search.how.append({"code": "away", "who": holder.name})
    return None


def _active(day: date) -> Any:
    return Delegation.objects.filter(Q(revoked_at__isnull=True), from_on__lte=day, until_on__gte=day)


def _delegate(search: _Search, holder: Staff) -> Staff | None:
    """Whom he has named for this time and type; what that one has handed on himself does not count."""
    rows = _active(search.day).filter(giver=holder).select_related("taker__user").order_by("from_on", "pk")
    return next((row.taker for row in rows if row.covers(search.kind)), None)


def _stand_in(search: _Search, post: str, holder: Staff) -> Staff | None:
    """The B named to this A, else somebody of the posts that stand in for this one; who is here and may sign."""
    for named in absence.stand_ins_of(holder, search.now):
        if _may_sign(search, named) and not absence.is_away(named, search.now):
            return named
    reading = site_handbook().on(search.day)
    key = f"approvals.stand_in.{post}"
    if not reading.has(key):
        return None
    for other in reading.words(key):
        for one in holders_near(search.where, [other], search.day):
            if one.staff.pk != holder.pk and not absence.is_away(one.staff, search.now):
                return one.staff
    return None


def next_above(current: Staff, applicant: Staff, kind: str, now: datetime) -> Chosen:
    """The next authority above whoever has not decided; `staff` None at the top."""
    steps = ladder()
    day = timezone.localdate(now)
    search = _Search(applicant, kind, now, day, steps, standing_of(applicant, day, steps))
    post = standing_of(current, day, steps).position
    found = _up(search, steps.above.get(post)) if post else Chosen(None)
    return found if found.staff is None or found.staff.pk != current.pk else Chosen(None)
