"""Writes a report as a workbook a manager reads: real tables, native charts, A4 pages, a 说明 sheet; the same report gives the same bytes.

row 1  title
row 2  subtitle · as-of date
row 3  (name of the first table)
row 4  header of the first table, on every sheet of every workbook
…      its records, 合计, then the tables that follow; charts stand beside them, or below where a table is wide
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from pipeline.ink.charts import Placed, draw, size
from pipeline.ink.letters import safe, sheet_names
from pipeline.ink.paper import PAGE_PIXELS, ROW_PIXELS, Paper, a4, across
from pipeline.ink.tables import Pen, widths_of
from pipeline.report import Chart, Column, Report, Sheet, Source, Table

HEADER_ROW = 3  # 0-based

_PAGE = 1_600  # pixels of table and chart side by side that are still read when fitted to A4 across
_BELOW = 1_100  # pixels of charts side by side under a table
_SQUEEZE = 1.45  # how much longer than a page a sheet may be to be made smaller rather than cut
_GAP = 20  # pixels between charts
_MANY_COLUMNS = 8  # from here on the first column stays in sight


def write_workbook(report: Report, path: Path, *, link: Callable[[Source], str] | None = None) -> None:
    """Write the report to a file; `link` gives an original's path relative to the workbook, '' for none."""
    sheets = [*report.sheets, _notes(report)]
    with Paper(path, title=report.name, created=report.on, subject=f"截至 {report.on}") as paper:
        for sheet, name in zip(sheets, sheet_names(sheet.name for sheet in sheets), strict=True):
            _write_sheet(paper, report, sheet, name, link)


def _notes(report: Report) -> Sheet:
    """Return the 说明 sheet: as-of date, sources and definitions."""
    said = {term for term, _ in report.notes}
    rows = [*([] if "截至日期" in said else [("截至日期", f"{report.on}")]), *report.notes]
    columns = (Column("项目"), Column("说明", "long"))
    return Sheet("说明", f"{report.name} · 说明", (Table("说明", columns, tuple(rows)),))


def _write_sheet(paper: Paper, report: Report, sheet: Sheet, name: str, link: Callable[[Source], str] | None) -> None:
    leaf = paper.sheet(name)
    pen = Pen(paper, leaf, name, link)
    widths = widths_of(sheet.tables)
    for number, wide in enumerate(widths):
        leaf.set_column(number, number, wide)
    subtitle = f"{sheet.subtitle}    " if sheet.subtitle else ""
    pen.titles(safe(sheet.title or sheet.name), safe(f"{subtitle}截至 {report.on}"))
    wide, high = _write_tables(pen, sheet, widths)
    leaf.hide_gridlines(2)
    leaf.freeze_panes(HEADER_ROW + 1, 1 if len(widths) > _MANY_COLUMNS else 0)
    leaf.repeat_rows(HEADER_ROW)
    a4(
        leaf,
        landscape=True,
        left=report.name,
        right=f"截至 {report.on}",
        footer=f"夜账 · {sheet.name}",
        one_page=_nearly_one_page(wide, high),
    )


def _write_tables(pen: Pen, sheet: Sheet, widths: Sequence[float]) -> tuple[float, float]:
    """Write tables and charts; return the pixels they reach across and down."""
    header = HEADER_ROW
    wide = across(widths)
    reach, lowest = wide, 0
    free = HEADER_ROW  # first row beside the tables that no chart covers
    for table in sheet.tables:
        if header > HEADER_ROW or len(sheet.tables) > 1:
            pen.heading(header - 1, table.name)
        placed = pen.table(table, header, widths)
        below = placed.last + (2 if table.total is None else 3)
        charts = [chart for chart in table.charts if table.rows]
        if _fits_beside(placed, charts, widths):
            free = _beside(pen, placed, charts, max(free, header), len(widths) + 1)
            reach = max(reach, *(wide + 64 + size(placed, chart)[0] for chart in charts)) if charts else reach
        elif charts:
            below = _below(pen, placed, charts, below)
        lowest = max(below, free)
        header = below + 2
    return reach, pen.pixels(lowest)


def _nearly_one_page(wide: float, high: float) -> bool:
    """Say whether a sheet fitted to the width would run a little over its first page: then it is fitted to one."""
    page_across, page_down = PAGE_PIXELS
    return page_down < high * min(1.0, page_across / max(wide, 1)) <= page_down * _SQUEEZE


def _fits_beside(placed: Placed, charts: Sequence[Chart], widths: Sequence[float]) -> bool:
    return across(widths) + max((size(placed, chart)[0] for chart in charts), default=0) <= _PAGE


def _beside(pen: Pen, placed: Placed, charts: Sequence[Chart], row: int, column: int) -> int:
    """Draw charts one under another to the right of the tables; return the first row below them."""
    for chart in charts:
        draw(pen.paper, pen.sheet, placed, chart, row, column)
        row += size(placed, chart)[1] // ROW_PIXELS + 2
    return row


def _below(pen: Pen, placed: Placed, charts: Sequence[Chart], row: int) -> int:
    """Draw charts in rows under the table; return the first row below them."""
    shift, tallest = 0, 0
    for chart in charts:
        wide, high = size(placed, chart)
        if shift and shift + wide > _BELOW:
            row, shift, tallest = row + tallest // ROW_PIXELS + 2, 0, 0
        draw(pen.paper, pen.sheet, placed, chart, row, 0, shift)
        shift, tallest = shift + wide + _GAP, max(tallest, high)
    return row + tallest // ROW_PIXELS + 2
