# SPDX-License-Identifier: Apache-2.0
"""Pages as each role opens them: what is shown, what is refused, how many questions the database is asked."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from zuoxi.approvals.models import Request
from zuoxi.leave import services
from zuoxi.leave.contacts import plan_contacts
from zuoxi.leave.models import Contact, Leave, SiteDay
from zuoxi.leave.tests.making import MONDAY, at, granted, house, person, team

DAY = timedelta(days=1)
NOW = at(MONDAY, 10)


@pytest.fixture
def centre(db):
    with time_machine.travel(NOW, tick=False):
        yield house()


def as_(staff):
    client = Client()
    client.force_login(staff.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def wish(**more):
    day = (MONDAY + DAY).isoformat()
    return {"kind": "personal", "first_on": day, "last_on": day, "reason": "家中有事"} | more


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("name", ["mine", "new", "team", "contacts", "papers", "balances", "statement", "holidays"])
def test_every_page_opens_empty_in_both_languages(centre, name, language):
    manager = as_(centre.manager)
    manager.cookies["django_language"] = language
    answer = manager.get(reverse(f"leave:{name}"), headers={"accept-language": language})
    assert answer.status_code == 200


def test_the_form_sends_a_request_and_keeps_what_was_typed_when_it_is_wrong(centre):
    agent = as_(centre.agent)
    wrong = agent.post(reverse("leave:new"), wish(last_on="2026-11-01"))
    assert wrong.status_code == 422 and "家中有事" in wrong.content.decode() and not Request.objects.exists()
    sent = agent.post(reverse("leave:new"), wish())
    assert sent.status_code == 302 and Request.objects.get().applicant == centre.agent
    mine = agent.get(reverse("leave:mine")).content.decode()
    assert "人1200" in mine  # who decides


@pytest.mark.clause("ATT-013")
def test_a_refusal_says_what_to_do_instead(centre):
    answer = as_(centre.leader).post(reverse("leave:new"), wish(kind="sick", channel="sms", **{"for": "1001"}))
    assert answer.status_code == 409 and "短信不算请假" in answer.content.decode()


@pytest.mark.clause("ATT-019", "ATT-020")
def test_the_preview_tells_days_places_and_who_decides_before_anything_is_sent(centre):
    granted(centre.other, MONDAY + DAY, duty=centre.supervisor)
    answer = as_(centre.agent).post(reverse("leave:preview"), wish(reason="")).content.decode()
    assert "人1200" in answer and "人OM" in answer and "已用完" in answer and not Request.objects.exists()
    wrong = as_(centre.agent).post(reverse("leave:preview"), wish(last_on="2026-11-01")).content.decode()
    assert "结束日期早于开始日期" in wrong


def test_a_leader_writes_a_call_down_for_his_own_people_only(centre):
    stranger = person("1901", where=team("b-1"))
    leader = as_(centre.leader)
    call = {"channel": "phone", "kind": "sick", "handover": "交给1002", "emergency": "on"}
    assert leader.post(reverse("leave:new"), wish(**call, **{"for": stranger.code})).status_code == 404
    assert leader.post(reverse("leave:new"), wish(**call, **{"for": "1001"})).status_code == 302
    assert as_(centre.agent).post(reverse("leave:new"), wish(**call, **{"for": "1002"})).status_code == 403


def test_leave_of_others_is_seen_by_who_leads_them_and_by_nobody_else(centre):
    leave = granted(centre.agent, MONDAY)
    url = reverse("leave:leave", args=[leave.pk])
    assert as_(centre.agent).get(url).status_code == 200
    assert as_(centre.leader).get(url).status_code == 200
    assert as_(centre.personnel).get(url).status_code == 200
    assert as_(centre.other).get(url).status_code == 404
    assert as_(person("1902", "TSRL", where=team("b-1"))).get(url).status_code == 404
    own = reverse("leave:statement_of", args=[centre.agent.code])
    assert as_(centre.agent).get(own).status_code == 200 and as_(centre.personnel).get(own).status_code == 200
    assert as_(centre.other).get(own).status_code == 404 and as_(centre.leader).get(own).status_code == 404


def test_back_early_gives_days_back_and_a_past_day_needs_the_leader(centre):
    leave = granted(centre.agent, MONDAY - DAY, 4)
    url = reverse("leave:back", args=[leave.pk])
    assert as_(centre.agent).post(url, {"back_on": (MONDAY - DAY).isoformat()}).status_code == 422
    assert as_(centre.other).post(url, {"back_on": MONDAY.isoformat()}).status_code == 404
    assert as_(centre.agent).post(url, {"back_on": (MONDAY + DAY).isoformat()}).status_code == 302
    leave.refresh_from_db()
    assert leave.days == Decimal(2) and leave.last_on == MONDAY
    assert as_(centre.leader).post(url, {"back_on": (MONDAY + 9 * DAY).isoformat()}).status_code == 409


@pytest.mark.clause("ATT-016")
def test_the_leader_looks_into_the_reason(centre):
    leave = granted(centre.agent, MONDAY)
    url = reverse("leave:truth", args=[leave.pk])
    assert as_(centre.agent).post(url, {"truthful": "no", "note": "x"}).status_code == 403
    assert as_(centre.leader).post(url, {"truthful": "no", "note": ""}).status_code == 422
    assert as_(centre.leader).post(url, {"truthful": "no", "note": "电话核实不符"}).status_code == 302
    assert "按旷工计" in as_(centre.leader).get(reverse("leave:leave", args=[leave.pk])).content.decode()


@pytest.mark.clause("ATT-012")
def test_three_attempts_that_fail_go_to_the_supervisor(centre):
    leave = granted(centre.agent, MONDAY - 3 * DAY, 10)
    plan_contacts(leave)
    contact = Contact.objects.get(due_on=MONDAY)
    leader = as_(centre.leader)
    assert "人1001" in leader.get(reverse("leave:contacts")).content.decode()
    for count in range(1, 4):
        said = {f"c{contact.pk}-reached": "no", f"c{contact.pk}-note": f"第{count}次无人接听"}
        assert leader.post(reverse("leave:tried", args=[contact.pk]), said).status_code == 302
        contact.refresh_from_db()
        assert contact.state == ("failed" if count == 3 else "due")
    assert centre.supervisor.notices.filter(text_zh__contains="联系不上").count() == 1
    with pytest.raises(services.NotDone):
        services.tried(contact, by=centre.leader, reached=True, note="x", now=NOW)


@pytest.mark.clause("ATT-012")
def test_a_contact_that_is_due_is_told_to_the_leader_once_and_a_late_one_to_the_supervisor(centre):
    plan_contacts(granted(centre.agent, MONDAY - 3 * DAY, 5))
    assert services.remind_contacts(MONDAY - DAY, NOW) == {"due": 0, "late": 0}
    assert services.remind_contacts(MONDAY, NOW) == {"due": 1, "late": 0}
    assert services.remind_contacts(MONDAY, NOW) == {"due": 0, "late": 0}
    assert services.remind_contacts(MONDAY + DAY, NOW) == {"due": 0, "late": 1}
    assert centre.leader.notices.count() == 1 and centre.supervisor.notices.count() == 1


def test_human_resources_change_a_balance_with_a_reason(centre):
    url = reverse("leave:adjust", args=[centre.agent.code])
    said = {"kind": "annual", "year": "2026", "amount": "2", "reason": "上年结转"}
    assert as_(centre.manager).post(url, said).status_code == 403
    assert as_(centre.personnel).post(url, said | {"reason": ""}).status_code == 422
    assert as_(centre.personnel).post(url, said | {"amount": "-20"}).status_code == 409
    assert as_(centre.personnel).post(url, said).status_code == 302
    shown = as_(centre.agent).get(reverse("leave:statement")).content.decode()
    assert "上年结转" in shown and ">7<" in shown.replace(".00", "").replace("\n", "")


def test_proved_years_of_work_raise_the_entitlement(centre):
    url = reverse("leave:prove", args=[centre.agent.code])
    assert as_(centre.personnel).post(url, {"years": "14", "note": "社保记录"}).status_code == 302
    assert "15" in as_(centre.agent).get(reverse("leave:statement")).content.decode()


def test_the_site_differs_from_the_country_with_a_reason_and_leave_counts_by_it(centre):
    free = {"day": (MONDAY + DAY).isoformat(), "working": "no", "reason": "厂庆"}
    assert as_(centre.agent).post(reverse("leave:set_day"), free).status_code == 403
    assert as_(centre.personnel).post(reverse("leave:set_day"), free | {"reason": ""}).status_code == 422
    assert as_(centre.personnel).post(reverse("leave:set_day"), free).status_code == 302
    assert "厂庆" in as_(centre.agent).get(reverse("leave:holidays")).content.decode()
    assert as_(centre.agent).post(reverse("leave:new"), wish()).status_code == 422  # nothing to take
    drop = reverse("leave:drop_day", args=[free["day"]])
    assert as_(centre.personnel).post(drop).status_code == 302 and not SiteDay.objects.exists()
    assert as_(centre.personnel).post(reverse("leave:drop_day", args=["nonsense"])).status_code == 404


@pytest.mark.parametrize(("year", "said"), [("2026", "已公布"), ("2031", "尚未公布")])
def test_a_year_that_is_not_announced_says_so(centre, year, said):
    assert said in as_(centre.agent).get(reverse("leave:holidays"), {"year": year}).content.decode()


@pytest.mark.clause("ATT-008")
def test_the_daily_record_lists_who_is_away_by_itself(centre):
    granted(centre.agent, MONDAY, duty=centre.supervisor, handover="交给1002")
    shown = as_(centre.supervisor).get(reverse("leave:team")).content.decode()
    assert "交给1002" in shown and reverse("leave:leave", args=[Leave.objects.get().pk]) in shown


@pytest.mark.parametrize(
    ("name", "who", "most"),
    [
        ("mine", "agent", 12),
        ("team", "supervisor", 14),
        ("contacts", "supervisor", 12),
        ("papers", "supervisor", 12),
        ("balances", "personnel", 12),
        ("statement", "agent", 12),
        ("holidays", "agent", 12),
    ],
)
def test_questions_to_the_database_do_not_grow_with_the_rows(centre, name, who, most, django_assert_max_num_queries):
    client = as_(getattr(centre, who))
    url = reverse(f"leave:{name}")
    client.get(url)
    with django_assert_max_num_queries(most) as few:
        client.get(url)
    for number in range(8):
        other = person(f"3{number:03}")
        plan_contacts(granted(other, MONDAY - 3 * DAY, 9, duty=centre.supervisor))
    for number in range(4):
        granted(centre.agent, MONDAY + number * 7 * DAY, 2)
    services.adjust(centre.agent, "annual", 2026, Decimal(2), reason="x", by="HR", now=NOW)
    with django_assert_max_num_queries(len(few.captured_queries) + 2):
        client.get(url)


def test_a_month_that_is_no_month_shows_this_one(centre):
    assert as_(centre.agent).get(reverse("leave:mine"), {"month": "2026-99"}).status_code == 200
    assert as_(centre.agent).get(reverse("leave:statement"), {"year": "9999"}).status_code == 200
    assert as_(centre.agent).get(reverse("leave:holidays"), {"year": "0"}).status_code == 200


def test_who_joined_nobody_knows_has_no_balance_on_the_page(centre):
    centre.agent.joined_on = None
    centre.agent.save()
    assert "没有入职日期" in as_(centre.agent).get(reverse("leave:mine")).content.decode()
    assert date(2026, 11, 2) == MONDAY
