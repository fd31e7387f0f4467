# SPDX-License-Identifier: Apache-2.0
"""Pages of outbound calls: who sees what, what is kept, how many questions the database is asked."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from zuoxi.outbound import campaigns, follow_ups
from zuoxi.outbound.campaigns import Plan
from zuoxi.outbound.follow_ups import Said
from zuoxi.outbound.models import Attempt, Campaign, FollowUpRecord, Lead, ListImport, Promise, QueueTurn
from zuoxi.outbound.promising import promise_callback
from zuoxi.people.models import User
from zuoxi.telephony.tests import factories as make
from zuoxi.vault.models import AuditEntry
from zuoxi.web.figures import Ask, figure, figures_of

pytestmark = pytest.mark.django_db
BUDGET = 12


@pytest.fixture
def floor(client):
    """A team with an agent, a leader and a supervisor; `floor(code)` signs somebody in."""
    team = make.team()
    roles = {"1001": "TSR", "1002": "TSR", "2001": "TSRL", "3001": "TSRS"}
    people = {code: make.person(code, role, team) for code, role in roles.items()}

    def sign_in(code):
        client.force_login(User.objects.get(username=code))
        return client

    sign_in.people = people
    return sign_in


@pytest.fixture
def campaign(floor):
    now = timezone.now()
    plan = Plan(name="冬季回馈", mode="preview", rule="ordinary", tree="sales")
    made = campaigns.save_campaign(None, plan, floor.people["3001"], now)
    for index in range(30):
        Lead.objects.create(
            campaign=made, number=f"1380000{index:04d}", name=f"顾客{index}", consent="官网勾选", changed_at=now
        )
    return campaigns.start_campaign(made.pk, floor.people["3001"], now)


def attempt(campaign, staff, index=0, **more):
    now = timezone.now()
    values = {
        "campaign": campaign, "staff": staff, "number": f"1390000{index:04d}", "mode": "preview", "state": "answered",
        "day": timezone.localdate(now), "reserved_at": now, "answered_at": now, "ended_at": now, "talk_seconds": 60,
    } | more  # fmt: skip
    return Attempt.objects.create(**values)


@pytest.mark.parametrize(
    "name",
    [
        "campaigns", "work", "callbacks", "follow_ups", "targets", "month", "turns", "calls", "callback_new",
        "follow_up_new",
    ],
)  # fmt: skip
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_stands_with_much_and_with_nothing(floor, campaign, name, language, django_assert_max_num_queries):
    client = floor("3001")
    client.cookies["django_language"] = language
    assert client.get(reverse(f"outbound:{name}")).status_code == 200
    agent = floor.people["1001"]
    now = timezone.now()
    for index in range(40):
        attempt(campaign, agent, index, result="refused", effective=True, written_at=now)
        promise_callback(f"1370000{index:04d}", at=None, agent=agent, reason="回电", by=agent, now=now)
        follow_ups.write_follow_up(Said("王先生", f"1360000{index:04d}", "再联系", "intent"), by=agent, now=now)
        QueueTurn.objects.create(
            queue=f"queue{index % 9}", number=f"1350000{index:04d}", entered_at=now, asked_at=now, call=index
        )
    with django_assert_max_num_queries(BUDGET):
        answer = client.get(reverse(f"outbound:{name}"), {"whose": "team"})
    assert answer.status_code == 200


@pytest.mark.parametrize("name", ["campaign", "leads", "list_import", "edit"])
def test_pages_of_a_campaign_stand(floor, campaign, name, django_assert_max_num_queries):
    client = floor("3001")
    attempt(campaign, floor.people["1001"], result="refused", effective=True)
    campaigns.join(campaign, floor.people["1001"], timezone.now())
    client.get("/")
    with django_assert_max_num_queries(BUDGET):
        assert client.get(reverse(f"outbound:{name}", args=[campaign.pk])).status_code == 200


def test_a_number_is_masked_and_shown_only_for_a_purpose_that_is_written_down(floor, campaign):
    client = floor("1001")
    client.post(reverse("outbound:join", args=[campaign.pk]))
    page = client.get(reverse("outbound:work")).content.decode()
    assert "13800000000" not in page
    lead = Lead.objects.order_by("pk").first()
    client.post(reverse("outbound:reveal", args=[lead.pk]), {"purpose": ""})
    assert "13800000000" not in client.get(reverse("outbound:work")).content.decode()
    client.post(reverse("outbound:reveal", args=[lead.pk]), {"purpose": "核对号码"})
    assert "13800000000" in client.get(reverse("outbound:work")).content.decode()


def test_another_team_sees_neither_campaign_nor_callbacks(floor, campaign):
    campaign.teams.add(make.team())
    make.person("2009", "TSRL", make.team("t9", project=make.project("beta")))
    promise_callback("13700000001", at=None, agent=floor.people["1001"], reason="查尺码", by=None, now=timezone.now())
    client = floor("2009")
    assert client.get(reverse("outbound:campaign", args=[campaign.pk])).status_code == 404
    row = Promise.objects.get()
    assert client.post(reverse("outbound:callback_keep", args=[row.pk])).status_code == 404
    assert (
        "查尺码" not in client.get(reverse("outbound:callbacks"), {"whose": "team"}).content.decode().split("<main")[1]
    )


def test_a_list_is_looked_through_first_and_then_taken(floor, campaign):
    client = floor("3001")
    text = "姓名,电话,套餐\n张女士,１３９１２３４５６７８,A\n李,1.38E+10,B\n重复,139 1234 5678,C\n在册,13800000001,D\n"
    file = SimpleUploadedFile("名单.csv", text.encode("gb18030"))
    answer = client.post(reverse("outbound:list_import", args=[campaign.pk]), {"file": file, "consent": "展会登记"})
    assert answer.status_code == 302
    checked = client.get(answer.url).content.decode()
    assert ListImport.objects.count() == 0
    assert "13800000001" not in checked
    client.post(answer.url + "take")
    batch = ListImport.objects.get()
    assert (batch.read, batch.taken, batch.twice, batch.refused) == (4, 1, 2, 1)
    lead = Lead.objects.get(batch=batch)
    assert (lead.number, lead.name, lead.consent, lead.fields) == ("13912345678", "张女士", "展会登记", {"套餐": "A"})
    rejects = b"".join(client.get(reverse("outbound:rejects", args=[batch.pk])).streaming_content).decode()
    assert "1.38E+10" in rejects


@pytest.mark.clause("CUS-003", "CALL-019")
def test_a_follow_up_without_its_three_things_is_refused_and_keeps_what_was_typed(floor):
    client = floor("1001")
    typed = {"contact": "王先生", "phone": "12", "content": "下周再谈"}
    answer = client.post(reverse("outbound:follow_up_new"), typed)
    assert answer.status_code == 400
    assert "下周再谈" in answer.content.decode()
    client.post(reverse("outbound:follow_up_new"), typed | {"phone": "13800000001"})
    client.post(reverse("outbound:follow_up_new"), typed | {"phone": "138-0000-0001"})
    assert FollowUpRecord.objects.count() == 1


@pytest.mark.clause("CUS-003")
def test_a_follow_up_is_never_deleted(floor):
    row = follow_ups.write_follow_up(Said("王先生", "13800000001", "再谈"), by=floor.people["1001"], now=timezone.now())
    with pytest.raises(TypeError):
        row.delete()
    with pytest.raises(TypeError):
        FollowUpRecord.objects.all().delete()


@pytest.mark.clause("CALL-019")
def test_the_days_records_are_handed_in_and_taken_over_by_the_leader_alone(floor):
    agent = floor.people["1001"]
    row = follow_ups.write_follow_up(Said("王先生", "13800000001", "再谈"), by=agent, now=timezone.now())
    client = floor("1001")
    client.post(reverse("outbound:hand_in"))
    assert client.post(reverse("outbound:receive"), {"record": row.pk}).status_code == 403
    floor("2001").post(reverse("outbound:receive"), {"record": row.pk})
    row.refresh_from_db()
    assert (row.handed_at is not None, row.received_by.code) == (True, "2001")


def test_what_was_typed_stays_where_the_result_asks_for_more(floor, campaign):
    row = attempt(campaign, floor.people["1001"])
    client = floor("1001")
    answer = client.post(reverse("outbound:write", args=[row.pk]), {"result": "refused", "note": ""})
    assert answer.status_code == 400
    assert (
        client.post(reverse("outbound:write", args=[row.pk]), {"result": "refused", "note": "不需要"}).status_code
        == 302
    )
    row.refresh_from_db()
    assert (row.result, row.effective) == ("refused", True)
    assert floor("1002").post(reverse("outbound:write", args=[row.pk]), {"result": "refused"}).status_code == 404


def test_a_campaign_is_paused_with_a_reason_and_the_second_who_pauses_is_told(floor, campaign):
    client = floor("3001")
    address = reverse("outbound:pause", args=[campaign.pk])
    client.post(address, {"reason": ""})
    campaign.refresh_from_db()
    assert campaign.state == Campaign.State.RUNNING
    client.post(address, {"reason": "名单核对"})
    campaign.refresh_from_db()
    assert (campaign.state, campaign.pause_reason) == (Campaign.State.PAUSED, "名单核对")
    client.post(address, {"reason": "再停"})
    campaign.refresh_from_db()
    assert campaign.pause_reason == "名单核对"


@pytest.mark.clause("FUP-005")
def test_a_list_that_is_handed_out_comes_back_when_its_time_is_over(floor, campaign):
    now, agent = timezone.now(), floor.people["1001"]
    made = campaigns.hand_out(campaign, agent, count=10, due_at=now + timedelta(hours=2), by=None, now=now)
    done = Lead.objects.filter(handout=made).first()
    Lead.objects.filter(pk=done.pk).update(state="done", attempts=1)
    assert campaigns.collect_overdue(now + timedelta(hours=2)) == 0
    assert campaigns.collect_overdue(now + timedelta(hours=2, seconds=1)) == 1
    made.refresh_from_db()
    assert (made.given, made.done) == (10, 1)
    assert Lead.objects.filter(owner=agent).count() == 1


def test_an_order_or_a_ticket_is_taken_at_once_with_the_call_filled_in(floor, campaign):
    agent = floor.people["1001"]
    ordered = attempt(campaign, agent, 1, call=77)
    answer = floor("1001").post(reverse("outbound:write", args=[ordered.pk]), {"result": "ordered"})
    assert answer.url == f"{reverse('orders:new')}?phone=13900000001&call=77"
    page = floor("1001").get(answer.url).content.decode()
    assert 'name="call" value="77"' in page and 'value="13900000001"' in page
    matter = attempt(campaign, agent, 2, call=78)
    answer = floor("1001").post(reverse("outbound:write", args=[matter.pk]), {"result": "service", "note": "要退货"})
    assert answer.url == f"{reverse('tickets:new')}?number=13900000002&call=78"
    assert AuditEntry.objects.filter(verb="outbound.number.shown", who="1001").count() == 2


def test_figures_of_calls_open_exactly_their_rows(floor, campaign):
    agent, now = floor.people["1001"], timezone.now()
    for index, state in enumerate(("answered", "unanswered", "nuisance", "unknown", "dropped")):
        effective = {"answered": True, "unanswered": False}.get(state)
        attempt(campaign, agent, index, state=state, dialled_at=now, effective=effective)
    client = floor("3001")
    source, _figure = figure("outbound.dialled")
    asked = Ask(User.objects.get(username="3001"), now - timedelta(days=1), now + timedelta(days=1))
    counts = source.tally(asked)[""]
    days = {"from": timezone.localdate() - timedelta(days=1), "to": timezone.localdate()}
    for one in figures_of(source):
        for names, rows in ((one.above, one.rows), (one.below, one.base_rows)):
            if names:
                page = client.get(reverse(rows.url), dict(rows.query) | days)
                assert len(page.context["lines"]) == counts[names[0]], (one.id, names)


def test_the_script_of_a_campaign_is_chosen_by_its_name_and_stands_beside_the_contact(floor, campaign):
    form = floor("3001").get(reverse("outbound:edit", args=[campaign.pk])).content.decode()
    assert '<option value="after_sale">' in form
    campaigns.join(campaign, floor.people["1001"], timezone.now())
    assert 'id="outbound-script"' not in floor("1001").get(reverse("outbound:work")).content.decode()
    Campaign.objects.filter(pk=campaign.pk).update(script="after_sale")
    page = floor("1001").get(reverse("outbound:work")).content.decode()
    assert 'id="outbound-script"' in page and "script=after_sale" in page


def test_a_campaign_that_names_a_topic_keeps_it_and_shows_the_script_of_the_topic(floor, campaign):
    Campaign.objects.filter(pk=campaign.pk).update(script="售后")
    assert (
        '<option value="售后" selected>'
        in floor("3001").get(reverse("outbound:edit", args=[campaign.pk])).content.decode()
    )
    campaigns.join(campaign, floor.people["1001"], timezone.now())
    assert "script=after_sale" in floor("1001").get(reverse("outbound:work")).content.decode()
    Campaign.objects.filter(pk=campaign.pk).update(script="没有的话术")
    assert 'id="outbound-script"' not in floor("1001").get(reverse("outbound:work")).content.decode()


def test_nobody_calls_while_his_telephone_is_signed_out(floor, campaign):
    campaigns.join(campaign, floor.people["1001"], timezone.now())
    client = floor("1001")
    assert "您还没有签入" in client.get(reverse("outbound:work")).content.decode()
    lead = Lead.objects.first()
    told = client.post(reverse("outbound:call", args=[lead.pk]), follow=True).content.decode()
    assert "请先到工作台签入" in told
    promise_callback("13700000001", at=None, agent=floor.people["1001"], reason="查尺码", by=None, now=timezone.now())
    told = client.post(reverse("outbound:callback_call", args=[Promise.objects.get().pk]), follow=True)
    assert "请先到工作台签入" in told.content.decode()
    assert not Attempt.objects.exists() and Lead.objects.get(pk=lead.pk).state == "waiting"


def test_an_extension_of_a_list_is_not_lost(floor, campaign):
    from zuoxi.outbound.list_import import Terms, take_list

    file = "电话,姓名,同意凭证\n0571-88886666转8001,分机六,官网勾选\n".encode("gb18030")
    take_list(file, campaign, Terms(), None, timezone.now())
    lead = Lead.objects.get(number="057188886666")
    assert lead.fields == {"分机": "8001"}
