# SPDX-License-Identifier: Apache-2.0
"""Pages as each role opens them: what is shown, what is refused, how many questions the database is asked."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from zuoxi.knowledge import services
from zuoxi.knowledge.models import Article, Receipt, SaidLines, Search, Version, Wish
from zuoxi.knowledge.tests.making import MONDAY, NOW, pair, person, published, text

pytestmark = pytest.mark.django_db
QUERIES = 12
FRAME = 6  # session, sign-in, posts, language and the like
PAGES = ("home", "reading", "scripts", "taboo", "days_off", "review", "due", "asked", "figures", "new", "find", "desk")


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


def as_(staff):
    client = Client()
    client.force_login(staff.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def url(name, *args):
    return reverse(f"knowledge:{name}", args=args)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_every_page_opens_empty_in_both_languages(name, language):
    client = as_(person("s1", "QAS"))
    answer = client.get(url(name), headers={"accept-language": language})
    assert answer.status_code == 200


def fill():
    for number in range(30):
        published(
            f"供暖缴费办法{number}", category=f"类{number % 5}", topics=["service"], review_on="2026-11-03",
            must_read=number < 3, audience=["AGENT"],
        )  # fmt: skip
    published("心内科 甲医生", "expert", fields={"department": "心内科"})
    published("居住证", "matter", fields={"materials": ["身份证"], "handled_by": "受理岗"}, public=True)
    author, _decider = pair("faq")
    for number in range(12):
        draft = services.save_draft(None, text(f"草稿{number}"), kind="faq", by=author, now=NOW)
        if number % 2:
            services.hand_in(draft, by=author, now=NOW)
        services.wish("missing", f"缺{number}", by=author, now=NOW)


@pytest.mark.parametrize("name", [*PAGES, "home?q", "article", "receipts", "script", "guide"])
def test_a_full_page_asks_the_database_no_more_than_twelve_times(name, django_assert_max_num_queries):
    fill()
    client = as_(person("om1", "OM"))
    article = Article.objects.filter(must_read=True).first()
    address = {
        "home?q": url("home") + "?q=缴费",
        "find": url("find") + "?q=缴费",
        "desk": url("desk") + "?topic=service&call=c1",
        "article": url("article", article.pk),
        "receipts": url("receipts", article.pk),
        "script": url("script", "sale"),
    }.get(name) or url(name)
    client.get(address)
    with django_assert_max_num_queries(QUERIES + FRAME):
        assert client.get(address).status_code == 200


@pytest.mark.clause("KB-009")
def test_what_was_asked_for_is_still_the_title_once_the_kind_is_chosen():
    writer = as_(pair("faq")[0])
    choice = writer.get(url("new"), {"title": "晾衣架 & 挂钩"}).content.decode()
    assert "?kind=faq&amp;title=%E6%99%BE%E8%A1%A3%E6%9E%B6%20%26%20%E6%8C%82%E9%92%A9" in choice
    assert (
        'value="晾衣架 &amp; 挂钩"'
        in writer.get(url("new"), {"kind": "faq", "title": "晾衣架 & 挂钩"}).content.decode()
    )


@pytest.mark.clause("KB-001")
def test_a_question_is_written_decided_and_found_on_the_pages():
    author, decider = pair("faq")
    writer, boss = as_(author), as_(decider)
    said = {
        "kind": "faq", "title": "运费谁付", "category": "退货",
        "body": "## 运费\n- 质量问题**由我们**付\n<script>x</script>",
        "topics": "service，return", "called": "邮费", "effective_from": "2026-11-02", "own_question": "邮费怎么算",
    }  # fmt: skip
    wrong = writer.post(url("new"), said | {"effective_until": "2026-11-01"})
    assert wrong.status_code == 422 and "运费谁付" in wrong.content.decode()
    kept = writer.post(url("new"), said | {"hand_in": "1"})
    assert kept.status_code == 302
    version = Version.objects.get()
    assert version.state == "review" and version.about["topics"] == ["service", "return"]
    assert writer.post(url("decide", version.pk), {"decision": "publish"}).status_code == 403
    assert "运费谁付" in boss.get(url("review")).content.decode()
    boss.post(url("decide", version.pk), {"decision": "publish"})
    agent = as_(person("a1"))
    page = agent.get(url("find"), {"q": "youfei"}).content.decode()
    assert "运费谁付" in page and "音近" in page
    shown = agent.get(url("article", version.article_id)).content.decode()
    assert "<strong>由我们</strong>" in shown and "<script>x" not in shown and "&lt;script&gt;x" in shown
    assert Search.objects.get().opened_id == version.article_id


def test_a_form_that_somebody_overtook_keeps_what_was_typed():
    author, decider = pair("faq")
    draft = services.save_draft(None, text("甲"), kind="faq", by=author, now=NOW)
    services.save_draft(draft.article, text("乙"), kind="faq", by=decider, now=NOW)
    said = {"title": "丙", "body": "我写的", "effective_from": "2026-11-02", "revision": "1", "keep": "1"}
    answer = as_(author).post(url("edit", draft.article_id), said)
    assert answer.status_code == 409 and "我写的" in answer.content.decode()
    assert Version.objects.get().title == "乙"


def test_a_preview_keeps_nothing():
    author, _decider = pair("faq")
    answer = as_(author).post(url("new"), {"kind": "faq", "title": "甲", "body": "| 甲 | 乙 |", "preview": "1"})
    assert answer.status_code == 200 and "<td>甲</td>" in answer.content.decode() and not Article.objects.exists()


def test_drafts_are_hidden_from_who_does_not_write_that_kind():
    author, _decider = pair("faq")
    draft = services.save_draft(None, text("机密草稿"), kind="faq", by=author, now=NOW)
    agent = as_(person("a1"))
    assert agent.get(url("article", draft.article_id)).status_code == 404
    assert "机密草稿" not in agent.get(url("home")).content.decode()
    article = published("问答")
    services.save_draft(article, text("改写中的机密"), kind="faq", by=author, now=NOW)
    assert agent.get(url("article", article.pk) + "?version=2").status_code == 404
    assert "改写中的机密" not in agent.get(url("article", article.pk)).content.decode()
    trainer = as_(person("t1", "TR"))
    answer = trainer.get(url("edit", article.pk))
    assert (answer.status_code, answer["Location"]) == (302, url("article", article.pk))


@pytest.mark.clause("KB-003")
def test_an_announced_product_says_that_it_is_not_complete_and_nothing_else():
    author, _decider = pair("product")
    services.save_draft(None, text("云感枕", "未公开的价格"), kind="product", by=author, now=NOW)
    agent = as_(person("a1"))
    assert "资料待完善" in agent.get(url("find"), {"q": "云感枕"}).content.decode()
    page = agent.get(url("article", Article.objects.get().pk)).content.decode()
    assert "资料待完善" in page and "未公开的价格" not in page


@pytest.mark.clause("KB-013")
def test_a_required_reading_is_confirmed_on_its_page():
    reader = person("a1")
    article = published("新规", "notice", must_read=True, audience=["AGENT"])
    client = as_(reader)
    assert "新规" in client.get(url("reading")).content.decode()
    client.post(url("confirm", article.pk), {"version": article.current_id})
    assert Receipt.objects.get().staff == reader
    assert client.post(url("confirm", article.pk), {"version": "99999"}).status_code == 302
    assert Receipt.objects.count() == 1


def test_what_is_missing_is_asked_for_in_one_click_and_votes_are_taken():
    client, article = as_(person("a1")), published("问答")
    said = client.post(
        url("wish"), {"kind": "missing", "words": "以旧换新", "call": "c1"}, headers={"HX-Request": "true"}
    )
    assert "累计 1 次" in said.content.decode() and Wish.objects.get().call == "c1"
    client.post(url("vote", article.pk), {"useful": "1"}, headers={"HX-Request": "true"})
    article.refresh_from_db()
    assert article.useful == 1
    assert client.post(url("wish"), {"kind": "missing", "next": "https://example.invalid/"}).url == "/knowledge/"


@pytest.mark.clause("KB-004", "KB-006")
def test_beside_a_call_lines_are_ticked():
    client = as_(person("a1"))
    page = client.get(url("desk"), {"topic": "sale", "call": "c9", "surname": "王", "gender": "man"}).content.decode()
    assert "王先生" in page and page.count('type="checkbox"') == 10
    import re

    lines = re.findall(r'name="line" value="(\w+)"', page)
    client.post(url("tick"), {"call": "c9", "script": "sale", "line": lines})
    assert SaidLines.objects.get().said == 4
    assert "checked" in client.get(url("desk"), {"topic": "sale", "call": "c9"}).content.decode()
    assert client.post(url("tick"), {"call": "", "script": "sale"}).status_code == 404


@pytest.mark.clause("FUP-003", "KB-006")
def test_a_day_is_heard_beforehand():
    client = as_(person("a1"))
    published("国庆", "notice", since=MONDAY, until=MONDAY + timedelta(days=3), fields={"opening": "national_day"})
    assert "国庆节快乐" in client.get(url("scripts"), {"on": "2026-11-03"}).content.decode()
    assert "国庆节快乐" not in client.get(url("scripts"), {"on": "2026-11-09"}).content.decode()
    assert client.get(url("scripts"), {"on": "nonsense"}).status_code == 200


@pytest.mark.clause("KB-008", "SEC-011")
def test_without_consent_nothing_is_printed():
    client = as_(person("a1"))
    answer = client.post(url("print", "sale"), follow=True)
    assert "须领导同意" in answer.content.decode() and "zx-watermark" not in answer.content.decode()


@pytest.mark.clause("KB-005")
def test_a_conversation_is_tried_on_the_dictionary():
    page = as_(person("a1")).post(url("taboo"), {"text": "客户：我不知道\n坐席：我不知道<b>"}).content.decode()
    assert page.count("<mark>我不知道</mark>") == 1 and "&lt;b&gt;" in page


@pytest.mark.clause("KB-011")
def test_the_guide_is_open_to_everybody_and_names_posts_only():
    published("居住证", "matter", fields={"materials": ["身份证"], "handled_by": "受理岗", "fee": "免费"}, public=True)
    published("内部事项", "matter", fields={"materials": ["内部"]})
    page = Client().get(url("guide")).content.decode()
    assert "居住证" in page and "受理岗" in page and "内部事项" not in page and "人p-" not in page


@pytest.mark.clause("KB-013")
def test_days_off_stand_on_the_board():
    client = as_(person("a1"))
    expert = published("心内科 甲医生", "expert", fields={"department": "心内科"})
    client.post(
        url("tell_day_off"), {"expert": expert.pk, "first_on": "2026-11-03", "last_on": "2026-11-04", "note": "开会"}
    )
    page = client.get(url("days_off")).content.decode()
    assert "开会" in page
    assert "专家休息日" in page and "停诊" not in page
    again = client.post(
        url("tell_day_off"), {"expert": expert.pk, "first_on": "2026-11-04", "last_on": "2026-11-04"}, follow=True
    )
    assert "已经登记过" in again.content.decode()
    client.post(url("drop_day_off", expert.days_off.get().pk))
    assert not expert.days_off.exists()


def test_two_versions_are_compared_line_by_line():
    article = published("甲", body="第一行\n第二行")
    author, decider = pair("faq")
    newer = services.save_draft(article, text("甲", "第一行\n新的一行"), kind="faq", by=author, now=NOW)
    services.hand_in(newer, by=author, now=NOW)
    services.publish(newer, by=decider, now=NOW, today=MONDAY)
    page = as_(author).get(url("article", article.pk) + "?version=2&against=1").content.decode()
    assert "<del>− 第二行</del>" in page and "<ins>+ 新的一行</ins>" in page
