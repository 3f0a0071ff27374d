"""Keeps what each store of a group adds to it, a small file per store and day, and why a store's night was not done.

archive/rollups/2026-11-05/east.json          written with the store's outbox, made again with it, gone when its day is undone
archive/rollups/2026-11-05/west.failed.json   the last night of the day that could not be run; gone after one that could
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Final

from pipeline.keep_home import Home
from pipeline.rollup import Fate, Rollup
from pipeline.rulebook.rulebook import Rulebook
from pipeline.write_whole import write_whole

_ENDING: Final = ".json"
_FAILED: Final = ".failed.json"
_UNREADABLE: Final = "这家店的汇总数读不了,用 daybook report 重做这一天的报表"
_LOOK_BACK: Final = 60  # days with a roll-up of any store that are looked through for a store's last one


def keep_rollup(home: Home, rollup: Rollup) -> None:
    """Write a store's roll-up of a day. OSError if it cannot be written."""
    _write(_room(home, rollup.on) / f"{rollup.store}{_ENDING}", rollup.plain())


def renew_rollup(home: Home, on: date, run: str) -> bool:
    """Let a store's roll-up of a day name a later run that added nothing; False where it is not there or cannot be read."""
    try:
        kept = Rollup.of(_read(_room(home, on) / f"{home.store}{_ENDING}"))
    except (OSError, ValueError, KeyError, TypeError):
        return False
    keep_rollup(home, replace(kept, run=run))
    return True


def drop_rollup(home: Home, on: date) -> None:
    """Forget what a store added on a day that is undone."""
    if home.store:
        (_room(home, on) / f"{home.store}{_ENDING}").unlink(missing_ok=True)


def keep_failure(home: Home, on: date, store: str, reason: str) -> None:
    """Note why a store's night was not done, or with '' that it was after all. OSError if it cannot be written."""
    place = _room(home, on) / f"{store}{_FAILED}"
    if reason:
        _write(place, {"reason": reason})
    else:
        place.unlink(missing_ok=True)


def fates(home: Home, rules: Rulebook, on: date) -> tuple[Fate, ...]:
    """Return how each store's day is, in the order of `house.yaml`; no archive is opened. A roll-up that cannot be read is a failure of its store's."""
    room = _room(home, on)
    there = {path.name for path in room.iterdir()} if room.is_dir() else set[str]()
    lacking = [store.id for store in rules.house.stores if f"{store.id}{_ENDING}" not in there]
    last = _last(home, on, lacking)
    return tuple(
        _fate(room, store.id, store.name or store.id, there, last.get(store.id)) for store in rules.house.stores
    )


def _fate(room: Path, store: str, name: str, there: set[str], last: date | None) -> Fate:
    done, failed = f"{store}{_ENDING}" in there, f"{store}{_FAILED}" in there
    try:
        rollup = Rollup.of(_read(room / f"{store}{_ENDING}")) if done else None
        reason = str(_read(room / f"{store}{_FAILED}")["reason"]) if failed else ""
    except (OSError, ValueError, KeyError, TypeError):
        return Fate(store, name, "failed", None, _UNREADABLE, last)
    return Fate(store, name, "failed" if failed else "done" if done else "none", rollup, reason, last)


def _last(home: Home, on: date, stores: Iterable[str]) -> dict[str, date]:
    """Return the last day before of each store that has a roll-up of one."""
    lacking, found = set(stores), dict[str, date]()
    rooms = (home.archive / "rollups").glob("????-??-??") if lacking else ()
    for day in sorted((room.name for room in rooms if room.name < on.isoformat()), reverse=True)[:_LOOK_BACK]:
        there = {path.name for path in (home.archive / "rollups" / day).iterdir()}
        for store in [each for each in lacking if f"{each}{_ENDING}" in there]:
            found[store] = date.fromisoformat(day)
            lacking.remove(store)
        if not lacking:
            break
    return found


def _room(home: Home, on: date) -> Path:
    return home.archive / "rollups" / on.isoformat()


def _write(place: Path, plain: object) -> None:
    for room in (place.parent.parent, place.parent):
        room.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_whole(place, json.dumps(plain, ensure_ascii=False).encode())


def _read(place: Path) -> Any:
    return json.loads(place.read_text("utf-8"))
