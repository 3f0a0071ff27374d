"""Notices that a store's (or a consultant's) form has changed its header: a column moved, renamed, added or lost.

Told once, on the day it begins: the hand-ins of one form are walked in the order they were received, and each is held against the one before it;
a header that stood on an earlier hand-in is no news, so two people with two blanks are told of once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeAlias

from pipeline.dues.hand_ins import columns_of
from pipeline.grid import spot
from pipeline.layout.heads import UNREAD, parted
from pipeline.rulebook.rulebook import Rulebook
from pipeline.say import fill
from pipeline.text import mask_in
from pipeline.view import View

Heads: TypeAlias = Mapping[str, str]  # field → header cell and label, as `layout.heads` writes them
_Shape: TypeAlias = frozenset[tuple[str, str, str]]  # (field, column letters, label): the row may change with a title
_SHOWN: Final = 3  # labels named of columns that moved alike
_SAME: Final = 0.5  # share of the labels that must stay, or it is another form of the house and no changed one
_HANDED: Final = ("on", "form", "family", "covers", "book", "sheet", "heads")


@dataclass(frozen=True, slots=True)
class Drift:
    """One form whose header changed: since when, whose, and what, a sentence each; `cell` is the first header cell that changed."""

    on: date
    form: str
    consultant: str
    book: str
    sheet: str
    cell: str
    changes: tuple[str, ...]


def drifts(view: View, rules: Rulebook) -> tuple[Drift, ...]:
    """Return every change of a form's header up to the view's day, in the order they began."""
    found: list[Drift] = []
    known: dict[tuple[str, str, str], set[_Shape]] = defaultdict(set)
    last: dict[tuple[str, str, str], Heads] = {}
    for on, form, family, covers, book, sheet, heads in columns_of(view, "hand_in", *_HANDED):
        whose = form, family, covers.get("consultant", "")
        before = last.get(whose, {})
        if not heads or heads is before:  # an older archive kept none; equal ones are one object
            continue
        shape = frozenset((name, *parted(head)) for name, head in heads.items())
        if before and shape not in known[whose]:
            cell = next((head.partition(" ")[0] for name, head in heads.items() if before.get(name) != head), "")
            found.append(Drift(on, form, whose[2], book, sheet, cell, tuple(_changes(before, heads, rules))))
        known[whose].add(shape)
        last[whose] = heads
    return tuple(found)


def drift_text(drift: Drift, rules: Rulebook) -> str:
    """Return the change as one sentence: whose form, since when, where it was seen, what."""
    title = rules.forms[drift.form].title if drift.form in rules.forms else drift.form
    whose = f"{title}({drift.consultant})" if drift.consultant else title
    place = f"{drift.book} › {drift.sheet} {drift.cell}".strip()
    return _told(
        rules, "drift.since", found=whose, other=f"{drift.on:%m-%d}", want=place, label=";".join(drift.changes)
    )


def _changes(old: Heads, new: Heads, rules: Rulebook) -> Iterator[str]:
    """Yield what is new, gone, renamed and moved, each in the order of the columns; of a form that has become another one, just that."""
    kept = sum(parted(old[name])[1] == parted(new[name])[1] for name in new if name in old)
    if kept < len(old) * _SAME:
        yield _told(rules, "drift.other", found=str(len(old)), other=str(kept))
        return
    for name in new:
        if name not in old:
            code = "drift.unread" if name.rpartition(".")[2].startswith(UNREAD) else "drift.added"
            yield _told(rules, code, label=parted(new[name])[1])
    for name in old:
        if name not in new:
            yield _told(rules, "drift.lost", label=parted(old[name])[1])
    both = [name for name in new if name in old]
    for name in both:
        was, now = parted(old[name])[1], parted(new[name])[1]
        if was != now:
            yield _told(rules, "drift.renamed", found=was, other=now)
    yield from _moves([name for name in both if parted(old[name])[0] != parted(new[name])[0]], old, new, rules)


def _moves(names: Iterable[str], old: Heads, new: Heads, rules: Rulebook) -> Iterator[str]:
    """Yield which columns moved; those that moved the same way, as all do behind a new column, in one sentence."""
    alike: dict[int, list[str]] = defaultdict(list)
    for name in names:
        (was, _), (now, _) = parted(old[name]), parted(new[name])
        if was and now:
            alike[_number(now) - _number(was)].append(name)
    for together in alike.values():
        first = min(together, key=lambda name: _number(parted(old[name])[0]))
        labels = "、".join(f"「{parted(new[name])[1]}」" for name in together[:_SHOWN])
        more = f" 等 {len(together)} 栏" if len(together) > _SHOWN else ""
        code = "drift.moved" if len(together) == 1 else "drift.moved-together"
        yield _told(rules, code, label=labels + more, found=parted(old[first])[0], other=parted(new[first])[0])


def _number(column: str) -> int:
    return spot(f"{column}1")[1]


def _told(rules: Rulebook, code: str, **words: str) -> str:
    """Return the sentence of this code; a header is what somebody wrote, so a number in it is masked."""
    shown = {name: mask_in(word) for name, word in words.items()}
    return fill(rules.wording[code].say, shown) if code in rules.wording else code
