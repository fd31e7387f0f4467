# SPDX-License-Identifier: Apache-2.0
"""Forms of moving people. A person is named by staff number; where it may stay empty it is the applicant himself."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zuoxi.approvals.data_forms import MomentField
from zuoxi.approvals.kinds import RequestForm
from zuoxi.people.models import PlannedChange, Staff
from zuoxi.people.selectors import may_manage, open_team_choices, post_names, scope_of, staff_by_code
from zuoxi.web.roles import Role

_DAY = forms.DateInput({"type": "date"})


class PersonField(forms.CharField):
    """A staff number; cleaned to it."""

    def clean(self, value: Any) -> str:
        code = str(super().clean(value) or "").strip().split(" ")[0]
        found = staff_by_code(code) if code else None
        if code and (found is None or not found.employed):
            raise ValidationError(_("Nobody here has the staff number “%(code)s”."), params={"code": code})
        return code


class PersonForm(RequestForm):
    """Checks that the applicant stands above whom he names."""

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea({"rows": 3}))

    def clean_person(self) -> str:
        code: str = self.cleaned_data["person"]
        found = staff_by_code(code) if code else None
        asker = self.applicant
        if found is None or asker is None or asker.pk == found.pk:
            return code
        if not _above(asker, found, timezone.localdate(self.now)):
            raise ValidationError(_("You do not stand above this person."))
        return code


def _above(asker: Staff, person: Staff, today: date) -> bool:
    """Whether the person is in the asker's reach and stands below him; human resources and the director reach all."""
    user = asker.user
    if user is None or not may_manage(user, person, today):
        return False
    return bool(user.roles & {Role.HR, Role.DIR}) or scope_of(user, today).staff().filter(pk=person.pk).exists()


class TransferForm(PersonForm):
    person = PersonField(
        label=_("Who moves (staff number)"), required=False, max_length=40, help_text=_("Empty: yourself.")
    )
    position = forms.ChoiceField(label=_("New post"))
    team = forms.ChoiceField(label=_("New team"), required=False)
    effective_on = forms.DateField(label=_("Takes effect on"), widget=_DAY)
    taker = PersonField(
        label=_("Who takes over the work (staff number)"),
        required=False,
        max_length=40,
        help_text=_("Empty: the present superior."),
    )

    field_order = ["person", "position", "team", "effective_on", "taker", "reason"]

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["position"].choices = [("", "—"), *post_names().items()]  # type: ignore[attr-defined]
        self.fields["team"].choices = [("", "—"), *open_team_choices()]  # type: ignore[attr-defined]


class LeavingForm(PersonForm):
    person = PersonField(
        label=_("Who leaves (staff number)"), required=False, max_length=40, help_text=_("Empty: yourself.")
    )
    ground = forms.ChoiceField(label=_("Kind of leaving"), choices=PlannedChange.Ground.choices)
    notice_on = forms.DateField(label=_("Notice given on"), required=False, widget=_DAY)
    last_day = forms.DateField(label=_("Last day of work"), widget=_DAY)
    taker = PersonField(
        label=_("Who takes over the work (staff number)"),
        required=False,
        max_length=40,
        help_text=_("Empty: the present superior."),
    )

    field_order = ["person", "ground", "notice_on", "last_day", "taker", "reason"]


class StandbyForm(PersonForm):
    person = PersonField(label=pgettext_lazy("request", "Who (staff number)"), max_length=40)
    kind = forms.ChoiceField(
        label=pgettext_lazy("request", "What"),
        choices=[("standby", _("On standby")), ("laid_off", _("Laid off")), ("return", _("Back to work"))],
    )
    effective_on = forms.DateField(label=_("Takes effect on"), widget=_DAY)
    ground = forms.CharField(
        label=_("Appraisal it rests on"), max_length=120, help_text=_("Number or month of the appraisal.")
    )

    field_order = ["person", "kind", "effective_on", "ground", "reason"]


class LoanForm(PersonForm):
    person = PersonField(label=_("Who is lent (staff number)"), max_length=40)
    team = forms.ChoiceField(label=_("To which team"))
    starts_at = MomentField(label=_("From"))
    ends_at = MomentField(label=_("To"))

    field_order = ["person", "team", "starts_at", "ends_at", "reason"]

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["team"].choices = open_team_choices()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("starts_at") and given.get("ends_at") and given["ends_at"] <= given["starts_at"]:
            self.add_error("ends_at", _("It must end after it begins."))
        return given


class GoLiveForm(PersonForm):
    person = PersonField(label=_("Who goes live (staff number)"), max_length=40)
    exam = forms.CharField(label=_("Exam passed"), max_length=120, help_text=_("Number, day and score of the exam."))
    reason = forms.CharField(label=_("Note"), required=False, max_length=500)

    field_order = ["person", "exam", "reason"]
