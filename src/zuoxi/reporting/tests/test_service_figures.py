# SPDX-License-Identifier: Apache-2.0
"""Figures that packages declare: sums and ratios from rows, periods, targets, groups, doors and files."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from zuoxi.complaints import services as complaints
from zuoxi.complaints.tests.making import at, complaint, customer, house
from zuoxi.reporting.service_figures import aim_of, ask, lines_of, sources_for
from zuoxi.reporting.spans import span_at
from zuoxi.reporting.sparklines import sparkline
from zuoxi.web.figures import Figure, figure, figures_of, joined, sources

RATIO = Figure("x.ratio", "x", "a ÷ b", ("a", "-c"), ("b",), "%")


@pytest.mark.once
@pytest.mark.parametrize(
    ("counts", "value"),
    [
        ({"a": 9, "c": 1, "b": 10}, Decimal(80)),
        ({"a": 0, "c": 0, "b": 10}, Decimal(0)),
        ({"a": 0, "c": 0, "b": 0}, None),
        ({"a": 9, "b": 10}, None),
        ({"a": 9, "c": None, "b": 10}, None),
        ({}, None),
    ],
)
def test_a_ratio_over_nought_or_with_something_missing_is_unknown_and_never_nought(counts, value):
    assert RATIO.value(counts) == value


@pytest.mark.once
def test_counts_of_several_questions_stand_side_by_side():
    assert joined({"a": {"x": 1}, "b": {"x": 2}}, {"a": {"y": 3}}) == {"a": {"x": 1, "y": 3}, "b": {"x": 2}}


@pytest.mark.once
@pytest.mark.parametrize(
    ("kind", "day", "first", "last", "label"),
    [
        ("day", date(2026, 11, 22), date(2026, 11, 22), date(2026, 11, 22), "2026-11-22"),
        ("week", date(2026, 11, 22), date(2026, 11, 16), date(2026, 11, 22), "2026-W47"),
        ("month", date(2026, 2, 3), date(2026, 2, 1), date(2026, 2, 28), "2026-02"),
        ("quarter", date(2026, 12, 31), date(2026, 10, 1), date(2026, 12, 31), "2026-Q4"),
        ("year", date(2026, 1, 1), date(2026, 1, 1), date(2026, 12, 31), "2026"),
    ],
)
def test_a_period_has_its_first_and_last_day(kind, day, first, last, label):
    span = span_at(kind, day)
    assert (span.first, span.last, span.label) == (first, last, label)
    assert span.stepped(1).first == span.end and span.stepped(-1).end == span.first


@pytest.mark.once
def test_a_year_before_is_the_same_month_week_or_day_and_the_leap_day_has_the_day_before():
    assert span_at("month", date(2026, 11, 3)).year_before().label == "2025-11"
    assert span_at("quarter", date(2026, 11, 3)).year_before().label == "2025-Q4"
    assert span_at("week", date(2026, 11, 16)).year_before().first == date(2025, 11, 17)
    assert span_at("day", date(2028, 2, 29)).year_before().first == date(2027, 2, 28)
    assert span_at("year", date(2026, 5, 1)).year_before().label == "2025"


@pytest.mark.once
def test_a_line_leaves_a_gap_where_nothing_is_known_and_is_not_drawn_from_one_point():
    assert sparkline([None, Decimal(3), None]) is None
    drawn = sparkline([Decimal(1), Decimal(2), None, Decimal(2), Decimal(3)], Decimal(3))
    assert len(drawn.strokes) == 2 and drawn.target
    assert sparkline([Decimal(1), Decimal(2)], Decimal(900)).target == ""


@pytest.mark.once
def test_every_declared_figure_has_a_formula_a_domain_and_a_version():
    found = [one for source in sources() for one in figures_of(source)]
    assert found
    for one in found:
        assert one.formula and one.name and one.version >= 1 and one.above
        assert figure(one.id)[1] == one


@pytest.mark.once
def test_every_target_is_a_figure_of_the_base_or_of_a_trade():
    from zuoxi.policy.handbook import handbook_of

    handbooks = [handbook_of(code) for code in ("tv_shopping", "heating", "hospital", "property", "power_95598")]
    for source in sources():
        for one in figures_of(source):
            assert not one.target or any(book.has("figures", one.target) for book in handbooks), one.id


@pytest.fixture
def centre(db):
    with time_machine.travel(at(18), tick=False):
        yield house()


def lines(user, kind="month"):
    (source,) = [one for one in sources_for(user) if one.code == "complaints"]
    return {line.figure.id: line for line in lines_of(source, user, span_at(kind, at().date()))}


@pytest.mark.clause("CMP-001", "CMP-002")
def test_complaints_in_time_are_counted_from_rows_against_those_that_were_due(centre):
    quick = complaint(centre, kind="goods", about_staff=None)
    complaints.answer(quick.pk, text="已补发", way="phone", content="satisfied", by=centre.supervisor, now=at(12))
    complaint(centre, kind="goods", about_staff=None)
    complaint(centre, kind="goods", about_staff=None, now=at(9, day=at().date() - timedelta(days=3)))
    found = lines(centre.director.user)
    in_time = found["complaints.in_time"]
    assert (in_time.above, in_time.below, in_time.value) == (1, 2, Decimal(50))
    assert in_time.aim.value == 98 and in_time.tone == "bad"
    assert found["complaints.received"].value == 3 and found["complaints.received"].before == 0
    assert found["complaints.per_thousand"].value is None, "no calls are known, so there is no rate"
    assert found["complaints.received"].yearly is None and found["complaints.in_time"].last_year is None
    assert found["complaints.answering"].value == 2


def test_a_leader_counts_what_he_may_see_and_an_agent_has_no_such_page(centre):
    complaint(centre)
    complaint(centre, about_staff=centre.manager)
    assert lines(centre.director.user)["complaints.received"].value == 2
    assert lines(centre.leader.user)["complaints.received"].value == 1
    assert as_(centre.agent).get(reverse("reporting:service_figures")).status_code == 403


def as_(staff):
    client = Client()
    client.force_login(staff.user, "django.contrib.auth.backends.ModelBackend")
    return client


def test_the_page_asks_as_often_for_many_rows_as_for_few_and_every_number_opens_its_rows(
    centre, django_assert_max_num_queries
):
    client = as_(centre.director)
    for number in range(12):
        complaint(centre, customer=None if number else customer(), about_staff=(centre.agent, centre.other)[number % 2])
    address = reverse("reporting:service_figures_of", args=["complaints"]) + "?period=week&by=person"
    client.get(address)
    with django_assert_max_num_queries(14):
        page = client.get(address).content.decode()
    assert "人1001" in page and "from=2026-11-16&amp;to=2026-11-22" in page and "每千通" in page


@pytest.mark.clause("SEC-001")
def test_figures_leave_as_a_file_for_whom_the_handbook_lets_and_for_nobody_else(centre):
    complaint(centre)
    address = reverse("reporting:service_figures_of", args=["complaints"])
    text = b"".join(as_(centre.manager).get(address, {"format": "csv"}).streaming_content).decode()
    assert "客诉受理量" in text.split("\n")[1]
    assert as_(centre.supervisor).get(address, {"format": "csv"}).status_code == 403
    assert as_(centre.manager).get(address, {"format": "xlsx", "by": "team"}).content[:2] == b"PK"


def test_nonsense_in_the_address_shows_this_month(centre):
    page = as_(centre.director).get(
        reverse("reporting:service_figures"), {"period": "aeon", "day": "2026-99-99", "by": "moon"}
    )
    assert page.status_code == 200 and "2026-11" in page.content.decode()
    assert aim_of(Figure("y", "y", "y", ("a",), target="no.such"), at().date()) is None


def test_every_source_answers_every_grouping_and_every_figure_finds_its_counts(centre):
    user = centre.director.user
    for source in sources():
        for by in ("", "period", *source.groups):
            told = source.tally(ask(user, at().date(), at().date() + timedelta(days=1), by))
            assert isinstance(told, dict), (source.code, by)
        counts = source.tally(ask(user, at().date(), at().date() + timedelta(days=1)))[""]
        for one in figures_of(source):
            missing = {name.removeprefix("-") for name in (*one.above, *one.below)} - set(counts)
            assert not missing, one.id
