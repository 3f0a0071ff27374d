"""Finds cards: label → value pairs, one card or many, down or across a sheet, each with the list below it.

┌ 客户姓名 | 张三 | 电话 | 138… ┐┌ 客户姓名 | … ┐   a card begins at its name label (or its title row) and ends
│ 日期 方式 情形 级别           ││              │   where the next one begins, to the right or below
└──────────────────────────────┘└──────────────┘
"""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.grid import Span, Spot
from pipeline.layout.above import labelled
from pipeline.layout.columns import Header
from pipeline.layout.header import headers
from pipeline.layout.lexicon import Lexicon, PartWords
from pipeline.layout.page import Page
from pipeline.model import Said
from pipeline.text import squeeze

_ROW_CELLS = 2  # values below values that make a row
_LIST_LABELS = 3  # labels that make the list below a card


@dataclass(frozen=True)
class Card:
    """One card: its part, its rectangle, what it says by field, and the headers of the lists below it."""

    part: str
    span: Span
    said: dict[str, Said]
    lists: tuple[Header, ...]

    @property
    def size(self) -> int:
        """How many labels speak for this part."""
        return len(self.said) + sum(header.size for header in self.lists)


def cards(page: Page, lexicon: Lexicon, needed: int) -> list[Card]:
    """Return every card on the sheet, in reading order."""
    parts = lexicon.roots("card", "repeat")
    if not parts:
        return []
    found = []
    for block in _blocks(page, lexicon):
        ways = [card for words in parts if (card := _read(page, lexicon, words, block, needed))]
        if ways:
            found.append(max(ways, key=lambda card: (_titled(page, lexicon, card), card.size)))
    return found


def _read(page: Page, lexicon: Lexicon, words: PartWords, block: Span, needed: int) -> Card | None:
    """Read a rectangle as this part, or say it is none."""
    lists = tuple(
        h for child in lexicon.children(words.name) for h in headers(page, lexicon, child, block, _LIST_LABELS)[:1]
    )
    bottom = _above_heading(page, block.top, min(h.span.top for h in lists)) if lists else block.bottom
    head = Span(block.top, block.left, bottom, block.right)
    said = labelled(page, lexicon, head, words, sided=True)
    down = labelled(page, lexicon, head, words, down=True)
    if sum(s.value != "" for s in down.values()) > sum(s.value != "" for s in said.values()):
        if _goes_on(page, down, head):
            return None
        said = down
    if len(said) < needed or words.needs - set(said):
        return None
    return Card(words.name, block, said, lists)


def list_body(page: Page, card: Card, header: Header) -> Span:
    """Return the body of a list on a card: down to the next list below it, whose own heading (审批意见) is none of its rows."""
    left, right = header.span.left, header.span.right
    tops = [
        each.span.top
        for each in card.lists
        if each.span.top > header.span.bottom and each.span.left <= right and left <= each.span.right
    ]
    bottom = _above_heading(page, header.span.bottom, min(tops)) if tops else card.span.bottom
    return Span(header.span.bottom + 1, left, bottom, right)


def _above_heading(page: Page, top: int, header: int) -> int:
    """Return the last row that is no heading of the list whose header begins on row `header`: 审批意见 is neither a card's value nor a list's row."""
    row = header - 1
    while row > top and (page.is_blank(row) or _is_heading(page, row)):
        row -= 1
    return row


def _is_heading(page: Page, row: int) -> bool:
    """Say whether a row is one text over at least three columns, and no label with its value (备注:…)."""
    filled = list(page.filled(row))
    return len(filled) == 1 and any(
        span.top == row and span.right - span.left + 1 >= _LIST_LABELS and (row, span.left) not in page.coloned
        for span in page.grid.merges
    )


def _goes_on(page: Page, down: dict[str, Said], head: Span) -> bool:
    """Say whether more values stand below those of a card's head read downward: then it is a list, whose rows a card would lose."""
    below = [page.below(*said.spot) for said in down.values() if said.value != ""]
    return sum(page.grid.at(*spot) != "" for spot in below if spot[0] <= head.bottom) >= _ROW_CELLS


def _titled(page: Page, lexicon: Lexicon, card: Card) -> bool:
    """Say whether the card's own heading (反面, 正面) stands on it."""
    headings = lexicon.parts[card.part].headings
    rows = range(card.span.top, min(s.label_spot[0] for s in card.said.values()) + 1)
    return any(
        h in w
        for r in rows
        for c, w in page.row_words.get(r, {}).items()
        if card.span.left <= c <= card.span.right
        for h in headings
    )


def _blocks(page: Page, lexicon: Lexicon) -> list[Span]:
    """Cut the sheet into one rectangle a card, by the cells where the name label stands."""
    anchors = _anchors(page, lexicon)
    if not anchors:
        return []
    bands = sorted({row for row, _ in anchors})
    tops = [0] + [_top(page, lexicon, row, above) for row, above in zip(bands[1:], bands, strict=False)]
    width = max(page.grid.width - 1, 0)
    blocks = []
    for row, top, bottom in zip(bands, tops, [*(t - 1 for t in tops[1:]), page.grid.height - 1], strict=True):
        columns = sorted(column for r, column in anchors if r == row)
        lefts = [0, *columns[1:]]
        blocks += [
            Span(top, left, bottom, right - 1) for left, right in zip(lefts, [*lefts[1:], width + 1], strict=True)
        ]
    return blocks


def _anchors(page: Page, lexicon: Lexicon) -> list[Spot]:
    """Return the cells with a name label; a row of a list's labels holds none."""
    found = {spot for name in lexicon.names & page.spots.keys() for spot in page.spots[name]}
    for row, column in page.coloned:
        first = lexicon.inside.search(str(page.grid.at(row, column)))
        if first and squeeze(first["label"]) in lexicon.names:
            found.add((row, column))
    return sorted(found)


def _top(page: Page, lexicon: Lexicon, row: int, above: int) -> int:
    """Return the first row of the card whose name label stands on `row`: its title, or the row after the last blank one."""
    for candidate in range(row - 1, above, -1):
        if any(mark in word for word in page.row_words.get(candidate, {}).values() for mark in lexicon.marks):
            return candidate
        if page.is_blank(candidate):
            return candidate + 1
    return row
