# SPDX-License-Identifier: Apache-2.0
"""Forms of what-ifs."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

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
    (changing.CALLS, pgettext_lazy("change of a play", "Calls, by percent")),
    (changing.CAMPAIGN, pgettext_lazy("change of a play", "A campaign, by calls a day")),
    (changing.HANDLING, pgettext_lazy("change of a play", "Handling time, by percent")),
    (changing.PEOPLE, pgettext_lazy("change of a play", "People more or fewer")),
    (changing.MOVE, pgettext_lazy("change of a play", "People's shift moved")),
    (changing.FIGURE, pgettext_lazy("change of a play", "A figure of the handbook")),
]
_MOST = {changing.CALLS: 1000, changing.CAMPAIGN: 1_000_000, changing.HANDLING: 1000, changing.PEOPLE: 10_000}


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
    """One difference of a course; which fields count follows from its kind."""

    kind = forms.ChoiceField(label=_("What changes"), choices=KINDS)
    amount = forms.DecimalField(
        label=_("By how much"),
        help_text=_("Percent, calls, people or the figure's new value; below nought for fewer."),
        max_digits=12,
        decimal_places=2,
    )
    queue = forms.ChoiceField(label=pgettext_lazy("what if", "Queue"), required=False)
    first = forms.TimeField(label=_("From"), widget=ClockInput(), required=False)
    last = forms.TimeField(label=_("Until"), widget=ClockInput(), required=False, help_text=_("Empty: the whole day"))
    minutes = forms.IntegerField(
        label=_("Minutes later"),
        required=False,
        min_value=-720,
        max_value=720,
        help_text=_("Of a shift that is moved; below nought for earlier"),
    )
    key = forms.ChoiceField(label=pgettext_lazy("what if", "Figure"), required=False)

    def __init__(self, *args: Any, queues: list[tuple[str, str]], handbook: Handbook, day: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["queue"]
        chosen.choices = [("", _("Every queue")), *queues]
        reading, labels = handbook.on(day), handbook.entries(FIGURES)
        figures: Any = self.fields["key"]
        figures.choices = [
            ("", "—"),
            *((key, f"{labels[key].label} ({reading.figure(key).text})") for key in CHANGEABLE),
        ]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        kind, amount = said.get("kind"), said.get("amount")
        if kind == changing.FIGURE and not said.get("key"):
            self.add_error("key", _("Say which figure."))
        if kind == changing.MOVE and not said.get("minutes"):
            self.add_error("minutes", _("Say by how many minutes."))
        if kind in (changing.PEOPLE, changing.MOVE) and amount is not None and amount != int(amount):
            self.add_error("amount", _("People are whole people."))
        if kind in (changing.CALLS, changing.HANDLING) and amount is not None and amount <= Decimal(-100):
            self.add_error("amount", _("Nothing would be left."))
        if kind in (changing.FIGURE, changing.CAMPAIGN) and amount is not None and amount < 0:
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
