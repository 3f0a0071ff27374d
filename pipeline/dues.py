"""Tells who owes which form, who handed in late, what was returned, and what was amended or withdrawn since yesterday.

A form is owed per `house.deadlines`: by each consultant or by the store, for each day or month. It falls due `days_after`
the day (or the month's last day), at `at`; a month's page counts what falls due in it, up to the day of the report.
"""

from __future__ import annotations

import calendar
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from operator import itemgetter
from typing import Any, Final

from pipeline.model import Rowset, View
from pipeline.rulebook.house import Deadline
from pipeline.rulebook.rulebook import Rulebook

STORE: Final = "全店"
_SILENCE: Final = 14  # days without a sheet after which someone no list names is taken to have left
_DAY: Final = timedelta(days=1)
_MONTH: Final = 7  # letters of 2026-11


@dataclass(frozen=True, slots=True)
class Owed:
    """One form one of us had to hand in: who, for which day or month, when it fell due, and when it came (None = missing)."""

    who: str
    form: str
    title: str
    period: str
    due: datetime
    came: datetime | None

    @property
    def late(self) -> bool:
        """Whether it came after it fell due."""
        return self.came is not None and self.came > self.due


@dataclass(frozen=True, slots=True)
class _Sheet:
    """One hand-in: form, consultant ('' = the store's), the day or month it speaks for, when it came."""

    form: str
    who: str
    period: str
    came: datetime


def owed(view: View, rules: Rulebook) -> tuple[Owed, ...]:
    """Return what still was not handed in when the business day ended, of what fell due this month, oldest first."""
    return tuple(each for each in due_this_month(view, rules) if each.came is None)


def due_this_month(view: View, rules: Rulebook) -> tuple[Owed, ...]:
    """Return everything that fell due from the 1st of the month to the view's day, by due date, person and form.

    Nobody owes a day before the first one of its month that anything was handed in for (a store that starts on the 10th
    owes nothing for the 9th), nor a closing day, nor one after leaving. With no consultants listed, those who hand in
    sheets are the consultants, each from the first sheet until two weeks of silence. A quiet sheet counts as handed in.
    """
    sheets = list(_sheets(view))
    came: dict[tuple[str, str, str], datetime] = {}
    for sheet in sheets:
        for who in {sheet.who, STORE}:
            key = (sheet.form, who, sheet.period)
            came[key] = min(came.get(key, sheet.came), sheet.came)
    opened = _first_days(sheets)
    staff = _staff(sheets, rules)
    found = [
        Owed(who, deadline.form, rules.forms[deadline.form].title, period, due, _came(came, deadline, who, period))
        for deadline in rules.house.deadlines
        for period, last, due in _periods(deadline, view.on)
        if _open(last, period, opened, rules)
        for who in _debtors(deadline, period, last, staff)
    ]
    return tuple(sorted(found, key=lambda each: (each.due, each.who == STORE, each.who, each.form)))


def consultants(due: Iterable[Owed], rules: Rulebook) -> tuple[str, ...]:
    """Return those of us who owed one of these, the house's own order first."""
    order = {person.name: place for place, person in enumerate(rules.house.consultants)}
    names = {each.who for each in due} - {STORE}
    return tuple(sorted(names, key=lambda name: (order.get(name, len(order)), name)))


def _came(came: Mapping[tuple[str, str, str], datetime], deadline: Deadline, who: str, period: str) -> datetime | None:
    """Return when a sheet first came; one that names no consultant speaks for all of them."""
    own = came.get((deadline.form, who, period))
    shared = None if who == STORE else came.get((deadline.form, "", period))
    return min((each for each in (own, shared) if each is not None), default=None)


def _sheets(view: View) -> Iterator[_Sheet]:
    for form, covers, came in columns_of(view, "hand_in", "form", "covers", "received"):
        periods = [value for name, value in covers.items() if name != "consultant" and _is_period(value)]
        yield _Sheet(form, covers.get("consultant", ""), periods[0] if periods else "", came)


@lru_cache(maxsize=4096)
def _is_period(value: str) -> bool:
    try:
        date.fromisoformat(value if len(value) > _MONTH else f"{value}-01")
    except ValueError:
        return False
    return len(value) in (_MONTH, 10)


def _first_days(sheets: Iterable[_Sheet]) -> dict[str, date]:
    """Return for each month the first day that a day's sheet was handed in for."""
    days = sorted(sheet.period for sheet in sheets if len(sheet.period) > _MONTH)
    return {day[:_MONTH]: date.fromisoformat(day) for day in reversed(days)}


def _open(last: date, period: str, opened: Mapping[str, date], rules: Rulebook) -> bool:
    if len(period) == _MONTH:
        return bool(opened) and min(opened.values()) <= last
    return period[:_MONTH] in opened and opened[period[:_MONTH]] <= last and last not in rules.house.closed_on


def _periods(deadline: Deadline, on: date) -> Iterator[tuple[str, date, datetime]]:
    """Yield (period, its last day, due) of everything that falls due from the 1st of the month to this day."""
    at = time.fromisoformat(deadline.at)
    for step in range(on.day):
        due = on.replace(day=1) + step * _DAY
        last = due - deadline.days_after * _DAY
        if deadline.every == "day":
            yield last.isoformat(), last, datetime.combine(due, at)
        elif last.day == calendar.monthrange(last.year, last.month)[1]:
            yield f"{last:%Y-%m}", last, datetime.combine(due, at)


@dataclass(frozen=True, slots=True)
class _Person:
    name: str
    first: date
    last: date

    def here(self, period: str, last: date) -> bool:
        """Say whether the person was here at any time of a day or month."""
        start = date.fromisoformat(f"{period}-01") if len(period) == _MONTH else last
        return self.first <= last and start <= self.last


def _staff(sheets: Iterable[_Sheet], rules: Rulebook) -> tuple[_Person, ...]:
    if rules.house.consultants:
        return tuple(
            _Person(person.name, date.min, person.leaves_on - _DAY if person.leaves_on else date.max)
            for person in rules.house.consultants
        )
    seen: dict[str, list[date]] = defaultdict(list)
    for sheet in sheets:
        if sheet.who:
            seen[sheet.who].append(_day_of(sheet))
    return tuple(_Person(name, min(days), max(days) + _SILENCE * _DAY) for name, days in sorted(seen.items()))


def _day_of(sheet: _Sheet) -> date:
    return date.fromisoformat(sheet.period) if len(sheet.period) > _MONTH else sheet.came.date()


def _debtors(deadline: Deadline, period: str, last: date, staff: Iterable[_Person]) -> tuple[str, ...]:
    if deadline.per == "store":
        return (STORE,)
    return tuple(person.name for person in staff if person.here(period, last))


def columns_of(view: View, table: str, *names: str) -> Iterator[tuple[Any, ...]]:
    """Yield two or more columns of a table, row by row; a view without the table has no rows."""
    rowset = view.tables.get(table, Rowset(names))
    return map(itemgetter(*map(rowset.names.index, names)), rowset.rows)


def rows_named(view: View, table: str) -> Iterator[dict[str, object]]:
    """Yield a table's rows with their names; a view without the table has none."""
    rowset = view.tables.get(table, Rowset(()))
    for row in rowset.rows:
        yield dict(zip(rowset.names, row, strict=True))
