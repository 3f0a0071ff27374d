"""Makes entries: one a row, one a card, one a column group of a row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from pipeline.grid import address, spot
from pipeline.layout.context import written
from pipeline.layout.lexicon import Lexicon
from pipeline.layout.page import Page
from pipeline.layout.rows import RowWords, body_rows, summing
from pipeline.layout.totals import Total
from pipeline.model import Entry, Region, Written
from pipeline.rulebook.form import Part
from pipeline.text import clean, squeeze

Cells: TypeAlias = Mapping[str, Written]
_REMEMBERED = 16_384  # blank cells


@dataclass
class Sink:
    """Where the entries of one list gather: form, sheet, the order of the next entry, and rows found after the end."""

    form: str
    sheet: str
    start: int
    entries: list[Entry] = field(default_factory=list)
    after: list[int] = field(default_factory=list)
    totals: list[Total] = field(default_factory=list)
    unclaimed: list[tuple[Entry, Written]] = field(default_factory=list)  # 战败原因 in a row without any 第n次回访

    def add(self, part: str, kind: str, row: int, anchor: str, cells: Cells, hints: Mapping[str, str]) -> Entry:
        """Add one entry in reading order."""
        entry = Entry(self.form, part, kind, self.sheet, row + 1, self.start + len(self.entries), anchor, cells, hints)
        self.entries.append(entry)
        return entry


def card_entry(sink: Sink, lexicon: Lexicon, region: Region) -> Entry:
    """Return a card's head as one entry; a field without a label on the card is absent."""
    part = lexicon.form.parts[region.part]
    cells = {name: written(said, "cell") for name, said in region.said.items()}
    top, left = region.header.top, region.header.left
    # No hints: a card's dates carry their own year, and a sheet name is a customer's name here.
    return sink.add(region.part, part.yields, top, address(top, left), cells, {})


def row_entries(
    sink: Sink, page: Page, lexicon: Lexicon, region: Region, above: Cells, hints: Mapping[str, str], words: RowWords,
    *, grouped: bool = False,
) -> None:  # fmt: skip
    """Add an entry for every record row of a list, and with `grouped` for its column groups."""
    part = lexicon.form.parts[region.part]
    inherited = {name: above[name] for name in part.inherits if name in above} if part.under else dict(above)
    columns = _columns(page, region, part)
    split = any("/" in column.name for column in columns)
    downs = [name for name, spec in part.fields.items() if spec.fill_down]
    groups = _Groups(page, lexicon, region) if grouped and region.group_part else None
    before: dict[str, Written] = {}
    for row, kind in body_rows(page, region, part, words):
        if kind == "after":
            sink.after.append(row)
        if kind == "total":
            _total(sink, page, region, row, columns, words)
        if kind != "record":
            continue
        cells = _cells(page, row, columns, before, words)
        if split:
            cells |= _split_dates(cells, page, region, row)
        if region.choices:
            cells |= {name: _choice(page, region, row, name) for name in region.choices}
        cells = {name: cell for name, cell in cells.items() if "/" not in name} if split else cells
        # An error is no blank: nothing from above may stand in for it.
        faulty = {n for n, c in cells.items() if spot(c.cell) in page.grid.faults} if page.grid.faults else frozenset()
        cells |= {n: _filled_down(cells[n], before.get(n)) for n in downs if n in cells and n not in faulty}
        before |= {name: cell for name, cell in cells.items() if cell.value != "" or name not in before}
        if not inherited.keys().isdisjoint(cells):
            cells = {n: c for n, c in cells.items() if c.value != "" or n in faulty or n not in inherited}
        entry = sink.add(region.part, part.yields, row, address(row, region.header.left), {**inherited, **cells}, hints)
        if groups:
            groups.add(sink, row, entry)


class _Column(NamedTuple):
    """One column of a list: the field it carries, its place, and the label it stands under."""

    name: str
    column: int
    label: str


def _columns(page: Page, region: Region, part: Part) -> list[_Column]:
    return [
        _Column(name, column, clean(page.value(region.header.bottom, column)) or name)
        for name, column in region.columns.items()
        if name in part.fields or "/" in name
    ]


def _cells(
    page: Page, row: int, columns: Iterable[_Column], before: Mapping[str, Written], words: RowWords
) -> dict[str, Written]:
    """Return what stands in a row's columns; a ditto takes the value above, a blank is nobody's and the same in every workbook."""
    values, said, merged = page.grid.rows[row], page.said(row), page.merged_columns.get(row, ())
    found = {}
    for name, column, label in columns:
        if column in merged:
            top, left = page.home(row, column)
            value, text, cell = page.grid.at(top, left), page.said(top).get(left, ""), address(top, left)
        else:
            text, cell = said.get(column, ""), address(row, column)
            value = values[column] if text != "" else ""
        if text == "":
            found[name] = _blank(cell, label)
        elif text in words.ditto and name in before and before[name].value != "":
            found[name] = Written(before[name].value, address(row, column), label, "ditto")
        else:
            found[name] = Written(value, cell, label)
    return found


@lru_cache(maxsize=_REMEMBERED)
def _blank(cell: str, label: str) -> Written:
    return Written("", cell, label)


def _total(sink: Sink, page: Page, region: Region, row: int, columns: Iterable[_Column], words: RowWords) -> None:
    """Keep a row of sums with the entries it may be about."""
    at = summing(page, region, row, words)
    if at < 0:
        return
    cells = _cells(page, row, [column for column in columns if column.column != at], {}, words)
    orders = tuple(entry.order for entry in sink.entries if entry.part == region.part)
    settled = len(sink.totals[-1].orders) if sink.totals else 0
    beside = Written(page.grid.at(row, at), address(row, at), "合计")
    sink.totals.append(Total(sink.form, region.part, sink.sheet, orders, settled, cells, beside))


def _filled_down(cell: Written, before: Written | None) -> Written:
    """Let the value above stand for a blank; the blamed cell is the one that holds the value."""
    if cell.value == "" and before is not None and before.value != "":
        return Written(before.value, before.cell, before.label, "filled_down")
    return cell


def _split_dates(cells: Cells, page: Page, region: Region, row: int) -> dict[str, Written]:
    """Put year, month and day columns together; a row with the year only has no date."""
    found: dict[str, Written] = {}
    for name in {name.partition("/")[0] for name in cells if "/" in name}:
        year, month, day = (_number(cells[f"{name}/{i}"].value) if f"{name}/{i}" in cells else "" for i in range(3))
        places = [region.columns[f"{name}/{i}"] for i in (2, 1, 0) if f"{name}/{i}" in region.columns]
        last = next((column for column in places if page.faulty(row, column)), places[0])
        text = (f"{year}年" if year else "") + f"{month}月{day}日" if month and day else ""
        text = "" if page.faulty(row, last) else text
        found[name] = Written(text, address(*page.home(row, last)), clean(page.value(region.header.bottom, last)))
    return found


def _number(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return clean(value).rstrip("年月日号")


def _choice(page: Page, region: Region, row: int, name: str) -> Written:
    """Return the word over the ticked column; two ticks give both words, for somebody to decide."""
    places = region.choices[name]
    ticked = [
        (column, word)
        for column, word in places
        if squeeze(str(page.value(row, column))) not in {"", "0", "×", "x", "否", "无"}
    ]
    faulty = next((column for column, _ in places if page.faulty(row, column)), None)
    if faulty is not None:  # it may well be the tick
        return Written("", address(row, faulty), name)
    column = ticked[0][0] if ticked else places[0][0]
    text = "/".join(word for _, word in ticked)
    return Written(text, address(row, column), name)


class _Groups:
    """The column groups of one list: every filled one (第n次回访), or cell of the month grid, is an entry of its own."""

    def __init__(self, page: Page, lexicon: Lexicon, region: Region) -> None:
        words = lexicon.parts[region.group_part]
        self._page, self._region, self._part = page, region, words.part
        self._monthly = words.part.layout.kind == "month_grid"
        told = sorted(words.once & region.columns.keys())  # a set has another order in every process
        self._once = {name: region.columns[name] for name in told}
        every = (*self._once.values(), *(column for _, columns in region.groups for column in columns.values()))
        self._labels = {column: clean(page.value(region.header.bottom, column)) for column in every}

    def add(self, sink: Sink, row: int, parent: Entry) -> None:
        """Add what a row's groups hold."""
        page, region, part = self._page, self._region, self._part
        shared = {name: parent.cells[name] for name in part.inherits if name in parent.cells}
        if self._monthly and "month" in parent.cells:
            shared["month"] = parent.cells["month"]
        once = {name: self._plain(row, column) for name, column in self._once.items()}
        filled = None if row in page.merged_columns else page.filled_columns(row)
        for number, columns in region.groups:
            if filled is not None and filled.isdisjoint(columns.values()):
                continue
            own = {name: self._plain(row, column) for name, column in columns.items()}
            if all(cell.value == "" for cell in own.values()) and not any(
                page.faulty(row, c) for c in columns.values()
            ):
                continue
            if self._monthly:
                day = address(region.header.bottom, next(iter(columns.values())))
                own["day"] = Written(float(number), day, str(number), "header")
            anchor = address(row, min(columns.values()))
            sink.add(region.group_part, part.yields, row, anchor, {**shared, **own, **once}, parent.hints)
        if sink.entries[-1] is parent:
            sink.unclaimed += [(parent, cell) for cell in once.values() if cell.value != ""]

    def _plain(self, row: int, column: int) -> Written:
        top, left = self._page.home(row, column)
        cell, label = address(top, left), self._labels[column]
        return (
            Written(self._page.grid.at(top, left), cell, label) if left in self._page.said(top) else _blank(cell, label)
        )
