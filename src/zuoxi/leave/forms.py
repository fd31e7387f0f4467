# SPDX-License-Identifier: Apache-2.0
"""The forms of leave. What is impossible is said by the field; what the rules forbid is said by their finding."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zuoxi.approvals.kinds import RequestForm
from zuoxi.leave.asking import overlapping
from zuoxi.leave.kinds import LEAVE_KINDS, kinds_of
from zuoxi.leave.models import Channel, Leave, LeaveState, Part
from zuoxi.leave.wishes import Wish, count_of
from zuoxi.people.models import Staff
from zuoxi.people.selectors import codes_named
from zuoxi.policy.selectors import site_handbook

LONGEST = timedelta(days=400)  # a year of leave and the days around it; more is a slip of the pen
_DATE = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
_TIME = forms.TimeInput(format="%H:%M", attrs={"type": "time"})
SMS = "sms"  # offered so that it can be refused in words (ATT-013)
UNITS = (
    ("day", pgettext_lazy("leave", "Whole days")),
    ("half_day", pgettext_lazy("leave", "With half days")),
    ("hours", pgettext_lazy("leave", "Hours of one day")),
)


def kind_choices() -> list[tuple[str, str]]:
    return [(code, str(body.label)) for code, body in kinds_of(site_handbook()).items()]


class LeaveForm(RequestForm):
    """A leave that is asked for; for somebody else's by whoever writes the call down."""

    kind = forms.ChoiceField(label=_("Kind of leave"), choices=kind_choices)
    first_on = forms.DateField(label=_("First day"), widget=_DATE)
    last_on = forms.DateField(label=_("Last day"), widget=_DATE)
    first_part = forms.ChoiceField(
        label=_("Of the first day"), choices=Part.choices, required=False, initial=Part.WHOLE
    )
    last_part = forms.ChoiceField(label=_("Of the last day"), choices=Part.choices, required=False, initial=Part.WHOLE)
    since = forms.TimeField(label=_("From (hours only)"), widget=_TIME, required=False)
    until = forms.TimeField(label=_("Until (hours only)"), widget=_TIME, required=False)
    emergency = forms.BooleanField(label=_("Emergency"), required=False)
    channel = forms.ChoiceField(
        label=_("Told by"), choices=[*Channel.choices, (SMS, _("By text message"))], required=False
    )
    reason = forms.CharField(
        label=pgettext_lazy("leave", "Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
    handover = forms.CharField(
        label=_("Handed over to whom, and what"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    stand_in = forms.CharField(label=_("Stand-in (staff number or name)"), max_length=60, required=False)
    extends = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def clean_stand_in(self) -> str:
        """One person, by number; the applicant himself is none."""
        said = str(self.cleaned_data["stand_in"]).strip()
        if not said:
            return ""
        found = [code for code in codes_named(said, 3) if self.applicant is None or code != self.applicant.code]
        if said in found:
            return said
        if len(found) != 1:
            raise ValidationError(
                _("Nobody is meant clearly: enter the staff number.") if found else _("Nobody has that number or name.")
            )
        return found[0]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        said["channel"] = said.get("channel") or Channel.SYSTEM
        for part in ("first_part", "last_part"):
            said[part] = said.get(part) or Part.WHOLE
        if not self.errors:
            self._dates(said)
        if not self.errors:
            self._extension(said)
        if not self.errors and self.applicant is not None:
            self._person(self.applicant, said)
        return said

    def _dates(self, said: dict[str, Any]) -> None:
        first, last = said["first_on"], said["last_on"]
        if last < first:
            self.add_error("last_on", _("The last day lies before the first: swap the two dates."))
        elif last - first > LONGEST:
            self.add_error("last_on", _("That is longer than a year: check the year of the dates."))
        units = site_handbook().entry(LEAVE_KINDS, said["kind"]).units
        halves = {said["first_part"], said["last_part"] if last != first else Part.WHOLE} != {Part.WHOLE}
        hours = said.get("since"), said.get("until")
        if any(hours):
            if not all(hours):
                self.add_error("until", _("Hours need a beginning and an end."))
            elif hours[0] == hours[1]:
                self.add_error("until", _("No time lies between the two."))
            if first != last:
                self.add_error("last_on", _("Hours lie within one day; for more days leave the times empty."))
            if "hours" not in units:
                self.add_error("since", _("This leave is not taken in hours."))
        elif halves and "half_day" not in units:
            self.add_error("first_part", _("This leave is taken in whole days."))
        elif last > first and said["first_part"] == Part.FIRST_HALF:
            self.add_error("first_part", _("A leave of several days begins with a whole day or with its second half."))
        elif last > first and said["last_part"] == Part.SECOND_HALF:
            self.add_error("last_part", _("A leave of several days ends with a whole day or with its first half."))

    def _extension(self, said: dict[str, Any]) -> None:
        """A leave is prolonged before it ends, from the day after its last (ATT-005)."""
        if not said.get("extends"):
            return
        before = Leave.objects.filter(
            pk=said["extends"], staff=self.applicant, state=LeaveState.APPROVED, kind=said["kind"]
        ).first()
        if before is None:
            self.add_error(None, _("The leave that should be prolonged is not there any more: ask for a new one."))
        elif self.now >= before.ends_at:
            self.add_error(None, _("The leave has ended already; ask for a new one, or speak with your leader."))
        elif said["first_on"] != before.last_on + timedelta(days=1):
            self.add_error("first_on", _("It is prolonged from the day after its last."))
        else:
            self._notice(before)

    def _notice(self, before: Leave) -> None:
        handbook = site_handbook()
        if not handbook.has("figures", "leave.extension.notice_days"):
            return
        today = timezone.localdate(self.now)
        need = handbook.on(today).figure("leave.extension.notice_days")
        if not need.within(0) and (before.last_on - today).days < need.value:
            self.add_error(
                None, _("Too late: a leave is prolonged %(days)s days before it ends.") % {"days": need.text}
            )

    def _person(self, applicant: Staff, said: dict[str, Any]) -> None:
        first, last = said["first_on"], said["last_on"]
        if applicant.joined_on is not None and first < applicant.joined_on:
            self.add_error("first_on", _("That is before the day of joining."))
        if applicant.left_on is not None and last >= applicant.left_on:
            self.add_error("last_on", _("Employment ends before that: choose a day before leaving."))
        kind = site_handbook().entry(LEAVE_KINDS, said["kind"])
        if said["channel"] == Channel.PHONE and kind.route == "sick" and not said.get("handover"):
            self.add_error("handover", _("A call also says who takes over: write it down."))
        if self.errors:
            return
        wish = Wish.of(said)
        count = count_of(applicant, wish, kind)
        if not count.pieces:
            self.add_error("first_on", _("Nothing is rostered on these days, so no leave is needed: check the dates."))
            return
        said["days"] = count.days
        clash = overlapping(applicant, count)
        if clash is not None:
            asked: Any = clash if isinstance(clash, Leave) else clash.asked
            self.add_error(
                "first_on",
                _("Another leave lies in the same time (%(first)s to %(last)s): withdraw or end that one first.")
                % {"first": asked.first_on, "last": asked.last_on},
            )


class BackForm(forms.Form):
    """Back at work earlier than planned."""

    back_on = forms.DateField(label=_("First day back at work"), widget=_DATE)
    note = forms.CharField(label=pgettext_lazy("leave", "Note"), max_length=300, required=False)


class TryForm(forms.Form):
    """One attempt to reach somebody on long leave."""

    reached = forms.ChoiceField(
        label=_("Outcome"), choices=[("yes", _("Spoken with")), ("no", pgettext_lazy("contact", "Not reached"))]
    )
    note = forms.CharField(label=_("What was said, or what was tried"), max_length=400)


class TruthForm(forms.Form):
    """Whether the reason of a leave was true."""

    truthful = forms.ChoiceField(
        label=pgettext_lazy("leave", "Finding"),
        choices=[("yes", _("The reason is true")), ("no", _("The reason is false"))],
    )
    note = forms.CharField(
        label=_("What was found out, and how"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class AdjustForm(forms.Form):
    """A balance changed by hand."""

    kind = forms.ChoiceField(
        label=_("Kind of leave"),
        choices=lambda: [(code, str(body.label)) for code, body in kinds_of(site_handbook()).items() if body.balance],
    )
    year = forms.IntegerField(label=_("Year of entitlement"), min_value=2000, max_value=2100)
    amount = forms.DecimalField(
        label=_("Days (with a minus to take away)"),
        max_digits=5,
        decimal_places=2,
        min_value=Decimal(-366),
        max_value=Decimal(366),
    )
    reason = forms.CharField(label=pgettext_lazy("leave", "Reason"), max_length=400)
    may_owe = forms.BooleanField(label=_("May fall below nought"), required=False)


class YearsForm(forms.Form):
    """Proved years of work before joining."""

    years = forms.DecimalField(
        label=_("Years of work before joining"),
        min_value=Decimal(0),
        max_value=Decimal(50),
        max_digits=4,
        decimal_places=1,
    )
    note = forms.CharField(label=_("What proves them"), max_length=400)


class SiteDayForm(forms.Form):
    """A day on which the site differs from the country's calendar."""

    day = forms.DateField(label=_("Day"), widget=_DATE)
    working = forms.ChoiceField(label=_("At this site"), choices=[("no", _("Free")), ("yes", _("Worked day"))])
    reason = forms.CharField(label=pgettext_lazy("leave", "Reason"), max_length=200)


def blank_wish(values: Mapping[str, Any], today: date) -> dict[str, Any]:
    """What an empty form begins with: tomorrow, one day, whole."""
    tomorrow = today + timedelta(days=1)
    return {"kind": "personal", "first_on": tomorrow, "last_on": tomorrow, "channel": Channel.SYSTEM, **values}
