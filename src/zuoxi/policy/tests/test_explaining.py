# SPDX-License-Identifier: Apache-2.0
"""A finding as a page draws it: everything it rests on can be opened, and what is ours says so."""

from datetime import UTC, datetime

import pytest
from django.template import Context, Template
from django.utils import translation

from zuoxi.policy import suspending
from zuoxi.policy.amending import Person
from zuoxi.policy.evaluate import evaluate
from zuoxi.policy.findings import Finding, Why
from zuoxi.policy.vocabulary import figure_said

FACTS = {"rostered_start": "2026-11-22T08:00:00", "signed_in_at": "2026-11-22T09:30:00", "excused": False}


def drawn(finding):
    with translation.override("en"):
        return Template("{% why finding %}").render(Context({"finding": finding}))


def test_a_finding_shows_its_sentence_clauses_and_figures_in_words():
    page = drawn(evaluate("attendance.arrival", "tv_shopping", FACTS))
    assert "1:30:00 late" in page
    assert 'href="/clauses/ATT-002/"' in page
    assert 'href="/handbook/figures/attendance.late.full_day_absence_after_minutes/"' in page
    assert "<strong>30</strong> minutes" in page
    assert "Our default" not in page


def test_what_a_table_kept_is_drawn_the_same():
    finding = evaluate("attendance.arrival", "tv_shopping", FACTS)
    assert drawn(finding.as_json()) == drawn(finding)


def test_a_finding_that_rests_on_a_decision_says_which():
    page = drawn(evaluate("attendance.arrival", "chengdu", FACTS))
    assert "Rests on a decision" in page
    assert "/handbook/questions/#C-01" in page


def test_a_finding_that_rests_on_our_default_says_so():
    page = drawn(
        Finding("no.rule", "tv_shopping", "x", Why("\u7532", "A"), ours=("some.figure",), figures={"some.figure": "1"})
    )
    assert "Our default" in page


def test_what_is_not_known_to_the_handbook_is_shown_as_it_was_kept():
    page = drawn(
        Finding("no.rule", "no_pack", "x", Why("\u7532", "A"), clauses=("ATT-002",), figures={"old.figure": "7"})
    )
    assert "old.figure" in page
    assert "<strong>7</strong>" in page


@pytest.mark.django_db
def test_a_legal_warning_stands_there_with_who_switched_it_off():
    finding = Finding("attendance.month", "tv_shopping", "sanctioned", Why("\u7532", "A"), {"wage": "withheld"})
    assert "Wage withheld" in drawn(finding)
    now = datetime(2026, 3, 1, tzinfo=UTC)
    suspending.switch("warning", "wage_withheld", off=True, reason="lawyer", by=Person("d1", "Director"), now=now)
    page = drawn(finding)
    assert "Wage withheld" in page
    assert "Director" in page
    assert "lawyer" in page


@pytest.mark.once
@pytest.mark.parametrize(
    ("unit", "text", "said"),
    [
        ("roles", "DEPARTMENT_HEAD,HR", ("部门负责人 → 人力资源部", "")),
        ("role", "DIRECTOR", ("总监", "")),
        ("words", "personal,sick", ("事假、病假", "")),
        ("words", "没有名字的词", ("没有名字的词", "")),
        ("post", "DIR", ("总监", "")),
        ("posts", "TSRS,CSRS", ("TSR主管、CSR主管", "")),
        ("flag", "true", ("是", "")),
        ("flag", "false", ("否", "")),
        ("minutes", "15", ("15", "分钟")),
        ("time_of_day", "08:30", ("08:30", "")),
    ],
)
def test_a_figure_is_said_in_words_and_only_a_number_has_a_unit(unit, text, said):
    with translation.override("zh-hans"):
        assert figure_said(unit, text) == said
