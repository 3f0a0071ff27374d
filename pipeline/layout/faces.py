"""What rows show to whoever looks for headers: a form's own words as they stand, and for the others the first strange word, the second, and so on.

One form then shows the same rows in every workbook, whoever filled it: what was made out of them once is remembered by them. A form's own word is
part of a label of it, a group's head, or a day; of all others it only matters where they are, and which of them are alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple, TypeAlias

from pipeline.layout.page import Page, Row

_STAND_IN = "\0"  # begins what stands for a strange word

Face: TypeAlias = tuple[Row, ...]


class Masked(NamedTuple):
    """Rows with stand-ins for their strange words, and stand-in → word."""

    face: Face
    strange: Mapping[str, str]

    def meant(self, word: str) -> str:
        """Return the word that this one stands for."""
        return self.strange.get(word, word)


def masked(page: Page, rows: Iterable[int], spoken: Callable[[str], bool]) -> Masked:
    """Return rows of a page as they look to whoever has a use for `spoken` words only."""
    tokens = {"": ""}
    strange: dict[str, str] = {}
    face = []
    for row in rows:
        words, same = page.shown(row)
        for word in dict.fromkeys(words):
            if word not in tokens:
                tokens[word] = token = word if spoken(word) else f"{_STAND_IN}{len(strange)}"
                if token is not word:
                    strange[token] = word
        face.append(Row(tuple(map(tokens.__getitem__, words)), same))
    return Masked(tuple(face), strange)
