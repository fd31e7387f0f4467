# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zuoxi.approvals.kinds import kinds
from zuoxi.approvals.models import Request
from zuoxi.approvals.papers import ACCEPT
from zuoxi.people.models import Staff
from zuoxi.people.selectors import staff_by_code


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files at once."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        given = data if isinstance(data, list | tuple) else [data] if data else []
        if not given and self.required:
            raise ValidationError(self.error_messages["required"])
        return [super(FilesField, self).clean(one, initial) for one in given]


class AttachmentsForm(forms.Form):
    """The files beside a request's own form; `attachment` of the type says whether they must, may or cannot be."""

    attached = FilesField(label=_("Files"), required=False, help_text=_("Images (JPEG, PNG, WebP) or PDF."))

    def __init__(self, *args: Any, must: bool = False, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["attached"].required = must
        self.fields["attached"].widget.attrs["accept"] = ACCEPT


class DecisionForm(forms.Form):
    verdict = forms.ChoiceField(
        choices=[("approve", _("Agree")), ("return", _("Send back")), ("refuse", _("Turn down"))]
    )
    note = forms.CharField(
        label=pgettext_lazy("decision", "Note"), required=False, max_length=500, widget=forms.Textarea({"rows": 2})
    )
    step = forms.IntegerField(required=False, widget=forms.HiddenInput)


def kind_choices() -> list[tuple[str, str]]:
    """The types with their titles as text; a title in both languages would else be taken for a group of choices."""
    return [(code, str(one.title)) for code, one in kinds().items()]


class InboxFilterForm(forms.Form):
    kind = forms.ChoiceField(label=_("Type"), required=False)
    q = forms.CharField(label=_("Name or number"), required=False, max_length=40)
    state = forms.ChoiceField(label=_("State"), required=False)

    def __init__(self, *args: Any, states: bool = False, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["kind"].choices = [("", _("Every type")), *kind_choices()]  # type: ignore[attr-defined]
        if states:
            self.fields["state"].choices = [("", _("Every state")), *Request.State.choices]  # type: ignore[attr-defined]
        else:
            del self.fields["state"]


class StaffCodeField(forms.CharField):
    """A person by staff number."""

    def clean(self, value: Any) -> Staff | None:
        code = super().clean(value).strip()
        if not code:
            return None
        found = staff_by_code(code.split(" ")[0])
        if found is None:
            raise ValidationError(_("Nobody has the staff number “%(code)s”."), params={"code": code})
        return found


class DelegationForm(forms.Form):
    taker = StaffCodeField(label=_("Who decides for you (staff number)"), max_length=40)
    from_on = forms.DateField(label=_("First day"), widget=forms.DateInput({"type": "date"}))
    until_on = forms.DateField(label=_("Last day"), widget=forms.DateInput({"type": "date"}))
    kinds = forms.MultipleChoiceField(
        label=_("Only for these types"),
        required=False,
        help_text=_("None chosen: every type."),
        widget=forms.SelectMultiple({"size": 6}),
    )
    reason = forms.CharField(label=_("Reason"), required=False, max_length=200)
    for_duty = forms.BooleanField(label=_("Stand-in for the duty supervisor when nobody is on duty"), required=False)

    def __init__(self, *args: Any, duty: bool = False, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["kinds"].choices = kind_choices()  # type: ignore[attr-defined]
        if not duty:
            del self.fields["for_duty"]
