"""Checks an archive against itself and against its originals; says in Chinese what is not as it should be."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from sqlalchemy import Connection, Table, case, func, or_, select, text

from pipeline.archive.commit import row_hash
from pipeline.archive.tables import Tables
from pipeline.text import mask_in


def faults(
    connection: Connection, tables: Tables, store: str, home: Path, kinds: Mapping[str, Sequence[str]]
) -> Iterator[str]:
    """Yield one sentence per fault of a store's archive: the database file, the versions, the links, the originals; nothing when all is sound."""
    if connection.dialect.name == "sqlite":
        for (said,) in connection.execute(text("PRAGMA integrity_check")):
            if said != "ok":
                yield f"数据库文件损坏:{said}"
    for kind, table in tables.filled(connection, store).items():
        yield from _versions(connection, tables, table, store)
        yield from _values(connection, table, store, kinds[kind])
    yield from _links(connection, tables, store)
    yield from _originals(connection, tables, store, home)


def _versions(connection: Connection, tables: Tables, table: Table, store: str) -> Iterator[str]:
    """Yield keys whose versions have a gap or not exactly one that stands (none, where its nights were undone), and rows of no known workbook."""
    standing = func.sum(table.c["_current"].cast(table.c["_version"].type))
    count, highest = func.count(), func.max(table.c["_version"])
    wanted = func.max(case((tables.counted, 1), else_=0))  # a key that only an undone night knows stands nowhere
    query = (
        select(table.c["_key"], count, highest, standing)
        .where(table.c.store == store, tables.night_of(table.c))
        .group_by(table.c.store, table.c["_key"])
        .having(or_(count != highest, standing != wanted))
    )
    for key, number, top, current in connection.execute(query):
        yield f"{table.name} {mask_in(key)}:有 {number} 个版本,最高 {top},当前 {current} 个"
    sent = tables.submission.c
    orphan = (
        select(table.c["_submission"]).distinct().where(table.c.store == store)
        .where(~select(sent.submission_id).where(sent.store == table.c.store, sent.submission_id == table.c["_submission"]).exists())
    )  # fmt: skip
    for (submission,) in connection.execute(orphan):
        yield f"{table.name} 的记录出自未登记的工作簿 {submission}"


def _links(connection: Connection, tables: Tables, store: str) -> Iterator[str]:
    """Yield what points to a night or a workbook that is not there."""
    sent, night = tables.submission.c, tables.night.c
    lost_night = select(sent.path).where(
        sent.store == store, ~select(night.night_id).where(tables.night_of(sent)).exists()
    )
    for (path,) in connection.execute(lost_night.order_by(sent.path)):
        yield f"工作簿 {mask_in(path)} 所属的那一夜没有登记"
    for part, name in ((tables.hand_in, "交表"), (tables.finding, "问题")):
        its = part.c
        theirs = (
            sent.store == its.store, sent.submission_id == its.submission_id, sent.night_id == its.night_id,
        )  # fmt: skip
        query = (
            select(func.count()).select_from(part).where(its.store == store, ~select(sent.path).where(*theirs).exists())
        )
        if lost := connection.execute(query).scalar_one():
            yield f"{lost} 条{name}登记找不到所属的工作簿"
    for kind, table in tables.filled(connection, store).items():
        its = table.c
        for column, named, whose in ((its["_night"], night.night_id, night), (its["_by"], sent.submission_id, sent)):
            there = select(named).where(whose.store == its.store, named == column).exists()
            query = select(func.count()).where(its.store == store, column != "", ~there)
            if lost := connection.execute(query).scalar_one():
                what = "那一夜" if column is its["_night"] else "撤回它的工作簿"
                yield f"{kind} 有 {lost} 条记录,{what}没有登记"


def _values(connection: Connection, table: Table, store: str, columns: Sequence[str]) -> Iterator[str]:
    chosen = [table.c[name] for name in ("_key", "_version", "_hash", *columns)]
    query = select(*chosen).where(table.c.store == store).execution_options(yield_per=5000)
    for key, version, stored, *values in connection.execute(query):
        if row_hash(dict(zip(columns, values, strict=True))) != stored:
            yield f"{table.name} {mask_in(key)} 第 {version} 版的内容与登记的校验值不符"


def _originals(connection: Connection, tables: Tables, store: str, home: Path) -> Iterator[str]:
    sent = tables.submission.c
    # An original from which somebody was erased is another file now, with a hash of its own.
    held = case((sent.redacted != "", sent.redacted), else_=sent.sha256)
    filed = select(held, sent.original).where(sent.store == store, sent.original != "")
    query = filed.distinct().order_by(sent.original)
    for sha256, original in connection.execute(query):
        place = home / original
        if not place.is_file():
            yield f"原件不见了:{original}"
        elif hashlib.sha256(place.read_bytes()).hexdigest() != sha256:
            yield f"原件被改动过:{original}"
