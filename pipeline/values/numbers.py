"""Reads counts, minutes and money with the units people add (domain 4, case 40)."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from decimal import Decimal

from pipeline.grid import Value
from pipeline.values.meant import NOTHING, Meant, Slip
from pipeline.values.plain import arabic, duration_minutes, half_width, text_of

_ABOUT = re.compile(r"^(?:约|大约|大概|共|合计|预算)|(?:左右|上下|以内|之内)$")
_COUNT = re.compile(r"(\d{1,6})(?:\.0+)?\s*(?:个人|人|位|个|名|台|辆|次|组|批|份|张|件|条|天|部|把|串|户)?$", re.ASCII)
_MINUTES = re.compile(
    r"(?:(\d{1,4}(?:\.\d{1,4})?)\s*(?:个?小时|时|h))?\s*(?:(\d{1,5}(?:\.\d{1,4})?)\s*(?:分钟?|min)?)?$",
    re.ASCII | re.IGNORECASE,
)
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::\d{2})?$", re.ASCII)
_MONEY = re.compile(
    r"(?:[￥¥$]|RMB|CNY|人民币|\s)*(\d{1,12}(?:\.\d{1,8})?)\s*(万|w|k|千)?\s*(?:元|块|整|人民币|\s)*$",
    re.ASCII | re.IGNORECASE,
)
_QUANTITY = re.compile(r"(-?\d{1,12}(?:\.\d{1,8})?)\s*(?:m[23]|[^\d.半]{0,6})$", re.ASCII)
_POINTS = re.compile(r"(\d{1,3})(?:\.0+)?\s*分?$", re.ASCII)
_FAILED = frozenset({"N", "NO", "X", "×", "✗", "✘", "不合格", "不符合"})
_PASSED = frozenset({"√", "✓", "✔", "☑", "合格", "符合", "OK"})
_NOT_APPLICABLE = frozenset({"不适用", "不涉及", "NA", "N/A", "无此项"})
_LEFT_OVER = re.compile(r"(\d{1,5})万(\d)(?:千|仟)?(?:元|块)?$", re.ASCII)  # 15万8, as it is said aloud: 158000
_IN_TEN_THOUSANDS = re.compile(
    r"[(\uff08\[【/]\s*(?:单位)?\s*[:\uff1a]?\s*万\s*(?:元|人民币)?\s*[)\uff09\]】]?\s*[:\uff1a*]?\s*$"
)
_PLAIN_NUMBER = re.compile(r"\d+(?:\.\d+)?$", re.ASCII)
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3})", re.ASCII)
_UNITS = {"": 1, "万": 10_000, "w": 10_000, "k": 1_000, "千": 1_000}
_HOUR, _DAY = 60, 1440


def read_count(value: Value) -> Meant | Slip:
    """Return a whole number.

    >>> [read_count(each).value for each in (3.0, "3人", "约5", "两位")]
    [3, 3, 5, 2]
    """
    text = _bare(value)
    if not text:
        return NOTHING
    found = _COUNT.match(arabic(text))
    return Meant(int(found[1])) if found else Slip("count.unreadable")


def read_minutes(value: Value) -> Meant | Slip:
    """Return a duration in whole minutes; no stay is longer than a day.

    >>> [read_minutes(each).value for each in ("30分钟", "1小时20分", "1.5小时", timedelta(minutes=45))]
    [30, 80, 90, 45]
    """
    minutes = _duration(value)
    if minutes is None:
        return NOTHING
    return Meant(round(minutes)) if 0 <= minutes <= _DAY else Slip("count.unreadable")


def _duration(value: Value) -> float | None:
    """Return minutes, None for blank, and -1 for what is no duration."""
    if isinstance(value, timedelta):
        return duration_minutes(value)
    if isinstance(value, time | datetime):
        return value.hour * _HOUR + value.minute
    if isinstance(value, float) and 0 < value < 1:
        return value * _DAY
    text = arabic(_bare(value))
    if not text:
        return None
    if clock := _CLOCK.match(text):
        return int(clock[1]) * _HOUR + int(clock[2])
    found = _MINUTES.match(text.replace("半小时", "30分"))
    return float(found[1] or 0) * _HOUR + float(found[2] or 0) if found else -1


def read_money(value: Value) -> Meant | Slip:
    """Return yuan as a plain number; a discount (`8折`) is no amount.

    >>> [read_money(each).value for each in ("15.8万元", "￥158,000", 158000.0)]
    [158000.0, 158000.0, 158000.0]
    """
    text = _bare(value)
    if not text:
        return NOTHING
    plain = arabic(_THOUSANDS.sub("", text))
    if said := _LEFT_OVER.match(plain):
        return Meant(float(int(said[1]) * _UNITS["万"] + int(said[2]) * _UNITS["千"]))
    found = _MONEY.match(plain)
    return Meant(float(Decimal(found[1]) * _UNITS[(found[2] or "").lower()])) if found else Slip("money.unreadable")


def read_number(value: Value) -> Meant | Slip:
    """Return a quantity as a plain number, its unit left out: meters, square meters, a rate.

    >>> [read_number(each).value for each in ("86.5㎡", "约1,200", 12.0)]
    [86.5, 1200.0, 12.0]
    """
    text = _bare(value)
    if not text:
        return NOTHING
    found = _QUANTITY.match(_THOUSANDS.sub("", text))
    return Meant(float(found[1])) if found else Slip("number.unreadable")


def read_score(value: Value) -> Meant | Slip:
    """Return the points of a checklist's item: `N` is 0, √ is True (full points, where the item's scale has two), 不适用 leaves it out (`applicable` false).

    >>> read_score("N").value, read_score("不适用").also, read_score("4分").value
    (0, (('applicable', False),), 4)
    """
    text = _bare(value).upper()
    if not text:
        return NOTHING
    if text in _NOT_APPLICABLE:
        return Meant(None, also=(("applicable", False),))
    if text in _FAILED:
        return Meant(0)
    if text in _PASSED:
        return Meant(value=True)
    found = _POINTS.match(text)
    return Meant(int(found[1])) if found else Slip("score.unreadable")


def in_its_unit(value: Value, label: str) -> Value:
    """Return an amount with the unit that its label gives, where it has none of its own: 预算(万元) over 15.8.

    >>> in_its_unit(15.8, "预算(万元)"), in_its_unit("15.8万", "预算(万元)"), in_its_unit(158000.0, "预算(元)")
    ('15.8万', '15.8万', 158000.0)
    """
    text = half_width(text_of(value))
    return f"{text}万" if _IN_TEN_THOUSANDS.search(label) and _PLAIN_NUMBER.match(text) else value


def _bare(value: Value) -> str:
    return _ABOUT.sub("", half_width(text_of(value))).strip()
