"""Keeps what a business day was drawn from and what then lay there, so that a night that brings nothing new leaves it as it is.

    archive, rules, program, the day's manifests ─ drawn_from ─┐
    outbox/DATE, 最新.html, 主档案, byte for byte ──────────────┴─ archive/drawn/last.json

One day is kept, the last that was drawn. No name stands in it, only hashes: a file's may be somebody's, who is erased one day.
Whatever differs or cannot be read, the day is drawn again.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

from pipeline import __version__
from pipeline.keep_home import Home
from pipeline.rulebook.rulebook import Rulebook
from pipeline.write_whole import write_whole

_PROGRAM: Final = Path(__file__).parent
_NEWEST: Final = "最新.html"


def drawn_from(state: object, rules: Rulebook, runs: Sequence[Mapping[str, Any]]) -> str:
    """Return the hash of all a day is drawn from: the archive's state, the rules, this program, and what the day's runs say of files.

    Of a file that several runs tell the same of (one that nobody may read lies in the inbox every night) the last telling counts.
    """
    books = [_plain(book) for run in runs for book in run["books"]]
    told = list(dict.fromkeys(reversed(books)))
    records = [run["records"] for run in runs if run["records"]]
    return _hash([__version__, _program(), rules.text, state, told, records])


def stands(home: Home, on: date, drawn: str) -> bool:
    """Say whether a day was drawn from the very same and still lies there, no file more or less and none changed."""
    try:
        kept = json.loads(_place(home).read_text("utf-8"))
        return bool(kept == _stamp(home, on, drawn))
    except (OSError, ValueError):
        return False


def keep_drawn(home: Home, on: date, drawn: str) -> None:
    """Note what a day was drawn from, once it lies there; where that cannot be noted the day is drawn again next time."""
    place = _place(home)
    with contextlib.suppress(OSError):
        for room in (place.parent.parent, place.parent):
            room.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(place, _plain(_stamp(home, on, drawn)).encode())


def _place(home: Home) -> Path:
    return home.archive / "drawn" / home.store / "last.json"


def _stamp(home: Home, on: date, drawn: str) -> Mapping[str, str]:
    days = [path.name for path in home.outbox.iterdir() if path.is_dir() and path.name[:1].isdigit()]
    newest = [] if home.store else [home.outbox / _NEWEST]
    files = [*sorted(home.day(on).rglob("*")), *sorted(home.exports.glob("*")), *newest]
    lying = [(path.relative_to(home.root).as_posix(), _hash_of(path)) for path in files if path.is_file()]
    return {"on": on.isoformat(), "drawn_from": drawn, "lying": _hash([lying, max(days, default="")])}


@cache
def _program() -> tuple[tuple[str, int, int], ...]:
    """Return what tells that the program was changed under the same version; a process runs one program to its end."""
    parts = ((place, place.stat()) for place in sorted(_PROGRAM.rglob("*")) if place.suffix in (".py", ".j2"))
    return tuple((place.relative_to(_PROGRAM).as_posix(), seen.st_size, seen.st_mtime_ns) for place, seen in parts)


def _hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _hash(said: object) -> str:
    return hashlib.sha256(_plain(said).encode()).hexdigest()


def _plain(said: object) -> str:
    return json.dumps(said, default=str)
