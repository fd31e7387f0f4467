# SPDX-License-Identifier: Apache-2.0
"""Input of the pages of outbound calls."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from zuoxi.knowledge import selectors as knowledge
from zuoxi.outbound.handbook import COLOURS, DIAL_RULES, RESULT_TREES
from zuoxi.outbound.models import Campaign
from zuoxi.people.models import Staff, Team
from zuoxi.people.selectors import open_teams_query
from zuoxi.policy.selectors import site_handbook


class MomentField(forms.DateTimeField):
    """A day and a time as a browser gives them, in the site's zone."""

    def __init__(self, **more: Any) -> None:
        more.setdefault("widget", forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"))
        super().__init__(input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"], **more)

    def to_python(self, value: Any) -> datetime | None:
        found = super().to_python(value)
        return timezone.make_aware(found) if found is not None and timezone.is_naive(found) else found


def _labels(section: Any) -> list[tuple[str, str]]:
    return [(key, str(body.label)) for key, body in site_handbook().entries(section).items()]


def _day_widget() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class CampaignForm(forms.Form):
    """What a campaign is."""

    name = forms.CharField(label=pgettext_lazy("thing", "Name"), max_length=80)
    about = forms.CharField(
        label=gettext_lazy("Purpose"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    mode = forms.ChoiceField(label=gettext_lazy("Dialling"), choices=Campaign.Mode.choices)
    rule = forms.ChoiceField(label=gettext_lazy("When and how often"))
    tree = forms.ChoiceField(label=gettext_lazy("Results"))
    script = forms.ChoiceField(
        label=gettext_lazy("Script of the campaign"),
        required=False,
        help_text=gettext_lazy("It stands beside each call."),
    )
    present = forms.RegexField(
        r"^\+?[0-9]{3,20}$",
        label=gettext_lazy("Number shown to the customer"),
        required=False,
        help_text=gettext_lazy("Empty: the number of the centre."),
    )
    begins_on = forms.DateField(label=gettext_lazy("Begins on"), required=False, widget=_day_widget())
    ends_on = forms.DateField(label=gettext_lazy("Ends on"), required=False, widget=_day_widget())
    teams: forms.ModelMultipleChoiceField[Team] = forms.ModelMultipleChoiceField(
        queryset=None,
        label=gettext_lazy("Teams"),
        required=False,
        help_text=gettext_lazy("None: every team may work on it."),
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["rule"].choices = _labels(DIAL_RULES)  # type: ignore[attr-defined]
        self.fields["tree"].choices = _labels(RESULT_TREES)  # type: ignore[attr-defined]
        scripts = [("", str(_("Without a script"))), *knowledge.script_labels().items()]
        kept = str((self.initial or {}).get("script") or "")
        if kept and kept not in dict(scripts):
            scripts.append((kept, kept))
        self.fields["script"].choices = scripts  # type: ignore[attr-defined]
        self.fields["teams"].queryset = open_teams_query()  # type: ignore[attr-defined]


class ListForm(forms.Form):
    """A file of contacts and what it is taken under."""

    file = forms.FileField(label=gettext_lazy("File"))
    source = forms.CharField(
        label=gettext_lazy("Where the list comes from"), max_length=120, required=False,
        help_text=gettext_lazy("Own customers, a fair, a partner …"),
    )  # fmt: skip
    consent = forms.CharField(
        label=gettext_lazy("Proof of consent for the whole list"), max_length=200, required=False,
        help_text=gettext_lazy("Where and when they agreed; empty: each line brings its own in the column 同意凭证."),
    )  # fmt: skip


class HandoutForm(forms.Form):
    """Contacts for one agent."""

    staff = forms.CharField(label=gettext_lazy("Staff number"), max_length=32)
    count = forms.IntegerField(label=gettext_lazy("How many"), min_value=1, max_value=2000, initial=50)
    due_at = MomentField(label=gettext_lazy("To be worked through by"))


class PromiseForm(forms.Form):
    """A callback by hand."""

    number = forms.CharField(label=gettext_lazy("Number"), max_length=32)
    name = forms.CharField(label=pgettext_lazy("person", "Name"), max_length=80, required=False)
    at = MomentField(
        label=gettext_lazy("When"), required=False, help_text=gettext_lazy("Empty: within the handbook's time.")
    )
    reason = forms.CharField(label=gettext_lazy("About what"), max_length=400, widget=forms.Textarea(attrs={"rows": 2}))


class FollowUpForm(forms.Form):
    """The three things, a colour, and when to go on."""

    contact = forms.CharField(label=gettext_lazy("Contact"), max_length=80)
    phone = forms.CharField(label=gettext_lazy("Telephone number"), max_length=32)
    content = forms.CharField(label=gettext_lazy("What was said"), widget=forms.Textarea(attrs={"rows": 3}))
    colour = forms.ChoiceField(label=gettext_lazy("Mark"), required=False)
    next_at = MomentField(label=gettext_lazy("Go on at"), required=False)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["colour"].choices = [("", "—"), *_labels(COLOURS)]  # type: ignore[attr-defined]


class ResultForm(forms.Form):
    """What an agent writes of a call."""

    result = forms.CharField(max_length=40)
    note = forms.CharField(required=False, max_length=1000)
    at = MomentField(required=False)
    follow_up = forms.CharField(required=False, max_length=2000)
    contact = forms.CharField(required=False, max_length=80)


def staff_named(code: str, seen: Any) -> Staff:
    """The person of a staff number, among those in reach; raises ValidationError."""
    found: Staff | None = seen.filter(code=code.strip()).first()
    if found is None:
        raise forms.ValidationError(_("Nobody in your reach has this staff number."))
    return found
