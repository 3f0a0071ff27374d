"""How each kind of value is inked: what Excel is given for it, its number format, its side of the column, its width."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time
from decimal import Decimal
from math import isfinite
from numbers import Real

from pipeline.ink.letters import safe
from pipeline.ink.paper import BLUE, GREEN, LINE, PALE, RED, Format, Paper
from pipeline.report import Column, Ink, Source
from pipeline.text import width

Inked = str | float | datetime | None

NUMERIC: frozenset[Ink] = frozenset({"count", "number", "rate", "money"})
_FORMATS: dict[Ink, str] = {"date": "yyyy-mm-dd", "count": "#,##0", "number": "0.0", "rate": "0.0%", "money": "#,##0"}
_CENTRED: frozenset[Ink] = frozenset({"date", "mark", "phone"})
_FIRST_YEAR = 1901  # Excel's calendar is wrong before; such dates are written as text
_WIDEST: dict[Ink, int] = {"long": 52, "place": 54}
_WIDE = 34
_ONE_LINE = 8  # columns of a figure's header; longer ones stand in two lines of four 汉字, so that tables stay narrow
FILTER = 3  # columns the filter button takes
_NARROW = 7
# A mark says it in words; the colour only helps to find it. What is not listed here is wrong.
_MARKS: dict[str, dict[str, object]] = {
    "": {}, "√": {}, "✓": {"font_color": GREEN}, "迟": {"bg_color": "#FCE4B0"}, "空": {"bg_color": "#E4E9F0"},
    "缺交": {"bg_color": "#D9DEE5", "bold": True},
}  # fmt: skip
_WRONG: dict[str, object] = {"bg_color": "#FBE5DC", "font_color": RED, "bold": True}


def inked(value: object, ink: Ink) -> Inked:
    """Return what the cell holds: text, a number, a date, or None for blank (None, NaN, NaT, infinities, '')."""
    # Most cells are plain texts, and in a long list every place is another one.
    return safe(value) or None if value.__class__ in (str, Source) else _inked(value, ink)


def _inked(value: object, ink: Ink) -> Inked:
    if value is None or value != value:  # noqa: PLR0124 - NaN and NaT are what differs from itself
        return None
    if isinstance(value, bool):
        return ("√" if value else None) if ink == "mark" else ("是" if value else "否")
    if isinstance(value, date):
        return _date(value, ink)
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, (Real, Decimal)):  # asked last: an abstract class takes long to answer
        return _number(float(value), ink)
    return safe(value) or None


def _number(value: float, ink: Ink) -> Inked:
    if not isfinite(value):
        return None
    if ink in NUMERIC:
        return value
    return f"{value:g}" if not value.is_integer() else str(int(value))


def _date(value: date, ink: Ink) -> Inked:
    if ink == "date" and value.year >= _FIRST_YEAR:
        return datetime(value.year, value.month, value.day)
    return f"{value:%Y-%m-%d}"


def tone(cell: Inked, ink: Ink) -> str:
    """Return by what a mark is coloured: its own first word, '' for every cell that is no mark."""
    return cell.split("\n")[0] if ink == "mark" and isinstance(cell, str) else ""


def cell_format(
    paper: Paper, ink: Ink, *, worded: bool, quoted: bool, total: bool, heat: bool, mark: str = "", linked: bool = False
) -> Format:
    """Return the format of a body cell or of a cell of the 合计 row; `worded` cells hold text, `quoted` ones text like a formula.

    `mark` is the `tone` of the cell; a `linked` one leads somewhere.
    """
    side = "center" if heat or ink in _CENTRED else "right" if ink in NUMERIC else "left"
    look: dict[str, object] = {
        **_MARKS.get(mark, _WRONG),
        "align": side,
        "bottom": 1,
        "bottom_color": LINE,
    }
    if side != "center":
        look["indent"] = 1  # so that a figure and the word in the next column do not touch
    if ink in _FORMATS and not worded:
        look["num_format"] = _FORMATS[ink]
    if ink not in NUMERIC and ink != "date":
        look["text_wrap"] = True
    if quoted:
        look["quote_prefix"] = True  # still text when somebody enters the cell and leaves it
    if linked:
        look |= {"font_color": BLUE, "underline": 1}
    if total:
        look |= {"bold": True, "bg_color": PALE, "top": 1, "top_color": "#8FA3BC"}
    return paper.ink(**look)


def shown(value: Inked, ink: Ink) -> str:
    """Return about what the reader sees, to measure by."""
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, datetime):
        return "2026-11-05"
    if ink == "rate":
        return f"{value:.1%}"
    return f"{value:.1f}" if ink == "number" else f"{value:,.0f}"


def column_width(column: Column, name: str, cells: Collection[str]) -> float:
    """Return a column's width in characters: its longest line, never too wide; a long header may stand in two lines."""
    longest = (
        max((width(line) for cell in cells for line in cell.split("\n")), default=0) + 2 + (column.ink not in _CENTRED)
    )
    header = width(name)
    if column.ink == "mark":
        return float(min(max(longest, header + 1), _WIDE))  # narrow: a month of marks stands on one page
    if column.ink in NUMERIC:  # the filter button stands below the one line, or beside the short second one
        least = header + 0.5 if header <= _ONE_LINE else max(_ONE_LINE, -(-header // 4) * 2) + 0.5
    else:
        least = header + FILTER
    return float(min(max(longest, least, _NARROW), _WIDEST.get(column.ink, _WIDE)))


def lines(text: str, columns: float) -> int:
    """Return the lines a text takes in a wrapped cell of so many characters."""
    across = max(int(columns) - 1, 1)
    return sum([max(1, -(-width(line) // across)) for line in text.split("\n")])
