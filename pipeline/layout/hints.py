"""What title, sheet name and file name say of the date, for cells that lack it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache

_FULL = re.compile(
    r"(20\d\d)\s*[-年./]\s*(\d{1,2})\s*[-月./]\s*(\d{1,2})(?!\d)|(?<!\d)(20\d\d)(0[1-9]|1[0-2])([0-2]\d|3[01])(?!\d)"
)
_MONTH = re.compile(r"(20\d\d)\s*[-年./]\s*(\d{1,2})(?:\s*月)?(?!\d)|(?<!\d)(20\d\d)(0[1-9]|1[0-2])(?!\d)")
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_MONTH_DAY = re.compile(r"(?<!\d)(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]?(?!\d)")
_DOTTED = re.compile(r"^\s*(\d{1,2})[.-](\d{1,2})\s*$")
_BARE_MONTH = re.compile(r"(?<!\d)(\d{1,2})\s*月(?!\s*\d)")
_BARE_DAY = re.compile(r"^\s*(\d{1,2})\s*[日号]?\s*$")


def hints(*texts: str) -> dict[str, str]:
    """Return what the texts say, the first text that speaks winning: `date`, `month`, `year` as ISO texts, `day` as MM-DD.

    >>> hints("展厅登记表", "12.02", "2026年12月登记.xlsx")["date"]
    '2026-12-02'
    """
    found: dict[str, str] = {}
    for text in texts:
        for name, value in _said(text):
            found.setdefault(name, value)
    if "date" in found:
        found.setdefault("month", found["date"][:7])
        found.setdefault("year", found["date"][:4])
    elif "day" in found and "year" in found:
        whole = _iso(int(found["year"]), *map(int, found["day"].split("-")))
        found |= {"date": whole} if whole else {}
    return found


@lru_cache(maxsize=4096)
def _said(text: str) -> tuple[tuple[str, str], ...]:
    return tuple(_heard(text))


def _heard(text: str) -> Iterator[tuple[str, str]]:
    if full := _FULL.search(text):
        year, month, day = (int(part) for part in full.groups() if part)
        if iso := _iso(year, month, day):
            yield "date", iso
            return
    if months := _MONTH.search(text):
        year, month = (int(part) for part in months.groups() if part)
        if 1 <= month <= 12:  # noqa: PLR2004 - months of a year
            yield "month", f"{year}-{month:02d}"
            yield "year", str(year)
    elif years := _YEAR.search(text):
        yield "year", years[1]
    if spelled := _MONTH_DAY.search(text) or _DOTTED.match(text):
        if _iso(2024, int(spelled[1]), int(spelled[2])):
            yield "day", f"{int(spelled[1]):02d}-{int(spelled[2]):02d}"
    elif bare := _BARE_MONTH.search(text):
        yield "bare_month", bare[1]
    elif alone := _BARE_DAY.match(text):
        yield "bare_day", alone[1]


def day_text(found: dict[str, str]) -> str:
    """Return the day the hints name: a whole date, a month and day without a year, or ''."""
    if "date" in found:
        return found["date"]
    if "day" in found:
        month, day = found["day"].split("-")
        return f"{int(month)}月{int(day)}日"
    month = found["month"][5:] if "month" in found else found.get("bare_month", "")
    if month and "bare_day" in found:
        year = f"{found['year']}年" if "year" in found else ""
        return f"{year}{int(month)}月{found['bare_day']}日"
    return ""


def month_text(found: dict[str, str]) -> str:
    """Return the month the hints name, with its year where one is said, or ''."""
    if "month" in found:
        return found["month"]
    if "bare_month" in found:
        year = f"{found['year']}年" if "year" in found else ""
        return f"{year}{found['bare_month']}月"
    return ""


def _iso(year: int, month: int, day: int) -> str:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""
