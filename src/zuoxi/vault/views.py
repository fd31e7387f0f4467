# SPDX-License-Identifier: Apache-2.0
"""The audit log: who did what, newest first, and whether the chain is whole."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from zuoxi.vault import services
from zuoxi.vault.access import AUDIT_CONTENT
from zuoxi.vault.selectors import AuditFilter, audit_rows
from zuoxi.vault.verbs import known_verbs
from zuoxi.web.access import may
from zuoxi.web.marks import shows

ROWS = 50


class AuditFilterForm(forms.Form):
    who = forms.CharField(label=_("Who (staff number)"), required=False, max_length=32)
    verb = forms.ChoiceField(label=_("What"), required=False)
    day = forms.DateField(label=_("Day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    on = forms.CharField(label=_("About (number)"), required=False, max_length=64)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["verb"].choices = [("", _("All")), *known_verbs()]  # type: ignore[attr-defined]


@shows("SEC-009", "SEC-013")
@may("vault.audit")
def audit_log(request: HttpRequest) -> HttpResponse:
    """Paged by number (`before`), because the chain only grows. IT sees no purpose, subject or detail."""
    form = AuditFilterForm(request.GET)
    form.is_valid()
    given = form.cleaned_data
    content = bool(getattr(request.user, "may", lambda _code: False)(AUDIT_CONTENT.code))
    text = request.GET.get("before", "")
    before = int(text) if text.isdecimal() and len(text) < 19 else None
    asked = AuditFilter(
        given.get("who", ""),
        given.get("verb", ""),
        given.get("day"),
        given.get("on", "") if content else "",
        before,
    )
    rows = audit_rows(asked, ROWS + 1)
    query = request.GET.copy()
    query["before"] = str(rows[ROWS - 1].id) if len(rows) > ROWS else ""
    context = {
        "form": form,
        "rows": rows[:ROWS],
        "content": content,
        "next": query.urlencode() if len(rows) > ROWS else "",
        "chain": request.session.pop("vault.chain", None),
    }
    return render(request, "vault/audit.html", context)


@require_POST
@may("vault.audit")
def check_chain(request: HttpRequest) -> HttpResponse:
    """Recompute every seal; what came of it stands on the next page."""
    status = services.verify()
    request.session["vault.chain"] = {
        "rows": status.rows,
        "head": status.head[:16],
        "broken_at": status.broken_at,
        "why": status.why,
    }
    services.record_request(request, "vault.chain.checked", whole=status.whole, rows=status.rows)
    return redirect("vault:audit")
