"""Opens the database of a store: its private SQLite file below HOME/archive, prepared so that a power cut loses nothing, or the one for all."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import NullPool

from pipeline.archive.postgres import has_tables, named, postgres
from pipeline.errors import ArchiveError

WRITING: Final = "daybook_writing"  # the execution option of a transaction that will write
OWN_FILE: Final = "sqlite"
IN_MEMORY: Final = "sqlite://"


def engine_of(home: Path, store: str, url: str = "") -> Engine:
    """Return the engine of a store's archive: where DAYBOOK_ARCHIVE says, in its own file, or in memory."""
    if url == IN_MEMORY:
        return create_engine(url)
    address = "" if url == OWN_FILE else named()
    place = _file_of(home, store)
    try:
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if address:
            return postgres(address)
        os.close(os.open(place, os.O_CREAT | os.O_RDWR, 0o600))  # private before anything is in it
    except OSError as error:
        raise ArchiveError(f"档案文件夹不能写:{error.strerror}", "检查 archive 文件夹的权限和磁盘空间") from error
    return _sqlite(place)


def has_archive(home: Path, store: str) -> bool:
    """Say whether anything was ever kept for this store; nothing is made by asking."""
    if not (address := named()):
        return _file_of(home, store).is_file()
    return has_tables(postgres(address))


def _file_of(home: Path, store: str) -> Path:
    name = re.sub(r'[\x00-\x1f/\\:*?"<>|]', "_", store).lstrip(".-") or "_"
    return home / "archive" / f"{name}.sqlite"


def _sqlite(path: Path) -> Engine:
    """Return the engine of a SQLite file; a transaction begins when we say so."""
    # NullPool: nothing stays open between two questions, so a backup or a move never meets a held file.
    engine = create_engine(f"sqlite:///{path}", poolclass=NullPool, connect_args={"timeout": 30})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: Any, _record: Any) -> None:
    # The driver would open transactions by itself, and not before DDL; we say BEGIN ourselves.
    connection.isolation_level = None
    # Before 3.51.3 the write-ahead log can lose a commit at its reset, so the rollback journal it is.
    # What is deleted is overwritten: an erased customer must not lie in the file's free pages.
    for pragma in (
        "journal_mode=TRUNCATE",
        "synchronous=FULL",
        "cache_size=-16384",
        "temp_store=MEMORY",
        "secure_delete=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    # One that reads first and writes later is refused at once where another one writes; told beforehand, it waits its turn.
    writing = connection.get_execution_options().get(WRITING)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
