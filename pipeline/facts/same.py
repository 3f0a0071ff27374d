"""Folds the phones a clerk judged to be one person's into one; the archive's rows stay as they were written.

    view ─ same_person: 同一人 · 不是 · 以后再说, the last word on each pair ─ judged
         └ phones of pairs judged one, joined ─ the same view with one phone for each of them

A pair goes by its 对号, which is made of both phones and shows neither. A join that would bring a pair judged 不是
together is not made.
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Any, Final, Literal, TypeAlias

from pipeline.view import Rows, Rowset, View

KIND: Final = "same_person"
Answer: TypeAlias = Literal["same", "different", "later"]
_ANSWERS: Final[tuple[Answer, ...]] = ("same", "different", "later")
_READ: Final = ("pair", *_ANSWERS, "asked_on")


@dataclass(frozen=True)
class Judged:
    """What the clerk has said: 对号 → the last answer and the day of its sheet; the phones joined, and pairs that could not be.

    `joined`: phone → the phone it counts as; `pairs`: 对号 → its two phones, of pairs judged 同一人 that the archive knows.
    `refused`: 对号 of pairs judged 同一人 against a 不是; `unknown`: 对号 that no two phones of the archive make.
    """

    answers: Mapping[str, tuple[Answer, date]] = field(default_factory=lambda: MappingProxyType({}))
    joined: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    pairs: Mapping[str, tuple[str, str]] = field(default_factory=lambda: MappingProxyType({}))
    refused: frozenset[str] = frozenset()
    unknown: frozenset[str] = frozenset()


def pair_code(one: str, other: str) -> str:
    """Return the 对号 of two phones, or of a phone and what tells two people at it apart; which comes first does not matter.

    >>> pair_code("13800001111", "13800001112") == pair_code("13800001112", "13800001111"), len(pair_code("1", "2"))
    (True, 17)
    """
    return "-".join(sorted((_code(one), _code(other))))


def folded(view: View) -> tuple[View, Judged]:
    """Return the view with one phone for each person, and what was judged."""
    answers = dict(_answers(view))
    if not answers:
        return view, Judged()
    counts = _phones(view)
    codes = {_code(phone): phone for phone in sorted(counts)}
    two = {pair: tuple(codes[half] for half in pair.split("-") if half in codes) for pair in answers}
    known = {pair: (phones[0], phones[1]) for pair, phones in two.items() if len(phones) == 2}  # noqa: PLR2004 - a pair
    apart = [known[pair] for pair, (answer, _) in answers.items() if answer == "different" and pair in known]
    same = {pair: known[pair] for pair, (answer, _) in sorted(answers.items()) if answer == "same" and pair in known}
    groups, refused = _groups(same, apart)
    joined = _joined(groups, counts)
    unknown = frozenset(pair for pair, (answer, _) in answers.items() if answer == "same" and pair not in known)
    judged = Judged(answers, joined, same, refused, unknown)
    if not joined:
        return view, judged
    tables = {
        kind: _one_phone(rowset, joined) if "phone" in rowset.names else rowset for kind, rowset in view.tables.items()
    }
    return replace(view, tables=tables), judged


def _answers(view: View) -> Iterator[tuple[str, tuple[Answer, date]]]:
    rowset = view.tables.get(KIND, Rowset(_READ))
    for pair, *ticks, asked_on in zip(*(rowset.column(name) for name in _READ), strict=True):
        answer = next((answer for answer, tick in zip(_ANSWERS, ticks, strict=True) if tick), None)
        if answer and pair and asked_on:
            yield str(pair).upper(), (answer, asked_on)


def _code(text: str) -> str:
    return base64.b32encode(hashlib.blake2s(text.encode(), digest_size=5).digest()).decode()


def _phones(view: View) -> Counter[str]:
    """Return how many rows each phone of the archive stands in."""
    columns = (rowset.column("phone") for rowset in view.tables.values() if "phone" in rowset.names)
    return Counter(phone for column in columns for phone in column if phone)


def _groups(
    same: Mapping[str, tuple[str, str]], apart: Collection[tuple[str, str]]
) -> tuple[list[set[str]], frozenset[str]]:
    """Return the phones that belong together, and the pairs that would bring together what was judged apart."""
    groups: list[set[str]] = []
    refused = set()
    for pair, phones in same.items():
        touched = [group for group in groups if not group.isdisjoint(phones)]
        whole = set(phones).union(*touched)
        if any(one in whole and other in whole for one, other in apart):
            refused.add(pair)
            continue
        groups = [group for group in groups if group not in touched] + [whole]
    return groups, frozenset(refused)


def _joined(groups: Sequence[set[str]], counts: Mapping[str, int]) -> dict[str, str]:
    """Return each other phone of a group → the one it counts as: written most often, which a slip is not; on a tie met first."""
    met = {phone: place for place, phone in enumerate(counts)}
    found: dict[str, str] = {}
    for group in groups:
        kept = max(group, key=lambda phone: (counts[phone], -met[phone]))
        found |= {phone: kept for phone in group if phone != kept}
    return found


def _one_phone(rowset: Rowset, joined: Mapping[str, str]) -> Rowset:
    return _Folded(rowset.names, _Rows(rowset, joined))


class _Rows(Rows):
    """Rows as written, but for the phone; each is put together when it is asked for."""

    def __init__(self, written: Rowset, joined: Mapping[str, str]) -> None:
        self.written, self.joined, self.place = written, joined, written.names.index("phone")

    def __len__(self) -> int:
        return len(self.written.rows)

    def row(self, which: int) -> tuple[Any, ...]:
        """Return one row."""
        row = self.written.rows[which]
        kept = self.joined.get(row[self.place])
        return row if kept is None else (*row[: self.place], kept, *row[self.place + 1 :])


@dataclass(frozen=True)
class _Folded(Rowset):
    rows: _Rows

    def column(self, name: str) -> Sequence[Any]:
        values = self.rows.written.column(name)
        return [self.rows.joined.get(phone, phone) for phone in values] if name == "phone" else values

    def at(self, which: int, *names: str) -> tuple[Any, ...]:
        return super().at(which, *names) if "phone" in names else self.rows.written.at(which, *names)
