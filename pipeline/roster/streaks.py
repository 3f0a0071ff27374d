"""Tells how long somebody has handed in on time, or not at all, and whom to press today, for what and for how long.

A streak is counted over owed periods only, newest first: closing days, days before the store or the person started and
days after leaving are not owed and break nothing. What came late ends both streaks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby, takewhile
from typing import Final

from pipeline.dues.owed import Owed

_DAY: Final = timedelta(days=1)
_RUN: Final = 3  # days in a row from which they are written as a span
_DAY_TEXT: Final = 10  # letters of 2026-11-05


@dataclass(frozen=True, slots=True)
class Streak:
    """How many of the newest due days in a row somebody handed in everything on time, and on how many something is missing."""

    on_time: int
    missing: int


@dataclass(frozen=True)
class Press:
    """One form somebody is to be pressed for: what is missing, how long the oldest is overdue, how many in a row, when one last came.

    `days` counts from the day the oldest fell due; 0 = it fell due today. `late` counts those of this month that came late.
    """

    who: str
    title: str
    missing: tuple[Owed, ...]
    days: int
    streak: int
    last_on: date | None
    late: int

    @property
    def periods(self) -> str:
        """The missing days and months as one text."""
        return periods_text(each.period for each in self.missing)


def streak(due: Iterable[Owed]) -> Streak:
    """Return the streaks somebody stands in, by the days on which something fell due, oldest first.

    >>> streak(())
    Streak(on_time=0, missing=0)
    """
    days = [tuple(every) for _, every in groupby(due, key=lambda each: each.due.date())][::-1]
    on_time = takewhile(lambda day: all(each.came is not None and not each.late for each in day), days)
    missing = takewhile(lambda day: any(each.came is None for each in day), days)
    return Streak(sum(1 for _ in on_time), sum(1 for _ in missing))


def to_press(due: Sequence[Owed], on: date, days: int) -> tuple[Press, ...]:
    """Return whom to press for which form, of all that fell due in so many days up to one: the longest overdue first, then the longest streak."""
    first = on - days * _DAY
    ordered = sorted(due, key=lambda each: (each.who, each.form))
    found = [
        Press(
            who, every[0].title, missing, (on - missing[0].due.date()).days, streak(every).missing,
            max((each.came.date() for each in every if each.came), default=None),
            sum(each.late and each.due.date() >= on.replace(day=1) for each in every),
        )
        for (who, _), group in groupby(ordered, key=lambda each: (each.who, each.form))
        for every in (tuple(group),)
        for missing in (tuple(e for e in every if e.came is None and e.due.date() > first),)
        if missing
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda each: (-each.days, -each.streak, -len(each.missing), each.who, each.title)))


def periods_text(periods: Iterable[str]) -> str:
    """Return days and months as one text, days in a row as a span.

    >>> periods_text(["2026-11-01", "2026-11-02", "2026-11-03", "2026-11-05", "2026-10"])
    '2026-10、11-01至11-03、11-05'
    """
    return "、".join(_spans(sorted(set(periods), key=lambda period: (len(period) == _DAY_TEXT, period))))


def titled_text(due: Iterable[Owed]) -> str:
    """Return forms and their days as one text: `销售活动日报表 11-03、11-05`."""
    ordered = sorted(due, key=lambda each: each.title)
    groups = groupby(ordered, key=lambda each: each.title)
    return ";".join(f"{title} {periods_text(each.period for each in every)}" for title, every in groups)


def _spans(periods: Sequence[str]) -> Iterator[str]:
    days = [date.fromisoformat(period) for period in periods if len(period) == _DAY_TEXT]
    yield from (period for period in periods if len(period) != _DAY_TEXT)
    for _, every in groupby(enumerate(days), key=lambda place: place[1] - place[0] * _DAY):
        run = [f"{day:%m-%d}" for _, day in every]
        yield from (f"{run[0]}至{run[-1]}",) if len(run) >= _RUN else run
