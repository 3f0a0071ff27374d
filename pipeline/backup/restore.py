"""Puts a snapshot back: checked whole before anything is touched, a safety copy of what it replaces, the databases last.

    snapshot ─ every hash ─┤ safety copy ├─ workbooks, manifests, logs ─ databases, one rename each

Cut the power in between and restore again: the snapshot is still whole, and the safety copy of the first time stays.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from pipeline.backup.snapshot import (
    Snapshot,
    copy_whole,
    is_database,
    private_folder,
    read_snapshot,
    refuse_damaged,
    sha256_of,
)
from pipeline.backup.take import OWN, take_snapshot
from pipeline.errors import ArchiveError
from pipeline.keep_erased import KEY, LIST, entries, put_entries

_REMEMBERED = (f"archive/{KEY}", f"archive/{LIST}")


@dataclass(frozen=True)
class Restored:
    """What was put back: the snapshot, the safety copy of what stood before (None for an empty home), and what it does not hold.

    `later` names the runs since the snapshot, `rules` says whether rules were put back, `raw` names databases kept as broken as they were.
    """

    snapshot: Snapshot
    safety: Path | None
    later: tuple[str, ...]
    rules: bool
    raw: tuple[str, ...] = ()


def restore(home: Path, backup: Path, at: datetime, name: str = "") -> Restored:
    """Put the newest snapshot (or the one named) into a home; the caller holds its lock.

    Raises ArchiveError, with nothing touched, where the snapshot is not whole or the safety copy cannot be made.
    """
    snapshot = read_snapshot(backup, name)
    refuse_damaged(snapshot)
    fresh = not (home / "rules").is_dir()
    safety, raw = _safety(home, at)
    later = {run.stem for run in (home / "archive" / "runs").glob("*.json")} - snapshot.runs
    try:
        for path in sorted(snapshot.files, key=lambda each: (is_database(each), each)):
            if path.startswith("rules/") and not fresh:
                continue  # the clerk's rules of today stay; those of then lie in the backup
            if path in _REMEMBERED and (home / path).exists():
                continue  # an older snapshot knows of fewer who were erased
            _put(snapshot, path, home / path)
        (home / "archive").chmod(0o700)
        _remember(home / "archive", snapshot.folder / "archive", backup)
    except OSError as error:
        raise ArchiveError(f"恢复到一半写不下去:{error.strerror or error}", "腾出空间或改好权限,再恢复一次") from error
    return Restored(snapshot, safety, tuple(sorted(later)), fresh, raw)


def _remember(archive: Path, *elsewhere: Path) -> None:
    """Bring the list of who was erased up to what the backup knows, so that a restored archive can forget them again."""
    for folder in reversed(elsewhere):
        if (folder / KEY).is_file() and not (archive / KEY).exists():
            copy_whole(folder / KEY, archive / KEY)
    for folder in elsewhere:
        if (folder / KEY).is_file() and (folder / KEY).read_bytes() == (archive / KEY).read_bytes():
            put_entries(archive, entries(folder))
    put_entries(archive, [replace(entry, done=False) for entry in entries(archive)])


def _put(snapshot: Snapshot, path: str, target: Path) -> None:
    if target.is_file() and sha256_of(target) == snapshot.files[path].sha256:
        return
    if is_database(path):
        # A journal of the old database would be rolled back into the new one.
        for ending in ("-journal", "-wal", "-shm"):
            target.with_name(target.name + ending).unlink(missing_ok=True)
    if copy_whole(snapshot.place(path), target) != snapshot.files[path]:
        raise ArchiveError(f"备份里的 {path} 在恢复时变了", "换一份备份,再恢复一次")


def _safety(home: Path, at: datetime) -> tuple[Path | None, tuple[str, ...]]:
    """Keep what stands: as a snapshot of its own, or file by file where a database is too broken to be one."""
    databases = sorted((home / "archive").glob("*.sqlite"))
    if not databases:
        return None, ()
    try:
        return take_snapshot(home, home / OWN, at).folder, ()
    except ArchiveError:
        folder = home / OWN / f"{at:%Y-%m-%dT%H%M%S}-原样"
        try:
            kept = list(_as_they_are(home, folder))
        except OSError as error:
            raise ArchiveError(f"恢复前的备份做不成:{error.strerror or error}", "什么都没动;检查空间和权限") from error
        return folder, tuple(kept)


def _as_they_are(home: Path, folder: Path) -> Iterator[str]:
    """Copy databases with their journals, and manifests, byte for byte; restore replaces no workbook that is sound."""
    private_folder(folder)
    for place in sorted((home / "archive").glob("*.sqlite*")):
        copy_whole(place, folder / place.name)
        yield place.name
    if (home / "archive" / "runs").is_dir():
        shutil.copytree(home / "archive" / "runs", folder / "runs", dirs_exist_ok=True)
