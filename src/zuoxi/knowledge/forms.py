# SPDX-License-Identifier: Apache-2.0
"""The form of an article: what every kind has, and the kind's own fields."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zuoxi.knowledge.drafting import Text
from zuoxi.knowledge.handbook import ArticleKindBody, FieldBody
from zuoxi.knowledge.models import Version
from zuoxi.people.selectors import staff_by_code
from zuoxi.policy.selectors import site_handbook
from zuoxi.policy.vocabulary import role_words

_DATE = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
_SPLIT = re.compile(r"[,，、;；\n]+")
AUDIENCE = ("AGENT", "TEAM_LEADER", "SUPERVISOR", "QUALITY_INSPECTOR", "TRAINER")


def words_in(text: str) -> list[str]:
    """Words written with commas between them."""
    return list(dict.fromkeys(part.strip()[:40] for part in _SPLIT.split(text) if part.strip()))[:30]


def _own_field(body: FieldBody) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 4 if body.shape == "items" else 3})
    hint = str(body.hint) if body.hint else (str(_("One a line")) if body.shape == "items" else "")
    return forms.CharField(
        label=str(body.label),
        required=body.must,
        max_length=4000 if body.shape != "line" else 300,
        widget=forms.TextInput() if body.shape == "line" else area,
        help_text=hint,
    )


class ArticleForm(forms.Form):
    """A version of an article. Own fields of the kind are named `own_<key>`."""

    title = forms.CharField(label=_("Title"), max_length=120)
    category = forms.CharField(label=_("Category"), max_length=40, required=False)
    body = forms.CharField(
        label=_("Text"), required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 12, "class": "wide"})
    )
    topics = forms.CharField(label=_("Topics and queues"), required=False, max_length=300)
    called = forms.CharField(label=_("Also asked for as"), required=False, max_length=300)
    effective_from = forms.DateField(label=_("Holds from"), required=False, widget=_DATE)
    effective_until = forms.DateField(label=_("Holds until"), required=False, widget=_DATE)
    review_on = forms.DateField(label=_("Looked at again on"), required=False, widget=_DATE)
    responsible = forms.CharField(label=_("Responsible (staff number)"), required=False, max_length=32)
    must_read = forms.BooleanField(label=_("Has to be read and confirmed"), required=False)
    audience = forms.MultipleChoiceField(
        label=_("By whom"), required=False, choices=list, widget=forms.CheckboxSelectMultiple
    )
    public = forms.BooleanField(label=_("Shown in the public guide"), required=False)
    change = forms.CharField(label=_("What is new in this version"), required=False, max_length=200)
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, body_of_kind: ArticleKindBody, **more: Any) -> None:
        super().__init__(*args, **more)
        known = role_words()
        audience = self.fields["audience"]
        assert isinstance(audience, forms.MultipleChoiceField)  # noqa: S101  (for the type checker)
        audience.choices = [(word, str(known[word].title)) for word in AUDIENCE if word in known]
        self.kind_body = body_of_kind
        for key, body in body_of_kind.fields.items():
            self.fields[f"own_{key}"] = _own_field(body)

    @property
    def own(self) -> list[Any]:
        return [self[f"own_{key}"] for key in self.kind_body.fields]

    def clean_responsible(self) -> str:
        code = str(self.cleaned_data["responsible"]).strip()
        if code and staff_by_code(code) is None:
            raise forms.ValidationError(_("Nobody has this staff number."))
        return code

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        first, last = said.get("effective_from"), said.get("effective_until")
        if last and not first:
            self.add_error("effective_from", _("A last day needs a first day."))
        elif first and last and last < first:
            self.add_error("effective_until", _("The last day lies before the first."))
        return said

    def text(self) -> Text:
        """What the form says, for the service."""
        said = self.cleaned_data
        fields: dict[str, Any] = {}
        for key, body in self.kind_body.fields.items():
            value = str(said.get(f"own_{key}") or "").strip()
            if value:
                lines = [line.strip() for line in value.split("\n") if line.strip()]
                fields[key] = lines if body.shape == "items" else value
        about = {
            "category": said["category"].strip(),
            "topics": words_in(said["topics"]),
            "called": words_in(said["called"]),
            "must_read": said["must_read"],
            "audience": said["audience"],
            "public": said["public"],
            "responsible": said["responsible"],
            "review_on": said["review_on"].isoformat() if said["review_on"] else "",
        }
        return Text(
            said["title"], said["body"], fields, about, said["change"], said["effective_from"], said["effective_until"]
        )


def blank() -> dict[str, Any]:
    """What a new article begins with: it holds from today and is looked at again after the days of the handbook."""
    today = timezone.localdate()
    reading = site_handbook().on(today)
    key = "knowledge.review.after_days"
    return {
        "effective_from": today,
        "review_on": today + timedelta(days=reading.whole(key)) if reading.has(key) else None,
    }


def from_version(version: Version, *, fresh: bool) -> dict[str, Any]:
    """What the form shows of a version; `fresh`: as the beginning of the next one."""
    about = version.about
    own = {
        f"own_{key}": "\n".join(value) if isinstance(value, list) else value for key, value in version.fields.items()
    }
    return own | {
        "title": version.title,
        "body": version.body,
        "category": about.get("category", ""),
        "topics": "，".join(about.get("topics", [])),
        "called": "，".join(about.get("called", [])),
        "must_read": about.get("must_read", False),
        "audience": about.get("audience", []),
        "public": about.get("public", False),
        "responsible": about.get("responsible", ""),
        "review_on": about.get("review_on", ""),
        "effective_from": timezone.localdate() if fresh else version.effective_from,
        "effective_until": None if fresh else version.effective_until,
        "change": "" if fresh else version.change,
        "revision": None if fresh else version.revision,
    }


class DayOffForm(forms.Form):
    """Days on which an expert does not receive."""

    expert = forms.IntegerField(widget=forms.HiddenInput)
    first_on = forms.DateField(label=_("First day"), widget=_DATE)
    last_on = forms.DateField(label=_("Last day"), widget=_DATE)
    note = forms.CharField(label=_("Remark for the guide desk"), required=False, max_length=120)
