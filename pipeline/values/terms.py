"""Reads a deadline written as a stretch of days: 借阅期限 3天, 一周内, 当天, counted from the day of another field of the record.

Only days and weeks are counted: nobody knows whether 一个月 means 30 days or the same day of the next month.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from pipeline.grid import Value
from pipeline.values.meant import Meant
from pipeline.values.plain import arabic, half_width

_STRETCH = re.compile(r"(\d{1,3})\s*个?\s*(天|日|周|星期|礼拜)\s*(?:之内|以内|内)?$", re.ASCII)
_SAME_DAY = frozenset({"当天", "当日", "当天归还", "当日归还", "即日"})
_DAYS = {"天": 1, "日": 1}
_WEEK = 7


def read_term(value: Value, start: date | None) -> Meant | None:
    """Return the day a stretch of days ends, None where the cell holds no stretch or nobody knows from when to count.

    >>> read_term("3天", date(2026, 11, 2)), read_term("11.5", date(2026, 11, 2))
    (Meant(value=datetime.date(2026, 11, 5), also=(), doubt=None), None)
    """
    if start is None or not isinstance(value, str):
        return None
    text = half_width(value)
    if text in _SAME_DAY:
        return Meant(start)
    found = _STRETCH.match(arabic(text))
    return Meant(start + timedelta(days=int(found[1]) * _DAYS.get(found[2], _WEEK))) if found else None
