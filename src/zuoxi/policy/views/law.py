# SPDX-License-Identifier: Apache-2.0
"""The statutory floor: its warnings, and what the director has switched off."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zuoxi.policy import browsing, services, site
from zuoxi.policy.forms import SwitchForm
from zuoxi.policy.models import Suspension
from zuoxi.policy.selectors import site_handbook
from zuoxi.policy.statutory import WARNINGS, statutory_handbook
from zuoxi.policy.views.people import person_of
from zuoxi.web.access import may


@may("policy.handbook")
def law(request: HttpRequest) -> HttpResponse:
    handbook = statutory_handbook()
    off_warnings = site.switched_off(Suspension.Kind.WARNING)
    off_rules = site.switched_off(Suspension.Kind.RULE)
    context = {
        "warnings": [(key, body, off_warnings.get(key)) for key, body in handbook.entries(WARNINGS).items()],
        "figures": browsing.figure_lines(handbook, timezone.localdate()),
        "rules": [(line, off_rules.get(line.name)) for line in browsing.rule_lines(site_handbook()) if line.rule.quiet],
        "history": Suspension.objects.order_by("-id")[:20],
    }
    return render(request, "policy/law.html", context)


@may("policy.switch")
@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    form = SwitchForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why: it stands beside every outcome that it concerns."))
        return redirect("policy:law")
    data = form.cleaned_data
    try:
        services.switch(
            data["kind"],
            data["key"],
            off=data["off"],
            reason=data["reason"],
            by=person_of(request),
            now=timezone.now(),
        )
    except services.Unfit as wrong:
        messages.error(request, wrong.message)
    else:
        messages.success(request, _("Switched. It is kept in the audit with your name."))
    return redirect("policy:law")
