"""Settles a day that reads two ways by the days above and below it in the same column (domain 4, case 5).

12-05
12.1   → 12-01 or 12-10: only 12-10 lies between its neighbours
12-12
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise


def settle(column: Sequence[Sequence[date]]) -> list[date | None]:
    """Return each cell's day: the readings of one column top to bottom, several where a cell is in doubt; None = still in doubt.

    >>> settle([(date(2026, 12, 5),), (date(2026, 12, 1), date(2026, 12, 10)), (date(2026, 12, 12),)])[1]
    datetime.date(2026, 12, 10)
    """
    certain = [ways[0] if len(ways) == 1 else None for ways in column]
    known = [day for day in certain if day]
    rising = all(one <= two for one, two in pairwise(known))
    falling = all(one >= two for one, two in pairwise(known)) and not rising
    if not known or not (rising or falling):
        return certain
    above: date | None = None
    settled: list[date | None] = []
    for place, ways in enumerate(column):
        below = next((day for day in certain[place + 1 :] if day), None)
        low, high = (below, above) if falling else (above, below)
        fits = [day for day in ways if (low is None or low <= day) and (high is None or day <= high)]
        settled.append(certain[place] or (fits[0] if len(fits) == 1 else None))
        above = certain[place] or above
    return settled
