"""Keeps the manifests of runs: written before the transaction where nobody looks, shown once the archive knows the night.

put_aside ─┤transaction├─ show       cut off in between, the next run settles it: shown if the archive knows the night, else gone
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pipeline.write_whole import move, write_whole

_ASIDE = "."  # how the name of a manifest begins whose night is not in yet


def run_id(runs: Path, on: date, started: datetime, more: str = "") -> str:
    """Return a name no run has had, its night known or not; two runs may begin within one second."""
    name = f"{on.isoformat()}T{started:%Y%m%d%H%M%S}{more}"
    taken = {path.stem.removeprefix(_ASIDE) for path in runs.glob("*.json") if name in path.stem}
    return next(each for each in (name, *(f"{name}-{n}" for n in range(2, len(taken) + 3))) if each not in taken)


def put_aside(runs: Path, said: Mapping[str, Any]) -> None:
    """Write a run's manifest, safe on disk and not to be seen yet. OSError if it cannot be written."""
    for room in (runs.parent, runs):
        room.mkdir(mode=0o700, parents=True, exist_ok=True)
    text = json.dumps(said, ensure_ascii=False, indent=1)
    write_whole(runs / f"{_ASIDE}{said['run']}.json", text.encode())


def show(runs: Path, run: str) -> None:
    """Let the manifest of a night be seen that the archive knows."""
    aside = runs / f"{_ASIDE}{run}.json"
    if aside.exists():
        move(aside, aside.with_name(f"{run}.json"))


def settle(runs: Path, nights: Collection[str]) -> None:
    """Show the manifests of these nights, and drop those of nights that never were, with whatever else was left half written."""
    for aside in sorted(runs.glob(f"{_ASIDE}*.json")):
        run = aside.stem.removeprefix(_ASIDE)
        if run in nights:
            show(runs, run)
        else:
            aside.unlink(missing_ok=True)


def manifest_of(runs: Path, run: str) -> Mapping[str, Any] | None:
    """Return a night's manifest, or None if there is none (any more).

    A store that was alone in its home once has the manifests of that time one folder up.
    """
    for path in (runs / f"{run}.json", runs / f"{_ASIDE}{run}.json", runs.parent / f"{run}.json"):
        if path.exists():
            found: Mapping[str, Any] = json.loads(path.read_text("utf-8"))
            return found
    return None
