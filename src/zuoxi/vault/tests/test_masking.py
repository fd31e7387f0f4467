# SPDX-License-Identifier: Apache-2.0
import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zuoxi.vault import exports, masking


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("13812345678", "138****5678"),
        ("+8613812345678", "138****5678"),
        ("138 1234 5678", "138****5678"),
        ("02112345678", "0211*****78"),
        ("95598", "95598"),
        ("1001", "1001"),
        ("123456", "12**56"),
        ("", ""),
        (None, ""),
    ],
)
def test_a_number_is_recognisable_and_not_dialable(number, shown):
    assert masking.phone(number) == shown


@given(st.integers(13_000_000_000, 19_999_999_999).map(str))
def test_no_mobile_number_survives_its_mask(number):
    assert number not in masking.phone(number)
    assert masking.phone(number).count("*") == 4


@pytest.mark.parametrize(
    ("full", "shown"), [("王小明", "王**"), ("王", "王*"), ("", ""), (None, ""), ("Alice", "A****")]
)
def test_of_a_name_the_first_sign_stays(full, shown):
    assert masking.name(full) == shown


def test_of_an_identity_number_the_ends_stay():
    assert masking.identity("310101199001011234") == "3" + "*" * 16 + "4"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("上海市浦东新区世纪大道100号5楼", "上海市****"),
        ("江苏省昆山市花桥镇绿地大道1号", "江苏省昆山市****"),
        ("Room 5", "Roo****"),
        ("", ""),
    ],
)
def test_of_an_address_the_district_stays(text, shown):
    assert masking.address(text).startswith(shown[:3])
    assert "号" not in masking.address(text)


def test_an_address_for_mail_keeps_its_domain():
    assert masking.email("wang@example.com") == "w***@example.com"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "\u3000=1"])
def test_text_that_begins_like_a_formula_is_made_text(text):
    assert exports.cell(text) == f"'{text}"
    assert exports.plain(exports.cell(text)) == text


@pytest.mark.parametrize("value", [-1, 0, 3.5, "王=芳", "a-b", True])
def test_numbers_and_ordinary_text_stay_as_they_are(value):
    assert exports.cell(value) == value


def test_an_exported_file_opens_in_excel_and_reads_back():
    text = "".join(exports.csv_lines(["名称", "值"], [["=cmd", None], ["a,b", -3]]))
    assert text.startswith(exports.BOM)
    rows = list(csv.reader(io.StringIO(text.removeprefix(exports.BOM))))
    assert rows == [["名称", "值"], ["'=cmd", ""], ["a,b", "-3"]]


@pytest.mark.clause("SEC-001")
@pytest.mark.parametrize(
    ("role", "may"),
    [
        ("DA", True),
        ("OM", True),
        ("SM", True),
        ("DIR", True),
        ("ODM", False),
        ("TSRS", False),
        ("IT", False),
        ("CSR", False),
    ],
)
def test_only_analyst_managers_and_director_take_data_out(role, may):
    assert exports.may_export([role]) is may
