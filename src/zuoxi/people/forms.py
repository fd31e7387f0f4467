# SPDX-License-Identifier: Apache-2.0
"""Input of the staff pages."""

from __future__ import annotations

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zuoxi.people.models import Position, Project, Staff, Team


def day_input() -> forms.DateInput:
    """The browser's own calendar wants the day in one form, whatever the page's language."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class StaffFilterForm(forms.Form):
    q = forms.CharField(label=_("Number or name"), required=False, max_length=60)
    status = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[("", _("Employed")), *Staff.Status.choices, ("all", _("All"))],
    )
    position = forms.ModelChoiceField(
        Position.objects.all(), label=_("Position"), required=False, to_field_name="code", empty_label=_("All")
    )
    project = forms.ModelChoiceField(
        Project.objects.all(), label=_("Project"), required=False, to_field_name="code", empty_label=_("All")
    )
    team = forms.ModelChoiceField(
        Team.objects.all(), label=_("Team"), required=False, to_field_name="code", empty_label=_("All")
    )


class PurposeForm(forms.Form):
    purpose = forms.CharField(label=_("What for"), min_length=4, max_length=200)


class LeavingForm(forms.Form):
    on = forms.DateField(label=_("First day without employment"), widget=day_input(), initial=timezone.localdate)


class TransferForm(forms.Form):
    position = forms.ModelChoiceField(
        Position.objects.all(), label=_("New position"), to_field_name="code", empty_label=_("Choose")
    )
    teams = forms.ModelMultipleChoiceField(
        Team.objects.filter(closed_on__isnull=True), label=_("Teams"), required=False, to_field_name="code"
    )
    project = forms.ModelChoiceField(
        Project.objects.all(),
        label=_("Project (managers)"),
        required=False,
        to_field_name="code",
        empty_label=_("None"),
    )
    effective_on = forms.DateField(label=_("Takes effect on"), widget=day_input())
    signed_on = forms.DateField(label=_("Signed by the Director on"), required=False, widget=day_input())


class ProjectForm(forms.Form):
    code = forms.SlugField(label=_("Code"), max_length=32)
    name_zh = forms.CharField(label=_("Chinese name"), max_length=80)
    name_en = forms.CharField(label=_("English name"), max_length=80)

    def clean_code(self) -> str:
        return _free(Project, self.cleaned_data["code"])


class TeamForm(forms.Form):
    code = forms.SlugField(label=_("Code"), max_length=32)
    name_zh = forms.CharField(label=_("Chinese name"), max_length=80)
    name_en = forms.CharField(label=_("English name"), max_length=80)
    project = forms.ModelChoiceField(Project.objects.all(), label=_("Project"), to_field_name="code")

    def clean_code(self) -> str:
        return _free(Team, self.cleaned_data["code"])


def _free(table: type[Project] | type[Team], code: str) -> str:
    if table.objects.filter(code=code).exists():
        raise forms.ValidationError(_("This code is taken. Choose another."), code="taken")
    return code


class ImportForm(forms.Form):
    file = forms.FileField(
        label=_("CSV or Excel file"),
        help_text=_("UTF-8 or GBK, .csv or .xlsx, at most 5 MB. Nothing is changed by checking it."),
    )
    headings = forms.CharField(
        label=_("Headings of your own"),
        required=False,
        max_length=400,
        help_text=_("Where the file names a column otherwise: 编号=工号, 部门=班组."),
    )
    create = forms.BooleanField(label=_("Make teams that do not exist yet"), required=False)
