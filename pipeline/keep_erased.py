"""Keeps who was erased, without saying who: the home's key and the list of tombstones, both private, the list also beside every backup.

    archive/erased.key      32 random bytes, made once; whoever has it can tell whether a phone is on the list
    archive/erased.json     one entry a person: pseudonym, day, erased or expired, why; `days` still to be made anew while it is not `done`

The list is written before anything is removed: cut off in between, the next run finds the entry open and goes on. A restored
archive does not know of later erasures; the list does, and they are done again.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from pipeline.errors import ArchiveError
from pipeline.write_whole import write_whole

KEY: Final = "erased.key"
LIST: Final = "erased.json"
_BYTES: Final = 32


@dataclass(frozen=True)
class Entry:
    """One person who is no longer known in some stores: `key` the pseudonym, `at` when (ISO, naive local), `what` erase or purge."""

    key: str
    at: str
    what: str
    reason: str
    days: tuple[str, ...] = ()
    done: bool = False
    stores: tuple[str, ...] = ()  # () = all


def secret(archive: Path) -> bytes:
    """Return the home's key, made on the first call; ArchiveError if it can neither be read nor written."""
    place = archive / KEY
    try:
        if not place.exists():
            write_whole(place, secrets.token_bytes(_BYTES))
        return place.read_bytes()
    except OSError as error:
        raise ArchiveError(f"{place} 读写不了:{error.strerror}", "检查 archive 文件夹的权限") from error


def entries(folder: Path) -> tuple[Entry, ...]:
    """Return the list of a home's archive or of a backup, () where there is none; ArchiveError if it cannot be read."""
    try:
        listed = json.loads((folder / LIST).read_text("utf-8"))
        return tuple(
            Entry(**{**each, "days": tuple(each["days"]), "stores": tuple(each.get("stores", ()))}) for each in listed
        )
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ArchiveError(
            f"删除名单 {folder / LIST} 读不了", "从备份里拿回这个文件;没有它,恢复时不知道谁要再删"
        ) from error


def put_entries(folder: Path, fresh: Iterable[Entry]) -> None:
    """Add these to a list, or bring up to date those of the same person and moment."""
    fresh = list(fresh)
    if not fresh:
        return
    known = {(each.key, each.at): each for each in entries(folder)}
    known |= {(each.key, each.at): each for each in fresh}
    listed = [asdict(each) for each in sorted(known.values(), key=lambda each: (each.at, each.key))]
    try:
        write_whole(folder / LIST, json.dumps(listed, ensure_ascii=False, indent=1).encode())
    except OSError as error:
        raise ArchiveError(f"删除名单写不进 {folder}:{error.strerror}", "检查那里的权限和空间") from error


def share(archive: Path, backup: Path) -> bool:
    """Lay the list and its key beside a backup's snapshots, so that an older one forgets again; False if the backup cannot be reached."""
    if not backup.is_dir() or not os.access(backup, os.W_OK):
        return False
    if listed := entries(archive):
        put_entries(backup, listed)
        write_whole(backup / KEY, secret(archive))
    return True
