# SPDX-License-Identifier: Apache-2.0
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from zuoxi.people import services
from zuoxi.people.models import Staff, User
from zuoxi.vault.models import AuditEntry


@pytest.fixture
def people(house):
    day = timezone.localdate() - timedelta(days=30)
    for code, position, place in (
        ("dir", "DIR", {}),
        ("hr", "HR", {}),
        ("it", "IT", {}),
        ("om", "OM", {"project": "A"}),
        ("tsrs", "TSRS", {"team": ["a1", "a2"]}),
        ("tsrl", "TSRL", {"team": "a1"}),
        ("t1", "TSR", {"team": "a1"}),
        ("t2", "TSR", {"team": "a2"}),
        ("b1", "CSR", {"team": "b1"}),
    ):
        house.hire(code, position, on=day, mobile="13812345678", **place)
    User.objects.update(must_change_password=False)
    return house


@pytest.fixture
def at(people, client):
    def sign_in(code):
        client.force_login(people.user(code))
        return client

    return sign_in


def url(name, *args):
    return reverse(f"people:{name}", args=args)


@pytest.mark.clause("ORG-001")
def test_the_list_holds_those_in_reach_and_no_one_else(at):
    page = at("tsrl").get(url("staff")).content.decode()
    assert ">t1<" in page
    assert ">t2<" not in page
    assert "/staff/b1/" not in page


def test_the_list_costs_the_same_for_many_as_for_few(at, people, django_assert_max_num_queries):
    client = at("hr")
    client.get(url("staff"))
    for number in range(30):
        people.hire(f"x{number}", "TSR", "a1", user=False, on=timezone.localdate())
    with django_assert_max_num_queries(12):
        assert client.get(url("staff")).status_code == 200


@pytest.mark.parametrize(
    ("query", "found", "hidden"),
    [
        ("q=t1", "t1", "t2"),
        ("q=ren2", "t1", ""),
        ("team=a2", "t2", "t1"),
        ("position=CSR", "b1", "t1"),
        ("project=A", "t1", "b1"),
        ("status=left", "", "t1"),
    ],
)
def test_the_list_is_filtered(at, query, found, hidden):
    page = at("hr").get(f"{url('staff')}?{query}").content.decode()
    assert not found or f">{found}<" in page
    assert not hidden or f"/staff/{hidden}/" not in page


@pytest.mark.parametrize("query", ["sort=-joined", "sort=nonsense", "page=999", "page=x", "team=none", "q=%27"])
def test_nonsense_in_the_address_does_no_harm(at, query):
    assert at("hr").get(f"{url('staff')}?{query}").status_code == 200


@pytest.mark.parametrize("path", ["/staff/%00/", "/teams/a%00/", "/staff/?team=%00", "/audit/?who=%00"])
def test_a_nul_in_the_address_is_a_bad_request_and_no_failure(at, path):
    assert at("dir").get(path).status_code == 400


@pytest.mark.parametrize(
    ("who", "whom", "status"),
    [
        ("tsrl", "t1", 200),
        ("tsrl", "t2", 404),
        ("tsrl", "b1", 404),
        ("t1", "t1", 200),
        ("t1", "t2", 404),
        ("om", "b1", 404),
        ("hr", "b1", 200),
    ],
)
def test_a_person_out_of_reach_does_not_exist(at, who, whom, status):
    assert at(who).get(url("person", whom)).status_code == status


def test_a_number_is_masked_until_somebody_says_what_for(at):
    client = at("tsrl")
    page = client.get(url("person", "t1")).content.decode()
    assert "138****5678" in page
    assert "13812345678" not in page
    assert client.post(url("reveal", "t1"), {"purpose": ""}).status_code == 400
    assert not AuditEntry.objects.filter(verb="people.mobile.revealed").exists()
    shown = client.post(url("reveal", "t1"), {"purpose": "迟到,电话联系"}).content.decode()
    assert "13812345678" in shown
    row = AuditEntry.objects.get(verb="people.mobile.revealed")
    assert (row.who, row.on_id, row.purpose) == ("tsrl", "t1", "迟到,电话联系")
    assert row.ip == "127.0.0.1"


@pytest.mark.parametrize(("who", "whom"), [("tsrl", "t2"), ("t1", "t1"), ("it", "t1")])
def test_who_may_not_reveal_gets_nothing(at, who, whom):
    assert at(who).post(url("reveal", whom), {"purpose": "because I like"}).status_code in (403, 404)


@pytest.mark.parametrize(
    ("who", "whom", "status"),
    [
        ("hr", "t1", 200),
        ("it", "dir", 200),
        ("tsrl", "t1", 200),
        ("tsrs", "tsrl", 200),
        ("tsrl", "tsrs", 404),
        ("tsrl", "tsrl", 403),
        ("t1", "t1", 403),
    ],
)
def test_a_new_password_is_handed_out_only_from_above(at, who, whom, status):
    answer = at(who).post(url("hand_out_password", whom))
    assert answer.status_code == status
    assert User.objects.get(username=whom).must_change_password is (status == 200)


def test_the_handed_out_password_is_shown_once_and_works(at, people, client):
    page = at("hr").post(url("hand_out_password", "t1"))
    password = page.context["handed_out"]
    assert password in page.content.decode()
    assert User.objects.get(username="t1").check_password(password)
    assert password not in at("hr").get(url("person", "t1")).content.decode()


@pytest.mark.clause("ORG-023")
def test_an_unsigned_transfer_is_refused_with_its_remedy_and_what_was_typed_stays(at):
    today = timezone.localdate()
    given = {"position": "TSRL", "teams": ["a2"], "effective_on": today, "signed_on": ""}
    page = at("hr").post(url("transfer", "t1"), given)
    assert page.status_code == 409
    assert "总监尚未签署" in page.content.decode()
    assert Staff.objects.get(code="t1").roles_on(today) == {"TSR"}
    given["signed_on"] = today
    assert at("hr").post(url("transfer", "t1"), given).status_code == 302
    assert Staff.objects.get(code="t1").roles_on(today) == {"TSRL"}


def test_leaving_is_done_by_those_above_only(at):
    today = timezone.localdate()
    assert at("tsrl").post(url("leave", "t1"), {"on": today}).status_code == 403
    assert at("om").post(url("leave", "b1"), {"on": today}).status_code == 404
    assert at("om").post(url("leave", "t1"), {"on": today}).status_code == 302
    assert Staff.objects.get(code="t1").status == Staff.Status.LEFT


@pytest.mark.parametrize("name", ["staff", "organisation", "import"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_pages_stand_in_both_languages(at, name, language):
    page = at("hr").get(url(name), headers={"accept-language": language})
    assert page.status_code == 200
    assert "style=" not in page.content.decode()


@pytest.mark.clause("ORG-001", "ORG-015")
def test_the_organisation_shows_lines_of_command_and_the_other_lines(at):
    page = at("hr").get(url("organisation"), headers={"accept-language": "en"}).content.decode()
    assert page.index(">Operations manager<") < page.index(">Sales supervisor<") < page.index(">Sales agent<")
    assert "safe home to Support manager" in page


@pytest.mark.clause("ORG-001")
def test_a_team_without_a_leader_is_told_to_those_who_can_change_it(at):
    assert "b1: 该班组没有班长。" in at("hr").get(url("organisation")).content.decode()
    assert "该班组没有班长" not in at("t1").get(url("organisation")).content.decode()


@pytest.mark.clause("ORG-002")
def test_posts_are_held_against_the_norm():
    from zuoxi.people.organisation import wanted_posts

    assert [wanted_posts(n, 15) for n in (0, 1, 15, 16)] == [0, 1, 1, 2]


def test_the_organisation_costs_the_same_for_many_as_for_few(at, people, django_assert_max_num_queries):
    client = at("dir")
    client.get(url("organisation"))
    for number in range(30):
        people.hire(f"x{number}", "TSR", "a1", user=False, on=timezone.localdate())
    with django_assert_max_num_queries(20):
        client.get(url("organisation"))


def test_a_team_page_shows_those_in_reach(at):
    assert ">t1<" in at("tsrl").get(url("team", "a1")).content.decode()
    assert at("tsrl").get(url("team", "a2")).status_code == 404
    assert at("hr").get(url("team", "nowhere")).status_code == 404


@pytest.mark.clause("SEC-009")
def test_the_audit_log_shows_it_without_content_and_the_director_with(at):
    services.leave_company(Staff.objects.get(code="t2"), timezone.localdate(), "hr")
    audit = reverse("vault:audit")
    assert "人员 t2" in at("dir").get(audit).content.decode()
    seen = at("it").get(audit).content.decode()
    assert "人员 t2" not in seen
    assert ">hr<" in seen
    assert at("hr").get(audit).status_code == 403


def test_the_audit_log_pages_backwards_and_its_chain_is_checked(at):
    client = at("dir")
    audit = reverse("vault:audit")
    newest = client.get(audit)
    assert client.get(f"{audit}?before=2").context["rows"][0].id == 1
    assert newest.context["rows"][0].id > 1
    assert client.post(reverse("vault:check_chain")).status_code == 302
    assert client.get(audit).content.decode().count('data-tone="good"') == 1


def test_a_team_is_added_once_and_a_taken_code_is_told(at, people):
    given = {"team-code": "a3", "team-name_zh": "三组", "team-name_en": "Three", "team-project": "A"}
    assert at("hr").post(url("add_team"), given).status_code == 302
    again = at("hr").post(url("add_team"), given)
    assert again.status_code == 400
    assert "代码已被占用" in again.content.decode()
    assert AuditEntry.objects.filter(verb="people.team.made", on_id="a3", who="hr").count() == 1
    assert at("tsrl").post(url("add_team"), given).status_code == 403
