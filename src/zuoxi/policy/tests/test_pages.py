# SPDX-License-Identifier: Apache-2.0
"""The handbook's pages, as those who may open them see them."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.http import QueryDict
from django.urls import reverse
from django.utils import translation

from zuoxi.policy import amending, happenings, replaying, replays
from zuoxi.policy.amending import Person, Proposal
from zuoxi.policy.entries import sections
from zuoxi.policy.evaluate import evaluate
from zuoxi.policy.forms import fact_fields
from zuoxi.policy.gaps import gap_book
from zuoxi.policy.models import Amendment, Suspension
from zuoxi.policy.places import readable
from zuoxi.policy.replays import Changed
from zuoxi.policy.rulebook import rules
from zuoxi.policy.templatetags.policy import said_value
from zuoxi.policy.vocabulary import fact_word, outcome_titles, rule_titles

FIGURE = "attendance.late.half_day_absence_after_minutes"
RULE = "attendance.arrival"
NOW = datetime(2026, 3, 10, 4, tzinfo=UTC)
MARCH = date(2026, 3, 1)
PLAIN = ["home", "figures", "rules", "questions", "compare", "law", "amendments"]
QUERIES = 12


@pytest.fixture
def proposed(db):
    return amending.propose(Proposal(FIGURE, "20", date(2026, 4, 1), "snow"), Person("s1", "Author"), NOW)


@pytest.fixture
def judged_again(monkeypatch):
    facts = {"rostered_start": "2026-03-03T08:00:00", "signed_in_at": "2026-03-03T08:18:00", "excused": False}

    def again(before, after, month, progress):
        for code in ("hr", "nobody"):
            was, now = (evaluate(RULE, book, facts) for book in (before, after))
            yield Changed(1, code, f"name of {code}", "A", date(2026, 3, 3), was, now, Decimal("35.50"))

    monkeypatch.setattr(replays, "_replays", {"trial": replays.Replay("trial", "Trial", again, lambda: [MARCH])})


@pytest.fixture
def replayed(proposed, judged_again):
    run = replaying.ask(proposed, MARCH, Person("s1", "Author"), NOW)
    replaying.work(run, lambda: NOW, lambda *told: None)
    run.refresh_from_db()
    return run


def text(answer):
    assert answer.status_code == 200, answer.content[:300]
    return answer.content.decode()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("name", PLAIN)
def test_every_page_opens_within_its_queries(signed_in, name, language, django_assert_max_num_queries):
    browser = signed_in("TSR")
    with django_assert_max_num_queries(QUERIES):
        text(browser.get(reverse(f"policy:{name}"), headers={"accept-language": language}))


def test_a_figure_says_its_value_boundary_clause_and_who_reads_it(signed_in, django_assert_max_num_queries):
    browser = signed_in("TSR")
    with django_assert_max_num_queries(QUERIES):
        page = text(browser.get(reverse("policy:figure", args=[FIGURE]), headers={"accept-language": "en"}))
    assert "<strong>15</strong>" in page
    assert "The figure itself does not count yet" in page
    assert reverse("policy:clause", args=["ATT-002"]) in page
    assert reverse("policy:rule", args=[RULE]) in page
    assert "Propose a change" not in page


@pytest.mark.parametrize("position", ["TSR", "CSR", "WH"])
def test_a_clause_that_a_judgement_names_can_be_read_by_whoever_is_judged(signed_in, position):
    page = text(signed_in(position).get(reverse("policy:clause", args=["ATT-002"]), headers={"accept-language": "en"}))
    assert reverse("policy:figure", args=[FIGURE]) in page
    assert reverse("policy:rule", args=[RULE]) in page


def test_how_often_a_clause_struck_is_not_told_to_agents(signed_in, monkeypatch):
    monkeypatch.setattr(happenings, "_counts", {"a": ("Late", lambda *asked: happenings.Happened(7, 3))})
    address = reverse("policy:clause", args=["ATT-002"])
    assert "This month" not in text(signed_in("TSR").get(address, headers={"accept-language": "en"}))
    assert "This month" in text(signed_in("OM").get(address, headers={"accept-language": "en"}))


def test_figures_are_narrowed_by_domain_source_and_words(signed_in):
    browser = signed_in("OM")
    address = reverse("policy:figures")
    assert FIGURE in text(browser.get(address, {"domain": "ATT", "q": "half_day"}))
    assert FIGURE not in text(browser.get(address, {"domain": "CALL"}))
    assert FIGURE not in text(browser.get(address, {"source": "ours"}))
    assert FIGURE not in text(browser.get(address, {"source": "amended", "q": "half_day"}))


def test_a_figure_that_does_not_exist_is_not_found(signed_in):
    assert signed_in("OM").get("/handbook/figures/no.figure/").status_code == 404
    assert signed_in("OM").get("/handbook/rules/no.rule/").status_code == 404


def test_the_search_finds_figures_rules_and_clauses(signed_in):
    page = text(signed_in("TSR").get(reverse("policy:home"), {"q": "ATT-002"}))
    assert reverse("policy:clause", args=["ATT-002"]) in page
    assert reverse("policy:figure", args=[FIGURE]) in page
    assert reverse("policy:rule", args=[RULE]) in page


def test_a_proposal_is_typed_checked_and_kept(signed_in, person):
    person("DIR")
    browser = signed_in("OM")
    address = reverse("policy:amend", args=[FIGURE])
    typed = {"value": "abc", "since": "2026-04-01", "reason": "snow"}
    refused = browser.post(address, typed)
    assert refused.status_code == 422
    assert 'value="abc"' in refused.content.decode()
    browser.post(address, typed | {"value": "20"})
    made = Amendment.objects.get()
    assert (made.figure, made.value, made.reason) == (FIGURE, "20", "snow")
    assert made.request


@pytest.mark.parametrize(("role", "status"), [("TSR", 403), ("TSRL", 403), ("TSRS", 200), ("DIR", 200)])
def test_supervisors_and_above_propose(signed_in, role, status):
    assert signed_in(role).get(reverse("policy:amend", args=[FIGURE])).status_code == status


def test_a_rule_can_be_tried_and_says_why(signed_in, django_assert_max_num_queries):
    browser = signed_in("TSR")
    typed = {
        "try": "1",
        "f_rostered_start": "2026-11-22T08:00",
        "f_signed_in_at": "2026-11-22T08:20:00",
        "f_excused": "false",
    }
    with django_assert_max_num_queries(QUERIES):
        page = text(browser.get(reverse("policy:rule", args=[RULE]), typed))
    assert "旷工半日" in page.partition('id="finding"')[2][:300]
    typed["f_signed_in_at"] = "tomorrow"
    page = text(browser.get(reverse("policy:rule", args=[RULE]), typed))
    assert 'aria-invalid="true"' in page
    typed["f_signed_in_at"] = ""
    page = text(browser.get(reverse("policy:rule", args=[RULE]), typed))
    assert "无法判定" in page.partition('id="finding"')[2][:300]
    assert "2026-13" not in text(browser.get(reverse("policy:rule", args=[RULE]), typed | {"on": "2026-13-01"}))[:200]


def test_a_rule_can_be_tried_by_another_pack(signed_in):
    typed = {"try": "1", "pack": "chengdu", "f_rostered_start": "2026-11-22T08:00", "f_excused": "false"}
    typed["f_signed_in_at"] = "2026-11-22T08:20"
    page = text(signed_in("TSR").get(reverse("policy:rule", args=[RULE]), typed))
    assert "ATT-025" in page


def test_the_open_questions_stand_with_what_rests_on_them(signed_in):
    page = text(signed_in("TSR").get(reverse("policy:questions")))
    assert all(f'id="{key}"' in page for key in gap_book())


def test_two_packs_stand_side_by_side_where_they_differ(signed_in):
    browser = signed_in("OM")
    page = text(browser.get(reverse("policy:compare"), {"a": "tv_shopping", "b": "chengdu", "section": "figures"}))
    assert FIGURE in page
    assert browser.get(reverse("policy:compare"), {"a": "nothing"}).status_code == 404


def test_only_the_director_switches_and_it_stays_in_sight(signed_in):
    typed = {"kind": "warning", "key": "fine", "off": "1", "reason": "lawyer"}
    assert signed_in("OM").post(reverse("policy:switch"), typed).status_code == 403
    assert signed_in("DIR").post(reverse("policy:switch"), typed).status_code == 302
    assert Suspension.objects.get().by_name
    assert "lawyer" in text(signed_in("TSR").get(reverse("policy:law")))


def test_a_switch_without_a_reason_changes_nothing(signed_in):
    signed_in("DIR").post(reverse("policy:switch"), {"kind": "rule", "key": RULE, "off": "1", "reason": ""})
    assert not Suspension.objects.exists()


def test_an_amendment_shows_what_changes_and_asks_for_a_replay(signed_in, proposed, judged_again):
    browser = signed_in("OM")
    page = text(browser.get(reverse("policy:amendment", args=[proposed.pk])))
    assert "<strong>20</strong>" in page
    answer = browser.post(reverse("policy:ask_replay", args=[proposed.pk]), {"month": "2026-03-01"})
    assert answer.status_code == 302
    assert 'data-island="progress"' in text(browser.get(answer["Location"]))
    wrong = browser.post(reverse("policy:ask_replay", args=[proposed.pk]), {"month": "2026-01-01"})
    assert wrong["Location"] == reverse("policy:amendment", args=[proposed.pk])


def test_a_replay_gives_totals_and_only_the_people_within_reach(signed_in, replayed, django_assert_max_num_queries):
    signed_in("HR")
    browser = signed_in("DIR")
    with django_assert_max_num_queries(QUERIES):
        page = text(browser.get(reverse("policy:replay", args=[replayed.pk])))
    assert "name of hr" in page
    assert "71.00" in page
    seen = text(signed_in("TSRS").get(reverse("policy:replay", args=[replayed.pk])))
    assert "name of hr" not in seen
    assert "71.00" in seen


def test_a_person_s_day_stands_before_and_after_side_by_side(signed_in, replayed):
    row = replayed.changes.get(staff_code="hr")
    address = reverse("policy:replay_change", args=[replayed.pk, row.pk])
    page = text(signed_in("DIR").get(address))
    assert page.count("zx-why-body") == 2
    assert "旷工半日" in page
    assert signed_in("TSRS").get(address).status_code == 404


def test_agents_have_no_business_with_replays(signed_in, replayed):
    assert signed_in("TSR").get(reverse("policy:replay", args=[replayed.pk])).status_code == 403


def test_a_clause_gathers_figures_rules_decisions_and_what_happened(signed_in, monkeypatch):
    counts = {"x": ("Late arrivals", lambda clause, first, last: happenings.Happened(7, 3, "/there/"))}
    monkeypatch.setattr(happenings, "_counts", counts)
    page = text(signed_in("OM").get(reverse("policy:clause", args=["ATT-002"]), headers={"accept-language": "en"}))
    assert reverse("policy:figure", args=[FIGURE]) in page
    assert reverse("policy:rule", args=[RULE]) in page
    assert "C-01" in page
    assert '<a href="/there/">7</a>' in page


@pytest.mark.once
def test_every_rule_and_every_outcome_has_a_name():
    unnamed = [name for name in rules() if name not in rule_titles()]
    unnamed += [code for one in rules().values() for code in one.outcomes if code not in outcome_titles()]
    assert not unnamed, f"handbooks/rule_words.yaml does not name {unnamed}"


@pytest.mark.once
def test_every_fact_that_a_rule_asks_for_every_choice_and_every_section_has_a_name():
    with translation.override("zh-hans"):
        unnamed = {name for one in rules().values() for name in one.fields if fact_word("facts", name) == name}
        words = {word for one in rules().values() for fact in fact_fields(one, QueryDict()) for word, _ in fact.choices}
        unnamed |= {word for word in words - {"", "true", "false"} if said_value(word) == word}
        unnamed |= {name for name in sections() if name != "why" and fact_word("sections", name) == name}
    assert not unnamed, f"handbooks/fact_words.yaml does not name {sorted(unnamed)}"


@pytest.mark.once
@pytest.mark.parametrize(
    ("value", "said"),
    [
        (True, "是"),
        (False, "否"),
        (None, "—"),
        ("sick", "病假"),
        (["late", "3"], "迟到、3"),
        ("no_such", "no_such"),
        (4, 4),
    ],
)
def test_a_detail_is_said_in_words_where_there_are_any(value, said):
    with translation.override("zh-hans"):
        assert said_value(value) == said


@pytest.mark.once
def test_places_are_read_as_rules_pages_and_sentences():
    with translation.override("zh-hans"):
        found = readable(
            [
                "zuoxi.attendance.rules.judge_arrival",
                "zuoxi.policy.views.clauses.clauses",
                "src/zuoxi/tickets/tests/test_x.py::test_one_minute_late_is_late",
            ]
        )
        said = {one.code.rpartition(".")[2].rpartition("::")[2]: (one.area, str(one.title), one.url) for one in found}
    assert said["judge_arrival"] == ("考勤", "上班打卡", reverse("policy:rule", args=["attendance.arrival"]))
    assert said["test_one_minute_late_is_late"] == ("工单", "One minute late is late", "")
    assert said["clauses"][2] == reverse("policy:clauses")


def test_a_clause_says_in_words_what_carries_it_and_folds_the_names_of_the_source(signed_in):
    page = text(signed_in("OM").get(reverse("policy:clause", args=["ATT-002"])))
    shown = re.sub(r"<details.*?</details>", "", page, flags=re.DOTALL)
    assert "考勤表 · /attendance/sheets/" in shown
    assert reverse("policy:rule", args=["attendance.arrival"]) in shown
    assert '<span lang="en">' in page
    assert '<span lang="en">' not in shown
    assert "源代码中的名称（英文）" in page


def test_rules_outcomes_and_packs_are_called_by_name(signed_in):
    browser = signed_in("OM")
    page = text(browser.get(reverse("policy:rules")))
    assert "上班打卡" in page
    assert "旷工半日" in page
    assert "absent_half_day" not in page
    page = text(browser.get(reverse("policy:compare")))
    assert '<th scope="col">TV购物</th>' in page
