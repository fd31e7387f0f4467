# SPDX-License-Identifier: Apache-2.0
"""Files as people save them, read into rows."""

import io
from datetime import date

import pytest
import xlsxwriter

from zuoxi.web.cells import day_of, is_day_number, is_rounded
from zuoxi.web.sheets import rows_of
from zuoxi.web.tabular import Unreadable, letters_of, read_table

pytestmark = pytest.mark.once
COLUMNS = {"name": ("姓名",), "number": ("电话", "手机号")}
TWO = "姓名,电话\n王小美,13800138000\n"
MB = 1024 * 1024


def read(text: str | bytes, **more):
    content = text if isinstance(text, bytes) else text.encode()
    return read_table(content, COLUMNS, ("number",), **more)


def book(fill, *others):
    buffer = io.BytesIO()
    made = xlsxwriter.Workbook(buffer, {"in_memory": True})
    fill(made.add_worksheet("名单"))
    for name in others:
        made.add_worksheet(name).write(0, 0, "别的")
    made.close()
    return buffer.getvalue()


def why(content) -> str:
    with pytest.raises(Unreadable) as refused:
        read(content)
    return str(refused.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_list_is_read_in_every_encoding_that_a_spreadsheet_saves(encoding):
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    assert read(mark + TWO.encode(encoding)).row(0) == {"name": "王小美", "number": "13800138000"}


@pytest.mark.parametrize("sign", [",", ";", "\t", "|", "，"])
def test_cells_may_be_parted_by_any_usual_sign(sign):
    assert read(TWO.replace(",", sign)).row(0)["number"] == "13800138000"


def test_a_line_that_tells_the_spreadsheet_its_separator_is_no_line_of_the_list():
    table = read("sep=;\r\n姓名;电话\r\n王小美;13800138000\r\n")
    assert (table.head, len(table.cells)) == (("姓名", "电话"), 1)


def test_a_separator_between_quotation_marks_parts_no_headings():
    assert read('"姓名,称呼,别名";电话\n王;13800138000\n').row(0) == {"number": "13800138000"}


def test_a_number_kept_as_text_by_a_formula_is_its_text():
    assert read('姓名,电话\n王,="013800138000"\n').row(0)["number"] == "013800138000"
    assert read('姓名,电话\n王,"=""13800138000"""\n').row(0)["number"] == "13800138000"
    assert read("姓名,电话\n=1+1,13800138000\n").row(0)["name"] == "=1+1"


def test_empty_lines_at_the_end_are_no_lines():
    assert len(read(TWO + ",\n,\n\n").cells) == 1
    assert [any(one) for one in read("姓名,电话\n\n王,13800138000\n,\n").cells] == [False, True]


def test_more_lines_than_allowed_are_refused_and_as_many_as_allowed_are_read():
    rows = "王,13800138000\n" * 3
    assert len(read("姓名,电话\n" + rows + ",\n", most_rows=3).cells) == 3
    with pytest.raises(Unreadable, match="2"):
        read("姓名,电话\n" + rows, most_rows=2)


def test_a_lone_quotation_mark_is_told_with_its_line():
    assert "3" in why('姓名,电话\n王,1\n"李"四,2\n')


def test_a_web_page_an_old_workbook_and_a_broken_character_are_told_apart():
    assert "网页" in why("<html><table>")
    assert ".xls" in why(b"\xd0\xcf\x11\xe0" + b"\0" * 40)
    broken = ("姓名,电话\n" + "王小美,13800138000\n" * 20).encode() + b"\xff,1\n"
    assert "22" in why(broken)


def test_a_few_words_of_another_encoding_are_not_taken_for_a_broken_character():
    assert read("姓名,电话\n联通,13800138000\n".encode("gbk")).row(0)["name"] == "联通"


def test_headings_below_a_title_are_told_with_their_line():
    assert "3" in why("2026年客户名单,\n,\n姓名,电话\n王,13800138000\n")


def test_headings_are_known_with_stars_and_words_aside():
    assert read("*姓 名,手机号(必填)\n王,13800138000\n").places == {"number": 1}
    assert read("姓名*,手机号（必填）\n王,13800138000\n").places == {"name": 0, "number": 1}
    assert read("电话,电话（备用）\n13800138000,13800138001\n").places == {"number": 0}


def test_headings_that_come_twice_or_are_missing_are_called_apart():
    table = read_table("备注,,备注,,电话\na,b,c,,1\n".encode(), {}, ())
    assert table.called() == ("备注", "[B]", "备注 (2)", "", "电话")
    assert [letters_of(place) for place in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


def test_what_stands_behind_the_last_heading_is_told():
    table = read("姓名,电话\n王,13800138000,,3单元\n李,13800138001,,\n")
    assert (table.beyond(0), table.beyond(1)) == ("3单元", "")


def test_a_merged_cell_stands_in_every_row_that_it_covers():
    def fill(page):
        page.write_row(0, 0, ["姓名", "电话"])
        page.merge_range(1, 0, 3, 0, "王家")
        for line in (1, 2, 3):
            page.write(line, 1, 13800138000 + line)

    assert [row[0] for row in read(book(fill)).cells] == ["王家"] * 3


def test_excel_numbers_are_read_as_the_sheet_shows_them():
    def fill(page):
        page.write_row(0, 0, ["姓名", "电话"])
        page.write_row(1, 0, [12.3 * 3, 13800138000])
        page.write_row(2, 0, [0.1 + 0.2, 999_999_999_999_999])
        page.write_row(3, 0, ["x", 1_234_567_890_123_456_789])

    table = read(book(fill))
    assert [row[0] for row in table.cells] == ["36.9", "0.3", "x"]
    assert [row[1] for row in table.cells] == ["13800138000", "999999999999999", "1.23457E+18"]
    assert is_rounded(table.cells[2][1])


def test_the_first_sheet_that_holds_something_is_read_and_the_others_are_named():
    buffer = io.BytesIO()
    made = xlsxwriter.Workbook(buffer, {"in_memory": True})
    made.add_worksheet("空")
    made.add_worksheet("客户").write_row(0, 0, ["姓名", "电话"])
    made.add_worksheet("说明").write(0, 0, "填写说明")
    made.close()
    table = read(buffer.getvalue())
    assert (table.head, table.sheets) == (("姓名", "电话"), ("说明",))


def test_a_workbook_that_unpacks_to_too_much_is_refused():
    content = book(lambda page: [page.write(line, 0, f"一二三四五{line}" * 9) for line in range(4000)])
    with pytest.raises(Unreadable, match="MB"):
        rows_of(content, False, 2048)
    assert len(rows_of(content, False, 5 * MB)[0]) == 4000


@pytest.mark.parametrize(("line", "column"), [(700, 16383), (40_000, 300), (1_048_575, 26)])
def test_a_cell_so_far_away_that_all_between_would_fill_the_memory_is_refused(line, column):
    def fill(page):
        page.write_row(0, 0, ["姓名", "电话"])
        page.write(line, column, "误填")

    with pytest.raises(Unreadable, match=r"far away|很远"):
        rows_of(book(fill), False, 5 * MB)


@pytest.mark.parametrize(("line", "column"), [(100, 16383), (5000, 300)])
def test_a_cell_that_stands_aside_is_read_where_there_is_room_for_all_between(line, column):
    def fill(page):
        page.write_row(0, 0, ["姓名", "电话"])
        page.write(line, column, "备注")

    assert rows_of(book(fill), False, 5 * MB)[0][line][column] == "备注"


def test_a_cell_far_away_that_only_has_a_colour_is_none():
    buffer = io.BytesIO()
    made = xlsxwriter.Workbook(buffer, {"in_memory": True})
    page, grey = made.add_worksheet(), made.add_format({"bg_color": "#cccccc"})
    page.write_row(0, 0, ["姓名", "电话"])
    page.write_blank(5000, 16383, None, grey)
    page.write_row(5001, 0, ["王小美", 13800138000])
    made.close()
    assert len(read(buffer.getvalue()).cells) == 5001


@pytest.mark.parametrize(
    "said",
    ["1990-05-21", "1990/5/21", "1990.5.21", "19900521", "1990年5月21日", "1990 年 5 月 21 日", "１９９０－０５－２１",
     "1990-05-21 00:00:00", "1990/5/21 0:00", "1990年5月21日 10:00"],
)  # fmt: skip
def test_a_day_is_read_as_people_write_it(said):
    assert day_of(said) == date(1990, 5, 21)


def test_headings_that_come_again_and_again_are_told_apart_at_once():
    names = read(("电话," * 8000 + "电话 (2)\n").replace("电话,", "备注,", 7999)).called()
    assert names[:3] + names[-3:] == ("备注", "备注 (2)", "备注 (3)", "备注 (7999)", "电话", "电话 (2)")


@pytest.mark.parametrize("said", ["90-5-21", "33014", "1990-13-01", "1990-02-30", "21/5/1990", "昨天", "", "1990"])
def test_what_is_no_day_is_not_guessed(said):
    with pytest.raises(ValueError, match=r"day|month|year"):
        day_of(said)


def test_days_and_numbers_that_a_spreadsheet_changed_are_known_for_what_they_are():
    assert [is_day_number(one) for one in ("33014", "33014.5", "9999", "70000", "1990")] == [True, True, *[False] * 3]
    told = [is_rounded(one) for one in ("1.38E+10", "1.38e10", "2E+9", "1E", "E10", "12E+3")]
    assert told == [True, True, True, False, False, False]
