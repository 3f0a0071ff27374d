"""Reads what the database answers column by column, each of a column's few values made ours once and kept once.

A year has two hundred thousand rows of which a morning shows a few; in most columns a handful of words stand again and again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, TypeAlias

from sqlalchemy import Connection, Select

from pipeline.view import Rows, Rowset

_Ours: TypeAlias = Callable[[Iterable[Any]], Iterable[Any]]
_AT_ONCE: Final = 10_000  # rows held twice while they are turned into columns


def read_columns(connection: Connection, queries: Iterable[Select[Any]]) -> list[list[Any]]:
    """Return the columns of what these queries give, one below the other; all ask for the same columns."""
    columns: list[list[Any]] = []
    ours: list[_Ours] = []
    for query in queries:
        # The driver's own cursor: most rows are counted and few are shown, so none is made whole here.
        cursor = connection.execute(query).cursor
        asked = query.selected_columns
        columns = columns or [[] for _ in asked]
        ours = ours or [
            _ours(column.type.dialect_impl(connection.dialect).result_processor(connection.dialect, said[1]))
            for column, said in zip(asked, cursor.description, strict=True)
        ]
        while rows := cursor.fetchmany(_AT_ONCE):
            for column, made, values in zip(columns, ours, zip(*rows, strict=True), strict=True):
                column.extend(made(values))
    return columns


def _ours(read: Callable[[Any], Any] | None) -> _Ours:
    """Return what makes the driver's values ours (SQLite keeps a day as text); `read` is None where they are so already."""
    if read is None:
        known: dict[Any, Any] = {}
        return lambda values: map(known.setdefault, values, values)  # without a call of ours, most keys being new
    return partial(map, _Meanings(read).__getitem__)


class _Meanings(dict[Any, Any]):
    """What the values of one column mean, each read once."""

    def __init__(self, read: Callable[[Any], Any]) -> None:
        super().__init__()
        self.read = read

    def __missing__(self, value: Any) -> Any:
        meant = self[value] = self.read(value)
        return meant


class Columns(Rows):
    """Rows held as columns, each put together when it is asked for."""

    def __init__(self, columns: Sequence[Sequence[Any]]) -> None:
        self.columns = columns

    def __len__(self) -> int:
        return len(self.columns[0])

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        return zip(*self.columns, strict=True)

    def row(self, which: int) -> tuple[Any, ...]:
        """Return one row."""
        return tuple([column[which] for column in self.columns])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]


@dataclass(frozen=True)
class Columned(Rowset):
    """A rowset held as columns."""

    rows: Columns

    def column(self, name: str) -> Sequence[Any]:
        """Return one column, as it is held."""
        return self.rows.columns[self.names.index(name)]

    def at(self, which: int, *names: str) -> tuple[Any, ...]:
        """Return what one row says in these columns."""
        return tuple(self.column(name)[which] for name in names)
