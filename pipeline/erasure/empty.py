"""A workbook without certain persons: their rows and cards blank, everybody else's cells where they were.

row of theirs          every cell of the row, but for those in which another record stands too (a date written once for all)
card of theirs alone   the whole card; a sheet of theirs alone, the whole sheet
elsewhere              their number in another's note goes, the note stays
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from pipeline.erasure.wanted import GONE, Wanted
from pipeline.grid import Book, Grid, Span, Spot, Value, address, spot
from pipeline.model import Record, Submission
from pipeline.rulebook.rulebook import Rulebook

_Spots: TypeAlias = set[Spot]


@dataclass(frozen=True)
class Emptied:
    """What is left of a workbook: the sheets, which cells went (sheet as it was called, A1), new sheet names by old."""

    book: Book
    cells: frozenset[tuple[str, str]]
    sheets: Mapping[str, str]


def holds(book: Book, wanted: Wanted) -> bool:
    """Say whether anything of theirs stands in a workbook, without knowing its form."""
    called = wanted.names_alone
    return any(
        wanted.within(text) or text.strip() in called
        for grid in book.grids
        for text in (grid.sheet, *grid.notes.values(), *(text_of(value) for row in grid.rows for value in row))
        if text
    )


def empty(
    book: Book, read: Submission, wanted: Wanted, rules: Rulebook, only: Collection[int] | None = None
) -> Emptied:
    """Return the workbook without them; `read` is what it was read as, held records included.

    `only` names their records by order, where the same person's newer ones stay.
    """
    grids: list[Grid] = []
    gone: set[tuple[str, str]] = set()
    sheets: dict[str, str] = {}
    for grid in book.grids:
        records = [record for record in (*read.records, *read.held) if record.sheet == grid.sheet]
        mine = [r for r in records if (_theirs(r, grid, wanted, rules) if only is None else r.order in only)]
        bodies = [r.body for match in read.matches if match.sheet == grid.sheet for r in match.regions]
        spots = _spots(grid, mine, [record for record in records if record not in mine], bodies)
        spots |= _personal(grid, records, wanted, rules) if records else _rows(grid, wanted)
        name = wanted.nameless(grid.sheet) if mine else wanted.without(grid.sheet)
        if name != grid.sheet:
            sheets[grid.sheet] = f"已删{len(sheets) + 1}"
        gone |= {(grid.sheet, address(*place)) for place in spots}
        grids.append(_without(replace(grid, sheet=sheets.get(grid.sheet, grid.sheet)), spots, wanted))
    return Emptied(replace(book, grids=tuple(grids)), frozenset(gone), sheets)


def text_of(value: Value) -> str:
    """Return what a cell shows; a phone typed as a number has its digits."""
    return f"{value:.0f}" if isinstance(value, float) and value.is_integer() else str(value)


def _theirs(record: Record, grid: Grid, wanted: Wanted, rules: Rulebook) -> bool:
    if not rules.about_person(record.kind):
        return False
    name, place = str(record.values.get("customer_name") or ""), record.cells.get("phone", "")
    written = text_of(grid.at(*spot(place))) if place else ""
    if not record.values.get("phone") and any(map(str.isdigit, written)):
        return wanted.mistyped(name, written)
    return wanted.theirs(record.values)


def _spots(grid: Grid, mine: Sequence[Record], others: Sequence[Record], bodies: Sequence[Span]) -> _Spots:
    own, kept = _cells(mine), _cells(others)
    if mine and not others:
        return _filled(grid, range(grid.height))
    spots = _filled(grid, {row for row, _ in own - kept}) - kept  # a date above the table is everybody's
    for body in bodies:
        held = [place for place in own if body.holds(*place)]
        if held and not any(body.holds(*place) for place in kept):
            spots |= {place for place in _filled(grid, range(body.top, body.bottom + 1)) if body.holds(*place)}
    return spots


def _personal(grid: Grid, records: Iterable[Record], wanted: Wanted, rules: Rulebook) -> _Spots:
    """Return where records about something else (a parking space, a loan) say who they are."""
    found: _Spots = set()
    for record in records:
        columns = rules.personal(record.kind)
        if not rules.about_person(record.kind) and any(wanted.within(str(record.values.get(n) or "")) for n in columns):
            found |= {spot(record.cells[name]) for name in columns if record.cells.get(name)}
    return {place for place in found if grid.at(*place) != ""}


def _rows(grid: Grid, wanted: Wanted) -> _Spots:
    """Return the rows that hold a number of theirs on a sheet nobody could read as a form."""
    rows = {row for row, values in enumerate(grid.rows) if any(wanted.within(text_of(value)) for value in values)}
    return _filled(grid, rows)


def _cells(records: Iterable[Record]) -> _Spots:
    return {spot(cell) for record in records for cell in record.cells.values() if cell}


def _filled(grid: Grid, rows: Iterable[int]) -> _Spots:
    return {(row, column) for row in rows for column in range(grid.width) if grid.at(row, column) != ""}


def _without(grid: Grid, spots: _Spots, wanted: Wanted) -> Grid:
    rows = [
        ["" if (row, column) in spots else _cleaned(value, wanted) for column, value in enumerate(values)]
        for row, values in enumerate(grid.rows)
    ]
    rest = {place: wanted.without(note) for place, note in grid.notes.items() if place not in spots}
    faults = {place: fault for place, fault in grid.faults.items() if place not in spots}
    return replace(grid, rows=rows, notes=rest, faults=faults)


def _cleaned(value: Value, wanted: Wanted) -> Value:
    said = text_of(value)
    if value == "" or not wanted.within(said):
        return value
    left = wanted.without(said) if isinstance(value, str) else ""
    return "" if left == GONE else left
