# SPDX-License-Identifier: Apache-2.0
"""The gallery: every component in every state, with invented data; new pages are composed from it."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zuoxi.web import errors
from zuoxi.web.access import may
from zuoxi.web.listing import page_of_rows
from zuoxi.web.sse import Message, Patches, event_stream, last_event_id
from zuoxi.web.states import STATE_LABELS

RIGHT = "web.gallery.view"


class GalleryForm(forms.Form):
    """Every kind of control."""

    name = forms.CharField(label=gettext_lazy("Full name"), help_text=gettext_lazy("As on the identity card."))
    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"), choices=[("a", gettext_lazy("Break")), ("b", gettext_lazy("Meal"))]
    )
    day = forms.DateField(label=gettext_lazy("Date"), widget=forms.DateInput(attrs={"type": "date"}))
    amount = forms.DecimalField(label=gettext_lazy("Amount"), required=False)
    agree = forms.BooleanField(label=gettext_lazy("I have read the clause"), required=False)
    how = forms.ChoiceField(
        label=gettext_lazy("Way"),
        widget=forms.RadioSelect,
        choices=[("1", gettext_lazy("By telephone")), ("2", gettext_lazy("In writing"))],
        required=False,
    )
    text = forms.CharField(label=gettext_lazy("Explanation"), widget=forms.Textarea(attrs={"rows": 3}), required=False)


def _agents() -> list[dict[str, Any]]:
    now = timezone.now()
    people = ["王芳", "李娜", "张伟", "刘洋", "陈静", "杨帆", "赵敏", "黄磊", "周婷", "吴迪", "徐丽", "孙浩"]
    states = [state for state in STATE_LABELS if state != "alarm"] + ["on_call"]
    return [
        {
            "code": f"10{index + 1:02}",
            "name": name,
            "state": state,
            "reason": _("Back office") if state == "not_ready" else "",
            "since": now - timedelta(seconds=37 * (index + 1) ** 2),
            "warn": 600,
            "alarm": 1800,
            "url": "#agents",
        }
        for index, (name, state) in enumerate(zip(people, states, strict=True))
    ]


def _calls() -> list[dict[str, Any]]:
    start = timezone.now().replace(hour=1, minute=2, second=11)
    return [
        {
            "at": start + timedelta(minutes=7 * index),
            "caller": f"138****{4021 + index * 37}",
            "agent": "王芳" if index % 3 else None,
            "wait": 4 + index * 9,
            "talk": None if index % 3 == 0 else 187 + index * 61,
            "amount": Decimal("128.5") * index,
            "tone": "bad" if index % 3 == 0 else "",
        }
        for index in range(8)
    ]


def charts() -> dict[str, dict[str, Any]]:
    """One chart of each kind, in the vocabulary of frontend/src/chart-options.ts."""
    hours = [f"{hour:02}:00" for hour in range(8, 21)]
    calls = [round(60 + 50 * math.sin(index / 2.1) + index * 2) for index in range(13)]
    return {
        "curve": {
            "kind": "line",
            "x": hours,
            "series": [
                {"name": _("Today"), "data": [*calls[:9], None, None, None, None], "tone": "accent", "area": True},
                {
                    "name": _("Forecast"),
                    "data": [value + 6 - index for index, value in enumerate(calls)],
                    "tone": "idle",
                    "dashed": True,
                },
            ],
        },
        "level": {
            "kind": "bar",
            "x": hours,
            "unit": "percent",
            "target": 0.8,
            "target_label": _("Target"),
            "series": [
                {
                    "name": _("Service level"),
                    "data": [0.92 - (index % 5) * 0.06 for index in range(13)],
                    "tone": "accent",
                }
            ],
        },
        "outcome": {
            "kind": "stacked",
            "x": hours,
            "series": [
                {"name": _("Answered"), "data": [int(value * 0.9) for value in calls], "tone": "call"},
                {"name": _("Abandoned"), "data": [int(value * 0.1) for value in calls], "tone": "break"},
            ],
        },
        "heat": {
            "kind": "heat",
            "x": hours,
            "y": [_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun")],
            "series": [
                {
                    "name": _("Calls"),
                    "data": [[x, y, round(40 + 35 * math.sin(x / 2) + y * 4)] for x in range(13) for y in range(7)],
                }
            ],
        },
    }


def _finding() -> dict[str, Any]:
    return {
        "clauses": [
            {
                "id": "ATT-012",
                "title": _("Lateness"),
                "text": _("Arriving after the start of the shift is lateness."),
                "url": "#why",
            }
        ],
        "figures": [{"name": _("Lateness counts up to"), "value": "15", "unit": _("minutes"), "clause": "ATT-012"}],
        "facts": [
            {"name": _("Shift began"), "value": "08:30:00"},
            {"name": _("First clocking"), "value": "08:41:12"},
            {"name": _("Second clocking"), "value": None},
        ],
    }


def _timeline() -> list[dict[str, Any]]:
    now = timezone.now()
    steps = [
        ("phone-in", _("Call came in"), "", "400-800-1234"),
        ("queue", _("Joined the queue"), "", _("Sales, place 3")),
        ("phone-call", _("Connected to 王芳"), "info", _("Waited 0:21")),
        ("hold", _("Held"), "warn", "0:48"),
        ("phone-end", _("Ended by the caller"), "", _("Talk 4:02")),
    ]
    return [
        {"at": now + timedelta(seconds=40 * index), "icon": icon, "title": title, "tone": tone, "text": text}
        for index, (icon, title, tone, text) in enumerate(steps)
    ]


@may(RIGHT)
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component."""
    bad = GalleryForm({"name": "", "reason": "a", "day": "2026-13-40"})
    if request.GET.get("message"):
        messages.success(request, _("Saved."))
    tabs = [
        {"label": _("All"), "url": "#tabs", "current": True, "count": 128},
        {"label": _("Not closed yet"), "url": "#tabs", "count": 12},
        {"label": _("Closed"), "url": "#tabs"},
    ]
    shown = {
        "states": list(STATE_LABELS),
        "agents": _agents(),
        "page": page_of_rows(request, _calls(), 6),
        "charts": charts(),
        "finding": _finding(),
        "timeline": _timeline(),
        "form": GalleryForm(initial={"name": "王芳", "day": timezone.localdate()}),
        "bad": bad,
        "tabs": tabs,
        "level_note": _("target %(value)s") % {"value": "80.0%"},
        "limit_note": _("limit %(value)s") % {"value": "5.0%"},
        "tones": ["info", "good", "warn", "bad"],
        "facts": [(_("Call"), "lab-1763800000/1763.42"), (_("Queue"), _("Sales")), (_("Result"), None)],
        "deadline": timezone.now() - timedelta(minutes=14),
    }
    return render(request, "web/gallery.html", shown)


async def _numbers(first: int) -> AsyncIterator[Message]:
    for id in range(first, first + 10_000):
        await asyncio.sleep(2)
        patches = Patches()
        patches.text("#gallery-live-value", str(id))
        yield patches.message(id, timezone.now().isoformat())


@may(RIGHT)
async def stream(request: HttpRequest) -> HttpResponseBase:
    """A number that grows every two seconds."""
    return event_stream(_numbers((last_event_id(request) or 0) + 1))


@may(RIGHT)
def job(request: HttpRequest) -> HttpResponse:
    """A job that is forty per cent done for ever."""
    return JsonResponse({"state": "running", "done": 412, "total": 1000, "message": _("Reading the calls of November")})


@may(RIGHT)
def peaks(request: HttpRequest) -> HttpResponse:
    """Two channels of invented speech."""
    wave = [abs(math.sin(index / 9) * math.sin(index / 41)) for index in range(900)]
    silence = [abs(math.cos(index / 9) * math.cos(index / 41)) for index in range(900)]
    return JsonResponse({"seconds": 243, "peaks": [wave, silence]})


@may(RIGHT)
def wall(request: HttpRequest) -> HttpResponse:
    """The wall's parts."""
    return render(request, "web/gallery_wall.html", {"agents": _agents()[:8], "charts": charts()})


@may(RIGHT)
def bare(request: HttpRequest) -> HttpResponse:
    """The frame of the sign-in pages."""
    return render(request, "web/gallery_bare.html", {"form": GalleryForm()})


@may(RIGHT)
def error(request: HttpRequest, status: int) -> HttpResponse:
    """The error pages as they will look."""
    trouble = Exception("telephony.calls.view")
    pages = {400: errors.bad_request, 403: errors.forbidden, 404: errors.not_found}
    return pages[status](request, trouble) if status in pages else errors.broken(request)
