"""Cells with addresses: a sheet as it stands, before anyone says what it means.

Rows and columns are 0-based inside, and A1-style (`E7`) wherever a person may see them. A blank cell is `""`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property, lru_cache
from typing import TypeAlias

Value: TypeAlias = str | float | int | bool | date | datetime | time | timedelta
Spot: TypeAlias = tuple[int, int]


@lru_cache(
    maxsize=16384
)  # a night's sheets name the same few thousand cells: one text each, however many records hold it
def address(row: int, column: int) -> str:
    """Return the A1-style name of a 0-based cell.

    >>> address(6, 4), address(0, 26)
    ('E7', 'AA1')
    """
    return f"{letters_of(column)}{row + 1}"


@lru_cache(maxsize=1024)
def letters_of(column: int) -> str:
    """Return the letters of a 0-based column."""
    letters = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def spot(name: str) -> Spot:
    """Return the 0-based row and column of an A1-style name.

    >>> spot("AA1")
    (0, 26)
    """
    letters = name.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return int(name[len(letters) :]) - 1, column - 1


@dataclass(frozen=True, slots=True)
class Span:
    """A rectangle of cells, 0-based, both ends included: a merge, or the place of a table."""

    top: int
    left: int
    bottom: int
    right: int

    def holds(self, row: int, column: int) -> bool:
        """Say whether the cell lies inside."""
        return self.top <= row <= self.bottom and self.left <= column <= self.right


@dataclass(frozen=True)
class Grid:
    """One sheet: its values by row, its merges, whether staff see it, cells whose value cannot be trusted, and what is hidden on it.

    `faults` maps a cell to the error it shows (`#N/A`, which the fast reader takes for blank), `picture` (one lying in
    the cell) or `uncached` (a formula saved without its value). All read as blank in `rows`.
    `hidden_rows` and `hidden_columns` are read like all others; `notes` maps a cell to the note that hangs on it, ours left out.
    """

    sheet: str
    rows: Sequence[Sequence[Value]]
    merges: tuple[Span, ...] = ()
    visible: bool = True
    faults: Mapping[Spot, str] = field(default_factory=dict)
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    notes: Mapping[Spot, str] = field(default_factory=dict)

    @property
    def height(self) -> int:
        """The number of rows, blank ones above and between included."""
        return len(self.rows)

    @cached_property
    def width(self) -> int:
        """The number of columns of the widest row."""
        return max(map(len, self.rows), default=0)

    def at(self, row: int, column: int) -> Value:
        """Return the value of a cell; beyond the edge everything is blank."""
        if 0 <= row < len(self.rows) and 0 <= column < len(self.rows[row]):
            return self.rows[row][column]
        return ""


@dataclass(frozen=True)
class Book:
    """One workbook: its path below the inbox (posix), its bytes' SHA-256, when it was received, its sheets.

    `received` is the file's modification time, naive local time to the microsecond: with the hash it orders hand-ins, so a night fed at
    once and the same files fed night by night agree. `epoch_1904` tells how bare date serials count.
    `stamp` is the form and version that our own blanks carry on a hidden sheet, or ''.
    """

    path: str
    sha256: str
    received: datetime
    grids: tuple[Grid, ...]
    epoch_1904: bool = False
    stamp: str = ""

    @property
    def name(self) -> str:
        """The file's own name."""
        return self.path.rsplit("/", 1)[-1]


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A workbook that could not be read: the reason's code in `wording.yaml`, a detail for the sentence, and for the log the
    traceback of what nobody foresaw.
    """

    path: str
    sha256: str
    received: datetime
    reason: str
    detail: str = ""
    trace: str = ""
