"""What a manager opens: real tables, A4 pages, charts beside the figures, and nothing that staff wrote is ever run."""

from __future__ import annotations

import zipfile
from datetime import date, datetime
from typing import Any, get_args
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from openpyxl import load_workbook

from pipeline.errors import PipelineError
from pipeline.ink.letters import column_names, file_name, safe, sheet_names
from pipeline.report import Chart, Column, Ink, Report, Sheet, Source, Table
from pipeline.write_workbook import write_workbook

ON = date(2026, 11, 5)
HEADER = 4


def table(name: str, columns: str, *rows: tuple[Any, ...], **more: Any) -> Table:
    """`日期:date 批次:count` and its rows."""
    named = [word.partition(":") for word in columns.split()]
    inks: dict[str, Ink] = {ink: ink for ink in get_args(Ink)}
    return Table(name, tuple(Column(label, inks[ink or "text"]) for label, _, ink in named), rows, **more)


DAYS = table(
    "按日", "日期:date 星期 合计批次:count 留档率:rate 停留:number",
    (date(2026, 11, 4), "星期三", 12, 0.25, 31.25),
    (ON, "星期四", 0, None, None),
    total=("合计", None, 12, 0.25, 31.25),
    charts=(Chart("column", "每日批次", "日期", ("合计批次", "留档率"), second_axis=("留档率",)),),
)  # fmt: skip
PEOPLE = table("留档分析", "销售顾问 未留档数:count", ("李明", 3), ("王芳", 1))
REASONS = table("原因", "原因 批次:count 占比:rate", ("不愿留", 3, 0.75))


@pytest.fixture
def opened(tmp_path):
    """Write sheets of these tables and open the workbook again."""

    def _open(*tables: Table, **more):
        path = tmp_path / "来店规律.xlsx"
        write_workbook(Report("来店规律", ON, (Sheet("首页", "按日统计", tables),), **more), path)
        return load_workbook(path)

    return _open


def parts(path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def test_every_sheet_has_its_header_in_row_four_as_a_real_table_with_a_filter(opened):
    book = opened(DAYS)

    for sheet in book:
        first = next(iter(sheet.tables.values()))
        assert HEADER == int(first.ref.split(":")[0].lstrip("ABCDE"))
        assert first.autoFilter is not None
        assert [c.name for c in first.tableColumns] == [cell.value for cell in sheet[HEADER][: len(first.tableColumns)]]


def test_the_header_stays_in_sight_and_on_every_printed_page(opened):
    sheet = opened(DAYS)["首页"]

    assert "A5" == sheet.freeze_panes
    assert "$4:$4" == sheet.print_title_rows
    assert (9, "landscape", True, 0) == (
        sheet.page_setup.paperSize, sheet.page_setup.orientation, sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.fitToHeight,
    )  # fmt: skip
    assert "来店规律" in sheet.oddHeader.left.text
    assert "2026-11-05" in sheet.oddHeader.right.text
    assert "&P" in sheet.oddFooter.right.text


def test_figures_stay_figures_and_what_is_not_known_is_blank(opened):
    sheet = opened(DAYS)["首页"]

    assert [datetime(2026, 11, 4), "星期三", 12, 0.25, 31.25] == [cell.value for cell in sheet[5]]
    assert [None, None] == [sheet["D6"].value, sheet["E6"].value]
    assert ["yyyy-mm-dd", "General", "#,##0", "0.0%", "0.0"] == [cell.number_format for cell in sheet[5]]


def test_the_total_stands_below_the_table_so_that_filters_leave_it_alone(opened):
    sheet = opened(DAYS)["首页"]

    assert "A4:E6" == next(iter(sheet.tables.values())).ref
    assert ("合计", 12) == (sheet["A7"].value, sheet["C7"].value)


def test_a_second_table_follows_below_the_first_under_its_name(opened):
    sheet = opened(PEOPLE, REASONS)["首页"]

    assert ["A4:B6", "A10:C11"] == [found.ref for found in sheet.tables.values()]
    assert ("留档分析", "原因") == (sheet["A3"].value, sheet["A9"].value)


def test_an_empty_table_says_so_and_is_still_a_table(opened):
    book = opened(
        table(
            "逾期", "客户 逾期天数:count", empty="今天没有逾期", charts=(Chart("bar", "逾期", "客户", ("逾期天数",)),)
        )
    )

    assert "今天没有逾期" == book["首页"]["A5"].value
    assert "A4:B5" == next(iter(book["首页"].tables.values())).ref
    assert not book["首页"]._charts


@pytest.mark.parametrize(
    "text", ["=1+1", "+86", "-无-", "@SUM(A1)", '=HYPERLINK("http://x","点我")', "http://x.cn", "{=A1}"]
)
def test_what_staff_wrote_is_never_run(opened, text):
    cell = opened(table("明细", "注释:long", (text,)))["首页"]["A5"]

    assert ("s", text, None) == (cell.data_type, cell.value, cell.hyperlink)
    assert (text[0] in "=+-@") == cell.quotePrefix


def test_letters_that_break_a_workbook_are_left_out_and_endless_notes_are_cut(opened):
    sheet = opened(table("明细", "注释:long", ("a\x00b\x0bc\ud800d\r\ne",), ("好" * 40_000,)))["首页"]

    assert "abcd\ne" == sheet["A5"].value
    assert (32_767, "…") == (len(sheet["A6"].value), sheet["A6"].value[-1])


def test_headers_given_twice_or_not_at_all_still_make_a_table(opened):
    columns = tuple(Column(name) for name in ("级别", "级别", "", "a", "A", "两\n行"))

    sheet = opened(Table("表", columns, (("H", "A", "x", "1", "2", "3"),)))["首页"]

    assert ["级别", "级别(2)", "列3", "a", "A(2)", "两 行"] == [cell.value for cell in sheet[HEADER]]


def test_a_place_leads_to_the_cell_of_the_original(tmp_path):
    source = Source("李明/登记 #3.xlsx", "11月 5日", "E7", "archive/originals/2026/11/a 登记 #3.xlsx")
    unknown = Source("旧表.xlsx", "S", "A1")
    report = Report("逾期跟进", ON, (Sheet("逾期", "逾期", (table("逾期", "来源:place", (source,), (unknown,)),)),))

    write_workbook(report, tmp_path / "a.xlsx", link=lambda place: f"../../{place.original}" if place.original else "")

    sheet = load_workbook(tmp_path / "a.xlsx")["逾期"]
    assert "李明/登记 #3.xlsx › 11月 5日 › E7" == sheet["A5"].value
    assert "'11月 5日'!E7" == sheet["A5"].hyperlink.location
    assert "..\\..\\archive\\originals\\2026\\11\\a%20登记%20%233.xlsx" == sheet["A5"].hyperlink.target
    assert ("旧表.xlsx › S › A1", None) == (sheet["A6"].value, sheet["A6"].hyperlink)


def test_charts_are_native_and_cover_no_figures(opened):
    wide = table(
        "宽表",
        " ".join(f"栏{n}:long" for n in range(12)),
        tuple("很长的一段话" * 9 for _ in range(12)),
        charts=DAYS.charts[:0],
    )
    wide = Table(
        wide.name,
        (*wide.columns, Column("数", "count")),
        ((*wide.rows[0], 3),),
        charts=(Chart("bar", "数", "栏0", ("数",)),),
    )

    beside, below = opened(DAYS)["首页"], opened(wide, PEOPLE)["首页"]

    assert 1 == len(beside._charts) == len(below._charts)
    assert beside._charts[0].anchor._from.col > 4
    assert below._charts[0].anchor._from.row > 4
    chart_bottom, second_table = below._charts[0].anchor.to.row, list(below.tables.values())[1].ref
    assert chart_bottom + 1 < int(second_table.split(":")[0].lstrip("A"))


def test_a_rate_is_drawn_as_a_line_on_its_own_axis(tmp_path):
    write_workbook(Report("来店规律", ON, (Sheet("按日", "按日", (DAYS,)),)), tmp_path / "a.xlsx")

    chart = parts(tmp_path / "a.xlsx")["xl/charts/chart1.xml"].decode()

    assert chart.index("<c:barChart>") < chart.index("<c:lineChart>")
    assert "按日!$D$5:$D$6" in chart[chart.index("<c:lineChart>") :]
    assert "按日!$C$5:$C$6" in chart[: chart.index("<c:lineChart>")]


def test_bars_and_heat_lie_over_the_records_only(opened):
    columns = (
        Column("星期"),
        Column("批次", "count", bar=True),
        *(Column(f"{h}时", "count", heat=True) for h in (8, 9)),
    )
    heat = Table(
        "按时段", columns, (("星期一", 3, 1, 2), ("星期二", 4, None, 5)), total=("合计", 7, 1, 7), heat_block=True
    )

    found = {
        str(area.sqref): [rule.type for rule in area.rules] for area in opened(heat)["首页"].conditional_formatting
    }

    assert {"B5:B6": ["dataBar"], "C5:D6": ["colorScale"]} == found


def test_the_last_sheet_explains_day_and_words(opened):
    sheet = opened(DAYS, notes=(("批次", "登记表的一行"),))["说明"]

    assert [("截至日期", "2026-11-05"), ("批次", "登记表的一行")] == [
        (row[0].value, row[1].value) for row in sheet.iter_rows(min_row=5, max_row=6)
    ]


def test_the_same_report_gives_the_same_bytes(tmp_path):
    report = Report("来店规律", ON, (Sheet("按日", "按日", (DAYS, REASONS)),))

    write_workbook(report, tmp_path / "a.xlsx")
    write_workbook(report, tmp_path / "b.xlsx")

    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    assert b"2026-11-05T00:00:00Z" in parts(tmp_path / "a.xlsx")["docProps/core.xml"]


def test_a_table_longer_than_a_sheet_is_refused_rather_than_cut(tmp_path):
    endless = Table("明细", (Column("行", "count"),), ((1,),) * 1_048_577)

    with pytest.raises(PipelineError, match="放不下"):
        write_workbook(Report("长", ON, (Sheet("长", "长", (endless,)),)), tmp_path / "a.xlsx")


def test_sheets_may_be_called_anything():
    names = ["按日", "按日", "a/b:c*[d]?", "'引'", "好" * 40, "好" * 40, "History", ""]

    assert ["按日", "按日(2)", "a·b·c··d··", "引", "好" * 31, "好" * 28 + "(2)", "历史", "表8"] == sheet_names(names)


def test_a_title_becomes_a_file_name_windows_accepts():
    assert ["来店(电)顾客登记表", "a·b", "_CON", "未命名"] == [
        file_name(t) for t in ("来店(电)顾客登记表", "a/b.", "CON", " ")
    ]


@given(st.text(alphabet=st.characters(codec=None)))
def test_any_text_becomes_text_that_xml_can_carry(text):
    clean = safe(text)

    assert clean == safe(clean)
    assert clean == (etree.fromstring(f"<t>{escape(clean)}</t>").text or "")


@given(st.lists(st.text(max_size=300), min_size=1, max_size=8))
def test_any_headers_become_different_headers(names):
    found = [name.casefold() for name in column_names(names)]

    assert len(names) == len(set(found))
    assert all(name and len(name) <= 255 for name in found)


def test_where_each_row_is_a_measure_of_its_own_a_rate_reads_as_a_percentage_beside_the_counts(opened):
    overview = table("概览", "指标 今日:count", ("来店批次", 12), ("留档率", 0.25), row_inks=("count", "rate"))
    sheet = opened(overview)["首页"]

    assert ["#,##0", "0.0%"] == [sheet.cell(HEADER + row, 2).number_format for row in (1, 2)]
