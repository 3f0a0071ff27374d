"""Gathers what could not be read: one finding a cell and slip, for the entry that owns the cell."""

from __future__ import annotations

from pipeline.grid import Book
from pipeline.model import Finding, Level
from pipeline.rulebook.rulebook import Rulebook
from pipeline.say import say
from pipeline.values.draft import Draft
from pipeline.values.meant import Slip
from pipeline.values.plain import text_of


class Slips:
    """The findings of one workbook; a cell that many entries share is said once."""

    def __init__(self, book: Book, rules: Rulebook) -> None:
        self._book, self._rules = book, rules
        self._said: dict[tuple[str, str, str, str], tuple[bool, Finding]] = {}

    def add(self, draft: Draft, name: str, slip: Slip, level: Level, *, found: object = None) -> None:
        """Say a slip at the field's cell, unless its owner has said it already."""
        entry = draft.entry
        cell = draft.cells.get(name) or entry.anchor
        place = (entry.sheet, cell, slip.code, name)
        owns = not draft.part.under or name in draft.part.fields or name not in entry.cells
        if place in self._said and (self._said[place][0] or not owns):
            return
        written = entry.cells.get(name)
        shown = text_of(written.value) if written and found is None else found
        finding = say(
            self._rules, slip.code, level, book=self._book.path, sheet=entry.sheet, cell=cell, label=draft.labels.get(name, name),
            found=shown if shown is not None else "", want=slip.want, other=slip.other, order=entry.order,
        )  # fmt: skip
        self._said[place] = (owns, finding)

    def findings(self) -> list[Finding]:
        """Return the findings in the order of their entries."""
        return [finding for _, finding in self._said.values()]
