"""Tells days named in words (domain 4, case 53): 明天, 周三, 月底, 三天后, 年后. None of them is taken for a date; what it may be is proposed."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

from pipeline.rulebook.words import Vocabulary
from pipeline.values.meant import Slip
from pipeline.values.plain import arabic, half_width
from pipeline.values.years import When

_OFFSETS = {"before_yesterday": -2, "yesterday": -1, "today": 0, "tomorrow": 1, "after_tomorrow": 2}
_WEEKDAY = re.compile(r"(上|本|这|下)?(?:个)?(?:周|星期|礼拜)([一二三四五六日天])$")
_DAYS_ON = re.compile(r"(\d{1,3})\s*个?\s*(天|日|周|星期|礼拜)\s*(?:之后|以后|后)$", re.ASCII)
_WEEK = 7
_WEEKS = {"上": -1, "本": 0, "这": 0, "下": 1}


def in_words(text: str, when: When, words: Vocabulary) -> Slip | None:
    """Return the slip of a day named in words, with the day it may be where the record's own day tells; None for other text.

    Words count from the record's own day; a day that is not ahead counts from the day of the hand-in.
    """
    bare = half_width(text).strip(" 。.,;再")
    start = when.since or (None if when.ahead else when.received)
    code = words.code(bare)
    if code in _OFFSETS:
        return _proposed(start and start + timedelta(days=_OFFSETS[code]))
    if code == "month_end":
        return _proposed(start and start.replace(day=monthrange(start.year, start.month)[1]))
    if named := _WEEKDAY.match(bare):
        return _proposed(start and _weekday(start, named[1], "一二三四五六日".find(named[2].replace("天", "日")), when))
    if later := _DAYS_ON.match(arabic(bare)):
        days = int(later[1]) * (1 if later[2] in "天日" else _WEEK)
        return _proposed(start and start + timedelta(days=days))
    return Slip("date.undecided") if words.found_in(bare) else None


def _proposed(day: date | None) -> Slip:
    return Slip("date.in-words", other=day.isoformat()) if day else Slip("date.undecided")


def _weekday(start: date, week: str | None, number: int, when: When) -> date:
    """Return the day of that name in the week said; without one the next such day ahead, else the last one past."""
    monday = start - timedelta(days=start.weekday())
    if week:
        return monday + timedelta(days=number + _WEEK * _WEEKS[week])
    same = monday + timedelta(days=number)
    if when.ahead:
        return same if same > start else same + timedelta(days=_WEEK)
    return same if same <= start else same - timedelta(days=_WEEK)
