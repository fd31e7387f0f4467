# SPDX-License-Identifier: Apache-2.0
"""The wall board, for a signed-in person and for a screen with a kiosk link."""

from __future__ import annotations

from typing import Any

from asgiref.sync import sync_to_async
from django import forms
from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from zuoxi.floor import services
from zuoxi.floor.doorkeeper import Guest
from zuoxi.floor.drawing import rows
from zuoxi.floor.drawing.wall import QUEUES_A_SLIDE, WALL_VIEW
from zuoxi.floor.keeper import keeper
from zuoxi.floor.models import WallLink
from zuoxi.floor.picture import Audience
from zuoxi.floor.views.streams import lines, place_asked, spoken
from zuoxi.floor.visibility import reachable
from zuoxi.people import selectors as people
from zuoxi.telephony.models import Queue
from zuoxi.web.access import may, public
from zuoxi.web.sse import event_stream

SIGNER = signing.Signer(salt="floor.wall")


class WallForm(forms.Form):
    """A new kiosk link."""

    label = forms.CharField(label=gettext_lazy("Where it hangs"), max_length=60)
    queues = forms.MultipleChoiceField(
        label=gettext_lazy("Queues"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None chosen: all queues."),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language"), choices=[("zh-hans", gettext_lazy("Chinese")), ("en", gettext_lazy("English"))]
    )
    rotate_seconds = forms.IntegerField(
        label=gettext_lazy("Seconds a picture stands"), min_value=5, max_value=600, initial=20
    )
    names = forms.BooleanField(
        label=gettext_lazy("Show the names of agents"),
        required=False,
        help_text=gettext_lazy("Whoever has the link sees them, without signing in."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["queues"].choices = [(queue.code, str(queue)) for queue in Queue.objects.all()]  # type: ignore[attr-defined]


def token_of(link: WallLink) -> str:
    """What stands in the kiosk's address: the link's number, signed; worthless once the link is revoked."""
    return SIGNER.sign(str(link.pk))


def _link(token: str) -> WallLink:
    try:
        number = int(SIGNER.unsign(token))
    except (signing.BadSignature, ValueError):
        raise Http404 from None
    link = WallLink.objects.filter(pk=number, revoked_at=None).first()
    if link is None:
        raise Http404
    return link


@may("floor.wall")
def walls(request: HttpRequest) -> HttpResponse:
    """The links there are, and a form for a new one."""
    form = WallForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        services.make_wall_link(
            said["label"],
            said["queues"],
            names=said["names"],
            language=said["language"],
            rotate_seconds=said["rotate_seconds"],
            by=people.staff_of(request.user),
            now=timezone.now(),
        )
        messages.success(request, _("The link is ready. Open it on the screen; it needs no sign-in."))
        return redirect("floor:walls")
    links = WallLink.objects.filter(revoked_at=None).select_related("made_by").order_by("-made_at")
    shown = [(link, request.build_absolute_uri(reverse("floor:wall_kiosk", args=[token_of(link)]))) for link in links]
    return render(request, "floor/walls.html", {"form": form, "links": shown})


@require_POST
@may("floor.wall")
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    services.revoke_wall_link(pk, people.staff_of(request.user), timezone.now())
    messages.success(request, _("Revoked. The screen goes dark within seconds."))
    return redirect("floor:walls")


def _wall(request: HttpRequest, audience: Audience, stream: str, seconds: int, heading: str) -> HttpResponse:
    kept = keeper()
    with kept.lock:
        picture = kept.picture(timezone.now())
        parts = dict(WALL_VIEW.fragments(picture, audience, 0))
        place = kept.place
        curve_codes = audience.queue_codes(picture.roster)
        tallies = picture.board.curve(curve_codes)
        target = rows.totals(picture, audience).target
    queues = [html for name, html in parts.items() if name.startswith("#wall-queue-")]
    context = {
        "summary": parts["#wall-summary"],
        "states": parts["#wall-states"],
        "faces": [html for name, html in parts.items() if name.startswith("#wall-faces-")],
        "queue_slides": [queues[i : i + QUEUES_A_SLIDE] for i in range(0, len(queues), QUEUES_A_SLIDE)],
        "stream": stream,
        "place": place,
        "turn_seconds": seconds,
        "heading": heading,
        "curve": {
            "kind": "bar",
            "x": [timezone.localtime(slot).strftime("%H:%M") for slot in tallies],
            "series": [
                {"name": _("Offered"), "data": [one.offered for one in tallies.values()], "tone": "idle"},
                {"name": _("Answered"), "data": [one.answered for one in tallies.values()], "tone": "call"},
            ],
            "unit": "count",
        }
        if tallies
        else None,
        "target": target,
    }
    with translation.override(audience.language):
        return render(request, "floor/wall.html", context)


def _kiosk_audience(link: WallLink) -> Audience:
    queues = frozenset(link.queues) or None
    return Audience(WALL_VIEW, link.language, None, queues, link.names)


def _own_audience(request: HttpRequest) -> tuple[Audience, Any]:
    kept = keeper()
    now = timezone.now()
    reach = reachable(request.user, timezone.localdate(now))
    with kept.lock:
        roster = kept.picture(now).roster
    language = translation.get_language() or "zh-hans"
    return Audience(WALL_VIEW, language, reach.agents, reach.queues(roster), True), reach


@never_cache
@may("floor.wall")
def own(request: HttpRequest) -> HttpResponse:
    """The wall as the person may see it, with names."""
    audience, _reach = _own_audience(request)
    return _wall(
        request, audience, f"{reverse('floor:wall_stream')}?lang={translation.get_language()}", 20, _("Live floor")
    )


@never_cache
@public
def kiosk(request: HttpRequest, token: str) -> HttpResponse:
    """The wall behind a signed link: numbers only, unless names were allowed."""
    link = _link(token)
    with translation.override(link.language):
        stream = reverse("floor:wall_kiosk_stream", args=[token])
        return _wall(request, _kiosk_audience(link), stream, link.rotate_seconds, link.label)


@may("floor.wall")
async def own_stream(request: HttpRequest) -> HttpResponseBase:
    language = spoken(request)

    def prepare() -> tuple[Audience, Guest]:
        with translation.override(language):
            audience, reach = _own_audience(request)
            user: Any = request.user
            session = request.session.session_key or ""
            return audience, Guest(user.pk, session, "floor.wall", reach.scope, reach.agents)

    audience, guest = await sync_to_async(prepare)()
    return event_stream(lines(audience, place_asked(request), guest), ticking=True)


@public
async def kiosk_stream(request: HttpRequest, token: str) -> HttpResponseBase:
    link = await sync_to_async(_link)(token)
    return event_stream(lines(_kiosk_audience(link), place_asked(request), Guest(wall=link.pk)), ticking=True)
