"""The first half of a night, and all of `check`: workbooks in, each with its verdict, nothing written.

    Book → recognise → extract → normalise ─┐ (some hundred workbooks)
                                            └→ validate → judge → Submission

A crash inside one workbook is trapped here and nowhere else: it becomes the verdict `quarantined`, its traceback goes to the log.
"""

from __future__ import annotations

import copyreg
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Any

from pipeline.extract import extract
from pipeline.grid import Book, Unreadable
from pipeline.judge import judge, unreadable
from pipeline.layout.lexicon import Lexicons, lexicons
from pipeline.layout.page import pages_of
from pipeline.model import Finding, Match, Record, Submission
from pipeline.normalise import normalise
from pipeline.recognise import recognise
from pipeline.rulebook.rulebook import Rulebook
from pipeline.values.copies import told_once
from pipeline.values.sums import sums_that_differ

_HANDFUL = 2_500  # records; the frames of 10,000 take some 20 MB more


@dataclass(frozen=True)
class Looked:
    """One workbook before it is validated; of its book, what follows needs path, hash and time, and has them alone."""

    book: Book
    matches: tuple[Match, ...]
    records: tuple[Record, ...] = ()
    quiet: tuple[Record, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def path(self) -> str:
        """The workbook's path below the inbox."""
        return self.book.path


@dataclass(frozen=True)
class Examined:
    """Every workbook with its verdict, in the order given, and the tracebacks of crashes by path."""

    submissions: tuple[Submission, ...]
    traces: Mapping[str, str] = field(default_factory=dict)


def examine(
    books: Iterable[Book | Unreadable | Looked], rules: Rulebook, on: date, *, store_of: Callable[[str], str] = lambda _: "default",
    seen: Callable[[str], None] = lambda _: None,
) -> Examined:  # fmt: skip
    """Return what would become of these workbooks on a business day; `seen` is told of every workbook read.

    Some may have been looked at already, elsewhere.
    """
    submissions: list[Submission] = []
    traces: dict[str, str] = {}
    for some in _handfuls(look_at(books, rules), seen):
        traces |= {one.path: one.trace for one in some if isinstance(one, Unreadable) and one.trace}
        submissions += _judged(some, rules, on, store_of)
    return Examined(tuple(submissions), traces)


def _handfuls(
    looked: Iterable[Looked | Unreadable], seen: Callable[[str], None]
) -> Iterator[list[Looked | Unreadable]]:
    """Yield as many workbooks as are validated at once: each call costs, and so does holding what they say."""
    some: list[Looked | Unreadable] = []
    records = 0
    for one in looked:
        some.append(one)
        records += len(one.records) if isinstance(one, Looked) else 0
        seen(one.path)
        if records >= _HANDFUL:
            yield some
            some, records = [], 0
    yield some


def _judged(
    looked: Sequence[Looked | Unreadable], rules: Rulebook, on: date, store_of: Callable[[str], str]
) -> Iterator[Submission]:
    found = _validated([one for one in looked if isinstance(one, Looked)], rules, on)
    for one in looked:
        if isinstance(one, Unreadable):
            yield unreadable(one, rules, store_of(one.path))
        else:
            findings = [*one.findings, *found.get(one.path, ())]
            yield judge(one.book, one.matches, one.records, one.quiet, findings, rules, store_of(one.path))


def look_at(books: Iterable[Book | Unreadable | Looked], rules: Rulebook) -> Iterator[Looked | Unreadable]:
    """Yield each workbook with what is written on it; one that hurts our own code is told, not raised."""
    words = rules.once(lexicons, of_forms=True)
    for book in books:
        yield _trapped(book, rules, words) if isinstance(book, Book) else book


def _trapped(book: Book, rules: Rulebook, words: Lexicons) -> Looked | Unreadable:
    try:
        return _look(book, rules, words)
    except Exception as error:  # noqa: BLE001 - the one trap: no workbook may stop the night
        return Unreadable(
            book.path, book.sha256, book.received, "book.crashed", type(error).__name__, traceback.format_exc()
        )


def _look(book: Book, rules: Rulebook, words: Lexicons) -> Looked:
    pages = pages_of(book)
    matches = recognise(book, rules, words, pages)
    taken = extract(book, matches, rules, words, pages)
    records, findings = normalise(book, taken.entries, rules)
    # A quiet sheet is read for its period alone; that its lines are blank is no slip.
    quiet, _ = normalise(book, taken.quiet, rules)
    told, said = told_once(book, records, (*taken.findings, *findings), rules)
    findings = [*said, *sums_that_differ(book, taken.totals, told, rules)]
    return Looked(replace(book, grids=()), matches, told, tuple(quiet), tuple(findings))


def _validated(looked: Sequence[Looked], rules: Rulebook, on: date) -> dict[str, list[Finding]]:
    """Validate these workbooks' records at once, and sort the findings back to their workbooks."""
    batch = [(one.book.path, record) for one in looked for record in one.records]
    if not batch:
        return {}
    from pipeline.validate import validate  # noqa: PLC0415 - pandera and pandas load only when there is a record

    found: dict[str, list[Finding]] = {}
    for finding in validate(batch, rules, on):
        found.setdefault(finding.book, []).append(finding)
    return found


def _proxied(mapping: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(mapping)


# What was seen may come from another process, and pickle knows this type by no name of its own.
copyreg.pickle(MappingProxyType, lambda mapping: (_proxied, (dict(mapping),)))
