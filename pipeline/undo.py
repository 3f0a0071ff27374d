"""Takes a run back in the whole home: every store's archive, the outbox of its day, the master file, and the later runs' workbooks.

    undo RUN ── archives, newest run first ── later runs' originals back into inbox ── outbox of the days anew

Cut off in between it is typed again: what is undone stays undone, and the rest is done then.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from pipeline.archive.keep_archive import Archive
from pipeline.archive.lookup import NightRow
from pipeline.errors import ArchiveError, InboxError, UsageError
from pipeline.keep_home import Home
from pipeline.keep_rollups import drop_rollup
from pipeline.publish import publish
from pipeline.publish_group import publish_group
from pipeline.rulebook.rulebook import Rulebook
from pipeline.write_whole import sync_files, sync_folders


@dataclass(frozen=True)
class Undone:
    """What was taken back: the runs, newest first, how many versions they had brought, days made anew, workbooks in the inbox again."""

    runs: tuple[str, ...]
    versions: int
    days: tuple[date, ...]
    again: tuple[str, ...]


def undo(
    home: Home,
    rules: Rulebook,
    archives: Mapping[str, Archive],
    run: str,
    at: datetime,
    *,
    with_later: bool = False,
    who: str = "",
) -> Undone:
    """Take a run back, `with_later` all runs after it too, whose workbooks go back into the inbox; the caller holds the lock.

    Raises UsageError for a run nobody knows, ArchiveError where later runs stand and `with_later` is not given.
    """
    nights = {night.night_id: night for archive in archives.values() for night in archive.nights()}
    if run not in nights:
        known = "、".join(sorted(name for name, night in nights.items() if night.counted)[-3:]) or "还没有"
        raise UsageError(f"没有 {run} 这一夜", f"最近的:{known};全部在 daybook status")
    later = sorted(
        (night for night in nights.values() if night.counted and _moment(night) > _moment(nights[run])), key=_moment
    )
    if later and not with_later:
        listed = "、".join(night.night_id for night in later)
        raise ArchiveError(
            f"{run} 以后还跑过 {listed},不能单独撤销", "加 --with-later 一起撤销,它们的表会放回 inbox 再跑"
        )
    again = tuple(_fed(home, archives, [night.night_id for night in later]))
    versions = 0
    for night in (*reversed(later), nights[run]):
        versions += sum(archive.undo(night.night_id, at, who) for archive in archives.values())
    days = tuple(sorted({night.on for night in (*later, nights[run])}))
    _made_anew(home, rules, archives, days)
    return Undone((*(night.night_id for night in reversed(later)), run), versions, days, again)


def _moment(night: NightRow) -> tuple[datetime, str]:
    return night.started_at, night.night_id


def _fed(home: Home, archives: Mapping[str, Archive], runs: Sequence[str]) -> Iterator[str]:
    """Put the workbooks of these runs back into the inbox, as saved when they were handed in."""
    for archive in archives.values():
        for book in archive.originals(runs):
            place = _free(home.inbox / book.path, (home.root / book.original).read_bytes())
            if place is None:
                continue
            try:
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(home.root / book.original, place)
                os.utime(place, (book.received.timestamp(), book.received.timestamp()))
                sync_files([place])  # before the archive forgets what it took in
                sync_folders([place.parent])
            except OSError as error:
                raise InboxError(f"inbox 不能写:{error.strerror or error}", "什么都没撤销;检查权限和空间") from error
            yield book.path


def _free(place: Path, content: bytes) -> Path | None:
    """Return where a workbook can lie, None where the same one lies already."""
    number = 1
    while place.exists():
        if place.read_bytes() == content:
            return None
        number += 1
        place = place.with_name(f"{place.stem}({number}){place.suffix}")
    return place


def _made_anew(home: Home, rules: Rulebook, archives: Mapping[str, Archive], days: Sequence[date]) -> None:
    """Make the outbox of these days anew, or remove it where no run of the day counts; the newest day brings the master file."""
    left = set[date]()
    for store, archive in archives.items():
        own = home.of(rules.house.room(store))
        counted = {night.on for night in archive.nights() if night.counted}
        for day in days:
            if day not in counted:
                shutil.rmtree(own.day(day), ignore_errors=True)
                drop_rollup(own, day)
        for day in sorted({*(day for day in days if day in counted), *([max(counted)] if counted else [])}):
            publish(own, rules.for_store(store), archive, day)
        if not counted:
            shutil.rmtree(own.exports, ignore_errors=True)
        left |= counted
    for day in days if rules.house.group else ():
        if day in left:
            publish_group(home, rules, day)
        else:
            shutil.rmtree(home.day(day), ignore_errors=True)
    if not left:
        (home.outbox / "最新.html").unlink(missing_ok=True)
