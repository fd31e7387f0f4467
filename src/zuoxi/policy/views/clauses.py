# SPDX-License-Identifier: Apache-2.0
"""The clause map: domains with their counts, the clauses of one, and what carries a clause."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language

from zuoxi.policy import browsing
from zuoxi.policy.clauses import clause_book
from zuoxi.policy.gaps import gap_book
from zuoxi.policy.happenings import happened
from zuoxi.policy.places import sorted_out
from zuoxi.policy.selectors import Status, clause_map, domain_lines, site_handbook
from zuoxi.web.access import may


@may("policy.clauses")
def clauses(request: HttpRequest) -> HttpResponse:
    lines = domain_lines()
    totals = {status: sum(line.counts[status] for line in lines) for status in Status}
    context = {"lines": lines, "statuses": list(Status), "totals": totals, "total": sum(totals.values())}
    return render(request, "policy/clauses.html", context)


@may("policy.clauses")
def domain(request: HttpRequest, code: str) -> HttpResponse:
    title = clause_book().domains.get(code)
    if title is None:
        raise Http404(code)
    asked = request.GET.get("status", "")
    states = [state for state in clause_map().values() if state.clause.domain == code and asked in ("", state.status)]
    context = {"code": code, "title": title, "states": states, "statuses": list(Status), "asked": asked}
    return render(request, "policy/domain.html", context)


@may("policy.handbook")
def clause(request: HttpRequest, code: str) -> HttpResponse:
    """What a clause is about and what is judged by it; how far the program answers it, and what happened under it, for
    those who look after that."""
    state = clause_map().get(code)
    if state is None:
        raise Http404(code)
    other = state.clause.title.zh if (get_language() or "").startswith("en") else state.clause.title.en
    handbook, today = site_handbook(), timezone.localdate()
    whole = request.user.may("policy.clauses")  # type: ignore[union-attr]
    context = {
        "state": state,
        "whole": whole,
        "places": {
            "rules": sorted_out(state.rules),
            "screens": sorted_out(state.screens),
            "stores": sorted_out(state.stores),
            "tests": sorted_out(state.tests),
        },
        "other": other,
        "domain": clause_book().domains[state.clause.domain],
        "figures": browsing.figures_of_clause(handbook, code, today),
        "judgements": browsing.rules_of_clause(handbook, code),
        "gaps": [gap for gap in gap_book().values() if code in gap.clauses],
        "happened": [
            (title, one, one.url if not one.capability or request.user.may(one.capability) else "")  # type: ignore[union-attr]
            for title, one in (happened(code, today.replace(day=1), today) if whole else ())
        ],
        "month": today,
    }
    return render(request, "policy/clause.html", context)
