"""Takes one night back: its versions stop standing, what stood before it stands again, and its row says so. Nothing is removed.

    night in     row of K: stated 2026-11-04 ── noted in `stood` ── row of K: stated 2026-11-05, or a newer version above it
    night undone row of K: stated 2026-11-04 ◄────────────────────── the newer version stays in the history, not standing

`stood` notes per night and kind what stood under every key the night touched, packed: a year of it is a few megabytes.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeAlias

from sqlalchemy import Connection, Table, bindparam, func, insert, select, update

from pipeline.archive.tables import UNDONE, Tables
from pipeline.errors import ArchiveError

Stood: TypeAlias = tuple[str, int, str, str]  # key, version, stated, scope
FIRST_REV = 4  # nights of older schemas did not note what stood


def put_stood(
    connection: Connection, tables: Tables, store: str, night_id: str, kind: str, keys: Iterable[Sequence[str]]
) -> None:
    """Note what stands under these keys (in pieces that fit one statement) before a night changes any of it."""
    table = tables.kinds[kind]
    its = table.c
    stood: list[Stood] = []
    for piece in keys:
        query = select(its["_key"], its["_version"], its["_stated"], its["_scope"])
        found = connection.execute(query.where(its.store == store, its["_key"].in_(piece), its["_current"]))
        stood += [(key, version, stated, scope) for key, version, stated, scope in found]
    if stood:
        connection.execute(
            insert(tables.stood).values(store=store, night_id=night_id, kind=kind, rows=packed(sorted(stood)))
        )


def packed(stood: Sequence[Stood]) -> bytes:
    """Return what stood as few bytes: keys and moments repeat."""
    return zlib.compress(json.dumps(stood, ensure_ascii=False, separators=(",", ":")).encode())


def unpacked(content: bytes) -> list[Stood]:
    """Return what stood."""
    return [(key, version, stated, scope) for key, version, stated, scope in json.loads(zlib.decompress(content))]


def undo(connection: Connection, tables: Tables, store: str, night_id: str) -> int:
    """Take a night back and return how many versions no longer stand for it; a night undone before stays so, 0.

    Raises ArchiveError where a later night stands, or an older program took the night in.
    """
    night = tables.night
    its = (night.c.store == store, night.c.night_id == night_id)
    row = connection.execute(select(night).where(*its)).mappings().first()
    if row is None or row["status"] == UNDONE:
        return 0
    if row["schema_rev"] < FIRST_REV:
        raise ArchiveError(f"{night_id} 是旧版本收的,没有记下它以前的样子,不能撤销", "要回到那一夜以前,用那时的备份")
    moment = (row["started_at"], night_id)
    if any(each > moment for each in _standing_nights(connection, tables, store)):
        raise ArchiveError(f"{night_id} 以后还有别的夜,不能单独撤销", "先撤销后面的,或加 --with-later 一起撤销")
    gone = sum(_taken_back(connection, table, store, night_id) for table in tables.filled(connection, store).values())
    for kind, content in connection.execute(
        select(tables.stood.c.kind, tables.stood.c.rows).where(
            tables.stood.c.store == store, tables.stood.c.night_id == night_id
        )
    ).all():
        if kind in tables.kinds:
            _stand_again(connection, tables.kinds[kind], store, unpacked(content))
    connection.execute(update(night).where(*its).values(status=UNDONE))
    return gone


def _standing_nights(connection: Connection, tables: Tables, store: str) -> Iterator[tuple[Any, str]]:
    night = tables.night.c
    mine = select(night.started_at, night.night_id).where(night.store == store, tables.counted)
    yield from map(tuple, connection.execute(mine))


def _taken_back(connection: Connection, table: Table, store: str, night_id: str) -> int:
    its = (table.c.store == store, table.c["_night"] == night_id)
    connection.execute(update(table).where(*its, table.c["_current"]).values(_current=False))
    return connection.execute(select(func.count()).select_from(table).where(*its)).scalar_one()


def _stand_again(connection: Connection, table: Table, store: str, stood: Sequence[Stood]) -> None:
    where = (table.c.store == store, table.c["_key"] == bindparam("its_key"), table.c["_version"] == bindparam("its"))
    connection.execute(
        update(table).where(*where).values(_current=True, _stated=bindparam("was"), _scope=bindparam("within")),
        [{"its_key": key, "its": version, "was": stated, "within": scope} for key, version, stated, scope in stood],
    )
