"""Tells where a row of the archive is written: the workbook, the sheet, and the cell that says most about the customer."""

from __future__ import annotations

from typing import Final

from pipeline.report import Source
from pipeline.view import View

SHOWN: Final = (
    "level_after",
    "done_on",
    "opening_level",
    "level",
    "customer_name",
    "phone",
)  # whose cell a reader is led to


def place_of(view: View, kind: str, row: int) -> Source:
    """Return the place of a row of a kind; `row` is its place in the view's rowset."""
    book, sheet, number, cells, original = view.tables[kind].at(row, "_book", "_sheet", "_row", "_cells", "_original")
    cell = next((cells[name] for name in SHOWN if cells and cells.get(name)), f"A{number}")
    return Source(book, sheet, cell, original or "")
