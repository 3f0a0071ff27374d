"""Takes a snapshot of a home: databases by SQLite's own backup, every other file copied, all read again before it counts."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path
from typing import Final

from pipeline.backup.snapshot import (
    HIDDEN,
    INDEX,
    SHARED,
    Snapshot,
    Stored,
    copy_whole,
    is_database,
    place_of,
    private_folder,
    refuse_damaged,
    sha256_of,
    snapshots,
)
from pipeline.errors import ArchiveError, UsageError
from pipeline.write_whole import move, sync_tree

OWN: Final = "archive/backups"  # snapshots that a restore takes of what it replaces
_NOT_KEPT: Final = (OWN, "archive/exports", "archive/.lock")  # copies, what is made again, and the lock
_SHARED_ROOMS: Final = ("inbox", "outbox", "rules", "templates_xlsx")


def take_snapshot(home: Path, backup: Path, at: datetime, *, keep: int = 0, only: tuple[str, ...] = ("",)) -> Snapshot:
    """Snapshot a home into a folder and return it, verified; `keep` > 0 removes older snapshots beyond that many.

    `only` names how the paths begin of what goes in, everything by default.

    The caller holds the home's lock. Raises UsageError for a folder that others can read, ArchiveError if it cannot be written.
    """
    _refuse_shared(home, backup)
    name = f"{at:%Y-%m-%dT%H%M%S}"
    taken = {each.name for each in snapshots(backup)}
    name = next(each for each in (name, *(f"{name}-{n}" for n in range(2, len(taken) + 3))) if each not in taken)
    beside = backup / f"{HIDDEN}{name}"
    try:
        backup.mkdir(mode=0o700, parents=True, exist_ok=True)
        for rest in backup.glob(f"{HIDDEN}*"):  # of a backup that was cut off
            shutil.rmtree(rest, ignore_errors=True)
        beside.mkdir(mode=0o700)
        files = {path: _keep(home / path, beside, path) for path in sorted(_of(home)) if path.startswith(only)}
        _write_index(beside, files, at)
        refuse_damaged(Snapshot(beside, files))
        sync_tree(beside)
        move(beside, backup / name)
        _forget(backup, keep)
    except OSError as error:
        raise ArchiveError(f"备份写不进 {backup}:{error.strerror or error}", "检查那里的权限和空间") from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return Snapshot(backup / name, files)


def _refuse_shared(home: Path, backup: Path) -> None:
    place, root = backup.resolve(), home.resolve()
    rooms = [root / room for room in _SHARED_ROOMS]
    if place == root or any(place.is_relative_to(room) for room in rooms):
        raise UsageError(f"备份不能放在 {backup}", "备份里有全部电话,放到另一块盘上只有自己能看的文件夹")
    if place.is_relative_to(root / "archive") and not place.is_relative_to(root / OWN):
        raise UsageError(f"备份不能放在 {backup}", "放到另一块盘上;和档案放在一起,盘坏了就一起没了")


def _of(home: Path) -> Iterator[str]:
    """Yield what belongs into a snapshot, by posix path below HOME."""
    for room in ("archive", "rules"):
        for place in (home / room).rglob("*"):
            path = place.relative_to(home).as_posix()
            if place.is_symlink() or not place.is_file():
                continue
            if path.startswith(_NOT_KEPT) or f"/{HIDDEN}" in path or _beside_database(path):
                continue
            yield path


def _beside_database(path: str) -> bool:
    return path.count("/") == 1 and path.endswith((".sqlite-journal", ".sqlite-wal", ".sqlite-shm"))


def _keep(source: Path, folder: Path, path: str) -> Stored:
    target = place_of(folder, path)
    if is_database(path):
        return _keep_database(source, target)
    if place_of(folder, path).is_relative_to(folder.parent / SHARED) and target.is_file():
        there = Stored(sha256_of(target), target.stat().st_size)
        if there == Stored(sha256_of(source), source.stat().st_size):
            return there
    return copy_whole(source, target)


def _keep_database(source: Path, target: Path) -> Stored:
    """Copy a database as it stands between two transactions; one that SQLite cannot read is refused by name."""
    private_folder(target.parent)
    os.close(os.open(target, os.O_CREAT | os.O_WRONLY, 0o600))
    try:
        with (
            closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=rw", uri=True)) as read,
            closing(sqlite3.connect(target)) as write,
        ):
            read.backup(write)
    except sqlite3.DatabaseError as error:
        remedy = "先运行 daybook verify;要换回好的一份,用 daybook restore"
        raise ArchiveError(f"数据库 {source.name} 读不了:{error}", remedy) from error
    return Stored(sha256_of(target), target.stat().st_size)


def _write_index(folder: Path, files: dict[str, Stored], at: datetime) -> None:
    told = {path: {"sha256": each.sha256, "size": each.size} for path, each in files.items()}
    handle = os.open(folder / INDEX, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump({"made_at": at.isoformat(timespec="seconds"), "files": told}, file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())


def _forget(backup: Path, keep: int) -> None:
    """Remove all but the newest snapshots, and workbooks that no snapshot holds any more stay: the archive forgets none."""
    if keep:
        with suppress(OSError):
            for old in snapshots(backup)[:-keep]:
                shutil.rmtree(old)
