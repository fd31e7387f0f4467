# SPDX-License-Identifier: Apache-2.0
"""What may be set up of telephony, and in what shape."""

from __future__ import annotations

import re
from datetime import date, time
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zuoxi.policy.selectors import site_handbook
from zuoxi.telephony import models
from zuoxi.telephony.asterisk.config import Strategy
from zuoxi.telephony.handbook import SURVEYS
from zuoxi.telephony.labels import STATES

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[Any]
else:  # the class takes no type at run time
    ModelForm = forms.ModelForm

DAYS: Final = (
    ("mon", _("Monday")),
    ("tue", _("Tuesday")),
    ("wed", _("Wednesday")),
    ("thu", _("Thursday")),
    ("fri", _("Friday")),
    ("sat", _("Saturday")),
    ("sun", _("Sunday")),
)
STRATEGIES: Final = {
    str(Strategy.ROUND_ROBIN): _("In turn, going on where it stopped"),
    str(Strategy.ROUND_ROBIN_ORDERED): _("In turn, in the order of the list"),
    str(Strategy.LEAST_RECENT): _("Longest without a call"),
    str(Strategy.FEWEST_CALLS): _("Fewest calls"),
    str(Strategy.RING_ALL): _("All at once"),
    str(Strategy.LINEAR): _("Always from the top of the list"),
    str(Strategy.RANDOM): _("At random"),
    str(Strategy.WEIGHTED_RANDOM): _("At random, by penalty"),
}
DIGITS: Final = "1234567890"
SPECIAL_ROWS: Final = 24
REASON_STATES: Final = ("not_ready", "break", "meal", "training")
_INTERVAL: Final = re.compile(r"(?P<opens>[0-9]{1,2}:[0-9]{2})\s*[-–—~至到]\s*(?P<closes>[0-9]{1,2}:[0-9]{2})$")
_CODE: Final = re.compile(r"[a-z][a-z0-9_-]{0,31}$")


def intervals(text: str) -> list[list[str]]:
    """ "09:00-12:00, 13:30-21:00" → [["09:00", "12:00"], ["13:30", "21:00"]]; ValidationError names the piece."""
    found: list[list[str]] = []
    for piece in filter(None, (one.strip() for one in re.split("[,，;；、]", text))):
        said = _INTERVAL.match(piece)
        if not said:
            raise forms.ValidationError(_("Not a span of time: %(piece)s. Write 09:00-18:00."), params={"piece": piece})
        found.append([_clock(said["opens"], piece), _clock(said["closes"], piece)])
    found.sort()
    for before, after in pairwise(found):
        if before[1] > after[0] or before[1] < before[0]:
            raise forms.ValidationError(_("Spans overlap: %(piece)s"), params={"piece": text})
    return found


def _clock(text: str, piece: str) -> str:
    if text == "24:00":
        return text
    hour, minute = text.split(":")
    try:
        return f"{time(int(hour), int(minute)):%H:%M}"
    except ValueError:
        raise forms.ValidationError(_("No such time: %(piece)s"), params={"piece": piece}) from None


def spoken(spans: Any) -> str:
    """The other way round."""
    hours = spans.get("hours") or [] if isinstance(spans, dict) else spans or []
    return ", ".join(f"{opens}-{closes}" for opens, closes in hours)


class _Permitted(forms.CharField):
    """A path below one of the folders that the installation permits."""

    def clean(self, value: Any) -> str:
        text = str(super().clean(value) or "")
        if text and not any(Path(text).resolve().is_relative_to(folder) for folder in settings.SWITCH_FOLDERS):
            folders = ", ".join(map(str, settings.SWITCH_FOLDERS))
            raise forms.ValidationError(_("Must lie below one of: %(folders)s"), params={"folders": folders})
        return text


class SwitchForm(ModelForm):
    """The secret itself is never here: only the name of the variable that holds it."""

    queue_log_path = _Permitted(label=_("Queue log"), required=False)
    cel_path = _Permitted(label=_("Channel log"), required=False)
    recordings_path = _Permitted(label=_("Folder of the recordings"), required=False)
    config_path = _Permitted(label=_("Folder of the configuration"), required=False)
    site_path = _Permitted(label=_("Site file (trunks, paths)"), required=False)

    class Meta:
        model = models.Switch
        fields = (
            "name kind host port username secret_env queue_log_path cel_path recordings_path config_path site_path "
            "websocket_url sip_domain"
        ).split()
        labels = {
            "name": pgettext_lazy("thing", "Name"),
            "kind": _("Kind"),
            "host": _("Host"),
            "port": _("Port"),
            "username": _("Account of the listener"),
            "secret_env": _("Variable with the secret"),
            "websocket_url": _("WebSocket of browser telephones"),
            "sip_domain": _("SIP domain"),
        }

    def clean_secret_env(self) -> str:
        name = str(self.cleaned_data["secret_env"])
        if not re.fullmatch(r"ZUOXI_[A-Z0-9_]{1,58}", name):
            raise forms.ValidationError(_("The name of a variable that begins with ZUOXI_."))
        return name


def survey_choices() -> list[tuple[str, str]]:
    """What the handbook has to ask callers by key; the first is asked where nothing is chosen."""
    known = site_handbook().entries(SURVEYS)
    return [("", "—"), *((key, str(body.label)) for key, body in known.items())]


class QueueForm(ModelForm):
    strategy = forms.ChoiceField(label=_("Strategy"), choices=list(STRATEGIES.items()))
    survey = forms.ChoiceField(label=_("Questions of the survey"), choices=survey_choices, required=False)

    class Meta:
        model = models.Queue
        fields = (
            "code name_zh name_en switch number strategy ring_seconds wrap_seconds target_seconds target_percent "
            "short_abandon_seconds max_wait_seconds max_callers priority overflow callback_key recorded "
            "surveyed survey open"
        ).split()
        labels = {
            "code": _("Code"),
            "name_zh": _("Chinese name"),
            "name_en": _("English name"),
            "switch": _("Switch"),
            "number": _("Internal number"),
            "ring_seconds": _("Rings at an agent, s"),
            "wrap_seconds": _("Wrap-up, s"),
            "target_seconds": _("Answered within, s"),
            "target_percent": _("Share answered within, %"),
            "short_abandon_seconds": _("Short abandon below, s"),
            "max_wait_seconds": _("Longest wait, s"),
            "max_callers": _("Most waiting (0 = no limit)"),
            "priority": _("Priority"),
            "overflow": _("Overflows to"),
            "callback_key": _("Key to be called back (empty: none)"),
            "recorded": _("Calls are recorded"),
            "surveyed": _("Survey after the call"),
            "open": _("Open"),
        }

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        if not _CODE.fullmatch(code):
            raise forms.ValidationError(_("Small letters, digits, - and _; a letter first."))
        return code

    def clean_callback_key(self) -> str:
        key = str(self.cleaned_data["callback_key"]).strip()
        if key and not (key.isascii() and key.isdigit()):
            raise forms.ValidationError(_("One digit."))
        return key

    def clean_overflow(self) -> models.Queue | None:
        target: models.Queue | None = self.cleaned_data.get("overflow")
        seen = {self.instance.pk}
        step = target
        while step is not None:
            if step.pk in seen and step.pk is not None:
                raise forms.ValidationError(_("Queues would overflow in a circle."))
            seen.add(step.pk)
            step = step.overflow
        return target


class CalendarForm(ModelForm):
    """A text of spans for each weekday, and rows of special days (empty spans: closed all day)."""

    class Meta:
        model = models.OpeningCalendar
        fields = ("code", "name_zh", "name_en")
        labels = {"code": _("Code"), "name_zh": _("Chinese name"), "name_en": _("English name")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        weekly = self.instance.weekly or {}
        for key, label in DAYS:
            said = spoken(weekly.get(key))
            self.fields[f"day_{key}"] = forms.CharField(label=label, required=False, max_length=120, initial=said)
        special = sorted((self.instance.special_days or {}).items())
        for row in range(min(len(special) + 3, SPECIAL_ROWS + len(special))):
            day, spans = special[row] if row < len(special) else ("", [])
            self.fields[f"special_{row}_day"] = forms.DateField(
                label=_("Special day"),
                required=False,
                initial=day,
                widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            )
            self.fields[f"special_{row}_hours"] = forms.CharField(
                label=_("Open (empty: closed)"), required=False, max_length=120, initial=spoken(spans)
            )

    @property
    def weekdays(self) -> list[forms.BoundField]:
        return [self[f"day_{key}"] for key, _label in DAYS]

    @property
    def special_rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        rows = sum(1 for name in self.fields if name.startswith("special_") and name.endswith("_day"))
        return [(self[f"special_{row}_day"], self[f"special_{row}_hours"]) for row in range(rows)]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        for name in [name for name in self.fields if name.startswith("day_") or name.endswith("_hours")]:
            try:
                said[name] = intervals(said.get(name) or "")
            except forms.ValidationError as error:
                self.add_error(name, error)
        return said

    def save(self, commit: bool = True) -> models.OpeningCalendar:
        said = self.cleaned_data
        self.instance.weekly = {key: said[f"day_{key}"] for key, _label in DAYS if said[f"day_{key}"]}
        days: dict[str, list[list[str]]] = {}
        for row in range(len(self.special_rows)):
            day: date | None = said.get(f"special_{row}_day")
            if day is not None:
                days[f"{day:%Y-%m-%d}"] = said[f"special_{row}_hours"]
        self.instance.special_days = days
        saved: models.OpeningCalendar = super().save(commit)
        return saved


class NumberForm(ModelForm):
    """A menu is one queue for each digit; no digit given means straight into the queue."""

    class Meta:
        model = models.Number
        fields = ("number", "label", "switch", "calendar", "queue", "when_closed", "presented")
        labels = {
            "number": _("Number"),
            "label": _("Label"),
            "switch": _("Switch"),
            "calendar": _("Opening hours"),
            "queue": _("Queue"),
            "when_closed": _("When closed"),
            "presented": _("May be shown to the called party"),
        }
        help_texts = {"presented": ""}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = (self.instance.menu or {}).get("choices", {})
        queues = [("", "—"), *((queue.code, str(queue)) for queue in models.Queue.objects.all())]
        for digit in DIGITS:
            self.fields[f"key_{digit}"] = forms.ChoiceField(
                label=_("Key %(digit)s") % {"digit": digit},
                choices=queues,
                required=False,
                initial=chosen.get(digit, ""),
            )

    @property
    def keys(self) -> list[forms.BoundField]:
        return [self[f"key_{digit}"] for digit in DIGITS]

    def clean_number(self) -> str:
        number = str(self.cleaned_data["number"])
        if not re.fullmatch(r"\+?[0-9]{2,20}", number):
            raise forms.ValidationError(_("Digits only, a + before them at most."))
        return number

    def save(self, commit: bool = True) -> models.Number:
        choices = {digit: self.cleaned_data[f"key_{digit}"] for digit in DIGITS if self.cleaned_data[f"key_{digit}"]}
        before = self.instance.menu or {}
        self.instance.menu = {**before, "choices": choices} if choices else {}
        saved: models.Number = super().save(commit)
        return saved


class ExtensionForm(ModelForm):
    """The password of the telephone is made, never typed; it is shown in the switch's file only."""

    renew = forms.BooleanField(label=_("Make a new password"), required=False)

    class Meta:
        model = models.Extension
        fields = ("number", "switch", "staff", "browser", "seat")
        labels = {
            "number": _("Extension"),
            "switch": _("Switch"),
            "staff": _("Agent"),
            "browser": _("In the browser"),
            "seat": _("Seat"),
        }

    def clean_number(self) -> str:
        number = str(self.cleaned_data["number"])
        if not re.fullmatch(r"[0-9]{2,12}", number):
            raise forms.ValidationError(_("Two to twelve digits."))
        return number


class ReasonForm(ModelForm):
    state = forms.ChoiceField(label=_("State"), choices=[(one, STATES[one]) for one in REASON_STATES])

    class Meta:
        model = models.NotReadyReason
        fields = ("code", "name_zh", "name_en", "state", "limit_minutes", "order", "active")
        labels = {
            "code": _("Code"),
            "name_zh": _("Chinese name"),
            "name_en": _("English name"),
            "limit_minutes": _("Longest, min"),
            "order": _("Place"),
            "active": _("In use"),
        }
