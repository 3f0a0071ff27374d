"""Keeps the manifests of runs: written before the transaction where nobody looks, shown once the archive knows the night.

put_aside ─┤transaction├─ show       cut off in between, the next run settles it: shown if the archive knows the night, else gone
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from pipeline.write_whole import write_whole

_ROOM = "runs"
_ASIDE = "."  # how the name of a manifest begins whose night is not in yet


def run_names(archive: Path, beginning: str) -> set[str]:
    """Return the names that begin so and that a run has had, its night known or not."""
    return {path.stem.removeprefix(_ASIDE) for path in (archive / _ROOM).glob("*.json") if beginning in path.stem}


def put_aside(archive: Path, said: Mapping[str, Any]) -> None:
    """Write a run's manifest, safe on disk and not to be seen yet. OSError if it cannot be written."""
    (archive / _ROOM).mkdir(mode=0o700, parents=True, exist_ok=True)
    text = json.dumps(said, ensure_ascii=False, indent=1)
    write_whole(archive / _ROOM / f"{_ASIDE}{said['run']}.json", text.encode())


def show(archive: Path, run: str) -> None:
    """Let the manifest of a night be seen that the archive knows."""
    aside = archive / _ROOM / f"{_ASIDE}{run}.json"
    if aside.exists():
        aside.replace(aside.with_name(f"{run}.json"))


def settle(archive: Path, nights: Collection[str]) -> None:
    """Show the manifests of these nights, and drop those of nights that never were, with whatever else was left half written."""
    for aside in sorted((archive / _ROOM).glob(f"{_ASIDE}*.json")):
        run = aside.stem.removeprefix(_ASIDE)
        if run in nights:
            show(archive, run)
        else:
            aside.unlink(missing_ok=True)


def manifest_of(archive: Path, run: str) -> Mapping[str, Any] | None:
    """Return a night's manifest, or None if there is none (any more)."""
    for name in (f"{run}.json", f"{_ASIDE}{run}.json"):
        path = archive / _ROOM / name
        if path.exists():
            found: Mapping[str, Any] = json.loads(path.read_text("utf-8"))
            return found
    return None
