"""What the page of a business day shows, before HTML: plain texts and numbers, nothing to look up any more.

The page says nothing the workbooks do not say: its figures and charts are taken from the reports as they were built.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its label, its value (None = nobody knows, drawn as a gap), the value as text, and whether it stands out."""

    label: str
    value: float | None
    shown: str
    marked: bool = False


@dataclass(frozen=True)
class Bars:
    """One bar chart; `full` is the value a bar of full length stands for, `marked` says what a marked bar means.

    Days stand `upright` side by side; people lie one under another, so that their names can be read.
    """

    title: str
    bars: tuple[Bar, ...]
    full: float
    marked: str = ""
    upright: bool = False

    @property
    def told(self) -> str:
        """The chart in words, for those who cannot see it."""
        return ",".join(f"{bar.label} {bar.shown}{f'({self.marked})' if bar.marked else ''}" for bar in self.bars)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of the day and of the month so far, as text; '' = blank."""

    name: str
    today: str
    month: str


@dataclass(frozen=True, slots=True)
class BookLine:
    """One file of the inbox and what became of it; `copy` is the returned copy's link relative to the page, '' for none.

    `errors` and `warnings` are sentences, the first few; `left_out` counts the rest.
    """

    path: str
    verdict: str  # the code
    word: str  # and how it is called
    reason: str
    forms: tuple[str, ...]
    records: int
    held: int
    errors: tuple[str, ...]
    warnings: tuple[str, ...]
    left_out: int
    copy: str


@dataclass(frozen=True, slots=True)
class Debt:
    """One form one consultant (or the store) is to be pressed for: which days' are missing, how many, for how long, how many in a row.

    `days` counts from the day the oldest fell due; 0 = today.
    """

    who: str
    form: str
    periods: str
    missing: int
    days: int
    streak: int


@dataclass(frozen=True, slots=True)
class Tile:
    """A verdict and how many files got it; `grave` ones ask somebody to act."""

    word: str
    number: int
    grave: bool = False


@dataclass(frozen=True)
class Digest:
    """One store's business day. Links are relative to the page and already quoted."""

    on: date
    day: str  # weekday and type of the day
    store: str
    tiles: tuple[Tile, ...]
    figures: tuple[Figure, ...]
    stock: tuple[tuple[str, str], ...]  # the customers in hand today: name, number
    charts: tuple[Bars, ...]
    back: tuple[BookLine, ...]  # returned, partly taken, or not readable
    aside: tuple[BookLine, ...]  # duplicates, ignored, waiting
    taken: tuple[BookLine, ...]
    records: tuple[tuple[str, int, int, int, int], ...]  # kind, added, amended, withdrawn, held
    debts: tuple[Debt, ...]
    ledgers: tuple[tuple[str, str, int], ...]  # sheet of 其他台账 with something overdue, the workbook's link, how many
    warnings: tuple[str, ...]
    workbooks: tuple[tuple[str, str], ...]  # name, link
    to_fill: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]  # folder, and per consultant: name, link
