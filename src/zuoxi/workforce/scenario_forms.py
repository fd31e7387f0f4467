# SPDX-License-Identifier: Apache-2.0
"""Forms of what-ifs."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zuoxi.policy.entries import FIGURES
from zuoxi.policy.handbook import Handbook
from zuoxi.workforce.forms import DayInput
from zuoxi.workforce.scenario_models import WhatIfCourse
from zuoxi.workforce.scenarios import changing
from zuoxi.workforce.scenarios.terms import CHANGEABLE

KINDS = [
    (changing.CALLS, pgettext_lazy("change of a play", "Calls")),
    (changing.CAMPAIGN, pgettext_lazy("change of a play", "A campaign")),
    (changing.HANDLING, pgettext_lazy("change of a play", "Handling time")),
    (changing.PEOPLE, pgettext_lazy("change of a play", "People")),
    (changing.NEWCOMERS, pgettext_lazy("change of a play", "New people")),
    (changing.MOVE, pgettext_lazy("change of a play", "A shift moved")),
    (changing.RETRY, pgettext_lazy("change of a play", "Calling again")),
    (changing.CALLBACK, pgettext_lazy("change of a play", "Callbacks")),
    (changing.FIGURE, pgettext_lazy("change of a play", "A rule of the handbook")),
]
_HOURS = ("queue", "first", "last")
_FIELDS: Final[dict[str, tuple[str, ...]]] = {
    changing.CALLS: _HOURS,
    changing.CAMPAIGN: _HOURS,
    changing.HANDLING: ("queue",),
    changing.PEOPLE: _HOURS,
    changing.NEWCOMERS: _HOURS,
    changing.MOVE: (*_HOURS, "minutes"),
    changing.RETRY: ("queue",),
    changing.CALLBACK: ("queue",),
    changing.FIGURE: ("key",),
}
"""What counts beside the amount."""
_AMOUNTS = {
    changing.CALLS: (_("Percent more"), _("Below nought for fewer")),
    changing.CAMPAIGN: (_("Calls a day"), _("Beside those that come anyway, evenly over the hours")),
    changing.HANDLING: (_("Percent longer"), _("Below nought for shorter")),
    changing.PEOPLE: (_("People more"), _("Below nought for fewer")),
    changing.NEWCOMERS: (
        pgettext_lazy("what if", "New people"),
        _("Slower at first, as the handbook says of new people"),
    ),
    changing.MOVE: (_("How many people"), _("Of those at work in these hours")),
    changing.RETRY: (_("Percent of those who give up"), _("They call again some minutes later.")),
    changing.CALLBACK: (_("Percent of those who give up"), _("They leave their number and are called back.")),
    changing.FIGURE: (pgettext_lazy("what if", "New value"), _("Played with it; the handbook stays as it is.")),
}
_MOST = {
    changing.CALLS: 1000,
    changing.CAMPAIGN: 1_000_000,
    changing.HANDLING: 1000,
    changing.PEOPLE: 10_000,
    changing.NEWCOMERS: 10_000,
    changing.RETRY: 95,
    changing.CALLBACK: 95,
}
_WHOLE = (changing.PEOPLE, changing.NEWCOMERS, changing.MOVE)
_FROM_NOUGHT = (changing.FIGURE, changing.CAMPAIGN, changing.NEWCOMERS, changing.RETRY, changing.CALLBACK)


class ClockInput(forms.TimeInput):
    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class WhatIfForm(forms.Form):
    name = forms.CharField(label=pgettext_lazy("what if", "Name"), max_length=80)
    first = forms.DateField(
        label=_("First day"),
        widget=DayInput(),
        help_text=_("A day that is over is played with its own calls and people, a coming one with its roster."),
    )
    days = forms.IntegerField(label=pgettext_lazy("what if", "Days"), min_value=1, max_value=31, initial=1)


class CourseForm(forms.Form):
    name = forms.CharField(label=pgettext_lazy("what if", "Name"), max_length=40)
    people = forms.ChoiceField(label=_("Who works"))

    def __init__(self, *args: Any, past: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people: Any = self.fields["people"]
        people.choices = [
            (one.value, one.label) for one in WhatIfCourse.People if past or one != WhatIfCourse.People.WAS
        ]


class ChangeForm(forms.Form):
    """One difference of a course; which fields it has follows from its kind."""

    kind = forms.ChoiceField(label=_("What changes"), choices=KINDS, widget=forms.HiddenInput())
    key = forms.ChoiceField(label=pgettext_lazy("what if", "Figure"), required=False)
    amount = forms.DecimalField(label=_("By how much"), max_digits=12, decimal_places=2)
    queue = forms.ChoiceField(label=pgettext_lazy("what if", "Queue"), required=False)
    first = forms.TimeField(label=_("From"), widget=ClockInput(), required=False)
    last = forms.TimeField(label=_("Until"), widget=ClockInput(), required=False, help_text=_("Empty: the whole day"))
    minutes = forms.IntegerField(
        label=_("Minutes later"),
        required=False,
        min_value=-720,
        max_value=720,
        help_text=_("Below nought for earlier"),
    )

    def __init__(
        self, *args: Any, queues: list[tuple[str, str]], handbook: Handbook, day: Any, about: str, **kwargs: Any
    ) -> None:
        """`about`: the kind."""
        super().__init__(*args, **kwargs)
        about = about if about in _FIELDS else changing.CALLS
        self.fields["kind"].initial = self.about = about
        self.fields["amount"].label, self.fields["amount"].help_text = _AMOUNTS[about]
        chosen: Any = self.fields["queue"]
        chosen.choices = [("", _("Every queue")), *queues]
        reading, labels = handbook.on(day), handbook.entries(FIGURES)
        figures: Any = self.fields["key"]
        figures.choices = [
            ("", "—"),
            *((key, f"{labels[key].label} ({reading.figure(key).text})") for key in CHANGEABLE),
        ]
        for name in {"queue", "first", "last", "minutes", "key"} - set(_FIELDS[about]):
            del self.fields[name]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        kind, amount = said.get("kind"), said.get("amount")
        if kind == changing.FIGURE and not said.get("key"):
            self.add_error("key", _("Say which figure."))
        if kind == changing.MOVE and not said.get("minutes"):
            self.add_error("minutes", _("Say by how many minutes."))
        if kind in _WHOLE and amount is not None and amount != int(amount):
            self.add_error("amount", _("People are whole people."))
        if kind in (changing.CALLS, changing.HANDLING) and amount is not None and amount <= Decimal(-100):
            self.add_error("amount", _("Nothing would be left."))
        if kind in _FROM_NOUGHT and amount is not None and amount < 0:
            self.add_error("amount", _("This lies at nought or above."))
        if amount is not None and abs(amount) > _MOST.get(str(kind), 1_000_000):
            self.add_error("amount", _("This is too much to be meant."))
        return said

    def change(self) -> changing.Change:
        said = self.cleaned_data
        start = changing.Change("", Decimal(0))
        return changing.Change(
            said["kind"],
            said["amount"],
            said.get("queue") or "",
            said.get("first") or start.first,
            said.get("last") or start.last,
            said.get("minutes") or 0,
            said.get("key") or "",
        )
