# SPDX-License-Identifier: Apache-2.0
"""Input of the pages for programs and web hooks."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zuoxi.gateway import doors
from zuoxi.gateway.applications import LONGEST
from zuoxi.gateway.kinds import KINDS
from zuoxi.people.models import Staff
from zuoxi.people.selectors import staff_by_code


class OwnerField(forms.CharField):
    """A staff number; gives the person."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        staff = staff_by_code(text)
        if staff is None:
            raise forms.ValidationError(_("Nobody has the staff number %(code)s.") % {"code": text})
        if staff.status == Staff.Status.LEFT:
            raise forms.ValidationError(_("%(name)s has left.") % {"name": staff.name})
        return staff


class ApplicationForm(forms.Form):
    name = forms.CharField(label=pgettext_lazy("thing", "Name"), max_length=80)
    purpose = forms.CharField(label=_("Purpose"), max_length=200)
    owner = OwnerField(
        label=_("Owner (staff number)"),
        max_length=32,
        help_text=_("The program acts for this person and can do nothing that the person may not do."),
    )
    per_minute = forms.IntegerField(label=_("Calls per minute"), min_value=1, max_value=6000, initial=120)
    scopes = forms.MultipleChoiceField(label=_("Scopes"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(one, f"{doors.scope_label(one)} ({one})") for one in doors.scopes()]
        self.fields["scopes"].choices = choices  # type: ignore[attr-defined]


class NewApplicationForm(ApplicationForm):
    code = forms.SlugField(label=_("Code"), max_length=32, help_text=_("Small letters, digits and hyphens."))
    field_order = ("code", "name", "purpose", "owner", "per_minute", "scopes")


class TokenForm(forms.Form):
    days = forms.IntegerField(label=_("In force for (days)"), min_value=1, max_value=LONGEST, initial=90)


class WebhookForm(forms.Form):
    name = forms.CharField(label=pgettext_lazy("thing", "Name"), max_length=80)
    url = forms.CharField(
        label=_("Address"),
        max_length=500,
        widget=forms.URLInput,
        help_text=_("https://… in a public network; redirects are not followed."),
    )
    owner = OwnerField(
        label=_("Owner (staff number)"), max_length=32, help_text=_("Is told when the address cannot be reached.")
    )
    kinds = forms.MultipleChoiceField(
        label=_("Happenings"),
        widget=forms.CheckboxSelectMultiple,
        choices=lambda: [(one.code, f"{one.label} ({one.code})") for one in KINDS.values()],
    )
