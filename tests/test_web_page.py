"""A web page called .xls, as dealer systems export it, is read as Excel shows it: its tables below each other, its merges, its words."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.examine import examine
from pipeline.grid import Book, Grid, Span, Unreadable
from pipeline.read_book import read_book
from tests.packages import RECEIVED


def page(text: str, encoding: str = "utf-8") -> Grid:
    """Return the one sheet of a web page."""
    book = read_book("王芳/客流导出.xls", text.encode(encoding), RECEIVED)
    assert isinstance(book, Book), book
    (grid,) = book.grids
    return grid


EXPORT = """<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta charset={0}><style>td {{}}</style><title>导出</title></head><body>
<h3>展厅来店(电)客流量登记表</h3>
<table border=1><tr><th>日期<th>客户姓名<th>联系电话<th>来店时间<th>离店时间<th>销售顾问<th>备注</tr>
<tr><td rowspan=2>2026-11-05</td><td>王先生</td><td x:num="13800001111">1.38E+10</td><td>9:30</td><td>10:15</td><td>李明</td><td>看车,<br>两人</td></tr>
<tr><td>赵&nbsp;女士</td><td>未留</td><td>10:20</td><td>10:50</td><td>李明</td><td>A &amp; B</td></tr></table></body></html>"""


@pytest.mark.parametrize("encoding", ["gbk", "utf-8", "utf-8-sig", "utf-16"])
def test_an_export_of_a_dealer_system_is_read_whole(rules, encoding):
    content = EXPORT.format(encoding).encode(encoding)
    done = examine([read_book("客流导出.xls", content, RECEIVED)], rules, date(2026, 11, 5)).submissions[0]

    assert "accepted" == done.verdict, [finding.say for finding in done.findings]
    assert [
        (date(2026, 11, 5), "王先生", "13800001111", "09:30", "看车,\n两人"),
        (date(2026, 11, 5), "赵女士", None, "10:20", "A & B"),
    ] == [
        tuple(record.values[name] for name in ("visited_on", "customer_name", "phone", "arrived_at", "note"))
        for record in done.records
    ]


def test_tables_stand_below_each_other_with_the_words_between_them():
    grid = page("<table><tr><td>日期<td>5</table><p>今日工作总结</p><table><tr><td>姓名</td></tr></table><p>完")

    assert [["日期", "5"], [], ["今日工作总结"], ["姓名"], [], ["完"]] == grid.rows


def test_cells_over_columns_and_rows_push_the_others_to_their_places():
    grid = page("<table><tr><th colspan=2 rowspan=2>访问计划<th>级别<tr><th>原有<tr><td>1<td>2<td>H</table>")

    assert [["访问计划", "", "级别"], ["", "", "原有"], ["1", "2", "H"]] == grid.rows
    assert (Span(0, 0, 1, 1),) == grid.merges


def test_the_note_that_libreoffice_keeps_in_a_cell_is_no_part_of_its_words():
    grid = page("<p>登记表</p><table><tr><td><comment>老客户</comment>王先生<td><comment>不愿留</comment></table>")

    assert [["登记表"], ["王先生", ""]] == grid.rows
    assert {(1, 0): "老客户", (1, 1): "不愿留"} == grid.notes


def test_a_table_that_lays_out_the_page_does_not_swallow_the_one_inside_it():
    grid = page("<table><tr><td>查询结果<table><tr><td>姓名<td>电话</table>共 1 条</td></tr></table>")

    assert [["姓名", "电话"], [], ["查询结果共 1 条"]] == grid.rows


def test_an_xhtml_page_is_a_web_page_and_a_page_without_a_table_is_none():
    assert [["1"]] == page('<?xml version="1.0"?><html><table><tr><td>1</td></tr></table></html>').rows
    none = read_book("页.xls", "<html><p>客流</p></html>".encode(), RECEIVED)

    assert isinstance(none, Unreadable)
    assert ("book.not-a-workbook", "网页") == (none.reason, none.detail)


@pytest.mark.parametrize("cell", ['<td colspan="999999999" rowspan="99999999">', '<td rowspan="65534" colspan="1000">'])
def test_a_cell_over_millions_of_places_is_refused(cell):
    book = read_book("页.xls", f"<table><tr>{cell}x</table>".encode(), RECEIVED)

    assert isinstance(book, Unreadable)
    assert "book.too-big" == book.reason
