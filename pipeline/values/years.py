"""Finds the year of a day that was written without one.

the record's own day      done 2026-12-28, next `1.3`      → the year nearest to it
title, sheet, file name   a day or month                   → nearest within a quarter, else the last such day (or the next, if planned)
                          a year only                      → that year (a planned day may lie in the next)
nothing but the hand-in   received 2026-11-05, `11.3`      → nearest, within a quarter; else nobody knows
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from pipeline.grid import Book

_QUARTER = timedelta(days=92)
_MONTHS = 12
_LEAP = 2000


@dataclass(frozen=True, slots=True)
class When:
    """What is known of the time a cell was written.

    `received` is the workbook's day, `around` the day or mid-month that title, sheet or file name name, `year` the year they name,
    `since` the record's own certain day. `ahead` marks planned days. `month` as 'YYYY-MM' completes a bare `5日`.
    """

    received: date
    around: date | None = None
    year: int | None = None
    month: str = ""
    since: date | None = None
    ahead: bool = False
    epoch_1904: bool = False

    def looking(self, *, ahead: bool, since: date | None) -> When:
        """Return the same for a field of another kind: a day to come, or one told by the record's own."""
        if ahead == self.ahead and since == self.since:
            return self
        return When(self.received, self.around, self.year, self.month, since, ahead, self.epoch_1904)


def is_day(month: int, day: int) -> bool:
    """Say whether some year has this day."""
    return day_of(_LEAP, month, day) is not None


def day_of(year: int, month: int, day: int) -> date | None:
    """Return the day, or None where the calendar has none.

    >>> day_of(2026, 2, 30) is None
    True
    """
    try:
        return date(year, month, day)
    except ValueError:
        return None


def with_year(month: int, day: int, when: When) -> date | None:
    """Return the day in the year it must mean, or None if nothing tells."""
    if when.since is not None:
        return _nearest(month, day, when.since)
    if when.around is not None:
        return _around(month, day, when.around, when)
    if when.year is not None:
        found = day_of(when.year, month, day)
        later = day_of(when.year + 1, month, day) if when.ahead else None
        options = [each for each in (found, later) if each]
        return min(options, key=lambda each: abs(each - when.received)) if options else None
    nearest = _nearest(month, day, when.received)
    return nearest if nearest and abs(nearest - when.received) <= _QUARTER else None


def _around(month: int, day: int, around: date, when: When) -> date | None:
    options = _options(month, day, around.year)
    if not options:
        return None
    nearest = min(options, key=lambda each: abs(each - around))
    if abs(nearest - around) <= _QUARTER:
        return nearest
    if when.ahead:
        return min((each for each in options if each >= around), default=None)
    return max((each for each in options if each <= around), default=None)


def _nearest(month: int, day: int, anchor: date) -> date | None:
    return min(_options(month, day, anchor.year), key=lambda each: abs(each - anchor), default=None)


def _options(month: int, day: int, year: int) -> list[date]:
    return [found for each in (year - 1, year, year + 1) if (found := day_of(each, month, day))]


def month_with_year(month: int, when: When) -> str | None:
    """Return 'YYYY-MM' of a month written without its year, or None if nothing tells."""
    if not 1 <= month <= _MONTHS:
        return None
    if when.month and int(when.month[5:]) == month:
        return when.month
    if when.around is None and when.year is not None:
        return f"{when.year}-{month:02d}"
    found = with_year(month, 15, when)
    return f"{found:%Y-%m}" if found else None


def when_of(book: Book, hints: Mapping[str, str], month: str | None = None) -> When:
    """Return what title, sheet and file name (`hints`, ISO texts) and the month above a table say of an entry's time."""
    received = book.received.date()
    named = month or hints.get("month", "")
    day = _iso(hints.get("date", ""))
    around = day or _iso(f"{named}-15")
    year = hints.get("year", "") or named[:4]
    return When(
        received=received, around=around, year=int(year) if year.isdecimal() else None, month=named or (f"{day:%Y-%m}" if day else ""),
        epoch_1904=book.epoch_1904,
    )  # fmt: skip


def _iso(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
