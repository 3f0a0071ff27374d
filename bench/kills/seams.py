"""The seams of a night: every moment before it touches the disk, and before and after each commit, counted and named.

    open for writing · mkdir · rename · remove · fsync (before and after) · INSERT, UPDATE, DELETE · commit (before and after)

Python's own audit events tell of files, so no write can slip past; what the database does inside a commit only a signal
from outside can meet. Linux only: a file behind a number is found in /proc.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Engine, event
from sqlalchemy.engine.default import DefaultDialect

from pipeline import write_whole

PHASES: Final = ("originals", "manifest", "transaction", "outputs", "inbox")
_ROOMS: Final = {
    "archive/originals": "originals", "archive/quarantine": "originals", "archive/runs": "manifest", "archive/logs": "manifest",
    "archive/exports": "outputs", "outbox": "outputs", "inbox": "inbox",
}  # fmt: skip
_CHANGES: Final = {
    "os.rename": 2,
    "os.remove": 1,
    "os.mkdir": 1,
    "os.rmdir": 1,
}  # event → how many of its arguments are paths
_WRITES: Final = os.O_WRONLY | os.O_RDWR
_VERBS: Final = ("INSERT", "UPDATE", "DELETE", "CREATE", "ALTER")

Hit = Callable[[str, str], None]


def watch(root: Path, hit: Hit) -> None:
    """Call `hit(phase, what)` at every seam below a home from now on; it may kill the process, or raise OSError to fail the call.

    There is no way back: use it in a process that is about to end.
    """
    home = os.fsencode(root)
    _watch_files(home, hit)
    _watch_fsync(home, hit)
    _watch_database(hit)


def _watch_files(home: bytes, hit: Hit) -> None:
    def hears(name: str, said: tuple[Any, ...]) -> None:
        if name == "open":
            path, _, flags = said
            if isinstance(path, (str, bytes)) and isinstance(flags, int) and flags & _WRITES:
                _tell(home, hit, path, f"open for writing {_short(home, path)}")
        elif name in _CHANGES:
            for path in said[: _CHANGES[name]]:
                if isinstance(path, (str, bytes)) and _tell(home, hit, path, f"{name} {_short(home, path)}"):
                    break

    sys.addaudithook(hears)


def _watch_fsync(home: bytes, hit: Hit) -> None:
    real = os.fsync

    def fsync(handle: Any) -> None:
        number = handle if isinstance(handle, int) else handle.fileno()
        path = str(Path(f"/proc/self/fd/{number}").readlink())
        _tell(home, hit, path, f"before fsync {_short(home, path)}")
        real(number)
        _tell(home, hit, path, f"after fsync {_short(home, path)}")

    os.fsync = fsync  # type: ignore[assignment]
    whole = write_whole.sync_disks

    def sync_disks(files: Iterable[Path]) -> bool:
        places = list(files)
        _tell(home, hit, str(places[0]), f"before sync of {_short(home, str(places[0].parent))}")
        done = whole(places)
        _tell(home, hit, str(places[0]), f"after sync of {_short(home, str(places[0].parent))}")
        return done

    write_whole.sync_disks = sync_disks


def _watch_database(hit: Hit) -> None:
    written: list[str] = []

    def says(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith(_VERBS):
            written.append(statement)
            hit("transaction", " ".join(statement.split()[:3]))

    event.listen(Engine, "before_cursor_execute", says)
    real = DefaultDialect.do_commit

    def commit(self: DefaultDialect, connection: Any) -> None:
        wrote = bool(written)
        if wrote:
            hit("transaction", "before commit")
        real(self, connection)  # type: ignore[no-untyped-call]
        written.clear()
        if wrote:
            hit("transaction", "after commit")

    DefaultDialect.do_commit = commit  # type: ignore[method-assign]


def _short(home: bytes, path: str | bytes) -> str:
    return os.fsencode(path).removeprefix(home + b"/").decode("utf-8", "replace")


def _tell(home: bytes, hit: Hit, path: str | bytes, what: str) -> bool:
    """Hit if the path lies in a room that matters, and say whether it did."""
    if not os.fsencode(path).startswith(home):
        return False
    below = _short(home, path)
    phase = next((phase for room, phase in _ROOMS.items() if below == room or below.startswith(f"{room}/")), "")
    if phase:
        hit(phase, what)
    return bool(phase)
