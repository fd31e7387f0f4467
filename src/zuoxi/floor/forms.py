# SPDX-License-Identifier: Apache-2.0
"""What is typed in on the pages of the floor's rules."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from zuoxi.floor.handbook import MEETINGS, VIOLATIONS
from zuoxi.floor.models import DressDay, Fault
from zuoxi.people.selectors import PostHeld
from zuoxi.policy.selectors import site_handbook

CLOCK = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
TEXT = forms.Textarea(attrs={"rows": 4})
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def person_choices(posts: Iterable[PostHeld]) -> list[tuple[str, str]]:
    """(staff number, name and number), each person once."""
    return [("", "—"), *{one.code: f"{one.name} {one.code}" for one in posts}.items()]


class PersonForm(forms.Form):
    """A form about one of the people in reach."""

    person = forms.ChoiceField(label=_("Person"))

    def __init__(self, *args: Any, people: Iterable[PostHeld] = (), **more: Any) -> None:
        super().__init__(*args, **more)
        choices = person_choices(people)
        for name in ("person", "owner", "proxy"):
            if isinstance(field := self.fields.get(name), forms.ChoiceField):
                field.choices = choices


class ViolationForm(PersonForm):
    item = forms.ChoiceField(label=_("What is wrong"))
    happened_at = forms.DateTimeField(label=_("When it happened"), widget=CLOCK)
    seat_kind = forms.ChoiceField(label=_("Kind of seat"))
    place = forms.CharField(label=_("Seat or place"), max_length=60, required=False)
    note = forms.CharField(label=_("What was seen"), max_length=300, required=False)
    photo = forms.FileField(label=_("Photograph"), required=False, widget=forms.FileInput(attrs={"accept": "image/*"}))

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        english = (get_language() or "").startswith("en")
        items = site_handbook().entries(VIOLATIONS).items()
        choice = self.fields["item"]
        kinds = self.fields["seat_kind"]
        if isinstance(choice, forms.ChoiceField):
            choice.choices = [("", "—"), *((key, b.label.en if english else b.label.zh) for key, b in items)]
        if isinstance(kinds, forms.ChoiceField):
            kinds.choices = list(SEAT_KINDS.items())


SEAT_KINDS = {
    "agent": _("Agent's seat"),
    "leader": _("Leader's seat"),
    "expert": _("Expert's seat"),
    "quality": _("Quality seat"),
    "counter": _("Counter"),
}


class CareForm(PersonForm):
    text = forms.CharField(label=_("What happened and what was done"), max_length=600, widget=TEXT)
    look_again_on = forms.DateField(label=_("Look again on"), required=False, widget=DAY)


class DayForm(forms.Form):
    day = forms.DateField(label=_("Day"), widget=DAY)
    kind = forms.ChoiceField(label=_("What day it is"), choices=DressDay.Kind.choices)
    note = forms.CharField(label=_("Remark"), max_length=120, required=False)


class FaultForm(forms.Form):
    kind = forms.ChoiceField(label=_("What is broken"), choices=Fault.Kind.choices)
    seat = forms.CharField(label=_("Seat"), max_length=16, required=False)
    text = forms.CharField(label=_("What is wrong with it"), max_length=200)


class HandoverForm(forms.Form):
    open_tickets = forms.IntegerField(label=_("Tickets left open"), min_value=0, max_value=999)
    callbacks = forms.IntegerField(label=_("Callbacks promised"), min_value=0, max_value=999)
    escalations = forms.IntegerField(label=_("Cases passed upwards"), min_value=0, max_value=999)
    text = forms.CharField(
        label=_("What the next one must know"), max_length=600, required=False, widget=forms.Textarea
    )


class MeetingForm(forms.Form):
    kind = forms.ChoiceField(label=_("Meeting"))
    starts_at = forms.DateTimeField(label=_("Begins"), widget=CLOCK)
    team = forms.ChoiceField(label=_("Team"), required=False)
    title = forms.CharField(label=_("Subject of the meeting"), max_length=80, required=False)
    place = forms.CharField(label=_("Where it is held"), max_length=60, required=False)
    on_floor = forms.BooleanField(label=_("On the floor"), required=False)
    business = forms.BooleanField(label=_("The business makes it necessary at once"), required=False)

    def __init__(self, *args: Any, teams: Iterable[tuple[str, str]] = (), **more: Any) -> None:
        super().__init__(*args, **more)
        english = (get_language() or "").startswith("en")
        items = site_handbook().entries(MEETINGS).items()
        for name, choices in (
            ("kind", [(key, body.label.en if english else body.label.zh) for key, body in items]),
            ("team", [("", str(_("The whole centre"))), *teams]),
        ):
            if isinstance(field := self.fields[name], forms.ChoiceField):
                field.choices = choices


class ActionForm(PersonForm):
    person = None  # type: ignore[assignment]
    text = forms.CharField(label=_("What is to be done"), max_length=300)
    owner = forms.ChoiceField(label=_("By whom"))
    due_on = forms.DateField(label=_("By when"), widget=DAY)


class PointForm(forms.Form):
    problem = forms.CharField(label=_("Problem"), max_length=300)
    conclusion = forms.CharField(label=_("Conclusion"), max_length=300, required=False)
