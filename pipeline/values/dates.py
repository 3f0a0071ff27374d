"""Reads a day in every spelling staff use (domain 4, cases 4–6 and 28–30), and says so when it reads two ways."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from functools import lru_cache

from pipeline.grid import Value
from pipeline.values.meant import NOTHING, Meant, Slip
from pipeline.values.plain import arabic, half_width, text_of
from pipeline.values.years import When, day_of, is_day, with_year

_MARK = r"./,\\、。\u2013\u2014-"  # what people put between year, month and day; NFKC made the wide ones narrow
_SEP = rf"\s*[年{_MARK}]\s*"
_TO_DAY = rf"\s*[月{_MARK}]\s*"
_END = r"\s*[日号]?$"
_FULL = re.compile(r"(\d{4})" + _SEP + r"(\d{1,2})" + _TO_DAY + r"(\d{1,2})" + _END, re.ASCII)
_PACKED = re.compile(r"(\d{4})(\d{2})(\d{2})$", re.ASCII)
_SHORT_YEAR = re.compile(r"(\d{2})" + _SEP + r"(\d{1,2})" + _TO_DAY + r"(\d{1,2})" + _END, re.ASCII)
_YEAR_LAST = re.compile(r"(\d{1,2})\s*[-./]\s*(\d{1,2})\s*[-./]\s*(\d{4})$", re.ASCII)
_MONTH_DAY = re.compile(r"(\d{1,2})" + _TO_DAY + r"(\d{1,2})" + _END, re.ASCII)
_DAY = re.compile(r"(\d{1,2})\s*[日号]$", re.ASCII)
_CLOCK = re.compile(r"(?:T|\s+)\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?Z?$", re.ASCII)
_WEEKDAY = re.compile(r"[\s,(]*(?:星期|周|礼拜)[一二三四五六日天\s]?\)?[^\d]*$")
_WEATHER = re.compile(
    r"[\s,(]*(?:天气|:|[晴阴雨雪雾霾])[\s:,到转多云晴阴阵小中大雷暴雨雪雾霾风)]*$|[\s,(]*多云[\s,到转晴阴阵小中大雨雪)]*$"
)
_TEMPLATE = re.compile(r"[\s年月日号星期天气周:_./()-]*$")
_SERIAL = (20000, 80000)  # days that mean 1954 to 2119
_EPOCH = date(1899, 12, 30)
_DAYS_TO_1904 = 1462  # Mac workbooks count from 1904-01-01
_CENTURY = 2000
_FIRST_YEAR = 1990
_BACK, _ON = 10, 5  # a year of two digits lies so many years about the hand-in
_AHEAD = 30  # no date in a sales office lies further on


def read_date(value: Value, when: When) -> Meant | Slip:
    """Return the day a cell names, as a date.

    >>> read_date("24-3-5 星期二 晴", When(date(2024, 3, 5))).value
    datetime.date(2024, 3, 5)
    >>> read_date("2026年2月30日", When(date(2026, 3, 1))).code
    'date.impossible'
    """
    if isinstance(value, datetime):
        return _in_reach(value.date(), when)
    if isinstance(value, date):
        return _in_reach(value, when)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _of_number(float(value), when)
    return _of_text(half_width(value), when) if isinstance(value, str) else Slip("date.unreadable")


def _of_number(number: float, when: When) -> Meant | Slip:
    if _SERIAL[0] <= number < _SERIAL[1]:
        days = int(number) + (_DAYS_TO_1904 if when.epoch_1904 else 0)
        return _in_reach(_EPOCH + timedelta(days=days), when)
    month, dot, day = text_of(number).partition(".")
    if not dot:
        return _of_text(month, when)
    if not (month.isdecimal() and day.isdecimal() and len(month) <= 2 and len(day) <= 2):  # noqa: PLR2004 - M.D has no more digits
        return Slip("date.unreadable")
    # Excel drops the last zero: 12.10 and 12.1 are one number (case 5).
    days_ = [int(day)] if len(day) > 1 else [int(day), int(day) * 10]
    return _either(int(month), [each for each in days_ if is_day(int(month), each)], when)


def _either(month: int, days: list[int], when: When) -> Meant | Slip:
    found = [each for day in days if (each := with_year(month, day, when))]
    if not days:
        return Slip("date.impossible")
    if len(found) < len(days):
        return Slip("date.no-year")
    if len(found) == 1:
        return Meant(found[0])
    return Slip("date.two-ways", other=" 或 ".join(each.isoformat() for each in found), readings=tuple(found))


@lru_cache(maxsize=8192)
def _of_text(text: str, when: When) -> Meant | Slip:
    if _TEMPLATE.match(text):
        return NOTHING
    bare = _CLOCK.sub("", text)
    bare = arabic(_WEATHER.sub("", _WEEKDAY.sub("", bare))).strip(" ,;:()")
    for pattern in (_FULL, _PACKED):
        if found := pattern.match(bare):
            return _whole(*(int(part) for part in found.groups()), when=when)
    if found := _YEAR_LAST.match(bare):
        return _year_last(*(int(part) for part in found.groups()), when=when)
    if found := _SHORT_YEAR.match(bare):
        year, month, day = (int(part) for part in found.groups())
        near = -_BACK <= _CENTURY + year - when.received.year <= _ON
        return _whole(_CENTURY + year, month, day, when=when) if near else Slip("date.no-year")
    return _of_day(bare, when)


def _of_day(text: str, when: When) -> Meant | Slip:
    """Read a day without its year, or `5日` without its month."""
    if found := _MONTH_DAY.match(text):
        month, day = int(found[1]), int(found[2])
        return _either(month, [day] if is_day(month, day) else [], when)
    if (found := _DAY.match(text)) and when.month:
        return _whole(int(when.month[:4]), int(when.month[5:]), int(found[1]), when=when)
    return Slip("date.unreadable")


def _whole(year: int, month: int, day: int, *, when: When) -> Meant | Slip:
    found = day_of(year, month, day)
    return _in_reach(found, when) if found else Slip("date.impossible")


def _year_last(first: int, second: int, year: int, *, when: When) -> Meant | Slip:
    """Read `3/5/2024`, as an English Excel shows a day: the order of month and day is clear only from the day 13 on."""
    ways = sorted({found for found in (day_of(year, first, second), day_of(year, second, first)) if found})
    if not ways:
        return Slip("date.impossible")
    if len(ways) == 1:
        return _in_reach(ways[0], when)
    return Slip("date.two-ways", other=" 或 ".join(each.isoformat() for each in ways), readings=tuple(ways))


def _in_reach(day: date, when: When) -> Meant | Slip:
    return Meant(day) if _FIRST_YEAR <= day.year <= when.received.year + _AHEAD else Slip("date.unreadable")
