# SPDX-License-Identifier: Apache-2.0
"""From the draft to what holds today."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from zuoxi.approvals.models import Notice
from zuoxi.knowledge import selectors, services
from zuoxi.knowledge.models import Article, Receipt, Version, Wish
from zuoxi.knowledge.tests.making import MONDAY, NOW, pair, person, published, text

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def titles(words, **how):
    return [one.title for one in selectors.looked_up(words, **how)[0]]


@pytest.mark.clause("KB-001")
def test_a_question_goes_from_quality_over_its_supervisor_to_the_desk():
    author, decider = pair("faq")
    draft = services.save_draft(None, text("怎么退货", "先验货再退款"), kind="faq", by=author, now=NOW)
    assert titles("退货") == []
    services.hand_in(draft, by=author, now=NOW)
    assert Notice.objects.filter(staff=decider).count() == 1
    services.publish(draft, by=decider, now=NOW, today=MONDAY)
    assert titles("退货") == ["怎么退货"]
    article = Article.objects.get()
    assert article.current.state == "published" and article.code == f"K{article.pk:05d}"


@pytest.mark.clause("KB-001", "KB-003")
def test_who_wrote_a_version_does_not_decide_on_it_even_past_the_service():
    _author, decider = pair("faq")
    draft = services.save_draft(None, text("积分"), kind="faq", by=decider, now=NOW)
    services.hand_in(draft, by=decider, now=NOW)
    with pytest.raises(services.Refused):
        services.publish(draft, by=decider, now=NOW, today=MONDAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Version.objects.filter(pk=draft.pk).update(state="published", decided_by=decider)


def test_a_post_that_does_not_decide_the_kind_is_refused():
    author, _decider = pair("faq")
    draft = services.save_draft(None, text("积分"), kind="faq", by=author, now=NOW)
    services.hand_in(draft, by=author, now=NOW)
    with pytest.raises(services.Refused):
        services.publish(draft, by=person("t1", "TRS"), now=NOW, today=MONDAY)


@pytest.mark.clause("KB-014")
def test_without_a_first_day_a_version_is_not_taken_nor_kept_as_published():
    author, decider = pair("faq")
    draft = services.save_draft(None, text("积分", since=None), kind="faq", by=author, now=NOW)
    with pytest.raises(services.Refused, match="KB-014"):
        services.hand_in(draft, by=author, now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Version.objects.filter(pk=draft.pk).update(state="published", decided_by=decider)


@pytest.mark.clause("KB-002", "KB-010")
def test_a_new_version_takes_over_on_its_first_day_and_the_old_one_lapses():
    article = published("保温壶", "product", fields={"price": "99 元"})
    author, decider = pair("product")
    newer = services.save_draft(
        article,
        text("保温壶", "新价", since=MONDAY + DAY, fields={"price": "88 元"}),
        kind="product",
        by=author,
        now=NOW,
    )
    services.hand_in(newer, by=author, now=NOW)
    services.publish(newer, by=decider, now=NOW, today=MONDAY)
    article.refresh_from_db()
    assert article.current.number == 1
    assert services.turn(MONDAY + DAY) == 1
    article.refresh_from_db()
    assert article.current.number == 2
    assert article.versions.get(number=1).state == "expired"
    assert services.turn(MONDAY + DAY) == 0


@pytest.mark.clause("KB-002")
def test_after_its_last_day_an_article_is_no_longer_found():
    published("周年庆活动", until=MONDAY)
    assert titles("周年庆") == ["周年庆活动"]
    services.turn(MONDAY + DAY)
    assert titles("周年庆") == []


@pytest.mark.clause("KB-003")
def test_an_announced_product_is_named_as_not_complete_until_it_is_published():
    author, decider = pair("product")
    draft = services.save_draft(None, text("云感枕", "秘密"), kind="product", by=author, now=NOW)
    (piece,) = selectors.looked_up("云感枕")[0]
    assert piece.waiting and piece.snippet == ""
    services.hand_in(draft, by=author, now=NOW)
    services.publish(draft, by=decider, now=NOW, today=MONDAY)
    assert not selectors.looked_up("云感枕")[0][0].waiting


def test_two_who_save_the_same_draft_the_second_is_told():
    author, decider = pair("faq")
    draft = services.save_draft(None, text("甲"), kind="faq", by=author, now=NOW)
    article = draft.article
    services.save_draft(article, text("乙"), kind="faq", by=decider, now=NOW, revision=1)
    with pytest.raises(services.Overtaken):
        services.save_draft(article, text("丙"), kind="faq", by=author, now=NOW, revision=1)
    assert article.versions.get().title == "乙"


def test_two_who_decide_the_second_is_told():
    author, decider = pair("faq")
    draft = services.save_draft(None, text("甲"), kind="faq", by=author, now=NOW)
    services.hand_in(draft, by=author, now=NOW)
    services.send_back(draft, by=decider, now=NOW, today=MONDAY, remark="写明时限")
    with pytest.raises(services.Overtaken):
        services.publish(draft, by=decider, now=NOW, today=MONDAY)
    assert Notice.objects.filter(staff=author).exists()


def test_what_a_kind_must_say_is_asked_for():
    author, _decider = pair("matter")
    with pytest.raises(services.Refused, match="申报材料"):
        services.save_draft(None, text("居住证"), kind="matter", by=author, now=NOW)


@pytest.mark.clause("CUS-006", "KB-010")
def test_a_matter_tells_all_its_materials_as_they_were_on_the_day():
    article = published(
        "居住证", "matter", fields={"materials": ["身份证", "租房合同", "照片两张"], "time_limit": "15 个工作日"}
    )
    found = selectors.matter(article.code, MONDAY)
    assert found.materials == ("身份证", "租房合同", "照片两张")
    assert selectors.matter(article.code, MONDAY - DAY) is None
    author, decider = pair("matter")
    newer = services.save_draft(
        article,
        text("居住证", since=MONDAY + 9 * DAY, fields={"materials": ["身份证"]}),
        kind="matter",
        by=author,
        now=NOW,
    )
    services.hand_in(newer, by=author, now=NOW)
    services.publish(newer, by=decider, now=NOW, today=MONDAY)
    assert len(selectors.matter(article.code, MONDAY + 8 * DAY).materials) == 3
    assert selectors.matter(article.code, MONDAY + 9 * DAY).materials == ("身份证",)


@pytest.mark.clause("KB-013")
def test_a_campaign_waits_until_everybody_has_read_its_briefing():
    first, second = person("a1"), person("a2")
    article = published("新技术宣教", "notice", must_read=True, audience=["AGENT"])
    assert selectors.briefing(article, MONDAY).details == {"missing": 2}
    assert services.remind(MONDAY, NOW) == 2 and services.remind(MONDAY, NOW) == 0
    assert services.confirm(article, article.current_id, by=first, now=NOW)
    assert not services.confirm(article, article.current_id, by=first, now=NOW)
    assert selectors.briefing(article, MONDAY).outcome == "not_ready"
    services.confirm(article, article.current_id, by=second, now=NOW)
    assert selectors.briefing(article, MONDAY).outcome == "ready"
    assert services.remind(MONDAY + 9 * DAY, NOW) == 0


def test_an_overdue_reading_is_reminded_once_more():
    person("a1")
    published("新规", "notice", must_read=True, audience=["AGENT"])
    assert services.remind(MONDAY + 3 * DAY, NOW) == 1
    assert services.remind(MONDAY + 4 * DAY, NOW) == 1
    assert services.remind(MONDAY + 5 * DAY, NOW) == 0


def test_a_newer_version_has_to_be_read_anew():
    reader = person("a1")
    article = published("新规", "notice", must_read=True, audience=["AGENT"])
    services.confirm(article, article.current_id, by=reader, now=NOW)
    assert selectors.to_read(reader, ["TSR"]) == []
    author, decider = pair("notice")
    newer = services.save_draft(
        article, text("新规二", must_read=True, audience=["AGENT"]), kind="notice", by=author, now=NOW
    )
    services.hand_in(newer, by=author, now=NOW)
    services.publish(newer, by=decider, now=NOW, today=MONDAY)
    assert [one.title for one in selectors.to_read(reader, ["TSR"])] == ["新规二"]
    with pytest.raises(services.Overtaken):
        services.confirm(article, article.current_id, by=reader, now=NOW)
    assert Receipt.objects.count() == 1


def test_the_same_wish_is_counted_and_settled_once():
    agent, other = person("a1"), person("a2")
    keeper = person("q1", "QAS")
    services.wish("missing", "以旧换新 怎么算", by=agent, now=NOW)
    again = services.wish("missing", "以旧换新  怎么算", by=other, now=NOW)
    assert again.times == 2 and Wish.objects.count() == 1
    assert Notice.objects.filter(staff=keeper).count() == 1
    services.settle(again, "已写条目", by=keeper, now=NOW)
    with pytest.raises(services.Overtaken):
        services.settle(again, "又一次", by=keeper, now=NOW)
    assert services.wish("missing", "以旧换新 怎么算", by=other, now=NOW).pk != again.pk
    with pytest.raises(services.Refused):
        services.wish("missing", "  ", by=agent, now=NOW)


def test_votes_count_once_a_person_and_may_change():
    agent, article = person("a1"), published("怎么退货")
    services.vote(article, True, by=agent, now=NOW)
    services.vote(article, True, by=agent, now=NOW)
    services.vote(article, False, by=agent, now=NOW)
    article.refresh_from_db()
    assert (article.useful, article.useless) == (0, 1)


def test_typing_on_is_one_search_and_another_one_is_another():
    agent = person("a1")
    for words, hits in (("退货", 3), ("退货流程", 1)):
        services.note_search(words, hits, by=agent, now=NOW)
    services.note_search("发票", 0, by=agent, now=NOW)
    from zuoxi.knowledge.models import Search

    assert list(Search.objects.order_by("pk").values_list("words", "hits")) == [("退货流程", 1), ("发票", 0)]


@pytest.mark.clause("KB-009")
def test_what_belongs_to_the_call_comes_first():
    published("发票怎么开", topics=["billing"])
    published("发票丢了怎么办", topics=["service"])
    assert titles("发票", topics=["billing"])[0] == "发票怎么开"
    assert [one.title for one in selectors.articles_for("billing")] == ["发票怎么开"]


def test_a_retired_article_is_not_found_and_stays_readable():
    article = published("旧办法")
    _author, decider = pair("faq")
    services.retire(article, by=decider, now=NOW, why="并入新办法")
    assert titles("旧办法") == []
    with pytest.raises(services.Overtaken):
        services.retire(article, by=decider, now=NOW, why="并入新办法")
