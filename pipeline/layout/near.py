"""Looks at a sheet that is none of our forms for the one it comes nearest to, and for what it lacks, each with the header most like it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from pipeline.grid import Span, address
from pipeline.layout.above import labelled
from pipeline.layout.columns import Header
from pipeline.layout.header import best_band
from pipeline.layout.lexicon import Lexicon, PartWords
from pipeline.layout.page import Page
from pipeline.model import Lack
from pipeline.rulebook.form import LISTS
from pipeline.text import likest, squeeze

_FEWEST = 2  # labels on a row that make it worth a look; one may be chance


@dataclass(frozen=True)
class Near:
    """A header or card that is nearly a form's: how many labels speak for it, where it begins, and what is missing."""

    form: str
    size: int
    row: int
    cell: str
    lacks: tuple[Lack, ...]


def nearest_part(page: Page, lexicon: Lexicon) -> Near | None:
    """Return this form's list or card most like something on the sheet although it cannot be read as one, None if nothing is."""
    whole = Span(0, 0, max(page.grid.height - 1, 0), max(page.grid.width - 1, 0))
    given = frozenset(labelled(page, lexicon, whole))
    found = [*_lists(page, lexicon, whole, given), *_cards(page, lexicon, whole)]
    return max(found, key=lambda near: (near.size, -len(near.lacks)), default=None)


def _lists(page: Page, lexicon: Lexicon, whole: Span, given: Collection[str]) -> Iterator[Near]:
    for words in lexicon.roots(*LISTS):
        best: Header | None = None
        for row, own in page.row_words.items():
            if sum(word in words.labels for word in own.values()) < _FEWEST:
                continue
            header = best_band(page, lexicon, words, Span(row, 0, row, whole.right), whole, given)
            if header and (best is None or header.size > best.size):
                best = header
        if best:
            cell = address(best.span.top, best.span.left)
            yield Near(lexicon.form.form, best.size, best.span.top, cell, _lacks(page, lexicon, words, best))


def _lacks(page: Page, lexicon: Lexicon, words: PartWords, header: Header) -> tuple[Lack, ...]:
    """Return what the header lacks; each strange header word is offered for one missing field only, the likest first."""
    taken = {*header.columns.values(), *(column for _, group in header.groups for column in group.values())}
    taken |= {column for places in header.choices.values() for column, _ in places} | set(header.twice)
    strange = {
        (row, column): page.words[row, column]
        for row in range(header.span.top, header.span.bottom + 1)
        for column in page.row_words.get(row, {})
        if header.span.left <= column <= header.span.right
        and column not in taken
        and page.words[row, column] not in lexicon.ignores
    }
    lacks = tuple(_lack(page, words, name, strange) for name in words.part.needs if name in header.missing)
    rounds = [child.part.layout.heads for child in lexicon.children(words.name) if child.part.layout.heads]
    if not lacks and rounds and not header.groups:
        return (Lack("", rounds[0][0].replace("{n}", "1")),)
    return lacks


def _lack(page: Page, words: PartWords, name: str, strange: Mapping[tuple[int, int], str]) -> Lack:
    spec = words.part.fields.get(name)
    labels = [label for need, those in words.needed_labels if need == name for label in those]
    shown = spec.labels[0] if spec and spec.labels else name
    near = likest(labels, strange.values())
    spot = next((spot for spot, word in strange.items() if word == near), None) if near else None
    return Lack(name, shown, str(page.grid.at(*spot)).strip(), address(*spot)) if spot else Lack(name, shown)


def _cards(page: Page, lexicon: Lexicon, whole: Span) -> Iterator[Near]:
    """Yield the form's cards that begin on the sheet: labels with something beside them that is no label."""
    for words in lexicon.roots("card", "repeat"):
        said = {
            name: each
            for name, each in labelled(page, lexicon, whole, words).items()
            if each.value != "" and squeeze(str(each.value)) not in words.labels
        }
        if len(said) < _FEWEST:
            continue
        spots = [each.label_spot for each in said.values()]
        top, left = min(row for row, _ in spots), min(column for _, column in spots)
        strange = {spot: word for spot, word in page.words.items() if word not in words.labels and spot[1] >= left}
        values = {each.spot for each in said.values()}
        strange = {spot: word for spot, word in strange.items() if spot not in values}
        lacks = tuple(_lack(page, words, name, strange) for name in words.part.needs if name not in said)
        yield Near(lexicon.form.form, len(said), top, address(top, left), lacks)
