"""The words a header is read by beside its labels: numbered heads of groups (第2次回访), days of a month grid, and which words make no difference."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import lru_cache

from pipeline.text import squeeze

_NUMBER = r"(?P<n>\d{1,2}|[一二三四五六七八九十]{1,3})"
_DIGITS = {letter: number for number, letter in enumerate("一二三四五六七八九", 1)}
_DAY = re.compile(r"^([1-9]|[12]\d|3[01])(?:日|号)?$")
_REMEMBERED = 8192  # words


def number_of(written: str) -> int:
    """Return the number of a group head.

    >>> number_of("3"), number_of("十二"), number_of("二十")
    (3, 12, 20)
    """
    if written.isdigit():
        return int(written)
    tens, ten, ones = written.rpartition("十")
    if ten:
        return (_DIGITS.get(tens, 1)) * 10 + _DIGITS.get(ones, 0)
    return _DIGITS.get(written, 0)


def is_day(word: str) -> bool:
    """Say whether a label is a day of the month grid: 1, 12日."""
    return day_of(word) is not None


def day_of(word: str) -> int | None:
    """Return the day of the month grid that a label is, None for any other label."""
    found = _DAY.match(word)
    return int(found[1]) if found else None


def head_pattern(heads: tuple[str, ...]) -> re.Pattern[str] | None:
    """Return a pattern that finds the number of a group's head, and what follows; None for a part without groups."""
    if not heads:
        return None
    ways = [
        re.escape(squeeze(head.replace("{n}", "0"))).replace(
            "0", _NUMBER if i == 0 else _NUMBER.replace("?P<n>", f"?P<n{i}>")
        )
        for i, head in enumerate(heads)
    ]
    return re.compile("^(?:" + "|".join(ways) + ")(?P<rest>.*)$")


def spoken_of(
    labels: Iterable[str], numbered: Collection[str], heads: Sequence[re.Pattern[str]]
) -> Callable[[str], bool]:
    """Return whether a word may make a difference in a header: part of a label, one of a group with its number, a group's head, or a day.

    `labels` are all those of a form, `numbered` those of its groups (计划日期2), `heads` the patterns of its groups.
    """
    every = "\n".join(labels)

    @lru_cache(maxsize=_REMEMBERED)
    def spoken(word: str) -> bool:
        return (
            word in every
            or word.rstrip("0123456789") in numbered
            or is_day(word)
            or any(head.match(word) for head in heads)
        )

    return spoken
