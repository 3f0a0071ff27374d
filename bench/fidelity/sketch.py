"""A workbook in somebody's mind: what stands where, what it means, and not yet how it is spelt."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeAlias

from pipeline.demo.spelling import Cell

Values: TypeAlias = Mapping[str, Any]
"""Field → what is meant (`2026-11-05`, `'09:30'`, `True`, a code), or an Ink where the spelling is settled; `planned_on@2` is in group 2."""


@dataclass(frozen=True, slots=True)
class Ink:
    """A cell as it will stand. With a `formula` the value is what the program cached, None = nothing; `fault` makes it an error cell."""

    value: Cell
    formula: str = ""
    fault: bool = False


@dataclass(frozen=True)
class Truth:
    """One record that must come out: every column of its kind; `asks` are the fields nobody could decide, where only a finding is right."""

    kind: str
    values: Values
    suffix: str = ""  # '@2' = it stands in group 2 of its line
    asks: frozenset[str] = frozenset()
    may: frozenset[str] = frozenset()  # fields where a question is as good as the answer
    waits: bool = False  # a cell it hangs on is in doubt: it may be held, with the rest of its values right


@dataclass(frozen=True)
class Line:
    """A row of a list or a card's head: what stands in it and what it means; `raw` is a row that is no record."""

    cells: Values = field(default_factory=dict)
    truths: tuple[Truth, ...] = ()
    raw: tuple[Cell, ...] = ()
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """One label and the field below or beside it; `over` are the labels above it, top first."""

    field: str
    label: str
    over: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """A list: header and rows; `again` are the rows before which the header is printed once more."""

    part: str
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    heading: str = ""
    again: tuple[int, ...] = ()


@dataclass(frozen=True)
class Card:
    """A card: label and value pairs, and the list below it."""

    part: str
    pairs: tuple[Column, ...]
    line: Line
    title: str = ""
    table: Table | None = None


@dataclass(frozen=True)
class Look:
    """How things are laid out: where labels have their values, how far from the edge, how many cards side by side."""

    above: Literal["beside", "inside", "one_cell", "far", "parts", "under", "none"] = "beside"
    cards: Literal["across", "inside", "under"] = "across"
    pairs: int = 2
    left: int = 0
    top: int = 0
    abreast: int = 1
    titles: int = 1  # how often the title stands, side by side
    gap: int = 1  # blank rows between tables
    hidden_columns: tuple[int, ...] = ()
    hidden: bool = False  # the whole sheet
    notes: bool = False
    picture: bool = False
    painted: int = 0  # rows below the last that carry borders and nothing else
    under: bool = False  # on the sheet before, below what stands there
    beside: bool = False  # tables side by side


@dataclass(frozen=True)
class Sketch:
    """One sheet: title, what stands above, tables or cards, what stands at the foot."""

    name: str
    title: str = ""
    above: tuple[Column, ...] = ()
    said: Values = field(default_factory=dict)
    tables: tuple[Table, ...] = ()
    cards: tuple[Card, ...] = ()
    head: tuple[tuple[Cell, ...], ...] = ()  # rows before the table that say nothing
    foot: tuple[tuple[Cell, ...], ...] = ()
    unwritten: tuple[Line, ...] = ()  # what must be said of the sheet as a whole
    look: Look = Look()

    def lines(self) -> Iterator[Line]:
        """Yield every line of the sheet, a card's head before its list."""
        for table in self.tables:
            yield from table.lines
        for card in self.cards:
            yield card.line
            yield from card.table.lines if card.table else ()
        yield from self.unwritten

    def relined(self, change: Callable[[Line, str], Line]) -> Sketch:
        """Return the sheet with every line changed; `change` gets the line and its part."""
        return replace(
            self,
            tables=tuple(_relined(table, change) for table in self.tables),
            cards=tuple(
                replace(card, line=change(card.line, card.part), table=card.table and _relined(card.table, change))
                for card in self.cards
            ),
        )

    def retabled(self, change: Callable[[Table], Table]) -> Sketch:
        """Return the sheet with every list changed, those below cards too."""
        return replace(
            self,
            tables=tuple(map(change, self.tables)),
            cards=tuple(replace(card, table=card.table and change(card.table)) for card in self.cards),
        )

    def looking(self, **look: Any) -> Sketch:
        """Return the sheet laid out otherwise."""
        return replace(self, look=replace(self.look, **look))


@dataclass(frozen=True)
class Paper:
    """A workbook: its sheets and the program that saves it."""

    form: str
    sketches: tuple[Sketch, ...]
    path: str = "李明/表.xlsx"
    saved_by: str = "xlsxwriter"
    epoch_1904: bool = False

    def changed(self, change: Callable[[Sketch], Sketch]) -> Paper:
        """Return the workbook with every sheet changed."""
        return replace(self, sketches=tuple(map(change, self.sketches)))


def _relined(table: Table, change: Callable[[Line, str], Line]) -> Table:
    return replace(table, lines=tuple(change(line, table.part) for line in table.lines))


def asking(line: Line, name: str, *, head: bool = False, may: bool = False) -> Line:
    """Return the line with this cell in doubt: every record that holds the cell asks, or may ask, and what hangs on them waits.

    `head` = it is the cell of a card above the line.
    """
    base, _, number = name.partition("@")

    def asks(truth: Truth) -> Truth:
        if number and truth.suffix != f"@{number}":
            return truth
        own = base in truth.values and (number or f"{name}{truth.suffix}" not in line.cells or not truth.suffix)
        named = frozenset({base}) if own and not (head and name in line.cells) else frozenset()
        if may:
            return replace(truth, may=truth.may | named, waits=True)
        return replace(truth, asks=truth.asks | named, waits=True)

    return replace(line, truths=tuple(map(asks, line.truths)))
