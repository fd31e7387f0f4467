# SPDX-License-Identifier: Apache-2.0
"""Programs that may call the API, and their tokens."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from zuoxi.gateway import doors, selectors, services
from zuoxi.gateway.access import APPLICATIONS
from zuoxi.gateway.forms import ApplicationForm, NewApplicationForm, TokenForm
from zuoxi.gateway.models import Application, Token
from zuoxi.web.access import may
from zuoxi.web.listing import page_of


@may(APPLICATIONS.code)
def application_list(request: HttpRequest) -> HttpResponse:
    """Every program, whose it is and when it last called."""
    sorts = {"code": "code", "used": "last_used", "end": "next_end"}
    page = page_of(request, selectors.applications(timezone.now()), sorts, "code")
    return render(request, "gateway/applications.html", {"page": page})


@may(APPLICATIONS.code)
def new_application(request: HttpRequest) -> HttpResponse:
    form = NewApplicationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.set_up(**form.cleaned_data, by=request.user.get_username(), now=timezone.now())
        except services.NotDone as why:
            form.add_error(None, str(why))
        else:
            messages.success(request, _("The program is set up. It needs a token before it can call."))
            return redirect("gateway:application", made.pk)
    return render(request, "gateway/application_form.html", {"form": form}, status=422 if form.errors else 200)


@may(APPLICATIONS.code)
def change_application(request: HttpRequest, pk: int) -> HttpResponse:
    application = get_object_or_404(Application.objects.select_related("owner"), pk=pk, closed_at=None)
    now = {
        "name": application.name,
        "purpose": application.purpose,
        "owner": application.owner.code,
        "per_minute": application.per_minute,
        "scopes": application.scopes,
    }
    form = ApplicationForm(request.POST or None, initial=now)
    if request.method == "POST" and form.is_valid():
        try:
            services.change(pk, **form.cleaned_data, by=request.user.get_username(), now=timezone.now())
        except services.NotDone as why:
            form.add_error(None, str(why))
        else:
            messages.success(request, _("Changed. It holds from the next call on."))
            return redirect("gateway:application", pk)
    told = {"form": form, "application": application}
    return render(request, "gateway/application_form.html", told, status=422 if form.errors else 200)


@may(APPLICATIONS.code)
def application(request: HttpRequest, pk: int) -> HttpResponse:
    """One program: what it may, its tokens, how often it called."""
    return _page(request, pk)


def _page(request: HttpRequest, pk: int, secret: str = "", status: int = 200) -> HttpResponse:
    now = timezone.now()
    row = get_object_or_404(Application.objects.select_related("owner"), pk=pk)
    use = selectors.use_by_day(row, now)
    told = {
        "application": row,
        "scopes": [(one, doors.scope_label(one)) for one in row.scopes],
        "tokens": [(one, one.in_force(now)) for one in row.tokens.all()[:50]],
        "token_form": TokenForm(),
        "secret": secret,
        "chart": {
            "kind": "bar",
            "x": [one.day.isoformat() for one in use],
            "series": [
                {"name": pgettext("program", "Calls"), "data": [one.calls for one in use]},
                {"name": _("Refused above the limit"), "data": [one.refused for one in use], "tone": "bad"},
            ],
            "unit": "count",
        },
    }
    return render(request, "gateway/application.html", told, status=status)


@require_POST
@never_cache
@may(APPLICATIONS.code)
def issue(request: HttpRequest, pk: int) -> HttpResponse:
    """The answer holds the token: it is shown this once and kept nowhere."""
    get_object_or_404(Application, pk=pk)
    form = TokenForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("A token lives between one day and a year."))
        return redirect("gateway:application", pk)
    try:
        days = form.cleaned_data["days"]
        _token, text = services.issue(pk, days=days, by=request.user.get_username(), now=timezone.now())
    except services.NotDone as why:
        messages.error(request, str(why))
        return redirect("gateway:application", pk)
    return _page(request, pk, text)


@require_POST
@never_cache
@may(APPLICATIONS.code)
def rotate(request: HttpRequest, pk: int, token: int) -> HttpResponse:
    get_object_or_404(Token, pk=token, application_id=pk)
    try:
        _made, text = services.rotate(token, by=request.user.get_username(), now=timezone.now())
    except services.NotDone as why:
        messages.error(request, str(why))
        return redirect("gateway:application", pk)
    return _page(request, pk, text)


@require_POST
@may(APPLICATIONS.code)
def revoke(request: HttpRequest, pk: int, token: int) -> HttpResponse:
    get_object_or_404(Token, pk=token, application_id=pk)
    if services.revoke(token, by=request.user.get_username(), now=timezone.now()):
        messages.success(request, _("The token opens nothing any more."))
    else:
        messages.info(request, _("The token was revoked before."))
    return redirect("gateway:application", pk)


@require_POST
@may(APPLICATIONS.code)
def close(request: HttpRequest, pk: int) -> HttpResponse:
    get_object_or_404(Application, pk=pk)
    if services.close(pk, by=request.user.get_username(), now=timezone.now()):
        messages.success(request, _("The program is closed and its tokens are revoked."))
    else:
        messages.info(request, _("The program was closed before."))
    return redirect("gateway:application", pk)
