"""Draws the sheets of the tests: a table in text becomes a Grid, a Grid a Book.

    grid("| 日期 | 2026-11-05 |", "| 序号 | 顾客名称 |")

Cells are separated by `|`; a cell of digits becomes a number as Excel would hold it, `'138…` stays text, `<5` at the
start of a cell merges it over 5 columns, `^` merges a cell with the one above it, `!#N/A` is a cell that shows that error
(`!uncached` a formula saved without its value), and `{x}` is what `given` says of x.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from pipeline.grid import Book, Grid, Span, Value

RECEIVED = datetime(2026, 11, 5, 18, 0)


def grid(
    *lines: str, sheet: str = "Sheet1", visible: bool = True, given: Mapping[str, Value] = MappingProxyType({})
) -> Grid:
    """Return the drawn sheet."""
    drawn = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines]
    merges: list[Span] = []
    faults: dict[tuple[int, int], str] = {}
    rows: list[list[Value]] = []
    for top, line in enumerate(drawn):
        row: list[Value] = []
        for cell in line:
            if cell.startswith("<"):
                span, _, text = cell[1:].partition(" ")
                merges.append(Span(top, len(row), top, len(row) + int(span) - 1))
                row += [value(text), *[""] * (int(span) - 1)]
            elif cell.startswith("!"):
                faults[top, len(row)] = cell[1:]
                row.append("")
            elif cell == "^":
                merges = grown(merges, top, len(row))
                row.append("")
            elif cell.startswith("{") and cell[1:-1] in given:
                row.append(given[cell[1:-1]])
            else:
                row.append(value(cell))
        rows.append(row)
    return Grid(sheet=sheet, rows=rows, merges=tuple(merges), visible=visible, faults=faults)


def grown(merges: list[Span], row: int, column: int) -> list[Span]:
    """Return the merges with the one above this cell grown down to it, or a new one of two rows."""
    above = [m for m in merges if m.holds(row - 1, column)]
    rest = [m for m in merges if m not in above]
    span = above[0] if above else Span(row - 1, column, row - 1, column)
    return [*rest, Span(span.top, span.left, row, span.right)]


def value(text: str) -> Value:
    """Return what Excel would hold for the drawn text."""
    if text.startswith("'"):
        return text[1:]
    try:
        return float(text)
    except ValueError:
        return text.replace("\\n", "\n")


def book(*grids: Grid, path: str = "李明/登记表.xlsx", received: datetime = RECEIVED, sha256: str = "a" * 64) -> Book:
    """Return a workbook of drawn sheets."""
    return Book(path=path, sha256=sha256, received=received, grids=grids)
