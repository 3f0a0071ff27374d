"""Finds the lists of a form on a sheet and cuts the sheet between them: title block, header, body, next title block."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import lru_cache

from pipeline.grid import Span
from pipeline.layout.columns import Header
from pipeline.layout.header import headers
from pipeline.layout.lexicon import Lexicon
from pipeline.layout.page import Page
from pipeline.model import Region
from pipeline.rulebook.form import LISTS
from pipeline.text import squeeze

_UNDERSTOOD = 0.3  # share of a header's labels that must be ours; else it is somebody else's list
_REMEMBERED = 4096  # words
_WIDE = 3  # columns of a merge that make a row a heading


def tables(page: Page, lexicon: Lexicon, needed: int, given: Collection[str], ends: tuple[str, ...]) -> list[Region]:
    """Return the form's lists on the sheet in reading order; `ends` are words that close a table."""
    whole = Span(0, 0, max(page.grid.height - 1, 0), max(page.grid.width - 1, 0))
    found = [
        header
        for words in lexicon.roots(*LISTS)
        for header in headers(page, lexicon, words, whole, needed, given)
        if header.share >= _UNDERSTOOD and (header.groups or not lexicon.needs_groups(header.part))
    ]
    chosen = _one_part_each(page, lexicon, found)
    return [_region(page, lexicon, header, chosen, whole, ends) for header in chosen]


def _one_part_each(page: Page, lexicon: Lexicon, found: Iterable[Header]) -> list[Header]:
    """Where two parts claim the same header, the section heading above it decides, then the number of labels."""
    places: dict[tuple[int, int], list[Header]] = {}
    for header in sorted(found, key=lambda h: (h.span.bottom, h.span.left)):
        near = next((p for p in places if p[0] == header.span.bottom and abs(p[1] - header.span.left) <= 1), None)
        places.setdefault(near or (header.span.bottom, header.span.left), []).append(header)
    chosen: list[Header] = []
    for claims in places.values():
        above = max((h.span.bottom for h in chosen if _beside(h.span, claims[0].span)), default=-1)
        heading = _heading(page, lexicon, claims[0].span, above)
        named = [h for h in claims if h.part == heading]
        if not named:  # a header printed again on page 2 goes on with the table above it
            named = [h for h in claims if any(_again(page, each, h) for each in chosen)]
        chosen.append(max(named or claims, key=lambda h: h.size))
    return sorted(chosen, key=lambda h: (h.span.top, h.span.left))


def _again(page: Page, before: Header, header: Header) -> bool:
    """Say whether a header is word for word the one of the same part above it."""
    words = [
        {
            column: word
            for column, word in page.row_words.get(each.span.bottom, {}).items()
            if header.span.left <= column
        }
        for each in (before, header)
    ]
    return before.part == header.part and words[0] == words[1]


def _heading(page: Page, lexicon: Lexicon, header: Span, above: int) -> str:
    """Return the part whose heading stands nearest above the header, '' if none does."""
    for row in range(header.top, above, -1):
        named = [
            (column, part)
            for column, word in page.row_words.get(row, {}).items()
            if column <= header.right
            for part in _headed(lexicon, word)
        ]
        if named:  # of two headings on one row, the one that begins last before the table's end is the table's own
            return max(named)[1]
    return ""


@lru_cache(maxsize=_REMEMBERED)
def _headed(lexicon: Lexicon, word: str) -> tuple[str, ...]:
    """Return the lists whose heading stands in a word."""
    return tuple(part.name for part in lexicon.roots(*LISTS) if any(heading in word for heading in part.headings))


def _beside(one: Span, other: Span) -> bool:
    """Say whether two rectangles share a column."""
    return one.left <= other.right and other.left <= one.right


def _region(
    page: Page, lexicon: Lexicon, header: Header, every: list[Header], whole: Span, ends: tuple[str, ...]
) -> Region:
    before = max(
        (h.span.bottom for h in every if h.span.bottom < header.span.top and _beside(h.span, header.span)), default=-1
    )
    after = [h for h in every if h.span.top > header.span.bottom and _beside(h.span, header.span)]
    top = _block_top(page, lexicon, header, before, ends)
    bottom = min((_block_top(page, lexicon, h, header.span.bottom, ends) for h in after), default=whole.bottom + 1) - 1
    return Region(
        part=header.part,
        header=header.span,
        body=Span(header.span.bottom + 1, header.span.left, bottom, header.span.right),
        columns=header.columns,
        groups=header.groups,
        group_part=header.group_part,
        choices=header.choices,
        labels=header.labels,
        twice=header.twice,
        above=Span(top, 0, header.span.top - 1, whole.right) if top < header.span.top else None,
    )


def _block_top(page: Page, lexicon: Lexicon, header: Header, before: int, ends: tuple[str, ...]) -> int:
    """Return the first row of the title block above a header: titles, headings, labels with values, blank rows."""
    top = header.span.top
    for row in range(header.span.top - 1, before, -1):
        if not page.is_blank(row):
            if before >= 0 and not _titular(page, lexicon, row, ends):
                break
            top = row
    return top


@lru_cache(maxsize=_REMEMBERED)
def _entitled(lexicon: Lexicon, word: str) -> bool:
    """Say whether the form's title stands in a word."""
    return any(title in word for title in lexicon.titles)


def _titular(page: Page, lexicon: Lexicon, row: int, ends: tuple[str, ...]) -> bool:
    """Say whether a row is part of a title block rather than the last row of the table above it."""
    words = page.row_words.get(row, {})
    first = words[min(words)] if words else ""
    if first.startswith(ends):
        return False
    if any(_headed(lexicon, word) or _entitled(lexicon, word) for word in words.values()):
        return True
    texts = [value for _, value in page.filled(row) if isinstance(value, str)]
    if any(squeeze(text) in lexicon.above or lexicon.holds_label(text) for text in texts):
        return True
    return len(texts) == 1 and any(span.top == row and span.right - span.left >= _WIDE for span in page.grid.merges)
