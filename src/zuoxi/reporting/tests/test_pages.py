# SPDX-License-Identifier: Apache-2.0
"""Pages of figures: each number opens the rows it was computed from, for those who may see them."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
import time_machine

from zuoxi.reporting.tests.generated import START, centre
from zuoxi.telephony.models import Call, QueueVisit
from zuoxi.telephony.tests import factories

pytestmark = pytest.mark.django_db
NOW = START + timedelta(days=3, hours=4)
KINDS = ["interval", "hour", "day", "week", "month", "queue", "team", "agent", "reason"]


@pytest.fixture
def filled():
    made = centre(seed=3, calls=300, days=3)
    made.store()
    factories.queue("sales")
    factories.queue("care")
    team = factories.team("t1")
    for code in ("1001", "1002"):
        factories.person(code, "TSR", team)
    factories.person("1003", "TSR", factories.team("t2"))
    return made


@pytest.fixture
def at(client, filled):
    """Sign in with a role and look at a page at NOW."""

    def open_page(url, role="DIR", code="9001", of=None, **extra):
        with time_machine.travel(NOW, tick=False):
            client.force_login(factories.user(code, role, of))
            return client.get(url, **extra)

    return open_page


@pytest.mark.parametrize("kind", KINDS)
def test_every_report_opens_and_tells_its_formulas(at, kind):
    answer = at(f"/figures/by/{kind}/?when=week")
    assert answer.status_code == 200
    assert "÷" in answer.content.decode() or kind == "reason"


def test_the_overview_opens_with_yesterday_and_the_month(at):
    page = at("/overview/").content.decode()
    assert "2026-11-20" in page
    assert "zx-stats" in page


def test_a_number_opens_as_many_rows_as_it_says(at):
    page = at("/figures/by/queue/?when=week").content.decode()
    links = re.findall(r'<a href="(/figures/rows/answered/[^"]+)">([\d,]+)</a>', page)
    assert links
    for url, shown in links:
        counted, number = 0, 1
        while True:
            rows = at(f"{unescape(url)}&page={number}").content.decode()
            found = rows.count("<tr><td>")
            counted += found
            if found < 50:
                break
            number += 1
        assert counted == int(shown.replace(",", ""))


def test_rows_show_customers_masked(at):
    Call.objects.update(caller="13812345678")
    page = at("/figures/by/queue/?when=week").content.decode()
    url = unescape(re.search(r'<a href="(/figures/rows/answered/[^"]+)">', page)[1])
    rows = at(url).content.decode()
    assert "138****5678" in rows
    assert "13812345678" not in rows


def test_the_number_on_the_rows_page_is_the_number_on_the_report(at):
    page = at("/figures/by/day/?when=week").content.decode()
    for url, shown in re.findall(r'<a href="(/figures/rows/asa/[^"]+)">(?:<span[^>]*>)?([\d:]+)', page):
        assert f">{shown}<" in at(unescape(url)).content.decode()


def test_a_leader_sees_his_team_and_not_the_others(at):
    page = at("/figures/by/agent/?when=week", "TSRL", "9002", factories.team("t1")).content.decode()
    assert "1001" in page
    assert "1003" not in page
    assert at("/figures/agents/1003/", "TSRL", "9002", factories.team("t1")).status_code == 404
    assert at("/figures/agents/1001/", "TSRL", "9002", factories.team("t1")).status_code == 200


def test_an_agent_sees_his_own_figures_alone(at):
    assert at("/figures/mine/", "TSR", "1001").status_code == 200
    assert at("/figures/by/agent/", "TSR", "1001").status_code == 403
    assert at("/overview/", "TSR", "1001").status_code == 403
    address = f"since={START.isoformat().replace('+', '%2B')}&until={NOW.isoformat().replace('+', '%2B')}"
    own = at(f"/figures/rows/answered/?{address}&agent=1001", "TSR", "1001").content.decode()
    others = at(f"/figures/rows/answered/?{address}&agent=1002", "TSR", "1001").content.decode()
    assert own.count("<tr><td>") > 0
    assert others.count("<tr><td>") == 0
    states = at(f"/figures/rows/ready_time/?{address}", "TSR", "1001").content.decode()
    assert "1002" not in states


def test_a_reading_is_remembered(at):
    at("/figures/by/queue/?when=week&reading.service_level=answered_only")
    page = at("/figures/by/queue/?when=week").content.decode()
    assert '<option value="answered_only" selected>' in page


@pytest.mark.clause("SEC-001", "SEC-002")
@pytest.mark.parametrize(("role", "status"), [("DA", 302), ("OM", 200), ("DIR", 200), ("TSRS", 403), ("TSRL", 403)])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_only_the_analyst_after_a_review_the_managers_and_the_director_export(
    at, role, status, form, settings, tmp_path
):
    settings.HOME = tmp_path
    assert at(f"/figures/by/queue/?when=week&format={form}", role, f"90{role}").status_code == status


def test_an_export_holds_what_the_page_shows(at):
    lines = b"".join(at("/figures/by/queue/?when=week&format=csv").streaming_content).decode("utf-8-sig").splitlines()
    page = at("/figures/by/queue/?when=week").content.decode()
    shown = re.findall(r'<a href="/figures/rows/offered/[^"]+">([\d,]+)</a>', page)
    assert [line.split(",")[1] for line in lines[1:]] == shown


@pytest.mark.parametrize(
    "url", ["/figures/by/agent/?when=week", "/overview/", "/figures/by/interval/", "/figures/mine/"]
)
def test_pages_take_few_queries_however_many_rows(at, client, django_assert_max_num_queries, url):
    role, code = ("TSR", "1001") if "mine" in url else ("DIR", "9001")
    at(url, role, code)
    with django_assert_max_num_queries(12), time_machine.travel(NOW, tick=False):
        client.get(url)


def test_nonsense_in_the_address_is_no_error(at):
    for url in ("?when=never", "?when=custom&from=2026-13-40&to=x", "?threshold=-1&short_abandon=abc", "?page=x",
                "?reading.service_level=rosy&reading.nothing=1", "?queue=nowhere"):  # fmt: skip
        assert at(f"/figures/by/queue/{url}").status_code == 200
    assert at("/figures/by/weather/").status_code == 404
    for url in ("answered/", "weather/?since=1", "answered/?since=x&until=y"):
        assert at(f"/figures/rows/{url}").status_code == 404


def test_a_centre_without_calls_has_pages_that_say_so(client):
    with time_machine.travel(NOW, tick=False):
        client.force_login(factories.user("9001", "DIR"))
        for url in ("/overview/", "/figures/", "/figures/definitions/"):
            assert client.get(url).status_code == 200
    assert QueueVisit.objects.count() == 0


def test_a_report_by_time_has_no_gaps_and_does_not_reach_into_the_future(at):
    QueueVisit.objects.all().delete()
    page = at("/figures/by/interval/?when=today").content.decode()
    rows = list(dict.fromkeys(re.findall(r'<th scope="row">(11-21 \d\d:\d\d)', page)))
    assert rows == [f"11-21 {half // 2:02d}:{half % 2 * 30:02d}" for half in range(8)]


def test_sixty_agents_fill_a_page_and_a_chart(at):
    for number in range(60):
        factories.state(f"2{number:03d}", "ready", START, 30)
    assert at("/figures/by/agent/?when=week").status_code == 200
