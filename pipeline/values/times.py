"""Reads a time of day as 'HH:MM' and a range of two (domain 4, cases 9–15)."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from pipeline.grid import Value
from pipeline.values.meant import NOTHING, Meant, Slip, Stay
from pipeline.values.plain import arabic, duration_minutes, half_width, text_of

_HOURS, _MINUTES = 24, 60
_DAY = _HOURS * _MINUTES
_SERIAL = (20000, 80000)  # a day with a time of day behind the point
_HALF_DAY = r"凌晨|早上|早晨|早|上午|中午|下午|傍晚|晚上|晚|AM|PM|am|pm|A\.M\.|P\.M\."
_EVENING = frozenset({"下午", "傍晚", "晚上", "晚", "PM", "pm", "P.M."})
_NOON = 12
_CLOCK = re.compile(
    rf"(?P<half>{_HALF_DAY})?\s*(?P<hour>\d{{1,2}})\s*"
    r"(?:[:;.点时]\s*(?P<minute>\d{1,2}|半|[13]刻|钟|整)?\s*(?::\d{1,2}|分(?:\d{1,2}秒)?|钟)?)?"
    rf"\s*(?P<after>{_HALF_DAY})?$",
    re.ASCII,
)
_PACKED = re.compile(r"(\d{1,2})(\d{2})$", re.ASCII)
_WITH_DAY = re.compile(r"\d{2,4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?[T\s]+", re.ASCII)
_ABOUT = re.compile(r"^(?:约|大约|大概)|(?:左右|许|前后)$")
_BETWEEN = re.compile(r"\s*(?:-|~|\u2013|\u2014|\u2015|\u2212|至|到|→)+\s*")
_BLANK = re.compile(r"[\s:;.点时分/~\u2014-]*$")
_WORDS = {"半": 30, "1刻": 15, "3刻": 45, "钟": 0, "整": 0}


def read_time(value: Value) -> Meant | Slip:
    """Return the time of day a cell names.

    >>> [read_time(each).value for each in (9.2, 13.54, 13.0, 0.3819444, "15；50", "下午3点半")]
    ['09:20', '13:54', '13:00', '09:10', '15:50', '15:30']
    """
    if isinstance(value, datetime | time):
        return Meant(f"{value:%H:%M}")
    if isinstance(value, timedelta):
        return _of_minutes(duration_minutes(value))
    if isinstance(value, bool | date):
        return Slip("time.unreadable")
    if isinstance(value, int | float):
        return _of_number(float(value))
    return _of_text(half_width(value))


def _of_number(number: float) -> Meant | Slip:
    if 0 < number < 1:
        return _of_minutes(round(number * _DAY))
    if _SERIAL[0] <= number < _SERIAL[1] and number % 1:
        return _of_minutes(round(number % 1 * _DAY))
    return _of_text(text_of(number)) if number >= 1 else Slip("time.unreadable")


def _of_minutes(minutes: int) -> Meant | Slip:
    return (
        Meant(f"{minutes // _MINUTES:02d}:{minutes % _MINUTES:02d}") if 0 <= minutes < _DAY else Slip("time.unreadable")
    )


@lru_cache(maxsize=8192)
def _of_text(text: str) -> Meant | Slip:
    if _BLANK.match(text):
        return NOTHING
    bare = _WITH_DAY.sub("", arabic(_ABOUT.sub("", text.replace("'", ":"))))
    found = _CLOCK.match(bare)
    if found is None:
        packed = _PACKED.match(bare)
        return _clock(int(packed[1]), int(packed[2])) if packed else Slip("time.unreadable")
    hour, minute, half = int(found["hour"]), found["minute"] or "", found["half"] or found["after"]
    if half in _EVENING and hour < _NOON:
        hour += _NOON
    if minute in _WORDS:
        return _clock(hour, _WORDS[minute])
    if len(minute) == 1:
        # 9.2 is 9:20 (case 9: Excel drops the zero); 9:5 with a colon was typed in full.
        dotted = re.search(r"\d\.\d", bare) is not None
        return _clock(hour, int(minute) * (10 if dotted else 1))
    return _clock(hour, int(minute or 0))


def _clock(hour: int, minute: int) -> Meant | Slip:
    return Meant(f"{hour:02d}:{minute:02d}") if hour < _HOURS and minute < _MINUTES else Slip("time.unreadable")


def read_range(value: Value) -> Meant | Slip:
    """Return a Stay: start and end, '' where one is left open. An end before its start is said, never taken for the next day.

    >>> read_range("上午9：30～10：15").value
    Stay(start='09:30', end='10:15')
    >>> read_range("16:00—09:00分").code
    'time.range-reversed'
    """
    if not isinstance(value, str):
        one = read_time(value)
        return Meant(Stay(one.value, "")) if isinstance(one, Meant) and one.value else one
    return _range(half_width(value))


@lru_cache(maxsize=8192)
def _range(text: str) -> Meant | Slip:
    if _BLANK.match(text):
        return NOTHING
    pieces = _BETWEEN.split(_WITH_DAY.sub("", text))
    pieces = [*pieces, ""] if len(pieces) == 1 else pieces
    if len(pieces) != 2:  # noqa: PLR2004 - a range has two ends
        return Slip("time.unreadable")
    first, last = _of_text(pieces[0]), _of_text(_same_half(*pieces))
    if isinstance(first, Slip) or isinstance(last, Slip):
        return Slip("time.unreadable")
    stay = Stay(first.value or "", last.value or "")
    if stay.start and stay.end and stay.end < stay.start:
        return Slip("time.range-reversed")
    return Meant(stay)


def _same_half(first: str, last: str) -> str:
    """Return the end of a range with the half day its start names: `下午2:00-3:30` ends at 15:30."""
    half = re.match(_HALF_DAY, first)
    return half[0] + last if half and half[0] in _EVENING and last and not re.search(_HALF_DAY, last) else last
