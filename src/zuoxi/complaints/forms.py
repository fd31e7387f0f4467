# SPDX-License-Identifier: Apache-2.0
"""The forms of complaints: shape only; what the handbook forbids is said by the services."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from unicodedata import normalize

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from zuoxi.complaints.choices import About, Content, Result, Source
from zuoxi.complaints.handbook import kinds_of, praise_kinds_of, topics_of
from zuoxi.complaints.models import Verification
from zuoxi.customers.models import Customer
from zuoxi.customers.selectors import found_by, standing
from zuoxi.customers.visibility import visible_customers
from zuoxi.people.models import Staff
from zuoxi.people.selectors import codes_named, staff_by_code
from zuoxi.policy.selectors import site_handbook
from zuoxi.tickets.selectors import sensitive_kinds
from zuoxi.tickets.visibility import visible_tickets

_LONG = forms.Textarea(attrs={"rows": 3})
WAYS = (
    ("phone", _("By telephone")),
    ("message", _("By message")),
    ("letter", _("By letter or e-mail")),
    ("visit", _("In person")),
)
WHAT = (
    ("complaint", pgettext_lazy("record", "Complaint")),
    ("praise", pgettext_lazy("record", "Praise")),
    ("both", _("Both: two records")),
)


def _kinds() -> list[tuple[str, str]]:
    return [(code, str(body.label)) for code, body in kinds_of(site_handbook()).items()]


def _praise_kinds() -> list[tuple[str, str]]:
    return [(code, str(body.label)) for code, body in praise_kinds_of(site_handbook()).items()]


def _topics() -> list[tuple[str, str]]:
    return [(code, str(body.label)) for code, body in topics_of(site_handbook()).items()]


def _abouts() -> list[tuple[str, str]]:
    """Goods only where the pack has complaints about them."""
    goods = any(body.about == "goods" for body in kinds_of(site_handbook()).values())
    return [(one.value, str(one.label)) for one in About if goods or one != About.GOODS]


class StaffField(forms.CharField):
    """A staff number or a name that means one person. Empty: nobody."""

    def __init__(self, **more: Any) -> None:
        super().__init__(max_length=60, required=more.pop("required", False), **more)
        self.widget.attrs["autocomplete"] = "off"

    def clean(self, value: Any) -> Staff | None:
        text = str(super().clean(value) or "").strip()
        if not text:
            return None
        found = codes_named(text, 3)
        code = text if text in found else found[0] if len(found) == 1 else ""
        staff = staff_by_code(code or text)
        if staff is None:
            raise forms.ValidationError(
                _("More than one person has that name: enter the staff number.")
                if found
                else _("Nobody has that number or name.")
            )
        return staff


class RecordForm(forms.Form):
    """A complaint, a praise, or both of one call: two records (CMP-012)."""

    what = forms.ChoiceField(label=_("What it is"), choices=WHAT, initial="complaint")
    source = forms.ChoiceField(label=pgettext_lazy("complaint", "Source"), choices=Source.choices, initial=Source.CALL)
    kind = forms.ChoiceField(label=_("Complained of"), choices=_kinds, required=False)
    words = forms.CharField(label=_("In the customer's words"), max_length=4000, widget=_LONG, required=False)
    wish = forms.CharField(label=_("What he wants"), max_length=300, required=False)
    praise_kind = forms.ChoiceField(label=_("Praised for"), choices=_praise_kinds, required=False)
    praise_words = forms.CharField(label=_("Words of praise"), max_length=4000, widget=_LONG, required=False)
    staff = StaffField(label=_("About whom (staff number or name)"))
    praise_staff = StaffField(label=_("Who is praised (staff number or name)"))
    number = forms.CharField(label=_("Customer's telephone number"), max_length=40, required=False)
    customer = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    call = forms.CharField(label=_("Call"), max_length=64, required=False)
    ticket = forms.CharField(label=_("Ticket number"), max_length=40, required=False)
    order = forms.CharField(label=_("Order number"), max_length=40, required=False)
    claim = forms.DecimalField(
        label=_("Claims (yuan)"), min_value=Decimal(0), max_digits=12, decimal_places=2, required=False
    )
    people = forms.IntegerField(label=_("People who complain of it"), min_value=1, max_value=9999, required=False)
    anonymous = forms.BooleanField(label=_("Wants to stay unnamed"), required=False)
    grave = forms.BooleanField(label=_("Grave, whatever the rules say"), required=False)

    def __init__(self, *args: Any, user: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.user = user

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        what = said.get("what")
        if what in ("complaint", "both"):
            if not str(said.get("words", "")).strip():
                self.add_error("words", _("Write down what the customer complains about."))
            if not said.get("kind"):
                self.add_error("kind", _("Choose what it is about."))
        if what in ("praise", "both"):
            if not str(said.get("praise_words", "")).strip():
                self.add_error("praise_words", _("Write down what the customer praises."))
            if not said.get("praise_kind"):
                self.add_error("praise_kind", _("Choose what it is about."))
        said["ticket"] = self._ticket(said.get("ticket") or "")
        said["who"] = _customer(self.user, said.get("customer"), said.get("number") or "")
        return said

    def _ticket(self, typed: str) -> str:
        """The number of a ticket that the person sees, as it is written; a number of none is told at its field."""
        number = normalize("NFKC", typed).strip().upper()
        if not number:
            return ""
        found = visible_tickets(self.user).filter(number=number).values_list("kind", flat=True).first()
        if found is None:
            self.add_error("ticket", gettext("There is no ticket “%(number)s” that you may see.") % {"number": number})
        elif found in sensitive_kinds():
            text = _("Only few people may see such tickets, many see complaints: settle it in the ticket.")
            self.add_error("ticket", text)
        return number


def _customer(user: Any, pk: int | None, number: str) -> Customer | None:
    """The one that was meant, by the id of one that the person sees, or by number; None for a number of nobody.

    A number that was said on the telephone finds everybody: whoever calls may complain to any agent.
    """
    if pk and visible_customers(user).filter(pk=pk).exists():
        return standing(pk)
    return found_by(number) if number else None


class TextForm(forms.Form):
    """Words for a step: what was told, done, or why."""

    text = forms.CharField(label=pgettext_lazy("complaint", "Text"), max_length=4000, widget=_LONG)


class AssignForm(forms.Form):
    to = StaffField(label=_("To whom (staff number or name)"))
    department = forms.CharField(label=_("Department that has to say something"), max_length=60, required=False)
    text = forms.CharField(label=pgettext_lazy("complaint", "Note"), max_length=500, required=False)


class AnswerForm(forms.Form):
    text = forms.CharField(label=_("What the customer was told"), max_length=4000, widget=_LONG)
    way = forms.ChoiceField(label=_("How"), choices=WAYS)
    content = forms.ChoiceField(label=_("What he thought of it"), choices=Content.choices, initial=Content.UNKNOWN)
    told_at = forms.DateTimeField(
        label=_("When (empty: now)"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
    )


class LocateForm(forms.Form):
    about = forms.ChoiceField(label=pgettext_lazy("complaint", "What it is about"), choices=_abouts)
    staff = StaffField(label=_("About whom (staff number or name)"))


class VerifyForm(forms.Form):
    result = forms.ChoiceField(label=pgettext_lazy("complaint", "Found"), choices=Result.choices)
    evidence = forms.ChoiceField(label=_("It rests on"), choices=Verification.Evidence.choices)
    text = forms.CharField(label=_("What was so"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5}))
    points = forms.DecimalField(
        label=_("Points proposed (empty: by the handbook)"),
        min_value=Decimal(0),
        max_value=Decimal(100),
        decimal_places=2,
        required=False,
    )
    need = forms.BooleanField(label=_("Make a training need of it"), required=False)


class PlanForm(forms.Form):
    solution = forms.CharField(label=_("How it is solved"), max_length=4000, widget=_LONG)
    sanction = forms.CharField(label=_("What follows for whom"), max_length=4000, widget=_LONG)
    prevention = forms.CharField(label=_("How it does not happen again"), max_length=4000, widget=_LONG)


class NeedForm(forms.Form):
    staff = StaffField(label=_("Who (empty: everybody)"))
    topic = forms.ChoiceField(label=_("Topic"), choices=_topics)
    text = forms.CharField(label=_("What has to be learned"), max_length=500)
    complaint = forms.CharField(label=_("Complaint number"), max_length=24, required=False)


class FollowForm(forms.Form):
    to = forms.ChoiceField(choices=[(one, one) for one in ("planned", "trained", "tested")])
    score = forms.DecimalField(
        label=_("Points of the second test"), min_value=Decimal(0), max_value=Decimal(100), required=False
    )


class SuggestForm(forms.Form):
    words = forms.CharField(label=_("What the customer suggests"), max_length=4000, widget=_LONG)
    number = forms.CharField(label=_("Customer's telephone number"), max_length=40, required=False)


class ReplyForm(forms.Form):
    text = forms.CharField(label=_("What became of it"), max_length=2000, widget=_LONG)
    adopted = forms.BooleanField(label=_("Adopted"), required=False)


class PointsForm(forms.Form):
    day = forms.DateField(label=_("Day"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    unit = forms.CharField(label=_("Unit answerable"), max_length=60)
    item = forms.CharField(label=pgettext_lazy("complaint", "What was found"), max_length=200)
    points = forms.DecimalField(
        label=_("Points taken off"),
        min_value=Decimal("0.1"),
        max_value=Decimal(100),
        max_digits=5,
        decimal_places=1,
    )
    note = forms.CharField(label=pgettext_lazy("complaint", "Note"), max_length=300, required=False)
