"""Saves drawn sheets as openpyxl and xlsxwriter save them, and as comma-separated tables."""

from __future__ import annotations

import csv
import io
import struct
import zlib
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import xlsxwriter
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from bench.fidelity.draw import Drawn, Inked
from bench.fidelity.sketch import Ink

_MADE = datetime(2026, 11, 1, 8, 0)
_FORMATS = {datetime: "yyyy-mm-dd h:mm", date: "yyyy-mm-dd", time: "h:mm", timedelta: "[h]:mm"}


def xlsx_by_xlsxwriter(sheets: Sequence[Drawn], *, epoch_1904: bool = False) -> bytes:
    """Return the workbook as Excel lays it out."""
    buffer = io.BytesIO()
    settings = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "date_1904": epoch_1904}
    book = xlsxwriter.Workbook(buffer, settings)
    book.set_properties({"created": _MADE})
    formats = {kind: book.add_format({"num_format": pattern}) for kind, pattern in _FORMATS.items()}
    border = book.add_format({"border": 1})
    for sheet in (each for each in sheets if not each.look.under):
        page = book.add_worksheet(sheet.name)
        for row, cells in enumerate(sheet.rows):
            for column, value in enumerate(cells):
                _put(page, row, column, value, formats)
        for top, left, bottom, right in sheet.merges:
            page.merge_range(top, left, bottom, right, "", border)
            _put(page, top, left, sheet.rows[top][left], formats)
        _dress(page, sheet, border)
    book.close()
    return buffer.getvalue()


def _put(page: Any, row: int, column: int, value: Inked, formats: dict[type, Any]) -> None:
    if isinstance(value, Ink):
        if value.fault:
            page.write_formula(row, column, "=NA()", None, value.value or "#N/A")
        elif value.formula:
            page.write_formula(row, column, value.formula, None, "" if value.value is None else value.value)
        else:
            _put(page, row, column, value.value, formats)
    elif value is None or value == "":
        return
    elif isinstance(value, str):
        page.write_string(row, column, value)
    elif isinstance(value, bool):
        page.write_boolean(row, column, value)
    elif isinstance(value, int | float):
        page.write_number(row, column, value)
    else:
        whole = (
            value if isinstance(value, datetime | time | timedelta) else datetime(value.year, value.month, value.day)
        )
        page.write_datetime(row, column, whole, formats[type(value)])


def _dress(page: Any, sheet: Drawn, border: Any) -> None:
    """Hide what is hidden, and add notes, a picture and painted empty rows."""
    for row in sheet.hidden_rows:
        page.set_row(row, None, None, {"hidden": True})
    for column in sheet.look.hidden_columns:
        page.set_column(column, column, None, None, {"hidden": True})
    if sheet.look.hidden:
        page.hide()
    if sheet.look.notes:
        page.write_comment(len(sheet.rows) // 2, 1, "13900000000 已核对")
    if sheet.look.picture:
        page.insert_image(1, 3, "p.png", {"image_data": io.BytesIO(_dot())})
    for row in range(len(sheet.rows), len(sheet.rows) + sheet.look.painted):
        for column in range(20):
            page.write_blank(row, column, None, border)


def xlsx_by_openpyxl(sheets: Sequence[Drawn], *, epoch_1904: bool = False) -> bytes:
    """Return the workbook as another program saves it: formulas without their values."""
    book = Workbook()
    book.properties.created = book.properties.modified = _MADE
    if epoch_1904:
        book.epoch = CALENDAR_MAC_1904
    book.remove(book.worksheets[0])
    for sheet in (each for each in sheets if not each.look.under):
        page = book.create_sheet(sheet.name)
        for row, cells in enumerate(sheet.rows, 1):
            for column, value in enumerate(cells, 1):
                if value not in (None, ""):
                    _write(page.cell(row, column), value)
        for top, left, bottom, right in sheet.merges:
            page.merge_cells(start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=right + 1)
        for row in sheet.hidden_rows:
            page.row_dimensions[row + 1].hidden = True
        for column in sheet.look.hidden_columns:
            page.column_dimensions[get_column_letter(column + 1)].hidden = True
        page.sheet_state = "hidden" if sheet.look.hidden else "visible"
        if sheet.look.notes:
            page.cell(2, 2).comment = Comment("13900000000 已核对", "经理")
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _write(cell: Any, value: Inked) -> None:
    if isinstance(value, Ink) and value.fault:
        cell.value, cell.data_type = value.value or "#N/A", "e"
    elif isinstance(value, Ink):
        cell.value = value.formula or value.value
    else:
        cell.value = value


def table(sheets: Sequence[Drawn], encoding: str) -> bytes:
    """Return the first sheet as a comma-separated table."""
    buffer = io.StringIO()
    rows = [[_text(value) for value in row] for row in sheets[0].rows]
    csv.writer(buffer, lineterminator="\r\n").writerows(rows)
    return buffer.getvalue().encode(encoding)


def _text(value: Inked) -> str:
    plain = value.value if isinstance(value, Ink) else value
    if isinstance(plain, time):
        return f"{plain.hour}:{plain.minute:02d}"
    return "" if plain is None else str(int(plain)) if isinstance(plain, float) and plain.is_integer() else str(plain)


def _dot() -> bytes:
    """Return a picture of one grey dot."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0\x80")) + chunk(b"IEND", b"")
