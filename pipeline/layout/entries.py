"""Makes entries: one a row, one a card, one a column group of a row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from pipeline.grid import address, spot
from pipeline.layout.context import written
from pipeline.layout.lexicon import Lexicon
from pipeline.layout.page import Page
from pipeline.layout.rows import RowWords, body_rows, summing
from pipeline.layout.totals import Total
from pipeline.model import Entry, Origin, Region, Written
from pipeline.rulebook.form import FieldSpec
from pipeline.text import clean, squeeze

Cells: TypeAlias = Mapping[str, Written]


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


Groups: TypeAlias = Callable[[Sink, Page, Lexicon, Region, int, Entry], None]


def card_entry(sink: Sink, lexicon: Lexicon, region: Region) -> Entry:
    """Return a card's head as one entry; a field without a label on the card is absent."""
    part = lexicon.form.parts[region.part]
    cells = {name: written(said, "cell") for name, said in region.said.items()}
    top, left = region.header.top, region.header.left
    # No hints: a card's dates carry their own year, and a sheet name is a customer's name here.
    return sink.add(region.part, part.yields, top, address(top, left), cells, {})


def row_entries(
    sink: Sink, page: Page, lexicon: Lexicon, region: Region, above: Cells, hints: Mapping[str, str], words: RowWords,
    groups: Groups | None = None,
) -> None:  # fmt: skip
    """Add an entry for every record row of a list, and for its column groups."""
    part = lexicon.form.parts[region.part]
    inherited = {name: above[name] for name in part.inherits if name in above} if part.under else dict(above)
    columns = {name: c for name, c in region.columns.items() if name in part.fields or "/" in name}
    labels = {name: clean(page.value(region.header.bottom, column)) or name for name, column in columns.items()}
    split = any("/" in name for name in columns)
    downs = {name for name, spec in part.fields.items() if spec.fill_down}
    before: dict[str, Written] = {}
    for row, kind in body_rows(page, region, part, words):
        if kind == "after":
            sink.after.append(row)
        if kind == "total":
            _total(sink, page, region, row, columns, labels, words)
        if kind != "record":
            continue
        cells = {n: _cell(page, row, c, labels[n], before.get(n), words) for n, c in columns.items()}
        cells |= _split_dates(cells, page, region, row) if split else {}
        cells |= {name: _choice(page, region, row, name) for name in region.choices}
        cells = {name: cell for name, cell in cells.items() if "/" not in name} if split else cells
        # An error is no blank: nothing from above may stand in for it.
        faulty = {n for n, c in cells.items() if spot(c.cell) in page.grid.faults} if page.grid.faults else frozenset()
        cells |= {n: _filled_down(part.fields[n], cells[n], before.get(n)) for n in downs & cells.keys() - faulty}
        before = {name: cell if cell.value != "" else before.get(name, cell) for name, cell in cells.items()}
        own = {n: c for n, c in cells.items() if c.value != "" or n in faulty or n not in inherited}
        whole = {**inherited, **own}
        entry = sink.add(region.part, part.yields, row, address(row, region.header.left), whole, hints)
        if groups:
            groups(sink, page, lexicon, region, row, entry)


def _total(
    sink: Sink, page: Page, region: Region, row: int, columns: Mapping[str, int], labels: Mapping[str, str], words: RowWords
) -> None:  # fmt: skip
    """Keep a row of sums with the entries it may be about."""
    at = summing(page, region, row, words)
    if at < 0:
        return
    cells = {
        name: _cell(page, row, column, labels[name], None, words) for name, column in columns.items() if column != at
    }
    orders = tuple(entry.order for entry in sink.entries if entry.part == region.part)
    settled = len(sink.totals[-1].orders) if sink.totals else 0
    beside = Written(page.grid.at(row, at), address(row, at), "合计")
    sink.totals.append(Total(sink.form, region.part, sink.sheet, orders, settled, cells, beside))


def _cell(page: Page, row: int, column: int, label: str, before: Written | None, words: RowWords) -> Written:
    home = page.home(row, column)
    value = page.grid.at(*home)
    if isinstance(value, str):
        text = clean(value)
        if before is not None and text in words.ditto and before.value != "":
            return Written(before.value, address(row, column), label, "ditto")
        value = value if text else ""
    return Written(value, address(*home), label)


def _filled_down(spec: FieldSpec | None, cell: Written, before: Written | None) -> Written:
    """Let the value above stand for a blank, where the form says so; the blamed cell is the one that holds the value."""
    if spec and spec.fill_down and cell.value == "" and before is not None and before.value != "":
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


def group_entries(sink: Sink, page: Page, lexicon: Lexicon, region: Region, row: int, parent: Entry) -> None:
    """Add an entry for every filled column group (第n次回访) or month-grid cell of a row."""
    if not region.group_part:
        return
    words = lexicon.parts[region.group_part]
    part = words.part
    shared = {name: parent.cells[name] for name in part.inherits if name in parent.cells}
    if part.layout.kind == "month_grid" and "month" in parent.cells:
        shared["month"] = parent.cells["month"]
    told = sorted(words.once & region.columns.keys())  # a set has another order in every process
    once = {name: _plain(page, row, region.columns[name], region) for name in told}
    for number, columns in region.groups:
        own = {name: _plain(page, row, column, region) for name, column in columns.items()}
        if all(cell.value == "" for cell in own.values()) and not any(page.faulty(row, c) for c in columns.values()):
            continue
        if part.layout.kind == "month_grid":
            own["day"] = Written(
                float(number), address(region.header.bottom, next(iter(columns.values()))), str(number), "header"
            )
        anchor = address(row, min(columns.values()))
        sink.add(region.group_part, part.yields, row, anchor, {**shared, **own, **once}, parent.hints)
    if sink.entries[-1] is parent:
        sink.unclaimed += [(parent, cell) for cell in once.values() if cell.value != ""]


def _plain(page: Page, row: int, column: int, region: Region, origin: Origin = "cell") -> Written:
    home = page.home(row, column)
    value = page.grid.at(*home)
    if isinstance(value, str) and not clean(value):
        value = ""
    return Written(value, address(*home), clean(page.value(region.header.bottom, column)), origin)
