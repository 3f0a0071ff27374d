"""Sends drawn sheets down the real street, as bytes of a workbook: read, recognised, extracted, normalised, validated, judged."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter

from pipeline.examine import examine
from pipeline.grid import Book, Grid, Unreadable
from pipeline.model import Finding, Submission
from pipeline.read_book import read_book
from pipeline.rulebook.rulebook import Rulebook
from tests.sheets import RECEIVED


def saved(*grids: Grid) -> bytes:
    """Return a workbook of the drawn sheets as openpyxl saves it; a text that begins with `=` is a formula without its value."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for grid in grids:
        sheet = book.create_sheet(grid.sheet)
        sheet.sheet_state = "visible" if grid.visible else "hidden"
        for row, values in enumerate(grid.rows, 1):
            for column, value in enumerate(values, 1):
                if value != "":
                    sheet.cell(row, column, value)
        for row in grid.hidden_rows:
            sheet.row_dimensions[row + 1].hidden = True
        for column in grid.hidden_columns:
            sheet.column_dimensions[get_column_letter(column + 1)].hidden = True
        for span in grid.merges:
            sheet.merge_cells(None, span.top + 1, span.left + 1, span.bottom + 1, span.right + 1)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


class Taken:
    """What became of one workbook: its verdict, the records taken in and held, and what was said of which cell."""

    def __init__(self, submission: Submission) -> None:
        self.submission = submission
        self.verdict, self.reason = submission.verdict, submission.reason

    def told(self, *fields: str, kind: str = "") -> list[tuple[Any, ...]]:
        """Return these fields of the records taken in, in reading order."""
        return self._told(self.submission.records, fields, kind)

    def held(self, *fields: str, kind: str = "") -> list[tuple[Any, ...]]:
        """Return these fields of the records held back."""
        return self._told(self.submission.held, fields, kind)

    def cells(self, field: str, kind: str = "") -> list[str]:
        """Return the cell that a field stands in, record by record."""
        return [r.cells[field] for r in self.submission.records if kind in {"", r.kind}]

    def slips(self) -> list[tuple[str, str, str]]:
        """Return code, level and cell of each finding, sheet by sheet in reading order."""
        return [(f.code, f.level, f.cell) for f in self.submission.findings]

    def finding(self, code: str) -> Finding:
        """Return the first finding of a code."""
        return next(finding for finding in self.submission.findings if finding.code == code)

    @staticmethod
    def _told(records: Sequence[Any], fields: Sequence[str], kind: str) -> list[tuple[Any, ...]]:
        return [tuple(record.value(name) for name in fields) for record in records if kind in {"", record.kind}]


def take_in(
    rules: Rulebook,
    *sheets: Grid | bytes,
    path: str = "登记表.xlsx",
    received: datetime = RECEIVED,
    on: date | None = None,
) -> Taken:
    """Return what becomes of a workbook of these sheets, or of these bytes."""
    drawn = [each for each in sheets if isinstance(each, Grid)]
    content = saved(*drawn) if drawn else b"".join(each for each in sheets if isinstance(each, bytes))
    read: Book | Unreadable = read_book(path, content, received)
    return Taken(examine([read], rules, on or received.date()).submissions[0])


def restated(rules: Rulebook, **parts: Mapping[str, Any]) -> Rulebook:
    """Return the rules with some of their files said anew."""
    return Rulebook.model_validate({name: getattr(rules, name) for name in Rulebook.model_fields} | parts)
