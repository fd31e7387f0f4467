# SPDX-License-Identifier: Apache-2.0
"""The pages: who sees whom, how many questions they ask the database, what they say to bad input."""

import json

import pytest
from django.urls import reverse

from zuoxi.people import services as people
from zuoxi.people.models import Position
from zuoxi.workforce import selectors, services
from zuoxi.workforce.clock import clock_from
from zuoxi.workforce.facts import Absence
from zuoxi.workforce.models import OvertimeList, Roster, RosterReading, ShiftAssignment, ShiftSwap, StaffingPlan

pytestmark = pytest.mark.django_db


def board(centre):
    return reverse("workforce:board", args=[f"{centre.month:%Y-%m}"])


def crowd(centre, count):
    post = people.Placement(Position.objects.get(code="TSR"), centre.teams[0])
    for number in range(count):
        staff = people.hire(f"5{number:03}", f"众{number}", [post], centre.month.replace(year=2020), status="active")
        centre.staff[staff.code] = staff
        centre.write(staff.code, d3="E", d4="L")


def send(client, centre, *edits):
    body = {
        "edits": [[centre.staff[code].pk, centre.day(day).isoformat(), text, was] for code, day, text, was in edits]
    }
    address = reverse("workforce:cells", args=[f"{centre.month:%Y-%m}"])
    return client.post(address + "?whole=1", json.dumps(body), content_type="application/json")


def test_an_edit_tells_how_many_conflicts_its_rows_have_now(centre, browse):
    client = browse("8002")
    centre.write("1001", d3="L")
    before = client.get(board(centre)).context["settings"]
    assert before["wrong"] == {}
    late = send(client, centre, ("1001", 4, "D", "")).json()
    key = str(centre.staff["1001"].pk)
    assert late["rows"][key]["wrong"] == [1, 0]
    after = client.get(board(centre)).context["settings"]
    assert after["wrong"] == {centre.staff["1001"].pk: (1, 0)}
    assert send(client, centre, ("1001", 4, "R", "D")).json()["rows"][key]["wrong"] == [0, 0]


@pytest.mark.clause("SCH-002")
def test_the_board_asks_no_more_questions_for_more_people(centre, browse, django_assert_max_num_queries):
    client = browse("8002")
    centre.write("1001", d3="E")
    client.get(board(centre))
    with django_assert_max_num_queries(25):
        assert client.get(board(centre)).status_code == 200
    crowd(centre, 15)
    with django_assert_max_num_queries(25) as seen:
        page = client.get(board(centre))
    assert "众14" in page.content.decode()
    assert len(seen.captured_queries) <= 25


@pytest.mark.parametrize(
    ("name", "most"),
    [
        ("rosters", 25), ("templates", 12), ("day", 20), ("adherence", 15), ("need", 20), ("overtime", 15),
        ("pairs", 15), ("dispatches", 20), ("mine", 20), ("swaps", 22), ("handovers", 15),
    ],
)  # fmt: skip
def test_every_page_stands_within_its_budget(centre, browse, django_assert_max_num_queries, name, most):
    client = browse("3001")
    crowd(centre, 5)
    centre.publish()
    client.get(reverse(f"workforce:{name}"))
    with django_assert_max_num_queries(most):
        assert client.get(reverse(f"workforce:{name}")).status_code == 200


def test_one_roster_asks_who_belongs_to_it_once(centre, browse, django_assert_max_num_queries):
    client = browse("3001")
    crowd(centre, 15)
    centre.publish()
    address = reverse("workforce:roster", args=[Roster.objects.exclude(team=None).order_by("pk").first().pk])
    client.get(address)
    with django_assert_max_num_queries(18):
        assert client.get(address).status_code == 200


def test_a_supervisor_sees_and_writes_his_own_team_and_no_other(centre, browse):
    client = browse("3001")
    text = client.get(board(centre)).content.decode()
    assert "人1001" in text
    assert "人1101" not in text
    answer = send(client, centre, ("1101", 3, "E", None)).json()
    assert answer["refused"][0][0] == centre.staff["1101"].pk
    assert not answer["rows"]


def test_an_agent_has_no_board_and_sees_his_own_month(centre, browse):
    centre.write("1001", d3="E")
    centre.publish()
    client = browse("1001")
    assert client.get(board(centre)).status_code == 403
    text = client.get(f"{reverse('workforce:mine')}?month={centre.month:%Y-%m}").content.decode()
    assert "早班" in text
    assert "班表发布" not in text


def test_leave_that_was_granted_stands_in_ones_own_month(centre, browse, monkeypatch):
    centre.write("1001", d3="E", d4="E")
    centre.publish()
    shift = ShiftAssignment.objects.get(staff=centre.staff["1001"], day=centre.day(3))
    leave = Absence(shift.staff_id, shift.starts_at, shift.ends_at, "事假")
    monkeypatch.setattr(selectors, "_absences", [lambda first, last, staff_ids: [leave]])
    page = browse("1001").get(f"{reverse('workforce:mine')}?month={centre.month:%Y-%m}").content.decode()
    assert page.count("<b>事假</b>") == 1
    assert page.count('data-kind="away"') == 1


def test_granted_leave_on_the_published_board_is_no_conflict_and_covers_nothing(centre, browse, monkeypatch):
    centre.write("1001", d3="E")
    centre.write("1002", d3="E")
    centre.publish()
    shift = ShiftAssignment.objects.get(staff=centre.staff["1001"], day=centre.day(3))
    leave = Absence(shift.staff_id, shift.starts_at, shift.ends_at, "年假")
    monkeypatch.setattr(selectors, "_absences", [lambda first, last, staff_ids: [leave]])
    page = browse("8002").get(board(centre)).content.decode()
    assert 'class="e off" title="已准假：年假"' in page
    assert 'data-tone="bad"' not in page
    answer = send(browse("8002"), centre, ("1002", 4, "E", "")).json()
    assert answer["days"][2][0] == "1"


def test_a_long_cell_shows_its_short_form_and_keeps_its_text(centre, browse):
    client = browse("8002")
    answer = send(client, centre, ("1001", 3, "E+18:00-20:00", "")).json()
    assert answer["rows"][str(centre.staff["1001"].pk)]["cells"][2][3] == "E+2h"
    assert 'data-short="E+2h">E+18:00-20:00' in client.get(board(centre)).content.decode()


def test_typed_cells_come_back_with_conflicts_and_cover(centre, browse):
    client = browse("8002")
    answer = send(client, centre, ("1001", 3, "L", ""), ("1001", 4, "05:00-09:00", "")).json()
    row = answer["rows"][str(centre.staff["1001"].pk)]
    assert row["cells"][2][:2] == ["L", "l"]
    assert "bad" in row["cells"][3][1]
    assert answer["days"][2][0] == "1"
    assert answer["refused"] == []


def test_the_second_of_two_supervisors_is_told(centre, browse):
    client = browse("8002")
    send(client, centre, ("1001", 3, "L", ""))
    answer = send(client, centre, ("1001", 3, "E", "")).json()
    assert answer["refused"][0][3] == "L"


@pytest.mark.parametrize(
    "body", ["", "[]", '{"edits": [[1]]}', '{"edits": [["x", "2026-01-01", "E", ""]]}', '{"edits": 3}']
)
def test_unreadable_cells_are_refused_in_words(centre, browse, body):
    address = reverse("workforce:cells", args=[f"{centre.month:%Y-%m}"])
    answer = browse("8002").post(address, body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["title"]


def test_the_forms_work_without_script(centre, browse):
    client = browse("8002")
    month = f"{centre.month:%Y-%m}"
    said = {"staff": centre.staff["1001"].pk, "first": centre.day(3), "last": centre.day(5), "text": "e"}
    assert client.post(reverse("workforce:write", args=[month]), said).status_code == 302
    assert [centre.cell("1001", day) for day in (3, 4, 5)] == ["E", "E", "E"]
    client.post(reverse("workforce:undo", args=[month]))
    assert centre.cell("1001", 4) == ""
    bad = said | {"last": centre.day(1)}
    assert client.post(reverse("workforce:write", args=[month]), bad).status_code == 302
    assert client.post(reverse("workforce:copy", args=[month]), {"source": "x", "target": "y"}).status_code == 302


def test_no_such_month_is_not_found(centre, browse):
    for text in ("2026-13", "x", "0000-01"):
        assert browse("8002").get(reverse("workforce:board", args=[text])).status_code == 404


def test_publishing_filing_and_reading_by_their_pages(centre, browse):
    centre.write("1001", d3="E")
    roster = Roster.objects.get()
    browse("8002").post(reverse("workforce:publish", args=[roster.pk]))
    roster.refresh_from_db()
    assert roster.published
    browse("8001").post(reverse("workforce:file", args=[roster.pk]))
    browse("1001").post(reverse("workforce:read", args=[f"{centre.month:%Y-%m}"]))
    assert RosterReading.objects.count() == 1
    text = browse("8001").get(reverse("workforce:roster", args=[roster.pk])).content.decode()
    assert "人1001" in text


def test_a_swap_is_asked_and_answered_by_its_pages(centre, browse):
    centre.write("1001", d12="E")
    centre.write("1002", d12="R")
    centre.publish()
    said = {"kind": "peer", "given_day": centre.day(12), "peer": centre.staff["1002"].pk, "handover": "无"}
    assert browse("1001").post(reverse("workforce:swaps"), said).status_code == 302
    swap = ShiftSwap.objects.get()
    assert browse("1003").post(reverse("workforce:answer_swap", args=[swap.pk]), {"answer": "agree"}).status_code == 404
    browse("1002").post(reverse("workforce:answer_swap", args=[swap.pk]), {"answer": "agree"})
    swap.refresh_from_db()
    assert swap.state == "open"
    wrong = browse("1001").post(reverse("workforce:swaps"), said | {"peer": ""})
    assert wrong.status_code == 422


def test_overtime_by_its_pages(centre, browse):
    said = {"day": centre.day(3), "clock": "18:00-21:00", "reason": "直播", "mark": "assigned",
            "people": [centre.staff["1001"].pk]}  # fmt: skip
    client = browse("3001")
    assert client.post(reverse("workforce:overtime_new"), said | {"clock": "晚上"}).status_code == 422
    assert client.post(reverse("workforce:overtime_new"), said).status_code == 302
    made = OvertimeList.objects.get()
    browse("8001").post(reverse("workforce:overtime_agree", args=[made.pk]))
    browse("3001").post(reverse("workforce:overtime_announce", args=[made.pk]))
    call = made.calls.get()
    assert "征询加班" in browse("1001").get(reverse("workforce:mine")).content.decode()
    browse("1001").post(reverse("workforce:answer_overtime", args=[call.pk]), {"answer": "confirm"})
    assert centre.cell("1001", 3) == "18:00-21:00"
    assert browse("1002").post(reverse("workforce:answer_overtime", args=[call.pk])).status_code == 404


def test_the_need_page_shows_a_plan_and_says_when_there_were_no_calls(centre, browse):
    client = browse("8002")
    month = f"{centre.month:%Y-%m}"
    said = {"project": centre.project.pk, "factor": "1"}
    client.post(reverse("workforce:make_need", args=[month]), said)
    assert not StaffingPlan.objects.exists()
    need = {str(day): [1] * 48 for day in range(1, 8)}
    StaffingPlan.objects.create(
        month=centre.month, project=centre.project, result={"need": need, "from": "2026-10-01", "to": "2026-11-01"},
        made_at=centre.now,
    )  # fmt: skip
    text = client.get(reverse("workforce:need_of", args=[month])).content.decode()
    assert "需补充人数" in text
    client.post(reverse("workforce:make_need", args=[month]), {"project": "x", "factor": "-1"})


@pytest.mark.clause("SCH-024", "SCH-025", "SCH-028")
def test_handovers_pairs_and_moves_are_written_by_their_forms(centre, browse):
    client = browse("3001")
    note = {"occasion": "equipment", "day": centre.day(3), "taker": centre.staff["1001"].pk, "tickets": "无"}
    assert client.post(reverse("workforce:handovers"), note).status_code == 422
    assert client.post(reverse("workforce:handovers"), note | {"items": "耳机 12"}).status_code == 302
    pair = {"duty": "钥匙", "a": centre.staff["1001"].pk, "b": centre.staff["1001"].pk, "from_on": centre.day(1)}
    assert client.post(reverse("workforce:pairs"), pair).status_code == 422
    assert client.post(reverse("workforce:pairs"), pair | {"b": centre.staff["1002"].pk}).status_code == 302
    move = {"what": "dispatch", "d-kind": "lent", "d-starts_at": "2026-11-22T10:00", "d-reason": "高峰"}
    assert client.post(reverse("workforce:dispatches"), move).status_code == 422
    whole = move | {"d-staff": centre.staff["1001"].pk, "d-team": centre.teams[1].pk}
    assert client.post(reverse("workforce:dispatches"), whole).status_code == 302


def test_times_of_a_list_may_cross_midnight(centre):
    made = services.make_list(
        by=centre.staff["3001"], day=centre.day(3), clock=clock_from("22:00-01:00"), reason="x",
        people=[centre.staff["1001"]], mark="voluntary", now=centre.now,
    )  # fmt: skip
    assert (made.ends_at - made.starts_at).total_seconds() == 3 * 3600
