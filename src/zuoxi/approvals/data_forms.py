# SPDX-License-Identifier: Apache-2.0
"""The form of a request type that is data."""

from __future__ import annotations

from datetime import datetime, time
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.text import format_lazy
from django.utils.translation import gettext as _

from zuoxi.approvals.handbook import NUMBERS, FieldBody, RequestTypeBody
from zuoxi.approvals.kinds import RequestForm
from zuoxi.people.selectors import names_of, staff_by_code
from zuoxi.policy.handbook import Reading
from zuoxi.policy.selectors import site_handbook
from zuoxi.policy.vocabulary import units

_MOMENT = "%Y-%m-%dT%H:%M"


class StaffField(forms.CharField):
    """A colleague by staff number; cleaned to the number."""

    def clean(self, value: Any) -> str:
        code = str(super().clean(value) or "").strip().split(" ")[0]
        found = staff_by_code(code) if code else None
        if code and (found is None or not found.employed):
            raise ValidationError(_("Nobody here has the staff number “%(code)s”.") % {"code": code})
        return code


class MomentField(forms.DateTimeField):
    def __init__(self, **more: Any) -> None:
        super().__init__(
            widget=forms.DateTimeInput({"type": "datetime-local"}, format=_MOMENT),
            input_formats=[_MOMENT, "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
            **more,
        )

    def to_python(self, value: Any) -> datetime | None:
        if isinstance(value, str) and (parsed := parse_datetime(value)) is not None and timezone.is_aware(parsed):
            return parsed
        return super().to_python(value)


def _field(body: FieldBody) -> forms.Field:
    about: dict[str, Any] = {
        "label": body.label,
        "required": body.must and body.type != "flag",
        "help_text": body.hint or "",
    }
    match body.type:
        case "text":
            return forms.CharField(max_length=1000, widget=forms.Textarea({"rows": 3}), **about)
        case "day":
            return forms.DateField(widget=forms.DateInput({"type": "date"}), **about)
        case "moment":
            return MomentField(**about)
        case "time":
            return forms.TimeField(widget=forms.TimeInput({"type": "time"}), **about)
        case "number" | "hours" | "minutes" | "money":
            places = 2 if body.type in ("money", "hours") else 0
            return forms.DecimalField(max_digits=12, decimal_places=places, min_value=Decimal(0), **about)
        case "choice":
            return forms.ChoiceField(
                choices=[(code, format_lazy("{}", one)) for code, one in body.choices.items()], **about
            )
        case "staff":
            return StaffField(max_length=40, **about)
        case "flag":
            return forms.BooleanField(**about)
        case _:
            return forms.CharField(max_length=200, **about)


class DataForm(RequestForm):
    """What every such form checks: figures at the fields, moments that must lie ahead."""

    body: RequestTypeBody

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        reading = site_handbook().on(timezone.localdate(self.now))
        for name, field in self.body.fields.items():
            value = given.get(name)
            if value is None or value == "":
                continue
            if field.type in NUMBERS:
                self._within_figures(reading, name, field, value)
            if field.future and self._moment(value) < self.now:
                self.add_error(name, _("This lies in the past."))
        self._long_enough_ahead(reading, given)
        return given

    def _within_figures(self, reading: Reading, name: str, field: FieldBody, value: Decimal) -> None:
        if field.at_most and not reading.within(field.at_most, value):
            most = reading.figure(field.at_most).text
            self.add_error(name, _("At most %(n)s by the rules.") % {"n": most})
        if field.at_least and value < reading.number(field.at_least):
            self.add_error(name, _("At least %(n)s by the rules.") % {"n": reading.figure(field.at_least).text})

    def _moment(self, value: Any) -> datetime:
        if isinstance(value, datetime):
            return value if timezone.is_aware(value) else timezone.make_aware(value)
        return timezone.make_aware(datetime.combine(value, time.max))

    def _long_enough_ahead(self, reading: Reading, given: dict[str, Any]) -> None:
        name, figure = self.body.notice_field, self.body.notice_figure
        if not (name and figure and given.get(name)):
            return
        ahead = reading.figure(figure)
        value = given[name]
        if ahead.unit == "days" and not isinstance(value, datetime):
            short = (value - timezone.localdate(self.now)).days < ahead.value
        else:
            seconds = Decimal((self._moment(value) - self.now).total_seconds())
            short = seconds < ahead.value * {"hours": 3600, "days": 86400, "minutes": 60}[ahead.unit]
        if short:
            words = {"n": ahead.text, "unit": units()[ahead.unit].title}
            self.add_error(name, _("Ask at least %(n)s %(unit)s ahead.") % words)


def form_for(code: str, body: RequestTypeBody) -> type[DataForm]:
    """The form class of a type."""
    fields = {name: _field(field) for name, field in body.fields.items()}
    made: type[DataForm] = type(f"{code.title().replace('_', '')}Form", (DataForm,), {**fields, "body": body})
    return made


def shown(body: RequestTypeBody, data: dict[str, Any]) -> list[tuple[Any, Any]]:
    """The form's lines as people read them."""
    codes = [str(data.get(name) or "") for name, field in body.fields.items() if field.type == "staff"]
    names = names_of(codes)
    return [(field.label, _value(field, data.get(name), names)) for name, field in body.fields.items()]


def _value(field: FieldBody, value: Any, names: dict[str, str]) -> Any:
    if value in (None, ""):
        return None
    match field.type:
        case "choice":
            return field.choices.get(value, value)
        case "staff":
            return f"{names.get(value, '')} {value}".strip()
        case "flag":
            return _("Yes") if value else _("No")
        case "moment":
            parsed = parse_datetime(str(value))
            return f"{timezone.localtime(parsed):%Y-%m-%d %H:%M}" if parsed else value
        case "hours" | "minutes":
            return f"{Decimal(str(value)).normalize():f} {units()[field.type].title}"
        case "money":
            return f"{Decimal(str(value)):.2f} {units()['yuan'].title}"
        case _:
            return value
