"""Finds header rows: one to three rows of labels, several on a sheet, several side by side.

        第1次回访            第2次回访          top
客户姓名 | 计划日期 实际日期 | 计划日期 实际日期   bottom → columns {customer_name: 0}, groups (1, {…}), (2, {…})
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from functools import lru_cache

from pipeline.grid import Span, Value
from pipeline.layout.columns import Header, read_header
from pipeline.layout.faces import Face, Masked, masked
from pipeline.layout.lexicon import Lexicon, PartWords, head_of
from pipeline.layout.page import DAYS, Page, may_be_day
from pipeline.layout.spoken import is_day

_DEEPEST = 3  # header rows
_FEWEST = 2  # known words that make a row worth a look; one word may be chance
_DATE = re.compile(r"\d\s*[-./年月]\s*\d|\d\s*日")  # 2026-11-05, 11月5日
_REMEMBERED = 2048  # headers with the rows around them
_ENOUGH = 3  # distinct known words on a header's rows


def headers(
    page: Page, lexicon: Lexicon, words: PartWords, within: Span, needed: int, given: Collection[str] = ()
) -> list[Header]:
    """Return every header of this part inside a rectangle, top to bottom, left to right."""
    found: list[Header] = []
    if not words.needs_named(page.spots, given):
        return found  # a field that must be there is named nowhere on the sheet
    known = lexicon.known[words.name]
    for row in _promising(page, known, within, needed):
        if not found or row > found[-1].span.bottom:
            found += _on_row(page, lexicon, words, row, within, needed, given)
    return found


def _promising(page: Page, known: frozenset[str], within: Span, needed: int) -> list[int]:
    """Return the rows worth a look: some known words on them, and with the next two rows about enough for a header."""
    rows: dict[int, frozenset[str]] = {}
    for row, said in page.row_said.items():
        if within.top <= row <= within.bottom and not known.isdisjoint(said):
            rows[row] = known & said if _is_whole(page, within) else _known_within(page, row, known, within)
    enough = min(needed, _ENOUGH)
    return sorted(
        row
        for row, words in rows.items()
        if len(words) >= _FEWEST
        and len(words.union(*(rows.get(row + down, frozenset()) for down in range(1, _DEEPEST)))) >= enough
    )


def _is_whole(page: Page, within: Span) -> bool:
    """Say whether a rectangle is as wide as the sheet."""
    return within.left <= 0 and within.right >= page.grid.width - 1


def _known_within(page: Page, row: int, known: Collection[str], within: Span) -> frozenset[str]:
    return frozenset(
        word
        for words in (page.row_words[row], page.joined.get(row, {}))
        for column, word in words.items()
        if word in known and within.left <= column <= within.right
    )


def _on_row(
    page: Page, lexicon: Lexicon, words: PartWords, row: int, within: Span, needed: int, given: Collection[str]
) -> list[Header]:
    """Return the headers that stand on one row; a later block that is no whole header repeats columns of the one before."""
    found: list[Header] = []
    for left, right in _blocks(page, lexicon, words, row, within):
        best = best_band(page, lexicon, words, Span(row, left, row, right), within, given)
        if best and best.size >= needed and not best.missing:
            found.append(best)
        elif found:
            again = {
                c: words.labels[w] for c, w in page.row_words[row].items() if left <= c <= right and w in words.labels
            }
            found[-1] = replace(found[-1], twice={**found[-1].twice, **again})
    return found


def _known(lexicon: Lexicon, words: PartWords, word: str) -> bool:
    return word in lexicon.known[words.name]


def best_band(
    page: Page, lexicon: Lexicon, words: PartWords, row: Span, within: Span, given: Collection[str] = ()
) -> Header | None:
    """Try the row alone, then with rows above and below it; the band that explains most wins, the thinner on a tie."""
    bands = list(_bands(page, lexicon, words, row, within))
    if not bands:
        return None
    first = min(top for top, _ in bands)
    seen = masked(page, range(first, bands[-1][1] + 1), lexicon.spoken)
    down = tuple([(top - first, bottom - first) for top, bottom in bands])
    return _spelled(_best(lexicon, words, row.left, row.right, down, seen.face, frozenset(given)), seen, first)


def _bands(page: Page, lexicon: Lexicon, words: PartWords, row: Span, within: Span) -> Iterator[tuple[int, int]]:
    """Yield first and last row of the bands that a header row may be part of, the thinner ones first."""
    for bottom in range(row.top, min(row.top + _DEEPEST - 1, within.bottom) + 1):
        if bottom > row.top and not _labels_only(page, lexicon, words, Span(bottom, row.left, bottom, row.right)):
            if _heads_only(page, bottom):
                continue  # a head of a head: the labels stand one row further down
            break
        for top in range(bottom, max(within.top, bottom - _DEEPEST + 1) - 1, -1):
            if top < row.top and _lone_title(page, lexicon, words, top):
                break
            yield top, bottom


@lru_cache(maxsize=_REMEMBERED)
def _best(
    lexicon: Lexicon, words: PartWords, left: int, right: int, bands: tuple[tuple[int, int], ...], face: Face, given: frozenset[str]
) -> Header:  # fmt: skip
    """Return what the best band holds, rows counted from the highest one's: the same form has the same header in every workbook."""
    read = (
        read_header(lexicon, words, Span(top, left, bottom, right), face[top : bottom + 1], given)
        for top, bottom in bands
    )
    return max(read, key=_weight)


def _spelled(header: Header, seen: Masked, first: int) -> Header:
    """Return a header where it stands on its page, with the words that the page has where stand-ins were."""
    span = header.span
    return replace(
        header,
        span=Span(span.top + first, span.left, span.bottom + first, span.right),
        labels={column: seen.meant(label) for column, label in header.labels.items()},
        choices={
            name: tuple((column, seen.meant(word)) for column, word in places)
            for name, places in header.choices.items()
        },
    )


def _lone_title(page: Page, lexicon: Lexicon, words: PartWords, row: int) -> bool:
    """Say whether a row above a header row is no part of it: nothing on it, one text that is no label of ours, or labels with their values."""
    own = page.row_words.get(row, {})
    if any(word in lexicon.above and _is_value(page.value(*page.after(row, column))) for column, word in own.items()):
        return True
    return not own or (
        len(own) == 1
        and not any(_known(lexicon, words, word) or _is_head(lexicon, words, word) for word in own.values())
    )


def _is_value(value: Value) -> bool:
    """Say whether a cell beside a label holds what the label asks for: a figure, or a day."""
    if isinstance(value, float):
        return value > DAYS  # up to 31 it may be a day of a month grid
    return bool(_DATE.search(value)) if isinstance(value, str) else True


def _is_head(lexicon: Lexicon, words: PartWords, word: str) -> bool:
    """Say whether a text is a group's head."""
    return any(head_of(child, word) for child in lexicon.children(words.name))


def _weight(header: Header) -> tuple[int, int, int]:
    return header.size, -len(header.missing), len(header.choices)


def _labels_only(page: Page, lexicon: Lexicon, words: PartWords, row: Span) -> bool:
    """Say whether a row under a header row still belongs to it: known labels, or nothing but merged and choice words."""
    values = page.grid.rows[row.top][row.left : row.right + 1]
    numbers = [may_be_day(value) for value in values if value.__class__ is not str]
    own = [cell for cell in page.row_words.get(row.top, {}).items() if row.left <= cell[0] <= row.right]
    if not own or not all(numbers):
        return False
    ours, has_days = lexicon.known[words.name], lexicon.has_days(words.name)
    known = under = 0
    for column, word in own:
        over = page.word(row.top - 1, column)
        known += word in ours or (has_days and is_day(word))
        under += over in words.labels or over + word in words.labels
    return known + under >= max(1, len(own) // 2) and (known >= _FEWEST or under >= _FEWEST or bool(numbers))


def _heads_only(page: Page, row: int) -> bool:
    """Say whether a row holds nothing but texts merged over several columns."""
    cells = page.filled(row) if row in page.merged_columns else ()
    return bool(cells) and all(
        isinstance(value, str) and (span := page.merged.get((row, column))) is not None and span.right > span.left
        for column, value in cells
    )


def _blocks(page: Page, lexicon: Lexicon, words: PartWords, row: int, within: Span) -> list[tuple[int, int]]:
    """Cut a header row where the same word begins anew: two lists side by side are two blocks; groups never cut.

    Two words for one field (欲购车型, 意向车型) do not cut: that is one list asking twice.
    """
    starts = [within.left]
    taken: set[str] = set()
    for column, word in sorted(page.row_words[row].items()):
        if not (within.left <= column <= within.right and (word in words.labels or word in lexicon.ignores)):
            continue
        if any(word in child.labels for child in lexicon.children(words.name)):
            continue
        if word in taken:
            starts.append(column)
            taken = set()
        taken.add(word)
    return [(start, end - 1) for start, end in zip(starts, [*starts[1:], within.right + 1], strict=True)]
