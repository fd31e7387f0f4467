# SPDX-License-Identifier: Apache-2.0
"""A form of the pack as a page draws it, and what was typed into it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from zuoxi.tickets.handbook import FieldBody, TicketTypeBody
from zuoxi.tickets.kinds import ADDRESS_PARTS

PART_LABELS: Final = {
    "district": _("District"),
    "community": _("Community"),
    "building": _("Building"),
    "unit": _("Entrance of the building"),
    "room": _("Room"),
    "line": _("Further directions"),
}


@dataclass(frozen=True, slots=True)
class Drawn:
    """One line of a form. `parts` are the lines of an address: key, label, value. `problem` "": nothing is wrong."""

    field: FieldBody
    value: Any
    problem: str
    read_back: bool
    read_back_problem: str
    parts: tuple[tuple[str, Any, str], ...] = ()

    @property
    def name(self) -> str:
        return f"f_{self.field.key}"

    @property
    def when(self) -> str:
        """Where the line is asked only after certain answers: field=answer,answer;… for the page."""
        return ";".join(f"f_{key}={','.join(values)}" for key, values in self.field.when.items())


def given_answers(body: TicketTypeBody, given: QueryDict) -> dict[str, Any]:
    """The typed answers by field key, as they stand."""
    found: dict[str, Any] = {}
    for one in body.fields:
        name = f"f_{one.key}"
        if one.kind == "multi":
            found[one.key] = given.getlist(name)
        elif one.kind == "address":
            found[one.key] = {part: given.get(f"{name}_{part}", "") for part in ADDRESS_PARTS}
        else:
            found[one.key] = given.get(name, "")
    return found


def drawn_fields(
    body: TicketTypeBody, answers: Mapping[str, Any], problems: Mapping[str, str], given: QueryDict | None = None
) -> list[Drawn]:
    ticked = set(given.getlist("read_back")) if given is not None else set()
    return [_drawn(one, answers.get(one.key), problems, one.key in ticked) for one in body.fields]


def _drawn(one: FieldBody, value: Any, problems: Mapping[str, str], ticked: bool) -> Drawn:
    parts: tuple[tuple[str, Any, str], ...] = ()
    if one.kind == "address":
        known = value if isinstance(value, dict) else {"line": value or ""}
        parts = tuple((part, PART_LABELS[part], str(known.get(part, ""))) for part in ADDRESS_PARTS)
    return Drawn(one, value, problems.get(one.key, ""), ticked, problems.get(f"read_back_{one.key}", ""), parts)
