"""What a mess is: a change of a clean workbook into one as people hand it in, with what must still come out; and how cells are respelt."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any, TypeAlias

from bench.fidelity.sketch import Ink, Line, Paper, Sketch, Table, Truth, asking
from bench.fidelity.spell import PLANNED, Pen
from pipeline.demo.spelling import Cell

Change: TypeAlias = Callable[[Paper, Random, Pen], Paper | None]
"""A pure function of a workbook and a seed; None where the form has nothing of the kind."""


@dataclass(frozen=True, slots=True)
class Mess:
    """One way of making a mess; `row` is the row of the table it counts in."""

    row: str
    way: str
    change: Change


@dataclass(frozen=True, slots=True)
class Told:
    """A cell respelt, and what it now means: another value, other fields along with it, or a question."""

    cell: Cell | Ink
    value: Any = ...
    also: Mapping[str, Any] = field(default_factory=dict)
    asks: bool = False
    may: bool = False  # a question here is as good as the value


Way: TypeAlias = Callable[[Any, Random], "Cell | Ink | Told | None"]
"""How one hand spells a value; None where it does not write it this way."""


def respelt(
    row: str, kinds: str, ways: Mapping[str, Way], *, one: bool = False, fields: Collection[str] = ()
) -> list[Mess]:
    """Return a mess a way, each respelling every cell of these kinds (`is:`); `one` respells a single cell a workbook."""
    return [
        Mess(row, name, _Respelling(frozenset(kinds.split()), way, one, frozenset(fields)))
        for name, way in ways.items()
    ]


@dataclass(frozen=True)
class _Respelling:
    kinds: frozenset[str]
    way: Way
    one: bool
    fields: frozenset[str]

    def __call__(self, paper: Paper, rng: Random, pen: Pen) -> Paper | None:
        """Return the workbook with the cells respelt."""
        tolds = {
            (id(line), name): told
            for sketch in paper.sketches
            for line, part, names in _written(sketch)
            for name in names
            if (told := self._told(line, part, name, rng, pen))
        }
        if self.one and tolds:
            place = rng.choice(list(tolds))
            tolds = {place: tolds[place]}
        said = (
            {}
            if self.one
            else {
                name: cell
                for sketch in paper.sketches
                for name in sketch.said
                if (cell := self._above(sketch.said[name], name, rng, pen)) is not None
            }
        )
        if not tolds and not said:
            return None
        return paper.changed(
            lambda sketch: replace(
                retold(sketch, tolds),
                said=dict(sketch.said) | {name: said[name] for name in sketch.said if name in said},
            )
        )

    def _told(self, line: Line, part: str, name: str, rng: Random, pen: Pen) -> Told | None:
        value = line.cells.get(name)
        if value is None or value == PLANNED or isinstance(value, Ink) or pen.is_(part, name) not in self.kinds:
            return None
        if self.fields and name.partition("@")[0] not in self.fields:
            return None
        told = self.way(value, rng)
        return told if told is None or isinstance(told, Told) else Told(told)

    def _above(self, value: Any, name: str, rng: Random, pen: Pen) -> Ink | None:
        """Return a value above the list respelt, where that changes nothing of what it means."""
        spec = pen.form.above.get(name)
        if spec is None or spec.is_ not in self.kinds or value is None or isinstance(value, Ink):
            return None
        told = self.way(value, rng)
        if isinstance(told, Told):
            if told.asks or told.may or told.value is not ...:
                return None
            told = told.cell
        return told if told is None or isinstance(told, Ink) else Ink(told)


def _written(sketch: Sketch) -> Iterator[tuple[Line, str, tuple[str, ...]]]:
    """Yield every line with its part and the fields that have a place on the sheet."""
    for table in sketch.tables:
        yield from ((line, table.part, tuple(column.field for column in table.columns)) for line in table.lines)
    for card in sketch.cards:
        yield card.line, card.part, tuple(pair.field for pair in card.pairs)
        if card.table:
            yield from (
                (line, card.table.part, tuple(c.field for c in card.table.columns)) for line in card.table.lines
            )


Tolds: TypeAlias = Mapping[tuple[int, str], Told]


def retold(sketch: Sketch, tolds: Tolds) -> Sketch:
    """Return the sheet with these cells respelt, and with what its records must now say; a card's head speaks for its list too."""

    def change(line: Line, at: int, *, head: bool) -> Line:
        for (_, name), told in ((place, told) for place, told in tolds.items() if place[0] == at):
            line = _retold(line, name, told, head=head)
        return line

    def listed(table: Table | None, head: Line | None) -> Table | None:
        if table is None:
            return None
        lines = (change(line, id(line), head=False) for line in table.lines)
        if head is not None:
            lines = (change(line, id(head), head=True) for line in lines)
        return replace(table, lines=tuple(lines))

    return replace(
        sketch,
        tables=tuple(table for each in sketch.tables if (table := listed(each, None))),
        cards=tuple(
            replace(card, line=change(card.line, id(card.line), head=False), table=listed(card.table, card.line))
            for card in sketch.cards
        ),
    )


def _retold(line: Line, name: str, told: Told, *, head: bool) -> Line:
    ink = told.cell if isinstance(told.cell, Ink) else Ink(told.cell)
    changed = line if head else replace(line, cells=dict(line.cells) | {name: ink})
    base = name.partition("@")[0]
    meant = ({base: told.value} if told.value is not ... else {}) | dict(told.also)
    if meant and not (head and name in line.cells):
        changed = replace(changed, truths=tuple(_meant(truth, name, meant) for truth in changed.truths))
    return asking(changed, name, head=head, may=told.may) if told.asks or told.may else changed


def _meant(truth: Truth, name: str, meant: Mapping[str, Any]) -> Truth:
    suffix = name[len(name.partition("@")[0]) :]
    if suffix and suffix != truth.suffix:
        return truth
    return replace(
        truth,
        values=dict(truth.values) | {field: value for field, value in meant.items() if _holds(truth, field, name)},
    )


def _holds(truth: Truth, field: str, name: str) -> bool:
    """Say whether the record takes this field from the cell: one that is blank there (no 战败原因 of its own) does not."""
    return field in truth.values and (truth.values[field] is not None or field != name.partition("@")[0])
