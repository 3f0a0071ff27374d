"""Lays a sketch out in rows and columns, and remembers the cell of every value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeVar

from bench.fidelity.sketch import Card, Column, Ink, Look, Sketch, Table
from bench.fidelity.spell import Pen
from pipeline.demo.spelling import Cell
from pipeline.grid import address

Inked: TypeAlias = "Cell | Ink"
_Thing = TypeVar("_Thing")
_FAR = 2  # blank columns between label and value, laid out far


@dataclass
class Drawn:
    """A sheet in ink: rows, merges (top, left, bottom, right), hidden rows, and (line, field) → cell; line -1 stands above."""

    name: str
    look: Look
    rows: list[list[Inked]] = field(default_factory=list)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    spots: dict[tuple[int, str], str] = field(default_factory=dict)

    def put(self, row: int, column: int, value: Inked) -> str:
        """Write a cell; return its address."""
        while len(self.rows) <= row:
            self.rows.append([])
        cells = self.rows[row]
        cells.extend([None] * (column + 1 - len(cells)))
        cells[column] = value
        return address(row, column)

    def merge(self, top: int, left: int, bottom: int, right: int) -> None:
        """Merge a rectangle, if it is more than a cell."""
        if (top, left) != (bottom, right):
            self.merges.append((top, left, bottom, right))

    @property
    def next(self) -> int:
        """The first row below everything."""
        return len(self.rows)


def draw_all(sketches: Sequence[Sketch], pen: Pen) -> tuple[Drawn, ...]:
    """Return every sheet in ink; one that stands under the sheet before shares its rows."""
    drawn: list[Drawn] = []
    for sketch in sketches:
        drawn.append(draw(sketch, pen, drawn[-1] if drawn and sketch.look.under else None))
    return tuple(drawn)


def draw(sketch: Sketch, pen: Pen, onto: Drawn | None = None) -> Drawn:
    """Return the sheet in ink."""
    sheet = (
        Drawn(onto.name, sketch.look, onto.rows, onto.merges, onto.hidden_rows)
        if onto
        else Drawn(sketch.name, sketch.look)
    )
    left, row = sketch.look.left, sketch.look.top + (sheet.next + 1 if onto else 0)
    width = max((len(table.columns) for table in sketch.tables), default=4 * sketch.look.pairs)
    if sketch.title:
        for repeat in range(sketch.look.titles):
            start = left + repeat * (width + 1)
            sheet.put(row, start, sketch.title)
            sheet.merge(row, start, row, start + width - 1)
    for cells in sketch.head:
        _raw(sheet, max(sheet.next, row), left, cells)
    numbers = {id(line): number for number, line in enumerate(sketch.lines())}
    _above(sheet, sketch, pen, left, row)
    top = max(sheet.next, row)
    for number, table in enumerate(sketch.tables):
        start = sheet.next + (sketch.look.gap if number else 0)
        _table(sheet, table, pen, (top if sketch.look.beside else max(start, row), left), numbers)
        left += len(table.columns) + 1 if sketch.look.beside else 0
    left = sketch.look.left
    _cards(sheet, sketch, pen, numbers)
    for cells in sketch.foot:
        _raw(sheet, sheet.next, left, cells)
    return sheet


def _raw(sheet: Drawn, row: int, left: int, cells: Sequence[Inked]) -> None:
    for place, value in enumerate(cells or (None,)):
        sheet.put(row, left + place, value)


def _above(sheet: Drawn, sketch: Sketch, pen: Pen, left: int, top: int) -> None:
    """Write the labels above the lists with their values."""
    way = sketch.look.above
    if not sketch.above or way == "none":
        return
    part = sketch.tables[0].part if sketch.tables else ""
    row, column = max(sheet.next, top), left
    spelt = ((each, pen.plain(part, each.field, sketch.said.get(each.field))) for each in sketch.above)
    said = [(each, value.value if isinstance(value, Ink) and not value.formula else value) for each, value in spelt]
    if way == "one_cell":
        at = sheet.put(row, left, "    ".join(f"{each.label}:{_told(value)}" for each, value in said))
        sheet.spots |= {(-1, each.field): at for each, _ in said}
        sheet.merge(row, left, row, left + 5)
        return
    for each, value in said:
        if way == "inside":
            sheet.spots[-1, each.field] = sheet.put(row, column, f"{each.label}：{_told(value)}")
        elif way == "under":
            sheet.put(row, column, each.label)
            sheet.spots[-1, each.field] = sheet.put(row + 1, column, value)
        elif way == "parts":
            sheet.spots[-1, each.field] = _parts(sheet, row, column, each, value)
        else:
            sheet.put(row, column, each.label)
            sheet.spots[-1, each.field] = sheet.put(row, column + (_FAR + 1 if way == "far" else 1), value)
        column += 2 if way == "inside" else 4


def _parts(sheet: Drawn, row: int, column: int, label: Column, value: Any) -> str:
    """Write a day as 2026 | 年 | 11 | 月 | 18 | 日, anything else beside its label."""
    if not hasattr(value, "year"):
        sheet.put(row, column + 3, label.label)
        return sheet.put(row, column + 4, value)
    for place, cell in enumerate((value.year, "年", value.month, "月", value.day, "日")):
        sheet.put(row, column + place, cell)
    return address(row, column)


def _bands(things: Sequence[_Thing], size: int) -> Iterator[Sequence[_Thing]]:
    for start in range(0, len(things), size):
        yield things[start : start + size]


def _told(value: Any) -> str:
    value = value.value if isinstance(value, Ink) else value
    return value.isoformat() if hasattr(value, "isoformat") else "" if value is None else str(value)


def _table(sheet: Drawn, table: Table, pen: Pen, at: tuple[int, int], numbers: dict[int, int]) -> None:
    row, left = at
    if table.heading:
        sheet.put(row, left, table.heading)
        sheet.merge(row, left, row, left + len(table.columns) - 1)
        row += 1
    row = _header(sheet, table, row, left)
    counted = 0
    for place, line in enumerate(table.lines):
        if place in table.again:
            row = _header(sheet, table, row, left)
        if line.raw or not (line.cells or line.truths):
            _raw(sheet, row, left, line.raw)
        else:
            counted += 1
            written = pen.row(table.part, line.cells)
            for column, each in enumerate(table.columns, left):
                value = counted if each.label == "序号" else written.get(each.field)
                spot = sheet.put(row, column, value)
                if each.field:
                    sheet.spots.setdefault((numbers[id(line)], each.field), spot)
        if line.hidden:
            sheet.hidden_rows.add(row)
        row += 1


def _header(sheet: Drawn, table: Table, row: int, left: int) -> int:
    """Write one to three header rows; equal labels side by side are merged, a lone label is merged down. Return the row below."""
    depth = 1 + max(len(column.over) for column in table.columns)
    for place, column in enumerate(table.columns, left):
        path = (*column.over, column.label)
        for down, label in enumerate(path):
            run_on = place > left and down < len(path) - 1 and _shares(table.columns[place - left - 1], column, down)
            sheet.put(row + down, place, None if run_on else label)
        sheet.merge(row + len(path) - 1, place, row + depth - 1, place)
    for down in range(depth - 1):
        _merge_runs(sheet, table, row + down, left, down)
    return row + depth


def _shares(one: Column, other: Column, down: int) -> bool:
    return len(one.over) > down and one.over[: down + 1] == other.over[: down + 1]


def _merge_runs(sheet: Drawn, table: Table, row: int, left: int, down: int) -> None:
    start = 0
    for place in range(1, len(table.columns) + 1):
        if place < len(table.columns) and _shares(table.columns[place - 1], table.columns[place], down):
            continue
        if len(table.columns[start].over) > down and place - 1 > start:
            sheet.merge(row, left + start, row, left + place - 1)
        start = place


def _cards(sheet: Drawn, sketch: Sketch, pen: Pen, numbers: dict[int, int]) -> None:
    """Write the cards in bands of `abreast`."""
    look = sketch.look
    for band in _bands(sketch.cards, look.abreast):
        top = max(sheet.next + (1 if sheet.next else 0), look.top)
        left = look.left
        for card in band:
            left = _card(sheet, card, pen, (top, left), look, numbers)


def _card(sheet: Drawn, card: Card, pen: Pen, at: tuple[int, int], look: Look, numbers: dict[int, int]) -> int:
    """Write one card; return the first column to its right."""
    row, left = at
    number = numbers[id(card.line)]
    written = pen.row(card.part, card.line.cells)
    across = look.pairs if look.cards == "inside" else 2 * look.pairs
    width = max(across, len(card.table.columns) if card.table else 0)
    if look.cards == "under":
        width = max(width, len(card.pairs))
    if card.title:
        sheet.put(row, left, card.title)
        sheet.merge(row, left, row, left + width - 1)
        row += 1
    if look.cards == "under":
        for place, each in enumerate(card.pairs):
            sheet.put(row, left + place, each.label)
            sheet.spots[number, each.field] = sheet.put(row + 1, left + place, written.get(each.field))
        row += 2
    else:
        for pairs in _bands(card.pairs, look.pairs):
            for place, each in enumerate(pairs):
                sheet.spots[number, each.field] = _pair(sheet, row, left, place, each, written.get(each.field), look)
            row += 1
    if card.table:
        _table(sheet, card.table, pen, (row, left), numbers)
    return left + width + 1


def _pair(sheet: Drawn, row: int, left: int, place: int, label: Column, value: Inked, look: Look) -> str:
    if look.cards == "inside" and not isinstance(value, Ink):
        return sheet.put(row, left + place, f"{label.label}：{_told(value)}")
    sheet.put(row, left + 2 * place, label.label)
    return sheet.put(row, left + 2 * place + 1, value)
