"""Reads what lies in the inbox: which files may be taken, which are still being written, which are no hand-in at all."""

from __future__ import annotations

import os
import re
import stat
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from pipeline.errors import InboxError
from pipeline.read_writers import being_written
from pipeline.rulebook.rulebook import Rulebook

_LOCKS: Final = re.compile(r"^(~\$|\.~)|^\.~lock\..*#$|^~.*\.tmp$", re.IGNORECASE)
_JUNK: Final = re.compile(
    r"^(thumbs\.db|ehthumbs\.db|desktop\.ini|\.ds_store|__macosx|@eadir|#recycle|\$recycle\.bin|system volume information)$"
    r"|\.(tmp|temp|part|partial|crdownload|download|swp)$",
    re.IGNORECASE,
)
# Never through a link, and never waiting for whoever writes into a pipe; Windows has neither.
_READ: Final = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
_PACKAGE, _PACKAGE_END, _END_ROOM = b"PK\x03\x04", b"PK\x05\x06", (1 << 16) + 22  # a zip's last record and its comment
_OURS: Final = frozenset({".gitkeep"})  # keeps the empty inbox in the repository; nobody dropped it


@dataclass(frozen=True, slots=True)
class Arrival:
    """One stable file: `path` below the inbox (posix, fit to show and store), where it is, when it was received, whose it is.

    `received` is the modification time: naive local time, as fine as the file system keeps it: two saves
    within one second are still told apart.
    """

    path: str
    place: Path
    received: datetime
    store: str
    size: int
    saved_ns: int

    def content(self) -> bytes:
        """Return the file's bytes; UnsettledError if they are not those that were listed, or nobody can have them now.

        What was put in the file's place since (a link, a pipe) is not opened, or not waited for. A copy that has stalled half-way waits too,
        as long as whoever copies it holds it open; a whole workbook that somebody has open is taken.
        """
        try:
            handle = os.open(self.place, _READ)
            with os.fdopen(handle, "rb") as file:
                before = os.fstat(handle)
                content = file.read(self.size + 1) if stat.S_ISREG(before.st_mode) else b""
                after = os.fstat(handle)
                half = not _whole(content) and being_written(handle)
        except FileNotFoundError as error:
            raise UnsettledError("file.gone") from error
        except OSError as error:
            raise UnsettledError("file.locked") from error
        listed = (self.size, self.saved_ns)
        if (
            not listed == (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns)
            or len(content) != self.size
            or half
        ):
            raise UnsettledError("file.growing")
        return content


def _whole(content: bytes) -> bool:
    """Say whether a file may be all there: a package ends with its directory, and no hand-in is empty."""
    return _PACKAGE_END in content[-_END_ROOM:] if content.startswith(_PACKAGE) else bool(content)


class UnsettledError(Exception):
    """A file cannot be had whole just now: the code of the reason in `wording.yaml`. It waits for the next run."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Left:
    """One thing left where it lies: its path below the inbox and the code of the reason in `wording.yaml`."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Arrivals:
    """What lies in the inbox, each list by path."""

    files: tuple[Arrival, ...]
    waiting: tuple[Left, ...]
    ignored: tuple[Left, ...]


def scan(
    inbox: Path, now: datetime, stable_seconds: float, rules: Rulebook, pause: Callable[[float], None] = time.sleep,
    *, store: str = "",
) -> Arrivals:  # fmt: skip
    """Return what may be taken, what is still being written, and what is no hand-in at all; of one `store`, only its own folders are looked at.

    A file older than `stable_seconds` is taken at once; younger ones are watched for that long and taken if they held still.
    """
    _check(inbox)
    found: list[tuple[Path, os.stat_result]] = []
    waiting: list[Left] = []
    ignored: list[Left] = []
    others = _folders_of_others(inbox, store, rules)
    for place in (each for start in _starts(inbox, store, rules) for each in _below(start, waiting, inbox, others)):
        reason, seen = _no_hand_in(place)
        if reason:
            ignored.append(Left(_shown(place, inbox), reason))
        elif seen is None or not os.access(place, os.R_OK):
            waiting.append(Left(_shown(place, inbox), "file.locked"))
        else:
            found.append((place, seen))
    if any(_young(seen, now, stable_seconds) for _, seen in found):
        pause(stable_seconds)
    files: list[Arrival] = []
    for place, seen in found:
        if _young(seen, now, stable_seconds) and not _still(place, seen):
            waiting.append(Left(_shown(place, inbox), "file.growing"))
        else:
            files.append(_arrival(place, inbox, seen, rules))
    return Arrivals(tuple(files), tuple(sorted(waiting, key=lambda left: left.path)), tuple(ignored))


def _check(inbox: Path) -> None:
    """Raise InboxError where the inbox cannot be listed: it is not there, or its share has gone."""
    try:
        os.scandir(inbox).close()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise InboxError(f"没有 inbox 文件夹:{inbox}", "运行 daybook init,或用 --home 指到正确的文件夹") from error
    except OSError as error:
        raise InboxError(f"inbox 打不开:{error.strerror or error}", "检查网络盘和权限,再运行一次") from error


def _starts(inbox: Path, store: str, rules: Rulebook) -> list[Path]:
    """Return where to begin: the whole inbox, or the folders of one store; whoever is left what nobody's folder holds begins at the top."""
    house = rules.house
    if not store or store == house.rest:
        return [inbox]
    own = sorted(inbox / folder.strip("/") for each in house.stores if each.id == store for folder in each.folders)
    # A folder inside another of the same store is reached from there; one that nobody has made yet holds nothing.
    return [place for place in own if place.exists() and not any(other in place.parents for other in own)]


def _folders_of_others(inbox: Path, store: str, rules: Rulebook) -> frozenset[Path]:
    return frozenset(
        inbox / folder.strip("/")
        for each in rules.house.stores
        if store and each.id != store
        for folder in each.folders
    )


def _below(start: Path, waiting: list[Left], inbox: Path, others: Collection[Path]) -> Iterator[Path]:
    """Yield what lies below a store's folder, or what stands in its place: a link is not followed there either."""
    if start != inbox and (start.is_symlink() or not start.is_dir()):
        yield start
    else:
        yield from _walk(start, waiting, inbox, others)


def _walk(folder: Path, waiting: list[Left], inbox: Path, others: Collection[Path]) -> Iterator[Path]:
    """Yield every file and odd thing below a folder, by name; links are never followed, hidden, junk and others' folders not entered."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        waiting.append(Left(_shown(folder, inbox), "file.locked"))
        return
    for entry in entries:
        plain = not entry.name.startswith(".") and not _JUNK.search(entry.name)
        if plain and _is_folder(entry):
            if Path(entry.path) not in others:
                yield from _walk(Path(entry.path), waiting, inbox, others)
        elif entry.name not in _OURS:
            yield Path(entry.path)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:  # the share went; whoever opens it will be told
        return False


def _no_hand_in(place: Path) -> tuple[str, os.stat_result | None]:
    """Return why this is no hand-in ('' = it is one), and what the file system says of it (None = it cannot be asked)."""
    for pattern, reason in ((_LOCKS, "file.lock"), (_JUNK, "file.junk")):
        if pattern.search(place.name):
            return reason, None
    if place.name.startswith("."):
        return "file.hidden", None
    try:
        seen = place.lstat()
    except OSError:
        return "", None
    if stat.S_ISLNK(seen.st_mode):
        return "file.link", None
    return ("" if stat.S_ISREG(seen.st_mode) else "file.not-regular"), seen


def _young(seen: os.stat_result, now: datetime, stable_seconds: float) -> bool:
    # A clock ahead of ours makes a file seem unborn: then it is watched like a young one.
    return now.timestamp() - seen.st_mtime < stable_seconds


def _still(place: Path, seen: os.stat_result) -> bool:
    try:
        again = place.lstat()
    except OSError:
        return False
    return (again.st_size, again.st_mtime_ns, again.st_mode) == (seen.st_size, seen.st_mtime_ns, seen.st_mode)


def _arrival(place: Path, inbox: Path, seen: os.stat_result, rules: Rulebook) -> Arrival:
    path = _shown(place, inbox)
    received = datetime.fromtimestamp(seen.st_mtime)
    return Arrival(path, place, received, _store_of(path, rules), seen.st_size, seen.st_mtime_ns)


def _store_of(path: str, rules: Rulebook) -> str:
    """Return the store whose folder holds the file, the deepest folder first; else the store that names no folder."""
    stores = rules.house.stores
    if not stores:
        return "default"
    folders = [(folder.strip("/"), store.id) for store in stores for folder in store.folders]
    own = [(len(folder), store) for folder, store in folders if path.startswith(f"{folder}/")]
    if own:
        return max(own)[1]
    return rules.house.rest


def _shown(place: Path, inbox: Path) -> str:
    # Bytes that are no text become the replacement sign: the path is shown and stored.
    return os.fsencode(place.relative_to(inbox).as_posix()).decode("utf-8", "replace")
