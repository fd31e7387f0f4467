# SPDX-License-Identifier: Apache-2.0
"""What the handbook expects of each post: whom it reports to, who appraises it, what it answers for, who holds it."""

from __future__ import annotations

from collections import Counter

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from zuoxi.people.handbook import POSTS
from zuoxi.people.models import Assignment, Staff
from zuoxi.policy.handbook import handbook_of
from zuoxi.policy.marks import shows
from zuoxi.policy.selectors import clause_titles, site_handbook, trade_packs
from zuoxi.web.access import may


def holders_by_position() -> Counter[str]:
    """How many people hold each post today."""
    today = timezone.localdate()
    rows = Assignment.objects.filter(Assignment.in_force(today), Staff.employed_on(today, "staff__"))
    return Counter(code for code, _staff in set(rows.values_list("position__code", "staff_id")))


@shows(
    "ORG-001", "ORG-005", "ORG-007", "ORG-008", "ORG-009", "ORG-010", "ORG-011", "ORG-012", "ORG-013", "ORG-014",
    "ORG-015", "ORG-016", "ORG-017", "ORG-018", "ORG-019", "ORG-020", "ORG-031", "ORG-032", "ORG-033", "ORG-034",
    "ORG-035", "ORG-038", "ORG-039", "ORG-040", "ORG-041", "ORG-042", "ORG-043", "ORG-044", "ORG-045",
)  # fmt: skip
@may("people.organisation")
def posts(request: HttpRequest) -> HttpResponse:
    """The posts of the site's pack, or of another one asked for."""
    here, packs = site_handbook(), trade_packs()
    asked = request.GET.get("pack") or here.pack
    if asked != here.pack and asked not in dict(packs):
        raise Http404(asked)
    handbook = here if asked == here.pack else handbook_of(asked)
    held, titles = holders_by_position(), clause_titles()
    lines = [
        {
            "key": key,
            "post": body,
            "held": held.get(body.position) if body.position and asked == here.pack else None,
            "duties": [(duty.say, [(clause, titles.get(clause)) for clause in duty.clauses]) for duty in body.duties],
        }
        for key, body in sorted(handbook.entries(POSTS).items(), key=lambda pair: pair[1].order)
    ]
    context = {"lines": lines, "packs": packs, "asked": asked}
    return render(request, "people/posts.html", context)
