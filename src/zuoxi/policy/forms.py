# SPDX-License-Identifier: Apache-2.0
"""What is typed on the handbook's pages: a proposal, a switch, the facts of a trial."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Literal, get_args, get_origin

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zuoxi.policy.evaluate import spoken_type
from zuoxi.policy.rulebook import Rule


def _day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class ProposalForm(forms.Form):
    """A figure's new value."""

    value = forms.CharField(label=_("New value"), max_length=400)
    since = forms.DateField(label=_("In force from"), widget=_day_input())
    until = forms.DateField(label=_("Trial until (not included)"), required=False, widget=_day_input())
    announced_on = forms.DateField(label=_("Announced on"), required=False, widget=_day_input())
    reason = forms.CharField(label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))


class SwitchForm(forms.Form):
    """Switch a warning or a rule off, or on again."""

    kind = forms.ChoiceField(choices=[("warning", "warning"), ("rule", "rule")])
    key = forms.CharField(max_length=120)
    off = forms.TypedChoiceField(choices=[("1", "1"), ("0", "0")], coerce=lambda text: text == "1")
    reason = forms.CharField(label=_("Reason"), max_length=500)


class MonthForm(forms.Form):
    """Which month is judged again; its first day."""

    month = forms.DateField()


@dataclass(frozen=True, slots=True)
class FactField:
    """One fact of a trial as a field: `kind` is the input's type, `choices` (value, words) where it is a choice."""

    name: str
    kind: str
    said: str
    choices: tuple[tuple[str, str | Promise], ...]
    value: str
    error: str = ""


_KINDS = {datetime: "datetime-local", date: "date", time: "time", int: "number"}
_UNKNOWN = ("", _("not known"))


def _leaf(hint: Any) -> Any:
    """The type behind `| None` and annotations."""
    if get_origin(hint) is Literal:
        return hint
    args = [one for one in get_args(hint) if one is not type(None) and isinstance(one, type | type(Literal["a"]))]
    return _leaf(args[0]) if args and get_origin(hint) not in (tuple, list) else hint


def fact_fields(rule: Rule, typed: QueryDict, field: str = "", message: str = "") -> list[FactField]:
    """The facts of a rule as fields, filled with what was typed; `field` and `message` are an error's."""
    made = []
    for name, hint in rule.fields.items():
        leaf = _leaf(hint)
        choices: tuple[tuple[str, str | Promise], ...] = ()
        if leaf is bool:
            choices = (_UNKNOWN, ("true", _("Yes")), ("false", _("No")))
        elif get_origin(leaf) is Literal:
            choices = (_UNKNOWN, *((str(word), str(word)) for word in get_args(leaf)))
        elif hasattr(leaf, "__members__"):
            choices = (_UNKNOWN, *((str(member.value), str(member.value)) for member in leaf))
        kind = _KINDS.get(leaf, "text")
        value = typed.get(f"f_{name}", "")
        made.append(FactField(name, kind, spoken_type(hint), choices, value, message if field == name else ""))
    return made


def facts_of(rule: Rule, typed: QueryDict) -> dict[str, Any]:
    """What was typed, as the facts' JSON; an empty field is not known."""
    facts: dict[str, Any] = {}
    for name, hint in rule.fields.items():
        text, leaf = typed.get(f"f_{name}", "").strip(), _leaf(hint)
        if not text:
            facts[name] = None
        elif leaf is bool:
            facts[name] = {"true": True, "false": False}.get(text, text)
        elif leaf is int:
            facts[name] = int(text) if text.lstrip("-").isdecimal() and len(text) < 16 else text
        elif leaf is Decimal or leaf is str:
            facts[name] = text
        elif get_origin(leaf) in (tuple, list):
            facts[name] = [one.strip() for one in text.split(",") if one.strip()]
        else:
            facts[name] = text
    return facts
