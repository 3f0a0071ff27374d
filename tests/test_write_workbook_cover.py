"""What a manager sees first and clicks on: cards, figures that lead to their list, charts that say what they count."""

from __future__ import annotations

import re
import zipfile
from datetime import date
from typing import Any

import pytest
from openpyxl import load_workbook

from pipeline.facts.gather import gather
from pipeline.report import Card, Chart, Column, Jump, Report, Sheet, Table
from pipeline.reports import overdue, relations, reminders, summary, visit_patterns
from pipeline.view import View
from pipeline.write_workbook import write_workbook

ON = date(2026, 11, 5)
CARDS = (
    Card("今日订单", "3 位", "本月 36 位", "▲ 多 18(上月同期 18)", "good", Jump("战绩")),
    Card("逾期未跟进", "27 位", "在跟 218 位", "! 请看逾期名单", "bad", Jump("逾期", "逾期跟进")),
)
MEASURES = Table(
    "概览", (Column("指标"), Column("今日", "count")), (("订单", 3), ("留档率", 0.5), ("交车", 0), ("试驾", None)),
    row_inks=("count", "rate", "count", "count"), row_to=(Jump("战绩"), Jump("未留档明细", "来店规律"), Jump("战绩"), None),
)  # fmt: skip
PEOPLE = Table(
    "战绩", (Column("销售顾问"), Column("订单", "count", to=Jump("概览"), tone="good"), Column("战败", "count", tone="bad")),
    (("李明", 2, 1), ("王芳", 1, 0)), total=("合计", 3, 1),
)  # fmt: skip


@pytest.fixture
def written(tmp_path):
    """Write sheets and return the file."""

    def _written(*sheets: Sheet):
        path = tmp_path / "经营汇总.xlsx"
        write_workbook(Report("经营汇总", ON, sheets), path)
        return path

    return _written


def links(sheet: Any) -> dict[str, str]:
    """Return cell → where it leads, of the cells of a sheet that lead somewhere."""
    found = {cell.coordinate: cell.hyperlink for row in sheet for cell in row if cell.hyperlink}
    return {place: f"{link.target or ''}#{link.location}" for place, link in found.items()}


def charts(path) -> list[str]:
    with zipfile.ZipFile(path) as package:
        names = sorted(name for name in package.namelist() if name.startswith("xl/charts/chart"))
        return [package.read(name).decode() for name in names]


def texts(chart: str) -> list[str]:
    return re.findall(r"<a:t>(.*?)</a:t>", chart)


def test_cards_stand_above_the_table_whose_header_stays_within_the_first_ten_rows(written):
    sheet = load_workbook(written(Sheet("概览", "经营概览", (MEASURES,), cards=CARDS)))["概览"]

    assert [["今日订单", "逾期未跟进"], ["3 位", "27 位"], ["本月 36 位", "在跟 218 位"], ["▲ 多 18(上月同期 18)", "! 请看逾期名单"]] == [
        [sheet.cell(row, 1).value, sheet.cell(row, 3).value] for row in range(3, 7)
    ]  # fmt: skip
    assert ["指标", "今日"] == [cell.value for cell in sheet[8][:2]]
    assert "A8:B12" == next(iter(sheet.tables.values())).ref
    assert ("$8:$8", "A9") == (sheet.print_title_rows, sheet.freeze_panes)


def test_a_card_and_a_figure_lead_to_the_sheet_that_lists_their_rows(written):
    book = load_workbook(written(Sheet("概览", "经营概览", (MEASURES,), cards=CARDS), Sheet("战绩", "战绩", (PEOPLE,))))

    assert {
        "A3": "#'战绩'!A1", "A4": "#'战绩'!A1", "C3": "逾期跟进.xlsx#'逾期'!A1", "C4": "逾期跟进.xlsx#'逾期'!A1",
        "B9": "#'战绩'!A1", "B10": "来店规律.xlsx#'未留档明细'!A1",
    } == links(book["概览"])  # fmt: skip
    assert {"B5": "#'概览'!A1", "B6": "#'概览'!A1", "B7": "#'概览'!A1"} == links(book["战绩"])


def test_a_figure_that_leads_somewhere_is_still_a_figure_and_nothing_leads_nowhere(written):
    sheet = load_workbook(written(Sheet("概览", "经营概览", (MEASURES,)), Sheet("战绩", "战绩", (PEOPLE,))))["概览"]

    assert [("n", 3, "#,##0"), ("n", 0.5, "0.0%"), ("n", 0, "#,##0"), ("n", None, "#,##0")] == [
        (cell.data_type, cell.value, cell.number_format) for cell in (sheet.cell(row, 2) for row in range(5, 9))
    ]
    assert "看明细:战绩" == sheet["B5"].hyperlink.tooltip
    assert [None, None] == [sheet["B7"].hyperlink, sheet["B8"].hyperlink]


def test_a_chart_says_what_it_shows_and_both_axes_say_what_they_count(written):
    chart = Chart("bar", "各顾问订单(共 3 位)", "销售顾问", ("订单",), y_title="位")
    table = Table("战绩", PEOPLE.columns, PEOPLE.rows, charts=(chart,))

    assert {"各顾问订单(共 3 位)", "销售顾问", "位"} <= set(
        texts(charts(written(Sheet("战绩", "战绩", (table,)), Sheet("概览", "概览", (MEASURES,))))[0])
    )


def test_a_chart_of_shares_says_the_counts_its_parts_are_made_of(written):
    chart = Chart("share", "订单与战败", "销售顾问", ("订单", "战败"), y_title="占比")
    found = charts(written(Sheet("战绩", "战绩", (Table("战绩", PEOPLE.columns, PEOPLE.rows, charts=(chart,)),))))[0]

    assert '<c:grouping val="percentStacked"/>' in found
    assert ["战绩!$B$5:$B$6", "战绩!$C$5:$C$6"] == re.findall(r"<c:val><c:numRef><c:f>(.*?)</c:f>", found)
    assert ["5B9E77", "C0392B"] == re.findall(r'<c:spPr><a:solidFill><a:srgbClr val="(\w+)"', found)
    assert 2 == found.count('<c:showVal val="1"/>')


def test_a_cover_may_draw_the_table_of_a_sheet_that_comes_later(written):
    chart = Chart("column", "各顾问订单", "销售顾问", ("订单",), y_title="位", of="战绩")
    cover = Table("概览", MEASURES.columns, MEASURES.rows, charts=(chart,))
    path = written(Sheet("概览", "概览", (cover,), cards=CARDS), Sheet("战绩", "战绩", (PEOPLE,)))

    assert ["战绩!$B$5:$B$6"] == re.findall(r"<c:val><c:numRef><c:f>(.*?)</c:f>", charts(path)[0])
    assert 1 == len(charts(path))


def test_where_tables_of_several_headers_fill_pages_no_header_is_repeated_over_another_table(written):
    long = Table("名单", PEOPLE.columns, tuple((f"顾问{number}", number, 0) for number in range(90)))
    book = load_workbook(written(Sheet("一表", "一表", (long,)), Sheet("两表", "两表", (long, PEOPLE))))

    assert ("$4:$4", None) == (book["一表"].print_title_rows, book["两表"].print_title_rows)


@pytest.fixture
def morning(rules) -> dict[str, Report]:
    """The workbooks of a morning on which nothing is known yet: their sheets and columns are those of every morning."""
    facts = gather(View(ON, "default", {}), rules)
    reports = [visit_patterns.build(facts.view, rules), *(each.build(facts, rules) for each in (overdue, summary, relations, reminders))]  # fmt: skip
    return {report.name: report for report in reports}


def jumps(report: Report) -> set[Jump]:
    sheets = report.sheets
    found = [card.to for sheet in sheets for card in sheet.cards]
    found += [to for sheet in sheets for table in sheet.tables for to in table.row_to]
    found += [column.to for sheet in sheets for table in sheet.tables for column in table.columns]
    return {jump for jump in found if jump is not None}


def test_every_figure_leads_to_a_sheet_there_is(morning):
    there = {(name, sheet.name) for name, report in morning.items() for sheet in report.sheets}
    led = {(jump.book or name, jump.sheet) for name, report in morning.items() for jump in jumps(report)}

    assert {("逾期跟进", "逾期"), ("来店规律", "未留档明细"), ("经营汇总", "战绩"), ("经营汇总", "战败")} <= led
    assert set() == led - there


def test_every_chart_has_a_title_draws_columns_there_are_and_says_what_it_counts(morning):
    for report in morning.values():
        tables = {sheet.name: sheet.tables[0] for sheet in report.sheets}
        for sheet in report.sheets:
            for table in sheet.tables:
                for chart in table.charts:
                    names = {column.name for column in (tables[chart.of] if chart.of else table).columns}
                    assert {chart.category, *chart.series} <= names
                    assert chart.title
                    assert chart.y_title or chart.kind == "doughnut", chart.title
