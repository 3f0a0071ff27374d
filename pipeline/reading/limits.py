"""How much a workbook may be before it is refused, each limit with its reason; real forms stay a hundred times below."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.grid import Span, Spot, Value

MEGABYTE = 1 << 20

# A form full of phone pictures is 20 MB; what is larger would fill the archive, which keeps every hand-in.
FILE_BYTES = 64 * MEGABYTE
# A workbook of 300 sheets with drawings has about 1,500 parts; listing more only costs time.
PARTS = 4_000
# The reader holds a part whole, and ours beside it: two of these must fit into the worker's memory.
PART_BYTES = 64 * MEGABYTE
# All parts that are read, together.
READ_BYTES = 160 * MEGABYTE
# All parts as the directory states them, pictures included: what a program that unpacks everything would write.
UNPACKED_BYTES = 512 * MEGABYTE
# Repetitive rows pack 120 to 1 (measured on public workbooks); deflate ends near 1,030 to 1, where only bombs are.
RATIO = 500
RATIO_FROM_BYTES = 4 * MEGABYTE
# The reader allocates the rectangle up to the last filled cell, 32 bytes a cell: 2 million are 64 MB and a second.
CELLS = 2_000_000
# Every sheet is a grid of its own; a year of one sheet per day is 366.
SHEETS = 1_000
# A card sheet has 200 merges; each is looked up when labels are searched.
MERGES = 20_000
# A merge over whole columns is cut to the filled area, so that nobody walks its million cells.
MERGE_CELLS = 50_000


@dataclass(frozen=True, slots=True)
class PlainSheet:
    """What a file without a reader of its own says: the rows of its one sheet, merges, notes."""

    rows: list[list[Value]]
    merges: tuple[Span, ...] = ()
    notes: Mapping[Spot, str] = field(default_factory=dict)


class RefusedError(Exception):
    """The bytes are not read: a `book.*` code of the wording, and the detail for its sentence; never leaves the reader."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason} {detail}".strip())
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Marks:
    """What the fast reader does not tell of a sheet: see `Grid`; merges are None where it tells them.

    Hidden rows and columns are (first, last), 0-based, and may reach beyond what is filled.
    """

    faults: Mapping[Spot, str] = field(default_factory=dict)
    merges: tuple[Span, ...] | None = None
    hidden_rows: tuple[tuple[int, int], ...] = ()
    hidden_columns: tuple[tuple[int, int], ...] = ()
    notes: Mapping[Spot, str] = field(default_factory=dict)


def sized(count: int) -> str:
    """Return bytes as people say them.

    >>> sized(70 * MEGABYTE)
    '70 MB'
    """
    return f"{count / MEGABYTE:.0f} MB"
