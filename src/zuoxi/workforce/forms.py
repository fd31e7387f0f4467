# SPDX-License-Identifier: Apache-2.0
"""Forms of swaps, overtime, handovers, posts and moves of the day."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zuoxi.people.models import Team
from zuoxi.people.selectors import working_staff
from zuoxi.workforce.clock import Clock, clock_from
from zuoxi.workforce.models import Dispatch, HandoverNote, OvertimeCall, ShiftSwap

NOBODY = working_staff(date(2000, 1, 1)).none()
NO_TEAM: Any = None


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class TimeInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class ShortText(forms.Textarea):
    def __init__(self) -> None:
        super().__init__(attrs={"rows": 2})


class SwapWishForm(forms.Form):
    """What to swap with whom; colleagues are those of the same team and post."""

    kind = forms.ChoiceField(
        label=pgettext_lazy("swap", "Kind of swap"),
        choices=[(one.value, one.label) for one in ShiftSwap.Kind if one != ShiftSwap.Kind.SUBSTITUTE],
    )
    given_day = forms.DateField(label=_("Day I give away"), widget=DayInput())
    taken_day = forms.DateField(
        label=_("Day I take instead"),
        widget=DayInput(),
        required=False,
        help_text=_("With a colleague: empty means that you change places on the same day."),
    )
    peer = forms.ModelChoiceField(label=pgettext_lazy("swap", "Colleague"), queryset=NOBODY, required=False)
    handover = forms.CharField(
        label=pgettext_lazy("swap", "Handed over"),
        widget=ShortText(),
        required=False,
        max_length=1000,
        help_text=_("Open tickets, calls back, escalations; or that there is nothing."),
    )
    reason = forms.CharField(label=pgettext_lazy("swap", "Reason"), max_length=200, required=False)

    def __init__(self, *args: Any, colleagues: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["peer"].queryset = colleagues  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("kind") == ShiftSwap.Kind.PEER and not said.get("peer"):
            self.add_error("peer", _("Choose the colleague you swap with."))
        if said.get("kind") != ShiftSwap.Kind.PEER:
            said["peer"] = None
            if not said.get("taken_day"):
                self.add_error("taken_day", _("Choose the day that you take instead."))
        return said


class ClockField(forms.CharField):
    """Times of one stretch, as "18:00-21:00"."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            clock: Clock = clock_from(text)
        except ValueError:
            clock = Clock(())
        if len(clock.spans) != 1:
            raise forms.ValidationError(_("Write the times like 18:00-21:00."))
        return clock


class OvertimeForm(forms.Form):
    """A list of overtime; `people` are those in reach."""

    day = forms.DateField(label=pgettext_lazy("roster", "Day"), widget=DayInput())
    clock = ClockField(label=_("Times"), max_length=40)
    reason = forms.CharField(label=pgettext_lazy("overtime", "Reason"), max_length=200)
    mark = forms.ChoiceField(
        label=pgettext_lazy("overtime", "Mark"), choices=OvertimeCall.Mark.choices, initial=OvertimeCall.Mark.ASSIGNED
    )
    people = forms.ModelMultipleChoiceField(
        label=_("People"), queryset=NOBODY, widget=forms.SelectMultiple(attrs={"size": 10})
    )

    def __init__(self, *args: Any, people: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["people"].queryset = people  # type: ignore[attr-defined]


class HandoverForm(forms.Form):
    """What is handed over; at least one of the lines has to be filled."""

    occasion = forms.ChoiceField(label=pgettext_lazy("handover", "Occasion"), choices=HandoverNote.Occasion.choices)
    day = forms.DateField(label=pgettext_lazy("roster", "Day"), widget=DayInput())
    taker = forms.ModelChoiceField(label=pgettext_lazy("handover", "Taken over by"), queryset=NOBODY)
    tickets = forms.CharField(label=_("Open tickets"), widget=ShortText(), required=False, max_length=1000)
    callbacks = forms.CharField(label=_("Calls back owed"), widget=ShortText(), required=False, max_length=1000)
    escalations = forms.CharField(label=_("Escalations"), widget=ShortText(), required=False, max_length=1000)
    items = forms.CharField(
        label=_("Items counted"),
        widget=ShortText(),
        required=False,
        max_length=1000,
        help_text=_("For shared equipment: each item with its number, one a line."),
    )

    def __init__(self, *args: Any, people: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["taker"].queryset = people  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not any(said.get(name, "").strip() for name in ("tickets", "callbacks", "escalations", "items")):
            raise forms.ValidationError(_("Write what is handed over, or that there is nothing."))
        if said.get("occasion") == HandoverNote.Occasion.EQUIPMENT and not said.get("items", "").strip():
            self.add_error("items", _("Count the items of the shared equipment."))
        return said


class PairForm(forms.Form):
    """A post with its A and its B."""

    duty = forms.CharField(label=pgettext_lazy("pair", "Post or duty"), max_length=80)
    a = forms.ModelChoiceField(label=pgettext_lazy("pair", "A"), queryset=NOBODY)
    b = forms.ModelChoiceField(label=pgettext_lazy("pair", "B, stands in"), queryset=NOBODY, required=False)
    authority = forms.CharField(
        label=_("Authority while standing in"), max_length=200, required=False, help_text=_("What B may decide for A.")
    )
    from_on = forms.DateField(label=_("From day"), widget=DayInput())

    def __init__(self, *args: Any, people: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for name in ("a", "b"):
            self.fields[name].queryset = people  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("a") is not None and said.get("a") == said.get("b"):
            self.add_error("b", _("A and B are two people."))
        return said


class DispatchForm(forms.Form):
    """Somebody moved during the day, or a suggestion."""

    kind = forms.ChoiceField(
        label=pgettext_lazy("dispatch", "Kind"),
        choices=[(one.value, one.label) for one in Dispatch.Kind if one != Dispatch.Kind.SUBSTITUTE],
    )
    staff = forms.ModelChoiceField(label=pgettext_lazy("roster", "Person"), queryset=NOBODY, required=False)
    team: forms.ModelChoiceField[Team] = forms.ModelChoiceField(label=_("To team"), queryset=NO_TEAM, required=False)
    starts_at = forms.DateTimeField(label=pgettext_lazy("dispatch", "From"), widget=TimeInput())
    ends_at = forms.DateTimeField(label=pgettext_lazy("dispatch", "Until"), widget=TimeInput(), required=False)
    reason = forms.CharField(label=_("Why, or what is suggested"), max_length=400)

    def __init__(self, *args: Any, people: Any, teams: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["staff"].queryset = people  # type: ignore[attr-defined]
        self.fields["team"].queryset = teams  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        kind = said.get("kind")
        if kind in (Dispatch.Kind.LENT, Dispatch.Kind.MOVED) and not said.get("staff"):
            self.add_error("staff", _("Choose the person."))
        if kind == Dispatch.Kind.LENT and not said.get("team"):
            self.add_error("team", _("Choose the team that the person helps."))
        since, until = said.get("starts_at"), said.get("ends_at")
        if since and until and until <= since:
            self.add_error("ends_at", _("The end lies before the start."))
        return said


class SubstituteForm(forms.Form):
    """Who stands in for whom on which day."""

    instead_of = forms.ModelChoiceField(label=_("Whose shift"), queryset=NOBODY)
    staff = forms.ModelChoiceField(label=_("Who stands in"), queryset=NOBODY)
    day = forms.DateField(label=pgettext_lazy("roster", "Day"), widget=DayInput())
    handover = forms.CharField(label=pgettext_lazy("swap", "Handed over"), widget=ShortText(), max_length=1000)
    reason = forms.CharField(label=pgettext_lazy("swap", "Reason"), max_length=200)

    def __init__(self, *args: Any, people: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for name in ("instead_of", "staff"):
            self.fields[name].queryset = people  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("staff") is not None and said.get("staff") == said.get("instead_of"):
            self.add_error("staff", _("Two different people are needed."))
        return said
