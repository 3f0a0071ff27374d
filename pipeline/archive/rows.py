"""Keeps a year's rows by column, with the place each came from, and makes a row of them only where somebody looks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from sqlalchemy import Connection, Select

from pipeline.archive.books import NOWHERE, Book, cells_of
from pipeline.archive.columns import Columns, read_columns
from pipeline.view import Rowset

LEDGER: Final = ("_form", "_sheet", "_row", "_cells", "_key", "_submission", "_night")
_PLACE: Final = ("store", "_form", "_book", "_sheet", "_row", "_cells", "_key", "_submission", "_run", "_received", "_original")  # fmt: skip
_AS_STORED: Final = frozenset(LEDGER) & frozenset(_PLACE) - {
    "_cells"
}  # of a place; the rest is put together row by row
_KEY: Final = LEDGER.index("_key")


def stored(
    connection: Connection, store: str, names: Sequence[str], queries: Iterable[Select[Any]], books: Mapping[str, Book]
) -> Rowset:
    """Return what the queries give of a store (these columns of a kind, then LEDGER) as columns and place, by key."""
    columns = read_columns(connection, queries) or [[] for _ in (*names, *LEDGER)]
    return _Stored((*names, *_PLACE), _Rows(store, _by_key(columns, columns[len(names) + _KEY]), books))


def _by_key(columns: list[list[Any]], keys: list[str]) -> list[list[Any]]:
    order = sorted(range(len(keys)), key=keys.__getitem__)
    return columns if order == list(range(len(keys))) else [[column[row] for row in order] for column in columns]


class _Rows(Columns):
    """The rows one by one, each put together with its place when it is asked for."""

    def __init__(self, store: str, columns: Sequence[Sequence[Any]], books: Mapping[str, Book]) -> None:
        super().__init__(columns)
        self.store, self.books = store, books

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        return map(self.row, range(len(self)))

    def row(self, which: int) -> tuple[Any, ...]:
        """Return one row."""
        values = super().row(which)
        form, sheet, number, cells, key, submission, night = values[-len(LEDGER) :]
        book = self.books.get(submission, NOWHERE)
        place = (self.store, form, book.path, sheet, number, cells_of(cells), key, submission, night, book.received, book.original)  # fmt: skip
        return (*values[: -len(LEDGER)], *place)


@dataclass(frozen=True)
class _Stored(Rowset):
    rows: _Rows

    @cached_property
    def _told(self) -> Mapping[str, Callable[[int], Any]]:
        """What tells one column of a row: of forty a place or a note asks for a few."""
        held = dict(zip((*self.names[: -len(_PLACE)], *LEDGER), self.rows.columns, strict=True))
        cells, came, books = held["_cells"], held["_submission"], self.rows.books
        return {name: column.__getitem__ for name, column in held.items()} | {
            "store": lambda _: self.rows.store,
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
        told = self._told
        return tuple([told[name](which) for name in names])
