# SPDX-License-Identifier: Apache-2.0
"""What may not stand in the organisation: judgements over plain rows, without clock or database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zuoxi.policy.marks import enforces


@dataclass(frozen=True, slots=True)
class Breach:
    """Something that the organisation's rules forbid: who or what, in words, with the nearest remedy."""

    code: str
    clauses: tuple[str, ...]
    subject: str
    message: str | Promise
    remedy: str | Promise


@dataclass(frozen=True, slots=True)
class Held:
    """An assignment in force. `employed` False: the person has left."""

    staff: str
    position: str
    team: str | None
    employed: bool = True


@enforces("ORG-001")
def superior_loop(reports_to: Mapping[str, str | None]) -> tuple[str, ...]:
    """The codes of one loop in the line of command, in order; empty when every line ends at a top."""
    clear: set[str] = set()
    for start in reports_to:
        path: list[str] = []
        here: str | None = start
        while here is not None and here not in clear:
            if here in path:
                return tuple(path[path.index(here) :])
            path.append(here)
            here = reports_to.get(here)
        clear.update(path)
    return ()


@enforces("ORG-001")
def loop_breaches(reports_to: Mapping[str, str | None]) -> list[Breach]:
    loop = superior_loop(reports_to)
    if not loop:
        return []
    return [
        Breach(
            "superior_loop",
            ("ORG-001",),
            " → ".join((*loop, loop[0])),
            _("These posts report to each other in a circle."),
            _("Give one of them a superior outside the circle."),
        )
    ]


@enforces("ORG-001")
def leaver_breaches(held: Iterable[Held]) -> list[Breach]:
    """People who have left and still hold a post that others' requests would go to."""
    return [
        Breach(
            "leaver_holds_post",
            ("ORG-001",),
            f"{one.staff} {one.position}",
            _("This person has left and still holds a post."),
            _("End the assignment on the day of leaving."),
        )
        for one in held
        if not one.employed
    ]


@enforces("ORG-001")
def double_post_breaches(held: Iterable[Held]) -> list[Breach]:
    """People with two different positions at once. Several teams in one position are no breach."""
    positions: dict[str, set[str]] = {}
    for one in held:
        positions.setdefault(one.staff, set()).add(one.position)
    return [
        Breach(
            "two_positions",
            ("ORG-001",),
            f"{staff} {'/'.join(sorted(found))}",
            _("This person holds two different positions at the same time."),
            _("End one of them, or record an acting appointment with dates that do not overlap."),
        )
        for staff, found in sorted(positions.items())
        if len(found) > 1
    ]


@enforces("ORG-001")
def leaderless_breaches(teams: Iterable[str], held: Iterable[Held], leaders: frozenset[str]) -> list[Breach]:
    """Teams without anybody in a leader's position."""
    led = {one.team for one in held if one.position in leaders and one.employed}
    return [
        Breach(
            "team_without_leader",
            ("ORG-001",),
            team,
            _("This team has no leader."),
            _("Assign a team leader; until then requests go to the supervisor."),
        )
        for team in teams
        if team not in led
    ]


@enforces("ORG-023")
def early_effect(effective_on: date, signed_on: date | None, subject: str = "") -> Breach | None:
    """A transfer works from the Director's signature on, not from a day before it; unsigned it does not work."""
    if signed_on is None:
        return Breach(
            "not_signed",
            ("ORG-023",),
            subject,
            _("The Director has not signed this transfer."),
            _("It takes effect on the day of the signature."),
        )
    if effective_on >= signed_on:
        return None
    return Breach(
        "before_signature",
        ("ORG-023",),
        subject,
        _("The transfer would take effect before the day it was signed."),
        _("Choose the day of the signature or a later one."),
    )


@enforces("ORG-024")
def too_early_to_move(status: str, signed_by_director: bool, subject: str = "") -> Breach | None:
    """In training or on probation nobody is moved without the Director's signature."""
    if status not in ("training", "probation") or signed_by_director:
        return None
    return Breach(
        "still_on_trial",
        ("ORG-024",),
        subject,
        _("This person is still in training or on probation."),
        _("Ask the Director to sign, or wait until the period is over."),
    )
