# SPDX-License-Identifier: Apache-2.0
"""Every trade as its rules print it, and a further one that nobody wrote a line of Python for."""

import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from django.conf import settings

from zuoxi.leave.facts import LeaveRouteFacts
from zuoxi.policy.handbook import handbook_of
from zuoxi.policy.packs import UnknownPack, pack, pack_codes
from zuoxi.policy.rulebook import judge

pytestmark = pytest.mark.once
DAY = date(2026, 11, 2)
PRINTED = yaml.safe_load(Path(__file__).with_name("data").joinpath("trades.yaml").read_text(encoding="utf-8"))
FIGURES = [(code, key, value) for code, figures in PRINTED.items() for key, value in figures.items()]


@pytest.mark.clause(
    "VAR-001", "VAR-002", "VAR-003", "VAR-004", "VAR-005", "VAR-006", "VAR-007", "VAR-008",
    "VAR-009", "VAR-010", "VAR-011", "VAR-012", "VAR-013", "VAR-014", "VAR-015",
)  # fmt: skip
@pytest.mark.parametrize(("code", "key", "value"), FIGURES)
def test_a_trade_has_the_figures_that_its_rules_print(code, key, value):
    assert handbook_of(code).on(DAY).figure(key).text == value


def test_all_fifteen_are_there_and_lie_over_what_they_say():
    kinds = {code: pack(code).body.kind for code in pack_codes()}
    assert sorted(code for code, kind in kinds.items() if kind == "trade") == sorted(
        code for code in PRINTED if code not in ("security", "incident")
    )
    assert kinds["security"] == kinds["incident"] == "cross"
    assert {pack(code).body.base for code, kind in kinds.items() if kind == "trade"} == {"base", "tv_shopping"}
    assert {pack(code).body.base for code in ("security", "incident", "tv_shopping")} == {"base"}


def test_every_figure_of_a_trade_names_its_clause_or_says_whose_it_is():
    silent = [
        (code, key)
        for code in PRINTED
        for key, written in pack(code).written.get("figures", {}).items()
        if written.body is not None and not written.body.clauses and written.body.source == "stated"
    ]
    assert not silent


@pytest.fixture
def shelf(tmp_path):
    """A shelf with the handbook and one more trade on it."""
    for code in ("base", "tv_shopping"):
        shutil.copytree(Path(settings.HANDBOOKS) / code, tmp_path / code)
    made = tmp_path / "bookshop"
    made.mkdir()
    made.joinpath("pack.yaml").write_text(
        "code: bookshop\nbase: tv_shopping\nname: {zh: 书店, en: Bookshop}\nabout: {zh: 书店, en: Books}\n",
        encoding="utf-8",
    )
    made.joinpath("rules.yaml").write_text(
        """
figures:
  attendance.late.fine_yuan:
    unit: yuan
    source: ours
    label: {zh: 迟到扣款, en: Fine}
    values: [{from: 2020-01-01, value: 5}, {from: 2026-11-02, value: 7}]
scales:
  attendance.arrival:
    label: {zh: 迟到, en: Lateness}
    steps:
      - {outcome: on_time}
      - {at: attendance.late.after_minutes, outcome: late, also: {fine_yuan: attendance.late.fine_yuan}}
leave_routes:
  leave.route:
    label: {zh: 请假, en: Leave}
    routes: [{filed_with: [HR], steps: [{approvers: [GENERAL_MANAGER]}]}]
""",
        encoding="utf-8",
    )
    return tmp_path


def test_a_further_trade_needs_no_python(shelf):
    from datetime import datetime

    from zuoxi.attendance.facts import ArrivalFacts

    handbook = handbook_of("bookshop", shelf)
    asked = LeaveRouteFacts("personal", Decimal(9), "AGENT", None, None, None)
    assert judge("leave.route", asked, handbook, DAY).details["approvers"] == ["GENERAL_MANAGER"]
    late = ArrivalFacts(datetime(2026, 11, 2, 9), datetime(2026, 11, 2, 11), False)  # noqa: DTZ001
    assert judge("attendance.arrival", late, handbook, date(2026, 11, 1)).details["fine_yuan"] == "5"
    assert judge("attendance.arrival", late, handbook, DAY).details["fine_yuan"] == "7"


def test_a_trade_that_is_not_there_is_named():
    with pytest.raises(UnknownPack, match="greengrocer"):
        handbook_of("greengrocer")


SHOPS = {"base", "tv_shopping", "telesales", "chengdu", "seat_rules", "personnel", "security", "incident", "statutory"}
OF_THE_SHOP = {
    "call_topics": {"order", "product", "delivery", "return", "invoice"},
    "call_results": {"ordered", "refused"},
    "complaint_kinds": {"delivery", "goods", "refund", "fake_sign_up"},
    "ticket_types": {"delivery", "home_service", "goods"},
    "followup_kinds": {"refused_parcel", "delivered_order", "regular_visit"},
    "opinion_departments": {"goods", "logistics"},
    "order_kinds": {"sale"},
    "scripts": {"sale", "after_sale", "verify", "refused_parcel"},
}


@pytest.mark.parametrize("code", sorted(set(pack_codes()) - SHOPS))
def test_a_trade_that_sells_no_goods_has_words_of_its_own(code):
    sections = handbook_of(code).entries_by_section
    assert {name: taken for name, shop in OF_THE_SHOP.items() if (taken := shop & set(sections.get(name, {})))} == {}
    own = [name for name in ("call_topics", "complaint_kinds", "scripts") if not pack(code).written.get(name)]
    assert own == []


@pytest.mark.parametrize("code", sorted(set(pack_codes()) - {"statutory"}))
def test_what_a_trade_calls_back_about_is_there(code):
    entries = handbook_of(code).entries_by_section
    sections = {name: {key: one.body for key, one in found.items()} for name, found in entries.items()}
    kinds, complaints = sections.get("followup_kinds", {}), set(sections.get("complaint_kinds", {}))
    lost = [(key, name) for key, kind in kinds.items() for name in kind.tickets if name not in sections["ticket_types"]]
    lost += [(key, kind.script) for key, kind in kinds.items() if kind.script not in sections["followup_scripts"]]
    lost += [(key, one.kind) for key, one in sections.get("followup_plans", {}).items() if one.kind not in kinds]
    lost += [
        (key, reason.complaint)
        for key, one in sections.get("followup_reasons", {}).items()
        for reason in one.reasons
        if reason.complaint and reason.complaint not in complaints
    ]
    lost += [
        (key, asked.reasons)
        for key, one in sections.get("followup_scripts", {}).items()
        for asked in one.questions
        if asked.reasons and asked.reasons not in sections["followup_reasons"]
    ]
    assert lost == []
