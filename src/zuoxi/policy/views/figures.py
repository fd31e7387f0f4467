# SPDX-License-Identifier: Apache-2.0
"""Figures: their list, one through time, and the proposal to change it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from zuoxi.policy import browsing, services
from zuoxi.policy.amending import value_text
from zuoxi.policy.closing import closed_until
from zuoxi.policy.entries import FIGURES
from zuoxi.policy.explaining import gap_shown
from zuoxi.policy.forms import ProposalForm
from zuoxi.policy.handbook import Handbook
from zuoxi.policy.marks import shows
from zuoxi.policy.models import Amendment
from zuoxi.policy.selectors import site_handbook
from zuoxi.policy.views.people import person_of
from zuoxi.policy.vocabulary import figure_said, posts_named, role_words, units
from zuoxi.web.access import may
from zuoxi.web.listed import listed
from zuoxi.web.listing import page_of_rows


@may("policy.handbook")
def figures(request: HttpRequest) -> HttpResponse:
    asked = {name: request.GET.get(name, "").strip()[:80] for name in ("domain", "source", "q")}
    lines = browsing.figure_lines(site_handbook(), timezone.localdate(), **asked)
    context = asked | {
        "page": page_of_rows(request, lines),
        "domains": [(code, title) for code, title in browsing.domains().items()],
        "sources": list(browsing.SOURCES.items()),
    }
    return render(request, "policy/figures.html", context)


def _known(key: str) -> Handbook:
    handbook = site_handbook()
    if not handbook.has("figures", key):
        raise Http404(key)
    return handbook


def _about(handbook: Handbook, key: str) -> dict[str, Any]:
    body = handbook.entry(FIGURES, key)
    amendments = list(Amendment.objects.filter(pack=handbook.pack, figure=key).order_by("-pk")[:50])
    values = browsing.values_through_time(handbook, key, amendments)
    today = timezone.localdate()
    place = handbook.place("figures", key)
    return {
        "key": key,
        "body": body,
        "unit": units()[body.unit].title,
        "boundary": browsing.BOUNDARIES[body.boundary],
        "source": browsing.SOURCES[body.source],
        "gap": gap_shown(body.gap) if body.gap else None,
        "values": values,
        "now": next((one for one in reversed(values) if one.since <= today), None),
        "today": today,
        "chart": _steps(handbook, key) if units()[body.unit].kind == "number" and len(values) > 1 else None,
        "amendments": [(one, value_text(key, one.value)) for one in amendments],
        "rules": browsing.rules_reading(handbook, key),
        "modules": browsing.modules_reading(key),
        "place": f"{place.file.parent.name}/{place.file.name}:{place.line}",
        "pack": handbook.entries_by_section["figures"][key].pack,
    }


def _steps(handbook: Handbook, key: str) -> dict[str, Any]:
    held = handbook.values_of(key)
    body = handbook.entry(FIGURES, key)
    return {
        "kind": "bar",
        "x": [since.isoformat() for since, _value in held],
        "series": [{"name": str(body.label), "data": [float(value) for _since, value in held]}],
        "unit": "count",
    }


@may("policy.handbook")
def figure(request: HttpRequest, key: str) -> HttpResponse:
    """One figure: its values through time, what reads it, and its amendments."""
    return render(request, "policy/figure.html", _about(_known(key), key))


@shows("ORG-005")
@may("policy.amend")
def amend(request: HttpRequest, key: str) -> HttpResponse:
    """Propose another value; it is handed in for approval at once."""
    handbook = _known(key)
    form = ProposalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        proposal = services.Proposal(key, **{name: data[name] for name in data})
        try:
            made = services.propose(proposal, person_of(request), timezone.now(), user=request.user.pk)
        except services.Unfit as wrong:
            form.add_error(wrong.field if wrong.field in form.fields else None, wrong.message)
        except ValueError as wrong:  # nobody could sign it, with the remedy
            form.add_error(None, " ".join(filter(None, (str(wrong), str(getattr(wrong, "remedy", ""))))))
        else:
            return redirect("policy:amendment", made.pk)
    context = _about(handbook, key) | {"form": form, "closed": closed_until(), "hint": _hint(handbook, key)}
    context |= _signers(handbook)
    return render(request, "policy/amend.html", context, status=422 if form.errors else 200)


def _signers(handbook: Handbook) -> dict[str, str]:
    """Who signs a change, and who signs what the last of them proposes ("": nobody has to)."""
    reading = handbook.on(timezone.localdate())
    second = reading.flag("amendment.second_pair_of_eyes")
    return {
        "approvers": figure_said("roles", ",".join(reading.words("amendment.approvers")))[0],
        "second": figure_said("posts", ",".join(reading.words("amendment.second_signers")))[0] if second else "",
    }


def _hint(handbook: Handbook, key: str) -> str:
    unit = units()[handbook.entry(FIGURES, key).unit]
    if unit.code in ("role", "roles", "post", "posts"):
        named = role_words().values() if unit.code.startswith("role") else posts_named().values()
        titles = listed(str(getattr(one, "title", one)) for one in named)
        return _("by name, in their order: %(names)s") % {"names": titles}
    match unit.kind:
        case "flag":
            return _("yes or no")
        case "words":
            return _("words by comma, in their order")
        case "time":
            return _("a time of day, like 08:30")
        case _:
            return str(unit.title)
