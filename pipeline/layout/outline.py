"""Finds what a sheet is made of without knowing its form: the title, the words above, a list's header, or a card's labels.

A list's header is the first row that shows most labels side by side; a card's labels stand apart, each before its value or a blank:

    来访登记表                          title
    部门: 销售部   月份: 11月           above
    姓名 | 电话 | 车型 | 备注           header: labels side by side
    客户姓名 |     | 电话 |             card: labels with room beside them
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from pipeline.grid import Span, Spot, Value
from pipeline.layout.columns import label_paths
from pipeline.layout.page import DAYS, Page
from pipeline.text import clean, squeeze

_LONGEST = 24  # letters of a label; a longer text is content
_FEWEST = 3  # labels that make a list or a card
_CARD_ROWS = 2  # rows of a card, and labels beside each other on one of them
_DEEPEST = 3  # rows of a header
_ROWS = 300  # rows searched for a header
_GRID_DAYS = 20  # day numbers that make a month's columns
_LINE = 80  # letters of a cell with labels above a list; a longer one explains
_SAMPLE = 60  # values looked at below a label
_LABEL = re.compile(r"[A-Za-z\u4e00-\u9fff]")
_NO_LABEL = re.compile(r"^\d+$|\d{3,}|[{}<>]|https?:")
_PAIR = re.compile(r"(?P<label>[\u4e00-\u9fffA-Za-z/()\uff08\uff09 \u3000]{2,20}?)\s*[:\uff1a]")


@dataclass(frozen=True)
class Label:
    """One label: its texts from top to bottom as written, its cell, and the values that stand below or beside it."""

    path: tuple[str, ...]
    spot: Spot
    values: tuple[Value, ...] = ()

    @property
    def text(self) -> str:
        """The lowest text, which stands nearest to the values."""
        return self.path[-1]


@dataclass(frozen=True)
class Outline:
    """What a sheet is made of: a list below `header`, or a card whose labels stand inside it; `shared` labels stand over several columns, told apart by nothing;
    `days` are the numbers of a month's columns.
    """

    kind: Literal["list", "card"]
    title: str
    header: Span
    labels: tuple[Label, ...]
    above: tuple[Label, ...] = ()
    shared: tuple[str, ...] = ()
    days: tuple[str, ...] = ()


def outline(page: Page, known: Container[str] = frozenset()) -> Outline | None:
    """Return the sheet's list, or its card where more labels stand above the list than in it; None where neither has three labels.

    `known` are words that other forms use as labels, in comparable form: they tell a filled card's labels from its values.
    """
    listed, labels = _list(page, known), tuple(_card_labels(page, known))
    if listed:
        labels = tuple(label for label in labels if label.spot[0] < listed.header.top)
    carded = _card(page, labels)
    if listed and (carded is None or len(listed.labels) >= len(carded.labels)):
        return listed
    return carded


def is_label(text: str) -> bool:
    """Say whether a text may be a label: short, with letters or 汉字 in it, and no figure, formula or address."""
    word = squeeze(text)
    return 0 < len(word) <= _LONGEST and bool(_LABEL.search(word)) and not _NO_LABEL.search(word)


def _list(page: Page, known: Container[str]) -> Outline | None:
    rows = range(min(page.grid.height, _ROWS))
    weights = {row: _weight(page, row, known) for row in rows}
    best = max(rows, key=lambda row: (weights[row], -row), default=0)
    if weights.get(best, 0) < _FEWEST:
        return None
    band = _band(page, best)
    labels, shared = _column_labels(page, band)
    beside = sum(isinstance(after := page.value(*page.after(*label.spot)), str) and is_label(after) for label in labels)
    if len(labels) < _FEWEST or beside * 2 < len(labels) - 1:  # labels with room between them are a card's
        return None
    return Outline(
        "list",
        _title(page, band.top),
        band,
        tuple(labels),
        tuple(_above(page, band.top)),
        shared,
        _days(page, band.bottom),
    )


def _weight(page: Page, row: int, known: Container[str]) -> int:
    """Return how many labels stand side by side on a row, less what else stands there; the days of a month count for nothing."""
    shown = {page.home(row, column): page.value(row, column) for column in range(page.grid.width)}
    filled = {spot: value for spot, value in shown.items() if value != "" and clean(value)}
    days = {
        spot for spot, value in filled.items() if isinstance(value, float) and value.is_integer() and 1 <= value <= DAYS
    }
    if len(days) >= _GRID_DAYS:
        filled = {spot: value for spot, value in filled.items() if spot not in days}
    labels = [
        spot
        for spot, value in filled.items()
        if isinstance(value, str) and is_label(value) and ":" not in squeeze_colon(value)
    ]
    wide = {spot for spot in labels if _width(page, spot) > page.grid.width // 2}
    ours = [page.words.get(spot, "") in known for spot in labels]
    pairs = list(pairwise(ours))
    beside, strange = pairs.count((True, False)), pairs.count((False, False))
    if (True, True) not in pairs and beside >= _CARD_ROWS and beside > strange:
        return 0  # a card's row: label, value, label, value; a list's header has more words the house does not know
    return len(labels) - len(wide) - 2 * (len(filled) - len(labels))


def squeeze_colon(text: str) -> str:
    """Return a text with its colons in half width and none at its end: what is left stands before a value."""
    return text.replace("\uff1a", ":").strip().rstrip(":")


def _width(page: Page, spot: Spot) -> int:
    span = page.merged.get(spot)
    return span.right - span.left + 1 if span else 1


def _band(page: Page, row: int) -> Span:
    """Return the header rows around its fullest row: down to where its merges end, up only where its words alone are not told apart."""
    columns = range(page.grid.width)
    spans = [span for column in columns if (span := page.merged.get((row, column)))]
    bottom = min(max([row, *(span.bottom for span in spans)]), row + _DEEPEST - 1)
    if bottom == row and _has_sub_labels(page, row):
        bottom = row + 1
    top = max(min([row, *(span.top for span in spans)]), bottom - _DEEPEST + 1)
    words = [page.word(bottom, column) for column in columns if page.word(bottom, column)]
    while (
        top > 0
        and bottom - top + 1 < _DEEPEST
        and len(set(words)) < len(words)
        and len(page.row_words.get(top - 1, {})) > 1
    ):
        top -= 1
    return Span(top, 0, bottom, max(page.grid.width - 1, 0))


def _has_sub_labels(page: Page, row: int) -> bool:
    """Say whether the row below names the columns under a label that stands over several, without merges."""
    below = page.row_words.get(row + 1, {})
    if len(below) < 2 or any(not isinstance(value, str) for _, value in page.filled(row + 1)):  # noqa: PLR2004 - one may be chance
        return False
    open_columns = {c for c in range(page.grid.width) if not page.word(row, c)}
    under = {c for c in below if c in open_columns or c + 1 in open_columns & set(below)}
    return under == set(below) and bool(under & open_columns) and min(below) > min(page.row_words.get(row, {0: ""}))


def _column_labels(page: Page, band: Span) -> tuple[list[Label], tuple[str, ...]]:
    """Return the columns' labels, and those that several columns share; of two lists side by side the first one's."""
    found: list[tuple[tuple[str, ...], Label]] = []
    homes: set[Spot] = set()
    for column, words in enumerate(label_paths(page, band), band.left):
        spots = list(dict.fromkeys(page.home(row, column) for row in range(band.top, band.bottom + 1)))
        path = tuple(
            clean(text) for spot in spots if isinstance(text := page.grid.at(*spot), str) and page.words.get(spot)
        )
        if path and words and is_label(path[-1]) and page.home(band.bottom, column) not in homes:
            homes.add(page.home(band.bottom, column))
            found.append((words, Label(path, (band.bottom, column), tuple(_below(page, band.bottom, column)))))
    times = Counter(words for words, _ in found)
    if sum(number > 1 for number in times.values()) * 2 >= len(times):
        again = next(
            (place for place, (words, _) in enumerate(found) if words in [each for each, _ in found[:place]]),
            len(found),
        )
        return [label for _, label in found[:again]], ()
    shared = tuple(dict.fromkeys(label.text for words, label in found if times[words] > 1))
    return [label for words, label in found if times[words] == 1], shared


def _days(page: Page, row: int) -> tuple[str, ...]:
    """Return the days of the month that head a row's columns, none where they are too few for a month."""
    days = [
        int(value)
        for _, value in page.filled(row)
        if isinstance(value, float) and value.is_integer() and 1 <= value <= DAYS
    ]
    return tuple(map(str, days)) if len(days) >= _GRID_DAYS else ()


def _below(page: Page, row: int, column: int) -> Iterator[Value]:
    for below in range(row + 1, min(row + 1 + _SAMPLE, page.grid.height)):
        value = page.grid.at(below, column)
        if value != "" and clean(value):
            yield value


def _card(page: Page, labels: Sequence[Label]) -> Outline | None:
    by_row = Counter(label.spot[0] for label in labels)
    said = sum(bool(label.values) for label in labels)
    if (
        len(labels) < _FEWEST
        or len(by_row) < _CARD_ROWS
        or (max(by_row.values()) < _CARD_ROWS and said * 2 < len(labels))
    ):
        return None
    rows, columns = [label.spot[0] for label in labels], [label.spot[1] for label in labels]
    span = Span(min(rows), min(columns), max(rows), max(columns))
    return Outline("card", _title(page, span.top), span, tuple(labels))


def _card_labels(page: Page, known: Container[str]) -> Iterator[Label]:
    """Yield the labels that have room beside them, or their value after a colon in the same cell, each once."""
    seen: set[str] = set()
    for row in range(min(page.grid.height, _ROWS)):
        for column, value in page.filled(row):
            if not isinstance(value, str):
                continue
            for text, found in _said(page, (row, column), value, known):
                if squeeze(text) not in seen:
                    seen.add(squeeze(text))
                    yield Label((text,), (row, column), (found,) if found != "" else ())


def _said(page: Page, spot: Spot, value: str, known: Container[str] = frozenset()) -> Iterator[tuple[str, Value]]:
    pairs = list(_PAIR.finditer(value))
    if pairs and value[: pairs[0].start()].strip() == "":
        for pair, end in zip(pairs, [*(each.start() for each in pairs[1:]), len(value)], strict=True):
            rest = clean(value[pair.end() : end])
            yield clean(pair["label"]), rest or (page.value(*page.after(*spot)) if pair is pairs[-1] else "")
        return
    before = page.value(spot[0], spot[1] - 1) if spot[1] else ""
    if isinstance(before, str) and before.strip().endswith((":", "\uff1a")):
        return  # it is the value of the label before it
    ours = squeeze(value) in known
    if not ours and isinstance(before, str) and squeeze(before) in known:
        return
    beside = page.after(*spot)
    found = page.value(*beside)
    room = beside[1] < page.grid.width and not (
        isinstance(found, str) and is_label(found) and not (ours and squeeze(found) not in known)
    )
    if is_label(value) and room and (ours or not _alone(page, spot)):
        yield clean(value), found


def _alone(page: Page, spot: Spot) -> bool:
    """Say whether a text is alone on its row: a title or a heading."""
    return sum(1 for _ in page.filled(spot[0])) == 1


def _above(page: Page, top: int) -> Iterator[Label]:
    """Yield the labels with a colon above a list."""
    for row in range(top):
        for column, value in page.filled(row):
            if isinstance(value, str) and len(value) <= _LINE and _PAIR.match(value.strip()):
                yield from (
                    Label((text,), (row, column), (found,) if found != "" else ())
                    for text, found in _said(page, (row, column), value)
                )


def _title(page: Page, top: int) -> str:
    """Return the text that stands alone on a row above, the widest first; '' if none does."""
    alone = [
        (_width(page, (row, column)), -row, clean(value))
        for row in range(top)
        for cells in (list(page.filled(row)),)
        if len(cells) == 1
        for column, value in cells
        if isinstance(value, str) and is_label(value) and ":" not in squeeze_colon(value)
    ]
    return max(alone)[2] if alone else ""


def joined(label: Label, others: Sequence[Label]) -> str:
    """Return what tells this label from the others: its lowest text, else with what stands above it; '' where nothing does."""
    for depth in range(1, len(label.path) + 1):
        text = "".join(label.path[-depth:])
        if sum(squeeze("".join(other.path[-depth:])) == squeeze(text) for other in others) == 1:
            return text
    return ""
