"""Asks about a time in the small hours that would be a usual one twelve hours later: 2:05 in a showroom was 14:05, and nobody wrote so."""

from __future__ import annotations

import re

from pipeline.grid import Value
from pipeline.values.meant import Slip
from pipeline.values.plain import half_width

_EARLY = 60  # minutes before opening in which people may well be there
_NOON, _HOUR = 12, 60
# 早上6:30 and 06:30 leave no doubt.
_PLAIN = re.compile(r"早|晨|上午|凌晨|[AP]\.?M|下午|中午|晚|傍晚|^\D*0\d", re.ASCII | re.IGNORECASE)


def in_the_night(value: Value, clock: str | None, hours: tuple[str, str]) -> Slip | None:
    """Return the question about a time before opening whose other half of the day is within opening hours, None where all is well.

    >>> in_the_night("2:05", "02:05", ("08:00", "21:00"))
    Slip(code='time.half-day', other='02:05', want='14:05', readings=())
    >>> in_the_night("02:05", "02:05", ("08:00", "21:00")) or in_the_night("7:40", "07:40", ("08:00", "21:00"))
    """
    if (
        not clock
        or minutes(clock) >= minutes(hours[0]) - _EARLY
        or (isinstance(value, str) and _PLAIN.search(half_width(value)))
    ):
        return None
    later = f"{int(clock[:2]) + _NOON:02d}:{clock[3:]}" if int(clock[:2]) < _NOON else clock
    return Slip("time.half-day", other=clock, want=later) if later != clock and hours[0] <= later <= hours[1] else None


def minutes(clock: str) -> int:
    """Return the minutes of an HH:MM since midnight."""
    return int(clock[:2]) * _HOUR + int(clock[3:])
