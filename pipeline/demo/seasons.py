"""How busy a showroom is on a day of autumn 2026: National Day, mid-autumn, weekends and the Saturdays that are worked for them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

OPENING = date(2026, 9, 1)
EVE = date(2026, 9, 30)  # September's papers all come in on this evening
FIRST = date(2026, 10, 1)
LAST = date(2026, 10, 31)
_HOLIDAYS = frozenset(
    {*(date(2026, 10, day) for day in range(1, 8)), date(2026, 9, 25), date(2026, 9, 26), date(2026, 9, 27)}
)
_WORKED = frozenset({date(2026, 9, 20), date(2026, 10, 10)})
_SATURDAY = 5
_SEPTEMBER = 0.65


def days(first: date, last: date) -> Iterator[date]:
    """Yield every day, both ends included."""
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def bustle(on: date) -> float:
    """Return how many times the visitors of a plain working day come."""
    month = _SEPTEMBER if on < FIRST else 1.0
    if on in _HOLIDAYS:
        return 2.1 * month
    if on.weekday() >= _SATURDAY and on not in _WORKED:
        return 1.6 * month
    return (0.8 if on.weekday() == 0 else 1.0) * month
