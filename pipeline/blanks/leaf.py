"""One sheet of a blank while it is drawn: merged cells, labels, empty cells with their drop-downs, the notes below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from pipeline.blanks.offers import look, offer
from pipeline.blanks.slots import Slot
from pipeline.ink.letters import safe
from pipeline.ink.paper import DARK, GREY, PALE, RED, Format, Paper, Worksheet
from pipeline.rulebook.form import Form
from pipeline.rulebook.rulebook import Rulebook
from pipeline.text import width

STAMP = "_daybook"
_EDGE = "#9AA7B5"
_FIRST_LIST = 3  # column of the first long list on the hidden sheet; form and version stand before it


@dataclass
class Stamp:
    """The hidden sheet: form id and version in A1 and B1, drop-downs too long for a cell's rule beside them."""

    sheet: Worksheet
    lists: dict[tuple[str, ...], str] = field(default_factory=dict)

    def source(self, words: tuple[str, ...]) -> str:
        """Return where the words stand, writing them when first asked for."""
        if words not in self.lists:
            column = _FIRST_LIST + len(self.lists)
            for row, word in enumerate(words):
                self.sheet.write_string(row, column, safe(word))
            letter = chr(ord("A") + column)
            self.lists[words] = f"={STAMP}!${letter}$1:${letter}${len(words)}"
        return self.lists[words]


@dataclass
class Leaf:
    """A sheet being drawn; all rows and columns are 0-based, a right edge is the last column of a merge."""

    paper: Paper
    sheet: Worksheet
    rules: Rulebook
    stamp: Stamp

    def title(self, row: int, left: int, right: int, text: str, size: int = 16) -> None:
        """Write a title over its columns."""
        self.put(row, left, right, text, self.paper.ink(bold=True, font_size=size, align="center", font_color=DARK))
        self.sheet.set_row(row, size * 2)

    def put(
        self, row: int, left: int, right: int, text: str | float | date, form: Format, bottom: int | None = None
    ) -> None:
        """Write into one cell or a merge."""
        content = safe(text) if isinstance(text, str) else text
        if right > left or (bottom or row) > row:
            self.sheet.merge_range(row, left, bottom or row, right, content, form)
        elif content == "":
            self.sheet.write_blank(row, left, None, form)
        else:
            self.sheet.write(row, left, content, form)

    def label(self, row: int, left: int, right: int, slot: Slot, bottom: int | None = None) -> None:
        """Write a label; what a record cannot do without is red."""
        colour = RED if slot.required else DARK
        form = self.paper.ink(
            bold=True, bg_color=PALE, font_color=colour, align="center", text_wrap=True, border=1, border_color=_EDGE
        )
        self.put(row, left, right, int(slot.label) if slot.day else slot.label, form, bottom)

    def head(self, row: int, left: int, right: int, text: str) -> None:
        """Write a group's head over its columns."""
        form = self.paper.ink(
            bold=True, bg_color="#D3DFEC", font_color=DARK, align="center", border=1, border_color=_EDGE
        )
        self.put(row, left, right, text, form)

    @property
    def number(self) -> Format:
        """The format of a row's printed number."""
        return self.paper.ink(border=1, border_color=_EDGE, align="center", font_color=GREY)

    def section(self, row: int, left: int, right: int, text: str) -> None:
        """Write a section's heading."""
        self.put(row, left, right, text, self.paper.ink(bold=True, font_size=12, font_color=DARK, align="left"))
        self.sheet.set_row(row, 24)

    def blanks(
        self,
        first: int,
        last: int,
        left: int,
        right: int,
        slot: Slot,
        height: float,
        held: Sequence[str | float | date] = (),
    ) -> None:
        """Draw the cells of a slot over some rows, with what they offer; empty but for what is held in the first of them."""
        form = self.paper.ink(border=1, border_color=_EDGE, **look(slot))
        for row in range(first, last + 1):
            self.put(row, left, right, held[row - first] if row - first < len(held) else "", form)
            self.sheet.set_row(row, height)
        self.offer(first, last, left, slot)

    def offer(self, first: int, last: int, column: int, slot: Slot) -> None:
        """Give cells their drop-down, check and hint."""
        found = offer(slot, self.rules)
        if found is None:
            return
        source = list(found.words) if found.inline else self.stamp.source(found.words)
        self.sheet.data_validation(
            first, column, last, column, found.check | ({"source": source} if found.words else {})
        )

    def foot(self, row: int, right: int, form: Form, columns: float) -> int:
        """Write the notes and the line to sign below everything; return the last row."""
        notes = [
            self.rules.wording["blank.notes"].say,
            *(f"{number}. {note}" for number, note in enumerate(form.notes, 1)),
        ]
        lines = sum(max(1, -(-width(note) // max(int(columns), 1))) for note in notes)
        self.put(
            row,
            0,
            right,
            "\n".join(notes),
            self.paper.ink(font_size=9, font_color=GREY, text_wrap=True, align="left", valign="top"),
        )
        self.sheet.set_row(row, 6 + 14 * lines)
        signs = "".join(f"{who}:{' ' * 24}" for who in form.signs)
        self.put(row + 1, 0, right, signs.rstrip(), self.paper.ink(align="left"))
        self.sheet.set_row(row + 1, 26)
        return row + 1


def spread(widths: Sequence[float], start: int, need: float) -> int:
    """Return the last column that, from `start` on, makes up the characters needed."""
    total, column = 0.0, start
    while column < len(widths):
        total += widths[column]
        if total >= need:
            return column
        column += 1
    return len(widths) - 1
