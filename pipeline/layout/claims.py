"""Asks a sheet once which forms its words may belong to, by one dictionary over all forms, so that fifty forms cost little more than eight.

A form left out here could not have been read: none of its parts has all the labels it needs, or three labels at all, or its name is wanted and
stands nowhere.
"""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.layout.lexicon import Lexicon, Lexicons
from pipeline.layout.page import Page
from pipeline.rulebook.form import LISTS
from pipeline.text import squeeze

_FEWEST = 3  # labels that make a list
_NEAR = 6  # forms worth a close look when none can be read
_LONGEST = 16  # letters of a label that stands in one cell with its value


class Claims:
    """One sheet's words, each under the parts of forms that know it."""

    def __init__(self, page: Page, lexicons: Lexicons) -> None:
        self._lexicons = lexicons
        self._words: dict[tuple[int, str], set[str]] = {}
        joined = (word for words in page.joined.values() for word in words.values())
        for word in {*page.spots, *joined, *_before_colons(page, lexicons)}:
            for owner in lexicons.owners.get(word, ()):
                self._words.setdefault(owner, set()).add(word)
        text = "\n".join(word for word in page.spots if len(word) >= lexicons.shortest_title)
        self.named = frozenset(number for title, number in lexicons.titles if title in text)

    def candidates(self) -> Iterator[Lexicon]:
        """Yield the forms that may stand on the sheet."""
        standing = {
            number for (number, part), known in self._words.items() if part and self._may_stand(number, part, known)
        }
        yield from (self._lexicons[number] for number in sorted(standing))

    def _may_stand(self, number: int, part: str, known: set[str]) -> bool:
        lexicon = self._lexicons[number]
        if lexicon.form.recognise.titled and number not in self.named:
            return False
        words = lexicon.parts[part]
        if words.part.layout.kind in LISTS:
            above = {lexicon.above[word] for word in self._words.get((number, ""), ())}
            return len(known) >= _FEWEST and words.needs_named(known, above)
        fields = {words.labels[word] for word in known if word in words.labels}
        return len(fields) >= lexicon.form.recognise.labels and not words.needs - fields

    def nearest(self) -> list[Lexicon]:
        """Return the few forms that know most of the sheet's words, those whose name stands on it before all others; in the rules' order."""
        counts = dict.fromkeys(range(len(self._lexicons)), 0)
        for (number, part), known in self._words.items():
            if part:
                counts[number] = max(counts[number], len(known))
        ranked = sorted((n for n in counts if counts[n] > 1), key=lambda n: (n not in self.named, -counts[n], n))
        return [self._lexicons[number] for number in sorted(ranked[:_NEAR])]


def _before_colons(page: Page, lexicons: Lexicons) -> Iterator[str]:
    """Yield every text that may be a label standing before a colon in its value's own cell."""
    for row, column in page.coloned:
        for piece in str(page.grid.at(row, column)).replace("\uff1a", ":").split(":")[:-1]:
            word = squeeze(piece[-2 * _LONGEST :])[-_LONGEST:]
            if word and word[-1] in lexicons.last_letters:
                yield from (word[begin:] for begin in range(len(word)))
