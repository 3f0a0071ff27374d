"""Reads the month a sheet is for, as 'YYYY-MM'."""

from __future__ import annotations

import re
from datetime import date, datetime

from pipeline.grid import Value
from pipeline.values.dates import read_date
from pipeline.values.meant import NOTHING, Meant, Slip
from pipeline.values.plain import arabic, half_width, is_number, text_of
from pipeline.values.years import When, month_with_year

_WHOLE = re.compile(r"(\d{4})\s*[-./年]?\s*(\d{2}|(?<!\d)\d)\s*(?:月份?)?$", re.ASCII)
_SHORT = re.compile(r"(\d{2})\s*[-./年]\s*(\d{1,2})\s*(?:月份?)?$", re.ASCII)
_BARE = re.compile(r"(\d{1,2})\s*(?:月份?)?$", re.ASCII)
_TEMPLATE = re.compile(r"[\s年月份度_./-]*$")
_MONTHS = 12
_CENTURY = 2000


def read_month(value: Value, when: When) -> Meant | Slip:
    """Return the month a cell names; a day stands for its month.

    >>> read_month("2026年１１月份", When(date(2026, 11, 5))).value
    '2026-11'
    """
    if isinstance(value, datetime | date):
        return Meant(f"{value:%Y-%m}")
    text = arabic(half_width(text_of(value)))
    if _TEMPLATE.match(text):
        return NOTHING
    if is_number(value) and re.match(r"\d{4}\.1$", text, re.ASCII):
        return _tenth(text[:4], when)  # Excel drops the last zero: 2026.1 is 2026.10 too
    found = _WHOLE.match(text)
    if found is None and (short := _SHORT.match(text)):
        return _month(_CENTURY + int(short[1]), int(short[2]))
    if found:
        return _month(int(found[1]), int(found[2]))
    return _bare(text, value, when)


def _bare(text: str, value: Value, when: When) -> Meant | Slip:
    """Read a month without its year, or a day for its month."""
    if bare := _BARE.match(text):
        named = month_with_year(int(bare[1]), when)
        return Meant(named) if named else Slip("month.unreadable")
    day = read_date(value, when)
    return Meant(f"{day.value:%Y-%m}") if isinstance(day, Meant) and day.value else Slip("month.unreadable")


def _tenth(year: str, when: When) -> Meant | Slip:
    ways = [f"{year}-01", f"{year}-10"]
    return Meant(when.month) if when.month in ways else Slip("date.two-ways", other=" 或 ".join(ways))


def _month(year: int, month: int) -> Meant | Slip:
    return Meant(f"{year}-{month:02d}") if 1 <= month <= _MONTHS else Slip("month.unreadable")
