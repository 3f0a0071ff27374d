"""Tells which folders of the outbox name somebody, workbooks and pages alike."""

from __future__ import annotations

import zipfile
from collections.abc import Collection, Iterator
from pathlib import Path


def every_day(outbox: Path) -> list[str]:
    """Return the days of an outbox, oldest first."""
    return sorted(path.name for path in outbox.glob("[0-9]*-[0-9]*-[0-9]*") if path.is_dir())


def days_naming(outbox: Path, words: Collection[str]) -> Iterator[str]:
    """Yield the days, oldest first, of which any file holds one of these words (a phone, a masked one, a name)."""
    sought = [word.encode() for word in words if word]
    for day in every_day(outbox):
        files = (path for path in sorted((outbox / day).rglob("*")) if path.is_file())
        if any(any(word in path.name for word in words) or _holds(path, sought) for path in files):
            yield day


def _holds(path: Path, sought: Collection[bytes]) -> bool:
    return any(word in part for part in _parts(path) for word in sought)


def _parts(path: Path) -> Iterator[bytes]:
    if not zipfile.is_zipfile(path):
        yield path.read_bytes()
        return
    with zipfile.ZipFile(path) as package:  # our own, so its parts are as large as they say
        for name in package.namelist():
            yield package.read(name)
