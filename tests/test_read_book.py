"""A workbook is read by its content: every value at its own address, every sheet, and what cannot be trusted is told."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
from collections.abc import Callable

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.grid import Book, Span, Unreadable, address
from pipeline.read_book import read_book
from tests.packages import RECEIVED, cell, in_container, ods, record, xls_stream, xlsx

_DAY = dt.datetime(2026, 11, 5)


def read(content: bytes, path: str = "李明/登记表.xlsx") -> Book:
    """Return the workbook, which must be readable."""
    book = read_book(path, content, RECEIVED)
    assert isinstance(book, Book), book
    return book


def saved(fill: Callable[[xlsxwriter.Workbook], None], **options: object) -> bytes:
    """Return a workbook as Excel's own look-alike writes it."""
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True, **options}) as book:
        fill(book)
    return written.getvalue()


def test_a_book_knows_its_path_its_hash_and_when_it_came():
    content = xlsx(cell("A1"))
    book = read(content)

    assert ("李明/登记表.xlsx", hashlib.sha256(content).hexdigest(), RECEIVED) == (
        book.path,
        book.sha256,
        book.received,
    )


def test_a_table_that_starts_at_c5_keeps_its_addresses():
    grid = read(xlsx(cell("C5", "日期") + cell("D7", 3))).grids[0]

    assert ("日期", 3.0, 7, 4) == (grid.at(4, 2), grid.at(6, 3), grid.height, grid.width)


def test_every_kind_of_value_is_what_excel_shows():
    def fill(book):
        sheet = book.add_worksheet()
        sheet.write_row("A1", ["张三", 13800001111, True])
        sheet.write("D1", _DAY, book.add_format({"num_format": 'm"月"d"日"'}))
        sheet.write("E1", 0.375, book.add_format({"num_format": "h:mm"}))
        sheet.write("F1", 46331)

    (row,) = read(saved(fill)).grids[0].rows

    assert ["张三", 13800001111.0, True, dt.date(2026, 11, 5), dt.time(9, 0), 46331.0] == row
    assert [str, float, bool, dt.date, dt.time, float] == [type(value) for value in row]


def test_a_workbook_of_the_1904_epoch_says_the_same_dates_and_that_it_is_one():
    def fill(book):
        book.add_worksheet().write("A1", _DAY, book.add_format({"num_format": "yyyy-mm-dd"}))

    book = read(saved(fill, date_1904=True))

    assert ([[dt.date(2026, 11, 5)]], True) == (book.grids[0].rows, book.epoch_1904)
    assert not read(saved(fill)).epoch_1904


def test_merges_keep_their_place_and_a_merge_over_whole_columns_ends_with_the_table():
    grid = read(
        xlsx(
            cell("A1", "登记表")
            + cell("C9", "完")
            + '|<mergeCells><mergeCell ref="A1:C2"/><mergeCell ref="B3:B1048576"/></mergeCells>'
        )
    ).grids[0]

    assert (Span(0, 0, 1, 2), Span(2, 1, 8, 1)) == grid.merges


def test_blank_rows_at_the_end_are_left_out_and_those_between_stay():
    blank = "".join(f'<row r="{row}"><c r="A{row}" t="inlineStr"><is><t></t></is></c></row>' for row in (4, 5, 6))
    grid = read(xlsx(cell("A1", "日期") + cell("A3", 0) + blank)).grids[0]

    assert [["日期"], [""], [0.0]] == grid.rows


def test_sheets_come_in_the_order_of_their_tabs_with_the_hidden_ones_marked():
    book = read(xlsx(cell("A1", "甲"), cell("A1", "乙"), names=["3日", "1日"], hidden="1日"))

    assert [("3日", True), ("1日", False)] == [(grid.sheet, grid.visible) for grid in book.grids]


def test_two_sheets_of_one_name_are_both_read():
    second = cell("A1", "乙") + '<row r="2"><c r="A2" t="e"><v>#N/A</v></c></row>'
    book = read(xlsx(cell("A1", "甲"), second, cell("A1", "丙"), names=["客户 & 卡", "客户 & 卡", "3日"]))

    assert [("客户 & 卡", "甲"), ("客户 & 卡", "乙"), ("3日", "丙")] == [
        (grid.sheet, grid.at(0, 0)) for grid in book.grids
    ]
    assert [{}, {(1, 0): "#N/A"}, {}] == [grid.faults for grid in book.grids]


def test_the_stamp_of_our_own_blank_is_read_and_its_sheet_is_not_shown():
    stamp = '<row r="1"><c r="A1" t="inlineStr"><is><t>visitor_register</t></is></c><c r="B1"><v>2</v></c></row>'
    book = read(xlsx(cell("A1", "日期"), stamp, names=["登记表", "_daybook"], hidden="_daybook"))

    assert ("visitor_register/2", ["登记表"]) == (book.stamp, [grid.sheet for grid in book.grids])
    assert read(xlsx(cell("A1"))).stamp == ""


def test_cells_showing_an_error_are_blank_and_told():
    grid = read(xlsx(cell("A1", "级别") + '<row r="2"><c r="A2" s="0" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>')).grids[
        0
    ]

    assert ("", {(1, 0): "#DIV/0!"}) == (grid.at(1, 0), grid.faults)


@pytest.mark.parametrize(
    ("inside", "fault"),
    [
        ("<f>1+1</f>", {(1, 1): "uncached"}),
        ("<f>1+1</f><v></v>", {(1, 1): "uncached"}),
        ("<f>1+1</f><v/>", {(1, 1): "uncached"}),
        ('<f t="shared" si="0"/>', {(1, 1): "uncached"}),
        ("<f>1+1</f><v>2</v>", {}),
        ('<f t="shared" si="0"/><v>2</v>', {}),
    ],
)
def test_a_formula_saved_without_its_value_is_told(inside, fault):
    grid = read(xlsx(cell("A1", "人数") + f'<row r="2"><c r="B2">{inside}</c></row>' + cell("A3", "完"))).grids[0]

    assert fault == grid.faults


def test_a_formula_whose_answer_is_an_empty_text_is_no_fault():
    grid = read(xlsx(cell("A1", "备注") + '<row r="2"><c r="A2" t="str"><f>IF(1,"","x")</f><v></v></c></row>')).grids[0]

    assert {} == grid.faults


def test_a_file_without_addresses_in_its_cells_is_read_in_order():
    rows = "<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>"

    assert [[1.0, 2.0], [3.0, ""]] == read(xlsx(rows)).grids[0].rows


def test_a_sheet_longer_than_a_thousand_rows_is_walked_and_read():
    grid = read(xlsx("".join(cell(f"A{row}", row) for row in range(1, 1501)))).grids[0]

    assert [1500.0] == grid.rows[1499]


def test_the_content_decides_and_not_the_ending():
    assert "日期" == read(xlsx(cell("A1", "日期")), "登记表.xls").grids[0].at(0, 0)
    assert 5.0 == read(in_container(xls_stream((3, 2, 5.0))), "登记表.xlsx").grids[0].at(3, 2)
    assert "日期" == read("日期,电话\n".encode("gbk"), "登记表.xls").grids[0].at(0, 0)


def test_an_old_workbook_tells_its_epoch_and_its_errors():
    error = record(0x205, b"\x04\x00\x01\x00\x00\x00\x2a\x01")
    book = read(in_container(xls_stream((0, 0, 1.0), before=record(0x22, b"\x01\x00"), after=error)))

    assert (True, {(4, 1): "#N/A"}) == (book.epoch_1904, book.grids[0].faults)


def test_merges_of_an_ods_are_read():
    one = '<table:table-cell office:value-type="string" table:number-columns-spanned="3" table:number-rows-spanned="2"><text:p>登记表</text:p></table:table-cell>'
    grid = read(ods(f"<table:table-row><table:table-cell/>{one}<table:covered-table-cell/></table:table-row>")).grids[0]

    assert ("登记表", (Span(0, 1, 1, 3),)) == (grid.at(0, 1), grid.merges)


def test_the_name_of_a_picture_on_a_cell_of_an_ods_is_no_part_of_what_the_cell_says():
    picture = "<draw:frame><draw:image/><svg:title>p.png</svg:title><svg:desc>图</svg:desc></draw:frame>"
    one = f'<table:table-cell office:value-type="string"><text:p>到访方式</text:p>{picture}</table:table-cell>'

    assert "到访方式" == read(ods(f"<table:table-row>{one}</table:table-row>")).grids[0].at(0, 0)


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-8-sig", "utf-16"])
def test_a_csv_is_read_in_the_encodings_of_excel_and_wps(encoding):
    text = '日期,电话,注释\r\n2026/11/5,028-88880000,"看车, 两人\n一起"\r\n\r\n'
    grid = read(text.encode(encoding), "11月/登记表.csv").grids[0]

    assert "登记表" == grid.sheet
    assert [["日期", "电话", "注释"], ["2026/11/5", "028-88880000", "看车, 两人\n一起"]] == grid.rows


def test_phones_in_a_csv_stay_text():
    grid = read('姓名,电话\n张三,"=""02888880000"""\n李四,013800001111\n'.encode()).grids[0]

    assert ["02888880000", "013800001111"] == [grid.at(1, 1), grid.at(2, 1)]


@pytest.mark.parametrize("mark", [",", "\t", ";", "|"])
def test_the_delimiter_of_a_text_table_is_found(mark):
    text = (
        f"日期{mark}电话\n2026,5{mark}13800001111\n2026,6{mark}13800001112\n"
        if mark != ","
        else "日期,电话\na,1\nb,2\n"
    )

    assert ["日期", "电话"] == read(text.encode()).grids[0].rows[0]


def test_a_workbook_without_a_filled_cell_has_no_sheets_to_read():
    book = read_book("空.xlsx", xlsx(""), RECEIVED)

    assert isinstance(book, Unreadable)
    assert "book.no-sheets" == book.reason


def test_what_nobody_foresaw_is_a_verdict_with_its_traceback(monkeypatch):
    def burst(*_):
        raise ZeroDivisionError

    monkeypatch.setattr("pipeline.read_book.package", burst)
    book = read_book("表.xlsx", xlsx(cell("A1")), RECEIVED)

    assert isinstance(book, Unreadable)
    assert ("book.crashed", "ZeroDivisionError") == (book.reason, book.detail)
    assert "in burst" in book.trace


def test_a_panic_for_want_of_memory_is_told_as_that(monkeypatch):
    def panics(*_):
        raise type("PanicException", (BaseException,), {})("PyObject pointer is null")

    monkeypatch.setattr("pipeline.read_book.package", panics)
    found = read_book("a.xlsx", xlsx(cell("A1")), RECEIVED)

    assert isinstance(found, Unreadable)
    assert ("book.stuck", "超过内存限度") == (found.reason, found.detail)


def test_bytes_at_which_the_reader_itself_panics_are_a_broken_file(monkeypatch):
    panic = type("PanicException", (BaseException,), {})

    def panics(*_):
        raise panic("range end index 64 out of range")

    monkeypatch.setattr("pipeline.read_book.package", panics)
    book = read_book("表.xlsx", xlsx(cell("A1")), RECEIVED)

    assert isinstance(book, Unreadable)
    assert ("book.broken", "range end index 64 out of range") == (book.reason, book.trace)


_VALUES = st.one_of(
    st.integers(-(10**11), 10**11).map(lambda n: n / 4),
    st.booleans(),
    st.text("日期张三H级abc √", min_size=1, max_size=6),
)


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(st.tuples(st.integers(0, 1200), st.integers(0, 40)), _VALUES, min_size=1, max_size=12))
def test_law_every_value_is_read_at_the_address_where_it_was_written(cells):
    def fill(book):
        sheet = book.add_worksheet()
        for (row, column), value in cells.items():
            sheet.write_string(row, column, value) if isinstance(value, str) else sheet.write(row, column, value)

    grid = read(saved(fill)).grids[0]

    found = {
        (row, column): value for row, line in enumerate(grid.rows) for column, value in enumerate(line) if value != ""
    }
    assert {address(*place): value for place, value in cells.items()} == {
        address(*place): value for place, value in found.items()
    }
