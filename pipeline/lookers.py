"""Reads and looks at a night's workbooks in several children at once, each killable like the one that only reads.

    rules ─► child: read → recognise → extract → normalise ─┐
    rules ─► child: …                                       ├─► what was seen, in order ─► validate, judge, merge … here
    rules ─► child: …                                       ┘

What a child says counts where it is sound, or where it was late with reading; whatever else befalls a workbook there is left to the one
reader of a night without them, so that no verdict, not even a traceback, depends on how many there are.
"""

from __future__ import annotations

import logging
import pickle
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from queue import SimpleQueue
from typing import Final, TypeAlias

from pipeline.errors import PipelineError
from pipeline.examine import Looked, look_at
from pipeline.grid import Book, Unreadable
from pipeline.rulebook.rulebook import Rulebook
from pipeline.share_out import Chunk, Reader, Seen, here, share_out
from pipeline.workers import LATE, Child, File
from pipeline.workers import serve as serve_books

Told: TypeAlias = bytes | Unreadable | None  # what was seen, packed; why it cannot be read; nothing that could be used

_log = logging.getLogger(__name__)
# Workbooks from which a second process pays. A child is ready after as much time as the night alone takes to look at 130 workbooks, and two of
# them take two thirds of that time for each: even at 300 to 380 (measured in docs/speed.md, on two cores).
_FEWEST: Final = 400
_CHUNK: Final = 8  # workbooks given out at once: what is read again when one of them kills its reader
_AHEAD: Final = 4  # chunks a child may be ahead, while the night judges what it has so far


def lookers(jobs: int) -> Reader:
    """Give what reads and looks at workbooks in so many children at once; one job, or few workbooks, are read by one child and looked at here."""
    return here if jobs <= 1 else partial(_looked_at, jobs)


def _looked_at(jobs: int, files: Sequence[File], rules: Rulebook) -> Iterator[Seen]:
    if len(files) < _FEWEST:
        yield from here(files, rules)
        return
    hands = _Hands(jobs, rules)

    def take(chunk: Chunk, future: Future[list[Told]]) -> Iterator[Seen]:
        told = future.result()
        again = here([file for file, one in zip(chunk, told, strict=True) if one is None], rules)
        for one in told:
            if one is None:
                yield next(again)
            else:
                yield one if isinstance(one, Unreadable) else pickle.loads(one)  # noqa: S301 - our own child's words

    try:
        yield from share_out(files, _CHUNK, _AHEAD * jobs, hands.give, take)
    finally:
        hands.end()


class _Hands:
    """Children that look, each led by a thread of its own."""

    def __init__(self, count: int, rules: Rulebook) -> None:
        self._children = [Child(room=__name__, first=rules.text) for _ in range(count)]
        self._idle: SimpleQueue[Child] = SimpleQueue()
        for child in self._children:
            self._idle.put(child)
        self._threads = ThreadPoolExecutor(count, "daybook-looker")
        self._fit = True

    def give(self, chunk: Chunk) -> Future[list[Told]]:
        """Have a chunk looked at by the next child that is free."""
        return self._threads.submit(self._look, chunk)

    def end(self) -> None:
        """End the children; what they are at is wanted no more."""
        self._fit = False
        self._threads.shutdown(wait=False, cancel_futures=True)
        for child in self._children:
            child.stop()
        self._threads.shutdown()
        for child in self._children:
            child.end()

    def _look(self, chunk: Chunk) -> list[Told]:
        child = self._idle.get()
        told: list[Told] = []
        try:
            while self._fit and len(told) < len(chunk):
                told += _told(child, chunk[len(told) :])
        except PipelineError as error:  # none can be started: all is read as without them
            if self._fit:
                _log.warning("%s", error)
            self._fit = False
        finally:
            self._idle.put(child)
        return told + [None] * (len(chunk) - len(told))


def _told(child: Child, files: Sequence[File]) -> Iterator[Told]:
    """Yield what a child says of these workbooks, until one of them has killed it."""
    child.give(files)
    for file in files:
        read = child.take(file)
        if isinstance(read, Book):
            seen = child.more() if child.alive else None  # killed just as it answered
            yield seen if isinstance(seen, bytes) else None
        else:
            yield read if read.reason not in {"book.crashed", "book.stuck"} or read.detail == LATE else None
        if not child.alive:
            return


def serve(megabytes: int) -> None:
    """Be the child: know the rules, then read and look at what is given."""
    rules = Rulebook.of(pickle.load(sys.stdin.buffer))  # noqa: S301 - our own parent's words
    list(look_at([], rules))  # makes of the rules what every workbook needs
    serve_books(megabytes, partial(_packed, rules))


def _packed(rules: Rulebook, book: Book) -> bytes | None:
    [seen] = look_at([book], rules)
    return pickle.dumps(seen, protocol=pickle.HIGHEST_PROTOCOL) if isinstance(seen, Looked) else None
