"""Saves drawn sheets as people's programs do: as Excel, as another program, or as a GBK table; the same sheets give the same bytes."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import date, datetime, time
from typing import Any

import xlsxwriter
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.properties import PageSetupProperties

from pipeline.demo.sheet import Sheet
from pipeline.demo.spelling import Cell

_MADE = datetime(2026, 9, 1, 8, 0)
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")
_WIDE, _A4 = 80, 9  # columns given a width; Excel's number of the paper


def excel(sheets: list[Sheet]) -> bytes:
    """Return the sheets as a workbook the way Excel lays it out: dates and times as numbers with a format."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": _MADE})
    formats = {date: {"num_format": "yyyy-mm-dd"}, time: {"num_format": "h:mm"}, str: {}}
    kinds = {kind: book.add_format({"border": 1, **wanted}) for kind, wanted in formats.items()}
    title = book.add_format({"bold": True, "align": "center", "valign": "vcenter", "text_wrap": True, "border": 1})
    for sheet in sheets:
        page = book.add_worksheet(sheet.name)
        merged = {(top, left): (bottom, right) for top, left, bottom, right in sheet.merges}
        for row, cells in enumerate(sheet.rows):
            for column, value in enumerate(cells):
                if (row, column) in merged:
                    page.merge_range(row, column, *merged[row, column], value, title)
                elif value not in (None, ""):
                    _put(page, row, column, value, kinds)
        page.set_column(0, _WIDE, 12)
        page.set_landscape()
        page.set_paper(_A4)
        page.fit_to_pages(1, 0)
    book.close()
    return buffer.getvalue()


def _put(page: Any, row: int, column: int, value: Cell, kinds: dict[type, Any]) -> None:
    if isinstance(value, date):
        page.write_datetime(row, column, datetime(value.year, value.month, value.day), kinds[date])
    elif isinstance(value, time):
        page.write_datetime(row, column, value, kinds[time])
    elif isinstance(value, str):
        page.write_string(row, column, value, kinds[str])
    else:
        page.write_number(row, column, value, kinds[str])


def other_program(sheets: list[Sheet]) -> bytes:
    """Return the sheets as another program saves them, other styles and other parts."""
    book = Workbook()
    for number, sheet in enumerate(sheets):
        page = book.active if number == 0 and book.active is not None else book.create_sheet()
        page.title = sheet.name
        for cells in sheet.rows:
            page.append([None if value == "" else value for value in cells])
        for top, left, bottom, right in sheet.merges:
            page.merge_cells(start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=right + 1)
            page.cell(top + 1, left + 1).alignment = Alignment(horizontal="center")
            page.cell(top + 1, left + 1).font = Font(bold=True)
        page.page_setup.orientation = "landscape"
        page.page_setup.fitToHeight = 0
        page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        page.sheet_format.defaultColWidth = 12
    book.properties.created = _MADE
    buffer = io.BytesIO()
    book.save(buffer)
    return _undated(buffer.getvalue())


def _undated(content: bytes) -> bytes:
    """Return a package without the moment it was saved at."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            part = old.read(info)
            if info.filename == "docProps/core.xml":
                part = _MODIFIED.sub(rb"\g<1>" + _MADE.strftime("%Y-%m-%dT%H:%M:%SZ").encode(), part)
            new.writestr(zipfile.ZipInfo(info.filename, _MADE.timetuple()[:6]), part, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def gbk_table(sheets: list[Sheet]) -> bytes:
    """Return the first sheet as a comma-separated table in GBK, as an old till program exports it."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerows(
        [["" if cell is None else cell for cell in row] for row in sheets[0].rows]
    )
    return buffer.getvalue().encode("gb18030")
