# SPDX-License-Identifier: Apache-2.0
"""Every number of the month and of the hospital opens the rows it was counted from."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from zuoxi.followups import services
from zuoxi.followups.figures import repairs_called
from zuoxi.followups.models import ClinicVisit, FollowUpTask
from zuoxi.followups.selectors import COUNTED
from zuoxi.followups.tests.making import DAY, HOUR, NOW, SIX, customer, task
from zuoxi.tickets import services as tickets
from zuoxi.web.figures import Ask, figure


def as_(staff):
    client = Client()
    client.force_login(staff.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def rows_behind(client, page, wanted):
    """How many rows each link of the page to that list opens, by what the link asks."""
    links = {unescape(one) for one in re.findall(r'href="(' + re.escape(wanted) + r'\?[^"]+)"', page)}
    found = {}
    for link in links:
        answer = client.get(link)
        assert answer.status_code == 200, link
        asked = re.search(r"(?:rows|state)=(\w+)", link)
        found[asked.group(1) if asked else ""] = len(answer.context["page"].rows)
    return found


def left(who, record, number, days=0):
    """The file of somebody who left the hospital so many days ago."""
    day = NOW.date() - timedelta(days=days)
    return services.discharge(record, "孙测试", number, "内科", day, by=who.agent, now=NOW)


def answered(who, number, said):
    made = task("repair", customer(f"139001{number:05}"), subject=f"ticket:{number}")
    services.submit(made, SIX | said, by=who.agent, now=NOW)
    return made


@pytest.mark.clause("FUP-001", "FUP-006")
def test_satisfaction_in_both_readings_and_the_mean_are_figures_with_their_rows(heating):
    for number, said in enumerate(
        ({"d": "10"}, {"d": "9"}, {"b": "fair", "d": "7"}, {"a": "no", "b": "dissatisfied", "d": "3"})
    ):
        answered(heating, number, said)
    source, satisfied = figure("followups.satisfied")
    counts = source.tally(Ask(heating.manager.user, NOW - DAY, NOW + 4 * DAY))[""]
    assert satisfied.value(counts) == 50
    assert figure("followups.content")[1].value(counts) == 75
    assert figure("followups.score")[1].value(counts) == Decimal("7.25")
    assert figure("followups.promoters")[1].value(counts) == 25, "two of nine and more, one of six and fewer"
    for name in ("satisfied", "content", "said", "scored", "promoters", "detractors"):
        assert FollowUpTask.objects.filter(COUNTED[name](NOW)).count() == counts[name], name
    client = as_(heating.manager)
    month = client.get(reverse("followups:month")).content.decode()
    assert f"{reverse('telephony:calls')}?survey=content" in month, "both kinds of satisfied by key"
    assert rows_behind(client, month, reverse("followups:board")) == {"satisfied": 2, "fairly": 1, "dissatisfied": 1}


@pytest.mark.clause("FUP-013", "VAR-009")
def test_repairs_called_back_are_follow_ups_over_repairs_of_the_hotline(heating, settings):
    settings.PACK = "property"
    for number, origin in enumerate(("hotline", "hotline", "hotline", "own_inspection")):
        fields = {"origin": origin, "trade": "plumbing", "problem": "漏水", "address": "示例楼"}
        if origin == "hotline":
            fields["reporter"] = "owner"
        source = "call" if origin == "hotline" else "inspection"
        ticket = tickets.open_ticket(
            "repair", customer=None, fields=fields, source=source, by=heating.agent, now=NOW, check_read_back=False
        )
        if number in (0, 3):
            FollowUpTask.objects.create(
                kind="repair", subject=f"ticket:{ticket.number}", ticket=ticket.number, due_from=NOW, due_by=NOW,
                made_at=NOW, state="done", closed_at=NOW, closed_by=heating.agent, satisfaction="satisfied",
            )  # fmt: skip
    found = repairs_called(NOW.date(), NOW.date())
    assert (found.repairs, found.called, round(found.rate, 3)) == (3, 1, 0.333)
    assert repairs_called(NOW.date() + DAY, NOW.date() + DAY).rate is None
    client = as_(heating.manager)
    page = client.get(reverse("followups:month")).content.decode()
    assert "33.3%" in page
    assert hotline_rows(client, page) == 3


def hotline_rows(client, page):
    """How many tickets the link of the month's page to the repairs of the hotline opens."""
    link = re.search(r'href="(' + re.escape(reverse("tickets:tickets")) + r'\?[^"]+)"', page)
    return len(client.get(unescape(link.group(1))).context["page"].rows)


def test_where_the_form_does_not_ask_it_repairs_of_the_hotline_are_those_that_were_called_in(heating):
    fields = {"problem": "不热", "address": "示例楼", "name": "赵先生", "phone": "13900100001", "fault": "cold"}
    fields["told"] = "yes"
    for source in ("call", "call", "inspection"):
        tickets.open_ticket(
            "repair", customer=None, fields=fields, source=source, by=heating.agent, now=NOW, check_read_back=False
        )
    client = as_(heating.manager)
    assert repairs_called(NOW.date(), NOW.date()).repairs == 2
    assert hotline_rows(client, client.get(reverse("followups:month")).content.decode()) == 2


def test_a_pack_without_repairs_calls_none_back(shop):
    assert repairs_called(NOW.date(), NOW.date()) is None


@pytest.mark.clause("FUP-008", "FUP-012", "CUS-023", "VAR-008")
def test_every_number_of_the_hospital_opens_its_rows(hospital, django_assert_max_num_queries):
    for number in range(5):
        file = services.discharge(
            f"Z{number}", "孙测试", f"139002{number:05}", "内科", NOW.date(), by=hospital.agent, now=NOW
        )
        made = file.tasks.first()
        if number < 3:
            FollowUpTask.objects.filter(pk=made.pk).update(
                state="done",
                closed_at=NOW,
                closed_by=hospital.agent,
                satisfaction="satisfied" if number else "fairly_satisfied",
            )
        services.read_checkup(f"T{number}", "吴测试", "", NOW.date(), number > 1, by=hospital.agent, now=NOW)
    left(hospital, "ALT", "13900299999", 40)
    for number in range(3):
        visit = services.clinic_booked("钱测试", "", "外科", NOW - HOUR, by=hospital.agent, now=NOW)
        if number:
            ClinicVisit.objects.filter(pk=visit.pk).update(arrived_at=NOW)
    services.write_down("病房太吵", source="ward", by=hospital.agent, now=NOW)
    client = as_(hospital.manager)
    page = client.get(reverse("followups:hospital")).content.decode()
    assert rows_behind(client, page, reverse("followups:patients")) == {
        "": 5, "good": 5, "called": 3, "satisfied": 2, "fairly": 1,
    }  # fmt: skip
    checkups = rows_behind(client, page, reverse("followups:checkups"))
    assert checkups == {"checked": 5, "positive": 3, "followed": 0, "came": 0, "referred": 0, "benefit": 0}
    assert rows_behind(client, page, reverse("followups:clinic")) == {"booked": 3, "came": 2}
    assert rows_behind(client, page, reverse("followups:opinions"))[""] == 1
    assert len(client.get(reverse("followups:patients"), {"rows": "nonsense"}).context["page"].rows) == 6
    with django_assert_max_num_queries(12):
        client.get(reverse("followups:patients"), {"month": "2026-11", "rows": "called"})


def test_the_list_of_files_without_a_month_holds_every_file(hospital):
    services.discharge(
        "ALT", "孙测试", "13900299999", "内科", NOW.date() - timedelta(days=40), by=hospital.agent, now=NOW
    )
    assert len(as_(hospital.manager).get(reverse("followups:patients")).context["page"].rows) == 1
