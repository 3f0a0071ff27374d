"""Asks a sheet once which forms its words may belong to, by one dictionary over all forms, so that fifty forms cost little more than eight.

A form left out here could not have been read: none of its parts has all the labels it needs, or three labels at all, or its name is wanted and
stands nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from pipeline.layout.columns import GRID_DAYS
from pipeline.layout.lexicon import Lexicon, Lexicons, PartWords, head_of
from pipeline.layout.page import DAYS, Page
from pipeline.rulebook.form import CARDS, LISTS
from pipeline.text import squeeze

_FEWEST = 3  # labels that make a list
_NEAR = 6  # forms worth a close look when none can be read
_KINDS = (*LISTS, *CARDS)
_REMEMBERED = 8192  # texts
_LONGEST = 16  # letters of a label that stands in one cell with its value


class Claims:
    """One sheet's words that any form knows, and the forms whose name stands on it."""

    def __init__(self, page: Page, lexicons: Lexicons) -> None:
        self._page, self._lexicons = page, lexicons
        owners = lexicons.owners
        known = owners.keys() & page.spots.keys()
        for words in page.joined.values():
            known.update(word for word in words.values() if word in owners)
        for row, column in page.coloned:
            known.update(_before_colons(lexicons, str(page.grid.at(row, column))))
        self._known = frozenset(known)
        shortest = lexicons.shortest_title
        self.named = frozenset().union(*(_named(lexicons, word) for word in page.spots if len(word) >= shortest))

    def candidates(self) -> Iterator[Lexicon]:
        """Yield the forms that may stand on the sheet."""
        for number in _candidates(self._lexicons, self._known, self.named):
            lexicon = self._lexicons[number]
            if not _grouped(lexicon) or self._may_have_groups(lexicon):
                yield lexicon

    def _may_have_groups(self, lexicon: Lexicon) -> bool:
        """Say whether a group's head or day stands anywhere, or there is room for the days of a month."""
        return self._page.grid.width >= GRID_DAYS or any(_begins_group(lexicon, word) for word in self._page.spots)

    def nearest(self) -> list[Lexicon]:
        """Return the few forms that know most of the sheet's words, those whose name stands on it before all others; in the rules' order."""
        counts = dict.fromkeys(range(len(self._lexicons)), 0)
        for (number, part), known in _by_owner(self._lexicons, self._known).items():
            if part:
                counts[number] = max(counts[number], len(known))
        ranked = sorted((n for n in counts if counts[n] > 1), key=lambda n: (n not in self.named, -counts[n], n))
        return [self._lexicons[number] for number in sorted(ranked[:_NEAR])]


@lru_cache(maxsize=1024)
def _candidates(lexicons: Lexicons, words: frozenset[str], named: frozenset[int]) -> tuple[int, ...]:
    """Return the numbers of the forms that these words may make; a form's words are the same in every workbook."""
    owned = _by_owner(lexicons, words)
    return tuple(
        number
        for number, lexicon in enumerate(lexicons)
        if (number in named or not lexicon.form.recognise.titled)
        and any(_may_stand(lexicon, part, owned, number) for part in lexicon.roots(*_KINDS))
    )


def _may_stand(lexicon: Lexicon, words: PartWords, owned: Mapping[tuple[int, str], set[str]], number: int) -> bool:
    known = owned.get((number, words.name), set())
    if words.part.layout.kind in LISTS:
        above = {lexicon.above[word] for word in owned.get((number, ""), ())}
        return len(known) >= _FEWEST and words.needs_named(known, above)
    fields = {words.labels[word] for word in known if word in words.labels}
    return len(fields) >= lexicon.form.recognise.labels and not words.needs - fields


@lru_cache(maxsize=1024)
def _grouped(lexicon: Lexicon) -> bool:
    """Say whether nothing of a form is read without column groups, and these have texts for heads, not bare numbers."""
    numbers = any(_begins_group(lexicon, str(number)) for number in range(DAYS + 1))
    lists = lexicon.roots(*LISTS)
    return not numbers and lists == lexicon.roots(*_KINDS) and all(lexicon.needs_groups(each.name) for each in lists)


@lru_cache(maxsize=_REMEMBERED)
def _begins_group(lexicon: Lexicon, word: str) -> bool:
    """Say whether a word is a group's head, or names its day; a group is read only with its day."""
    bare = word.rstrip("0123456789")
    return any(
        head_of(words, word) or (bare in words.labels and words.part.fields[words.labels[bare]].is_ == "date")
        for words in lexicon.parts.values()
        if words.part.layout.kind == "groups"
    )


def _by_owner(lexicons: Lexicons, words: Iterable[str]) -> dict[tuple[int, str], set[str]]:
    """Return the words under the parts of forms that know them."""
    owned: dict[tuple[int, str], set[str]] = {}
    for word in words:
        for owner in lexicons.owners[word]:
            owned.setdefault(owner, set()).add(word)
    return owned


@lru_cache(maxsize=_REMEMBERED)
def _before_colons(lexicons: Lexicons, text: str) -> frozenset[str]:
    """Return every label that may stand before a colon in its value's own cell."""
    found: set[str] = set()
    for piece in text.replace("\uff1a", ":").split(":")[:-1]:
        word = squeeze(piece[-2 * _LONGEST :])[-_LONGEST:]
        if word and word[-1] in lexicons.last_letters:
            found.update(word[begin:] for begin in range(len(word)) if word[begin:] in lexicons.owners)
    return frozenset(found)


@lru_cache(maxsize=_REMEMBERED)
def _named(lexicons: Lexicons, word: str) -> frozenset[int]:
    """Return the numbers of the forms whose title stands in a word."""
    if not lexicons.any_title.search(word):
        return frozenset()
    return frozenset(
        number for number, lexicon in enumerate(lexicons) if any(title in word for title in lexicon.titles)
    )
