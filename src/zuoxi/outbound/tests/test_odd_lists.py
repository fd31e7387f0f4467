# SPDX-License-Identifier: Apache-2.0
"""Lists of contacts as fairs and partners hand them over: every line is taken, or told with its reason."""

import io
from datetime import date

import pytest
import xlsxwriter

from zuoxi.outbound.list_import import MOST_FIELDS, Terms, sort_out
from zuoxi.outbound.refusing import Refused
from zuoxi.outbound.tests.world import NOW
from zuoxi.outbound.tests.world import campaign as made_campaign

pytestmark = pytest.mark.django_db
PROOF = Terms(consent="展会登记")


@pytest.fixture
def campaign():
    return made_campaign(1)


def look(campaign, *rows, head="姓名,电话,同意日期,优先级,备注", encoding="utf-8"):
    return sort_out("\n".join([head, *rows]).encode(encoding), campaign, PROOF, NOW)


def told(found):
    return [(one.line, one.reason) for one in found.rejected]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_a_list_is_read_in_every_usual_encoding(campaign, encoding):
    assert [one.name for one in look(campaign, "云甲,13800000001,,,", encoding=encoding).taken] == ["云甲"]


@pytest.mark.parametrize("written", ["2026-5-1", "2026/5/1", "2026.05.01", "2026年5月1日", "20260501", "2026/5/1 0:00"])
def test_the_day_of_a_consent_is_read_as_people_write_it(campaign, written):
    assert [one.consent_at for one in look(campaign, f"云甲,13800000001,{written},,").taken] == [date(2026, 5, 1)]


@pytest.mark.parametrize("written", ["46143", "去年", "5/1/26"])
def test_a_day_that_cannot_be_known_refuses_its_line(campaign, written):
    found = look(campaign, f"云甲,13800000001,{written},,", "云乙,13800000002,,,")
    assert (told(found), len(found.taken)) == ([(2, "date")], 1)
    assert written in found.rejected[0].note


@pytest.mark.parametrize(("written", "kept"), [("", 0), ("3", 3), ("-1", -1), ("３", 3)])
def test_a_priority_is_a_whole_number(campaign, written, kept):
    assert [one.priority for one in look(campaign, f"云甲,13800000001,,{written},").taken] == [kept]


@pytest.mark.parametrize("written", ["高", "1.5", "99999"])
def test_a_priority_that_is_none_is_told_and_not_taken_for_nought(campaign, written):
    assert told(look(campaign, f"云甲,13800000001,,{written},")) == [(2, "priority")]


@pytest.mark.parametrize(("signs", "taken"), [(200, 1), (201, 0)])
def test_a_text_is_taken_whole_or_not_at_all(campaign, signs, taken):
    found = look(campaign, f"云甲,13800000001,,,{'长' * signs}")
    assert (len(found.taken), told(found)) == (taken, [(2, "long")] * (1 - taken))


def test_a_name_longer_than_is_kept_is_told(campaign):
    assert told(look(campaign, f"{'长' * 81},13800000001,,,")) == [(2, "long")]


def test_a_comma_in_a_text_moves_no_cell_without_a_word(campaign):
    assert told(look(campaign, "云甲,13800000001,,,某路3号,2单元")) == [(2, "cells")]


def test_two_columns_of_one_heading_are_both_kept(campaign):
    (one,) = look(campaign, "云甲,13800000001,红,蓝,x", head="姓名,电话,备注,备注,").taken
    assert one.fields == {"备注": "红", "备注 (2)": "蓝", "[E]": "x"}


def test_columns_beyond_those_that_are_kept_are_named(campaign):
    heads = [f"列{nth}" for nth in range(MOST_FIELDS + 2)]
    found = look(campaign, "13800000001," + ",".join(heads), head="电话," + ",".join(heads))
    assert found.passed_over == tuple(heads[MOST_FIELDS:])
    assert len(found.taken[0].fields) == MOST_FIELDS


@pytest.mark.parametrize(
    ("written", "reason"),
    [("1.38E+10", "number"), ("13800000001/13800000002", "number"), ("+1 650 253 0000", "foreign"), ("无", "number")],
)
def test_a_number_that_cannot_be_called_is_told(campaign, written, reason):
    assert told(look(campaign, f"云甲,{written},,,")) == [(2, reason)]


def test_an_extension_stays_with_the_contact(campaign):
    (one,) = look(campaign, "云甲,0532-88886666-801,,,").taken
    assert (one.number, list(one.fields.values())) == ("053288886666", ["801"])


def test_other_sheets_are_named_and_a_title_is_told(campaign):
    buffer = io.BytesIO()
    made = xlsxwriter.Workbook(buffer, {"in_memory": True})
    page = made.add_worksheet("一")
    page.write_row(0, 0, ["姓名", "手机号码"])
    page.write_row(1, 0, ["云甲", 13800000001])
    made.add_worksheet("二").write(0, 0, "更多")
    made.close()
    found = sort_out(buffer.getvalue(), campaign, PROOF, NOW)
    assert (len(found.taken), found.sheets) == (1, ("二",))
    with pytest.raises(Refused, match="2"):
        look(campaign, "姓名,电话", "云甲,13800000001", head="展会名单,")
