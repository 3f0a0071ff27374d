"""Rows laid whole are the rows xlsxwriter would have written cell by cell, down to the last byte."""

from __future__ import annotations

import zipfile
from datetime import datetime
from typing import Any

import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from pipeline.ink import cells
from pipeline.ink.paper import Paper
from pipeline.ink.rows import RowSheet, link_to
from pipeline.report import Column, Jump, Lead, Report, Sheet, Table
from pipeline.write_workbook import write_workbook
from tests.test_write_workbook import ON

CELL = st.one_of(
    st.none(),
    st.text(st.characters(min_codepoint=32, exclude_categories=["Cs"]), min_size=1, max_size=8),
    st.sampled_from(["李明", " 前后空 ", "a<b>&\"c'", "两行\n字", "_x0041_"]),
    st.floats(allow_nan=False, allow_infinity=False),
    st.integers(-5, 5),
    st.datetimes(datetime(1901, 1, 1), datetime(2099, 1, 1)),
)
LINK = "external:..\\..\\来店.xlsx#'3月'!B4"


def written(tmp_path: Any, sheet_class: type | None, draw: Any) -> dict[str, bytes]:
    """Return the parts of a workbook with one sheet drawn."""
    path = tmp_path / "one.xlsx"
    with Paper(path, title="一", created=ON) as paper:
        sheet = paper.book.add_worksheet("一", sheet_class)
        looks = [paper.ink(bold=True), paper.ink(num_format="0.0%"), paper.ink(text_wrap=True, indent=1)]
        sheet.write_string(0, 0, "标题")  # without a look
        sheet.set_row(1, 40)  # without a cell
        sheet.set_column(1, 1, 20, looks[0])
        sheet.set_row(2, 30, looks[1])
        sheet.write_number(2, 1, 0.5)
        sheet.write_formula(2, 2, "=1+1", looks[0], 2)
        draw(sheet, looks)
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def cell_by_cell(rows: list[list[Any]]) -> Any:
    def draw(sheet: Any, looks: list[Any]) -> None:
        write = {str: sheet.write_string, datetime: sheet.write_datetime, type(None): sheet.write_blank}
        for row, values in enumerate(rows, 20):
            for column, value in enumerate(values):
                write.get(type(value), sheet.write_number)(row, column, value, looks[column % 3])
            if isinstance(values[0], str):
                sheet.str_table.count -= 1  # written twice
                sheet.write_url(row, 0, LINK, looks[0], values[0])
        sheet.add_table(19, 0, 19 + len(rows), len(rows[0]) - 1, {"name": "表"})

    return draw


def whole_rows(rows: list[list[Any]]) -> Any:
    def draw(sheet: RowSheet, looks: list[Any]) -> None:
        known: dict[tuple[type, Any, int], Any] = {}
        for row, values in enumerate(rows, 20):
            laid = []
            for column, value in enumerate(values):
                kind = (type(value), str(value), column % 3)
                known[kind] = known.get(kind) or sheet.cell(value, looks[column % 3])
                laid.append(known[kind])
            links = {0: link_to(LINK, values[0], "")} if isinstance(values[0], str) else {}
            sheet.lay(row, laid, sum(isinstance(value, str) for value in values), links)
        sheet.frame(19, 19 + len(rows), len(rows[0]) - 1, {"name": "表"})

    return draw


@given(
    st.integers(1, 30).flatmap(
        lambda wide: st.lists(st.lists(CELL, min_size=wide, max_size=wide), min_size=1, max_size=40)
    )
)
def test_rows_laid_whole_are_written_as_cell_by_cell(tmp_path_factory, rows):
    folder = tmp_path_factory.mktemp("rows")

    assert written(folder, xlsxwriter.worksheet.Worksheet, cell_by_cell(rows)) == written(
        folder, RowSheet, whole_rows(rows)
    )


def test_a_one_a_yes_and_a_one_point_nought_in_one_column_stay_what_they_are(tmp_path):
    table = Table(
        "一", (Column("有无"), Column("数", "number")), ((1, 1), (True, True), (1.0, 1.0), ("1", "1"), (True, 1))
    )

    write_workbook(Report("一", ON, (Sheet("一", "一", (table,)),)), tmp_path / "one.xlsx")
    sheet = load_workbook(tmp_path / "one.xlsx")["一"]

    assert [("1", 1), ("是", "是"), ("1", 1), ("1", "1"), ("是", 1)] == list(
        sheet.iter_rows(min_row=5, max_row=9, max_col=2, values_only=True)
    )


def test_what_lies_beyond_the_links_excel_opens_is_plain_text(tmp_path, monkeypatch):
    monkeypatch.setattr(cells, "_LINKS", 3)
    table = Table("一", (Column("去处"),), tuple((Lead("看明细", Jump("一")),) for _ in range(5)))

    write_workbook(Report("一", ON, (Sheet("一", "一", (table,)),)), tmp_path / "one.xlsx")
    sheet = load_workbook(tmp_path / "one.xlsx")["一"]

    assert [("看明细", True)] * 3 + [("看明细", False)] * 2 == [
        (cell.value, bool(cell.hyperlink) and cell.font.underline == "single") for (cell,) in sheet["A5:A9"]
    ]
