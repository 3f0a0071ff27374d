"""Writes a report as a workbook a manager reads: real tables, native charts, A4 pages, a 说明 sheet; the same report gives the same bytes.

row 1  title
row 2  subtitle · as-of date
…      four rows of cards, where a sheet has them
row 3  (name of the first table)
row 4  header of the first table, on every sheet of every workbook; row 8 below cards
…      its records, 合计, then the tables that follow; charts stand beside them, or below where a table is wide
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.ink.cards import CARD_ROWS, draw_cards, with_cards
from pipeline.ink.charts import Placed, draw, size
from pipeline.ink.letters import safe, sheet_names
from pipeline.ink.paper import PAGE_PIXELS, Paper, a4, across
from pipeline.ink.tables import Pen, widths_of
from pipeline.report import Chart, Column, Report, Sheet, Source, Table

HEADER_ROW = 3  # 0-based

_PAGE = 1_170  # pixels of table and chart side by side that are still read when fitted to A4 across
_BELOW = PAGE_PIXELS[0]  # pixels of charts side by side under a table
_SQUEEZE = 1.45  # how much longer than a page a sheet may be to be made smaller rather than cut
_SQUEEZE_MORE = 1.65  # and a cover, or one of several tables, that no table stands under another one's repeated header
_GAP = 20  # pixels between charts
_GUTTER = 75  # pixels of the column between a table and the charts beside it
_MANY_COLUMNS = 8  # from here on the first column stays in sight


@dataclass(frozen=True)
class _Book:
    """What the sheets of one workbook share: its report, and where the first table of each will stand."""

    report: Report
    firsts: Mapping[str, Placed]


def write_workbook(report: Report, path: Path, *, link: Callable[[Source], str] | None = None) -> None:
    """Write the report to a file; `link` gives an original's path relative to the workbook, '' for none."""
    sheets = [*report.sheets, _notes(report)]
    written = list(zip(sheets, sheet_names(sheet.name for sheet in sheets), strict=True))
    names = {sheet.name: name for sheet, name in reversed(written)}
    book = _Book(report, {sheet.name: _first(sheet, name) for sheet, name in reversed(written)})
    with Paper(path, title=report.name, created=report.on, subject=f"截至 {report.on}") as paper:
        for sheet, name in written:
            _write_sheet(Pen(paper, paper.sheet(name), name, link, names), book, sheet)


def _header(sheet: Sheet) -> int:
    return HEADER_ROW + (CARD_ROWS if sheet.cards else 0)


def _first(sheet: Sheet, name: str) -> Placed:
    """Return where a sheet's first table stands, written or not: a chart on another sheet may draw it."""
    table, header = sheet.tables[0], _header(sheet)
    return Placed(table, name, header, header + 1, header + max(1, len(table.rows)))


def _notes(report: Report) -> Sheet:
    """Return the 说明 sheet: as-of date, sources and definitions."""
    said = {term for term, _ in report.notes}
    rows = [*([] if "截至日期" in said else [("截至日期", f"{report.on}")]), *report.notes]
    columns = (Column("项目"), Column("说明", "long"))
    return Sheet("说明", f"{report.name} · 说明", (Table("说明", columns, tuple(rows)),))


def _write_sheet(pen: Pen, book: _Book, sheet: Sheet) -> None:
    leaf, header = pen.sheet, _header(sheet)
    widths = with_cards(widths_of(sheet.tables), sheet.cards)
    for number, wide in enumerate(widths):
        leaf.set_column(number, number, wide)
    subtitle = f"{sheet.subtitle}    " if sheet.subtitle else ""
    pen.titles(safe(sheet.title or sheet.name), safe(f"{subtitle}截至 {book.report.on}"))
    draw_cards(pen, sheet.cards, HEADER_ROW - 1)
    wide, high = _write_tables(pen, book, sheet, widths)
    several = len(sheet.tables) > 1
    one_page = 1 < _pages(wide, high) <= (_SQUEEZE_MORE if several or sheet.cards else _SQUEEZE)
    leaf.hide_gridlines(2)
    leaf.freeze_panes(header + 1, 1 if len(widths) > _MANY_COLUMNS and not sheet.cards else 0)
    if not several or one_page or _pages(wide, high) <= 1:  # nothing is printed under another table's header
        leaf.repeat_rows(header)
    a4(
        leaf,
        landscape=True,
        left=book.report.name,
        right=f"截至 {book.report.on}",
        footer=f"夜账 · {sheet.name}",
        one_page=one_page,
    )


def _write_tables(pen: Pen, book: _Book, sheet: Sheet, widths: Sequence[float]) -> tuple[float, float]:
    """Write tables and charts; return the pixels they reach across and down."""
    header = free = _header(sheet)  # free: first row beside the tables that no chart covers
    across_tables = max((len(table.columns) for table in sheet.tables), default=0)
    wide = across(widths[:across_tables])
    reach, lowest = across(widths), 0
    for table in sheet.tables:
        if header > _header(sheet) or len(sheet.tables) > 1:
            pen.heading(header - 1, table.name)
        placed = pen.table(table, header, widths)
        below = placed.last + (2 if table.total is None else 3)
        charts = [(placed, c) if not c.of else (book.firsts[c.of], c) for c in table.charts]
        charts = [(over, chart) for over, chart in charts if over.table.rows]
        narrow = [(over, chart) for over, chart in charts if not chart.wide]
        broad = _GUTTER + max((size(over, chart)[0] for over, chart in narrow), default=0)
        own = across(widths[: len(table.columns)])
        if wide + broad <= _PAGE:
            free = _beside(pen, narrow, free, across_tables + 1)
            reach = max(reach, wide + broad)
            charts = [(over, chart) for over, chart in charts if chart.wide]
            below = max(below, free) if charts else below
        elif own + broad <= _PAGE:  # a narrow table under a wide one
            below = max(below, _beside(pen, charts, header, len(table.columns) + 1))
            reach = max(reach, own + broad)
            charts = []
        below, right = _below(pen, charts, below)
        reach = max(reach, right)
        lowest = max(lowest, below, free)
        header = below + 2
    return reach, pen.pixels(lowest)


def _pages(wide: float, high: float) -> float:
    """Return how many pages a sheet fitted to the width takes."""
    return high * min(1.0, PAGE_PIXELS[0] / max(wide, 1)) / PAGE_PIXELS[1]


def _beside(pen: Pen, charts: Sequence[tuple[Placed, Chart]], row: int, column: int) -> int:
    """Draw charts one under another to the right of the tables; return the first row below them."""
    for placed, chart in charts:
        draw(pen.paper, pen.sheet, placed, chart, row, column)
        row = pen.under(row, size(placed, chart)[1])
    return row


def _below(pen: Pen, charts: Sequence[tuple[Placed, Chart]], row: int) -> tuple[int, int]:
    """Draw charts in rows under the table; return the first row below them and the pixels they reach across."""
    shift, tallest, reach = 0, 0, 0
    for placed, chart in charts:
        wide, high = size(placed, chart)
        if shift and shift + wide > _BELOW:
            row, shift, tallest = pen.under(row, tallest), 0, 0
        draw(pen.paper, pen.sheet, placed, chart, row, 0, shift)
        reach = max(reach, shift + wide)
        shift, tallest = shift + wide + _GAP, max(tallest, high)
    return (pen.under(row, tallest) if charts else row), reach
