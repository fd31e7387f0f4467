# SPDX-License-Identifier: Apache-2.0
"""Forms of the forecast: make it, change some hours, name an event."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zuoxi.telephony.selectors import QueueLoad
from zuoxi.workforce.demand_models import ForecastEdit
from zuoxi.workforce.forms import DayInput

_MIDNIGHT = "24:00"


class ClockInput(forms.TimeInput):
    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M", attrs={"step": 1800})


def minute_of(text: str) -> int | None:
    """Minutes from midnight of 09:30 or 24:00; None for anything else."""
    hours, colon, minutes = text.strip().replace("\uff1a", ":").partition(":")
    if not (colon and hours.isdecimal() and minutes.isdecimal()):
        return None
    found = int(hours) * 60 + int(minutes)
    return found if int(minutes) < 60 and found <= 1440 else None


class MinuteField(forms.CharField):
    """A clock time on the half hour, 00:00 to 24:00, as minutes."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        found = minute_of(text)
        if found is None or found % 30:
            raise forms.ValidationError(_("Write a time on the half hour, such as 09:30; the end of the day is 24:00."))
        return found


class MakeForm(forms.Form):
    """How far to look, and for a new queue whose past it borrows."""

    last = forms.DateField(label=pgettext_lazy("forecast", "Until"), widget=DayInput())
    twin_of = forms.CharField(required=False)
    twin = forms.CharField(required=False)
    share = forms.FloatField(required=False, min_value=0.001, max_value=100)

    def __init__(
        self,
        *words: Any,
        today: date | None = None,
        furthest: int = 0,
        queues: Sequence[QueueLoad] = (),
        **more: Any,
    ) -> None:
        super().__init__(*words, **more)
        self._today, self._furthest = today, furthest
        self._queues = {one.code for one in queues}

    def clean_last(self) -> date:
        last: date = self.cleaned_data["last"]
        if self._today and not self._today <= last <= self._today + timedelta(days=self._furthest):
            until = self._today + timedelta(days=self._furthest)
            raise forms.ValidationError(
                _("Choose a day from %(first)s to %(last)s.") % {"first": self._today, "last": until}
            )
        return last

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        new, twin = said.get("twin_of", ""), said.get("twin", "")
        if bool(new) != bool(twin) or (new and (new == twin or not {new, twin} <= self._queues)):
            raise forms.ValidationError(_("Choose the new queue and another one that it is like."))
        return said

    def borrowed(self) -> dict[str, Any]:
        said = self.cleaned_data
        if not said.get("twin"):
            return {}
        return {"twin_of": said["twin_of"], "twin": said["twin"], "share": said.get("share")}


class EditForm(forms.Form):
    """A factor or calls over some hours of one day."""

    day = forms.DateField(label=_("Day"), widget=DayInput())
    since = MinuteField(label=pgettext_lazy("clock", "From"), max_length=5, initial="09:00")
    until = MinuteField(label=pgettext_lazy("clock", "Until"), max_length=5, initial="12:00")
    kind = forms.ChoiceField(label=pgettext_lazy("forecast", "What is put"), choices=ForecastEdit.Kind.choices)
    value = forms.FloatField(label=pgettext_lazy("forecast", "Value"), min_value=0, max_value=100_000, initial=1.2)
    reason = forms.CharField(label=_("Reason"), max_length=200)

    def __init__(self, *words: Any, zone: Any = None, most: float = math.inf, **more: Any) -> None:
        super().__init__(*words, **more)
        self._zone, self._most = zone, most
        self.starts_at = self.ends_at = datetime.min  # noqa: DTZ901 - set when the form is valid

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("kind") == ForecastEdit.Kind.FACTOR and (said.get("value") or 0) > self._most:
            self.add_error("value", _("A factor is at most %(most)s.") % {"most": f"{self._most:g}"})
        if {"day", "since", "until"} <= said.keys():
            if said["until"] <= said["since"]:
                self.add_error("until", _("The end lies after the beginning."))
            midnight = datetime.combine(said["day"], time(), self._zone)
            self.starts_at = _at(midnight, said["since"])
            self.ends_at = _at(midnight, said["until"])
        return said


def _at(midnight: datetime, minute: int) -> datetime:
    """The moment on the wall clock; 24:00 is the next midnight."""
    day = midnight + timedelta(days=minute // 1440)
    return day.replace(hour=minute % 1440 // 60, minute=minute % 60)


class EventForm(forms.Form):
    """An event with its days, its hours and what is expected of it."""

    name = forms.CharField(
        label=_("Name of the event"),
        max_length=40,
        help_text=_("Events of one name learn from each other: broadcast, billing day, start of heating."),
    )
    queue = forms.ChoiceField(label=_("Queue"), required=False)
    first = forms.DateField(label=_("First day"), widget=DayInput())
    last = forms.DateField(label=_("Last day"), widget=DayInput(), required=False, help_text=_("Empty: one day."))
    since = MinuteField(label=pgettext_lazy("clock", "From"), max_length=5, initial="00:00")
    until = MinuteField(label=pgettext_lazy("clock", "Until"), max_length=5, initial=_MIDNIGHT)
    effect = forms.FloatField(
        label=_("Expected effect"),
        required=False,
        min_value=0.05,
        max_value=20,
        help_text=_("1.3: three tenths more calls than without it. Empty: learnt from earlier ones."),
    )
    note = forms.CharField(label=pgettext_lazy("forecast", "Note"), max_length=200, required=False)

    def __init__(self, *words: Any, queues: Sequence[tuple[str, str]] = (), **more: Any) -> None:
        super().__init__(*words, **more)
        self.fields["queue"].choices = [("", _("All queues")), *queues]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("first") and said.get("last") and said["last"] < said["first"]:
            self.add_error("last", _("The last day does not lie before the first."))
        if said.get("since") is not None and said.get("until") is not None and said["until"] <= said["since"]:
            self.add_error("until", _("The end lies after the beginning."))
        return said

    def kept(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {
            "name": said["name"],
            "queue": said["queue"],
            "first": said["first"],
            "last": said["last"] or said["first"],
            "minutes": (said["since"], said["until"]),
            "effect": said["effect"],
            "note": said["note"],
        }
