"""Shows the archive as it stood on a business day: per key the newest version of the runs up to that day.

One query per record kind; when the day is the latest one, the rows marked current are the answer. Where a version came
from is added from the submissions, read once: twenty thousand books against two hundred thousand rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, Select, func, select

from pipeline.archive.books import NOWHERE, Book, books_of, cells_of
from pipeline.archive.differences import NAMES, differences
from pipeline.archive.ledger import findings, hand_ins, submissions
from pipeline.archive.tables import Tables
from pipeline.model import Rowset, View
from pipeline.rulebook.rulebook import Rulebook

_LEDGER = ("store", "_form", "_part", "_sheet", "_row", "_cells", "_key", "_submission", "_night")
_PLACE = ("store", "_form", "_part", "_book", "_sheet", "_row", "_cells", "_key", "_submission", "_run", "_received", "_original")  # fmt: skip


def view(connection: Connection, tables: Tables, rules: Rulebook, store: str, on: date) -> View:
    """Return the archive of one store as it stood on a business day."""
    days = [day for (day,) in connection.execute(select(tables.night.c.on).distinct().order_by(tables.night.c.on))]
    latest = not days or on >= days[-1]
    books = books_of(connection, tables, store, on)
    found = {}
    for kind in tables.kinds:
        columns = list(rules.kinds[kind].columns)
        query = _now(tables, kind, columns, store) if latest else _then(tables, kind, columns, store, on)
        found[kind] = _kind_rows(connection, query, columns, books)
    found["hand_in"] = hand_ins(connection, tables, store, on)
    found["finding"] = findings(connection, tables, store, on)
    found["submission"] = submissions(connection, tables, store, on)
    before = max((day for day in days if day < on), default=None)
    found["change"] = (
        differences(connection, tables, rules, books, store, before, on)
        if before is not None and on in days
        else Rowset(NAMES)
    )
    return View(on=on, store=store, tables=found)


def _kind_rows(connection: Connection, query: Select[Any], columns: list[str], books: Mapping[str, Book]) -> Rowset:
    """Return a kind's rows, each followed by where it came from."""
    wide = len(columns)
    rows = []
    for row in connection.execute(query):
        store, form, part, sheet, number, cells, key, submission, night = row[wide:]
        book = books.get(submission, NOWHERE)
        place = (store, form, part, book.path, sheet, number, cells_of(cells), key, submission, night, book.received, book.original)  # fmt: skip
        rows.append((*row[:wide], *place))
    return Rowset((*columns, *_PLACE), rows)


def _now(tables: Tables, kind: str, columns: list[str], store: str) -> Select[Any]:
    table = tables.kinds[kind]
    chosen = [table.c[name] for name in (*columns, *_LEDGER)]
    standing = (table.c.store == store, table.c["_current"], ~table.c["_withdrawn"])
    return select(*chosen).where(*standing).order_by(table.c["_key"])


def _then(tables: Tables, kind: str, columns: list[str], store: str, on: date) -> Select[Any]:
    """Rank every version of the runs up to a day per key; the first is the one that stood."""
    table, night = tables.kinds[kind], tables.night.c
    order = [table.c["_later"].desc(), table.c["_version"].desc()]
    rank = func.row_number().over(partition_by=table.c["_key"], order_by=order).label("_rank")
    known = (table.c["_night"] == night.night_id, table.c.store == store, night.on <= on)
    ranked = select(table, rank).where(*known).subquery()
    chosen = [ranked.c[name] for name in (*columns, *_LEDGER)]
    return select(*chosen).where(ranked.c["_rank"] == 1, ~ranked.c["_withdrawn"]).order_by(ranked.c["_key"])
