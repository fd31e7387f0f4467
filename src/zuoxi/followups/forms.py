# SPDX-License-Identifier: Apache-2.0
"""Input of the pages of follow-ups."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zuoxi.followups.handbook import KINDS
from zuoxi.policy.selectors import site_handbook


class ByHandForm(forms.Form):
    """Whom, about what, and by whom."""

    kind = forms.ChoiceField(label=pgettext_lazy("followups", "Kind"))
    number = forms.CharField(label=_("Telephone number"), max_length=32)
    name = forms.CharField(label=pgettext_lazy("person", "Name"), max_length=80, required=False)
    note = forms.CharField(
        label=_("What it is about"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    mine = forms.BooleanField(label=_("I call myself; otherwise it goes to the pool"), required=False)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        known = sorted(site_handbook().entries(KINDS).items(), key=lambda one: (one[1].order, one[0]))
        self.fields["kind"].choices = [(key, str(body.label)) for key, body in known]  # type: ignore[attr-defined]
