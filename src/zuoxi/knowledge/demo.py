# SPDX-License-Identifier: Apache-2.0
"""The demo's knowledge: some eighty articles of a shop that does not exist, in every state, read and asked for."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from zuoxi.knowledge.indexing import refresh_many
from zuoxi.knowledge.models import Article, DayOff, Receipt, Search, Version, Vote, Wish
from zuoxi.people.models import Staff
from zuoxi.people.selectors import holders_of, posts_on, staff_by_id
from zuoxi.search.selectors import folded

_DAY = timedelta(days=1)
SHOPS = ("base", "tv_shopping", "telesales", "chengdu", "seat_rules")


@cache
def texts() -> dict[str, Any]:
    """What the articles say in the site's trade: a shop's, or its own and what every service line is asked."""
    folder = Path(__file__).parent
    file = folder / ("demo_texts.yaml" if settings.PACK in SHOPS else "demo_texts_service.yaml")
    said: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    if settings.PACK in SHOPS:
        return said
    own = said["trades"].get(settings.PACK, {})
    return {key: [*own.get(key, []), *said["common"].get(key, [])] for key in said["common"]} | {
        "notices": own.get("notices", said["notices"]),
        "added": "\n\n**本月起**：答复后登记客户是否认可。",
        "change": "补充登记要求",
    }


@dataclass(frozen=True, slots=True)
class Cast:
    """Who writes and who decides each kind."""

    writers: dict[str, Staff]
    deciders: dict[str, Staff]
    agents: list[Staff]


def furnish(today: date) -> None:
    """Nothing when there are articles already, or nobody to write them."""
    if Article.objects.exists():
        return
    cast = _cast(today)
    if cast is None:
        return
    with transaction.atomic():
        chance = random.Random(20)  # noqa: S311  (a demo, not a secret)
        articles = _articles(today, cast, chance)
        _special(today, cast, articles)
        _used(today, cast, chance, articles)
    refresh_many(Article.objects.select_related("current").order_by("pk"))


def _first(position: str, today: date) -> Staff | None:
    held = holders_of(position, today)
    return held[0] if held else None


def _cast(today: date) -> Cast | None:
    posts = {code: _first(code, today) for code in ("QA", "QAS", "TR", "TRS", "TSRS", "TSRL", "OM")}
    people = {code: staff for code, staff in posts.items() if staff is not None}
    if len(people) < len(posts):
        return None
    writers = {"faq": "QA", "product": "TR", "script": "TR", "matter": "TSRL", "expert": "TSRL", "notice": "TSRS"}
    deciders = {"faq": "QAS", "product": "TRS", "script": "TRS", "matter": "TSRS", "expert": "TSRS", "notice": "OM"}
    ids = [one.staff_id for one in posts_on(today, positions=("TSR", "CSR", "TSRL", "CSRL"))]
    return Cast(
        {kind: people[code] for kind, code in writers.items()},
        {kind: people[code] for kind, code in deciders.items()},
        sorted(staff_by_id(ids).values(), key=lambda one: one.code),
    )


def _moment(day: date, hour: int = 10, minute: int = 0) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


def _article(
    kind: str, title: str, cast: Cast, made: date, said: tuple[dict[str, Any], dict[str, Any], str]
) -> Version:
    """An article with its first version, published on the day it was made. `said`: about, own fields, text."""
    about, fields, body = said
    article = Article.objects.create(
        kind=kind, title=title, made_at=_moment(made), responsible=cast.writers[kind],
        category=about.get("category", ""), topics=about.get("topics", []), called=about.get("called", []),
        must_read=about.get("must_read", False), audience=about.get("audience", []), public=about.get("public", False),
        review_on=date.fromisoformat(about["review_on"]) if about.get("review_on") else None,
    )  # fmt: skip
    version = Version.objects.create(
        article=article, number=1, state=Version.State.PUBLISHED, title=title, body=body, fields=fields, about=about,
        effective_from=made, author=cast.writers[kind], written_at=_moment(made, 9), handed_in_at=_moment(made, 9, 30),
        decided_by=cast.deciders[kind], decided_at=_moment(made),
    )  # fmt: skip
    article.code, article.current = f"K{article.pk:05d}", version
    article.save()
    return version


def _articles(today: date, cast: Cast, chance: random.Random) -> list[Article]:
    made = []
    for place, one in enumerate(texts()["faq"]):
        category, title = one["category"], one["title"]
        day = today - _DAY * (20 + place * 4)
        review = (day + _DAY * 180 if place % 9 else today - _DAY * (place % 5 + 1)).isoformat()
        topics = (
            ["sales", "vip"]
            if category in ("订购", "支付") or settings.PACK not in SHOPS
            else ["service", "aftersales"]
        )
        topics = [*one.get("topics", []), *topics]
        about = {"category": category, "topics": topics, "called": one["called"], "review_on": review}
        made.append(_article("faq", title, cast, day, (about, {"question": title}, one["body"])).article)
    for place, one in enumerate(texts()["products"]):
        day = today - _DAY * (12 + place * 6)
        about = {"category": "在售商品", "topics": ["sales", "product"], "review_on": (day + _DAY * 90).isoformat()}
        made.append(_article("product", one["title"], cast, day, (about, one["fields"], one["body"])).article)
    for place, one in enumerate(texts()["matters"]):
        day = today - _DAY * (60 + place * 10)
        about = {"category": "办事", "topics": ["service"], "public": True, "review_on": (day + _DAY * 180).isoformat()}
        made.append(_article("matter", one["title"], cast, day, (about, one["fields"], "")).article)
    for one in texts()["experts"]:
        about = {"category": one["fields"]["department"], "topics": ["product"]}
        made.append(_article("expert", one["title"], cast, today - _DAY * 40, (about, one["fields"], "")).article)
    return made


def _special(today: date, cast: Cast, articles: list[Article]) -> None:
    """A new version, drafts, an announced product, a festival's notice, required readings, days off."""
    first = articles[0]
    old = first.versions.get()
    Version.objects.filter(pk=old.pk).update(state=Version.State.EXPIRED)
    newer = Version.objects.create(
        article=first, number=2, state=Version.State.PUBLISHED, title=old.title, fields=old.fields, about=old.about,
        body=old.body + texts().get("added", "\n\n**本月起**：生鲜以外的商品都支持上门取件。"),
        change=texts().get("change", "补充上门取件"),
        effective_from=today - _DAY * 3,
        author=old.author, written_at=_moment(today - _DAY * 4), decided_by=old.decided_by,
        decided_at=_moment(today - _DAY * 3),
    )  # fmt: skip
    Article.objects.filter(pk=first.pk).update(current=newer)
    if settings.PACK in SHOPS:
        _open(cast, today, "faq", "节日期间发货会延后吗", (Version.State.REVIEW, "仓库节日值班安排确定后按通知答复。"))
        _open(cast, today, "faq", "赠品坏了能补吗", (Version.State.REVIEW, "赠品与主商品同样质保，登记补寄。"))
        _open(cast, today, "faq", "会员生日有什么优惠", (Version.State.DRAFT, "待运营确认。"))
        _open(cast, today, "product", "云朵记忆枕", (Version.State.DRAFT, ""))
        _open(cast, today, "product", "山泉净水壶", (Version.State.REVIEW, "样品已到，待培训主管发布。"))
    else:
        _open(cast, today, "faq", "节日期间怎么值班", (Version.State.REVIEW, "值班安排确定后按通知答复。"))
        _open(cast, today, "faq", "停电时电话打得进来吗", (Version.State.DRAFT, "待运营确认。"))
    _notices(today, cast)
    experts = [one for one in articles if one.kind == "expert"]
    for place, expert in enumerate(experts[:3]):
        day = today + _DAY * (place * 3)
        DayOff.objects.create(
            article=expert, first_on=day, last_on=day + _DAY, note=("外出讲课", "进修", "轮休")[place],
            told_by=cast.writers["expert"], told_at=_moment(min(today, day) - _DAY * (place > 0)), late=place == 0,
        )  # fmt: skip


def _open(cast: Cast, today: date, kind: str, title: str, said: tuple[str, str]) -> None:
    state, body = said
    article = Article.objects.create(
        kind=kind, title=title, made_at=_moment(today - _DAY * 2), responsible=cast.writers[kind]
    )
    Article.objects.filter(pk=article.pk).update(code=f"K{article.pk:05d}")
    Version.objects.create(
        article=article, number=1, state=state, title=title, body=body, effective_from=today + _DAY,
        author=cast.writers[kind], written_at=_moment(today - _DAY * 2),
        handed_in_at=_moment(today - _DAY) if state == Version.State.REVIEW else None,
    )  # fmt: skip


def _notices(today: date, cast: Cast) -> None:
    new_year = date(today.year + 1, 1, 1)
    version = _article(
        "notice", "元旦、春节开头语使用通知", cast, today - _DAY * 5,
        ({"category": "开头语", "audience": ["AGENT", "TEAM_LEADER"]}, {"opening": "new_year"},
        "节日期间统一使用新年开头语，起止日见右侧，之外用平日开头语。"),
    )  # fmt: skip
    Version.objects.filter(pk=version.pk).update(
        effective_from=new_year - _DAY * 2, effective_until=new_year + _DAY * 60
    )
    Article.objects.filter(pk=version.article_id).update(current=None)
    for title, body in texts().get("notices") or (
        (
            "退货验收新规必读",
            "自本周起：\n1. 退回商品先由仓库验收\n2. 验收单录入后财务才退款\n3. 缺配件的先联系客户补寄",
        ),
        ("本月促销口径必读", "满额赠品以节目当场公布为准。\n- 不承诺未公布的折扣\n- 不说“最低价”"),
    ):
        about = {"category": "必读", "must_read": True, "audience": ["AGENT", "TEAM_LEADER"]}
        _article("notice", title, cast, today - _DAY * 2, (about, {}, body))


def _used(today: date, cast: Cast, chance: random.Random, articles: list[Article]) -> None:
    agents = cast.agents or list(cast.writers.values())
    for article in articles:
        helped, opened = chance.randrange(0, 12), chance.randrange(3, 240)
        voters = chance.sample(agents, min(helped, len(agents)))
        votes = [Vote(article=article, staff=one, useful=chance.random() > 0.2, at=_moment(today)) for one in voters]
        Vote.objects.bulk_create(votes)
        useful = sum(one.useful for one in votes)
        Article.objects.filter(pk=article.pk).update(useful=useful, useless=len(votes) - useful, opened=opened)
    for place, article in enumerate(Article.objects.filter(must_read=True).order_by("pk")):
        readers = agents[: int(len(agents) * (0.9, 0.55)[place % 2])]
        at = [_moment(today - _DAY, 9, number % 50) for number in range(len(readers))]
        Receipt.objects.bulk_create(
            Receipt(version=article.current, staff=one, at=when) for one, when in zip(readers, at, strict=True)
        )
    _searches(today, chance, agents, articles)
    for wish in texts()["wishes"]:
        words, times = wish["words"], wish["times"]
        about = next((one for one in articles if one.title == wish["about"]), None)
        Wish.objects.create(
            article=about, subject=str(about.pk) if about else "", kind=wish["kind"], words=words,
            words_key=folded(words),
            times=times, by=chance.choice(agents), at=_moment(today - _DAY * times), last_at=_moment(today, 8, times),
            responsible=about.responsible if about else cast.deciders["faq"],
        )  # fmt: skip
    done = "礼品卡怎么用" if settings.PACK in SHOPS else "节假日上班吗"
    Wish.objects.create(
        kind="missing", words=done, words_key=done, times=6, by=agents[0], state=Wish.State.DONE,
        at=_moment(today - _DAY * 9), last_at=_moment(today - _DAY * 6), responsible=cast.deciders["faq"],
        answer=f"已写条目“{done}”", settled_by=cast.writers["faq"], settled_at=_moment(today - _DAY * 5),
    )  # fmt: skip


def _searches(today: date, chance: random.Random, agents: list[Staff], articles: list[Article]) -> None:
    rows = []
    for ago in range(30):
        for _ in range(chance.randrange(30, 70)):
            vain = chance.random() < 0.12
            words = chance.choice(texts()["in_vain" if vain else "looked_for"])
            opened = None if vain or chance.random() < 0.3 else chance.choice(articles)
            at = _moment(
                today - _DAY * ago,
                chance.randrange(0, 9) if ago == 0 else chance.randrange(8, 20),
                chance.randrange(60),
            )
            rows.append(
                Search(
                    words=words, words_key=folded(words), hits=0 if vain else chance.randrange(1, 12),
                    staff=chance.choice(agents), at=at, opened=opened,
                )
            )  # fmt: skip
    Search.objects.bulk_create(rows)
