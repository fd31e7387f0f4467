# SPDX-License-Identifier: Apache-2.0
"""How many calls were taken: what other packages set their own numbers against, as complaints per thousand calls."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Count
from django.utils import timezone

from zuoxi.people import selectors as people
from zuoxi.telephony.facts import Direction
from zuoxi.telephony.models import Call
from zuoxi.web.figures import PERSON, TEAM, Ask, Tally, counted


def calls_taken(ask: Ask) -> Tally:
    """Answered calls in and out as the count "calls": of the whole, by period, by person (staff number), by team (the
    one the person belongs to on the last day). Other groupings know no calls."""
    rows = Call.objects.filter(answered_at__isnull=False).exclude(direction=Direction.INTERNAL)
    if ask.by == TEAM:
        codes, last = people.team_codes(), timezone.localdate(ask.until - timedelta(microseconds=1))
        team = {post.code: codes.get(post.team_id or 0, "") for post in people.posts_on(last)}
        sums: dict[str, int] = {}
        for code, counts in _by_person(rows, ask).items():
            sums[team.get(code, "")] = sums.get(team.get(code, ""), 0) + int(counts["calls"] or 0)
        return {code: {"calls": number} for code, number in sums.items()}
    if ask.by == PERSON:
        return _by_person(rows, ask)
    if ask.by not in ("", "period"):
        return {}
    return counted(rows, "offered_at", ask, {"calls": Count("pk")})


def _by_person(rows: object, ask: Ask) -> Tally:
    asked = Ask(ask.user, ask.since, ask.until, PERSON, ask.bucket)
    return counted(rows, "offered_at", asked, {"calls": Count("pk")}, {PERSON: "agent"})  # type: ignore[arg-type]
