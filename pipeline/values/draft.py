"""A record in the making: values, cells and labels by field, and which fields could not be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from pipeline.grid import Value
from pipeline.model import Entry, Written
from pipeline.rulebook.form import Part
from pipeline.values.meant import Meant
from pipeline.values.plain import half_width
from pipeline.values.shape import Shape

_OWN = ("cell", "ditto")


@dataclass(slots=True)
class Draft:
    """A record in the making. `coarse` names times known to the hour only; `planned` says that a month-grid cell holds a plan's mark.

    `none` names the fields whose cell says that there is nothing to say.
    """

    entry: Entry
    shape: Shape
    values: dict[str, Any] = field(default_factory=dict)
    cells: dict[str, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)
    coarse: set[str] = field(default_factory=set)
    planned: bool = False
    none: list[str] = field(default_factory=list)

    def place(self, name: str, written: Written, label: str) -> None:
        """Note where a field stands; a blank cell does not take the place of the range that has filled it already."""
        if written.value == "" and (name in self.unread or self.values.get(name) is not None):
            return
        self.values.setdefault(name, None)
        self.cells[name], self.labels[name] = written.cell, label

    def put(self, name: str, found: Meant, written: Written) -> None:
        """Take over what a cell means; what it says of other fields fills only those that have nothing of their own."""
        self.values[name] = found.value if found.value is not None else self.values.get(name)
        for other, value in found.also:
            if value is None or self.values.get(other) is not None or self._speaks(other):
                continue
            self.values[other] = value
            self.cells[other], self.labels[other] = written.cell, self.labels[name]

    def lose(self, name: str, into: Sequence[str]) -> None:
        """Leave a field blank, and those it would have filled: what it said could not be read."""
        for each in (name, *(other for other in into if not self._speaks(other))):
            self.values[each] = None
            self.unread.add(each)
            self.cells.setdefault(each, self.cells.get(name, self.entry.anchor))
            self.labels.setdefault(each, self.labels.get(name, name))

    @property
    def part(self) -> Part:
        """The part of the form the entry belongs to."""
        return self.shape.part

    @property
    def says(self) -> bool:
        """Say whether any cell of the entry's own holds something; what stands above or is printed beforehand does not count."""
        fields = self.part.fields
        return any(
            written.value != "" and written.origin in _OWN and not (name in fields and fields[name].prefilled)
            for name, written in self.entry.cells.items()
        )

    def marked(self, value: Value, marks: Sequence[str]) -> Value:
        """Return a month-grid cell without its plan mark (`*`, `*A`), and remember the mark."""
        if not isinstance(value, str):
            return value
        text = half_width(value)
        for mark in marks:
            if text.startswith(mark) or text.endswith(mark):
                self.planned = True
                return text.removeprefix(mark).removesuffix(mark).strip()
        return value

    def _speaks(self, name: str) -> bool:
        """Say whether a field has a filled cell of its own."""
        own = self.entry.cells.get(name)
        return own is not None and own.value != ""
