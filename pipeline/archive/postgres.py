"""Opens the one PostgreSQL database that holds the archives of all stores, and divides its tables by store.

    visit ─┬ visit_p0   the stores whose name hashes to 0
           ├ …          (a store's rows lie in one part of each table, so its night touches one part)
           └ visit_p7

`DAYBOOK_ARCHIVE=postgresql+psycopg://user@host/database` names it; without that each store has its SQLite file. psycopg is the extra `[postgres]`.
"""

from __future__ import annotations

import os
import shlex
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, create_engine, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from pipeline.archive.tables import BY_STORE, Tables
from pipeline.errors import ArchiveError, UsageError

NAMED_BY: Final = "DAYBOOK_ARCHIVE"
UNANSWERED: Final = "看 PostgreSQL 开着没有、DAYBOOK_ARCHIVE 写得对不对、那里的磁盘满没满,再运行一次"
PARTS: Final = 8  # a schema's 55 tables in 8 parts, each with its indexes, are still locked at once by a default server
_DRIVER: Final = "postgresql+psycopg"
_OLDEST: Final = (15, 0)
_DUMP: Final = "postgresql.dump"
# Of a transaction that writes: what another store has just kept for all (rules, tables) must be seen, not refused; a store has one writer.
STORES_SIDE_BY_SIDE: Final = "READ COMMITTED"
_LOCK: Final = 20261105  # any number that only Daybook asks for in this database


def named() -> str:
    """Return the address of the database the environment names, '' for none."""
    return os.environ.get(NAMED_BY, "").strip()


def postgres(address: str) -> Engine:
    """Return the engine of a PostgreSQL database; UsageError where the address is no such thing or the driver is not installed.

    A transaction that only reads sees the archive as it stood when it began, as one on SQLite does.
    """
    try:
        url = make_url(address)
    except ArgumentError:
        url = None
    if url is None or url.drivername != _DRIVER or not url.database:
        raise UsageError(f"{NAMED_BY} 写得不对", f"写成 {_DRIVER}://用户:密码@主机/数据库;不用 PostgreSQL 就不要设它")
    try:
        # NullPool: a home opens the archives of all its stores at once, and a server grants a hundred connections.
        return create_engine(url, poolclass=NullPool, isolation_level="REPEATABLE READ")
    except ImportError as error:
        remedy = "先运行 pip install 'daybook[postgres]';不用 PostgreSQL 就不要设它"
        raise UsageError(f"{NAMED_BY} 指向 PostgreSQL,要先安装扩展 postgres", remedy) from error


def by_hand(address: str, folder: Path) -> tuple[str, str]:
    """Return the commands that dump this database into a snapshot's folder and put it into a new one; the password is asked for, not shown.

    Into a new one, because pg_restore cannot clear a divided table, and what stands stays until the new one is looked at.
    """
    url = postgres(address).url.set(drivername="postgresql", password=None)
    new = url.set(database=f"{url.database}_{folder.name}".lower())
    dump, old, its = (
        shlex.quote(each) for each in (str(folder / _DUMP), url.render_as_string(), new.render_as_string())
    )
    return (
        f"pg_dump -Fc --no-owner -f {dump} -d {old}",
        f"createdb --maintenance-db={old} -E UTF8 -T template0 {new.database} && pg_restore --no-owner --single-transaction -d {its} {dump}",
    )


def has_tables(engine: Engine) -> bool:
    """Say whether any archive was ever kept there; ArchiveError where the server does not answer."""
    try:
        with engine.connect() as connection:
            return inspect(connection).has_table("meta")
    except SQLAlchemyError as error:
        said = str(getattr(error, "orig", None) or error).splitlines()[0]
        raise ArchiveError(f"PostgreSQL 不答:{said}", UNANSWERED) from error
    finally:
        engine.dispose()


def hold_schema(connection: Connection) -> None:
    """Be the only one who makes or widens tables until this transaction ends; the first thing said in it.

    Raises ArchiveError where the server is older than we know, or its texts are not UTF-8.
    """
    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    version = connection.dialect.server_version_info or _OLDEST
    if version < _OLDEST:
        raise ArchiveError(f"PostgreSQL {version[0]} 太旧", f"请用 {_OLDEST[0]} 或更新的版本")
    if (encoding := connection.scalar(text("SHOW server_encoding"))) != "UTF8":
        raise ArchiveError(f"这个 PostgreSQL 数据库的编码是 {encoding}", "用 createdb -E UTF8 -T template0 另建一个")


def divide(connection: Connection, tables: Tables) -> None:
    """Give every table that holds rows of stores its parts, where they are not there yet."""
    there = set(inspect(connection).get_table_names())
    for table in tables.metadata.sorted_tables:
        if table.dialect_options["postgresql"]["partition_by"] != BY_STORE:
            continue
        for part in range(PARTS):
            if (name := f"{table.name}_p{part}") not in there:
                bounds = f"FOR VALUES WITH (MODULUS {PARTS}, REMAINDER {part})"
                connection.execute(text(f'CREATE TABLE "{name}" PARTITION OF "{table.name}" {bounds}'))
