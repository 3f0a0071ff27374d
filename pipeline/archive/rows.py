"""Keeps a year's rows by column, as few values as there are, and makes a row of them only where somebody looks.

A year has two hundred thousand rows of which a morning shows a few; in most columns a handful of words stand again and again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from sqlalchemy import Connection, Table
from sqlalchemy.engine.interfaces import DBAPICursor

from pipeline.archive.books import NOWHERE, Book, cells_of
from pipeline.view import Rows, Rowset

LEDGER: Final = ("store", "_form", "_part", "_sheet", "_row", "_cells", "_key", "_submission", "_night")
_PLACE: Final = ("store", "_form", "_part", "_book", "_sheet", "_row", "_cells", "_key", "_submission", "_run", "_received", "_original")  # fmt: skip
_AS_STORED: Final = frozenset(LEDGER) & frozenset(_PLACE) - {
    "_cells"
}  # of a place; the rest is put together row by row
_KEY: Final = LEDGER.index("_key")
_AT_ONCE: Final = 10_000  # rows held twice while they are turned into columns


def stored(
    connection: Connection,
    table: Table,
    names: Sequence[str],
    cursors: Iterable[DBAPICursor],
    books: Mapping[str, Book],
) -> Rowset:
    """Return what the cursors give (these columns of a table, then LEDGER, as the driver has them) as columns and place, by key."""
    columns: list[list[Any]] = [[] for _ in (*names, *LEDGER)]
    meanings: list[_Meanings] = []
    for cursor in cursors:
        kinds = [said[1] for said in cursor.description or ()]
        meanings = meanings or [
            _Meanings(_reader(connection, table, name, kind))
            for name, kind in zip((*names, *LEDGER), kinds, strict=True)
        ]
        while rows := cursor.fetchmany(_AT_ONCE):
            for column, meaning, values in zip(columns, meanings, zip(*rows, strict=True), strict=True):
                column.extend(map(meaning.__getitem__, values))
    return _Stored((*names, *_PLACE), _Rows(_by_key(columns, columns[len(names) + _KEY]), books))


def _reader(connection: Connection, table: Table, name: str, kind: Any) -> Callable[[Any], Any] | None:
    """Return what makes the driver's value (of a kind, as its cursor says) ours (SQLite keeps a day as text), None where it is so already."""
    dialect = connection.dialect
    return table.c[name].type.dialect_impl(dialect).result_processor(dialect, kind)


class _Meanings(dict[Any, Any]):
    """What the values of one column mean, each read once and kept once."""

    def __init__(self, read: Callable[[Any], Any] | None) -> None:
        super().__init__()
        self.read = read

    def __missing__(self, value: Any) -> Any:
        meant = self[value] = value if self.read is None else self.read(value)
        return meant


def _by_key(columns: list[list[Any]], keys: list[str]) -> list[list[Any]]:
    order = sorted(range(len(keys)), key=keys.__getitem__)
    return columns if order == list(range(len(keys))) else [[column[row] for row in order] for column in columns]


class _Rows(Rows):
    """The rows one by one, each put together when it is asked for."""

    def __init__(self, columns: list[list[Any]], books: Mapping[str, Book]) -> None:
        self.columns, self.books = columns, books

    def __len__(self) -> int:
        return len(self.columns[0])

    def row(self, which: int) -> tuple[Any, ...]:
        """Return one row."""
        values = [column[which] for column in self.columns]
        store, form, part, sheet, number, cells, key, submission, night = values[-len(LEDGER) :]
        book = self.books.get(submission, NOWHERE)
        place = (store, form, part, book.path, sheet, number, cells_of(cells), key, submission, night, book.received, book.original)  # fmt: skip
        return (*values[: -len(LEDGER)], *place)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]


@dataclass(frozen=True)
class _Stored(Rowset):
    rows: _Rows

    @cached_property
    def _told(self) -> Mapping[str, Callable[[int], Any]]:
        """What tells one column of a row: of forty a place or a note asks for a few."""
        held = dict(zip((*self.names[: -len(_PLACE)], *LEDGER), self.rows.columns, strict=True))
        cells, came, books = held["_cells"], held["_submission"], self.rows.books
        return {name: column.__getitem__ for name, column in held.items()} | {
            "_run": held["_night"].__getitem__,
            "_cells": lambda which: cells_of(cells[which]),
            "_book": lambda which: books.get(came[which], NOWHERE).path,
            "_received": lambda which: books.get(came[which], NOWHERE).received,
            "_original": lambda which: books.get(came[which], NOWHERE).original,
        }

    def column(self, name: str) -> Sequence[Any]:
        values = self.names[: -len(_PLACE)]
        if name in values:
            return self.rows.columns[values.index(name)]
        if name in _AS_STORED:
            return self.rows.columns[len(values) + LEDGER.index(name)]
        return list(map(self._told[name], range(len(self.rows))))

    def at(self, which: int, *names: str) -> tuple[Any, ...]:
        return tuple(self._told[name](which) for name in names)
