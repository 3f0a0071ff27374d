"""Takes a paper months back, everything on it included: a second showroom's autumn becomes an earlier spring of the same house."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import fields, replace
from datetime import date
from typing import Any

from pipeline.demo.lines import Paper

_YEAR = 12


def day_before(on: date, months: int) -> date:
    """Return the same day so many months earlier, or the last day of that month."""
    year, month = divmod(on.year * _YEAR + on.month - 1 - months, _YEAR)
    return on.replace(year=year, month=month + 1, day=min(on.day, monthrange(year, month + 1)[1]))


def paper_before(paper: Paper, months: int) -> Paper:
    """Return the paper as it might have been written so many months earlier."""
    lines = tuple(
        replace(line, **{field.name: _before(field.name, getattr(line, field.name), months) for field in fields(line)})
        for line in paper.lines
    )
    return replace(paper, on=day_before(paper.on, months), lines=lines)


def _before(name: str, value: Any, months: int) -> Any:
    if isinstance(value, date):
        return day_before(value, months)
    if name == "month":
        return f"{day_before(date.fromisoformat(f'{value}-01'), months):%Y-%m}"
    return value
