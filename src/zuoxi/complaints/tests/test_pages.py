# SPDX-License-Identifier: Apache-2.0
"""The pages: what each person may see, what is refused in words, and how often they ask."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from zuoxi.complaints import services
from zuoxi.complaints.models import Complaint, PersonFinding, Praise, SavedFilter, Suggestion, TrainingNeed
from zuoxi.complaints.tests.making import at, complaint, customer, house, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def centre():
    with time_machine.travel(at(18), tick=False):
        yield house()


def as_(staff):
    client = Client()
    client.force_login(staff.user, "django.contrib.auth.backends.ModelBackend")
    return client


def text(staff, name, /, *args, **query):
    answer = as_(staff).get(reverse(f"complaints:{name}", args=args), query)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def does(staff, name, /, *args, **said):
    return as_(staff).post(reverse(f"complaints:{name}", args=args), said)


@pytest.mark.clause("CMP-007", "CMP-010")
def test_an_agent_writes_a_complaint_down_with_what_the_desk_knows_in_two_clicks(centre):
    who = customer()
    page = text(centre.agent, "new", customer=who.pk, call="1700000001.7")
    assert 'value="1700000001.7"' in page and str(who.pk) in page
    said = {"what": "complaint", "source": "call", "kind": "slow", "words": "三天没回音", "customer": who.pk}
    assert does(centre.agent, "new", **said, call="1700000001.7").status_code == 302
    made = Complaint.objects.get()
    assert (made.customer, made.first_receiver, made.call) == (who, centre.agent, "1700000001.7")


@pytest.mark.clause("CMP-012")
def test_praise_and_complaint_of_one_call_become_two_records_that_know_each_other(centre):
    said = {
        "what": "both",
        "source": "call",
        "kind": "slow",
        "words": "等了一周",
        "praise_kind": "manner",
        "praise_words": "这位很耐心",
        "praise_staff": "1002",
        "number": "13800138111",
    }
    assert does(centre.agent, "new", **said).status_code == 302
    assert Praise.objects.get().complaint == Complaint.objects.get() and Praise.objects.get().staff == centre.other


def test_a_form_that_says_nothing_keeps_what_was_typed_and_says_what_to_do(centre):
    answer = does(centre.agent, "new", what="complaint", source="call", kind="slow", words=" ", wish="尽快退款")
    page = answer.content.decode()
    assert answer.status_code == 422 and "尽快退款" in page and "请填写客户投诉的内容" in page
    answer = does(centre.agent, "new", what="complaint", source="call", kind="slow", words="慢", staff="查无此人")
    assert answer.status_code == 422 and not Complaint.objects.exists()


@pytest.mark.clause("CMP-004", "CMP-007")
def test_who_is_complained_of_reads_what_without_who_and_nothing_of_the_verification(centre):
    one = complaint(centre, customer=customer("周晓梅"), anonymous=False)
    page = text(centre.agent, "complaint", one.number)
    assert "周晓梅" not in page and "周**" in page and "录音 1 分" not in page
    hidden = complaint(centre, customer=customer("吴小丽", "13800138222"), anonymous=True)
    page = text(centre.agent, "complaint", hidden.number)
    assert "吴" not in page and "匿名" in page
    assert "周晓梅" in text(centre.supervisor, "complaint", one.number)


def test_nobody_handles_notes_or_moves_what_is_said_about_himself(centre):
    one = complaint(centre, about_staff=centre.leader)
    for name, args in (("up", ()), ("note", ()), ("act", ("respond",))):
        assert does(centre.leader, name, one.number, *args, text="没有的事").status_code == 403
    assert one.steps.count() == 1


def test_other_agents_and_leaders_of_other_teams_do_not_find_it(centre):
    from zuoxi.people import services as people

    elsewhere = people.ensure_team("b-1", "乙一组", "Team B1", people.ensure_project("b", "乙", "B"))
    stranger, leader = person("2001", "CSR", elsewhere), person("2100", "CSRL", elsewhere)
    one = complaint(centre)
    for staff in (stranger, leader):
        assert as_(staff).get(reverse("complaints:complaint", args=[one.number])).status_code == 404
    assert one.number in text(centre.leader, "complaints")
    assert one.number not in text(stranger, "complaints")


@pytest.mark.clause("CMP-004", "CMP-005")
def test_a_trainer_verifies_and_the_support_manager_collects_and_the_need_is_followed(centre):
    one = complaint(centre)
    assert one.number in text(centre.trainer, "inbox")
    check = one.verifications.get()
    said = {"result": "justified", "evidence": "recording", "text": "录音 1 分 20 秒处挂断", "need": "on"}
    assert does(centre.trainer, "verify", check.pk, **said).status_code == 302
    again = does(centre.trainer, "verify", check.pk, **said)
    assert again.status_code == 409 and "已经核实" in again.content.decode()
    assert "录音 1 分 20 秒" in text(centre.support, "findings")
    does(centre.support, "collect", finding=[PersonFinding.objects.get().pk])
    assert PersonFinding.objects.get().collected_by == centre.support
    need = TrainingNeed.objects.get()
    does(centre.support, "follow", need.pk, to="planned")
    does(centre.support, "follow", need.pk, to="trained")
    does(centre.support, "follow", need.pk, to="tested")
    assert TrainingNeed.objects.get().state == "trained"
    does(centre.support, "follow", need.pk, to="tested", score="85")
    assert TrainingNeed.objects.get().state == "passed"


@pytest.mark.clause("CMP-007")
def test_closing_without_an_answer_is_refused_on_the_page_with_its_ground(centre):
    one = complaint(centre, kind="goods", about_staff=None)
    answer = does(centre.supervisor, "act", one.number, "close")
    assert answer.status_code == 409 and "尚未答复客户" in answer.content.decode()
    typed = does(centre.supervisor, "act", one.number, "answer", text="已补发", way="smoke", content="satisfied")
    assert typed.status_code == 422 and "已补发" in typed.content.decode()
    assert does(centre.supervisor, "act", one.number, "nonsense").status_code == 404
    assert as_(centre.supervisor).get(reverse("complaints:act", args=[one.number, "close"])).status_code == 405


@pytest.mark.clause("CMP-006")
def test_the_plan_of_a_grave_complaint_is_written_and_agreed_on_its_page(centre):
    one = complaint(centre, source="media")
    plan = {"solution": "退款并致歉", "sanction": "扣当月质量分", "prevention": "加一道复核"}
    assert does(centre.quality, "plan", one.number, **plan).status_code == 302
    assert does(centre.quality, "agree", one.number).status_code == 403
    assert does(centre.director, "agree", one.number).status_code == 302
    page = text(centre.director, "complaint", one.number)
    assert "退款并致歉" in page and "已当日上报" in page
    assert "扣当月质量分" not in text(centre.leader, "complaint", one.number)


def test_filters_narrow_are_kept_and_dropped_and_nonsense_in_the_address_does_no_harm(centre):
    late = complaint(centre, kind="goods", about_staff=None, now=at(9, day=at().date() - timedelta(days=3)))
    fresh = complaint(centre, kind="slow", about_staff=None)
    page = text(centre.manager, "complaints", due="late")
    assert late.number in page and fresh.number not in page
    page = text(centre.manager, "complaints", kind="slow", state="all", **{"from": "2026-11-16", "to": "2026-11-16"})
    assert fresh.number in page and late.number not in page
    text(centre.manager, "complaints", state="zzz", page="x", sort="evil", **{"from": "2026-99-99", "to": "9999-12-31"})
    does(centre.manager, "keep_filter", name="超时", query="due=late")
    kept = SavedFilter.objects.get()
    assert "超时" in text(centre.manager, "complaints")
    does(centre.director, "drop_filter", kept.pk)
    assert SavedFilter.objects.exists()
    does(centre.manager, "drop_filter", kept.pk)
    assert not SavedFilter.objects.exists()


@pytest.mark.parametrize("name", ["complaints", "board", "praises", "inbox", "findings", "needs", "trend"])
def test_a_page_asks_as_often_for_many_rows_as_for_few(centre, name, django_assert_max_num_queries):
    def fill(count, since=0):
        for number in range(since, since + count):
            who = customer(f"客{number}", f"1380013{number:04d}")
            one = complaint(
                centre, customer=who, about_staff=(centre.agent, centre.other)[number % 2], by=centre.leader
            )
            check = one.verifications.get()
            if number % 2:
                said = {
                    "result": "justified",
                    "evidence": "none",
                    "text": "查无录音",
                    "by": centre.trainer,
                    "now": at(12),
                }
                services.verify_complaint(check.pk, **said)
                services.open_need(
                    complaint=one, staff=one.about_staff, topic="manner", text="服务用语", by=centre.support, now=at(13)
                )
            services.open_praise(
                source="call", customer=who, words="耐心", by=centre.leader, now=at(), kind="manner", staff=centre.other
            )

    client, address = as_(centre.support), reverse(f"complaints:{name}")
    fill(2)
    client.get(address)
    fill(12, 2)
    with django_assert_max_num_queries(25 if name == "trend" else 14):
        assert client.get(address).status_code == 200


def test_the_page_of_one_complaint_asks_as_often_after_many_steps(centre, django_assert_max_num_queries):
    one = complaint(centre, customer=customer())
    for hour in range(12, 18):
        services.remark(one.pk, text="再联系", by=centre.leader, now=at(hour))
    client = as_(centre.supervisor)
    address = reverse("complaints:complaint", args=[one.number])
    client.get(address)
    with django_assert_max_num_queries(18):
        client.get(address)


@pytest.mark.clause("CMP-010")
def test_a_suggestion_is_written_down_by_an_agent_and_passed_on_by_who_handles(centre):
    assert does(centre.agent, "suggest", words="增加轮椅借用点").status_code == 302
    made = Suggestion.objects.get()
    assert does(centre.agent, "forward", made.pk).status_code == 403
    does(centre.supervisor, "forward", made.pk)
    does(centre.supervisor, "reply", made.pk, text="已增设两处", adopted="on")
    made.refresh_from_db()
    assert made.forwarded_to == "运营管理部" and made.adopted
    assert "已增设两处" in text(centre.agent, "suggestions")


@pytest.mark.clause("CMP-011")
def test_points_are_summed_by_quarter_and_a_struck_one_does_not_count(centre):
    for day, points in (("2026-02-03", "1.5"), ("2026-05-06", "2"), ("2026-05-07", "1"), ("2026-11-15", "0.5")):
        assert (
            does(centre.supervisor, "take", day=day, unit="保洁", item="楼道有烟头", points=points).status_code == 302
        )
    from zuoxi.complaints.inspections import sums_of
    from zuoxi.complaints.models import InspectionMark

    does(centre.manager, "strike", InspectionMark.objects.get(points=1).pk, text="登记重复")
    (unit,) = sums_of(2026)
    assert [float(one) for one in unit.quarters] == [1.5, 2, 0, 0.5] and float(unit.first_half) == 3.5
    assert does(centre.supervisor, "take", day="2026-12-31", unit="保洁", item="x", points="1").status_code == 422
    assert "登记重复" in text(centre.director, "register")


@pytest.mark.clause("CMP-001")
def test_the_course_compares_the_months_and_opens_the_rows(centre):
    complaint(centre, kind="slow", about_staff=None, now=at(9, day=at().date() - timedelta(days=30)))
    complaint(centre)
    complaint(centre)
    page = text(centre.manager, "trend")
    assert "服务态度" in page and "from=2026-11-01" in page and "-100.0%" in page
    text(centre.manager, "trend", month="nonsense")


def test_the_panel_beside_the_call_tells_of_open_complaints_and_offers_to_write_one(centre, rf):
    from zuoxi.complaints.panels import _context
    from zuoxi.customers.panels import Subject

    who = customer()
    one = complaint(centre, customer=who, about_staff=centre.other)
    request = rf.get("/")
    request.user = centre.agent.user
    drawn = _context(request, Subject(who, "13800138111", "77"))
    assert drawn["rows"][0][0] == one and "call=77" in drawn["new"]
    assert _context(request, Subject(None, "13900000000"))["rows"] == []


@pytest.mark.clause("CMP-007")
def test_a_customer_who_wants_to_stay_unnamed_is_given_away_by_no_panel_and_no_history(centre):
    from zuoxi.complaints.lists import open_of
    from zuoxi.customers.timeline import history

    who = customer()
    complaint(centre, customer=who, anonymous=True)
    complaint(centre, customer=who, anonymous=True, about_staff=centre.leader)
    for staff, seen in ((centre.agent, 0), (centre.other, 0), (centre.leader, 1), (centre.supervisor, 2)):
        user = staff.user
        assert len(open_of(user, (who.pk,))) == seen, staff
        assert len(history(user, (who.pk,), (), only=("complaint",))) == seen, staff
    complaint(centre, customer=who)
    assert len(open_of(centre.agent.user, (who.pk,))) == 1


@pytest.mark.parametrize(("pack", "offered"), [("tv_shopping", True), ("gov_window", False), ("power_95598", False)])
def test_what_a_complaint_is_about_offers_goods_only_where_some_are_sold(centre, settings, pack, offered):
    from zuoxi.complaints.forms import LocateForm
    from zuoxi.policy.site import forget

    settings.PACK = pack
    forget()
    assert ("goods" in dict(LocateForm().fields["about"].choices)) is offered


@pytest.mark.clause("CMP-007")
def test_the_number_of_somebody_unknown_is_kept_so_that_he_can_be_answered(centre):
    said = {"what": "complaint", "source": "call", "kind": "slow", "words": "三天没有回音", "number": "199 0000 5555"}
    client = as_(centre.agent)
    assert client.post(reverse("complaints:new"), said | {"number": "1.99E+10"}).status_code == 422
    assert not Complaint.objects.exists()
    assert client.post(reverse("complaints:new"), said).status_code == 302
    assert Complaint.objects.get().customer.numbers.get().number == "19900005555"
