# SPDX-License-Identifier: Apache-2.0
"""What a month of lateness and absence costs: the pack's ladder over four counts."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from zuoxi.attendance.facts import MonthFacts
from zuoxi.attendance.sanctions import SANCTIONS, Consequence, MonthBody
from zuoxi.policy.entries import SENTENCES
from zuoxi.policy.findings import Finding
from zuoxi.policy.handbook import Reading, as_text
from zuoxi.policy.rulebook import rule

_NAME = "attendance.month"
_NOTHING = Decimal(0)
_UNTOUCHED: dict[str, Any] = {"bonus": "paid", "performance": "scored", "wage": "paid", "employment": "continues"}
_EMPLOYMENT = ("continues", "deemed_resigned", "dismissed")  # the graver last


@rule(
    _NAME,
    outcomes=("normal", "sanctioned", "unknown"),
    needs=("sanctions:attendance.month",),
    clauses=(
        *("ATT-004", "ATT-005", "ATT-017", "ATT-025", "ATT-026", "ATT-031", "ATT-033"),
        *("PAY-005", "PAY-006", "PAY-007", "PAY-008", "PAY-012", "PRF-021", "PRF-022"),
    ),
)
def judge_month(facts: MonthFacts, reading: Reading) -> Finding:
    """Everything that the month's counts set off, together and nothing twice (C-32)."""
    body = reading.entry(SANCTIONS, _NAME)
    missing = _missing(facts, body)
    if missing:
        return reading.unknown(_NAME, missing)
    times = (facts.late or 0) + (facts.early or 0)
    absent = facts.absence_days or _NOTHING
    added = _added(body, times, reading)
    counts = {
        "late_and_early": Decimal(times),
        "absence_days": absent + added,
        "longest_absent_run": Decimal(facts.longest_absent_run or 0),
    }
    details = dict(_UNTOUCHED) | {"deduction_days": "0", "fine_yuan": "0", "legal_risk": False}
    _take(details, body, counts, absent, reading)
    for one in body.consequences:
        if reading.beyond(one.at, counts[one.measure]):
            _apply(details, one)
    parts = list(_parts(details, added, reading))
    return reading.finding(
        _NAME,
        "sanctioned" if parts else "normal",
        details=details,
        times=times,
        days=as_text(absent),
        run="—" if facts.longest_absent_run is None else facts.longest_absent_run,
        what_zh="，".join(zh for zh, _en in parts),
        what_en=", ".join(en for _zh, en in parts),
    )


def _missing(facts: MonthFacts, body: MonthBody) -> list[str]:
    """The counts that the pack's ladder looks at and nobody knows."""
    measures = {one.measure for one in body.consequences}
    asked = []
    if "late_and_early" in measures or body.added_absence or body.fine_each_time:
        asked += ["late", "early"]
    if "absence_days" in measures or body.fine_each_day or body.wage_days_each_day:
        asked += ["absence_days"]
    if "longest_absent_run" in measures:
        asked += ["longest_absent_run"]
    return [name for name in asked if getattr(facts, name) is None]


def _added(body: MonthBody, times: int, reading: Reading) -> Decimal:
    """Days absent that lateness itself adds (C-34)."""
    if body.added_absence is None or not reading.beyond(body.added_absence.times, times):
        return _NOTHING
    return reading.number(body.added_absence.days)


def _take(
    details: dict[str, Any], body: MonthBody, counts: dict[str, Decimal], missed: Decimal, reading: Reading
) -> None:
    """Fines and days of wage; both beyond what was missed are flagged."""
    fine = _NOTHING
    if body.fine_each_time:
        fine += reading.number(body.fine_each_time) * counts["late_and_early"]
    if body.fine_each_day:
        fine += reading.number(body.fine_each_day) * counts["absence_days"]
    cut = _NOTHING
    if body.wage_days_each_day:
        cut = reading.number(body.wage_days_each_day) * counts["absence_days"]
    details |= {
        "fine_yuan": as_text(fine),
        "deduction_days": as_text(cut),
        "legal_risk": fine > 0 or cut > missed,
    }


def _apply(details: dict[str, Any], one: Consequence) -> None:
    for name in ("bonus", "performance", "wage"):
        if (said := getattr(one, name)) is not None:
            details[name] = said
    if one.employment and _EMPLOYMENT.index(one.employment) > _EMPLOYMENT.index(details["employment"]):
        details["employment"] = one.employment
    details["legal_risk"] = details["legal_risk"] or one.legal_risk


def _parts(details: dict[str, Any], added: Decimal, reading: Reading) -> Iterator[tuple[str, str]]:
    """What follows, each part in both languages."""
    if added:
        yield _part("added", added, reading)
    if details["fine_yuan"] != "0":
        yield _part("fine", details["fine_yuan"], reading)
    if details["deduction_days"] != "0":
        yield _part("deduction", details["deduction_days"], reading)
    for name in ("bonus", "performance", "wage"):
        if details[name] != _UNTOUCHED[name]:
            yield _part(name, "", reading)
    if details["employment"] != "continues":
        yield _part(details["employment"], "", reading)


def _part(name: str, amount: object, reading: Reading) -> tuple[str, str]:
    sentence = reading.handbook.entry(SENTENCES, f"{_NAME}.part.{name}")
    return sentence.zh.format(amount=amount), sentence.en.format(amount=amount)
