# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from zuoxi.messaging import access, selectors, services
from zuoxi.messaging.addressees import shown
from zuoxi.messaging.models import Channel, Message
from zuoxi.messaging.receipts import NotBelieved, believe, take
from zuoxi.web.access import may, public
from zuoxi.web.listing import page_of


@may(access.OUTBOX.code)
def outbox(request: HttpRequest) -> HttpResponse:
    """Messages, newest first, with what the carrier said; addressees masked."""
    rows = Message.objects.all()
    state = request.GET.get("state", "")
    if state in Message.State.values:
        rows = rows.filter(state=state)
    page = page_of(request, rows, {"created": "created_at", "sent": "sent_at"}, "-created")
    for one in page.rows:
        one.shown = shown(one.to)
    context = {"page": page, "states": Message.State.choices, "state": state, "channels": Channel.objects.all()}
    return render(request, "messaging/outbox.html", context)


@require_POST
@may(access.OUTBOX.code)
def again(request: HttpRequest, message_id: int) -> HttpResponse:
    if services.send_again(message_id, by=request.user.pk):
        notes.success(request, _("The message is being sent anew."))
    else:
        notes.info(request, _("Only a failed message is sent anew."))
    return redirect("messaging:outbox")


@csrf_exempt
@require_POST
@public
def receipts(request: HttpRequest, name: str) -> HttpResponse:
    """A carrier tells what became of messages; it proves itself by the channel's secret."""
    now, body = timezone.now(), request.body
    channel = selectors.channel_set_up(name)
    headers = {key.lower(): value for key, value in request.headers.items()}
    try:
        if channel is None:
            raise NotBelieved("no such channel")
        believe(channel, headers, request.GET.get("key", ""), body, now)
    except NotBelieved:
        return JsonResponse({"code": 404, "msg": "no such channel, or not believed"}, status=404)
    try:
        changed = take(body, now)
    except ValueError as wrong:
        return JsonResponse({"code": 400, "msg": str(wrong)[:200]}, status=400)
    return JsonResponse({"code": 0, "msg": "ok", "result": 0, "errmsg": "OK", "changed": changed})
