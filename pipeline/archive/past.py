"""The nights of an archive as they went in, for making it anew from its originals, and what it then holds that they do not give.

night ── when, by which rules, which workbooks ── read again by `rebuild` ── fresh archive ─┐
standing archive ───────────────────────── row by row, table by table ──────────────────── unlike
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, Final

from sqlalchemy import Connection, Table, select

from pipeline.archive.commit import Night
from pipeline.archive.judged import rules_of
from pipeline.archive.tables import UNDONE, Tables
from pipeline.archive.undo import FIRST_REV
from pipeline.text import mask_in

_NOT_MADE: Final = frozenset({"meta", "access_log", "tombstone", "rulebook"})  # no workbook gives these
_NOT_COMPARED: Final = frozenset({"schema_rev", "rules"})  # of a night: which program took it in
_MOST: Final = 10  # rows told of one table


@dataclass(frozen=True, slots=True)
class Sent:
    """A workbook as it came: path below the inbox, when it was received, its hash, and where it is filed below HOME."""

    path: str
    received: datetime
    sha256: str
    original: str
    redacted: str  # its hash since somebody was erased from it, '' for the bytes that were handed in


@dataclass(frozen=True)
class Past:
    """One night as it went in: the workbooks of this store, the rules as text ('' = nobody kept them), and when it was undone."""

    night: Night
    finished_at: datetime | None
    rules: str
    books: tuple[Sent, ...]
    undone: bool
    undone_at: datetime | None


def past(connection: Connection, tables: Tables, store: str) -> list[Past]:
    """Return every night, in the order they went in; undone ones included."""
    night, sent, log = tables.night.c, tables.submission.c, tables.access_log.c
    books: dict[str, list[Sent]] = defaultdict(list)
    for name, *rest in connection.execute(
        select(sent.night_id, sent.path, sent.received_at, sent.sha256, sent.original, sent.redacted).where(
            sent.store == store
        )
    ):
        books[name].append(Sent(*rest))
    undone: dict[str, datetime] = {}
    for at, detail in connection.execute(select(log.at, log.detail).where(log.what == "undo").order_by(log.number)):
        undone.setdefault(detail.partition(" ")[0], at)
    kept = {
        digest: rules_of(connection, tables, digest)
        for digest in set(connection.scalars(select(night.rules).where(night.store == store)))
    }
    order = (night.started_at, night.finished_at, night.night_id)
    return [
        Past(
            Night(row.night_id, row.on, row.started_at, row.code_version), row.finished_at, kept[row.rules],
            tuple(books[row.night_id]), row.status == UNDONE, undone.get(row.night_id),
        )
        for row in connection.execute(select(*night).where(night.store == store).order_by(*order)).all()
    ]  # fmt: skip


def unlike(connection: Connection, fresh: Connection, tables: Tables, store: str) -> Iterator[str]:
    """Yield one sentence per row of a store that one of two archives holds and the other does not, or holds otherwise."""
    old = [
        name
        for name, revision in connection.execute(
            select(tables.night.c.night_id, tables.night.c.schema_rev).where(tables.night.c.store == store)
        )
        if revision < FIRST_REV  # these did not note what stood
    ]
    sent = tables.submission.c
    # What was said of a workbook from which somebody was erased, the workbook as it is now does not give.
    redacted = list(connection.scalars(select(sent.submission_id).where(sent.store == store, sent.redacted != "")))
    for table in tables.metadata.sorted_tables:
        if table.name in _NOT_MADE:
            continue
        leave = ("night_id", old) if table.name == tables.stood.name else ("submission_id", redacted)
        told = _rows_unlike(table, _rows(connection, table, store, leave), _rows(fresh, table, store, leave))
        yield from islice(told, _MOST)
        if rest := sum(1 for _ in told):
            yield f"{table.name} 还有 {rest} 条和原件不符"


def _rows(connection: Connection, table: Table, store: str, leave: tuple[str, Sequence[str]]) -> Iterator[Any]:
    compared = (column for column in table.c if column.name not in _NOT_COMPARED)
    query = select(*compared).where(table.c.store == store).order_by(*table.primary_key)
    column, those = leave
    if those and column in table.c:
        query = query.where(table.c[column].not_in(those))
    yield from connection.execute(query.execution_options(yield_per=2000)).mappings()


def _rows_unlike(table: Table, standing: Iterator[Any], fresh: Iterator[Any]) -> Iterator[str]:
    """Walk both in the order of their keys."""
    mine, theirs = next(standing, None), next(fresh, None)
    while mine is not None or theirs is not None:
        if theirs is None or (mine is not None and _key(table, mine) < _key(table, theirs)):
            yield f"{_named(table, mine)}:在档案里,原件里没有"
            mine = next(standing, None)
        elif mine is None or _key(table, theirs) < _key(table, mine):
            yield f"{_named(table, theirs)}:原件里有,档案里没有"
            theirs = next(fresh, None)
        else:
            if said := [
                _both(name, mine[name], theirs[name]) for name in mine if not _same(name, mine[name], theirs[name])
            ]:
                yield f"{_named(table, mine)}:{'、'.join(said)}"
            mine, theirs = next(standing, None), next(fresh, None)


def _same(name: str, mine: Any, theirs: Any) -> bool:
    """Say whether two values are the same; the cells of a record may stand in any order."""
    return bool(mine == theirs or (name == "_cells" and json.loads(mine) == json.loads(theirs)))


def _key(table: Table, row: Any) -> tuple[Any, ...]:
    return tuple(row[column.name] for column in table.primary_key)


def _named(table: Table, row: Any) -> str:
    return f"{table.name} {' '.join(_shown(part) for part in _key(table, row) if part != row.get('store'))}"


def _both(name: str, mine: Any, theirs: Any) -> str:
    return f"{name} 档案里是 {_shown(mine)},原件里是 {_shown(theirs)}"


def _shown(value: Any) -> str:
    if value is None or value == "":
        return "空"
    return "一串字节" if isinstance(value, bytes) else mask_in(str(value))
