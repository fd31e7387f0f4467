# SPDX-License-Identifier: Apache-2.0
"""The shape of what is handed in: a text, and a field for each part of the template."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zuoxi.policy.findings import Why
from zuoxi.reporting.models import DutyItem

LONGEST = 4000
MOST_BYTES = 5 * 1024 * 1024


class ItemForm(forms.Form):
    """`answers()` is what goes into the row: part → text, number as text, or True."""

    text = forms.CharField(label=_("Text"), required=False, max_length=LONGEST, widget=forms.Textarea({"rows": 5}))

    def __init__(self, item: DutyItem, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.item = item
        for part in item.terms.get("template", ()):
            self.fields[f"part_{part['key']}"] = self._field(part)
        if "text" not in item.terms.get("evidence", ()) and not self.initial.get("text"):
            self.fields["text"].label = _("Remarks")

    @staticmethod
    def _field(part: dict[str, Any]) -> forms.Field:
        label = str(Why(part["label"]["zh"], part["label"]["en"]))
        if part["kind"] == "tick":
            return forms.BooleanField(label=label, required=False)
        if part["kind"] in ("number", "money"):
            places = 2 if part["kind"] == "money" else 0
            return forms.DecimalField(label=label, required=False, max_digits=14, decimal_places=places, min_value=0)
        return forms.CharField(label=label, required=False, max_length=LONGEST, widget=forms.Textarea({"rows": 2}))

    def answers(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for part in self.item.terms.get("template", ()):
            value = self.cleaned_data.get(f"part_{part['key']}")
            if value not in (None, "", False):
                found[part["key"]] = value if isinstance(value, bool) else str(value)
        return found


class PaperForm(forms.Form):
    file = forms.FileField(label=_("File"))

    def clean_file(self) -> UploadedFile[bytes]:
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than 5 MB. Make it smaller, or hand in several."))
        return file


class TaskForm(forms.Form):
    to = forms.CharField(label=_("Staff number"), max_length=32)
    title = forms.CharField(label=_("What is to be done"), max_length=80)
    words = forms.CharField(label=_("Details"), required=False, max_length=1000, widget=forms.Textarea({"rows": 3}))
    due_at = forms.DateTimeField(label=_("Until"), widget=forms.DateTimeInput({"type": "datetime-local"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            later = timezone.localtime(datetime.now(timezone.get_default_timezone()) + timedelta(days=1))
            self.initial.setdefault("due_at", later.replace(hour=18, minute=0).strftime("%Y-%m-%dT%H:%M"))


class EventForm(forms.Form):
    """Something that began duties."""

    kind = forms.ChoiceField(label=_("What happened"))
    day = forms.DateField(label=_("Day"), widget=forms.DateInput({"type": "date"}))
    subject = forms.CharField(label=_("Which"), max_length=120)

    def __init__(self, kinds: list[tuple[str, Any]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(key, str(name)) for key, name in kinds]  # type: ignore[attr-defined]
