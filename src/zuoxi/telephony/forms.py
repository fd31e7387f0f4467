# SPDX-License-Identifier: Apache-2.0
"""What the filters of telephony's lists may say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zuoxi.people.selectors import codes_named
from zuoxi.telephony.call_search import CallQuery, Period, preset_period
from zuoxi.telephony.labels import DIRECTIONS, OUTCOMES, RECORDING_STATUSES, SURVEYED
from zuoxi.telephony.recording_search import RecordingQuery

WHEN = [
    ("today", _("Today")),
    ("yesterday", _("Yesterday")),
    ("7d", _("Last 7 days")),
    ("30d", _("Last 30 days")),
    ("month", _("This month")),
    ("last_month", _("Last month")),
    ("custom", _("From … to …")),
    ("all", _("Any time")),
]
LOCAL_TIME = "%Y-%m-%dT%H:%M"


class MomentField(forms.DateTimeField):
    """A local date and time as browsers send it, or an ISO time with its zone as other pages link it."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local", "step": "1"}, format=LOCAL_TIME)

    def to_python(self, value: Any) -> datetime | None:
        if isinstance(value, str) and value:
            try:
                moment = datetime.fromisoformat(value.replace(" ", "+") if "T" in value else value)
            except ValueError:
                raise forms.ValidationError(_("Give a date and a time."), code="invalid") from None
            return moment if moment.tzinfo else timezone.make_aware(moment)
        return super().to_python(value)


def as_typed(text: str) -> str:
    """A moment from a link (with its zone) as the browser's own field wants it; nonsense stays as it is."""
    try:
        moment = datetime.fromisoformat(text.replace(" ", "+") if "T" in text else text)
    except ValueError:
        return text
    local = timezone.localtime(moment) if moment.tzinfo else moment
    return local.strftime(f"{LOCAL_TIME}:%S" if local.second else LOCAL_TIME)


class PeriodForm(forms.Form):
    """A preset, or a span of one's own."""

    when = forms.ChoiceField(label=_("Time"), choices=WHEN, required=False)
    since = MomentField(label=_("From"), required=False)
    until = MomentField(label=_("To"), required=False)
    default_when = "today"

    def __init__(self, data: QueryDict) -> None:
        """Fills in the time that is meant when none is said, so that the page shows it."""
        shown = data.copy()
        for name in ("since", "until"):
            if shown.get(name):
                shown[name] = as_typed(str(shown[name]))
        spanned = shown.get("since") or shown.get("until")
        shown["when"] = "custom" if spanned else shown.get("when") or self.default_when
        super().__init__(shown)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        since, until = said.get("since"), said.get("until")
        if since and until and until <= since:
            self.add_error("until", _("The end lies before the beginning."))
        return said

    def period(self, now: datetime) -> Period:
        """The span meant at `now`. Moments win over a preset; nothing said is the default preset."""
        said = getattr(self, "cleaned_data", {})
        since, until = said.get("since"), said.get("until")
        if since or until:
            return Period(since, until)
        name = said.get("when") or self.default_when
        return preset_period(self.default_when if name == "custom" else name, now)


BY_CODE_OR_NAME = forms.TextInput(attrs={"placeholder": _("Number or name")})


def several(words: str) -> tuple[str, ...]:
    """Codes written one after another, with commas or spaces between."""
    return tuple(words.replace(",", " ").replace("，", " ").split())


def agents_meant(words: str) -> tuple[str, ...]:
    """Staff numbers for numbers and names written one after another; a name nobody has stays, and finds nothing."""
    found: list[str] = []
    for word in several(words):
        found += [word] if word.isdecimal() else codes_named(word) or [word]
    return tuple(dict.fromkeys(found))


class SeveralField(forms.MultipleChoiceField):
    """None, one or several of the choices; the empty choice of a drop-down is none."""

    def to_python(self, value: Any) -> list[str]:
        return [one for one in super().to_python(value) if one]


def choices_of(rows: Iterable[tuple[str, Any]], anyone: Any) -> list[tuple[str, Any]]:
    return [("", anyone), *rows]


class CallFilterForm(PeriodForm):
    """The filters of the call list. Several values of one kind may be given by repeating the parameter."""

    queue = SeveralField(label=_("Queue"), required=False)
    team = SeveralField(label=_("Team"), required=False)
    agent = forms.CharField(label=_("Agent"), required=False, max_length=200, widget=BY_CODE_OR_NAME)
    direction = SeveralField(label=_("Direction"), choices=list(DIRECTIONS.items()), required=False)
    outcome = SeveralField(label=_("Outcome"), choices=list(OUTCOMES.items()), required=False)
    number = forms.CharField(label=_("Full number"), required=False, max_length=24, strip=True)
    wait_from = forms.IntegerField(label=_("Wait from, s"), required=False, min_value=0)
    wait_to = forms.IntegerField(label=_("Wait to, s"), required=False, min_value=0)
    talk_from = forms.IntegerField(label=_("Talk from, s"), required=False, min_value=0)
    talk_to = forms.IntegerField(label=_("Talk to, s"), required=False, min_value=0)
    recording = forms.ChoiceField(
        label=_("Recording"),
        required=False,
        choices=[
            ("", _("With or without")),
            ("any", _("With a recording")),
            ("none", _("Without a recording")),
            *RECORDING_STATUSES.items(),
        ],
    )
    survey = forms.ChoiceField(label=_("Survey by key"), required=False, choices=choices_of(SURVEYED.items(), _("Any")))
    doubts = forms.BooleanField(label=_("Only with doubts"), required=False)

    def __init__(
        self, data: QueryDict, *, queues: Sequence[tuple[str, str]] = (), teams: Sequence[tuple[str, str]] = ()
    ) -> None:
        super().__init__(data)
        self.fields["queue"].choices = list(queues)  # type: ignore[attr-defined]
        self.fields["team"].choices = list(teams)  # type: ignore[attr-defined]

    def query(self, now: datetime) -> CallQuery:
        """The question; a field that could not be understood does not narrow (its error stands beside it)."""
        said = self.cleaned_data
        return CallQuery(
            period=self.period(now),
            queues=tuple(said.get("queue") or ()),
            agents=agents_meant(said.get("agent") or ""),
            teams=tuple(said.get("team") or ()),
            directions=tuple(said.get("direction") or ()),
            outcomes=tuple(said.get("outcome") or ()),
            number=said.get("number") or "",
            wait_from=said.get("wait_from"),
            wait_to=said.get("wait_to"),
            talk_from=said.get("talk_from"),
            talk_to=said.get("talk_to"),
            recording=said.get("recording") or "",
            doubts=bool(said.get("doubts")),
            survey=said.get("survey") or "",
        )


class DayForm(forms.Form):
    """One day of one agent or one team."""

    day = forms.DateField(
        label=_("Day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
    )
    team = forms.ChoiceField(label=_("Team"), required=False)
    agent = forms.CharField(label=_("Agent"), required=False, max_length=200, widget=BY_CODE_OR_NAME)

    def __init__(self, data: QueryDict, *, teams: Sequence[tuple[str, str]] = ()) -> None:
        super().__init__({**data.dict(), "day": data.get("day") or f"{timezone.localdate():%Y-%m-%d}"})
        self.fields["team"].choices = choices_of(teams, _("All teams"))  # type: ignore[attr-defined]

    def chosen_day(self, today: date) -> date:
        return self.cleaned_data.get("day") or today


class RecordingFilterForm(PeriodForm):
    """The filters of the recording search."""

    agent = forms.CharField(label=_("Agent"), required=False, max_length=200, widget=BY_CODE_OR_NAME)
    queue = SeveralField(label=_("Queue"), required=False)
    team = SeveralField(label=_("Team"), required=False)
    status = SeveralField(label=_("State of the file"), choices=list(RECORDING_STATUSES.items()), required=False)
    number = forms.CharField(label=_("Full number"), required=False, max_length=24, strip=True)
    long_from = forms.IntegerField(label=_("Length from, s"), required=False, min_value=0)
    long_to = forms.IntegerField(label=_("Length to, s"), required=False, min_value=0)
    score_from = forms.IntegerField(label=_("Score from"), required=False, min_value=0)
    score_to = forms.IntegerField(label=_("Score to"), required=False, min_value=0)
    held = forms.BooleanField(label=_("Only under legal hold"), required=False)
    default_when = "7d"

    def __init__(
        self, data: QueryDict, *, queues: Sequence[tuple[str, str]] = (), teams: Sequence[tuple[str, str]] = ()
    ) -> None:
        super().__init__(data)
        self.fields["queue"].choices = list(queues)  # type: ignore[attr-defined]
        self.fields["team"].choices = list(teams)  # type: ignore[attr-defined]

    def query(self, now: datetime) -> RecordingQuery:
        said = self.cleaned_data
        return RecordingQuery(
            period=self.period(now),
            agents=agents_meant(said.get("agent") or ""),
            teams=tuple(said.get("team") or ()),
            queues=tuple(said.get("queue") or ()),
            statuses=tuple(said.get("status") or ()),
            number=said.get("number") or "",
            long_from=said.get("long_from"),
            long_to=said.get("long_to"),
            score_from=said.get("score_from"),
            score_to=said.get("score_to"),
            held=bool(said.get("held")),
        )
