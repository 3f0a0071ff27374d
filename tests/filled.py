"""Fills our own blanks as staff do: a value beside its label, a line below its header, a checklist's row by the words printed there."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.rulebook.rulebook import Rulebook
from pipeline.write_templates import write_template

Line = Mapping[str, str | float]


def filled(
    rules: Rulebook, form: str, folder: Path, said: Line, *lines: Line, rows: Mapping[str, Line] | None = None
) -> bytes:
    """Return the form's blank with `said` beside its labels, `lines` below their header one after another, and `rows` by item."""
    path = folder / f"{form}.xlsx"
    write_template(rules.forms[form], rules, path)
    book = load_workbook(path)
    sheet = book.worksheets[0]
    for label, value in said.items():
        row, column = _places(sheet, label)[0]
        sheet.cell(row, _right_of(sheet, row, column), value)
    for number, line in enumerate(lines, 1):
        head = max(_places(sheet, next(iter(line))))[0]
        for label, value in line.items():
            sheet.cell(head + number, dict(_places(sheet, label))[head], value)
    for item, line in (rows or {}).items():
        row = _places(sheet, item)[0][0]
        for label, value in line.items():
            above = max(place for place in _places(sheet, label) if place[0] < row)
            sheet.cell(row, above[1], value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _places(sheet: Worksheet, text: str) -> list[tuple[int, int]]:
    found = [
        (row, column)
        for row, cells in enumerate(sheet.iter_rows(values_only=True), 1)
        for column, value in enumerate(cells, 1)
        if value == text
    ]
    assert found, f"{text} is not on the blank"
    return found


def _right_of(sheet: Worksheet, row: int, column: int) -> int:
    spans = [span for span in sheet.merged_cells.ranges if (span.min_row, span.min_col) == (row, column)]
    return (spans[0].max_col if spans else column) + 1
