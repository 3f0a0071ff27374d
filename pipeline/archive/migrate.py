"""Brings an archive's tables up to what this program and the rules need: nothing is dropped, and a newer program's archive is refused.

    released schema n ─ a copy of the file kept ─ Alembic: revisions n+1 … newest ─ kinds widened as the rules say ─ meta

The ledger's steps from one released schema to the next are Alembic scripts (`revisions/`). The record kinds have no fixed history,
because a clerk's rules draw them: a new kind gets a table, a new field a column. Which revision an archive has stands in
`meta`, where programs from before Alembic look too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from sqlalchemy import Connection, Table, insert, inspect, select, text, update

from pipeline.archive.postgres import divide, hold_schema
from pipeline.archive.tables import LEDGER, SCHEMA_REV, Tables
from pipeline.errors import ArchiveError

_REVISIONS = Path(__file__).parent / "revisions"
_STORE = "daybook_store"  # under this a step finds whose archive it is


def is_current(connection: Connection, tables: Tables) -> bool:
    """Say whether the tables are what is needed; ArchiveError if a newer program wrote this archive."""
    stored = _stored(connection, tables)
    revision = int(stored.get("schema_rev", SCHEMA_REV))
    if revision > SCHEMA_REV:
        raise ArchiveError(
            f"档案由更新的程序写成(版本 {revision},本程序只认到 {SCHEMA_REV}),什么都没动", "请升级夜账后再运行"
        )
    return stored.get("digest") == tables.digest


def raise_schema(connection: Connection, tables: Tables, store: str, keep: Callable[[], object]) -> None:
    """Create, step up or widen the tables of a store's archive; `keep` is called before the steps, while the old ones still stand.

    Raises ArchiveError if a newer program wrote this archive or a field changed its type.
    """
    shared = connection.dialect.name == "postgresql"
    if shared:
        hold_schema(connection)
    if is_current(connection, tables):
        return
    stored = _stored(connection, tables)
    revision = int(stored.get("schema_rev", SCHEMA_REV))
    if revision < SCHEMA_REV:
        keep()
        _step_up(connection, revision, store)
    new = not shared and not inspect(connection).get_table_names()
    if new:
        for said in tables.spelt:
            connection.exec_driver_sql(said)
    else:
        tables.metadata.create_all(connection)
    if shared:
        divide(connection, tables)
    for kind, table in tables.kinds.items():
        if not new:
            _widen(connection, table)
        connection.execute(text(f'DROP VIEW IF EXISTS "{kind}_now"'))
        standing = f'SELECT * FROM "{kind}" WHERE "_current" AND NOT "_withdrawn"'  # noqa: S608 - a kind's name, from the rules
        connection.execute(text(f'CREATE VIEW "{kind}_now" AS {standing}'))
    _store(connection, tables, {"schema_rev": str(SCHEMA_REV), "digest": tables.digest}, stored)


def _step_up(connection: Connection, revision: int, store: str) -> None:
    # Alembic loads only here: hardly any run meets an older archive.
    from alembic.migration import MigrationContext  # noqa: PLC0415
    from alembic.operations import Operations  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    scripts = ScriptDirectory(str(_REVISIONS), version_locations=[str(_REVISIONS)])
    steps = list(scripts.iterate_revisions("head", str(revision)))
    with Operations.context(MigrationContext.configure(connection, opts={_STORE: store})):
        for step in reversed(steps):
            step.module.upgrade()


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
    """Add the columns and indexes that the rules have gained; a column the rules have lost stays, unread."""
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
    for index in table.indexes:
        index.create(connection, checkfirst=True)
