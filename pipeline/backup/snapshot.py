"""What one snapshot holds: its index, where its files lie, and whether they are still what they were.

    DIR/originals/archive/originals/2026/11/…    every workbook once, shared by all snapshots: its name holds its hash
    DIR/2026-11-05T213000/index.json             path below HOME → SHA-256, bytes
    DIR/2026-11-05T213000/archive/default.sqlite databases, manifests, logs and rules as they were then

A snapshot is written under a hidden name and renamed when it is whole, so what has a name is whole or was damaged later.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pipeline.errors import ArchiveError
from pipeline.write_whole import move

SHARED: Final = "originals"
INDEX: Final = "index.json"
HIDDEN: Final = ".daybook-"
_NAMED: Final = re.compile(r"\d{4}-\d\d-\d\dT\d{6}(-\d+)?")
_KEPT_ONCE: Final = ("archive/originals/", "archive/quarantine/")
_MOST: Final = 5  # damaged files named in one sentence
_BLOCK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Stored:
    """One file of a home as a snapshot holds it."""

    sha256: str
    size: int


@dataclass(frozen=True)
class Snapshot:
    """One snapshot: its folder below the backup, and what it holds by posix path below HOME."""

    folder: Path
    files: Mapping[str, Stored]

    @property
    def name(self) -> str:
        """When it was made, as its folder is called."""
        return self.folder.name

    @property
    def databases(self) -> tuple[str, ...]:
        """The stores' databases, by path below HOME."""
        return tuple(path for path in self.files if is_database(path))

    @property
    def runs(self) -> frozenset[str]:
        """The runs whose manifests it holds."""
        return frozenset(Path(path).stem for path in self.files if path.startswith("archive/runs/"))

    def place(self, path: str) -> Path:
        """Return where a file of the home lies in the backup."""
        return place_of(self.folder, path)


def is_database(path: str) -> bool:
    """Say whether a path below HOME is a store's database."""
    return path.startswith("archive/") and path.endswith(".sqlite") and path.count("/") == 1


def place_of(folder: Path, path: str) -> Path:
    """Return where a snapshot in this folder keeps a file: workbooks are kept once for all snapshots."""
    return (folder.parent / SHARED if path.startswith(_KEPT_ONCE) else folder) / path


def snapshots(backup: Path) -> list[Path]:
    """Return the folders of a backup's snapshots, oldest first."""
    if not backup.is_dir():
        return []
    return sorted(each for each in backup.iterdir() if each.is_dir() and _NAMED.fullmatch(each.name))


def read_snapshot(backup: Path, name: str = "") -> Snapshot:
    """Return a backup's newest snapshot, or the one of that name; ArchiveError where there is none or its index cannot be read."""
    there = snapshots(backup)
    folder = next((each for each in reversed(there) if name in ("", each.name)), None)
    if folder is None:
        known = f"有:{'、'.join(each.name for each in there)}" if there else "先运行 daybook backup 目录"
        raise ArchiveError(f"{backup} 里没有备份{f' {name}' if name else ''}", known)
    try:
        index = json.loads((folder / INDEX).read_text("utf-8"))
        files = {path: Stored(str(each["sha256"]), int(each["size"])) for path, each in index["files"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ArchiveError(f"备份 {folder} 的目录文件读不了", "这一份不能用,换一份") from error
    if any(not _inside(path) for path in files):
        raise ArchiveError(f"备份 {folder} 的目录文件里有指到外面的路径", "这一份不能用,换一份")
    return Snapshot(folder, files)


def damaged(snapshot: Snapshot) -> Iterator[str]:
    """Yield one sentence per file that is gone, was changed, or is a database that does not hold together."""
    for path, stored in snapshot.files.items():
        place = snapshot.place(path)
        if not place.is_file():
            yield f"少了 {path}"
        elif sha256_of(place) != stored.sha256:
            yield f"{path} 被改动过"
        elif is_database(path) and not whole(place):
            yield f"数据库 {path} 损坏"


def refuse_damaged(snapshot: Snapshot) -> None:
    """Raise ArchiveError that names the first damaged files of a snapshot."""
    found = list(damaged(snapshot))
    if found:
        rest = f"等 {len(found)} 处" if len(found) > _MOST else ""
        said = ";".join(found[:_MOST])
        raise ArchiveError(f"备份 {snapshot.folder} 不完好:{said}{rest}", "换一份备份;这里什么都没动")


def whole(database: Path) -> bool:
    """Say whether a SQLite file holds together; it is opened for reading only."""
    try:
        with closing(sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)) as opened:
            return opened.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    except sqlite3.DatabaseError:
        return False


def sha256_of(place: Path) -> str:
    """Return the SHA-256 of a file."""
    with place.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def private_folder(folder: Path) -> None:
    """Make a folder and whatever lacks above it, for their owner only."""
    for each in reversed([folder, *folder.parents]):
        if not each.is_dir():
            each.mkdir(mode=0o700)


def copy_whole(source: Path, target: Path) -> Stored:
    """Copy a file beside its new place, private and forced to disk, then rename it; return what was read from the source."""
    private_folder(target.parent)
    beside = target.with_name(f"{HIDDEN}{target.name[:40]}")
    digest, size = hashlib.sha256(), 0
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with source.open("rb") as read, os.fdopen(handle, "wb") as write:
        while block := read.read(_BLOCK):
            digest.update(block)
            size += len(block)
            write.write(block)
        write.flush()
        os.fsync(write.fileno())
    move(beside, target)
    return Stored(digest.hexdigest(), size)


def _inside(path: str) -> bool:
    parts = Path(path).parts
    return bool(parts) and parts[0] in ("archive", "rules") and ".." not in parts and "\\" not in path
