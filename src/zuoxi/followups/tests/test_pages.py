# SPDX-License-Identifier: Apache-2.0
"""Pages as each role opens them: what is shown, refused, kept; how many questions the database is asked."""

from __future__ import annotations

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from zuoxi.complaints.models import Complaint
from zuoxi.followups import services, surveying
from zuoxi.followups.models import FollowUpTask, Invitation, Opinion, Relisten, Response, Survey
from zuoxi.followups.tests.making import DAY, HOUR, NOW, REFUSAL, SIX, at, customer, task
from zuoxi.messaging.models import Message
from zuoxi.web.figures import Ask, figure, figures_of

NAMES = ["mine", "board", "batches", "opinions", "month", "surveys", "hospital", "patients", "checkups", "clinic"]


def as_(staff):
    client = Client()
    client.force_login(staff.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def q(answers):
    return {f"q-{key}": value for key, value in answers.items()}


def furnish(who, count=6):
    """Follow-ups in every state, an opinion, files."""
    for number in range(count):
        made = task("discharge", customer(f"139001{number:05}"), subject=f"discharge:X{number}")
        services.take(made, by=who.agent, now=NOW)
        if number % 2:
            said = {"a": "well", "c": "dissatisfied" if number == 1 else "satisfied", "e": "饭菜凉了"}
            if number == 1:
                said["d"] = "canteen"
            services.submit(made, said, by=who.agent, now=NOW)
        services.discharge(f"Z{number}", "孙测试", f"139002{number:05}", "内科", NOW.date(), by=who.agent, now=NOW)
        services.read_checkup(f"T{number}", "吴测试", "13900010009", NOW.date(), True, by=who.agent, now=NOW)
        services.clinic_booked("钱测试", "13900010010", "外科", NOW - DAY, by=who.agent, now=NOW)
    services.hand_out("x", "checkup_teach", [who.agent], 2, collect_by=NOW + DAY, by=who.supervisor, now=NOW)
    begin(who, title="y")


def begin(who, **more):
    given = {"script": "satisfaction", "channel": "sms", "opens_on": NOW.date(), "closes_on": NOW.date() + 9 * DAY}
    given |= {"by": who.personnel, "now": NOW, "title": "十一月满意度"} | more
    return services.open_survey(given.pop("title"), given.pop("script"), given.pop("channel"), **given)


@pytest.mark.clause("FUP-010")
def test_every_page_opens_empty_and_full_in_both_languages_in_few_questions(hospital, django_assert_max_num_queries):
    for filled in (False, True):
        if filled:
            furnish(hospital)
        manager, quality = as_(hospital.manager), as_(hospital.quality)
        for language in ("zh-hans", "en"):
            for name in [*NAMES, "relistens"]:
                client = quality if name in ("mine", "relistens") else manager
                client.cookies["django_language"] = language
                with django_assert_max_num_queries(12):
                    answer = client.get(reverse(f"followups:{name}"))
                assert answer.status_code == 200, name
    month = manager.get(reverse("followups:month")).content.decode()
    assert "饭菜凉了" in month and "周测试" not in month and "孙测试" not in month
    assert manager.get(reverse("followups:batch", args=[hospital.supervisor.pk * 0 + 1])).status_code in (200, 404)


@pytest.mark.clause("FUP-001", "FUP-002")
def test_one_page_asks_by_the_script_keeps_what_was_typed_and_hands_in(heating):
    made = task("repair", facts={"unpaid": "yes"})
    agent = as_(heating.agent)
    page = agent.get(reverse("followups:task", args=[made.pk])).content.decode()
    assert "现在方便" in page and "13900010001" not in page and "139****0001" in page
    shown = agent.post(reverse("followups:questions", args=[made.pk]), q(SIX)).content.decode()
    assert "q-f" in shown
    hidden = agent.post(reverse("followups:questions", args=[made.pk]), q(SIX | {"b": "fair"})).content.decode()
    assert "q-f" not in hidden
    wrong = agent.post(reverse("followups:answer", args=[made.pk]), q(SIX | {"d": "", "e": "门口太冷"}))
    assert wrong.status_code == 422 and "门口太冷" in wrong.content.decode()
    whole = agent.post(reverse("followups:number", args=[made.pk])).content.decode()
    assert 'data-dial="13900010001"' in whole
    assert agent.post(reverse("followups:answer", args=[made.pk]), q(SIX)).status_code == 302
    made.refresh_from_db()
    assert made.state == "done" and made.score == 9


def test_what_the_agent_learns_of_the_fee_opens_the_last_question(heating):
    made = task("repair")
    agent = as_(heating.agent)
    url = reverse("followups:questions", args=[made.pk])
    assert "q-f" not in agent.post(url, q(SIX)).content.decode()
    assert "q-f" in agent.post(url, q(SIX) | {"fact-unpaid": "yes"}).content.decode()
    said = q(SIX | {"f": "yes"}) | {"fact-unpaid": "yes"}
    assert agent.post(reverse("followups:answer", args=[made.pk]), said).status_code == 302
    made.refresh_from_db()
    assert made.facts["unpaid"] == "yes"


def test_follow_ups_of_other_teams_are_not_seen(shop):
    made = task("regular_visit")
    services.take(made, by=shop.agent, now=NOW)
    url = reverse("followups:task", args=[made.pk])
    assert as_(shop.agent).get(url).status_code == 200 and as_(shop.leader).get(url).status_code == 200
    assert as_(shop.stranger).get(url).status_code == 404
    assert as_(shop.personnel).get(url).status_code == 403
    assert as_(shop.stranger).post(reverse("followups:answer", args=[made.pk]), {}).status_code == 404


def test_a_caller_agrees_on_a_time_tries_and_a_leader_takes_off(shop):
    made = task("regular_visit")
    agent = as_(shop.agent)
    agent.post(reverse("followups:take", args=[made.pk]))
    agent.post(reverse("followups:book", args=[made.pk]), {"at": "nonsense"})
    made.refresh_from_db()
    assert made.state == "open"
    agent.post(reverse("followups:book", args=[made.pk]), {"at": f"{NOW.date()}T15:30"})
    made.refresh_from_db()
    assert made.booked_for == at(15, 30)
    assert "人1001" in as_(shop.leader).get(reverse("followups:task", args=[made.pk])).content.decode()
    second = task("satisfaction_call")
    told = as_(shop.other).get(reverse("followups:task", args=[second.pk])).content.decode()
    assert "人1001" in told and 'name="act"' not in told  # agreed with this customer: nobody else calls
    agent.post(reverse("followups:tried", args=[made.pk]), {"outcome": "no_answer"})
    made.refresh_from_db()
    assert made.missed == 1
    assert agent.post(reverse("followups:drop", args=[made.pk]), {"reason": "x"}).status_code == 403
    as_(shop.leader).post(reverse("followups:drop", args=[made.pk]), {"reason": "客户来电撤销"})
    made.refresh_from_db()
    assert made.state == "dropped"


@pytest.mark.clause("FUP-005")
def test_a_supervisor_hands_out_and_collects_on_the_page(shop):
    task("regular_visit")
    supervisor = as_(shop.supervisor)
    said = {
        "name": "名单",
        "kind": "regular_visit",
        "people": ["1001"],
        "count": "5",
        "until": f"{NOW.date() + DAY}T18:00",
    }
    supervisor.post(reverse("followups:hand_out"), said)
    made = FollowUpTask.objects.get()
    assert made.assignee == shop.agent and as_(shop.agent).post(reverse("followups:hand_out"), said).status_code == 403
    page = reverse("followups:batch", args=[made.batch_id])
    assert supervisor.get(page).status_code == 200
    supervisor.post(reverse("followups:collect", args=[made.batch_id]), {"summary": "没人接"})
    assert "没人接" in supervisor.get(page).content.decode()


@pytest.mark.clause("FUP-006", "FUP-015")
def test_a_link_is_answered_once_by_whoever_was_sent_it(shop, settings):
    settings.LANGUAGE_CODE = "zh-hans"
    survey = begin(shop)
    people = [(None, "139 0001 0001"), (None, "13900010001"), (None, "x")]
    counts = services.invite(survey, people, by=shop.personnel, now=NOW)
    assert counts == {"invited": 1, "again": 0, "barred": 0, "bad": 1}
    token = Message.objects.get().body.split("/s/")[1].split("/")[0]
    stranger, url = Client(), reverse("followups:survey_answer", args=[token])
    assert "满意" in stranger.get(url).content.decode() and Invitation.objects.get().state == "opened"
    wrong = stranger.post(url, q({"a": "satisfied", "c": "11"}) | {"act": "done"})
    assert wrong.status_code == 422 and not Response.objects.exists()
    sent = stranger.post(url, q({"a": "satisfied", "c": "9", "d": "很好很快"}) | {"act": "done"})
    assert sent.status_code == 200 and Response.objects.get().score == 9 and Opinion.objects.count() == 1
    again = stranger.post(url, q({"a": "satisfied", "c": "1"}) | {"act": "done"}).content.decode()
    assert Response.objects.count() == 1 and "只能用一次" in again
    assert stranger.get(reverse("followups:survey_answer", args=["nobody-was-sent-this"])).status_code == 404
    assert token not in str(Invitation.objects.values())


@pytest.mark.clause("FUP-006")
@pytest.mark.parametrize(("named", "complaints"), [(True, 1), (False, 0)])
def test_whoever_answers_a_link_and_is_not_satisfied_is_called_back_as_a_complaint(shop, named, complaints):
    survey = begin(shop, anonymous=not named)
    services.invite(survey, [(None, "13900010001")], by=shop.personnel, now=NOW)
    said = {"a": "dissatisfied", "b": "slow", "c": "3"}
    services.answer_survey(Invitation.objects.get(), said, now=NOW)
    found = list(Complaint.objects.all())
    assert len(found) == complaints
    if found:
        assert (found[0].source, found[0].kind) == ("survey", "slow")
        assert found[0].customer.numbers.get().number == "13900010001"


@pytest.mark.clause("FUP-006")
def test_a_link_whose_time_is_over_or_that_is_guessed_too_often_opens_nothing(shop, clock):
    survey = begin(shop)
    services.invite(survey, [(None, "13900010001")], by=shop.personnel, now=NOW)
    token = Message.objects.get().body.split("/s/")[1].split("/")[0]
    url, stranger = reverse("followups:survey_answer", args=[token]), Client()
    for _ in range(surveying.A_MINUTE):
        stranger.get(reverse("followups:survey_answer", args=["a-guessed-token"]))
    assert stranger.get(url).status_code == 429
    clock.move_to(NOW + 7 * DAY)
    assert "q-a" in stranger.get(url).content.decode()
    clock.move_to(NOW + 7 * DAY + DAY / 1000)
    assert "q-a" not in stranger.get(url).content.decode()


@pytest.mark.clause("FUP-015")
def test_the_judged_window_sees_figures_and_never_who_answered(shop):
    survey = begin(shop, script="window_questionnaire", channel="sms", window="f-1", anonymous=True)
    services.invite(survey, [(None, "13900010001")], by=shop.personnel, now=NOW)
    invitation = Invitation.objects.get()
    said = {"a": "3", "b": "4", "c": "5", "d": "dissatisfied", "e": "窗口聊天"}
    kept = services.answer_survey(invitation, said, now=NOW)
    assert kept.invitation is None and kept.at == at(0) and Invitation.objects.get().answered_at is None
    page = reverse("followups:survey", args=[survey.pk])
    assert as_(shop.leader).get(page).status_code == 404
    services.close_survey(survey, None, by=shop.personnel, now=NOW)
    over = as_(shop.leader).get(page)
    assert over.status_code == 200 and "窗口聊天" not in over.content.decode()
    whole = as_(shop.personnel).get(page).content.decode()
    assert "窗口聊天" in whole and "13900010001" not in whole and "139****0001" not in whole


@pytest.mark.clause("FUP-006", "FUP-008")
def test_refusals_and_unreached_are_no_answers_and_a_reported_rate_stands_beside_the_one_of_the_rows(shop):
    survey = begin(shop, channel="called")
    services.invite(survey, [(None, f"139000100{n:02}") for n in range(4)], by=shop.personnel, now=NOW)
    first, second, third, fourth = Invitation.objects.order_by("pk")
    services.answer_survey(first, {"a": "satisfied", "c": "9"}, now=NOW)
    services.answer_survey(second, {"a": "fair", "c": "6"}, now=NOW)
    services.not_answered(third, "refused")
    services.not_answered(fourth, "unreached")
    with pytest.raises(services.Refused):
        services.not_answered(first, "refused")
    as_(shop.personnel).post(reverse("followups:survey_close", args=[survey.pk]), {"stated": "98.1"})
    page = as_(shop.personnel).get(reverse("followups:survey", args=[survey.pk])).content.decode()
    assert "50.0%" in page and "100.0%" in page and "98.1" in page


@pytest.mark.clause("FUP-011", "FUP-008")
def test_an_opinion_goes_to_a_department_and_its_answer_back(hospital):
    leader = as_(hospital.leader)
    leader.post(reverse("followups:opinion_new"), {"source": "card", "words": "走廊太吵", "department": "nursing"})
    opinion = Opinion.objects.get()
    assert opinion.state == "passed" and opinion.due_at.date() == (NOW + 3 * DAY).date()
    leader.post(reverse("followups:opinion_step", args=[opinion.pk, "answer"]), {"reply": "已增加静音门"})
    leader.post(reverse("followups:opinion_step", args=[opinion.pk, "answer"]), {"reply": "第二次"})
    leader.post(reverse("followups:opinion_step", args=[opinion.pk, "tell"]))
    opinion.refresh_from_db()
    assert opinion.reply == "已增加静音门" and opinion.state == "closed" and opinion.in_time
    assert as_(hospital.agent).post(reverse("followups:opinion_new"), {"words": "x"}).status_code == 403


@pytest.mark.clause("FUP-011")
def test_cards_that_are_not_there_are_not_handed_out(hospital):
    agent = as_(hospital.agent)
    for move, count in (("stocked", 100), ("given", 60), ("given", 41), ("back", 50), ("back", 11), ("given", 0)):
        agent.post(reverse("followups:cards"), {"move": move, "cards": str(count)})
    from zuoxi.followups.opinions import card_counts

    assert card_counts() == {"stocked": 100, "given": 60, "back": 50}


@pytest.mark.clause("ORD-010")
def test_the_month_says_when_other_is_too_frequent(shop):
    for number in range(5):
        made = task("refused_parcel", customer(f"139003{number:05}"), subject=f"refused:S{number}")
        reason = "other" if number < 2 else "price"
        services.submit(made, REFUSAL | {"a": reason}, by=shop.agent, now=NOW)
    page = as_(shop.manager).get(reverse("followups:month")).content.decode()
    assert "40.0%" in page and "须细化" in page


@pytest.mark.clause("FUP-012")
def test_who_did_not_come_needs_a_reason_of_the_list(hospital):
    visit = services.clinic_booked("钱测试", "13900010010", "外科", NOW, by=hospital.agent, now=NOW)
    agent, url = as_(hospital.agent), reverse("followups:clinic_seen", args=[visit.pk])
    agent.post(url, {"came": "no", "reason": "nonsense"})
    visit.refresh_from_db()
    assert not visit.absent_reason
    agent.post(url, {"came": "no", "reason": "forgot"})
    agent.post(url, {"came": "yes"})
    visit.refresh_from_db()
    assert visit.absent_reason == "forgot" and visit.arrived_at is None


@pytest.mark.clause("ORD-005")
def test_quality_hears_what_the_lot_drew(shop, monkeypatch):
    monkeypatch.setattr("zuoxi.followups.calling.drawn", lambda _seed, _percent: True)
    services.submit(task("refused_parcel", subject="refused:S1"), REFUSAL, by=shop.agent, now=NOW, call="call-7")
    drawn = Relisten.objects.get()
    inspector = as_(shop.inspector)
    assert "call-7" in inspector.get(reverse("followups:relistens")).content.decode()
    inspector.post(reverse("followups:heard", args=[drawn.pk]), {"truthful": "yes"})
    drawn.refresh_from_db()
    assert drawn.truthful and as_(shop.agent).get(reverse("followups:relistens")).status_code == 403


def test_a_paper_answer_is_entered_and_a_bad_one_says_what_is_missing(shop):
    survey = begin(shop, channel="card")
    url = reverse("followups:survey_enter", args=[survey.pk])
    supervisor = as_(shop.supervisor)
    assert supervisor.post(url, q({"a": "satisfied"})).status_code == 422
    assert supervisor.post(url, q({"a": "dissatisfied", "b": "slow", "c": "3"})).status_code == 302
    assert Response.objects.get().satisfaction == "dissatisfied"
    assert Survey.objects.get().state == "open"


def test_programs_read_follow_ups_by_id_without_names_or_numbers(shop):
    for number in range(3):
        task("regular_visit", customer(f"139004{number:05}"))
    client = as_(shop.manager)
    first = client.get("/api/v1/followups/tasks", {"limit": 2}).json()
    assert len(first["items"]) == 2 and first["next"] == first["items"][1]["id"]
    second = client.get("/api/v1/followups/tasks", {"after": first["next"]}).json()
    assert len(second["items"]) == 1 and second["next"] is None
    assert "139004" not in str(first) and "周测试" not in str(first)
    assert client.get("/api/v1/followups/tasks", {"state": "nonsense"}).status_code == 422


@pytest.mark.clause("FUP-013")
def test_one_follow_up_is_planned_by_hand_and_a_wrong_number_keeps_what_was_typed(heating):
    agent = as_(heating.agent)
    page = agent.get(reverse("followups:new"), {"number": "13900010077"}).content.decode()
    assert "13900010077" in page
    said = {"kind": "repair", "number": "12", "name": "郑测试", "note": "问一下暖气片", "mine": "on"}
    wrong = agent.post(reverse("followups:new"), said)
    assert wrong.status_code == 422 and "问一下暖气片" in wrong.content.decode()
    made = agent.post(reverse("followups:new"), said | {"number": "139 0001 0077"})
    planned = FollowUpTask.objects.get(number="13900010077")
    assert made.url == reverse("followups:task", args=[planned.pk])
    assert (planned.assignee, planned.state) == (heating.agent, "open")
    assert "问一下暖气片" in agent.get(made.url).content.decode()


@pytest.mark.clause("FUP-005")
def test_figures_of_follow_ups_open_exactly_their_rows(heating):
    past = {"due_by": NOW - HOUR, "due_from": NOW - 2 * HOUR}
    ended = {"state": "done", "closed_at": NOW, "closed_by": heating.agent}
    for number, values in enumerate((past, ended, ended | past | {"complaint": "C1"}, {})):
        made = task("repair", customer(f"139003{number:05}"), subject=f"ticket:X{number}")
        if values:
            FollowUpTask.objects.filter(pk=made.pk).update(**values)
    with time_machine.travel(NOW + HOUR / 2, tick=False):
        source, _figure = figure("followups.due")
        counts = source.tally(Ask(heating.manager.user, NOW - 9 * DAY, NOW + 9 * DAY))[""]
        days = {"from": (NOW - 9 * DAY).date(), "to": (NOW + 8 * DAY).date()}
        for one in figures_of(source):
            for names, rows in ((one.above, one.rows), (one.below, one.base_rows)):
                if names and names != ("points",):  # a sum of scores is no count of rows
                    page = as_(heating.manager).get(reverse(rows.url), dict(rows.query) | days)
                    assert len(page.context["rows"]) == counts[names[0]], (one.id, names)
    assert (counts["due"], counts["done"], counts["in_time"], counts["complaints"]) == (3, 2, 1, 1)
