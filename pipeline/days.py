"""Tells what kind of day a date is: 工作日, 周末, 法定假 or 调休上班; the door to chinese_calendar and holidays.

calendar.yaml ──says?──► that        the house's own word comes first
     │ no
chinese_calendar ──has the year?──► that        official lists, 调休 included, one year at a time
     │ no
holidays + weekday ──► that, and the year counts as unknown: nobody has published its 调休 yet
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Final, Literal, TypeAlias

import chinese_calendar

from pipeline.model import Finding
from pipeline.rulebook.house import Calendar
from pipeline.rulebook.rulebook import Rulebook
from pipeline.say import say

DayType: TypeAlias = Literal["工作日", "周末", "法定假", "调休上班"]

WEEKDAYS: Final = ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日")
_SATURDAY: Final = 5
_NAMES: Final = {holiday.value: holiday.chinese for holiday in chinese_calendar.Holiday}


@dataclass(frozen=True, slots=True)
class Day:
    """One date: its type, and the holiday it belongs to ('' if none; a 调休上班 belongs to the holiday it pays for)."""

    type: DayType
    name: str = ""


def day_of(on: date, calendar: Calendar) -> Day:
    """Return what kind of day a date is; any date has an answer."""
    said = next((day for day in calendar.days if day.on == on), None)
    if said is not None:
        return Day(said.type, said.name)
    try:
        free, holiday = chinese_calendar.get_holiday_detail(on)
    except NotImplementedError:  # how it says that the year is not in its lists
        return _statutory(on)
    if holiday is not None:
        return Day("法定假" if free else "调休上班", _NAMES.get(holiday, holiday))
    return Day("周末" if free else "工作日")


def working_days(first: date, last: date, rules: Rulebook) -> int:
    """Return how many days from one to another, both included, are 工作日 or 调休上班 and no closing day of the house."""
    days = (first + timedelta(days=step) for step in range((last - first).days + 1))
    return sum(
        day_of(day, rules.calendar).type in ("工作日", "调休上班") and day not in rules.house.closed_on for day in days
    )


def unknown_years(days: Iterable[date], calendar: Calendar) -> tuple[int, ...]:
    """Return the years among these dates whose 调休 nobody has told us, in order.

    One 调休上班 of a year in `calendar.yaml` says that the clerk has copied that year's list.
    """
    told = {day.on.year for day in calendar.days if day.type == "调休上班"}
    return tuple(sorted(year for year in {day.year for day in days} - told if not _listed(year)))


def weekday_of(on: date) -> str:
    """Return the weekday as managers write it: 星期一 … 星期日."""
    return WEEKDAYS[on.weekday()]


def week_of(on: date) -> str:
    """Return the ISO week as `2026-W41`; the first days of January may belong to the year before."""
    year, week, _ = on.isocalendar()
    return f"{year}-W{week:02d}"


def _listed(year: int) -> bool:
    try:
        chinese_calendar.get_holiday_detail(date(year, 1, 1))
    except NotImplementedError:
        return False
    return True


def _statutory(on: date) -> Day:
    name = _statutory_names(on.year).get(on, "")
    if name:
        return Day("法定假", name)
    return Day("周末" if on.weekday() >= _SATURDAY else "工作日")


@lru_cache(maxsize=8)
def _statutory_names(year: int) -> dict[date, str]:
    """Return the statutory days of a year by law (全国年节及纪念日放假办法), days given back for a weekend included."""
    # Costs a fifth of a second to import and is asked only about years that chinese_calendar does not know.
    import holidays  # noqa: PLC0415

    found = holidays.country_holidays("CN", years=year, language="zh_CN")
    return {day: name.split("（")[0] for day, name in found.items()}


def calendar_findings(days: Iterable[date], rules: Rulebook) -> tuple[Finding, ...]:
    """Return a warning for each year among these dates whose 调休 is not known, so that a clerk can write it down."""
    return tuple(
        say(rules, "calendar.unknown", "warning", book="rules/calendar.yaml", found=year)
        for year in unknown_years(days, rules.calendar)
    )
