"""What a home holds, in a form that two homes can be compared by: row for row and byte for byte, save the names of runs."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, TypeAlias

Likeness: TypeAlias = dict[str, Any]

_RUN_COLUMNS = {"_night", "night_id"}  # a night that was cut off and finished may bear another run's name
_NOT_COMPARED = {"night", "meta", "access_log"}


def likeness(root: Path) -> Likeness:
    """Return place or table → what is there. What is half done shows under a name that no sound home has."""
    held: Likeness = {}
    for room in ("outbox", "archive/originals", "archive/quarantine", "archive/exports", "inbox"):
        held |= {f"file {path.relative_to(root)}": _hash(path) for path in (root / room).rglob("*") if path.is_file()}
        held |= {f"folder {path.relative_to(root)}": "" for path in (root / room).rglob(".*") if path.is_dir()}
    nights: set[str] = set()
    for file in sorted((root / "archive").glob("*.sqlite")):
        with closing(sqlite3.connect(file)) as database:
            held |= {f"table {file.stem} {table}": rows for table, rows in _tables(database)}
            said = list(database.execute("SELECT night_id, status FROM night"))
        nights |= {night for night, _ in said}
        held |= {f"night {night} is {status}": "" for night, status in said if status != "done"}
    held |= _manifests(root / "archive" / "runs", nights)
    return held


def differences(twin: Likeness, other: Likeness) -> list[str]:
    """Return where another home differs from its twin, one line each; empty = the same."""
    told = [f"missing: {name}" for name in twin if name not in other]
    told += [f"too much: {name}" for name in other if name not in twin]
    both = [name for name in twin if name in other and twin[name] != other[name]]
    return told + [f"{name}: {_told(twin[name], other[name])}" for name in both]


def _told(mine: Any, other: Any) -> str:
    if not isinstance(mine, list):
        return "other bytes"
    return f"lost {[row for row in mine if row not in other]}, new {[row for row in other if row not in mine]}, {len(mine)} and {len(other)} rows"


def _tables(database: sqlite3.Connection) -> Iterator[tuple[str, list[Any]]]:
    names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    for name in names:
        if name not in _NOT_COMPARED and not name.startswith("sqlite_"):
            columns = [column for _, column, *_ in database.execute(f"PRAGMA table_info('{name}')")]
            kept = ", ".join(f'"{column}"' for column in columns if column not in _RUN_COLUMNS)
            yield name, sorted(map(repr, database.execute(f'SELECT {kept} FROM "{name}"')))  # noqa: S608 - our own names


def _manifests(folder: Path, nights: set[str]) -> Likeness:
    """Return what is wrong with the manifests: one that cannot be read, of a night the archive does not know, or half written."""
    held: Likeness = {}
    for path in folder.iterdir():
        try:
            run = json.loads(path.read_text("utf-8"))["run"] if path.suffix == ".json" else ""
        except ValueError:
            run = ""
        if path.name != f"{run}.json" or run not in nights:
            held[f"manifest {path.name}"] = ""
    return held | {f"no manifest of {night}": "" for night in nights if not (folder / f"{night}.json").exists()}


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
