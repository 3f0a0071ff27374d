"""Puts a draft together: a sheet's outline, the guesses of its columns, a natural key, and what makes the form known again."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from pipeline.drafting.guess import Guess, Guesser, columns
from pipeline.grid import Book, Grid, address
from pipeline.layout.outline import Label, Outline, joined, outline
from pipeline.layout.page import Page
from pipeline.rulebook.form import Form
from pipeline.text import clean, squeeze

_DATED: Final = re.compile(r"[(\uff08][^()\uff08\uff09]*\d[^()\uff08\uff09]*[)\uff09]")
_DATE: Final = re.compile(r"\d+\s*[年月日号周季]?")
_SHORTEST: Final = 2  # letters of a title
_KEYS: Final = 3  # columns tried together for a key
_NEEDS: Final = 3  # labels that must be there
_FEWEST: Final = 3  # labels a list must have to be read at all
_SHARE: Final = 0.6  # share of the labels that must be there


@dataclass(frozen=True)
class Column:
    """One field of a draft: its label as written, where it stands, its guess, and how many values were seen."""

    name: str
    label: str
    cell: str
    guess: Guess
    values: tuple[Any, ...]


@dataclass(frozen=True)
class Draft:
    """A draft: the form as the YAML will say it, and what the comments tell the clerk."""

    form: Mapping[str, Any]
    sheet: str
    outline: Outline
    columns: tuple[Column, ...]
    above: tuple[Column, ...]
    sure_key: bool = True
    taken_for: str = ""  # the form that reads this sheet already

    @property
    def checked(self) -> Form:
        """The form, as the rules would read it."""
        return Form.model_validate(self.form)


@dataclass
class _Names:
    """Gives every field a name of its own: the house's word where there is one, else the column's letters or a number."""

    taken: set[str] = field(default_factory=set)

    def name(self, known: str, place: str) -> str:
        for name in (known, place, *(f"{place}_{number}" for number in range(2, 100))):
            if name and name not in self.taken:
                self.taken.add(name)
                return name
        raise AssertionError(place)  # a sheet has no hundred labels in one cell


def draft(
    book: Book, guesser: Guesser, sheet: str = "", taken_for: Mapping[str, str] = MappingProxyType({})
) -> Draft | None:
    """Return the draft of the named sheet, else of the sheet with most labels; None where no sheet has a list or card of three labels.

    `taken_for` names the forms that read its sheets already.
    """
    found = [
        (one, grid)
        for grid in book.grids
        if (not sheet or grid.sheet == sheet) and (one := outline(Page(grid), guesser.labels)) is not None
    ]
    if not found:
        return None
    best, grid = max(
        found, key=lambda pair: (pair[1].visible, len(pair[0].labels) * (2 if pair[0].kind == "list" else 1))
    )
    return _drafted(book, grid, best, guesser, taken_for.get(grid.sheet, ""))


def _drafted(book: Book, grid: Grid, best: Outline, guesser: Guesser, taken_for: str) -> Draft:
    names, on = _Names(), book.received.date()
    passed = [label for label in best.labels if guesser.is_number(label.text)]
    own = tuple(
        _columns([label for label in best.labels if label not in passed], names, guesser, on, card=best.kind == "card")
    )
    inside = {squeeze(column.label) for column in own}
    above = tuple(
        _columns([each for each in best.above if squeeze(each.text) not in inside], names, guesser, on, card=True)
    )
    title = _plain_title(best.title) or _plain_title(grid.sheet) or _plain_title(book.name.rpartition(".")[0]) or "新表"
    form_id = f"form_{zlib.crc32(title.encode()):08x}"
    key, sure = _key(own)
    spoken = [column for column in own if column.label == clean(_text_of(column, best))]
    titled = bool(taken_for) and title == _plain_title(best.title)
    content = _form(form_id, title, best, own, above, key, spoken, titled=titled)
    content["ignores"] = [*(clean(label.text) for label in passed), *best.days]
    return Draft(content, grid.sheet, best, own, above, sure, taken_for)


def _columns(labels: Sequence[Label], names: _Names, guesser: Guesser, on: date, *, card: bool) -> Iterator[Column]:
    seen: set[str] = set()
    for number, label in enumerate(labels, 1):
        text = clean(joined(label, labels)).rstrip(":\uff1a")
        if not squeeze(text) or squeeze(text) in seen:
            continue
        seen.add(squeeze(text))
        guess = guesser.guess(text, label.values, on)
        letters = address(0, label.spot[1]).rstrip("1").lower()
        yield Column(
            names.name(guess.field, f"item_{number}" if card else f"col_{letters}"),
            text,
            address(*label.spot),
            guess,
            label.values,
        )


def _text_of(column: Column, best: Outline) -> str:
    return next((label.text.rstrip(":\uff1a") for label in best.labels if address(*label.spot) == column.cell), "")


def _key(own: Sequence[Column]) -> tuple[tuple[str, ...], bool]:
    """Return the first columns that together never repeat, and whether that was seen; the first two where nothing is filled."""
    rows = max((len(column.values) for column in own), default=0)
    full = [column for column in own if rows > 1 and len(column.values) == rows]
    for count in range(1, min(_KEYS, len(full)) + 1):
        for start in range(len(full) - count + 1):
            chosen = full[start : start + count]
            if len(set(zip(*(map(str, column.values) for column in chosen), strict=True))) == rows:
                return tuple(column.name for column in chosen), True
    return tuple(column.name for column in own[:2]), False


def _plain_title(text: str) -> str:
    """Return a title without its date; '' for a name that says nothing (Sheet1).

    >>> _plain_title("2026年11月客户管理卡(反面)"), _plain_title("重点工作（截止2025年4月11日）"), _plain_title("Sheet1")
    ('客户管理卡(反面)', '重点工作', '')
    """
    kept = _DATE.sub("", _DATED.sub("", clean(text))).strip(" -_.")
    return "" if kept.lower() == "sheet" or len(squeeze(kept)) < _SHORTEST else kept


def _form(
    form_id: str, title: str, best: Outline, own: Sequence[Column], above: Sequence[Column], key: tuple[str, ...], spoken: Sequence[Column], *, titled: bool
) -> dict[str, Any]:  # fmt: skip
    every = {column.name: column.guess for column in (*above, *own)}
    dated = [name for name, store in columns(every).items() if store == "date"][:1]
    needs = [column.name for column in spoken if column.name in key] or [column.name for column in spoken[:1]]
    needs += [column.name for column in spoken if column.name not in needs][: max(_NEEDS - len(needs), 0)]
    covers = [column.name for column in above if column.guess.is_ in ("date", "month")][:1]
    return {
        "form": form_id, "version": 1, "title": title,
        "recognise": {"labels": max(_FEWEST, round(len(own) * _SHARE)), **({"titled": True} if titled else {})},
        "covers": covers, "ignores": [],
        "kinds": {form_id: {"title": title, "columns": columns(every), "key": list(key), "dated": dated, "private": [name for name, guess in every.items() if guess.is_ == "phone"]}},
        **({"above": {column.name: _field(column) for column in above}} if above else {}),
        "parts": {
            "rows": {
                "layout": {"kind": "list" if best.kind == "list" else "repeat"}, "yields": form_id, "needs": needs,
                "fields": {column.name: _field(column) for column in own},
            }
        },
    }  # fmt: skip


def _field(column: Column) -> dict[str, Any]:
    said: dict[str, Any] = {"labels": [column.label]}
    if column.guess.is_ != "text":
        said |= {"is": column.guess.is_, "wrong": "warned"}
    return said | ({"words": column.guess.words} if column.guess.words else {})
