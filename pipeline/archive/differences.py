"""What stands differently since the last run of an earlier business day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, Table, exists, select

from pipeline.archive.books import NOWHERE, Book, cells_of
from pipeline.archive.commit import chunks
from pipeline.archive.tables import Tables
from pipeline.rulebook.rulebook import Rulebook
from pipeline.view import Rowset

NAMES = ("act", "kind", "key", "values", "previous", "book", "sheet", "row", "cells", "received", "on", "fulfilled", "original")  # fmt: skip


def differences(
    connection: Connection, tables: Tables, rules: Rulebook, kinds: Iterable[str], books: Mapping[str, Book], store: str, before: date, on: date
) -> Rowset:  # fmt: skip
    """Return records of these kinds that stood differently on the run before: old state against new, however many versions lie between."""
    found = (
        change
        for kind in kinds
        for change in _of_kind(connection, tables, kind, list(rules.kinds[kind].columns), books, store, before, on)
    )
    return Rowset(NAMES, list(found))


def _of_kind(
    connection: Connection, tables: Tables, kind: str, columns: list[str], books: Mapping[str, Book], store: str, before: date, on: date
) -> Iterator[tuple[Any, ...]]:  # fmt: skip
    old: dict[str, RowMapping] = {}
    new: dict[str, RowMapping] = {}
    for query in _touched(connection, tables, tables.kinds[kind], store, on):
        for row in connection.execute(query).mappings():
            new[row["_key"]] = row
            if row["_on"] <= before:
                old[row["_key"]] = row
    for key, was in old.items():
        change = _change(kind, columns, was, new[key], books, on)
        if change:
            yield change


def _touched(connection: Connection, tables: Tables, table: Table, store: str, on: date) -> Iterator[Select[Any]]:
    """Yield what asks for all versions of the keys that runs of this day touched, and others before or after, by key, oldest first.

    Runs and keys are named, so that the database looks up a night's few and does not walk through a year; what no other run
    ever touched is new and stood no different before.
    """
    night = tables.night.c
    its = (tables.night_of(table.c), table.c.store == store, tables.counted)
    runs = connection.scalars(select(night.night_id).where(night.store == store, night.on == on, tables.counted)).all()
    other = table.alias().c
    elsewhere = exists().where(other.store == store, other["_key"] == table.c["_key"], other["_night"].not_in(runs))
    keys = connection.scalars(
        select(table.c["_key"]).where(table.c.store == store, table.c["_night"].in_(runs), elsewhere)
    )
    for piece in chunks(sorted(set(keys))):
        yield (
            select(table, night.on.label("_on"))
            .where(*its, night.on <= on, table.c["_key"].in_(piece))
            .order_by(table.c["_key"], table.c["_later"], table.c["_version"])
        )


def _change(
    kind: str, columns: list[str], was: RowMapping, now: RowMapping, books: Mapping[str, Book], on: date
) -> tuple[Any, ...] | None:  # fmt: skip
    previous = {name: was[name] for name in columns}
    values = {name: now[name] for name in columns}
    if was["_withdrawn"] or (previous == values and not now["_withdrawn"]):
        return None
    book = books.get(now["_submission"], NOWHERE)
    came = books.get(now["_by"], book).received
    act = "withdrawn" if now["_withdrawn"] else "amended"
    return (act, kind, now["_key"], values, previous, book.path, now["_sheet"], now["_row"], cells_of(now["_cells"]), came, on,
            bool(now["_fulfilled"]), book.original)  # fmt: skip
