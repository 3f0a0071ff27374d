"""Shares a night's workbooks out among others who read them, and has them back in order; whoever reads, `night` does not know.

workbooks ──► chunk, chunk, chunk … ──► given out, a few at a time ──► taken back in order ──► one workbook after another
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias, TypeVar

from pipeline.examine import Looked
from pipeline.grid import Book, Unreadable
from pipeline.rulebook.rulebook import Rulebook
from pipeline.workers import File, read_books

Seen: TypeAlias = Book | Unreadable | Looked
Reader: TypeAlias = Callable[[Sequence[File], Rulebook], Iterator[Seen]]
Chunk: TypeAlias = tuple[File, ...]
Given = TypeVar("Given")


def here(files: Sequence[File], _rules: Rulebook) -> Iterator[Seen]:
    """Read the workbooks in one child; what is written on them is looked at by whoever asked."""
    yield from read_books(iter(files))


def share_out(
    files: Sequence[File], size: int, out: int, give: Callable[[Chunk], Given], take: Callable[[Chunk, Given], Iterator[Seen]]
) -> Iterator[Seen]:  # fmt: skip
    """Yield the workbooks in order, given out in chunks of a size, never more than so many at once: that is all memory holds.

    `give` gives a chunk out and returns what to ask for it by, `take` waits for what has become of it.
    """
    given: deque[tuple[Chunk, Given]] = deque()
    for start in range(0, len(files), size):
        chunk = tuple(files[start : start + size])
        given.append((chunk, give(chunk)))
        if len(given) == out:
            yield from take(*given.popleft())
    while given:
        yield from take(*given.popleft())
