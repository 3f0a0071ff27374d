"""Makes the whole archive anew from its originals, night by night as they went in, and says where it differs from the one that stands.

    past nights ─ originals, rules of that night → read → examine → weigh → fresh archive beside ─┐
    standing archive ──────────────────────────────────────────────────────── row for row ── unlike

Undone nights go in and are undone again, since a later one that was undone too may have been merged over them.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, TypeAlias

from pipeline.archive.engine import OWN_FILE
from pipeline.archive.keep_archive import Archive, open_archive
from pipeline.archive.past import Past, Sent
from pipeline.errors import ArchiveError
from pipeline.examine import examine
from pipeline.rulebook.rulebook import Rulebook
from pipeline.weigh import weigh
from pipeline.workers import read_books
from pipeline.write_whole import BESIDE

_Run: TypeAlias = Mapping[str, Past]  # one night, by store
_NAMED: Final = f"{BESIDE}rebuild-"


def unlike_originals(
    home: Path, archives: Mapping[str, Archive], rules: Rulebook, seen: Callable[[str, int], None] = lambda *_: None
) -> Iterator[str]:
    """Yield one Chinese sentence per row that the originals do not give as it stands; nothing when the archive is what they make.

    `seen` is told of every night and its workbooks. The caller holds the home's lock. A night that kept no rules is judged by today's.
    Raises ArchiveError where rules of a night can no longer be read.
    """
    runs = _runs(archives)
    lost = sorted({book.original for run in runs for past in run.values() for book in past.books if _lost(home, book)})
    if lost:
        yield from (f"原件不见了或被改动过,不能重建:{original or '没有登记在哪里'}" for original in lost)
        return
    for rest in (home / "archive").glob(f"{_NAMED}*"):  # of a rebuilding that was cut off
        shutil.rmtree(rest, ignore_errors=True)
    with TemporaryDirectory(prefix=_NAMED, dir=home / "archive") as folder:
        fresh = _Fresh(home, Path(folder), tuple(archives), rules)
        with fresh.opened:
            made = fresh.take(runs, seen)
            for store, archive in archives.items():
                yield from archive.unlike(made[store])


def kept_no_rules(archives: Mapping[str, Archive]) -> int:
    """Return how many nights were judged by rules that nobody kept."""
    return sum(any(not past.rules for past in run.values()) for run in _runs(archives))


def _runs(archives: Mapping[str, Archive]) -> list[_Run]:
    """Return the nights of all stores, in the order they went in."""
    runs: dict[str, dict[str, Past]] = {}
    for store, archive in archives.items():
        for past in archive.past():
            runs.setdefault(past.night.night_id, {})[store] = past
    return sorted(runs.values(), key=lambda run: _any(run).night.started_at)


def _any(run: _Run) -> Past:
    return next(iter(run.values()))


def _lost(home: Path, book: Sent) -> bool:
    place = home / book.original
    return not (
        book.original
        and place.is_file()
        and hashlib.sha256(place.read_bytes()).hexdigest() == (book.redacted or book.sha256)
    )


class _Fresh:
    """The archives made anew, in a folder of their own; they stay open as long as the rules are the same."""

    def __init__(self, home: Path, folder: Path, stores: Sequence[str], rules: Rulebook) -> None:
        self.home, self.folder, self.stores, self.today = home, folder, stores, rules
        self.undone: list[_Run] = []  # in, and still to be undone
        self.kept, self.rules = "", rules
        self.opened = ExitStack()
        self.archives: dict[str, Archive] = {}

    def take(self, runs: Sequence[_Run], seen: Callable[[str, int], None]) -> dict[str, Archive]:
        """Take the nights in, undone ones as long as they stood, and return the archives, open for today's rules."""
        for run in runs:
            self._judge_by(_any(run))
            self._undo(run)
            self._night(run)
            if _any(run).undone:
                self.undone.append(run)
            seen(_any(run).night.night_id, sum(len(past.books) for past in run.values()))
        self._open(self.today)
        self._undo(None)
        return self.archives

    def _judge_by(self, past: Past) -> None:
        if self.archives and past.rules == self.kept:
            return
        try:
            rules = Rulebook.of(past.rules) if past.rules else self.today
        except ValueError as error:
            remedy = "用收那一夜的版本重建;其余核对照常用 daybook verify"
            raise ArchiveError(f"{past.night.night_id} 的规则,这个版本的程序已经读不了", remedy) from error
        self.kept = past.rules
        self._open(rules)

    def _open(self, rules: Rulebook) -> None:
        self.opened.close()
        self.rules = rules
        self.archives = {
            store: self.opened.enter_context(open_archive(self.folder, store, rules, OWN_FILE)) for store in self.stores
        }

    def _undo(self, before: _Run | None) -> None:
        """Undo what was undone before this night went in, newest first; all that is left before None."""
        while self.undone and (before is None or _was_undone(self.undone[-1], before)):
            past = _any(self.undone.pop())
            for archive in self.archives.values():
                archive.undo(past.night.night_id, past.undone_at or past.night.started_at)

    def _night(self, run: _Run) -> None:
        store_of = {book.path: store for store, past in run.items() for book in past.books}
        books = sorted(
            (book for past in run.values() for book in past.books),
            key=lambda book: (book.received, book.sha256, book.path),
        )
        read = read_books((book.path, (self.home / book.original).read_bytes(), book.received) for book in books)
        # One from which somebody was erased has a hash of its own, and stays the hand-in it was.
        known = {book.path: book.sha256 for book in books}
        read = (replace(book, sha256=known[book.path]) for book in read)
        examined = examine(read, self.rules, _any(run).night.on, store_of=store_of.__getitem__)
        told, changes = weigh(examined.submissions, {store: self.archives[store] for store in run}, self.rules)
        for store, past in run.items():
            own = [submission for submission in told if submission.store == store]
            filed = {book.sha256: book.original for book in past.books}
            self.archives[store].commit(past.night, own, changes[store], filed)
            if past.finished_at is not None:
                self.archives[store].finish(past.night.night_id, past.finished_at)


def _was_undone(run: _Run, before: _Run) -> bool:
    """Say whether a night had been undone when another one began; one that counts never saw one that does not."""
    earlier, later = _any(run), _any(before)
    if not later.undone or earlier.undone_at is None:
        return True
    together = earlier.undone_at == later.undone_at
    return not together and earlier.undone_at.replace(microsecond=0) <= later.night.started_at
