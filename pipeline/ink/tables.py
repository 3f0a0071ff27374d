"""Writes tables as real Excel tables: header, records, 合计 row below the filter, bars, heat scales, links."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pipeline.errors import PipelineError
from pipeline.grid import address
from pipeline.ink.cells import Cells
from pipeline.ink.charts import Placed
from pipeline.ink.inks import FILTER, NUMERIC, column_width, inked, lines, shown
from pipeline.ink.letters import column_names, table_name
from pipeline.ink.links import to_sheet
from pipeline.ink.paper import DARK, GREY, LINE, ROW_PIXELS, Format, Paper, Worksheet
from pipeline.report import Column, Jump, Source, Table
from pipeline.text import width

Link = Callable[[Source], str]

_STYLE = "Table Style Light 1"  # banded in grey; the colours with a meaning are ours
_MEASURED = 3_000  # rows measured for widths and heights; longer tables look like their beginning
_ROW, _LINE_HEIGHT, _HEADING, _TALLEST = 18.0, 15.0, 24.0, 400.0  # points
_ROWS = 1_048_000  # Excel has 1,048,576


class Pen:
    """Writes on one sheet; counts tables and links, which Excel limits by sheet."""

    def __init__(self, paper: Paper, sheet: Worksheet, name: str, link: Link | None, names: Mapping[str, str]) -> None:
        self.paper, self.sheet, self.name, self.names = paper, sheet, name, names
        self.tables = 0
        self.heights: dict[int, float] = {}  # rows that are not of the usual height, in points
        self.cells = Cells(paper, sheet, link, names)

    def table(self, table: Table, header: int, widths: Sequence[float]) -> Placed:
        """Write a table with its header in this 0-based row; a table without records says so in one row."""
        if header + len(table.rows) > _ROWS:
            raise PipelineError(f"{table.name}有 {len(table.rows)} 行,一张工作表放不下", "请用 daybook export 导出 csv")
        names = column_names(column.name for column in table.columns)
        rows = table.rows or ((table.empty, *[None] * (len(table.columns) - 1)),)
        first, last = header + 1, header + len(rows)
        looks = self._header(names, table.columns, header, widths)
        usual = self.cells.known(table.columns, widths)
        for number, values in enumerate(rows):
            own = number < len(table.row_inks)
            known = self.cells.known(_columns(table, number), widths) if own else usual
            deepest = self.cells.lay(first + number, values, known)
            if number < _MEASURED:
                self._as_deep(first + number, deepest)
        if table.total is not None:
            deepest = self.cells.lay(last + 1, table.total, self.cells.known(table.columns, widths, total=True))
            self._as_deep(last + 1, deepest)
        self._as_table(names, looks, header, last)
        if table.rows:
            self._scales(table, first, last)
        return Placed(table, self.name, header, first, last)

    def _header(
        self, names: Sequence[str], columns: Sequence[Column], row: int, widths: Sequence[float]
    ) -> list[Format]:
        """Size the header row; return a format for each name (the table itself writes the names)."""
        looks, deepest = [], 1
        for number, (name, column) in enumerate(zip(names, columns, strict=True)):
            left = column.ink in ("long", "place")
            looks.append(
                self.paper.ink(
                    bold=True,
                    font_color="#FFFFFF",
                    bg_color=DARK,
                    text_wrap=True,
                    align="left" if left else "center",
                    indent=int(left),
                    border=1,
                    border_color=LINE,
                )
            )
            tight = width(name) + FILTER > widths[number]  # then the filter button stands below the name
            deepest = max(deepest, 1 + tight, lines(name, widths[number] - 2))
        self.tall(row, 8 + _LINE_HEIGHT * deepest)
        return looks

    def jump(self, to: Jump | None) -> str:
        """Return the address of a sheet, '' for none."""
        return to_sheet(to, self.names) if to else ""

    def _as_table(self, names: Sequence[str], looks: Sequence[Format], header: int, last: int) -> None:
        self.tables += 1
        columns = [{"header": name, "header_format": look} for name, look in zip(names, looks, strict=True)]
        options = {
            "name": table_name(self.name, self.tables),
            "style": _STYLE,
            "columns": columns,
            "autofilter": True,
            "banded_rows": True,
        }
        self.sheet.frame(header, last, len(names) - 1, options)

    def _scales(self, table: Table, first: int, last: int) -> None:
        heat = [number for number, column in enumerate(table.columns) if column.heat]
        for number, column in enumerate(table.columns):
            if column.bar:
                self.sheet.conditional_format(first, number, last, number, _bar(column))
        if heat and table.heat_block:
            ranges = " ".join(f"{address(first, n)}:{address(last, n)}" for n in heat)
            whole = {"multi_range": ranges} if heat != list(range(heat[0], heat[-1] + 1)) else {}
            self.sheet.conditional_format(first, heat[0], last, heat[-1], _HEAT | whole)
        else:
            for number in heat:
                self.sheet.conditional_format(first, number, last, number, _HEAT)

    def _as_deep(self, row: int, lines: int) -> None:
        """Make a row of a table as high as the lines of its deepest cell."""
        self.tall(row, _ROW if lines <= 1 else min(4 + _LINE_HEIGHT * lines, _TALLEST))

    def tall(self, row: int, points: float) -> None:
        """Set the height of a row, and remember it."""
        self.sheet.set_row(row, points)
        self.heights[row] = points

    def pixels(self, rows: int) -> float:
        """Return how far down the sheet so many rows reach."""
        return sum(self.heights.get(row, ROW_PIXELS * 0.75) for row in range(rows)) / 0.75

    def under(self, row: int, high: float) -> int:
        """Return the first row free below a drawing of so many pixels that begins in this row, one row of air between."""
        while high > 0:
            high -= self.heights.get(row, ROW_PIXELS * 0.75) / 0.75
            row += 1
        return row + 1

    def heading(self, row: int, text: str) -> None:
        """Write the name of a table above it."""
        self.tall(row, _HEADING)
        look = self.paper.ink(bold=True, font_size=11, font_color=DARK, valign="bottom")
        self.sheet.write_string(row, 0, text, look)

    def titles(self, title: str, subtitle: str) -> None:
        """Write the sheet's title block: two rows."""
        self.sheet.write_string(0, 0, title, self.paper.ink(bold=True, font_size=16, font_color=DARK))
        self.tall(0, 28)
        self.tall(1, 20)
        self.sheet.write_string(1, 0, subtitle, self.paper.ink(font_size=9, font_color=GREY))


def _columns(table: Table, number: int) -> tuple[Column, ...]:
    """Return a table's columns as a row is inked that is a measure of its own: it inks and links all its figures."""
    ink, to = table.row_inks[number], (table.row_to or (None,) * len(table.rows))[number]
    return tuple(replace(column, ink=ink, to=to) if column.ink in NUMERIC else column for column in table.columns)


_HEAT: dict[str, Any] = {
    "type": "3_color_scale", "min_color": "#FFFFFF", "mid_color": "#FCE4B0", "max_color": "#EE8A4E", "mid_type": "percentile", "mid_value": 60,
}  # fmt: skip


def _bar(column: Column) -> dict[str, Any]:
    top = {"max_type": "num", "max_value": 1} if column.ink == "rate" else {}
    return {
        "type": "data_bar",
        "bar_color": "#A9C6E4",
        "bar_solid": True,
        "data_bar_2010": True,
        "min_type": "num",
        "min_value": 0,
        **top,
    }


def widths_of(tables: Sequence[Table]) -> list[float]:
    """Return the widths of a sheet's columns, wide enough for every table on it."""
    found: list[float] = []
    for table in tables:
        names = column_names(column.name for column in table.columns)
        rows = [*table.rows[:_MEASURED], *([table.total] if table.total is not None else [])]
        for number, column in enumerate(table.columns):
            values = {(row[number].__class__, row[number]) for row in rows if number < len(row)}  # True is no 1
            cells = {shown(inked(value, column.ink), column.ink) for _, value in values}
            wide = column_width(column, names[number], cells)
            if number == 0 and not table.rows:
                wide = max(wide, width(table.empty) + 2.0)
            if number < len(found):
                found[number] = max(found[number], wide)
            else:
                found.append(wide)
    return found
