# SPDX-License-Identifier: Apache-2.0
"""The handbook's home, its packs side by side, the open questions, and the rules to try."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from zuoxi.policy import browsing
from zuoxi.policy.clauses import clause_book
from zuoxi.policy.evaluate import asked_rule, spoken_type
from zuoxi.policy.fact_lines import BadFacts
from zuoxi.policy.findings import Finding
from zuoxi.policy.forms import fact_fields, facts_of
from zuoxi.policy.gaps import gap_book
from zuoxi.policy.handbook import Handbook, handbook_of
from zuoxi.policy.models import Amendment
from zuoxi.policy.packs import UnknownPack, pack_codes
from zuoxi.policy.rulebook import Rule, UnknownRule, rule_named
from zuoxi.policy.selectors import rule_suspension, site_handbook
from zuoxi.policy.yaml_file import PackError
from zuoxi.web.access import may
from zuoxi.web.listing import page_of_rows


@may("policy.handbook")
def home(request: HttpRequest) -> HttpResponse:
    """This site's pack, what can be looked up, and the other packs."""
    handbook, today = site_handbook(), timezone.localdate()
    q = request.GET.get("q", "").strip()[:80]
    lines = browsing.figure_lines(handbook, today)
    packs = browsing.pack_lines()
    context = {
        "q": q,
        "here": next((one for one in packs if one.here), None),
        "packs": packs,
        "figures": len(lines),
        "rules": len(browsing.rule_lines(handbook)),
        "gaps": len(gap_book()),
        "resting": sum(line.source in ("gap", "ours") for line in lines),
        "proposed": Amendment.objects.filter(pack=handbook.pack, state=Amendment.State.PROPOSED).count(),
        "found": _found(handbook, q, today) if q else None,
    }
    return render(request, "policy/home.html", context)


def _found(handbook: Handbook, q: str, today: date) -> dict[str, Any]:
    asked = q.casefold()
    clauses = [
        clause
        for clause in clause_book().clauses.values()
        if any(asked in text.casefold() for text in (clause.id, clause.title.zh, clause.title.en))
    ]
    return {
        "figures": browsing.figure_lines(handbook, today, q=q)[:20],
        "rules": browsing.rule_lines(handbook, q)[:20],
        "clauses": clauses[:20],
    }


@may("policy.handbook")
def rules(request: HttpRequest) -> HttpResponse:
    handbook = site_handbook()
    q = request.GET.get("q", "").strip()[:80]
    page = page_of_rows(request, browsing.rule_lines(handbook, q))
    return render(request, "policy/rules.html", {"page": page, "q": q})


@may("policy.handbook")
def rule(request: HttpRequest, name: str) -> HttpResponse:
    """What a rule wants to know, what it can say, and facts to try it by."""
    code = request.GET.get("pack", "")
    try:
        handbook = handbook_of(code) if code and code != settings.PACK else site_handbook()
        found = rule_named(name)
    except (UnknownRule, UnknownPack, PackError) as wrong:
        raise Http404(name) from wrong
    finding, error = _tried(request, found, handbook)
    field = error.field if error else ""
    context = {
        "rule": found,
        "lead": browsing.RuleLine(found).lead,
        "in_pack": found.in_pack(handbook),
        "handbook": handbook,
        "packs": pack_codes(),
        "fields": fact_fields(found, request.GET, field, error.message if error else ""),
        "facts": [(fact, spoken_type(hint)) for fact, hint in found.fields.items()],
        "clauses": [clause_book().clauses[clause] for clause in found.clauses if clause in clause_book().clauses],
        "finding": finding,
        "error": error,
        "details": sorted(finding.details.items()) if finding else [],
        "off": rule_suspension(name),
        "on": request.GET.get("on", ""),
    }
    return render(request, "policy/rule.html", context)


def _tried(request: HttpRequest, rule: Rule, handbook: Handbook) -> tuple[Finding | None, BadFacts | None]:
    if "try" not in request.GET or not rule.in_pack(handbook):
        return None, None
    try:
        text = request.GET.get("on", "")
        on = date.fromisoformat(text) if text else None
    except ValueError:
        return None, BadFacts("on", "a date is expected, like 2026-11-22")
    try:
        asked = asked_rule(rule.name, handbook, on, today=timezone.localdate)
        return asked.finding(facts_of(rule, request.GET)), None
    except BadFacts as wrong:
        return None, wrong


@may("policy.handbook")
def questions(request: HttpRequest) -> HttpResponse:
    """Contradictions and silences of the documents, with what was decided."""
    handbook = site_handbook()
    asked = request.GET.get("by", "")
    rows = [
        {"gap": gap, "places": browsing.resting_on(gap.key, handbook)}
        for gap in gap_book().values()
        if asked in ("", gap.by)
    ]
    return render(request, "policy/questions.html", {"rows": rows, "by": asked, "pack": handbook.pack})


@may("policy.handbook")
def compare(request: HttpRequest) -> HttpResponse:
    """Two packs, only where they differ."""
    codes = [one for one in pack_codes() if one != "statutory"]
    left = request.GET.get("a", settings.PACK)
    right = request.GET.get("b", next((one for one in codes if one not in (left, "base")), left))
    if left not in codes or right not in codes:
        raise Http404(left)
    section = request.GET.get("section", "")
    try:
        found = browsing.differences(left, right, timezone.localdate())
        error = ""
    except PackError as wrong:
        found, error = [], str(wrong)
    sections = sorted({one.section for one in found})
    rows = [one for one in found if section in ("", one.section)]
    context = {"codes": codes, "a": left, "b": right, "sections": sections, "section": section, "error": error}
    return render(request, "policy/compare.html", context | {"page": page_of_rows(request, rows, 100)})
