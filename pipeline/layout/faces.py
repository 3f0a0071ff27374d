"""What rows show to whoever looks for headers: a form's own words as they stand, and for the others the first strange word, the second, and so on.

One form then shows the same rows in every workbook, whoever filled it: what was made out of them once is remembered by them. A form's own word is
part of a label of it, a group's head, or a day; of all others it only matters where they are, and which of them are alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple, TypeAlias

from pipeline.layout.page import Page, Row

_STAND_IN = "\0"  # begins what stands for a strange word

Face: TypeAlias = tuple[Row, ...]


class Masked(NamedTuple):
    """Rows with stand-ins for their strange words, and these words, the nth for the nth stand-in."""

    face: Face
    strange: tuple[str, ...]

    def meant(self, word: str) -> str:
        """Return the word that this one stands for."""
        return self.strange[int(word[1:])] if word.startswith(_STAND_IN) else word


def masked(page: Page, rows: Iterable[int], spoken: Callable[[str], bool]) -> Masked:
    """Return rows of a page as they look to whoever has a use for `spoken` words only."""
    tokens = {"": ""}
    strange: list[str] = []
    face = []
    for row in rows:
        words, same = page.shown(row)
        for word in words:
            if word not in tokens:
                tokens[word] = word
                if not spoken(word):
                    tokens[word] = f"{_STAND_IN}{len(strange)}"
                    strange.append(word)
        face.append(Row(tuple([tokens[word] for word in words]), same))
    return Masked(tuple(face), tuple(strange))
