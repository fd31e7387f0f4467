# SPDX-License-Identifier: Apache-2.0
"""Pages of duties: whose they are, what they ask of the database, what they say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from zuoxi.people.models import User
from zuoxi.reporting.duties import making, rates
from zuoxi.reporting.models import DutyItem, DutyReceipt, HomeSafe
from zuoxi.reporting.tests.duty_world import DAY, carriers, local, roster, usual

pytestmark = pytest.mark.django_db
EVENING = local("2026-11-18 20:30")
MOST = 12


@pytest.fixture
def world():
    staff = usual()
    carriers()
    for code in ("1001", "1002", "2001"):
        roster(staff[code])
    with time_machine.travel(EVENING, tick=False):
        making.make_items(EVENING)
        yield staff


def _as(code):
    client = Client()
    client.force_login(User.objects.get(username=code), "django.contrib.auth.backends.ModelBackend")
    return client


def _item(duty, **fields):
    return DutyItem.objects.get(duty=duty, **fields)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("duties", "2001"),
        ("received", "9001"),
        ("duty_calendar", "8001"),
        ("duty_catalogue", "8001"),
        ("duty_punctuality", "9001"),
        ("duty_rows", "9001"),
        ("duty_task", "3001"),
        ("duty_events", "6001"),
        ("home_safe", "2001"),
    ],
)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_page_of_duties_asks_little_of_the_database(world, name, code, language, django_assert_max_num_queries):
    client = _as(code)
    client.cookies["django_language"] = language
    client.get(reverse(f"reporting:{name}"))
    with django_assert_max_num_queries(MOST + 4):  # session, user, posts and bell are the frame's
        answer = client.get(reverse(f"reporting:{name}"))
    assert answer.status_code == 200


def test_more_reports_ask_no_more_of_the_database(world, django_assert_max_num_queries):
    client = _as("9001")
    client.get(reverse("reporting:received"))
    for number in range(40):
        item = DutyItem.objects.create(
            duty="x", occasion=str(number), slot="s", day=DAY, position="OM", about_first=DAY, about_last=DAY,
            opens_at=EVENING, due_at=EVENING, closes_at=EVENING, created_at=EVENING, state="done", done_at=EVENING,
            done_by=world["8001"],
        )  # fmt: skip
        DutyReceipt.objects.create(item=item, staff=world["9001"], received_at=EVENING)
    with django_assert_max_num_queries(MOST + 4):
        client.get(reverse("reporting:received"))
    with django_assert_max_num_queries(MOST + 4):
        client.get(reverse("reporting:duty_rows"))


def test_my_page_groups_what_i_owe_and_links_to_it(world):
    page = _as("2001").get(reverse("reporting:duties")).content.decode()
    assert "逾期" in page  # the results of the day were due an hour after the shift
    assert reverse("reporting:duty", args=[_item("team_results_tsrl").pk]) in page


def test_a_report_is_seen_by_who_owes_it_who_gets_it_and_superiors_only(world):
    address = reverse("reporting:duty", args=[_item("team_results_tsrl").pk])
    assert [_as(code).get(address).status_code for code in ("2001", "3001", "9001", "8001")] == [200] * 4
    assert [_as(code).get(address).status_code for code in ("1001", "1002")] == [404] * 2


@pytest.mark.clause("ORG-006")
def test_a_report_on_peoples_moods_is_for_its_writer_and_the_director_alone(world):
    with time_machine.travel(local("2026-11-30 09:00"), tick=False):
        making.make_items(local("2026-11-30 09:00"))
        address = reverse("reporting:duty", args=[_item("staff_mood").pk])
        found = {code: _as(code).get(address).status_code for code in ("8001", "9001", "8003", "6001", "3001")}
    assert found == {"8001": 200, "9001": 200, "8003": 404, "6001": 404, "3001": 404}


def test_the_editor_is_filled_with_what_is_known_and_hands_in(world):
    item = _item("safe_return_tsrl")
    address = reverse("reporting:duty", args=[item.pk])
    with time_machine.travel(local("2026-11-18 19:50"), tick=False):
        client = _as("2001")
        assert "11-18 18:00下班2人" in client.get(address).content.decode()
        client.post(reverse("reporting:duty_keep", args=[item.pk]), {"text": "都到家了", "send": "1"})
    item.refresh_from_db()
    assert item.handed_at == local("2026-11-18 19:50")


def test_a_refused_form_keeps_what_was_typed(world):
    item = _item("leader_report")
    answer = _as("2001").post(
        reverse("reporting:duty_keep", args=[item.pk]), {"part_strength": "到2人，缺1人", "send": "1"}
    )
    assert answer.status_code == 409
    assert "到2人，缺1人" in answer.content.decode()
    assert "还缺" in answer.content.decode()


@pytest.mark.clause("RPT-011")
def test_one_button_says_that_somebody_is_home_and_the_leader_sees_who_is_missing(world):
    client = _as("1001")
    assert "我到家了" in client.get(reverse("reporting:home_safe")).content.decode()
    client.post(reverse("reporting:say_safe"))
    assert HomeSafe.objects.get().staff == world["1001"]
    page = _as("2001").get(reverse("reporting:home_safe")).content.decode()
    assert page.count("未报平安") == 1
    _as("2001").post(reverse("reporting:say_safe"), {"staff": "1002"})
    assert HomeSafe.objects.count() == 2


def test_an_agent_does_not_say_it_for_another(world):
    _as("1001").post(reverse("reporting:say_safe"), {"staff": "1002"})
    assert not HomeSafe.objects.exists()


@pytest.mark.clause("RPT-012")
def test_the_director_sees_the_teams_results_put_together_and_acknowledges_each(world):
    client = _as("9001")
    for duty, code in (("team_results_tsrl", "2001"), ("team_results_tsrs", "3001")):
        item = _item(duty)
        _as(code).post(reverse("reporting:duty_keep", args=[item.pk]), {"text": f"业绩{code}", "send": "1"})
    page = client.get(reverse("reporting:received")).content.decode()
    assert "业绩2001" in page
    assert "业绩3001" in page
    assert page.count("班组当日业绩</h2>") + page.count("所属团队当日业绩</h2>") == 1
    client.post(reverse("reporting:duty_acknowledge", args=[_item("team_results_tsrl").pk]), {"comment": "辛苦"})
    receipt = DutyReceipt.objects.get(item__duty="team_results_tsrl", staff=world["9001"])
    assert (receipt.acknowledged_at is not None, receipt.comment) == (True, "辛苦")


@pytest.mark.clause("RPT-033")
def test_only_what_is_due_counts_and_nothing_due_is_no_ratio():
    now = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)

    def item(slot, state, due, **fields):
        return DutyItem.objects.create(
            duty="x", occasion="o", slot=slot, day=DAY, position="OM", about_first=DAY, about_last=DAY,
            opens_at=now, due_at=due, closes_at=due, created_at=now, state=state, **fields,
        )  # fmt: skip

    rows = rates.between(DAY, DAY)
    item("open", "open", now + timedelta(seconds=1))
    item("at", "open", now)
    assert rates.total(rows, now).ratio is None
    item("edge", "open", now, inclusive=False)
    item("done", "done", now, done_at=now)
    item("late", "late", now, done_at=now)
    item("excused", "excused", now)
    item("over", "handed_over", now)
    found = rates.total(rows, now)
    assert (found.due, found.in_time, found.late, found.missing, found.excused) == (3, 1, 1, 1, 1)
    assert found.ratio == pytest.approx(1 / 3)


def test_a_supervisor_sees_the_punctuality_of_his_own_people(world):
    every = _as("9001").get(reverse("reporting:duty_rows")).context["page"].rows
    own = _as("3001").get(reverse("reporting:duty_rows")).context["page"].rows
    assert {one.duty for one in own} < {one.duty for one in every}
    assert "daily_figures" not in {one.duty for one in own}


def test_a_paper_is_sealed_and_opens_for_who_may_see_the_report(world):
    from django.core.files.uploadedfile import SimpleUploadedFile

    from zuoxi.reporting.models import DutyPaper

    item = _item("patrol_record")
    file = SimpleUploadedFile("巡视.txt", "第一次巡视".encode())
    _as("3001").post(reverse("reporting:duty_add_paper", args=[item.pk]), {"file": file})
    paper = DutyPaper.objects.get()
    assert "第一次".encode() not in bytes(paper.content)
    address = reverse("reporting:duty_paper", args=[paper.pk])
    assert _as("3001").get(address).content.decode() == "第一次巡视"
    assert _as("1001").get(address).status_code == 404


@pytest.mark.clause("RPT-026", "TRN-029")
def test_the_calendar_shows_the_thirtieth_in_february_as_its_last_day(world):
    page = _as("8001").get(reverse("reporting:duty_calendar"), {"month": "2027-02"})
    assert page.context["month"].month == 2
    assert page.status_code == 200
    assert _as("8001").get(reverse("reporting:duty_calendar"), {"month": "nonsense"}).status_code == 200


def test_the_catalogue_says_clause_deadline_and_what_is_ours(world):
    page = _as("2001").get(reverse("reporting:duty_catalogue"), {"q": "RPT-008"}).content.decode()
    assert "CSR主管" in page
    assert "90至120" in page
    assert "C-09" in page


def test_channels_are_set_up_by_it_and_the_director_and_a_secret_is_never_shown():
    from zuoxi.messaging.models import Channel, Message
    from zuoxi.telephony.tests import factories

    for code, role in (("7001", "IT"), ("8001", "OM")):
        factories.person(code, role)
    client = _as("7001")
    assert _as("8001").get(reverse("reporting:channels")).status_code == 403
    client.post(reverse("reporting:channels"), {"name": "sms", "kind": "aliyun"})
    address = reverse("reporting:channel", args=["sms"])
    given = {"enabled": "on", "sign_name": "坐席", "secret_access_key_secret": "hush-hush"}
    assert client.post(address, given).status_code == 302
    channel = Channel.objects.get()
    assert channel.config == {"sign_name": "坐席"}
    assert channel.secrets == {"access_key_secret": "kept"}
    assert "hush-hush" not in client.get(address).content.decode()
    client.post(address, {"enabled": "on", "sign_name": "坐席二"})
    from zuoxi.messaging import services

    assert services.secrets_of(Channel.objects.get()) == {"access_key_secret": "hush-hush"}
    assert client.post(address, {"endpoint": "http://inside"}).status_code == 422
    client.post(reverse("reporting:channel_test", args=["sms"]), {"to": "10000007001"})
    assert Message.objects.get().about == "messaging.test:sms"
