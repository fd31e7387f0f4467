# SPDX-License-Identifier: Apache-2.0
"""Every page of tickets as those who work with it see it, and what its forms do."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from zuoxi.people.models import User
from zuoxi.tickets import files, services
from zuoxi.tickets.models import CannedReply, MailEntry, Membership, State, Ticket, TicketView
from zuoxi.vault.models import AuditEntry

pytestmark = pytest.mark.usefixtures("site_today")


@pytest.fixture
def go(client, desk):
    """Sign somebody in; the session's first write is done before queries are counted."""

    def sign_in(code):
        User.objects.filter(username=code).update(must_change_password=False)
        client.force_login(desk.house.user(code))
        client.get(reverse("tickets:replies"))
        return client

    return sign_in


def page(client, name, *args, **query):
    answer = client.get(reverse(f"tickets:{name}", args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


def do(client, ticket, verb, **given):
    return client.post(reverse("tickets:act", args=[ticket.number, verb]), given, follow=True)


def many(desk, count=60):
    for _turn in range(count):
        desk.open()


@pytest.mark.clause("CUS-010", "CUS-012")
@pytest.mark.parametrize("code", ["A1", "L1", "S1", "M1"])
def test_the_list_costs_the_same_for_sixty_tickets(go, desk, django_assert_max_num_queries, code):
    many(desk)
    client = go(code)
    with django_assert_max_num_queries(12):
        assert "WO20260302" in page(client, "tickets", list="open")


@pytest.mark.parametrize(
    "name", ["mine", "department", "new", "soon", "overdue", "checking", "answering", "open", "all", "nonsense"]
)
def test_every_ready_list_opens(go, desk, name):
    desk.open()
    page(
        go("A1"),
        "tickets",
        list=name,
        q="",
        kind="transfer",
        state="new",
        priority="1",
        **{"from": "x", "to": "2026-13-01"},
    )


def test_the_words_of_a_ticket_find_it(go, desk):
    opened = desk.open()
    desk.open(fields={"matter": "漏水", "reason": "需要维修"})
    text = page(go("A1"), "tickets", q="路灯不亮")
    assert opened.number in text
    assert "漏水" not in text.split("<table")[1]


def test_a_telephone_number_finds_the_tickets_of_that_contact(go, desk):
    opened = desk.open(contact="13800000001")
    assert opened.number in page(go("A1"), "tickets", q="13800000001")


@pytest.mark.clause("CUS-004", "CUS-010", "CUS-012", "CUS-013")
@pytest.mark.parametrize("code", ["A1", "L1", "D1"])
def test_a_ticket_page_costs_the_same_after_a_long_history(go, desk, django_assert_max_num_queries, code):
    opened = desk.open()
    services.assign(opened, department=desk.crew("DELIVERY"), by=desk.agent, now=desk.now)
    for _turn in range(20):
        services.add_note(opened, text="备注", by=desk.agent, now=desk.now)
    client = go(code)
    with django_assert_max_num_queries(16):
        assert opened.title in page(client, "ticket", opened.number)


def test_a_board_costs_the_same_for_many_cards(go, desk, django_assert_max_num_queries):
    many(desk, 40)
    client = go("L1")
    with django_assert_max_num_queries(14):
        page(client, "board")


@pytest.mark.clause("CUS-010")
def test_a_repair_crew_sees_its_work_and_no_other(go, desk):
    mine, others = desk.open(), desk.open()
    services.assign(mine, department=desk.crew("DELIVERY"), by=desk.agent, now=desk.now)
    client = go("D1")
    text = page(client, "work")
    assert mine.number in text
    assert others.number not in text
    assert client.get(reverse("tickets:ticket", args=[others.number])).status_code == 404
    assert f"/tickets/{others.number}/" not in page(client, "tickets", list="all", q=others.number)


def test_nobody_takes_a_ticket_out_of_the_hands_to_which_it_was_given(go, desk):
    opened = desk.open()
    services.assign(opened, department=desk.crew("DELIVERY"), by=desk.agent, now=desk.now)
    assert do(go("A2"), opened, "accept").status_code == 403
    opened.refresh_from_db()
    assert (opened.state, opened.owner) == (State.ASSIGNED, None)
    do(go("D2"), opened, "accept")
    opened.refresh_from_db()
    assert opened.owner == desk.worker


@pytest.mark.clause("CUS-010")
def test_who_gave_a_ticket_back_comes_to_his_work_and_not_to_a_page_that_is_closed_to_him(go, desk):
    opened = desk.open()
    services.assign(opened, department=desk.crew("DELIVERY"), by=desk.agent, now=desk.now)
    answer = do(go("D1"), opened, "return", text="不属本部门")
    opened.refresh_from_db()
    assert (opened.state, opened.department) == (State.NEW, None)
    assert answer.redirect_chain[-1][0] == reverse("tickets:work")
    assert "已退回。" in answer.content.decode()


@pytest.mark.clause("CUS-010", "CUS-012")
def test_from_the_page_a_ticket_goes_all_the_way(go, desk):
    opened = desk.open()
    desk.crew("DELIVERY")
    do(go("A1"), opened, "assign", department="DELIVERY")
    crew = go("D2")
    do(crew, opened, "accept")
    do(crew, opened, "contact")
    do(crew, opened, "finish", text="已修复")
    do(go("L1"), opened, "check", passed="yes")
    do(go("A1"), opened, "answer", how="phone", text="已告知", close="on")
    opened.refresh_from_db()
    assert opened.state == State.CLOSED


@pytest.mark.clause("CUS-010")
def test_a_check_that_was_not_passed_is_not_said_to_be_one_that_was(go, desk):
    opened = desk.open()
    services.accept(opened, by=desk.worker, now=desk.now)
    services.finish(opened, result="已修复", by=desk.worker, now=desk.now)
    client = go("L1")
    said = do(client, opened, "check", passed="no", text="没有修好").content.decode()
    assert "已退回重新办理。" in said
    assert "已检查。" not in said


def test_who_may_not_check_is_refused_and_nothing_moves(go, desk):
    opened = desk.open()
    services.accept(opened, by=desk.worker, now=desk.now)
    services.finish(opened, result="已修复", by=desk.worker, now=desk.now)
    assert do(go("A1"), opened, "check", passed="yes").status_code == 403
    opened.refresh_from_db()
    assert opened.state == State.CHECKING


def test_a_refusal_is_said_on_the_page(go, desk):
    opened = desk.open()
    answer = do(go("A1"), opened, "finish", text="")
    assert opened.number in answer.content.decode()
    opened.refresh_from_db()
    assert opened.state == State.NEW


@pytest.mark.parametrize(
    "verb", ["hold", "extend", "promise", "merge", "link", "priority", "subtask", "papers", "urge"]
)
def test_an_empty_form_of_any_verb_changes_nothing(go, desk, verb):
    opened = desk.open()
    assert do(go("L1"), opened, verb).status_code == 200
    opened.refresh_from_db()
    assert (opened.state, opened.urged) == (State.NEW, 0)


@pytest.mark.clause("CUS-012", "CUS-017")
def test_a_new_ticket_keeps_what_was_typed_when_something_is_missing(go, desk):
    client = go("A1")
    url = reverse("tickets:new_of", args=["transfer"])
    answer = client.post(url, {"f_matter": "井盖丢失", "source": "call"})
    assert answer.status_code == 422
    assert "井盖丢失" in answer.content.decode()
    answer = client.post(url, {"f_matter": "井盖丢失", "f_reason": "属市政", "source": "call", "number": "13800000001"})
    made = Ticket.objects.get()
    assert answer.url == reverse("tickets:ticket", args=[made.number])
    assert (made.customer, made.first_handler) == (desk.customer, desk.agent)


def test_the_choice_of_kinds_and_each_form_open(go, desk):
    client = go("A1")
    assert "上门服务" in page(client, "new", number="13800000001")
    for kind in ("home_service", "delivery", "enquiry"):
        page(client, "new_of", kind, number="13800000001")
    assert client.get(reverse("tickets:new_of", args=["nonsense"])).status_code == 404


def test_answers_are_corrected_with_a_trace(go, desk):
    opened = desk.open()
    client = go("A1")
    url = reverse("tickets:edit", args=[opened.number])
    client.post(url, {"f_matter": "路灯全灭", "f_reason": "需抢修"})
    assert "路灯全灭" in page(client, "ticket", opened.number)
    assert client.post(url, {"f_matter": ""}).status_code == 422


def test_masked_answers_are_shown_for_a_purpose_that_is_written_down(go, desk):
    opened = desk.open("delivery", {"trouble": "late", "problem": "未送到", "phone": "13800000001"}, read_back=())
    client = go("A1")
    assert "13800000001" not in page(client, "ticket", opened.number)
    url = reverse("tickets:reveal", args=[opened.number])
    assert client.post(url, {"purpose": ""}).status_code == 422
    assert "13800000001" in client.post(url, {"purpose": "联系派送"}).content.decode()
    assert AuditEntry.objects.filter(verb="tickets.revealed", on_id=opened.number).count() == 1


def test_another_agent_is_not_shown_them(go, desk):
    opened = desk.open("delivery", {"trouble": "late", "problem": "未送到", "phone": "13800000001"}, read_back=())
    answer = go("A2").post(reverse("tickets:reveal", args=[opened.number]), {"purpose": "想看看"})
    assert "13800000001" not in answer.content.decode()


@pytest.mark.clause("CUS-010")
def test_several_at_once_tell_each_result_apart(go, desk):
    first, second = desk.open(), desk.open()
    services.urge(first, words="请尽快", by=desk.leader, now=desk.now)
    given = {"verb": "urge", "text": "请尽快", "number": [first.number, second.number, "WO-none"]}
    answer = go("L1").post(reverse("tickets:bulk"), given)
    assert [ok for _number, _title, ok, _text in answer.context["results"]] == [False, True, False]
    assert go("A1").post(reverse("tickets:bulk"), given).status_code == 403


def test_a_list_is_kept_under_a_name_and_forgotten_by_its_owner_alone(go, desk):
    client = go("A1")
    client.post(reverse("tickets:save_view"), {"name": "急件", "query": "list=open&priority=2"})
    kept = TicketView.objects.get()
    assert "急件" in page(client, "tickets")
    assert go("A2").post(reverse("tickets:drop_view", args=[kept.pk])).status_code == 404
    go("A1").post(reverse("tickets:drop_view", args=[kept.pk]))
    assert not TicketView.objects.exists()


def test_replies_are_ones_own_or_the_teams(go, desk):
    client = go("A1")
    client.post(reverse("tickets:replies"), {"title": "致谢", "text": "{customer}您好", "whose": "all"})
    reply = CannedReply.objects.get()
    assert reply.staff == desk.agent, "an agent writes for himself alone"
    assert "致谢" not in page(go("A2"), "replies")
    opened = desk.open()
    assert "测试客户您好" in page(go("A1"), "ticket", opened.number)


@pytest.mark.clause("CUS-008")
def test_departments_get_their_people_and_stand_ins(go, desk):
    client = go("S1")
    client.post(reverse("tickets:members", args=["REPAIR"]), {"staff": "D1", "leads": "on"})
    assert Membership.objects.get().leads is True
    client.post(reverse("tickets:covers"), {"staff": "A1", "cover": "A2", "rank": "1", "reason": "年假"})
    text = page(client, "departments")
    assert desk.head.name in text
    assert "年假" in text
    assert "添加</button>" in text and "新建</button>" not in text
    client.post(reverse("tickets:covers"), {"staff": "A1", "cover": "A1"})
    assert desk.agent.ticket_covers.count() == 1


@pytest.mark.clause("CUS-021")
def test_the_mail_room_counts_beside_the_year_before_and_hides_what_is_secret(go, desk):
    client = go("M1")
    MailEntry.objects.create(day="2025-03-01", kind="newspaper", count=100, at=desk.now)
    client.post(reverse("tickets:mail"), {"day": "2026-03-01", "kind": "newspaper", "count": "97"})
    answer = client.get(reverse("tickets:mail"))
    line = next(one for one in answer.context["lines"] if one.kind == "newspaper")
    assert (line.count, line.before) == (97, 100)
    assert str(line.change) == "-0.03"
    refused = client.post(reverse("tickets:mail"), {"day": "2026-03-01", "kind": "secret", "count": "1"})
    assert refused.status_code == 422
    desk.house.hire("F1", "FD")
    secretary = go("F1")
    secret = {"day": "2026-03-01", "kind": "secret", "count": "1", "reference": "机〔2026〕1号"}
    assert secretary.post(reverse("tickets:mail"), secret).status_code == 422, "nobody signed"
    secretary.post(reverse("tickets:mail"), {**secret, "signed_by": "签收人"})
    assert "机〔2026〕1号" in page(secretary, "mail")
    assert "机〔2026〕1号" not in page(go("M1"), "mail")


def test_the_map_shows_where_open_tickets_lie(go, desk):
    answers = {
        "product": "净水器", "trade": "repair", "problem": "漏水", "name": "李先生", "phone": "13800000001",
        "address": {"district": "示例区", "community": "示例小区"},
    }  # fmt: skip
    desk.open("home_service", answers, read_back=("problem", "address", "name", "phone"))
    desk.open()
    text = page(go("L1"), "map")
    assert "示例小区" in text
    assert "1" in text


def test_the_slip_prints_what_was_taken_in(go, desk):
    opened = desk.open()
    assert "受理单" in page(go("A1"), "printed", opened.number)


def test_in_english_no_chinese_is_left_on_the_ticket_page(go, desk):
    opened = desk.open(fields={"matter": "lamp", "reason": "city"})
    client = go("A1")
    client.cookies["django_language"] = "en"
    text = client.get(reverse("tickets:ticket", args=[opened.number]), headers={"accept-language": "en"})
    assert "Answer the customer" in text.content.decode() or "答复客户" in text.content.decode()


def send(client, ticket, name, content):
    return client.post(
        reverse("tickets:add_file", args=[ticket.number]), {"file": SimpleUploadedFile(name, content)}, follow=True
    )


def bomb():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("big.txt", b"0" * (30 * 1024 * 1024))
    return out.getvalue()


class TestFiles:
    @pytest.fixture(autouse=True)
    def home(self, settings, tmp_path):
        settings.HOME = tmp_path

    def test_a_file_comes_back_as_a_download_that_no_browser_runs(self, go, desk):
        opened = desk.open()
        client = go("A1")
        send(client, opened, "单据.pdf", b"%PDF-1.4 test")
        kept = opened.attachments.get()
        answer = client.get(reverse("tickets:file", args=[kept.pk]))
        assert answer.content == b"%PDF-1.4 test"
        assert answer["Content-Disposition"].startswith("attachment")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Type"] == "application/octet-stream"

    def test_on_disk_it_is_sealed(self, go, desk, tmp_path):
        opened = desk.open()
        send(go("A1"), opened, "a.txt", "机密内容".encode())
        (stored,) = (tmp_path / "tickets").iterdir()
        assert "机密内容".encode() not in stored.read_bytes()

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
            ("a.txt", b"<html><script>alert(1)</script></html>"),
            ("a.png", b"<svg><script>1</script></svg>"),
            ("a.png", b"%PDF-1.4"),
            ("a.exe", b"MZ\x90\x00"),
            ("a.html", b"hello"),
            ("a.pdf", b""),
            ("a.zip", b"PK\x03\x04damaged"),
            ("a.docx", bomb()),
        ],
    )
    def test_what_could_do_harm_is_refused_with_words(self, go, desk, name, content):
        opened = desk.open()
        answer = send(go("A1"), opened, name, content)
        assert not opened.attachments.exists()
        assert name in answer.content.decode()

    def test_twenty_megabytes_are_taken_and_one_byte_more_is_not(self, desk):
        largest = b"%PDF-" + b"0" * (20 * 1024 * 1024 - 5)
        assert files.look_at("a.pdf", largest).media_type == "application/pdf"
        with pytest.raises(services.Refused):
            files.look_at("a.pdf", largest + b"0")

    def test_a_name_loses_its_path_and_what_turns_text_around(self, desk):
        assert files.look_at("..\\..\\etc/x\u202egnp.txt", b"hello").name == "xgnp.txt"

    def test_a_crew_cannot_take_files_of_tickets_it_does_not_see(self, go, desk):
        opened = desk.open()
        send(go("A1"), opened, "a.txt", b"hello")
        kept = opened.attachments.get()
        assert go("D1").get(reverse("tickets:file", args=[kept.pk])).status_code == 404
