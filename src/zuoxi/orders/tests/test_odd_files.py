# SPDX-License-Identifier: Apache-2.0
"""Files of orders as shops export them: an order comes in whole, or is told with its line, reason and remedy."""

import io
from decimal import Decimal

import pytest
import xlsxwriter

from zuoxi.orders import imports
from zuoxi.web.tabular import Unreadable

pytestmark = pytest.mark.django_db
HEAD = "订单号,电话,姓名,地址,货号,数量,单价,付款方式"
PLACE = "某省某市某区某路三号楼"


def line(number="W1", phone="13900000021", name="云丙", place=PLACE, sku="G2", pieces="1", price="90", pay=""):
    return ",".join([number, phone, name, place, sku, pieces, price, pay])


def look(*rows, head=HEAD, encoding="utf-8"):
    return imports.look("\n".join([head, *rows]).encode(encoding))


def told(looked):
    return [(one.line, one.column) for one in looked.problems]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_a_file_is_read_in_every_usual_encoding(world, encoding):
    assert len(look(line(), encoding=encoding).ready) == 1


@pytest.mark.parametrize("number", ["2.02611E+17", "1.38e+10"])
def test_a_rounded_order_number_is_refused_for_many_orders_would_become_one(world, number):
    looked = look(line(number), line(number, "13900000022"))
    assert (looked.ready, told(looked)) == ((), [(2, "订单号"), (3, "订单号")])


def test_a_long_number_that_excel_kept_as_a_number_is_refused_and_as_text_is_taken(world):
    buffer = io.BytesIO()
    made = xlsxwriter.Workbook(buffer, {"in_memory": True})
    page = made.add_worksheet()
    page.write_row(0, 0, HEAD.split(","))
    page.write_row(1, 0, [202611230001234567, 13900000021, "云丙", PLACE, "G2", 1, 90])
    page.write_row(2, 0, ["202611230001234568", 13900000021, "云丙", PLACE, "G2", 1, 90])
    made.close()
    looked = imports.look(buffer.getvalue())
    assert ([one.foreign for one in looked.ready], told(looked)) == (["202611230001234568"], [(2, "订单号")])


def test_an_article_whose_number_stands_in_the_line_above_holds_the_whole_order_back(world):
    looked = look(line(), line("", sku="G1"), line("W2"))
    assert ([one.foreign for one in looked.ready], told(looked)) == (["W2"], [(3, "订单号")])


def test_an_article_in_a_merged_cell_belongs_to_its_order(world):
    buffer = io.BytesIO()
    made = xlsxwriter.Workbook(buffer, {"in_memory": True})
    page = made.add_worksheet()
    page.write_row(0, 0, HEAD.split(","))
    for place, text in enumerate(["W1", "13900000021", "云丙", PLACE]):
        page.merge_range(1, place, 2, place, text)
    page.write_row(1, 4, ["G2", 1, 90])
    page.write_row(2, 4, ["G1", 2, 10])
    made.close()
    (ready,) = imports.look(buffer.getvalue()).ready
    assert [one.quantity for one in ready.lines] == [1, 2]


@pytest.mark.parametrize(
    ("more", "column"), [({"phone": "13900000022"}, "电话"), ({"place": "别处"}, "地址"), ({"pay": "已付"}, "付款方式")]
)
def test_lines_of_one_order_that_say_different_things_are_not_taken(world, more, column):
    looked = look(line(), line(sku="G1", **more))
    assert (looked.ready, told(looked)) == ((), [(3, column)])


def test_lines_of_one_order_may_leave_to_the_first_what_it_said(world):
    (ready,) = look(line(), line(sku="G1", name="", place="")).ready
    assert len(ready.lines) == 2


@pytest.mark.parametrize(
    ("name", "signs", "ready"), [("name", 80, 1), ("name", 81, 0), ("place", 240, 1), ("place", 241, 0)]
)
def test_a_text_is_taken_whole_or_not_at_all(world, name, signs, ready):
    assert len(look(line(**{name: "长" * signs})).ready) == ready


def test_an_address_with_a_comma_moves_no_cell_without_a_word(world):
    looked = look("W1,13900000021,云丙,某路3号,2单元,G2,1,90,货到付款", line("W2"))
    assert [one.foreign for one in looked.ready] == ["W2"]
    assert told(looked) == [(2, "付款方式")]


@pytest.mark.parametrize(
    ("written", "price"), [("¥90.50", "90.50"), ("９０．５", "90.5"), ("1,090", None), ("90元", "90"), ("九十", None)]
)
def test_a_price_is_read_as_people_write_it(world, written, price):
    looked = look(line(price=f'"{written}"'))
    if price is None and written == "1,090":
        price = "1090"
    assert [one.lines[0].price for one in looked.ready] == ([Decimal(price)] if price else [])


@pytest.mark.parametrize(("written", "prepaid"), [("货到付款", False), ("", False), ("已付", True), ("微信支付", True)])
def test_ways_to_pay_are_known_by_their_words(world, written, prepaid):
    assert [one.prepaid for one in look(line(pay=written)).ready] == [prepaid]


def test_an_unknown_way_to_pay_is_asked_back_and_not_collected_twice(world):
    looked = look(line(pay="花呗分期"))
    assert (looked.ready, told(looked)) == ((), [(2, "付款方式")])


@pytest.mark.parametrize("phone", ["1.38E+10", "13900000021/13900000022", "电话见备注", "123"])
def test_a_telephone_number_that_cannot_be_known_is_told_with_what_to_do(world, phone):
    (wrong,) = look(line(phone=phone)).problems
    assert (wrong.line, wrong.column) == (2, "电话")
    assert str(wrong.todo)


def test_columns_and_sheets_that_are_not_read_are_named(world):
    looked = look(line() + ",加急,红色", head=f"{HEAD},备注,备注")
    assert looked.passed_over == ("备注", "备注 (2)")
    assert len(looked.ready) == 1


def test_a_column_that_comes_twice_is_refused_as_a_whole(world):
    with pytest.raises(Unreadable, match="电话"):
        look(line() + ",1", head=f"{HEAD},电话")
