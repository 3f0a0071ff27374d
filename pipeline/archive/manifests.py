"""Holds the archives of a home against the manifests of its runs: what a run said it took in is in, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from pipeline.archive.commit import LEFT_OUT
from pipeline.archive.keep_archive import Archive

_NAMED: Final = 12  # digits of a hash that name a workbook


def unlike_manifests(home: Path, archives: Iterable[Archive]) -> Iterator[str]:
    """Yield one sentence per run of a store whose manifest is gone or counts other workbooks than its archive holds."""
    for archive in archives:
        for run, books in sorted(archive.workbooks().items()):
            yield from _unlike(home, run, archive.rules.house.room(archive.store), books)


def _unlike(home: Path, run: str, room: str, books: set[tuple[str, str]]) -> Iterator[str]:
    runs = home / "archive" / "runs"
    said = _said(runs / room / f"{run}.json")
    if said is None and room:  # of the time when the store was alone in its home
        said = _said(runs / f"{run}.json")
    if said is None:
        yield f"{run} 的清单不见了或读不了:archive/runs/{f'{room}/' if room else ''}{run}.json"
    else:
        for sha256, verdict in sorted(said - books):
            yield f"{run} 的清单里有工作簿 {sha256[:_NAMED]}({verdict}),档案里没有"
        for sha256, verdict in sorted(books - said):
            yield f"{run} 的工作簿 {sha256[:_NAMED]}({verdict})在档案里,清单里没有"


def _said(place: Path) -> set[tuple[str, str]] | None:
    try:
        books = json.loads(place.read_text("utf-8"))["books"]
        return {(book["sha256"], book["verdict"]) for book in books if book["verdict"] not in LEFT_OUT}
    except (OSError, ValueError, KeyError, TypeError):
        return None
