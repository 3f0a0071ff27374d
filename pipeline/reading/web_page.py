"""Reads the tables of a web page: what many dealer systems export and call .xls.

As in Excel the tables stand one below the other on one sheet, with the words between them on rows of their own. What a page shows is what is
read, save where it shows 1.38E+10 and keeps the number beside it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from pipeline.grid import Span, Spot, Value
from pipeline.reading import limits
from pipeline.reading.limits import PlainSheet, RefusedError
from pipeline.reading.notes import theirs

_CELLS = ("td", "th")
_SILENT = ("head", "style", "script", "title", "noscript")
_BREAKS = ("br", "p", "div", "li", "h1", "h2", "h3", "h4")
_NOTE = "comment"  # where LibreOffice keeps the note on a cell
_MOST_ACROSS, _MOST_DOWN = 1_000, 65_534  # what browsers allow
_ROUNDED = re.compile(r"[\d.]+E\+\d+", re.IGNORECASE)
_NUMBERS = ("x:num", "sdval")  # where Excel and LibreOffice keep the number that a cell shows


def web_sheet(text: str) -> PlainSheet:
    """Return the page's tables as one sheet; refuse a page without one."""
    page = _Page()
    page.feed(text)
    page.close()
    page.end()
    if not page.tables:
        raise RefusedError("book.not-a-workbook", "网页")
    return PlainSheet(page.rows, tuple(page.merges), theirs(page.notes))


class _Table:
    """A table while it is read: where the next cell stands, and which places a cell above takes."""

    def __init__(self) -> None:
        self.cells: dict[Spot, str] = {}
        self.notes: dict[Spot, str] = {}
        self.spans: list[Span] = []
        self.taken: dict[int, set[int]] = {}
        self.row = self.column = -1

    def place(self, across: int, down: int) -> Spot:
        """Return where the cell that begins now stands, and keep its room."""
        self.row = max(self.row, 0)
        row, column = self.row, self.column + 1
        while column in self.taken.get(row, ()):
            column += 1
        self.column = column + across - 1
        if down > 1 and across * down > limits.CELLS:
            raise RefusedError("book.too-big", f"{across * down} 格")
        for below in range(row + 1, row + down):
            self.taken.setdefault(below, set()).update(range(column, column + across))
        if across * down > 1:
            self.spans.append(Span(row, column, row + down - 1, column + across - 1))
        return row, column


@dataclass
class _Cell:
    """A cell while it is read; `number` is what it keeps beside what it shows."""

    table: _Table
    spot: Spot
    number: str
    words: list[str] = field(default_factory=list)
    note: list[str] = field(default_factory=list)
    noting: bool = False


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[Value]] = []
        self.merges: list[Span] = []
        self.notes: dict[Spot, str] = {}
        self.tables = 0
        self.open: list[_Table] = []  # a table inside a table's cell ends before it
        self.cells: list[_Cell] = []
        self.between: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a table, row or cell."""
        told = {name: value or "" for name, value in attrs}
        if tag in _SILENT:
            self.silent += 1
        elif tag == _NOTE and self.cells:
            self.cells[-1].noting = True
        elif tag in _BREAKS:
            self._words().append("\n")
        elif tag == "table":
            self._loose()
            self.open.append(_Table())
        elif tag == "tr" and self.open:
            self._close_cell()
            self.open[-1].row, self.open[-1].column = self.open[-1].row + 1, -1
        elif tag in _CELLS and self.open:
            self._close_cell()
            across, down = _count(told.get("colspan"), _MOST_ACROSS), _count(told.get("rowspan"), _MOST_DOWN)
            number = next((told[name] for name in _NUMBERS if told.get(name)), "")
            self.cells.append(_Cell(self.open[-1], self.open[-1].place(across, down), number))

    def handle_endtag(self, tag: str) -> None:
        """End a table, row or cell."""
        if tag in _SILENT:
            self.silent = max(self.silent - 1, 0)
        elif tag == _NOTE and self.cells:
            self.cells[-1].noting = False
        elif tag in _BREAKS:
            self._words().append("\n")
        elif tag in _CELLS:
            self._close_cell()
        elif tag == "table" and self.open:
            self._close_cell()
            self._add(self.open.pop())

    def handle_data(self, data: str) -> None:
        """Keep what stands in a cell or between tables."""
        if not self.silent:
            self._words().append(re.sub(r"[ \t\r\n]+", " ", data))

    def end(self) -> None:
        """Close what the page left open."""
        while self.open:
            self._close_cell()
            self._add(self.open.pop())
        self._loose()

    def _words(self) -> list[str]:
        if not self.cells:
            return self.between
        return self.cells[-1].note if self.cells[-1].noting else self.cells[-1].words

    def _close_cell(self) -> None:
        if self.cells and self.open and self.cells[-1].table is self.open[-1]:
            cell = self.cells.pop()
            text = _shown(cell.words)
            cell.table.notes[cell.spot] = "".join(cell.note)
            cell.table.cells[cell.spot] = cell.number if cell.number and _ROUNDED.fullmatch(text) else text

    def _loose(self) -> None:
        """Put the words before a table on rows of their own; inside a cell they stay the cell's."""
        if not self.open:
            self.rows += [[line] for line in _shown(self.between).splitlines() if line.strip()]
            self.between = []

    def _add(self, table: _Table) -> None:
        if not table.cells:
            return
        self.tables += 1
        top = len(self.rows)
        height, width = max(row for row, _ in table.cells) + 1, max(column for _, column in table.cells) + 1
        if (top + height) * width > limits.CELLS:
            raise RefusedError("book.too-big", f"{height} 行")
        self.rows += [[table.cells.get((row, column), "") for column in range(width)] for row in range(height)]
        self.notes |= {(top + row, column): note for (row, column), note in table.notes.items() if note}
        self.merges += [Span(top + m.top, m.left, min(top + m.bottom, top + height - 1), m.right) for m in table.spans]
        if len(self.merges) > limits.MERGES:
            raise RefusedError("book.too-big", "合并单元格太多")
        self.rows.append([])


def _shown(words: list[str]) -> str:
    return re.sub(r" *\n[ \n]*", "\n", "".join(words)).strip(" \n")


def _count(said: str | None, most: int) -> int:
    return min(int(said), most) or 1 if said and said.strip().isdigit() else 1
