# SPDX-License-Identifier: Apache-2.0
"""What should not have been asked: refused in words, and nothing is lost or moved."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from zuoxi.people.models import User
from zuoxi.tickets import services
from zuoxi.tickets.files import MEGABYTE, look_at
from zuoxi.tickets.models import State
from zuoxi.tickets.refusing import Overtaken, Refused

pytestmark = pytest.mark.usefixtures("site_today")


def zipped(*entries):
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in entries:
            packed.writestr(name, content)
    return kept.getvalue()


@pytest.mark.once
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("照片.png", b"<!DOCTYPE html><html><script>alert(1)</script></html>"),
        ("照片.png", b"\xef\xbb\xbf  <HTML><body onload=alert(1)>"),
        ("照片.jpg", b"GIF89a<script>alert(1)</script>"),
        ("图.svg", b"<?xml version='1.0'?><svg onload='alert(1)'/>"),
        ("图.png", b"<svg><script>alert(1)</script></svg>"),
        ("说明.txt", b"a\n<script>alert(1)</script>"),
        ("a.png.html", b"\x89PNG\r\n\x1a\n"),
        ("bomb.zip", zipped(("a.txt", b"0" * 60 * MEGABYTE))),
        ("nested.zip", zipped(("inner.zip", zipped(("a.txt", b"x"))))),
        ("many.zip", zipped(*((f"{n}.txt", b"") for n in range(2001)))),
        ("表格.xlsx", zipped(("xl/sheet.xml", b"0" * 30 * MEGABYTE))),
        ("没有扩展名", b"hello"),
    ],
)
def test_a_file_that_could_do_harm_is_refused_by_what_it_holds(name, content):
    with pytest.raises(Refused, match=r".{8}"):
        look_at(name, content)


@pytest.mark.once
def test_honest_files_are_taken():
    assert look_at("照片.PNG", b"\x89PNG\r\n\x1a\n" + b"0" * 99).media_type == "image/png"
    assert look_at("合同.docx", zipped(("word/document.xml", b"<w:p>text</w:p>"))).media_type == "application/zip"
    assert look_at("清单.csv", "姓名,数量\n=1+1,2\n".encode()).media_type == "text/plain"


def test_a_file_that_is_too_large_is_told_on_the_page_and_the_others_are_kept(client, desk):
    opened = desk.open()
    User.objects.update(must_change_password=False)
    client.force_login(desk.house.user("A1"))
    large = SimpleUploadedFile("录像.pdf", b"%PDF-1.4" + b"0" * (20 * MEGABYTE))
    small = SimpleUploadedFile("说明.txt", "水压不足".encode())
    answer = client.post(reverse("tickets:add_file", args=[opened.number]), {"file": [large, small]}, follow=True)
    said = [str(one) for one in answer.context["messages"]]
    assert any("20" in one and "录像.pdf" in one for one in said), said
    assert [one.name for one in opened.attachments.all()] == ["说明.txt"]


@pytest.mark.clause("CUS-009", "CUS-010")
def test_a_ticket_is_not_merged_into_its_own_part_nor_into_what_is_over(desk):
    whole = desk.open()
    part = services.add_subtask(whole, title="先断水", by=desk.agent, now=desk.now)
    with pytest.raises(Refused):
        services.merge(whole, part, by=desk.agent, now=desk.now)
    services.merge(part, whole, by=desk.agent, now=desk.now)
    with pytest.raises(Refused):
        services.merge(whole, part, by=desk.agent, now=desk.now)
    with pytest.raises(Refused):
        services.merge(whole, whole, by=desk.agent, now=desk.now)
    other = desk.open()
    with pytest.raises(Overtaken):
        services.merge(other, part, by=desk.agent, now=desk.now)
    whole.refresh_from_db()
    other.refresh_from_db()
    assert (whole.state, other.state) == (State.NEW, State.NEW)


@pytest.mark.clause("CUS-010")
def test_a_closed_ticket_is_urged_by_nobody_and_says_who_closed_it(client, desk):
    opened = desk.open()
    services.finish(opened, result="已处理", by=desk.agent, now=desk.now)
    services.check(opened, passed=True, note="", by=desk.leader, now=desk.now)
    services.answer_customer(opened, how="phone", text="已处理", by=desk.agent, now=desk.now)
    services.close(opened, by=desk.agent, now=desk.now)
    with pytest.raises(Overtaken, match=desk.agent.name):
        services.urge(opened, words="还没好", by=desk.other, now=desk.now)
    User.objects.update(must_change_password=False)
    client.force_login(desk.house.user("A2"))
    answer = client.post(reverse("tickets:act", args=[opened.number, "urge"]), {"text": "还没好"}, follow=True)
    assert desk.agent.name in str(next(iter(answer.context["messages"])))
    opened.refresh_from_db()
    assert (opened.state, opened.urged) == (State.CLOSED, 0)


@pytest.mark.clause("CUS-010")
def test_of_two_departments_that_accept_the_second_is_told_and_the_first_keeps_it(desk):
    opened = desk.open()
    services.assign(opened, department=desk.crew("DELIVERY"), by=desk.leader, now=desk.now)
    services.accept(opened, by=desk.worker, now=desk.later(seconds=1))
    with pytest.raises(Overtaken, match=desk.worker.name):
        services.accept(opened, by=desk.head, now=desk.later(seconds=1))
    services.assign(opened, department=desk.crew("GOODS"), by=desk.leader, now=desk.later(seconds=1))
    with pytest.raises(Overtaken):
        services.finish(opened, result="已送达", by=desk.worker, now=desk.later(seconds=1))
    opened.refresh_from_db()
    assert (opened.department.code, opened.owner, opened.state) == ("GOODS", None, State.ASSIGNED)
