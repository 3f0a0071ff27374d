"""What a row shows to whoever looks for headers: the words of the house as they stand, every other word as the cell where it stands first.

One form then shows the same rows in every workbook, whoever filled it: what was made out of them once is remembered by them. A word of the house is
part of a label of any form, a group's head, or a day; of all others it only matters where they are, and which of them are alike.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from pipeline.grid import Value
from pipeline.layout.page import Page

DAYS = 31
_REMEMBERED = 4096  # rows
_STAND_IN = "\0"  # begins what stands for a word that is not the house's


@dataclass(frozen=True, eq=False, slots=True)
class Face:
    """One row: of each column the word shown there through merges, and sparsely what else tells a header row from another.

    Two rows alike are one Face, so that it is remembered by its identity.
    """

    words: tuple[str, ...]
    own: tuple[tuple[int, str], ...]  # (column, word) of the texts in the row's own cells
    numbers: tuple[
        tuple[int, bool], ...
    ]  # (column, is it small enough for a day) of the row's own cells that hold no text
    days: tuple[tuple[int, str], ...]  # (column, day) of the numbers that may be days of a month grid
    same: frozenset[int]  # columns whose cell has begun in a row above


_face = lru_cache(maxsize=_REMEMBERED)(Face)


class Faces:
    """The rows of one page, each looked at once; words that are not `spoken` in the house go by where they stand first."""

    def __init__(self, page: Page, spoken: Callable[[str], bool]) -> None:
        self._page, self._spoken = page, spoken
        self._rows: dict[int, Face] = {}
        self._tokens: dict[str, str] = {}

    def __getitem__(self, row: int) -> Face:
        found = self._rows.get(row)
        if found is None:
            found = self._rows[row] = self._look(row)
        return found

    def _look(self, row: int) -> Face:
        page = self._page
        own = tuple((column, self._token(word)) for column, word in page.row_words.get(row, {}).items())
        values = page.grid.rows[row] if row < page.grid.height else ()
        numbers = [(column, value) for column, value in enumerate(values) if not isinstance(value, str)]
        small = tuple((column, isinstance(value, float) and 1 <= value <= DAYS) for column, value in numbers)
        days = {column: _day(value) for column, value in numbers}
        words = [""] * page.grid.width
        for column, word in own:
            words[column] = word
        same = []
        for column in page.merged_columns.get(row, ()):
            home = page.home(row, column)
            words[column] = self._token(page.words[home]) if home in page.words else ""
            days[column] = _day(page.grid.at(*home))
            if page.home(row - 1, column) == home:
                same.append(column)
        return _face(tuple(words), own, small, tuple((c, day) for c, day in days.items() if day), frozenset(same))

    def _token(self, word: str) -> str:
        token = self._tokens.get(word)
        if token is None:
            token = self._tokens[word] = word if self._spoken(word) else _stand_in(*self._page.spots[word][0])
        return token

    def meant(self, token: str) -> str:
        """Return the word that a token stands for on this page."""
        if not is_stand_in(token):
            return token
        row, column = token[1:].split(",")
        return self._page.words[int(row), int(column)]


def faces(page: Page, spoken: Callable[[str], bool]) -> Faces:
    """Return the rows of a page for whoever speaks these words."""
    found: Faces | None = page.kept.get(spoken)
    if found is None:
        found = page.kept[spoken] = Faces(page, spoken)
    return found


@lru_cache(maxsize=_REMEMBERED)
def _stand_in(row: int, column: int) -> str:
    return f"{_STAND_IN}{row},{column}"


def is_stand_in(token: str) -> bool:
    """Say whether this stands for a word that is not the house's."""
    return token.startswith(_STAND_IN)


def _day(value: Value) -> str:
    """Return a number that may be a day of a month grid as its word, '' for anything else."""
    if isinstance(value, float) and value.is_integer() and 1 <= value <= DAYS:
        return str(int(value))
    return ""
