"""Draws native charts over the columns of a table already on its sheet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pipeline.ink.paper import DARK, FONT, GREY, LINE, PAGE_PIXELS, RED, Paper, Worksheet
from pipeline.report import Chart, Table

COLOURS = ("#3B6EA5", "#E0923A", "#6FA8B8", "#8E6BA8", "#B7A24A", "#5B9E77", "#8A94A0", "#1F3A5F")
# A column's tone says what its colour means; white figures stand on the dark ones.
_TONES: dict[str, str] = {
    "good": "#5B9E77", "bad": RED, "quiet": "#B4BCC6", "deep": DARK, "strong": "#3B6EA5", "soft": "#7FA7D1", "pale": "#C3D6EA",
}  # fmt: skip
_LIGHT = ("quiet", "soft", "pale")
_SHAPES: dict[str, dict[str, str]] = {
    "column": {"type": "column"},
    "stacked": {"type": "column", "subtype": "stacked"},
    "line": {"type": "line"},
    "bar": {"type": "bar"},
    "stacked_bar": {"type": "bar", "subtype": "stacked"},
    "share": {"type": "bar", "subtype": "percent_stacked"},
    "doughnut": {"type": "doughnut"},
}
_AXIS_FORMATS = {"rate": "0%", "number": "0.0", "money": "#,##0", "count": "#,##0"}
_LYING = ("bar", "stacked_bar", "share")
_STACKS = ("stacked", "stacked_bar", "share")
_LABELLED = 12  # categories up to which every point says its figure
_GROUPED = 2  # columns side by side that still have room for their figures
_USUAL = 510  # pixels: two charts stand side by side on a page
_TICKS = 16  # category names an axis has room for


@dataclass(frozen=True)
class Placed:
    """A table on its sheet: sheet name and the 0-based rows of its header, first and last record."""

    table: Table
    sheet: str
    header: int
    first: int
    last: int

    @property
    def names(self) -> list[str]:
        """The column names as the report gave them."""
        return [column.name for column in self.table.columns]

    def cells(self, name: str) -> list[str | int]:
        """Return the place of a column's records, as xlsxwriter wants it."""
        column = self.names.index(name)
        return [self.sheet, self.first, column, self.last, column]

    def head(self, name: str) -> list[str | int]:
        """Return the place of a column's header."""
        return [self.sheet, self.header, self.names.index(name)]


def size(placed: Placed, chart: Chart) -> tuple[int, int]:
    """Return a chart's width and height in pixels."""
    count = placed.last - placed.first + 1
    if chart.kind in _LYING:
        thick = 32 if chart.kind in _STACKS else 12 + 14 * len(chart.series)
        return _USUAL, min(max(260, thick * count + 130), 760)
    if chart.kind == "doughnut":
        return 420, 300
    return (PAGE_PIXELS[0] if chart.wide else _USUAL if count <= _TICKS * 2 else 760), 310


def draw(paper: Paper, sheet: Worksheet, placed: Placed, chart: Chart, row: int, column: int, shift: int = 0) -> None:
    """Put a chart with its top left corner in a cell, `shift` pixels to the right of it."""
    drawing = paper.book.add_chart(_SHAPES[chart.kind])
    for number, name in enumerate(n for n in chart.series if n not in chart.second_axis):
        drawing.add_series(_series(placed, chart, name, number))
    if chart.second_axis:
        drawing.combine(_right_hand(paper, placed, chart))
    drawing.set_title({"name": chart.title, "name_font": {"name": FONT, "size": 12, "bold": True}, "overlay": False})
    if chart.kind != "doughnut":
        _axes(drawing, placed, chart)
    several = len(chart.series) > 1 or chart.kind == "doughnut"
    place = "right" if chart.kind == "doughnut" else "bottom"
    drawing.set_legend({"position": place, "font": {"name": FONT, "size": 9}} if several else {"none": True})
    drawing.set_chartarea({"border": {"color": LINE}})
    wide, high = size(placed, chart)
    drawing.set_size({"width": wide, "height": high})
    sheet.insert_chart(row, column, drawing, {"x_offset": shift, "object_position": 2, "description": chart.title})


def _series(placed: Placed, chart: Chart, name: str, number: int) -> dict[str, Any]:
    tone = placed.table.columns[placed.names.index(name)].tone
    colour = _TONES.get(tone) or COLOURS[number % len(COLOURS)]
    count = placed.last - placed.first + 1
    series: dict[str, Any] = {
        "name": placed.head(name),
        "categories": placed.cells(chart.category),
        "values": placed.cells(name),
    }
    font = {"name": FONT, "size": 8, "color": "#404040"}
    if chart.kind == "doughnut":
        points = [{"fill": {"color": COLOURS[i % len(COLOURS)]}} for i in range(count)]
        return series | {
            "points": points,
            "data_labels": {"percentage": True, "font": {**font, "color": "#FFFFFF", "bold": True}},
        }
    if chart.kind == "line":
        marker = {"type": "circle", "size": 4, "fill": {"color": colour}, "border": {"color": colour}}
        return series | {
            "line": {"color": colour, "width": 2},
            "marker": marker if count <= _TICKS * 2 else {"type": "none"},
        }
    series |= {"fill": {"color": colour}, "border": {"none": True}, "gap": 60}
    if count <= _LABELLED and chart.kind in _STACKS:
        inside = font | {"color": "#404040" if tone in _LIGHT else "#FFFFFF"}
        series["data_labels"] = {"value": True, "position": "center", "num_format": "#,##0;;", "font": inside}
    elif count <= _LABELLED and len(chart.series) - len(chart.second_axis) <= _GROUPED:
        # Below a line the figures stand inside their columns, where the line does not cross them.
        inside = (
            {"position": "inside_base", "font": font | {"color": "#FFFFFF"}} if chart.second_axis else {"font": font}
        )
        series["data_labels"] = {"value": True, **inside}
    return series


def _right_hand(paper: Paper, placed: Placed, chart: Chart) -> Any:
    """Return the lines that are read on the right-hand percentage axis."""
    drawing = paper.book.add_chart({"type": "line"})
    for number, name in enumerate(chart.second_axis, len(chart.series) - len(chart.second_axis)):
        series = _series(placed, Chart("line", "", chart.category, chart.series), name, number)
        drawing.add_series(series | {"y2_axis": True})
    drawing.set_y2_axis(
        {
            "name": "、".join(chart.second_axis),
            "name_font": {"name": FONT, "size": 9, "bold": False, "color": GREY},
            "num_format": "0%",
            "min": 0,
            "max": 1,
            "num_font": {"name": FONT, "size": 9, "color": GREY},
            "line": {"none": True},
        }
    )
    return drawing


def _axes(drawing: Any, placed: Placed, chart: Chart) -> None:
    inks = {column.name: column.ink for column in placed.table.columns}
    left = [inks[name] for name in chart.series if name not in chart.second_axis]
    font = {"name": FONT, "size": 9, "color": GREY}
    titles = {"name_font": {"name": FONT, "size": 9, "bold": False, "color": GREY}, "num_font": font}
    count = placed.last - placed.first + 1
    names: dict[str, Any] = {
        "name": chart.x_title or chart.category,
        **titles,
        "line": {"color": LINE},
        "major_tick_mark": "none",
    }
    if inks[chart.category] == "date":
        names |= {"num_format": "m-d", "text_axis": True}
        names["num_font"] = font | ({"rotation": -45} if count > _TICKS else {})
    names["interval_unit"] = 1 if chart.kind in _LYING else -(-count // (_TICKS * (2 if chart.wide else 1)))
    figures: dict[str, Any] = {
        "name": chart.y_title or None,
        **titles,
        "num_format": "0%" if chart.kind == "share" else _AXIS_FORMATS.get(left[0] if left else "count", "General"),
        "major_gridlines": {"visible": True, "line": {"color": "#E8ECF1", "width": 0.75}},
        "line": {"none": True},
        "min": 0,
    }
    if chart.kind in _LYING:  # names stand at the left, the first row of the table on top, figures still at the bottom
        drawing.set_y_axis(names | {"reverse": True})
        drawing.set_x_axis(figures | {"label_position": "high"})
    else:
        drawing.set_x_axis(names)
        drawing.set_y_axis(figures)
