"""Whom an erasure looks for: which record is theirs, and where their numbers stand in a text."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from pipeline.text import one_slip

GONE: Final = "(已删)"
_RUN: Final = re.compile(r"\d(?:[ \-]?\d){6,}[Xx]?")
_MOBILE: Final = re.compile(r"1[3-9]\d{9}")
_SHORT: Final = 2  # letters of a name that are none by chance


@dataclass(frozen=True)
class Wanted:
    """The persons: their names by phone, the names of those who have none, and other numbers that are theirs alone (ID numbers)."""

    names: Mapping[str, frozenset[str]] = field(default_factory=dict)
    alone: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()

    def theirs(self, values: Mapping[str, Any]) -> bool:
        """Say whether a record's values are about one of them: by phone, by name only where no phone stands."""
        phone, name = str(values.get("phone") or ""), str(values.get("customer_name") or "")
        return phone in self.names if phone else name in self.alone

    def mistyped(self, name: str, written: str) -> bool:
        """Say whether a name of theirs stands beside a number one slip away from theirs."""
        digits = re.sub(r"\D", "", unicodedata.normalize("NFKC", written))
        return bool(digits) and any(one_slip(digits, phone) for phone in self._phones.get(name, ()))

    def within(self, text: str) -> bool:
        """Say whether a number of theirs stands in a text, however it is broken up."""
        return any(self._mine(found[0]) for found in _RUN.finditer(text))

    def without(self, text: str) -> str:
        """Return a text without their numbers."""
        return _RUN.sub(lambda found: GONE if self._mine(found[0]) else found[0], text)

    def nameless(self, text: str) -> str:
        """Return a text without their numbers and names: a file's or a sheet's name, a sentence about one of their cells."""
        for name in self.called:
            text = text.replace(name, GONE)
        return self.without(text)

    @cached_property
    def called(self) -> tuple[str, ...]:
        """Every name of theirs that is more than a letter, longest first."""
        every = {*self.alone, *(name for those in self.names.values() for name in those)}
        return tuple(sorted((name for name in every if len(name) >= _SHORT), key=lambda name: (-len(name), name)))

    @cached_property
    def names_alone(self) -> frozenset[str]:
        """The names as one set, for looking many texts up."""
        return frozenset(self.called)

    @cached_property
    def _phones(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for phone, names in self.names.items():
            for name in names:
                found[name].append(phone)
        return found

    @cached_property
    def _all(self) -> frozenset[str]:
        return self.numbers | frozenset(self.names)

    @cached_property
    def _lengths(self) -> tuple[int, ...]:
        return tuple(sorted({len(number) for number in self._all}))

    def _mine(self, run: str) -> bool:
        bare = re.sub(r"[ \-]", "", unicodedata.normalize("NFKC", run)).upper()
        return any(
            bare[start : start + length] in self._all
            for length in self._lengths
            for start in range(len(bare) - length + 1)
        )


def numbers_in(text: str) -> list[str]:
    """Return every mobile phone that stands in a text, digits only.

    >>> numbers_in("改打他太太 138-0000-1111")
    ['13800001111']
    """
    runs = (re.sub(r"[ \-]", "", unicodedata.normalize("NFKC", found[0])) for found in _RUN.finditer(text))
    return [found for run in runs for found in _MOBILE.findall(run)]


def together(some: Iterable[Wanted]) -> Wanted:
    """Return several as one."""
    names: dict[str, frozenset[str]] = {}
    alone: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
    for each in some:
        names |= {phone: names.get(phone, frozenset()) | those for phone, those in each.names.items()}
        alone, numbers = alone | each.alone, numbers | each.numbers
    return Wanted(names, alone, numbers)
