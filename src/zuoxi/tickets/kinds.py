# SPDX-License-Identifier: Apache-2.0
"""The kinds of tickets that the site's pack has, and the form that an older ticket was written on."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from zuoxi.policy.handbook import Handbook
from zuoxi.policy.selectors import site_handbook
from zuoxi.tickets.handbook import TICKET_TYPES, FieldBody, TicketTypeBody, TopicBody
from zuoxi.tickets.models import FormVersion, Ticket

YES, NO = _("Yes"), _("No")
ADDRESS_PARTS: Final = ("district", "community", "building", "unit", "room", "line")


def kinds(handbook: Handbook | None = None) -> dict[str, TicketTypeBody]:
    """Every kind of the pack by key, in the pack's order."""
    found = (handbook or site_handbook()).entries(TICKET_TYPES)
    return dict(sorted(found.items(), key=lambda pair: (pair[1].order, pair[0])))


def kind_named(key: str, handbook: Handbook | None = None) -> TicketTypeBody | None:
    return (handbook or site_handbook()).entries(TICKET_TYPES).get(key)


def sensitive_kinds(handbook: Handbook | None = None) -> list[str]:
    return [key for key, body in kinds(handbook).items() if body.sensitive]


def form_version(kind: str, body: TicketTypeBody, pack: str, now: datetime) -> FormVersion:
    """The form as it stands, kept once for all tickets that are written on it."""
    written = body.model_dump(mode="json")
    text = json.dumps(written, ensure_ascii=False, sort_keys=True)
    digest = blake2b(f"{pack}:{text}".encode(), digest_size=12).hexdigest()
    found, _new = FormVersion.objects.get_or_create(
        kind=kind, digest=digest, defaults={"pack": pack, "body": written, "made_at": now}
    )
    return found


def body_of(ticket: Ticket) -> TicketTypeBody:
    """How the ticket's kind works now; as it was when the ticket was written, where the pack no longer has it."""
    return kind_named(ticket.kind) or TicketTypeBody.model_validate(ticket.form.body)


def kind_labels(keys: Iterable[str]) -> dict[str, str]:
    """What kinds are called, those too that the pack has no longer: by their last form. One query where it has one."""
    known = {key: str(body.label) for key, body in kinds().items()}
    gone = {key for key in keys if key not in known}
    rows = FormVersion.objects.filter(kind__in=gone).order_by("pk").values_list("kind", "body") if gone else ()
    return known | {key: str(TicketTypeBody.model_validate(body).label) for key, body in rows}


def kind_label(key: str, written: dict[str, Any] | None = None) -> str:
    body = kind_named(key)
    if body is not None:
        return str(body.label)
    if written:
        return str(TicketTypeBody.model_validate(written).label)
    return key


@dataclass(frozen=True, slots=True)
class Line:
    """An answer of a form as it is read. `former`: the form has no such field any more."""

    field: FieldBody
    value: Any
    text: str
    former: bool = False
    read_back: bool = False


def lines_of(ticket: Ticket) -> list[Line]:
    """The answers in the order of the form, then those of fields that the form has lost; nothing is left out."""
    body, old = body_of(ticket), TicketTypeBody.model_validate(ticket.form.body)
    found = [_line(ticket, one) for one in body.fields if one.key in ticket.fields]
    now = {one.key for one in body.fields}
    found += [_line(ticket, one, former=True) for one in old.fields if one.key in ticket.fields and one.key not in now]
    known = now | {one.key for one in old.fields}
    for key in ticket.fields.keys() - known:
        lost = FieldBody.model_validate({"key": key, "label": {"zh": key, "en": key}, "kind": "text"})
        found.append(_line(ticket, lost, former=True))
    return found


def _line(ticket: Ticket, field: FieldBody, former: bool = False) -> Line:
    value = ticket.fields[field.key]
    return Line(field, value, shown(field, value), former, field.key in ticket.read_back)


def shown(field: FieldBody, value: Any) -> str:
    """An answer in words, unmasked."""
    if value in (None, "", [], {}):
        return ""
    if isinstance(value, dict):
        return "".join(str(value.get(part, "")) for part in ADDRESS_PARTS)
    if isinstance(value, list):
        return "、".join(_choice(field, one) for one in value)
    if field.kind == "yes_no":
        return str(YES if value == "yes" else NO)
    return _choice(field, str(value))


def _choice(field: FieldBody, key: str) -> str:
    return next((str(one.label) for one in field.choices if one.key == key), key)


def topics(body: TicketTypeBody) -> Iterator[tuple[str, str]]:
    """(key, path of labels) of every topic, the tree from the top."""

    def walk(below: tuple[TopicBody, ...], path: str) -> Iterator[tuple[str, str]]:
        for one in below:
            here = f"{path} / {one.label}" if path else str(one.label)
            yield one.key, here
            yield from walk(one.below, here)

    yield from walk(body.topics, "")
