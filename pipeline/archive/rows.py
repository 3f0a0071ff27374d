"""Rows as the database gave them, and what they say only where somebody looks: a year has two hundred thousand, a page shows a few."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, overload

from sqlalchemy import Connection, Table

from pipeline.archive.books import NOWHERE, Book, cells_of
from pipeline.model import Rowset

LEDGER: Final = ("store", "_form", "_part", "_sheet", "_row", "_cells", "_key", "_submission", "_night")
_PLACE: Final = ("store", "_form", "_part", "_book", "_sheet", "_row", "_cells", "_key", "_submission", "_run", "_received", "_original")  # fmt: skip
_Reader = Callable[[Any], Any]


def stored(
    connection: Connection, table: Table, columns: Sequence[str], raw: list[tuple[Any, ...]], books: Mapping[str, Book]
) -> Rowset:
    """Return rows of a table (these columns, then LEDGER, as the driver gave them), in key order, as columns and their place."""
    key = len(columns) + LEDGER.index("_key")
    raw.sort(key=lambda row: row[key])
    return _Stored((*columns, *_PLACE), _Rows(raw, readers(connection, table, columns), books))


def readers(connection: Connection, table: Table, columns: Sequence[str]) -> tuple[_Reader | None, ...]:
    """Return for each column what makes the driver's value ours (SQLite keeps a day as text), None where it is so already."""
    dialect = connection.dialect
    return tuple(table.c[name].type.dialect_impl(dialect).result_processor(dialect, None) for name in columns)


class _Rows(Sequence[tuple[Any, ...]]):
    """The rows one by one, each made whole when it is asked for."""

    def __init__(
        self, raw: list[tuple[Any, ...]], reads: tuple[_Reader | None, ...], books: Mapping[str, Book]
    ) -> None:
        self.raw, self.reads, self.books = raw, reads, books

    def __len__(self) -> int:
        return len(self.raw)

    @overload
    def __getitem__(self, which: int) -> tuple[Any, ...]: ...
    @overload
    def __getitem__(self, which: slice) -> list[tuple[Any, ...]]: ...
    def __getitem__(self, which: int | slice) -> tuple[Any, ...] | list[tuple[Any, ...]]:
        return (
            [self._whole(row) for row in self.raw[which]] if isinstance(which, slice) else self._whole(self.raw[which])
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]

    def column(self, place: int) -> list[Any]:
        """Return a whole column as it is stored; of its few different values each is read once."""
        found = [row[place] for row in self.raw]
        read = self.reads[place] if place < len(self.reads) else None
        if read is None:
            return found
        meant = {value: read(value) for value in set(found)}
        return [meant[value] for value in found]

    def _whole(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        store, form, part, sheet, number, cells, key, submission, night = row[len(self.reads) :]
        book = self.books.get(submission, NOWHERE)
        values = (value if read is None else read(value) for value, read in zip(row, self.reads, strict=False))
        place = (store, form, part, book.path, sheet, number, cells_of(cells), key, submission, night, book.received, book.original)  # fmt: skip
        return (*values, *place)


@dataclass(frozen=True)
class _Stored(Rowset):
    rows: _Rows

    def column(self, name: str) -> Sequence[Any]:
        values = len(self.rows.reads)
        if name in self.names[:values]:
            return self.rows.column(self.names.index(name))
        if name in LEDGER:
            return self.rows.column(values + LEDGER.index(name))
        return super().column(name)
