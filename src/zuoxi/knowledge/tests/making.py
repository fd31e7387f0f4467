# SPDX-License-Identifier: Apache-2.0
"""People and articles for the tests of this package."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from zuoxi.knowledge import services
from zuoxi.knowledge.models import Article
from zuoxi.people import services as people
from zuoxi.people.models import Position, Staff

ZONE = ZoneInfo("Asia/Shanghai")
MONDAY = date(2026, 11, 2)
NOW = datetime.combine(MONDAY, time(10), ZONE)


def person(code: str, position: str = "TSR") -> Staff:
    people.load_positions()
    team = people.ensure_team("a-1", "甲一组", "Team A1", people.ensure_project("a", "甲", "A"))
    staff = people.hire(
        code, f"人{code}", [people.Placement(Position.objects.get(code=position), team)], date(2020, 1, 6)
    )
    people.create_user_for(staff, must_change=False)
    return staff


def text(title: str, body: str = "正文", *, since: date | None = MONDAY, until: date | None = None, **more: object):
    fields = more.pop("fields", {})
    return services.Text(title, body, fields, dict(more), effective_from=since, effective_until=until)


_DECIDERS = {"faq": ("QA", "QAS"), "product": ("TR", "TRS"), "notice": ("TSRS", "QAS"), "matter": ("TSRL", "TSRS"),
             "expert": ("TSRL", "TSRS"), "script": ("TR", "TRS")}  # fmt: skip


def pair(kind: str) -> tuple[Staff, Staff]:
    """Who drafts and who decides a kind; made once."""
    found = []
    for position in _DECIDERS[kind]:
        staff = Staff.objects.filter(code=f"p-{position}").first()
        found.append(staff or person(f"p-{position}", position))
    return found[0], found[1]


def published(title: str, kind: str = "faq", body: str = "正文", *, today: date = MONDAY, **more: object) -> Article:
    author, decider = pair(kind)
    version = services.save_draft(None, text(title, body, **more), kind=kind, by=author, now=NOW)
    services.hand_in(version, by=author, now=NOW)
    services.publish(version, by=decider, now=NOW, today=today)
    return Article.objects.select_related("current").get(pk=version.article_id)
