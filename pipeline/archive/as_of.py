"""Shows the archive as it stood on a business day: per key the newest version of the runs up to that day.

One query per record kind the store uses; when the day is the latest one, the rows marked current are the answer. Where a version came
from is added from the submissions, read once: twenty thousand books against two hundred thousand rows.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Select, func, select

from pipeline.archive.books import books_of
from pipeline.archive.differences import NAMES, differences
from pipeline.archive.ledger import findings, hand_ins, submissions
from pipeline.archive.rows import LEDGER, stored
from pipeline.archive.tables import Tables
from pipeline.rulebook.rulebook import Rulebook
from pipeline.view import Rowset, View


def view(
    connection: Connection, tables: Tables, rules: Rulebook, store: str, on: date, kinds: Collection[str] | None = None, *,
    old_warnings: bool = True,
) -> View:  # fmt: skip
    """Return the archive of one store as it stood on a business day; `kinds` names the record kinds to read, None = all; `old_warnings` see `findings`."""
    days = [
        day
        for (day,) in connection.execute(
            select(tables.night.c.on)
            .where(tables.night.c.store == store, tables.counted)
            .distinct()
            .order_by(tables.night.c.on)
        )
    ]
    latest = not days or on >= days[-1]
    books = books_of(connection, tables, store, on)
    filled = tables.filled(connection, store)
    found = {}
    for kind in tables.kinds if kinds is None else [kind for kind in tables.kinds if kind in kinds]:
        columns = list(rules.kinds[kind].columns)
        queries: Sequence[Select[Any]] = ()
        if kind in filled:
            queries = [_now(tables, kind, columns, store)] if latest else _then(tables, kind, columns, store, on)
        found[kind] = stored(connection, store, columns, queries, books)
    found["hand_in"] = hand_ins(connection, tables, store, on)
    found["finding"] = findings(connection, tables, store, on, old_warnings=old_warnings)
    found["submission"] = submissions(connection, tables, store, on)
    before = max((day for day in days if day < on), default=None)
    found["change"] = (
        differences(connection, tables, rules, filled, books, store, before, on)
        if before is not None and on in days
        else Rowset(NAMES)
    )
    return View(on=on, store=store, tables=found)


def versions(connection: Connection, tables: Tables, rules: Rulebook, store: str, kind: str) -> Rowset:
    """Return every version of every record of a kind, by key and in order, withdrawn ones marked."""
    table = tables.kinds[kind]
    columns = [*rules.kinds[kind].columns, "_version", "_later", "_withdrawn", "_current"]
    query = (
        select(*(table.c[name] for name in (*columns, *LEDGER)))
        .where(table.c.store == store, tables.night_of(table.c), tables.counted)
        .order_by(table.c["_key"], table.c["_later"], table.c["_version"])
    )
    return stored(connection, store, columns, [query], books_of(connection, tables, store, date.max))


def _now(tables: Tables, kind: str, columns: list[str], store: str) -> Select[Any]:
    table = tables.kinds[kind]
    standing = (table.c.store == store, table.c["_current"], ~table.c["_withdrawn"])
    return select(*(table.c[name] for name in (*columns, *LEDGER))).where(*standing).order_by(table.c["_key"])


def _then(tables: Tables, kind: str, columns: list[str], store: str, on: date) -> list[Select[Any]]:
    """Return two questions: rows of that day that still stand, and what stood where a later run put something else.

    Only the second needs every version ranked per key, and recent days have few of them.
    """
    table, night = tables.kinds[kind], tables.night.c
    its, run = table.alias(), tables.night.alias().c
    since = select(its.c["_key"]).where(
        its.c.store == store, its.c["_current"], run.store == its.c.store, run.night_id == its.c["_night"], run.on > on
    )
    order = [table.c["_later"].desc(), table.c["_version"].desc()]
    rank = func.row_number().over(partition_by=table.c["_key"], order_by=order).label("_rank")
    known = (tables.night_of(table.c), table.c.store == store, night.on <= on, tables.counted)
    ranked = select(table, rank).where(*known, table.c["_key"].in_(since)).subquery()
    chosen = [ranked.c[name] for name in (*columns, *LEDGER)]
    return [
        _now(tables, kind, columns, store).where(tables.night_of(table.c), night.on <= on),
        select(*chosen).where(ranked.c["_rank"] == 1, ~ranked.c["_withdrawn"]),
    ]
