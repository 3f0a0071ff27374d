"""Human spellings → codes, and finding codes → Chinese sentences."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property, lru_cache

from pipeline.rulebook.said import Said
from pipeline.text import narrow, squeeze


class Vocabulary(Said):
    """One vocabulary: code → the spellings people write. The first spelling is the one we print and offer in drop-downs.

    `contains` are words that decide even inside a longer text (`联系不上,关机` is unreached).
    """

    words: dict[str, tuple[str, ...]]
    blank: tuple[str, ...] = ()  # spellings that say nothing (无, 其他)
    contains: bool = False
    open: bool = False  # an unknown word is kept as written (source, colour) instead of being asked about

    @cached_property
    def by_spelling(self) -> Mapping[str, str]:
        """Every spelling and code in comparable form → its code."""
        found = {fold(code): code for code in self.words}
        found |= {fold(spelling): code for code, spellings in self.words.items() for spelling in spellings}
        return found

    def code(self, written: str) -> str | None:
        """Return the code of a spelling, or None if nobody taught it."""
        return self.by_spelling.get(fold(written))

    def shown(self, code: str) -> str:
        """Return how a code is printed: its first spelling, or the code itself."""
        spellings = self.words.get(code, ())
        return spellings[0] if spellings else code

    def found_in(self, text: str) -> str | None:
        """Return the code of the longest spelling that stands inside the text, or None."""
        folded = fold(text)
        hits = [(len(spelling), code) for spelling, code in self.by_spelling.items() if spelling and spelling in folded]
        return max(hits)[1] if hits else None


@lru_cache(maxsize=65536)
def fold(word: str) -> str:
    """Return the form in which two spellings of a code are compared.

    >>> fold("Ｈ 级") == fold("h级")
    True
    """
    return squeeze(narrow(word)) or narrow(word).casefold()


class Sentence(Said):
    """What is said of one finding code: the sentence and what to write instead, with {found} {want} {label} {other} in them."""

    say: str
    want: str = ""
