"""Makes the cells of a sheet's tables, each value of a column once: a register of ten thousand rows knows a few names, days and marks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from pipeline.ink.inks import Inked, cell_format, inked, lines, tone
from pipeline.ink.letters import looks_like_formula
from pipeline.ink.links import to_original, to_sheet
from pipeline.ink.paper import Format, Paper
from pipeline.ink.rows import Cell, Link, RowSheet, link_to
from pipeline.report import Column, Lead, Source

_LINKS = 60_000  # Excel opens no more than 65,530 links on a sheet


class Made(NamedTuple):
    """A value as it is laid in a row: its cell, the lines it takes there (0 for what is no text), where it leads."""

    cell: Cell
    lines: int
    link: Link | None


class Known(dict[tuple[type, Any], Made]):
    """What the values of one column were made: by type and value, because True is no 1."""

    def __init__(self, make: Callable[[Any], Made]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, value: tuple[type, Any]) -> Made:
        made = self[value] = self._make(value[1])
        return made


class Cells:
    """Makes and lays the cells of one sheet, and counts its links."""

    def __init__(
        self, paper: Paper, sheet: RowSheet, link: Callable[[Source], str] | None, names: Mapping[str, str]
    ) -> None:
        self._paper, self._sheet, self._link, self._names = paper, sheet, link, names
        self._links = 0
        self._looks: dict[tuple[object, ...], Format] = {}

    def known(self, columns: Sequence[Column], widths: Sequence[float], *, total: bool = False) -> list[Known]:
        """Return what is known of the values of each column: nothing yet."""
        return [Known(partial(self._make, column, wide, total)) for column, wide in zip(columns, widths, strict=False)]

    def lay(self, row: int, values: Sequence[Any], columns: Sequence[Known]) -> int:
        """Lay a row of a table, blank where it is short; return the lines of its deepest cell."""
        whole = values if len(values) >= len(columns) else (*values, *[None] * (len(columns) - len(values)))
        made = [known[value.__class__, value] for known, value in zip(columns, whole, strict=False)]
        cells, deep, links = zip(*made, strict=True)
        leading = {column: link for column, link in enumerate(links) if link} if any(links) else {}
        self._sheet.lay(row, cells, len(deep) - deep.count(0), leading)
        self._links += len(leading)
        if leading and self._links >= _LINKS:
            for known in columns:  # made again, they lead nowhere
                known.clear()
        deepest: int = max(deep)
        return deepest

    def _make(self, column: Column, wide: float, total: bool, value: object) -> Made:
        held = inked(value, column.ink)
        target, tip = self._target(value, column)
        look = self._look(column, held, total=total, linked=bool(target))
        said = held if isinstance(held, str) else ""
        return Made(
            self._sheet.cell(held, look),
            lines(said, wide) if said else 0,
            link_to(target, said, "" if said else tip) if target else None,
        )

    def _look(self, column: Column, cell: Inked, *, total: bool, linked: bool) -> Format:
        """Return the cell's format, mixed once for each kind of cell: a long table has few kinds."""
        worded = isinstance(cell, str)
        quoted = isinstance(cell, str) and looks_like_formula(cell)
        mark = tone(cell, column.ink)
        kind = (column.ink, column.heat, worded, quoted, total, mark, linked)
        if kind not in self._looks:
            self._looks[kind] = cell_format(
                self._paper,
                column.ink,
                worded=worded,
                quoted=quoted,
                total=total,
                heat=column.heat,
                mark=mark,
                linked=linked,
            )
        return self._looks[kind]

    def _target(self, value: object, column: Column) -> tuple[str, str]:
        """Return where a cell leads and what its tip says; ('', '') if nowhere. A figure of nothing has no list."""
        if self._links >= _LINKS:
            return "", ""
        if isinstance(value, Source) and self._link is not None:
            return to_original(value, self._link(value)), ""
        if isinstance(value, Lead):
            return to_sheet(value.to, self._names), ""
        if column.to is not None and isinstance(value, (int, float)) and value:
            return to_sheet(column.to, self._names), f"看明细:{column.to}"
        return "", ""
