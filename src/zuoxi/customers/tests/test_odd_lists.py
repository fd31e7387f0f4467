# SPDX-License-Identifier: Apache-2.0
"""Lists of customers as they come from shops, fairs and old programs: every line is taken, or told with its reason."""

import io
from datetime import date

import pytest
import xlsxwriter
from django.utils import timezone

from zuoxi.customers import importing
from zuoxi.customers.models import ContactNumber, Customer, CustomerImport, ImportReject
from zuoxi.customers.numbers import parsed
from zuoxi.people.models import User
from zuoxi.web.tabular import Unreadable

pytestmark = pytest.mark.django_db
SKIP, NEW, FILL = CustomerImport.Policy.SKIP, CustomerImport.Policy.NEW, CustomerImport.Policy.FILL


def opened(text, mapping=None, encoding="utf-8"):
    content = text if isinstance(text, bytes) else text.encode(encoding)
    return importing.open_table(content, mapping or {})


def take(text, policy=SKIP, mapping=None, encoding="utf-8"):
    """The batch after the list was taken; what the look beforehand promised is what was done."""
    table = opened(text, mapping, encoding)
    promised = importing.check(table, policy)
    user, _new = User.objects.get_or_create(username="boss")
    total = len(table.cells)
    batch = CustomerImport.objects.create(name="x", token="x", by=user, at=timezone.now(), total=total, policy=policy)
    importing.take(batch, table, timezone.now(), lambda _done, _total: None, None)
    assert (promised.made, promised.skipped, promised.refused) == (batch.made, batch.skipped, batch.refused)
    assert batch.made + batch.filled + batch.skipped + batch.refused == promised.rows
    return batch


def refused():
    return [(one.line, one.why) for one in ImportReject.objects.all()]


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("１３８００１３８０００", ("13800138000", "")),
        ("+86 138-0013-8000", ("13800138000", "")),
        ("0532-88886666转801", ("053288886666", "801")),
        ("0532-88886666-801", ("053288886666", "801")),
        ("（0532）88886666－801", ("053288886666", "801")),
        ("13800138000-1234", ("13800138000", "1234")),
        ("+1 650 253 0000", ("0016502530000", "")),
        ('="13800138000"', ("13800138000", "")),
        ("'13800138000", ("13800138000", "")),
        ("13800138000.0", ("13800138000", "")),
    ],
)
def test_a_number_is_taken_as_people_write_it(written, kept):
    assert take(f"姓名\t电话\n王小美\t{written}\n").refused == 0
    assert ContactNumber.objects.values_list("number", "extension").get() == kept


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("1.38E+10", "文本"),
        ("13800138000/13900139000", "单独一列"),
        ("13800138000、13900139000", "单独一列"),
        ("13800138000 13900139000", "单独一列"),
        ("1380013800", "11"),
        ("138001380001", "11"),
        ("张先生", "数字"),
        ("+999 12345", "国"),
    ],
)
def test_a_number_that_cannot_be_known_is_refused_with_its_line_and_what_to_do(written, told):
    assert take(f"姓名\t电话\n王小美\t{written}\n李四\t13900139000\n").made == 1
    ((line, why),) = refused()
    assert (line, told in why) == (2, True), why


@pytest.mark.once
def test_one_number_with_blanks_is_not_taken_for_two():
    assert parsed("138 0013 8000").valid
    assert parsed("0532 88886666 转 801").extension == "801"
    assert parsed("0086 13800138000").valid


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_the_same_list_in_every_encoding_and_with_every_separator(encoding, sign):
    assert take("姓名,电话\n王小美,13800138000\n".replace(",", sign), encoding=encoding).made == 1
    assert Customer.objects.get().name == "王小美"


def test_a_birthday_as_a_count_of_days_is_refused_and_a_written_one_is_read():
    lines = "姓名,电话,生日\na,13800138000,33014\nb,13800138001,1990年5月21日\nc,13800138002,90-5-21\n"
    take(lines + f"d,13800138003,{timezone.localdate().year + 1}-01-01\ne,13800138004,1899-12-31\n")
    assert [line for line, _why in refused()] == [2, 4, 5, 6]
    assert "33014" in refused()[0][1]
    assert Customer.objects.get().birthday == date(1990, 5, 21)


def test_a_heading_that_comes_twice_keeps_its_first_column_and_offers_the_second():
    table = opened("姓名,电话,电话\n王,13800138000,13900139000\n")
    assert (table.head, table.places) == (("姓名", "电话", "电话 (2)"), {"name": 0, "number": 1})
    mapping = {"姓名": "name", "电话": "number", "电话 (2)": "number2"}
    take("姓名,电话,电话\n王,13800138000,13900139000\n", mapping=mapping)
    assert ContactNumber.objects.count() == 2


def test_a_column_without_a_heading_that_holds_something_is_offered_by_its_letter():
    assert opened("姓名,,电话,\n王,vip,13800138000,\n").head == ("姓名", "[B]", "电话", "")


def test_an_address_with_a_comma_moves_no_cell_without_a_word():
    batch = take("姓名,电话,地址\n王,13800138000,某路3号,2单元\n李,13900139000,某路4号\n")
    assert (batch.made, batch.refused) == (1, 1)
    assert "2单元" in refused()[0][1]


@pytest.mark.parametrize(("column", "most"), [("姓名", 80), ("备注", 2000)])
def test_a_text_is_taken_whole_or_not_at_all(column, most):
    head = "电话,姓名" if column == "姓名" else "电话,备注"
    batch = take(f"{head}\n13800138000,{'长' * most}\n13800138001,{'长' * (most + 1)}\n")
    assert (batch.made, batch.refused) == (1, 1)
    assert str(most) in refused()[0][1]


def test_a_merged_name_belongs_to_every_number_beside_it():
    buffer = io.BytesIO()
    made = xlsxwriter.Workbook(buffer, {"in_memory": True})
    page = made.add_worksheet()
    page.write_row(0, 0, ["姓名", "电话"])
    page.merge_range(1, 0, 2, 0, "王家")
    page.write(1, 1, 13800138000)
    page.write(2, 1, 13900139000)
    page.write_formula(3, 0, "=A2", None, "王家")
    page.write(3, 1, 1.38e18)
    made.close()
    batch = take(buffer.getvalue())
    assert (batch.made, batch.refused) == (2, 1)
    assert set(Customer.objects.values_list("name", flat=True)) == {"王家"}


@pytest.mark.parametrize("policy", [SKIP, FILL])
def test_a_list_that_is_read_twice_adds_nobody_even_without_numbers(policy):
    lines = "姓名,电话,城市,地址\n王小美,13800138000,,\n李四,,云州市,某路3号\n赵五,,,\n赵五,,云州市,某路9号\n"
    assert take(lines, policy).made == 4
    again = take(lines, policy)
    assert (again.made, again.skipped + again.filled) == (0, 4)
    assert Customer.objects.count() == 4


def test_a_line_without_a_number_that_comes_twice_in_one_list_is_one_customer():
    assert take("姓名,电话\n赵五,\n赵五,\n").made == 1
    assert take("姓名,电话\n赵五,\n", NEW).made == 1
    assert Customer.objects.count() == 2


def test_who_was_merged_is_known_without_a_number_as_well():
    take("姓名,电话\n赵五,\n王小美,13800138000\n")
    stays = Customer.objects.get(name="王小美")
    Customer.objects.filter(name="赵五").update(merged_into=stays)
    assert take("姓名,电话\n赵五,\n", FILL).filled == 1
    assert Customer.objects.count() == 2


def test_a_title_above_the_headings_is_told():
    with pytest.raises(Unreadable, match="2"):
        opened("2026年客户名单,\n姓名,电话\n王,13800138000\n")


def test_empty_lines_between_others_count_as_nothing_and_move_no_line_number():
    batch = take("姓名,电话\n\n王,13800138000\n,\n李,错\n,\n,\n")
    assert (batch.made, refused()[0][0]) == (1, 5)
