"""Brings an archive's tables up to what the rules need: new kinds get a table, new fields a column; nothing is dropped.

The ledger's own steps from one schema revision to the next stand in `_STEPS`. (The plan named Alembic; with tables that
are drawn from a clerk's rules there is no fixed history of scripts to run, and two statements do what is needed.)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from sqlalchemy import Connection, Table, insert, inspect, select, text, update

from pipeline.archive.tables import LEDGER, SCHEMA_REV, Tables
from pipeline.errors import ArchiveError

_TEXT = "TEXT NOT NULL DEFAULT ''"


def _finding_with_proposal(connection: Connection) -> None:
    """Let a finding carry what its cell may have been meant to say."""
    _gain(connection, "finding", {"proposal": _TEXT})


def _hand_in_with_heads(connection: Connection) -> None:
    """Let a hand-in keep where its header stood."""
    _gain(connection, "hand_in", {"heads": _TEXT})


def _nights_with_stood(_connection: Connection) -> None:
    """Let a night note what stood before it; the table is made with those of new kinds."""


def _nights_with_rules(connection: Connection) -> None:
    """Let a night say by which rules it was judged; of older ones nobody knows."""
    _gain(connection, "night", {"rules": _TEXT})


def _access_with_who(connection: Connection) -> None:
    """Let the access log say who looked, at how much, and why."""
    _gain(connection, "access_log", {"who": _TEXT, "rows": "INTEGER NOT NULL DEFAULT 0", "why": _TEXT})


def _nights_with_store(connection: Connection) -> None:
    """Let a night say whose it is; a file is one store's, and `raise_schema` writes its name."""
    _gain(connection, "night", {"store": _TEXT})


def _gain(connection: Connection, table: str, columns: Mapping[str, str]) -> None:
    there = {column["name"] for column in inspect(connection).get_columns(table)}
    for name, kind in columns.items():
        if name not in there:
            connection.execute(text(f'ALTER TABLE "{table}" ADD COLUMN "{name}" {kind}'))


_STEPS: Mapping[int, Callable[[Connection], None]] = MappingProxyType(
    {
        1: _finding_with_proposal,
        2: _hand_in_with_heads,
        3: _nights_with_stood,
        4: _nights_with_rules,
        5: _access_with_who,
        6: _nights_with_store,
    }
)  # from revision n to n + 1


def raise_schema(connection: Connection, tables: Tables, store: str) -> None:
    """Create or widen the tables of a store's archive; ArchiveError if a newer program wrote this archive or a field changed its type."""
    stored = _stored(connection, tables)
    revision = int(stored.get("schema_rev", SCHEMA_REV))
    if revision > SCHEMA_REV:
        raise ArchiveError(f"档案由更新的程序写成(版本 {revision},本程序 {SCHEMA_REV})", "请升级夜账后再运行")
    if stored.get("digest") == tables.digest:
        return
    for step in range(revision, SCHEMA_REV):
        _STEPS[step](connection)
    if revision < SCHEMA_REV:
        connection.execute(update(tables.night).where(tables.night.c.store == "").values(store=store))
    tables.metadata.create_all(connection)
    for kind, table in tables.kinds.items():
        _widen(connection, table)
        for index in table.indexes:
            index.create(connection, checkfirst=True)
        connection.execute(text(f'DROP VIEW IF EXISTS "{kind}_now"'))
        standing = f'SELECT * FROM "{kind}" WHERE "_current" AND NOT "_withdrawn"'  # noqa: S608 - a kind's name, from the rules
        connection.execute(text(f'CREATE VIEW "{kind}_now" AS {standing}'))
    _store(connection, tables, {"schema_rev": str(SCHEMA_REV), "digest": tables.digest}, stored)


def _stored(connection: Connection, tables: Tables) -> dict[str, str]:
    if not inspect(connection).has_table(tables.meta.name):
        return {}
    return {row.name: row.value for row in connection.execute(select(tables.meta.c.name, tables.meta.c.value))}


def _store(connection: Connection, tables: Tables, facts: Mapping[str, str], stored: Mapping[str, str]) -> None:
    for name, value in facts.items():
        if name in stored:
            connection.execute(update(tables.meta).where(tables.meta.c.name == name).values(value=value))
        else:
            connection.execute(insert(tables.meta).values(name=name, value=value))


def _widen(connection: Connection, table: Table) -> None:
    """Add the columns that the rules have gained; a column the rules have lost stays, unread."""
    there = {column["name"]: column["type"] for column in inspect(connection).get_columns(table.name)}
    for column in table.columns:
        declared = column.type.compile(connection.dialect)
        if column.name not in there:
            connection.execute(text(f'ALTER TABLE "{table.name}" ADD COLUMN "{column.name}" {declared}'))
        elif column.name not in LEDGER and there[column.name].compile(connection.dialect) != declared:
            raise ArchiveError(
                f"{table.name} 的栏目 {column.name} 换了类型(档案里是 {there[column.name]},规则要 {declared})",
                "给新含义的栏目另取一个名字",
            )
