"""A grid made ready for looking: every cell in comparable form, merges followed to their top-left cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property
from types import MappingProxyType
from typing import NamedTuple

from pipeline.grid import Book, Grid, Span, Spot, Value
from pipeline.text import clean, squeeze

_LONGEST_LABEL = 40  # letters; longer texts are notes, never labels
DAYS = 31  # of a month; a number up to it may head one of a month's columns
_MERGE_AREA = 100_000  # cells of merges followed; a sheet painted with merges is not a form


def pages_of(book: Book) -> tuple[Page, ...]:
    """Return every sheet of a workbook made ready."""
    return tuple(map(Page, book.grids))


_NOTHING: Mapping[int, Value] = MappingProxyType({})


class Row(NamedTuple):
    """What one row shows: of each column its word, '' for none, and the columns whose cell has begun in a row above."""

    words: tuple[str, ...]
    same: tuple[int, ...]


class Page:
    """One sheet seen through its merges. All rows and columns are 0-based."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self._shown: dict[int, Row] = {}
        self._said: dict[int, dict[int, Value]] = {}
        self._filled: dict[int, tuple[tuple[int, Value], ...]] = {}

    @cached_property
    def merged(self) -> dict[Spot, Span]:
        """Every cell inside a merge → the merge."""
        found: dict[Spot, Span] = {}
        for span in self.grid.merges:
            if len(found) > _MERGE_AREA:
                break
            bottom = min(span.bottom, self.grid.height)
            right = min(span.right, self.grid.width + 1)
            for row in range(span.top, bottom + 1):
                for column in range(span.left, right + 1):
                    found[row, column] = span
        return found

    @cached_property
    def merged_columns(self) -> dict[int, list[int]]:
        """By row: the columns, as far as the sheet reaches, whose cell lies inside a merge."""
        found: dict[int, list[int]] = {}
        for row, column in self.merged:
            if column < self.grid.width:
                found.setdefault(row, []).append(column)
        return found

    @cached_property
    def words(self) -> dict[Spot, str]:
        """Every cell holding a short text → the text in comparable form."""
        return {(row, column): word for row, words in self.row_words.items() for column, word in words.items()}

    @cached_property
    def row_words(self) -> dict[int, dict[int, str]]:
        """`words` by row."""
        found: dict[int, dict[int, str]] = {}
        for row, values in enumerate(self.grid.rows):
            words = {
                column: word
                for column, value in enumerate(values)
                if value and value.__class__ is str and len(value) <= _LONGEST_LABEL and (word := squeeze(value))
            }
            if words:
                found[row] = words
        return found

    @cached_property
    def joined(self) -> dict[int, dict[int, str]]:
        """By row: every text under a cell merged across columns → both texts as one, 第1次回访 over 方式 as 第1次回访方式."""
        found: dict[int, dict[int, str]] = {}
        for span in self.grid.merges if self.words else ():
            over = self.words.get((span.top, span.left), "")
            row = span.bottom + 1
            if over and span.right > span.left and row in self.row_words:
                own = self.row_words[row]
                found.setdefault(row, {}).update(
                    {c: over + own[c] for c in range(span.left, span.right + 1) if c in own}
                )
        return found

    @cached_property
    def row_said(self) -> dict[int, frozenset[str]]:
        """By row: its words, those of `joined` among them."""
        return {
            row: frozenset((*words.values(), *self.joined.get(row, {}).values()))
            for row, words in self.row_words.items()
        }

    @cached_property
    def spots(self) -> dict[str, list[Spot]]:
        """Every comparable text → the cells that hold it, in reading order."""
        found: dict[str, list[Spot]] = {}
        for spot, word in self.words.items():
            if word in found:
                found[word].append(spot)
            else:
                found[word] = [spot]
        return found

    @cached_property
    def coloned(self) -> tuple[Spot, ...]:
        """The cells whose text holds a colon, half or full width: a label may stand there with its value."""
        return tuple(
            (r, c)
            for r, row in enumerate(self.grid.rows)
            for c, value in enumerate(row)
            if value and value.__class__ is str and (":" in value or "\uff1a" in value)
        )

    @cached_property
    def told(self) -> tuple[Spot, ...]:
        """The cells of `coloned` with a letter in their text: no times of day."""
        return tuple(spot for spot in self.coloned if any(map(str.isalpha, str(self.grid.at(*spot)))))

    def shown(self, row: int) -> Row:
        """Return the words shown on a row through merges, numbers that may be days of a month among them."""
        found = self._shown.get(row)
        if found is None:
            found = self._shown[row] = self._look(row)
        return found

    def _look(self, row: int) -> Row:
        words = [""] * self.grid.width
        for column, word in self.row_words.get(row, {}).items():
            words[column] = word
        for column, value in enumerate(self.grid.rows[row] if row < self.grid.height else ()):
            if value.__class__ is float:
                words[column] = _day(value)
        same = []
        for column in self.merged_columns.get(row, ()):
            home = self.home(row, column)
            words[column] = self.words.get(home, "") or _day(self.grid.at(*home))
            if self.home(row - 1, column) == home:
                same.append(column)
        return Row(tuple(words), tuple(same))

    def home(self, row: int, column: int) -> Spot:
        """Return the cell that holds the value shown here: itself, or its merge's top-left."""
        span = self.merged.get((row, column))
        return (span.top, span.left) if span else (row, column)

    def word(self, row: int, column: int) -> str:
        """Return the comparable text shown here, '' if none."""
        return self.words.get(self.home(row, column), "")

    def value(self, row: int, column: int) -> Value:
        """Return the value shown here."""
        return self.grid.at(*self.home(row, column))

    def after(self, row: int, column: int) -> Spot:
        """Return the next cell to the right, beyond this one's merge."""
        span = self.merged.get((row, column))
        return (row, span.right + 1) if span else (row, column + 1)

    def below(self, row: int, column: int) -> Spot:
        """Return the next cell downward, beyond this one's merge."""
        span = self.merged.get((row, column))
        return (span.bottom + 1, column) if span else (row + 1, column)

    def faulty(self, row: int, column: int) -> bool:
        """Say whether the cell is blank only because its value cannot be trusted: an error, a formula never computed."""
        faults = self.grid.faults
        return bool(faults) and (row, column) in faults

    def said(self, row: int) -> Mapping[int, Value]:
        """Return column → what a person sees there, of the row's own cells that hold something; what cannot be trusted holds something too."""
        if not 0 <= row < self.grid.height:
            return _NOTHING
        found = self._said.get(row)
        if found is None:
            seen = [clean(value) if value.__class__ is str else value for value in self.grid.rows[row]]
            found = self._said[row] = {column: value for column, value in enumerate(seen) if value != ""}
            if self.grid.faults:
                faulty = {column: "" for column in range(len(seen)) if (row, column) in self.grid.faults}
                found = self._said[row] = dict(sorted((faulty | found).items()))
        return found

    def filled(self, row: int, left: int = 0, right: int | None = None) -> Sequence[tuple[int, Value]]:
        """Return (column, value) of the cells of `said`, as they stand."""
        own = self._filled.get(row)
        if own is None:
            own = self._filled[row] = tuple([(column, self.grid.rows[row][column]) for column in self.said(row)])
        if left <= 0 and (right is None or right >= self.grid.width - 1):
            return own
        return [cell for cell in own if left <= cell[0] and (right is None or cell[0] <= right)]

    def filled_columns(self, row: int) -> AbstractSet[int]:
        """Return the columns whose own cell on the row holds something."""
        faulty = {column for at, column in self.grid.faults if at == row} if self.grid.faults else ()
        return self.said(row).keys() | faulty if faulty else self.said(row).keys()

    def is_blank(self, row: int, left: int = 0, right: int | None = None) -> bool:
        """Say whether the row holds nothing between two columns."""
        return not self.filled(row, left, right)


def may_be_day(value: Value) -> bool:
    """Say whether a value is a number small enough for a day of a month."""
    return isinstance(value, float) and 1 <= value <= DAYS


def _day(value: Value) -> str:
    """Return a number that may be a day of a month grid as its word, '' for anything else."""
    return str(int(value)) if isinstance(value, float) and may_be_day(value) and value.is_integer() else ""
