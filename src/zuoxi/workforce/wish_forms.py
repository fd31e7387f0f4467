# SPDX-License-Identifier: Apache-2.0
"""The form of a wish for a coming roster."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zuoxi.workforce.forms import DayInput
from zuoxi.workforce.wish_models import RosterWish


class RosterWishForm(forms.Form):
    """A day, what is wished of it, whether it matters much, and why."""

    day = forms.DateField(label=pgettext_lazy("roster", "Day"), widget=DayInput())
    want = forms.ChoiceField(label=pgettext_lazy("roster wish", "What I would like"))
    strong = forms.BooleanField(label=_("This one matters much to me"), required=False)
    reason = forms.CharField(
        label=pgettext_lazy("swap", "Reason"), max_length=200, required=False,
        help_text=_("Only who makes the roster reads it."),
    )  # fmt: skip

    def __init__(self, *args: Any, shifts: Sequence[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        named = [(key, f"{key} {name}") for key, name in shifts]
        self.fields["want"].choices = [(RosterWish.OFF, _("A day of rest")), *named]  # type: ignore[attr-defined]
