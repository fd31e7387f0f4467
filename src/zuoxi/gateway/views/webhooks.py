# SPDX-License-Identifier: Apache-2.0
"""Addresses that are told, and what became of each telling."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from zuoxi.gateway import outbox, selectors, subscriptions
from zuoxi.gateway.access import WEBHOOKS
from zuoxi.gateway.applications import NotDone
from zuoxi.gateway.forms import WebhookForm
from zuoxi.gateway.models import Delivery, Subscription
from zuoxi.web.access import may
from zuoxi.web.listing import page_of

SORTS = {"created": "created_at", "ended": "ended_at", "tries": "tries"}


@may(WEBHOOKS.code)
def webhook_list(request: HttpRequest) -> HttpResponse:
    """Every address, what it is told of and whether it can be reached."""
    page = page_of(request, selectors.webhooks(), {"name": "name", "arrived": "arrived", "dead": "dead"}, "name")
    return render(request, "gateway/webhooks.html", {"page": page})


@never_cache
@may(WEBHOOKS.code)
def new_webhook(request: HttpRequest) -> HttpResponse:
    form = WebhookForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made, secret = subscriptions.subscribe(
                **form.cleaned_data, by=request.user.get_username(), now=timezone.now()
            )
        except NotDone as why:
            form.add_error("url", str(why))
        else:
            return _page(request, made.pk, secret)
    return render(request, "gateway/webhook_form.html", {"form": form}, status=422 if form.errors else 200)


@may(WEBHOOKS.code)
def change_webhook(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Subscription.objects.select_related("owner"), pk=pk)
    now = {"name": row.name, "url": row.url, "owner": row.owner.code, "kinds": row.kinds}
    form = WebhookForm(request.POST or None, initial=now)
    if request.method == "POST" and form.is_valid():
        try:
            subscriptions.change(pk, **form.cleaned_data, by=request.user.get_username(), now=timezone.now())
        except NotDone as why:
            form.add_error("url", str(why))
        else:
            messages.success(request, _("Changed. What waits goes to the new address."))
            return redirect("gateway:webhook", pk)
    told = {"form": form, "webhook": row}
    return render(request, "gateway/webhook_form.html", told, status=422 if form.errors else 200)


@may(WEBHOOKS.code)
def webhook(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, pk)


def _page(request: HttpRequest, pk: int, secret: str = "") -> HttpResponse:
    row = get_object_or_404(selectors.webhooks(), pk=pk)
    labels = selectors.kind_labels()
    told = {
        "webhook": row,
        "plain": subscriptions.is_plain(row.url),
        "kinds": [labels.get(one, one) for one in row.kinds],
        "page": page_of(request, selectors.deliveries(pk), SORTS, "-created"),
        "labels": labels,
        "secret": secret,
        "two_secrets": row.old_until is not None and timezone.now() < row.old_until,
    }
    return render(request, "gateway/webhook.html", told)


@require_POST
@never_cache
@may(WEBHOOKS.code)
def renew_secret(request: HttpRequest, pk: int) -> HttpResponse:
    """The answer holds the new secret: it is shown this once."""
    get_object_or_404(Subscription, pk=pk)
    secret = subscriptions.renew_secret(pk, by=request.user.get_username(), now=timezone.now())
    return _page(request, pk, secret)


@require_POST
@may(WEBHOOKS.code)
def switch(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Subscription, pk=pk)
    on = request.POST.get("on") == "1"
    if subscriptions.switch(row.pk, on, by=request.user.get_username(), now=timezone.now()):
        messages.success(request, _("Switched on.") if on else _("Switched off: nothing more is sent there."))
    else:
        messages.info(request, _("It was so already."))
    return redirect("gateway:webhook", pk)


@require_POST
@may(WEBHOOKS.code)
def test(request: HttpRequest, pk: int) -> HttpResponse:
    outbox.put_test(get_object_or_404(Subscription, pk=pk), request.user.pk, timezone.now())
    messages.success(request, _("A test is on its way; what came of it stands below in a moment."))
    return redirect("gateway:webhook", pk)


@require_POST
@may(WEBHOOKS.code)
def send_dead_again(request: HttpRequest, pk: int) -> HttpResponse:
    get_object_or_404(Subscription, pk=pk)
    count = outbox.send_all_again(pk, request.user.pk, timezone.now())
    messages.success(request, _("%(count)s are being sent anew.") % {"count": count})
    return redirect("gateway:webhook", pk)


@may(WEBHOOKS.code)
def delivery_list(request: HttpRequest) -> HttpResponse:
    """Everything that was told or is to be told, newest first."""
    state, kind = request.GET.get("state", ""), request.GET.get("kind", "")
    page = page_of(request, selectors.deliveries(None, state, kind), SORTS, "-created")
    labels = selectors.kind_labels()
    told = {"page": page, "state": state, "kind": kind, "states": Delivery.State.choices, "labels": labels}
    return render(request, "gateway/deliveries.html", told)


@may(WEBHOOKS.code)
def delivery(request: HttpRequest, pk: int) -> HttpResponse:
    """One telling: what was sent, and each attempt."""
    row = get_object_or_404(selectors.deliveries(), pk=pk)
    told = {
        "delivery": row,
        "label": selectors.kind_labels().get(row.happening.kind, row.happening.kind),
        "body": outbox.body_of(row.happening).decode(),
        "log": row.log.all()[:100],
    }
    return render(request, "gateway/delivery.html", told)


@require_POST
@may(WEBHOOKS.code)
def send_again(request: HttpRequest, pk: int) -> HttpResponse:
    if outbox.send_again(pk, request.user.pk, timezone.now()):
        messages.success(request, _("It is being sent anew."))
    else:
        messages.info(request, _("Only what was given up on is sent anew."))
    get_object_or_404(Delivery, pk=pk)
    return redirect("gateway:delivery", pk)
