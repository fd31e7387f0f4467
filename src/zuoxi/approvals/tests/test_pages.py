# SPDX-License-Identifier: Apache-2.0
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from zuoxi.approvals import services
from zuoxi.approvals.models import Delegation, Notice, Request
from zuoxi.approvals.tests.conftest import DAY, NOW
from zuoxi.people.models import User
from zuoxi.vault.models import AuditEntry

TODAY = DAY + timedelta(days=2)


@pytest.fixture
def browse(world, client):
    """Sign somebody in."""

    User.objects.update(must_change_password=False)

    def sign_in(staff):
        client.force_login(staff.user, "django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


def url(name, *args):
    return reverse(f"approvals:{name}", args=args)


def test_asking_through_the_page_leads_to_the_request(world, browse):
    client = browse(world.t1)
    assert "测试申请" in client.get(url("choose")).text
    answer = client.post(url("new", "test"), {"reason": "看牙", "days": "2"})
    made = Request.objects.get()
    assert answer["Location"] == url("request", made.number)
    page = client.get(answer["Location"]).text
    assert "走这条路" in page
    assert "ATT-006" in page
    assert "人tsrl" in page


def test_a_wrong_form_keeps_what_was_typed(world, browse):
    answer = browse(world.t1).post(url("new", "test"), {"reason": "看牙", "days": "0"})
    assert answer.status_code == 400
    assert 'value="看牙"' in answer.text


def test_a_refusal_shows_its_reason_beside_the_form(world, browse):
    world.refused = True
    answer = browse(world.t1).post(url("new", "test"), {"reason": "看牙", "days": "1"})
    assert answer.status_code == 409
    assert "不可以" in answer.text
    assert 'value="看牙"' in answer.text


def test_a_file_that_is_not_taken_is_named(world, browse):
    file = SimpleUploadedFile("virus.pdf", b"MZ", "application/pdf")
    answer = browse(world.t1).post(url("new", "test"), {"reason": "x", "days": "1", "attached": file})
    assert answer.status_code == 400
    assert "virus.pdf" in answer.text
    assert not Request.objects.exists()


def test_the_inbox_decides_several_and_says_what_came_of_each(world, browse):
    numbers = [world.ask(one).number for one in (world.t1, world.t1)]
    client = browse(world.tsrl)
    assert all(number in client.get(url("inbox")).text for number in numbers)
    services.withdraw(Request.objects.get(number=numbers[1]), by=world.t1.user, now=NOW)
    page = client.post(url("decide_many"), {"number": numbers, "verdict": "approve", "note": ""}).text
    assert Request.objects.get(number=numbers[0]).state == "approved"
    assert "已撤回" in page


def test_bulk_refusal_without_a_reason_keeps_the_ticks(world, browse):
    number = world.ask(world.t1).number
    answer = browse(world.tsrl).post(url("decide_many"), {"number": number, "verdict": "refuse", "note": ""})
    assert answer.status_code == 400
    assert "checked" in answer.text


def test_the_navigation_counts_what_waits_and_the_bell_what_is_unread(world, browse):
    world.ask(world.t1)
    client = browse(world.tsrl)
    assert "data-count" in client.get(url("inbox")).text
    counts = client.get(reverse("counts")).json()
    assert (counts["approvals:inbox"], counts["approvals:notices"]) == (1, 1)


def test_deciding_on_the_page(world, browse):
    request = world.ask(world.t1)
    client = browse(world.tsrl)
    step = request.signatures.get().pk
    assert client.post(url("decide", request.number), {"verdict": "refuse", "step": step}).status_code == 400
    client.post(url("decide", request.number), {"verdict": "refuse", "note": "人手不够", "step": step})
    assert "人手不够" in browse(world.t1).get(url("request", request.number)).text


def test_who_comes_second_reads_who_was_quicker(world, browse):
    world.steps, world.duty = ["DUTY_SUPERVISOR"], ["tsrs", "csrs"]
    request = world.ask(world.t1)
    step = request.signatures.get().pk
    world.say(request, "csrs", step=step)
    answer = browse(world.tsrs).post(url("decide", request.number), {"verdict": "approve", "step": step})
    assert answer.status_code == 409
    assert "人csrs" in answer.text


@pytest.mark.clause("SEC-013")
def test_only_who_has_to_do_with_it_sees_a_request(world, browse):
    number = world.ask(world.t1).number
    everybody = (world.t1, world.t2, world.c1, world.tsrl, world.tsrs, world.csrl, world.csrs, world.om, world.hr)
    seen = {one.code for one in everybody if browse(one).get(url("request", number)).status_code == 200}
    assert seen == {"t1", "tsrl", "tsrs", "om", "hr"}


def test_a_file_is_handed_out_to_who_may_see_the_request_and_that_is_written_down(world, browse):
    request = world.ask(world.t1)
    paper = SimpleUploadedFile("证明.pdf", b"%PDF-1.7", "application/pdf")
    browse(world.t1).post(url("add_document", request.number), {"attached": paper})
    kept = request.documents.get()
    path = url("document", request.number, kept.pk)
    assert browse(world.t2).get(path).status_code == 404
    answer = browse(world.tsrl).get(path)
    assert (answer.content, answer["Content-Type"]) == (b"%PDF-1.7", "application/pdf")
    assert AuditEntry.objects.filter(verb="approvals.document.read", who="tsrl").exists()


def test_the_printed_form_has_number_applicant_and_trail(world, browse):
    request = world.ask(world.t1)
    world.say(request, "tsrl")
    page = browse(world.t1).get(url("print", request.number)).text
    assert request.number in page
    assert "人t1" in page
    assert "人tsrl" in page


def test_withdrawing_and_correcting_on_the_page(world, browse):
    request = world.ask(world.t1)
    world.say(request, "tsrl", "return", note="补日期")
    client = browse(world.t1)
    assert 'value="有事"' in client.get(url("again", request.number)).text
    client.post(url("again", request.number), {"reason": "看牙", "days": "1"})
    assert browse(world.t2).get(url("again", request.number)).status_code == 404
    browse(world.t1).post(url("withdraw", request.number))
    request.refresh_from_db()
    assert request.state == "withdrawn"


def test_naming_and_taking_back_a_stand_in(world, browse):
    client = browse(world.tsrl)
    given = {"taker": "csrl", "from_on": TODAY, "until_on": TODAY}
    client.post(url("delegations"), given)
    row = Delegation.objects.get()
    assert "人csrl" in client.get(url("delegations")).text
    assert browse(world.csrl).post(url("revoke", row.pk)).status_code == 403
    assert browse(world.csrl).post(url("delegations"), given | {"taker": "tsrl"}).status_code == 409
    browse(world.tsrl).post(url("revoke", row.pk))
    row.refresh_from_db()
    assert row.revoked_at


def test_a_notice_opens_what_it_tells_of(world, browse):
    request = world.ask(world.t1)
    notice = Notice.objects.get(staff=world.tsrl)
    client = browse(world.tsrl)
    assert "测试申请" in client.get(url("notices")).text
    assert client.post(url("open_notice", notice.pk))["Location"] == url("request", request.number)
    assert browse(world.t1).post(url("open_notice", notice.pk)).status_code == 404


@pytest.mark.parametrize("name", ["inbox", "mine", "people", "decided", "copies", "notices", "delegations"])
def test_a_list_asks_the_same_few_questions_however_long_it_is(world, browse, django_assert_max_num_queries, name):
    for _ in range(5):
        world.ask(world.t1)
    client = browse(world.tsrl)
    client.get(url(name))
    with django_assert_max_num_queries(12):
        assert client.get(url(name)).status_code == 200


def test_a_request_page_stays_within_its_budget(world, browse, django_assert_max_num_queries):
    world.steps = ["TEAM_LEADER", "SUPERVISOR"]
    request = world.ask(world.t1)
    world.say(request, "tsrl")
    client = browse(world.tsrs)
    client.get(url("request", request.number))
    with django_assert_max_num_queries(30):
        assert client.get(url("request", request.number)).status_code == 200


def test_in_english_too(world, browse, settings):
    world.ask(world.t1)
    client = browse(world.tsrl)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert "Waiting for me" in client.get(url("inbox")).text


@pytest.mark.clause("ORG-003")
def test_a_duty_supervisor_of_another_project_sees_what_he_may_sign(world, browse):
    world.steps, world.duty = ["DUTY_SUPERVISOR"], ["tsrs", "csrs"]
    page = url("request", world.ask(world.t1).number)
    assert browse(world.csrs).get(page).status_code == 200
    world.duty = ["tsrs"]
    assert browse(world.csrs).get(page).status_code == 404


def test_the_filter_by_type_lists_each_type_once_in_one_language(world, browse):
    page = browse(world.tsrs).get(url("inbox")).text
    assert "<optgroup" not in page


def test_who_may_not_oversee_has_no_tab_for_it(world, browse, monkeypatch):
    client = browse(world.tsrs)
    assert url("people") in client.get(url("inbox")).text
    monkeypatch.setattr(User, "may", lambda _self, code: code != "approvals.oversee")
    assert url("people") not in client.get(url("inbox")).text
