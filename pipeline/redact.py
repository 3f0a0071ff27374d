"""Looks through every original of a store for some persons, and writes those that name them anew without them.

original ─ read ─ holds? ─ read as a form ─ empty ─► values-only copy, beside the old one, which goes when the archive knows the new
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Final

from pipeline.archive.books import Filed
from pipeline.erasure.empty import Emptied, empty, holds
from pipeline.erasure.told import Replaced
from pipeline.erasure.wanted import Wanted
from pipeline.examine import examine
from pipeline.grid import Book, Grid, Unreadable
from pipeline.leave_out import Gone
from pipeline.rulebook.rulebook import Rulebook
from pipeline.workers import read_books
from pipeline.write_returned import values_only

_AT_ONCE: Final = 50  # workbooks that name them and are held in memory together
_DIGITS: Final = 12  # of a hash in a file's name
NAME: Final = "已隐去.xlsx"  # whatever a file was called: its name may be a customer's
_REMOVED: Final = "按要求删除了客户资料,这一本不再保留。"


@dataclass(frozen=True)
class Redacted:
    """One original without them: what the archive is to know of it, and the bytes to be written there."""

    sha256: str
    was: str
    now: Replaced
    content: bytes


@dataclass(frozen=True)
class Redactions:
    """All originals that name them, and those nobody can look into (locked, broken)."""

    changed: tuple[Redacted, ...]
    closed: tuple[str, ...]


def redact(home: Path, filed: Sequence[Filed], wanted: Wanted, rules: Rulebook, on: date) -> Redactions:
    """Return what is to become of a store's originals; nothing is written."""
    closed: list[str] = []
    changed: list[Redacted] = []
    naming = _naming(home, filed, wanted, closed)
    while some := list(islice(naming, _AT_ONCE)):
        read = examine([book for _, book in some], rules, on).submissions
        for (one, book), submission in zip(some, read, strict=True):
            changed.append(_redacted(one, empty(book, submission, wanted, rules), rules))
    for one in [each for each in filed if each.original in closed]:
        if _raw(home / one.original, wanted):
            closed.remove(one.original)
            changed.append(_redacted(one, None, rules))
    return Redactions(tuple(changed), tuple(closed))


def still_to_come(inbox: Path, wanted: Wanted) -> tuple[str, ...]:
    """Return the workbooks of the inbox that name them, which are their fillers' own and are not touched."""
    there = [place for place in sorted(inbox.rglob("*")) if place.is_file() and not place.is_symlink()]
    books = read_books((p.relative_to(inbox).as_posix(), p.read_bytes(), _moment(p)) for p in there)
    return tuple(book.path for book in books if isinstance(book, Book) and holds(book, wanted))


def _moment(place: Path) -> datetime:
    return datetime.fromtimestamp(place.stat().st_mtime)


def without(path: str, content: bytes, received: datetime, gone: Gone, rules: Rulebook, on: date) -> bytes:
    """Return a workbook of tonight as it is filed without somebody erased: the values of everybody else."""
    book = next(iter(read_books([(path, content, received)])))
    if isinstance(book, Unreadable):
        return values_only(Book(path, "", received, (_REMOVED_GRID,)))
    read = examine([book], rules, on).submissions[0]
    return values_only(empty(book, read, gone.wanted, rules, gone.orders).book)


def _naming(home: Path, filed: Iterable[Filed], wanted: Wanted, closed: list[str]) -> Iterator[tuple[Filed, Book]]:
    there = [one for one in filed if (home / one.original).is_file()]
    books = read_books((one.path, (home / one.original).read_bytes(), one.received) for one in there)
    for one, book in zip(there, books, strict=True):
        if isinstance(book, Unreadable):
            closed.append(one.original)
        elif holds(book, wanted):
            yield one, book


def _redacted(one: Filed, left: Emptied | None, rules: Rulebook) -> Redacted:
    keep = left is not None and rules.privacy.originals == "redact"
    content = values_only(left.book if left and keep else Book(one.path, one.sha256, one.received, (_REMOVED_GRID,)))
    sha256 = hashlib.sha256(content).hexdigest()
    name = f"{one.received:%Y-%m-%d}_{one.sha256[:_DIGITS]}_{NAME.removesuffix('.xlsx')}-{sha256[:8]}.xlsx"
    place = PurePosixPath(one.original).parent / name
    cells, sheets = (left.cells, left.sheets) if left else (frozenset[tuple[str, str]](), {})
    return Redacted(one.sha256, one.original, Replaced(str(place), sha256, cells, sheets), content)


_REMOVED_GRID: Final = Grid("说明", [[_REMOVED]])


def _raw(place: Path, wanted: Wanted) -> bool:
    """Say whether a file that cannot be read as a workbook holds a number of theirs in plain bytes."""
    content = place.read_bytes()
    return any(wanted.within(content.decode(code, "ignore")) for code in ("latin-1", "utf-16-le"))
