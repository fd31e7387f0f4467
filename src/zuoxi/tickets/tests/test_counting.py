# SPDX-License-Identifier: Apache-2.0
"""Repairs by source, trade and reporter beside the year before; tickets by kind."""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from django.http import QueryDict
from django.urls import reverse

from zuoxi.people.models import User
from zuoxi.tickets import services
from zuoxi.tickets.counting import kind_lines, repairs_between
from zuoxi.tickets.lists import asked
from zuoxi.tickets.models import State, Ticket
from zuoxi.web.figures import Ask, figure, figures_of

SITE = ZoneInfo("Asia/Shanghai")
MARCH = (date(2026, 3, 1), date(2026, 3, 31))


@pytest.fixture
def property_pack(settings):
    settings.PACK = "property"


def repair(desk, when, origin="hotline", trade="plumbing", reporter="owner", **given):
    desk.now = when
    answers = {"origin": origin, "trade": trade, "problem": "漏水", "address": "示例楼"}
    if origin == "hotline":
        answers["reporter"] = reporter
    return desk.open("repair", answers, source="call" if origin == "hotline" else "inspection", **given)


@pytest.mark.clause("CUS-019", "VAR-009")
def test_the_parts_make_the_whole_and_the_change_is_counted_not_typed(desk, property_pack):
    for year, hotline, own in ((2025, 2, 4), (2026, 3, 1)):
        for turn in range(hotline):
            repair(desk, datetime(year, 3, 3, 9, turn, tzinfo=SITE))
        for turn in range(own):
            repair(desk, datetime(year, 3, 4, 9, turn, tzinfo=SITE), "own_inspection", "electrical")
    found = repairs_between(Ticket.objects.all(), *MARCH)
    assert [(one.count, one.before) for one in found.sums] == [(3, 2), (1, 4)]
    assert [one.change for one in found.sums] == [Decimal("0.5"), Decimal("-0.75")]
    assert (found.total.count, found.total.before) == (4, 6)
    assert {row.key: [cell.count for cell in row.cells] for row in found.rows} == {
        "plumbing": [3, 0], "electrical": [0, 1], "sundry": [0, 0],
    }  # fmt: skip
    assert found.finding.outcome == "adds_up"
    assert {row.key: row.total.count for row in found.reporters} == {"staff": 0, "owner": 3}


@pytest.mark.clause("CUS-019")
def test_a_year_before_of_nought_has_no_percentage(desk, property_pack):
    repair(desk, datetime(2026, 3, 3, 9, 0, tzinfo=SITE))
    assert repairs_between(Ticket.objects.all(), *MARCH).total.change is None


@pytest.mark.clause("CUS-020")
def test_the_same_day_is_the_same_calendar_day(desk, property_pack):
    for hour, done in ((9, datetime(2026, 3, 3, 23, 59, tzinfo=SITE)), (10, datetime(2026, 3, 4, 0, 0, tzinfo=SITE))):
        made = repair(desk, datetime(2026, 3, 3, hour, 0, tzinfo=SITE), same_day=True)
        Ticket.objects.filter(pk=made.pk).update(finished_at=done, state=State.CHECKING)
    assert repairs_between(Ticket.objects.all(), *MARCH).same_day.count == 1


@pytest.mark.clause("CUS-019", "CUS-020", "VAR-009")
def test_every_number_of_the_cross_opens_the_repairs_it_was_counted_from(client, desk, property_pack):
    first = datetime(2026, 3, 3, 9, 0, tzinfo=SITE)
    made = [
        repair(desk, first, "hotline", "plumbing", "owner", same_day=True),
        repair(desk, first, "hotline", "plumbing", "staff"),
        repair(desk, first, "hotline", "electrical", "owner"),
        repair(desk, first, "own_inspection", "plumbing"),
    ]
    services.add_subtask(made[0], title="换阀门", by=desk.agent, now=desk.now)
    Ticket.objects.filter(pk=made[0].pk).update(finished_at=first + timedelta(hours=2), state=State.CHECKING)
    table = repairs_between(Ticket.objects.all(), *MARCH)
    cells = [*(cell for row in table.rows for cell in (*row.cells, row.total)), *table.sums, table.same_day]
    cells += [row.total for row in table.reporters]
    assert {cell.count for cell in cells} == {0, 1, 2, 3} and table.same_day_share == Decimal("0.25")
    for cell in cells:
        query = QueryDict(f"list=all&from=2026-03-01&to=2026-03-31&kind=repair&counted=whole&{cell.query}")
        query = QueryDict(query.urlencode().replace("counted=whole&counted=mended", "counted=mended"))
        assert asked(desk.house.user("M1"), query, desk.now).count() == cell.count, cell.query
    User.objects.update(must_change_password=False)
    client.force_login(desk.house.user("S1"))
    page = client.get(reverse("tickets:statistics"), {"from": "2026-03-01", "to": "2026-03-31"}).content.decode()
    assert "f-trade=plumbing&f-origin=hotline" in page.replace("&amp;", "&")
    page = client.get(reverse("tickets:tickets"), {"list": "all", "f-trade": "plumbing", "f-phone": "1"})
    assert page.context["answers"] == [("trade", "类别", "plumbing", "水暖")]
    assert len(page.context["lines"]) == 4, "the part belongs to the trade as well; a masked answer is not asked for"
    merged = repair(desk, first)
    services.merge(merged, made[3], by=desk.agent, now=desk.now)
    page = client.get(reverse("tickets:statistics"), {"from": "2026-03-01", "to": "2026-03-31"})
    taken = re.search(r'href="[^"]*\?([^"]*kind=repair&amp;counted=received)"', page.content.decode()).group(1)
    line = page.context["kinds"][0]
    assert line.received == 5 == asked(desk.house.user("M1"), QueryDict(unescape(taken)), desk.now).count()


@pytest.mark.clause("CUS-006")
def test_a_second_notice_of_missing_papers_is_counted_as_a_breach(desk, settings):
    settings.PACK = "gov_window"
    answers = {"matter": "食品经营许可", "name": "王女士", "phone": "13800000001", "settled": "at_once"}
    made = [desk.open("acceptance", answers, source="walk_in") for _turn in range(3)]
    for ticket, laws in zip(made, (("",), ("", ""), ("", "新修订的食品安全法")), strict=True):
        for law in laws:
            services.notify_papers(ticket, papers=["授权书"], law_changed=law, by=desk.agent, now=desk.now)
    source, again = figure("tickets.papers_again")
    day = desk.now.astimezone(SITE).replace(hour=0, minute=0)
    counts = source.tally(Ask(desk.house.user("M1"), day, day + timedelta(days=1)))[""]
    assert again.value(counts) == 1
    query = QueryDict("list=all&counted=papers_again")
    assert list(asked(desk.house.user("M1"), query, desk.now)) == [made[1]]


def test_a_pack_without_repairs_counts_none(desk):
    assert repairs_between(Ticket.objects.all(), *MARCH) is None


@pytest.mark.clause("CUS-019", "CUS-020")
def test_the_page_shows_the_cross_and_costs_the_same(client, desk, property_pack, django_assert_max_num_queries):
    for turn in range(30):
        repair(desk, datetime(2026, 3, 3, 9, turn, tzinfo=SITE))
    User.objects.update(must_change_password=False)
    client.force_login(desk.house.user("S1"))
    url = reverse("tickets:statistics")
    client.get(url)
    with django_assert_max_num_queries(12):
        answer = client.get(url, {"from": "2026-03-01", "to": "2026-03-31"})
    assert answer.context["repairs"].total.count == 30
    assert kind_lines(Ticket.objects.all(), *MARCH)[0].received == 30
    assert client.get(url, {"from": "nonsense", "to": "1000-01-01"}).status_code == 200


def test_the_list_behind_a_figure_holds_the_rows_it_was_counted_from(client, desk, site_today):
    """Eight tickets, each counted by other figures; one that was opened again was settled once."""
    whole = {
        "received", "due", "in_time", "to_answer", "answered", "urged", "once_settled", "reopened", "mended", "to_mend",
        "papers_again",
    }  # fmt: skip
    given = (
        {}, {"urged": 1}, {"finished_at": desk.now}, {"finished_at": desk.now, "breached": True},
        {"due_at": desk.now - timedelta(hours=1)}, {"reopened": 1}, {"state": State.MERGED, "urged": 3},
        {
            "state": State.CLOSED, "needs_answer": True, "needs_check": False, "finished_at": desk.now,
            "answered_at": desk.now, "closed_at": desk.now,
        },
    )  # fmt: skip
    for values in given:
        Ticket.objects.filter(pk=desk.open().pk).update(**values)
    user = desk.house.user("M1")
    day = desk.now.astimezone(SITE).replace(hour=0, minute=0)
    source, _received = figure("tickets.received")
    counts = source.tally(Ask(user, day, day + timedelta(days=1)))[""]
    assert set(counts) == whole
    expected = {
        "received": 7, "due": 4, "in_time": 2, "to_answer": 1, "answered": 1, "urged": 1, "once_settled": 4,
        "reopened": 1, "mended": 0, "to_mend": 0, "papers_again": 0,
    }  # fmt: skip
    assert counts == expected
    query = QueryDict(mutable=True)
    for name, number in expected.items():
        query.update({"list": "all", "from": "2026-03-02", "to": "2026-03-02"})
        query["counted"] = name
        assert asked(user, query, desk.now).count() == number, name
    for one in figures_of(source):
        assert one.rows.query["counted"] == one.above[0]
        assert not one.below or one.base_rows.query["counted"] == one.below[0]
