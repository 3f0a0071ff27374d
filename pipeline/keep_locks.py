"""Lets one run at a time work on a home, or on each of the stores that share it; the door to filelock.

    home_lock    the whole home: undo, backup, restore, reports made again; refuses while any store's night runs
    group_lock   the nights of all stores; each of them holds its own
    store_lock   one store's night; refuses while somebody holds the whole home

Who comes second looks at the first one's lock after holding his own, so that of two who begin together at least one sees the other.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from pipeline.errors import ArchiveError, LockedError
from pipeline.keep_home import Home

_WHOLE: Final = ".lock"
_GROUP: Final = ".locks/group"  # no store is called so: its lock ends in .store
_BUSY: Final = ("另一次运行正在进行", "等它结束再运行")


@contextmanager
def home_lock(home: Path) -> Iterator[None]:
    """Hold the whole home; LockedError at once if a run holds it or one of its stores."""
    with _held(home, _WHOLE):
        _refuse_held(home / "archive" / _GROUP)
        for lock in sorted((home / "archive").glob(".locks/*.store")):
            _refuse_held(lock)
        yield


@contextmanager
def group_lock(home: Home) -> Iterator[None]:
    """Hold the nights of all stores; LockedError at once if they run already, or somebody holds the whole home."""
    with _held(home.root, _GROUP):
        _refuse_held(home.archive / _WHOLE)
        yield


@contextmanager
def store_lock(home: Home) -> Iterator[None]:
    """Hold one store's night, or the home of a store that is alone in it; LockedError at once if a run holds it."""
    if not home.store:
        with home_lock(home.root):
            yield
        return
    with _held(home.root, f".locks/{home.store}.store"):
        _refuse_held(home.archive / _WHOLE)
        yield


@contextmanager
def _held(home: Path, name: str) -> Iterator[None]:
    place = home / "archive" / name
    try:
        for folder in dict.fromkeys((home / "archive", place.parent)):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = FileLock(place, timeout=0, mode=0o600)
        lock.acquire()
    except Timeout as error:
        raise LockedError(*_BUSY) from error
    except OSError as error:
        raise ArchiveError(f"档案文件夹不能写:{error.strerror or error}", "检查 archive 文件夹的权限") from error
    try:
        yield
    finally:
        lock.release()


def _refuse_held(place: Path) -> None:
    """Raise LockedError where somebody holds the lock."""
    if not place.exists():
        return
    lock = FileLock(place, timeout=0, mode=0o600)
    try:
        lock.acquire()
    except Timeout as error:
        raise LockedError(*_BUSY) from error
    except OSError as error:
        raise ArchiveError(f"档案文件夹不能写:{error.strerror or error}", "检查 archive 文件夹的权限") from error
    lock.release()
