"""Opens the database of a store: one private SQLite file below HOME/archive, prepared so that a power cut loses nothing."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import NullPool

from pipeline.errors import ArchiveError

WRITING: Final = "daybook_writing"  # the execution option of a transaction that will write


def file_of(home: Path, store: str) -> Path:
    """Return the store's database file, made private before anything is in it."""
    folder = home / "archive"
    name = re.sub(r'[\x00-\x1f/\\:*?"<>|]', "_", store).lstrip(".-") or "_"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(folder / f"{name}.sqlite", os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise ArchiveError(f"档案文件夹不能写:{error.strerror}", "检查 archive 文件夹的权限和磁盘空间") from error
    return folder / f"{name}.sqlite"


def sqlite(path: Path) -> Engine:
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
        "cache_size=-65536",
        "temp_store=MEMORY",
        "secure_delete=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    # One that reads first and writes later is refused at once where another one writes; told beforehand, it waits its turn.
    writing = connection.get_execution_options().get(WRITING)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
