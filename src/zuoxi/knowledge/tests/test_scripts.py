# SPDX-License-Identifier: Apache-2.0
"""What is said, printed and told."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import override_settings

from zuoxi.approvals import services as approvals
from zuoxi.approvals.models import Request
from zuoxi.knowledge import selectors, services
from zuoxi.knowledge.models import Print, SaidLines
from zuoxi.knowledge.saying import consents
from zuoxi.knowledge.scripts import Speaker, opening, salutation, scripts, spoken
from zuoxi.knowledge.tests.making import MONDAY, NOW, person, published
from zuoxi.policy import site
from zuoxi.policy.selectors import site_handbook

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
FEAST = date(2026, 10, 1)


@pytest.mark.clause("KB-004")
@pytest.mark.parametrize(
    ("surname", "gender", "said"),
    [("王", "man", "王先生"), ("李", "woman", "李女士"), ("张", "unknown", "您"), ("", "man", "您"), ("", "", "您")],
)
def test_a_customer_whose_gender_is_not_known_is_spoken_to_neutrally(surname, gender, said):
    assert salutation(Speaker(surname=surname, gender=gender), site_handbook()) == said


@pytest.mark.clause("KB-004")
def test_the_confirming_sentence_is_mandatory_and_names_the_customer():
    lines = spoken("sale", MONDAY, Speaker(agent="1001", surname="王", gender="man", centre="某中心")).lines
    asked = [line for line in lines if "王先生" in line.say and line.mandatory]
    assert asked and lines[0].say.startswith("您好，某中心，工号 1001")


def test_an_unknown_name_stays_a_gap_to_be_filled():
    assert "____" in spoken("sale", MONDAY, Speaker()).lines[0].say


@pytest.mark.clause("FUP-003", "KB-006")
def test_a_festival_opening_needs_its_notice_and_ends_with_it():
    assert opening(FEAST).festival == ""
    published(
        "国庆开头语",
        "notice",
        since=FEAST - DAY,
        until=FEAST + 2 * DAY,
        today=FEAST,
        fields={"opening": "national_day"},
    )
    assert opening(FEAST - DAY).festival == "national_day"
    assert opening(FEAST + 2 * DAY).festival == "national_day"
    assert opening(FEAST - 2 * DAY).festival == "" and opening(FEAST + 3 * DAY).festival == ""
    assert "国庆" in selectors.opening_line("sale", FEAST, Speaker(agent="1001", centre="某中心"))


def test_a_notice_that_names_no_festival_of_the_pack_changes_nothing():
    published("通知", "notice", since=FEAST, today=FEAST, fields={"opening": "harvest"})
    assert opening(FEAST).festival == ""


@pytest.mark.clause("KB-007")
def test_the_tax_line_has_fourteen_scenes_with_number_day_and_topic(settings):
    with override_settings(PACK="tax_hotline"):
        site.forget()
        said = spoken("tax_call", MONDAY, Speaker(agent="2001", topic="发票领用", centre="税务软件热线"))
    text = "".join(line.say for line in said.lines)
    assert len(said.lines) == 14 and "2001" in text and "发票领用" in text and "11月2日" in text


@pytest.mark.clause("KB-006")
def test_the_heating_line_reads_four_things_back():
    with override_settings(PACK="heating"):
        site.forget()
        lines = spoken("heating_repair", MONDAY, Speaker()).lines
        assert set(scripts()) == {"heating_repair", "repair_survey"}
    assert sum("核对" in line.say and line.mandatory for line in lines) == 4


@pytest.mark.clause("CALL-020")
@pytest.mark.parametrize("key", ["sale", "after_sale"])
def test_a_caller_who_says_nothing_is_greeted_again_and_then_told_that_one_will_call(key):
    lines = spoken(key, MONDAY, Speaker(centre="某中心")).lines
    silent = [line for line in lines if "不出声" in line.when]
    assert [line.when for line in silent] == ["客户不出声", "客户仍不出声"] and lines.index(silent[0]) == 1
    assert silent[0].say.startswith("您好，这里是某中心") and "稍后再给您拨过去" in silent[1].say
    assert not any(line.mandatory for line in silent)


def test_the_sites_own_words_take_the_place_of_the_packs():
    published(
        "本站订购话术", "script", fields={"script": "sale", "steps": ["* 您好，{centre}", "[犹豫] 您慢慢看", "再见"]}
    )
    said = spoken("sale", MONDAY, Speaker(centre="某中心"))
    assert said.own and [(one.say, one.when, one.mandatory) for one in said.lines] == [
        ("您好，某中心", "", True),
        ("您慢慢看", "犹豫", False),
        ("再见", "", False),
    ]


def test_ticked_lines_are_kept_and_strange_ones_dropped():
    agent = person("a1")
    script = spoken("sale", MONDAY, Speaker())
    must = [line.key for line in script.lines if line.mandatory]
    services.tick("c-1", script, [must[0], "strange"], by=agent, now=NOW)
    services.tick("c-1", script, must, by=agent, now=NOW)
    row = SaidLines.objects.get()
    assert (row.said, row.mandatory) == (len(must), len(must))
    assert selectors.lines_said("c-1") == [("sale", len(must), len(must))]


@pytest.mark.clause("KB-008", "SEC-011")
def test_a_script_is_printed_once_for_each_consent():
    agent, _boss = person("a1"), person("s1", "TSRS")
    with pytest.raises(services.Refused):
        services.print_script("sale", "电视购物订购", by=agent, now=NOW)
    request = approvals.submit(
        "script_print", agent, {"file": "电视购物订购", "copies": "2", "reason": "班前会"}, by=agent.user, now=NOW
    )
    assert consents(agent, "电视购物订购") == []
    Request.objects.filter(pk=request.pk).update(state="approved")
    with pytest.raises(services.Refused):
        services.print_script("verify", "人工核单", by=agent, now=NOW)
    made = services.print_script("sale", "电视购物订购", by=agent, now=NOW)
    assert made.copies == 2 and made.request == request.number
    with pytest.raises(services.Refused):
        services.print_script("sale", "电视购物订购", by=agent, now=NOW)
    assert Print.objects.count() == 1


@pytest.mark.clause("KB-013")
def test_a_day_off_told_on_the_day_itself_is_marked_late():
    agent = person("a1")
    expert = published("心内科 甲医生", "expert", fields={"department": "心内科"})
    told = services.tell_day_off(expert, MONDAY + DAY, MONDAY + 2 * DAY, note="", by=agent, now=NOW, today=MONDAY)
    assert not told.late
    assert selectors.receiving(expert.pk, MONDAY) and not selectors.receiving(expert.pk, MONDAY + DAY)
    with pytest.raises(services.Overtaken):
        services.tell_day_off(expert, MONDAY + 2 * DAY, MONDAY + 3 * DAY, note="", by=agent, now=NOW, today=MONDAY)
    late = services.tell_day_off(expert, MONDAY, MONDAY, note="", by=agent, now=NOW, today=MONDAY)
    assert late.late and set(selectors.experts_off(MONDAY)) == {expert.pk}
    with pytest.raises(services.Refused):
        services.tell_day_off(published("普通问答"), MONDAY, MONDAY, note="", by=agent, now=NOW, today=MONDAY)


@pytest.mark.clause("KB-012")
def test_experts_and_departments_keep_every_version_of_their_words():
    expert = published("骨科 乙医生", "expert", fields={"department": "骨科", "good_at": ["关节"]})
    assert expert.versions.count() == 1 and selectors.looked_up("骨科")[0][0].article_id == expert.pk


@pytest.mark.clause("KB-010", "KB-012")
@pytest.mark.parametrize(
    ("pack", "topic", "key", "words"),
    [
        ("hospital", "consultation", "guidance", "急诊"),
        ("hospital", "checkup", "checkup_call", "不等于确诊"),
        ("gov_window", "acceptance", "window_enquiry", "一次给您说全"),
        ("gov_window", "result", "window_result", "复核"),
    ],
)
def test_a_hospital_and_a_window_speak_by_scripts_of_their_own(settings, pack, topic, key, words):
    settings.PACK = pack
    site.forget()
    assert "sale" not in scripts()
    assert selectors.script_for(topic) == key
    said = spoken(key, MONDAY, Speaker(agent="1001", centre="某中心"))
    assert any(words in line.say for line in said.lines) and any(line.mandatory for line in said.lines)
