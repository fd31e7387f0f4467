# SPDX-License-Identifier: Apache-2.0
"""What people type about customers."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from zuoxi.customers.cards import entries
from zuoxi.customers.models import Consent, Customer, CustomerImport, DoNotCall
from zuoxi.customers.numbers import parsed
from zuoxi.people.selectors import staff_by_code

LANGUAGES = (
    ("", "—"),
    ("zh", gettext_lazy("Mandarin")),
    ("yue", gettext_lazy("Cantonese")),
    ("en", gettext_lazy("English")),
    ("other", gettext_lazy("Another language")),
)
IDENTITIES = (
    ("", "—"),
    ("id_card", gettext_lazy("Identity card")),
    ("passport", gettext_lazy("Passport")),
    ("company", gettext_lazy("Company registration")),
)


def _choices(found: dict[str, Any]) -> list[tuple[str, str]]:
    return [("", "—"), *((key, str(body.label)) for key, body in found.items())]


class CustomerForm(forms.Form):
    """Who it is, and what the next agent should know."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    number = forms.CharField(label=gettext_lazy("Telephone number"), max_length=32, required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Customer.Kind.choices, required=False)
    grade = forms.ChoiceField(label=gettext_lazy("Grade"), required=False)
    source = forms.ChoiceField(label=gettext_lazy("Source"), required=False)
    seller = forms.CharField(
        label=gettext_lazy("Own customer of"),
        max_length=32,
        required=False,
        help_text=gettext_lazy("Staff number of the seller; empty: everybody's."),
    )
    parent = forms.CharField(
        label=gettext_lazy("Household or company"),
        max_length=20,
        required=False,
        help_text=gettext_lazy("Number of the customer it belongs to, as it stands in the address of the page."),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=LANGUAGES, required=False)
    birthday = forms.DateField(
        label=gettext_lazy("Birthday"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    tags = forms.CharField(
        label=gettext_lazy("Tags"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Short words, with commas between them."),
    )
    note = forms.CharField(
        label=pgettext_lazy("customer", "Note"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    business = forms.CharField(
        label=gettext_lazy("Belongs to ticket, order or call"),
        max_length=64,
        required=False,
        help_text=gettext_lazy("Changes without a number here are looked at by a manager."),
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        grades, sources = entries()
        self.fields["grade"].choices = _choices(grades)  # type: ignore[attr-defined]
        self.fields["source"].choices = _choices(sources)  # type: ignore[attr-defined]

    def clean_seller(self) -> Any:
        code = self.cleaned_data["seller"].strip()
        found = staff_by_code(code) if code else None
        if code and found is None:
            raise forms.ValidationError(_("Nobody here has that staff number."))
        return found

    def clean_parent(self) -> Customer | None:
        text = self.cleaned_data["parent"].strip()
        if not text:
            return None
        found = Customer.objects.filter(pk=int(text), merged_into=None).first() if text.isdecimal() else None
        if found is None:
            raise forms.ValidationError(_("There is no such customer."))
        return found

    def clean_birthday(self) -> Any:
        day = self.cleaned_data["birthday"]
        if day and day > timezone.localdate():
            raise forms.ValidationError(_("The birthday lies ahead."))
        return day

    def tag_list(self) -> list[str]:
        return str(self.cleaned_data["tags"]).replace("，", ",").replace("、", ",").split(",")

    def values(self) -> dict[str, Any]:
        """The fields that a customer keeps, without those that the page did not send."""
        kept = {}
        for field in ("kind", "grade", "source", "seller", "parent", "language", "birthday"):
            if field in self.data:
                kept[field] = self.cleaned_data[field]
        if kept.get("kind") == "":
            kept["kind"] = Customer.Kind.PERSON
        return kept


class IdentityForm(forms.Form):
    """The document somebody proves himself with."""

    identity_kind = forms.ChoiceField(label=gettext_lazy("Document"), choices=IDENTITIES, required=False)
    identity = forms.CharField(label=gettext_lazy("Number of the document"), max_length=40, required=False)


class AddressForm(forms.Form):
    """An address in its parts; what fits none goes into the last line."""

    label = forms.CharField(label=gettext_lazy("Label"), max_length=20, required=False)
    province = forms.CharField(label=gettext_lazy("Province"), max_length=20, required=False)
    city = forms.CharField(label=gettext_lazy("City"), max_length=20, required=False)
    district = forms.CharField(label=gettext_lazy("District"), max_length=30, required=False)
    community = forms.CharField(label=gettext_lazy("Community or street"), max_length=60, required=False)
    building = forms.CharField(label=gettext_lazy("Building"), max_length=20, required=False)
    unit = forms.CharField(label=gettext_lazy("Unit"), max_length=20, required=False)
    room = forms.CharField(label=gettext_lazy("Room"), max_length=20, required=False)
    line = forms.CharField(label=gettext_lazy("Further"), max_length=200, required=False)
    preferred = forms.BooleanField(label=gettext_lazy("Send here unless told otherwise"), required=False)


class ConsentForm(forms.Form):
    """What the customer said, and what proves it."""

    channel = forms.ChoiceField(label=gettext_lazy("What for"), choices=Consent.Channel.choices)
    given = forms.ChoiceField(
        label=gettext_lazy("The customer"),
        choices=(("yes", gettext_lazy("consents")), ("no", gettext_lazy("withdraws"))),
    )
    proof_kind = forms.ChoiceField(label=gettext_lazy("Proved by"), choices=Consent.Proof.choices)
    proof = forms.CharField(label=gettext_lazy("Proof: call, link or words"), max_length=500)


class BarForm(forms.Form):
    """A number that is not to be called."""

    number = forms.CharField(label=gettext_lazy("Telephone number"), max_length=32)
    scope = forms.ChoiceField(label=gettext_lazy("How far"), choices=DoNotCall.Scope.choices)
    source = forms.ChoiceField(label=gettext_lazy("Who wished it"), choices=DoNotCall.Source.choices)
    until = forms.DateField(
        label=gettext_lazy("Until and including"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("Empty: for good."),
    )
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200)

    def clean_number(self) -> str:
        said = parsed(self.cleaned_data["number"])
        if not said.valid:
            raise forms.ValidationError(str(said.problem))
        return said.national

    def end(self) -> datetime | None:
        """The first moment at which the number may be called again."""
        day = self.cleaned_data["until"]
        if day is None:
            return None
        return timezone.make_aware(datetime.combine(day, time.max))


class ImportForm(forms.Form):
    """A list, and what happens to those whom we know already."""

    file = forms.FileField(label=gettext_lazy("File (CSV or .xlsx, any encoding)"))
    policy = forms.ChoiceField(
        label=gettext_lazy("Whose number is known already"), choices=CustomerImport.Policy.choices
    )
    source = forms.ChoiceField(label=gettext_lazy("Source"), required=False)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["source"].choices = _choices(entries()[1])  # type: ignore[attr-defined]


class CountForm(forms.Form):
    """One entry of a register."""

    kind = forms.ChoiceField(label=pgettext_lazy("register", "What"))
    place = forms.CharField(label=pgettext_lazy("register", "Place"), max_length=60, required=False)
    on = forms.DateField(label=gettext_lazy("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    count = forms.IntegerField(
        label=gettext_lazy("How many"),
        min_value=-1_000_000,
        max_value=1_000_000,
        help_text=gettext_lazy("A mistake is corrected by a further entry with a minus."),
    )
    note = forms.CharField(label=pgettext_lazy("register", "Note"), max_length=200, required=False)

    def __init__(self, *args: Any, kinds: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]

    def clean_count(self) -> int:
        count: int = self.cleaned_data["count"]
        if count == 0:
            raise forms.ValidationError(_("Nothing was counted."))
        return count

    def clean_on(self) -> Any:
        day = self.cleaned_data["on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("The day lies ahead."))
        return day


class ClosureForm(forms.Form):
    """Days on which a place was closed."""

    place = forms.CharField(label=pgettext_lazy("register", "Place"), max_length=60)
    first_on = forms.DateField(label=gettext_lazy("First day"), widget=forms.DateInput(attrs={"type": "date"}))
    last_on = forms.DateField(label=gettext_lazy("Last day"), widget=forms.DateInput(attrs={"type": "date"}))
    why = forms.CharField(label=gettext_lazy("Why"), max_length=200)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("first_on") and said.get("last_on") and said["last_on"] < said["first_on"]:
            self.add_error("last_on", _("It ends before it begins."))
        return said
