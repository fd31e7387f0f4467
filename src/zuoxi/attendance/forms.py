# SPDX-License-Identifier: Apache-2.0
"""The forms of attendance. What is impossible is said by the field; what the pack forbids is said by its finding."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zuoxi.approvals.kinds import RequestForm
from zuoxi.attendance.handbook import CAUSES
from zuoxi.attendance.models import Direction, Source
from zuoxi.people.selectors import staff_by_codes, team_choices
from zuoxi.policy.selectors import site_handbook

_DATE = forms.DateInput(attrs={"type": "date"})
_TIME = forms.TimeInput(attrs={"type": "time"})
_MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
OLDEST = timedelta(days=400)
ENDS = [choice for choice in Direction.choices if choice[0] != Direction.UNKNOWN]


def cause_choices(*, wide: bool = False) -> list[tuple[str, str]]:
    """Causes that the pack knows, for one person or for many."""
    known = site_handbook().entries(CAUSES).items()
    return [
        (code, str(body.label))
        for code, body in known
        if (set(body.scope) - {"person"} if wide else "person" in body.scope)
    ]


def past_day(day: date, today: date) -> date:
    """A day that has begun and is not ages ago. Raises ValidationError."""
    if day > today:
        raise forms.ValidationError(_("This day has not come yet."))
    if day < today - OLDEST:
        raise forms.ValidationError(_("This day is more than a year ago."))
    return day


class NoteForm(RequestForm):
    """Why somebody came late, left early or has no record."""

    day = forms.DateField(label=_("Day"), widget=_DATE)
    since = forms.TimeField(label=pgettext_lazy("excuse", "From"), widget=_TIME)
    until = forms.TimeField(label=pgettext_lazy("excuse", "Until"), widget=_TIME)
    cause = forms.ChoiceField(label=_("Cause"), choices=cause_choices)
    told_at = forms.TimeField(label=_("When the superior was told"), widget=_TIME, required=False)
    proof = forms.CharField(
        label=_("What proves it"),
        max_length=400,
        required=False,
        help_text=_("For a shuttle: line and time of arrival."),
    )
    reason = forms.CharField(label=_("What happened"), max_length=400, widget=forms.Textarea(attrs={"rows": 2}))

    def clean_day(self) -> date:
        return past_day(self.cleaned_data["day"], timezone.localdate(self.now))


class CorrectionForm(RequestForm):
    """A clock record that is missing or wrong."""

    day = forms.DateField(label=_("Day of the shift"), widget=_DATE)
    direction = forms.ChoiceField(label=_("Which record"), choices=ENDS)
    at = forms.DateTimeField(label=_("When it really was"), widget=_MOMENT)
    evidence = forms.CharField(label=_("What proves it"), max_length=400, required=False)
    reason = forms.CharField(label=_("What happened"), max_length=400, widget=forms.Textarea(attrs={"rows": 2}))

    def clean_day(self) -> date:
        return past_day(self.cleaned_data["day"], timezone.localdate(self.now))

    def clean_at(self) -> datetime:
        moment: datetime = self.cleaned_data["at"]
        if moment > self.now:
            raise forms.ValidationError(_("This moment has not come yet."))
        return moment

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        day, moment = found.get("day"), found.get("at")
        if day and moment and not timedelta(-1) <= timezone.localdate(moment) - day <= timedelta(2):
            self.add_error("at", _("This is more than a day away from the shift."))
        return found


class WideExcuseForm(RequestForm):
    """What befell many: a team, or the whole centre."""

    team = forms.ChoiceField(label=_("Team"), required=False, help_text=_("Empty: the whole centre."))
    cause = forms.ChoiceField(label=_("Cause"))
    starts_at = forms.DateTimeField(label=pgettext_lazy("excuse", "From"), widget=_MOMENT)
    ends_at = forms.DateTimeField(label=pgettext_lazy("excuse", "Until"), widget=_MOMENT)
    told_at = forms.DateTimeField(label=_("When the superior was told"), widget=_MOMENT)
    proof = forms.CharField(label=_("What proves it"), max_length=400)
    reason = forms.CharField(label=_("What happened"), max_length=400, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["team"].choices = [("", _("Whole centre")), *team_choices()]  # type: ignore[attr-defined]
        self.fields["cause"].choices = cause_choices(wide=True)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        since, until = found.get("starts_at"), found.get("ends_at")
        if since and until and until <= since:
            self.add_error("ends_at", _("The end must lie after the beginning."))
        if since and since > self.now:
            self.add_error("starts_at", _("This moment has not come yet."))
        return found


class DirectCorrectionForm(forms.Form):
    """A record put right by whoever keeps the books: one that does not count, one that counts instead, or both."""

    code = forms.CharField(label=_("Staff number"), max_length=32)
    day = forms.DateField(label=_("Day of the shift"), widget=_DATE)
    original = forms.IntegerField(required=False, widget=forms.HiddenInput)
    direction = forms.ChoiceField(label=_("Which record"), choices=ENDS)
    at = forms.DateTimeField(
        label=_("When it really was"),
        widget=_MOMENT,
        required=False,
        help_text=_("Empty: the record does not count at all."),
    )
    evidence = forms.CharField(label=_("What proves it"), max_length=400, required=False)
    reason = forms.CharField(label=_("Why"), max_length=400)

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"].strip()
        if code not in staff_by_codes([code]):
            raise forms.ValidationError(_("Nobody has this staff number."))
        return code

    def clean_day(self) -> date:
        return past_day(self.cleaned_data["day"], timezone.localdate())

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if not found.get("at") and not found.get("original") and not self.errors:
            self.add_error("at", _("Say when it was."))
        return found


class ImportForm(forms.Form):
    """A file of clock records."""

    file = forms.FileField(label=_("File"))
    source = forms.ChoiceField(
        label=_("Where it comes from"),
        choices=[(Source.TERMINAL, Source.TERMINAL.label), (Source.FILE, Source.FILE.label)],
    )
    headings = forms.CharField(
        label=_("Headings of your own"), required=False, help_text=_("For example 编号=工号, 打卡=时间")
    )


class UntrueForm(forms.Form):
    """What was found about an excuse."""

    note = forms.CharField(label=_("What was found"), max_length=400)
