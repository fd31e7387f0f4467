# SPDX-License-Identifier: Apache-2.0
"""A file of contacts becomes a campaign's list: every line is taken, or refused with a reason that is kept."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from zuoxi.customers import selectors as customers
from zuoxi.outbound.handbook import DIAL_RULES
from zuoxi.outbound.models import Campaign, Lead, ListImport, RejectedRow
from zuoxi.outbound.permission import barred_among
from zuoxi.outbound.refusing import Refused
from zuoxi.people.models import Staff
from zuoxi.policy.marks import enforces
from zuoxi.policy.selectors import site_handbook
from zuoxi.vault import masking
from zuoxi.vault import services as vault
from zuoxi.web.cells import day_of
from zuoxi.web.tabular import Table, Unreadable, read_table

COLUMNS: Final = {
    "number": (
        "电话",
        "手机",
        "手机号",
        "手机号码",
        "联系电话",
        "联系方式",
        "电话号码",
        "号码",
        "phone",
        "mobile",
        "telephone",
    ),
    "name": ("姓名", "客户", "客户姓名", "客户名称", "联系人", "名称", "customer", "contact"),
    "consent": ("同意凭证", "同意方式", "授权", "proof of consent"),
    "consent_at": ("同意日期", "授权日期", "consent date"),
    "priority": ("优先级", "优先"),
}
REASONS: Final[dict[str, str | Lazy]] = {
    "number": gettext_lazy("Not a telephone number"),
    "foreign": gettext_lazy("A number abroad"),
    "twice": gettext_lazy("Twice in this file"),
    "known": gettext_lazy("In this campaign already"),
    "elsewhere": gettext_lazy("Waits in another campaign"),
    "do_not_call": pgettext_lazy("import", "On the do-not-call list"),
    "no_consent": gettext_lazy("No proof of consent"),
    "date": gettext_lazy("The date of the consent cannot be read"),
    "cells": gettext_lazy("More cells than headings"),
    "long": gettext_lazy("A text is longer than is kept"),
    "priority": gettext_lazy("The priority is not a whole number"),
}
_WITH_A_COMMA: Final = gettext_lazy("Put a text that has a comma between quotation marks: %(more)s")
_AS_A_DAY: Final = gettext_lazy("Write %(text)s as 2026-05-21, or format the column as a date.")
_SHORTEN: Final = gettext_lazy("“%(text)s…”: at most %(most)d signs. Shorten it.")
BARRED: Final = ("do_not_call", "no_consent")
TWICE: Final = ("twice", "known", "elsewhere")
BATCH: Final = 1000
MOST_FIELDS: Final = 12
MOST_SIGNS: Final = 200
_KEPT: Final = {"name": 80, "consent": MOST_SIGNS}
_PRIORITY: Final = re.compile(r"[+-]?[0-9]{1,4}")


@dataclass(frozen=True, slots=True)
class Rejected:
    """A line that is not taken; `line` as the spreadsheet counts."""

    line: int
    reason: str
    note: str
    cells: tuple[str, ...]

    @property
    def words(self) -> str | Lazy:
        return REASONS[self.reason]


@dataclass(frozen=True, slots=True)
class Contact:
    """A line that is taken."""

    number: str
    name: str
    consent: str
    consent_at: date | None
    priority: int
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sorted:
    """A file looked through: what is taken, what is not, which columns and sheets are not read."""

    head: tuple[str, ...]
    taken: tuple[Contact, ...]
    rejected: tuple[Rejected, ...]
    passed_over: tuple[str, ...] = ()
    sheets: tuple[str, ...] = ()

    @property
    def read(self) -> int:
        return len(self.taken) + len(self.rejected)

    @property
    def reasons(self) -> list[tuple[str | Lazy, int]]:
        """What was refused for which reason, the most frequent first."""
        return [(REASONS[key], count) for key, count in Counter(one.reason for one in self.rejected).most_common()]


@dataclass(frozen=True, slots=True)
class Terms:
    """What the whole file is taken under: the proof of consent of all its lines ("" = each line brings its own)."""

    consent: str = ""
    source: str = ""
    name: str = ""


@enforces("CUS-003")
def sort_out(content: bytes, campaign: Campaign, terms: Terms, now: datetime) -> Sorted:
    """Look a file through without taking anything. Raises Refused where it cannot be read as a whole."""
    try:
        table = read_table(content, COLUMNS, ("number",))
    except Unreadable as wrong:
        raise Refused(str(wrong.message)) from None
    taken: dict[str, tuple[int, Contact]] = {}
    rejected: list[Rejected] = []
    beside = _beside(table)
    for index, cells in enumerate(table.cells):
        if not any(cells):
            continue
        found = _read(table, index, terms, beside)
        if isinstance(found, Rejected):
            rejected.append(found)
        elif found.number in taken:
            rejected.append(Rejected(index + 2, "twice", "", cells))
        else:
            taken[found.number] = index + 2, found
    for number, reason, note in _not_taken(list(taken), taken, campaign, now):
        line, _contact = taken.pop(number)
        rejected.append(Rejected(line, reason, note, table.cells[line - 2]))
    rejected.sort(key=lambda one: one.line)
    known = {*table.places.values(), *beside}
    rest = tuple(head for place, head in enumerate(table.called()) if head and place not in known)
    contacts = tuple(contact for _line, contact in taken.values())
    return Sorted(table.head, contacts, tuple(rejected), rest, table.sheets)


def _beside(table: Table) -> dict[int, str]:
    """The columns that stay with a contact under their headings, as many as are kept."""
    known = set(table.places.values())
    others = [(place, head[:40]) for place, head in enumerate(table.called()) if head and place not in known]
    return dict(others[:MOST_FIELDS])


def _read(table: Table, index: int, terms: Terms, beside: Mapping[int, str]) -> Contact | Rejected:
    row, cells = table.row(index), table.cells[index]
    if more := table.beyond(index):
        return Rejected(index + 2, "cells", str(_WITH_A_COMMA % {"more": more[:40]}), cells)
    number = customers.parsed(row["number"])
    if not number.valid:
        return Rejected(index + 2, "number", str(number.problem), cells)
    if number.kind == "foreign":
        return Rejected(index + 2, "foreign", "", cells)
    since: date | None = None
    if text := row.get("consent_at", ""):
        try:
            since = day_of(text)
        except ValueError:
            return Rejected(index + 2, "date", str(_AS_A_DAY % {"text": text[:40]}), cells)
    priority = unicodedata.normalize("NFKC", row.get("priority", ""))
    if priority and not _PRIORITY.fullmatch(priority):
        return Rejected(index + 2, "priority", priority[:40], cells)
    other = {head: cells[place] for place, head in beside.items() if place < len(cells) and cells[place]}
    texts = [(row.get(key, ""), most) for key, most in _KEPT.items()] + [(one, MOST_SIGNS) for one in other.values()]
    if long := next(((text, most) for text, most in texts if len(text) > most), None):
        return Rejected(index + 2, "long", str(_SHORTEN % {"text": long[0][:20], "most": long[1]}), cells)
    if number.extension:
        other = {str(_("Extension")): number.extension} | other
    return Contact(
        number.national,
        row.get("name", ""),
        row.get("consent", "") or terms.consent[:MOST_SIGNS],
        since,
        int(priority or 0),
        other,
    )


def _not_taken(
    numbers: list[str], contacts: Mapping[str, tuple[int, Contact]], campaign: Campaign, now: datetime
) -> list[tuple[str, str, str]]:
    """(number, reason, note) of what stands against contacts whose lines are in order."""
    own, elsewhere = _standing(numbers, campaign)
    barred = barred_among(numbers, campaign.rule, now)
    asks = site_handbook().entry(DIAL_RULES, campaign.rule).consent
    found = []
    for number in numbers:
        if number in barred:
            found.append((number, "do_not_call", ""))
        elif number in own:
            found.append((number, "known", ""))
        elif number in elsewhere:
            found.append((number, "elsewhere", elsewhere[number]))
        elif asks and not contacts[number][1].consent:
            found.append((number, "no_consent", ""))
    return found


def _standing(numbers: list[str], campaign: Campaign) -> tuple[set[str], dict[str, str]]:
    """Numbers that this campaign has, and those that wait in another (with its name)."""
    own: set[str] = set()
    elsewhere: dict[str, str] = {}
    open_states = [Campaign.State.RUNNING, Campaign.State.PAUSED, Campaign.State.DRAFT]
    for start in range(0, len(numbers), BATCH):
        piece = numbers[start : start + BATCH]
        own |= set(Lead.objects.filter(campaign=campaign, number__in=piece).values_list("number", flat=True))
        others = Lead.objects.filter(
            number__in=piece, state__in=[Lead.State.WAITING, Lead.State.RESERVED], campaign__state__in=open_states
        ).exclude(campaign=campaign)
        elsewhere |= dict(others.values_list("number", "campaign__name"))
    return own, elsewhere


@transaction.atomic
def take_list(content: bytes, campaign: Campaign, terms: Terms, by: Staff | None, now: datetime) -> ListImport:
    """Take the file's good lines, keep the others with their reasons. Raises Refused as `sort_out`, and for a
    campaign that is over."""
    if campaign.state == Campaign.State.DONE:
        raise Refused(_("The campaign is over; make a new one."))
    found = sort_out(content, campaign, terms, now)
    counts = Counter(one.reason for one in found.rejected)
    batch = ListImport.objects.create(
        campaign=campaign, name=terms.name[:120], source=terms.source[:120], consent=terms.consent[:200], by=by, at=now,
        read=found.read, taken=len(found.taken), twice=sum(counts[key] for key in TWICE),
        barred=sum(counts[key] for key in BARRED),
        refused=sum(count for key, count in counts.items() if key not in (*TWICE, *BARRED)),
    )  # fmt: skip
    Lead.objects.bulk_create(
        [
            Lead(
                campaign=campaign, batch=batch, number=one.number, name=one.name, fields=dict(one.fields),
                consent=one.consent, consent_at=one.consent_at, priority=one.priority, changed_at=now,
            )
            for one in found.taken
        ],
        batch_size=BATCH,
    )  # fmt: skip
    RejectedRow.objects.bulk_create(
        [
            RejectedRow(batch=batch, line=one.line, cells=list(one.cells), reason=one.reason, note=one.note[:200])
            for one in found.rejected
        ],
        batch_size=BATCH,
    )
    vault.record(
        "outbound.list.imported", who=by.code if by else "", on=("campaign", campaign.pk), taken=batch.taken,
        read=batch.read,
    )  # fmt: skip
    return batch


def shown(cells: tuple[str, ...]) -> list[str]:
    """A line's cells for the page, what looks like a number masked."""
    return [masking.phone(cell) if len(cell) >= 7 and cell.strip("+- ").isdecimal() else cell for cell in cells]
