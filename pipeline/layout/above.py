"""Reads what stands above a table or on a card: a label with its value beside it, below it, or in the same cell.

销售顾问: | 张三 |      日期 | 2026-11-05        beside
销售顾问:张三    日期:2026年11月5日                inside one cell
订单形式 | 电话 |      电话 | 138…                   a word that is also a label is the value where nothing stands beside it
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from itertools import zip_longest
from typing import NamedTuple

from pipeline.grid import Span, Spot, Value
from pipeline.layout.lexicon import Lexicon, PartWords
from pipeline.layout.page import Page
from pipeline.layout.side_titles import SideTitles, side_titles
from pipeline.model import Said
from pipeline.text import clean, squeeze

_ROW_OF_LABELS = 2  # labels side by side that have their values below
_REMEMBERED = 4096  # texts with a colon
_REACH = 3  # blank columns a value may stand away from its label


def labelled(
    page: Page,
    lexicon: Lexicon,
    within: Span,
    part: PartWords | None = None,
    *,
    down: bool = False,
    sided: bool = False,
) -> dict[str, Said]:
    """Return the first value said inside a rectangle of each field of a part, of those above a table where none is named.

    `down` reads values below their labels; `sided` joins labels to the titles merged down beside them, as long cards have them.
    """
    labels = part.labels if part else lexicon.above
    found: dict[str, Said] = {}
    titles = side_titles(page, labels, within) if sided else SideTitles()
    spots = {spot for label in labels.keys() & page.spots.keys() for spot in page.spots[label] if within.holds(*spot)}
    spots.update(spot for spot in (page.told if lexicon.lettered else page.coloned) if within.holds(*spot))
    if titles.joined or titles.spent:
        spots = (spots | set(titles.joined)) - (titles.spent - set(titles.joined))
    stops = lexicon.stops(part)
    if titles.joined:
        stops |= {page.words[spot] for spot in titles.joined}
    look = _Look(page, lexicon, labels, within, stops, down)
    answered: set[Spot] = set()
    for spot in sorted(spots):
        if spot in answered:
            continue
        word = titles.joined.get(spot, page.words.get(spot, ""))
        for said in (_of_label(look, spot, labels[word]),) if word in labels else _in_cell(look, spot):
            if said.field not in found or (found[said.field].value == "" and said.value != ""):
                found[said.field] = said
                answered |= {said.spot} if said.value != "" else set()
    if not down:
        found |= _below_a_wide_label(look, found)
        found |= _below_a_row_of_labels(look, found)
    return found


class _Look(NamedTuple):
    """One reading of a rectangle: the labels sought in it, the words no value is, and where a label has its value."""

    page: Page
    lexicon: Lexicon
    labels: Mapping[str, str]
    within: Span
    stops: Collection[str]
    down: bool


def _below_a_wide_label(look: _Look, found: Mapping[str, Said]) -> dict[str, Said]:
    """Return the values of labels as wide as the box below them: 主营业务 over a text as wide as the card."""
    told = {}
    for name, said in found.items() if look.page.grid.merges else ():
        own = look.page.merged.get(said.label_spot)
        if said.value != "" or own is None or own.right == own.left or own.right < look.within.right:
            continue
        place, value = _under(look.page, look.stops, said.label_spot, look.within)
        box = look.page.merged.get(place)
        if box and (box.left, box.right) == (own.left, own.right):
            told[name] = Said(name, said.label, said.label_spot, value, place)
    return told


def _below_a_row_of_labels(look: _Look, found: Mapping[str, Said]) -> dict[str, Said]:
    """Return the values below labels that have none beside them, where a whole row is labels and the next one none: 日期 | 销售顾问 over 3.5 | 李明."""
    page, labels, within = look.page, look.labels, look.within
    told = {}
    for name, said in found.items():
        if said.value == "" and _is_row_of_labels(look, said.label_spot[0]):
            place, value = _under(page, labels, said.label_spot, within)
            if value != "":
                told[name] = Said(name, said.label, said.label_spot, value, place)
    return told


def _is_row_of_labels(look: _Look, row: int) -> bool:
    """Say whether a whole row is labels and the next one nothing but their values."""
    page, labels = look.page, look.labels
    own, below = page.row_words.get(row, {}), page.row_words.get(row + 1, {})
    if row >= look.within.bottom or len(own) < _ROW_OF_LABELS or any(word not in labels for word in own.values()):
        return False
    # A value beside one of these, or a cell that is no label's, makes the next row one of its own: 天气 | 晴.
    stray = any(word in labels for word in below.values()) or any(c not in own for c, _ in page.filled(row + 1))
    return not stray and not any((row + 1, c) in page.coloned for c in below)


def _of_label(look: _Look, spot: Spot, name: str) -> Said:
    """Return what stands beside or below a cell that holds a label and nothing else."""
    page, within = look.page, look.within
    where = _under if look.down else _beside
    place, found = where(page, look.stops, spot, within)
    if found == "" and not look.down and _is_answered(look, name, place):
        found = page.value(*place)
    return Said(name, clean(page.grid.at(*spot)), spot, found, place)


def _in_cell(look: _Look, spot: Spot) -> Iterator[Said]:
    """Yield what a cell says of labels that stand in it with their colons."""
    for word, label, text, alone in _pieces(look.lexicon, str(look.page.grid.at(*spot))):
        name = look.labels.get(word)
        if name is None:
            continue
        if alone:  # nothing follows the colon: the value stands beside
            place, found = _beside(look.page, look.stops, spot, look.within)
            yield Said(name, label, spot, found, place)
        else:
            yield Said(name, label, spot, text, spot)


@lru_cache(maxsize=_REMEMBERED)
def _pieces(lexicon: Lexicon, value: str) -> tuple[tuple[str, str, str, bool], ...]:
    """Return of every label with a colon in a text: its word, itself, what follows it, and whether it is all there is."""
    pieces = list(lexicon.inside.finditer(value))
    found = []
    for piece, following in zip_longest(pieces, pieces[1:]):
        text = clean(value[piece.end() : following.start() if following else len(value)])
        alone = not (text or following or piece.start())
        found.append((squeeze(piece["label"]), piece["label"], text, alone))
    return tuple(found)


def _beside(page: Page, labels: Collection[str], spot: Spot, within: Span) -> tuple[Spot, Value]:
    """Return the value to the right, up to the next label or a few blank columns away."""
    first = place = page.after(*spot)
    for _ in range(_REACH):
        home = page.home(*place)
        if place[1] > within.right or page.words.get(home, "") in labels:
            break
        found = page.grid.at(*home)
        if found != "" or page.faulty(*home):
            return home, found
        place = page.after(*place)
    return page.home(*first), ""


def _is_answered(look: _Look, name: str, place: Spot) -> bool:
    """Say whether the cell beside a label holds a word of its vocabulary that is a label as well, with no value of its own: 订单形式 | 电话."""
    word = look.page.word(*place)
    if place[1] > look.within.right or word not in look.lexicon.answers.get(name, ()):
        return False
    return _beside(look.page, look.stops, place, look.within)[1] == "" and not _is_row_of_labels(look, place[0])


def _under(page: Page, labels: Collection[str], spot: Spot, within: Span) -> tuple[Spot, Value]:
    place = page.below(*spot)
    if place[0] > within.bottom or page.word(*place) in labels or _is_heading(page, spot, place, within):
        return place, ""
    return page.home(*place), page.value(*place)


def _is_heading(page: Page, spot: Spot, place: Spot, within: Span) -> bool:
    """Say whether the cell below a label is as wide as the whole card, which the label is not: the next block's heading."""
    own, below = page.merged.get(spot), page.merged.get(place)
    if below is None or within.left == within.right or below.left > within.left or below.right < within.right:
        return False
    return own is None or (own.left, own.right) != (below.left, below.right)


def row_text(page: Page, row: int) -> str:
    """Return a row's texts in one line, so that `2026 | 年 | 11 | 月` reads as a date."""
    parts = []
    for _, value in page.filled(row):
        parts.append(str(int(value)) if isinstance(value, float) and value.is_integer() else clean(value))
    return " ".join(parts)
