# SPDX-License-Identifier: Apache-2.0
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zuoxi.knowledge.facts import BriefingFacts, OpeningFacts, SpokenFacts, VersionFacts
from zuoxi.knowledge.handbook import KINDS
from zuoxi.knowledge.rules import judge_briefing, judge_opening, judge_taboo, judge_version
from zuoxi.policy.handbook import handbook_of
from zuoxi.policy.rulebook import Impossible

pytestmark = pytest.mark.once
DAY = date(2026, 10, 1)
ONE = timedelta(days=1)


def reading(pack="tv_shopping"):
    return handbook_of(pack).on(DAY)


def outcome(facts):
    return judge_version(facts, reading()).outcome


@pytest.mark.parametrize(("pack", "words"), [("tv_shopping", "专家与顾问"), ("hospital", "科室与专家")])
def test_only_a_hospital_calls_its_experts_by_departments(pack, words):
    assert reading(pack).entry(KINDS, "expert").label.zh == words


@pytest.mark.clause("KB-014", "KB-002")
def test_a_version_holds_from_its_first_day_to_its_last():
    facts = VersionFacts(DAY, True, DAY, DAY)
    assert outcome(facts) == "in_force"
    assert outcome(replace(facts, on=DAY - ONE)) == "not_yet"
    assert outcome(replace(facts, on=DAY + ONE)) == "expired"


@pytest.mark.clause("KB-014")
def test_without_a_first_day_nothing_takes_effect():
    assert outcome(VersionFacts(DAY, True, None)) == "no_day"


@pytest.mark.clause("KB-003")
def test_what_is_not_published_is_not_used():
    assert outcome(VersionFacts(DAY, False, DAY)) == "unpublished"


@pytest.mark.clause("KB-002")
def test_the_day_on_which_a_newer_version_begins_ends_the_old_one():
    facts = VersionFacts(DAY, True, DAY - ONE, None, DAY)
    assert outcome(facts) == "expired"
    assert outcome(replace(facts, superseded_on=DAY + ONE)) == "in_force"


def test_a_last_day_before_the_first_is_impossible():
    with pytest.raises(Impossible):
        VersionFacts(DAY, True, DAY, DAY - ONE)


def said(pack="tv_shopping", **facts):
    given_ = {"on": DAY, "festival": "national_day", "notice_from": DAY, "notice_until": DAY} | facts
    return judge_opening(OpeningFacts(**given_), reading(pack))


@pytest.mark.clause("FUP-003", "KB-006")
@pytest.mark.parametrize("pack", ["tv_shopping", "heating", "tax_hotline"])
def test_a_festival_is_greeted_only_within_the_days_of_a_published_notice(pack):
    assert said(pack).outcome == "festival"
    assert said(pack, notice_from=None, notice_until=None).outcome == "usual"
    assert said(pack, notice_from=DAY + ONE, notice_until=DAY + ONE).outcome == "usual"
    assert said(pack, notice_from=DAY - ONE, notice_until=DAY - ONE).outcome == "usual"
    assert said(pack, notice_until=None).outcome == "festival"


def test_a_festival_that_the_pack_does_not_know_is_impossible():
    with pytest.raises(Impossible):
        said(festival="harvest")


@pytest.mark.clause("FUP-003")
def test_four_festivals_have_an_opening_of_their_own():
    from zuoxi.knowledge.handbook import OPENINGS

    assert set(handbook_of("heating").entries(OPENINGS)) - {"usual"} == {
        "new_year",
        "labour_day",
        "mid_autumn",
        "national_day",
    }


def hits(text, speaker="conversation"):
    return [one["key"] for one in judge_taboo(SpokenFacts(text, speaker), reading()).details["hits"]]


@pytest.mark.clause("KB-005")
@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("这个不归我管", "not_mine"),
        ("你自己去找一下吧", "find_yourself"),
        ("我不知道", "do_not_know"),
        ("刚才不是跟你说过了吗", "told_already"),
        ("那你去投诉好了", "go_complain"),
        ("谁让你自己弄坏的", "lecture"),
        ("你凭什么这么说", "cross_examine"),
        ("难道是我的错吗", "retort"),
        ("连这个都不会", "mock"),
    ],
)
def test_an_agents_words_that_are_not_said_are_found(text, key):
    assert key in hits(f"坐席：{text}")
    assert key in hits(text, "agent")


@pytest.mark.clause("KB-005")
def test_what_the_customer_says_or_the_agent_only_quotes_is_no_hit():
    assert hits("客户：你们说不归我管，我不知道找谁\n坐席：您别急，我来帮您查") == []
    assert hits("坐席：您刚才说对方讲“我不知道”，我记下了") == []
    assert hits("我不知道", "customer") == []
    assert hits("客户：你去投诉吧\n坐席：我不知道") == ["do_not_know"]


def test_between_the_parts_of_a_mark_only_few_characters_may_stand():
    assert hits("你自己过去那边找", "agent") == ["find_yourself"]
    assert hits("您自己保管好收据，如果以后需要我们再找", "agent") == []


def test_polite_words_are_clean_and_the_finding_says_so():
    found = judge_taboo(SpokenFacts("坐席：您好，我帮您查一下"), reading())
    assert found.outcome == "clean" and found.clauses == ("KB-005",)


@given(st.text())
def test_whatever_a_customer_says_is_never_a_hit(text):
    assert judge_taboo(SpokenFacts(text, "customer"), reading()).outcome == "clean"


@given(st.text(alphabet="我不知道自己找吧，。“”\n：客户坐席Ａ", max_size=60))
def test_each_hit_stands_where_it_is_said_to_stand(text):
    for one in judge_taboo(SpokenFacts(text, "agent"), reading()).details["hits"]:
        assert text[one["start"] : one["start"] + len(one["words"])] == one["words"]


@pytest.mark.clause("KB-013")
def test_a_campaign_is_ready_when_the_last_reader_has_confirmed():
    def judged(asked, read):
        return judge_briefing(BriefingFacts(asked, read), reading()).outcome

    assert judged(12, 11) == "not_ready"
    assert judged(12, 12) == "ready"
    assert judged(0, 0) == "not_ready"
    with pytest.raises(Impossible):
        BriefingFacts(1, 2)
