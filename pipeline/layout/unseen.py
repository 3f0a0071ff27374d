"""Finds what the eye does not see on a sheet that was read: hidden rows and columns that were read all the same, notes that were not.

A filter left on hides customers without anybody meaning it, so hidden lines are read like all others, and named once a sheet. A note is talk
about a cell and no value of it: nothing is taken from notes, but one that hangs on a blank cell of the table is told, for there somebody may
have written what belongs into the cell.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from pipeline.grid import Spot, address, spot
from pipeline.layout.page import Page
from pipeline.model import Entry, Region
from pipeline.text import clean


def hidden_lines(page: Page, entries: Sequence[Entry]) -> tuple[list[int], list[int]]:
    """Return the hidden rows and the hidden columns, 0-based, from which these entries took something."""
    grid = page.grid
    if not entries or not (grid.hidden_rows or grid.hidden_columns):
        return [], []
    taken = {
        place
        for entry in entries
        for written in entry.cells.values()
        if written.origin != "header" and (written.value != "" or grid.faults)
        for place in (spot(written.cell),)
        if written.value != "" or page.faulty(*place)
    }
    return sorted(grid.hidden_rows & {row for row, _ in taken}), sorted(grid.hidden_columns & {c for _, c in taken})


def blank_noted(page: Page, regions: Sequence[Region]) -> Iterator[tuple[Spot, str, str]]:
    """Yield (cell, label, note) of every blank cell of a table or card that carries a note."""
    if not page.grid.notes:
        return
    labels = {place: label for region in regions for place, label in _places(page, region)}
    for place, note in sorted(page.grid.notes.items()):
        if place in labels and page.value(*place) == "" and not page.faulty(*page.home(*place)):
            yield place, labels[place], note


def _places(page: Page, region: Region) -> Iterator[tuple[Spot, str]]:
    """Yield the noted cells of a region that are a field's, each with the label it stands under."""
    yield from ((said.spot, said.label) for said in region.said.values())
    columns = {*region.columns.values(), *(column for places in region.choices.values() for column, _ in places)}
    columns |= {column for _, group in region.groups for column in group.values()}
    for row, column in page.grid.notes:
        if column in columns and region.body.holds(row, column):
            yield (row, column), clean(page.value(region.header.bottom, column))


def lines(numbers: Iterable[int]) -> str:
    """Return rows as people count them, neighbours together.

    >>> lines([4, 6, 7, 8])
    '5、7-9'
    """
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return "、".join(f"{run[0] + 1}" if len(run) == 1 else f"{run[0] + 1}-{run[-1] + 1}" for run in runs)


def letters(numbers: Iterable[int]) -> str:
    """Return columns by their letters.

    >>> letters([5, 26])
    'F、AA'
    """
    return "、".join(address(0, number)[:-1] for number in numbers)
