"""Tells who owes which form for which day or month, when it fell due, when it came, and whether anything stands on it.

A form is owed per `house.deadlines`: by each consultant or by the store, for each day or month. It falls due `days_after`
the day (or the month's last day), at `at`; a month's page counts what falls due in it, up to the day of the report.
"""

from __future__ import annotations

import calendar
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from pipeline.dues.hand_ins import MONTH, STORE, Came, Handed, Key, all_that_came, handed_in
from pipeline.rulebook.house import Deadline
from pipeline.rulebook.rulebook import Rulebook
from pipeline.view import View

_DAY: Final = timedelta(days=1)
_SILENCE: Final = (
    14 * _DAY
)  # after so long without a sheet a store is taken to have paused, someone no list names to have left
_NEVER: Final = "~"  # comes after every period


@dataclass(frozen=True, slots=True)
class Owed:
    """One form one of us had to hand in: who, for which day or month, when it fell due, and when it came (None = missing).

    `blank`: it came, and as last handed in no line on it is filled. It counts as handed in (contract 7) and is told apart.
    """

    who: str
    form: str
    title: str
    period: str
    due: datetime
    came: datetime | None
    blank: bool = False

    @property
    def late(self) -> bool:
        """Whether it came after it fell due."""
        return self.came is not None and self.came > self.due


def owed(view: View, rules: Rulebook) -> tuple[Owed, ...]:
    """Return what still was not handed in when the business day ended, of what fell due this month, oldest first."""
    return tuple(each for each in due_this_month(view, rules) if each.came is None)


def due_this_month(view: View, rules: Rulebook) -> tuple[Owed, ...]:
    """Return everything that fell due from the 1st of the month to the view's day, by due date, person and form."""
    return tuple(each for each in due_so_far(view, rules) if _month(each.due) == _month(view.on))


def due_so_far(view: View, rules: Rulebook) -> tuple[Owed, ...]:
    """Return everything that ever fell due up to the view's day, by due date, person and form.

    Nobody owes a closing day, nor one after leaving, nor a day before the first one of its month that anything was handed
    in for (a store that starts on the 10th owes nothing for the 9th), unless sheets came for one of the 14 days before the
    month. Of earlier months somebody owes a form from the first one handed in: who is new owed nothing before. With no
    consultants listed, those who hand in sheets are the consultants, each from the first sheet until two weeks of silence.
    A quiet sheet counts as handed in.
    """
    return view.once(_due_so_far, rules)


def _due_so_far(view: View, rules: Rulebook) -> tuple[Owed, ...]:
    sheets = tuple(handed_in(view))
    came = all_that_came(sheets)
    began = _began(came)
    opened = _first_days(sheets, view.on)
    staff = _staff(sheets, rules, view.store)
    start = min((*opened.values(), view.on)).replace(day=1)
    found = [
        Owed(who, deadline.form, rules.forms[deadline.form].title, period, due, *_came(came, deadline, who, period))
        for deadline in rules.house.deadlines
        for period, last, due in _periods(deadline, start, view.on)
        if _open(last, period, opened, rules)
        for who in _debtors(deadline, period, last, staff)
        if _month(due) == _month(view.on) or _since(began, deadline, who) <= period
    ]
    return tuple(sorted(found, key=lambda each: (each.due, each.who == STORE, each.who, each.form)))


def consultants(due: Iterable[Owed], rules: Rulebook) -> tuple[str, ...]:
    """Return those of us who owed one of these, the house's own order first."""
    order = {person.name: place for place, person in enumerate(rules.house.consultants)}
    names = {each.who for each in due} - {STORE}
    return tuple(sorted(names, key=lambda name: (order.get(name, len(order)), name)))


def _month(day: date) -> tuple[int, int]:
    return day.year, day.month


def _asked(who: str) -> tuple[str, ...]:
    """Return whose sheets settle what somebody owes: one that names no consultant speaks for all of them."""
    return (who,) if who == STORE else (who, "")


def _came(came: Mapping[Key, Came], deadline: Deadline, who: str, period: str) -> tuple[datetime | None, bool]:
    """Return when a sheet first came, and whether it came with nothing on it."""
    keys = [(deadline.form, name, period) for name in _asked(who)]
    known = [came[key] for key in keys if key in came]
    first = min((each.first for each in known), default=None)
    return first, bool(known) and not any(each.filled for each in known)


def _began(came: Iterable[Key]) -> dict[tuple[str, str], str]:
    """Return the first day or month that somebody handed a form in for, by form and person."""
    found: dict[tuple[str, str], str] = {}
    for form, who, period in came:
        found[form, who] = min(found.get((form, who), _NEVER), period)
    return found


def _since(began: Mapping[tuple[str, str], str], deadline: Deadline, who: str) -> str:
    return min(began.get((deadline.form, name), _NEVER) for name in _asked(who))


def _first_days(sheets: Iterable[Handed], on: date) -> dict[str, date]:
    """Return for each month the first day it was open: that of its first day's sheet, or the 1st if sheets came shortly before."""
    days = sorted(date.fromisoformat(period) for period in {s.period for s in sheets} if len(period) > MONTH)
    found = {f"{day:%Y-%m}": day for day in reversed(days)}
    for month in {day.replace(day=1) for day in (*days, *(day + _SILENCE for day in days)) if day <= on}:
        before = bisect_left(days, month)
        if before and days[before - 1] >= month - _SILENCE:
            found[f"{month:%Y-%m}"] = month
    return found


def _open(last: date, period: str, opened: Mapping[str, date], rules: Rulebook) -> bool:
    if len(period) == MONTH:
        return bool(opened) and min(opened.values()) <= last
    return period[:MONTH] in opened and opened[period[:MONTH]] <= last and last not in rules.house.closed_on


def _periods(deadline: Deadline, start: date, on: date) -> Iterator[tuple[str, date, datetime]]:
    """Yield (period, its last day, due) of everything that falls due from one day to another."""
    at = time.fromisoformat(deadline.at)
    for step in range((on - start).days + 1):
        due = start + step * _DAY
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
        start = date.fromisoformat(f"{period}-01") if len(period) == MONTH else last
        return self.first <= last and start <= self.last


def _staff(sheets: Sequence[Handed], rules: Rulebook, store: str) -> tuple[_Person, ...]:
    if rules.house.consultants:
        return tuple(
            _Person(person.name, date.min, person.leaves_on - _DAY if person.leaves_on else date.max)
            for person in rules.house.consultants
            if person.store in ("", store)
        )
    seen: dict[str, list[date]] = defaultdict(list)
    for sheet in sheets:
        if sheet.who:
            seen[sheet.who].append(_day_of(sheet))
    return tuple(_Person(name, min(days), max(days) + _SILENCE) for name, days in sorted(seen.items()))


def _day_of(sheet: Handed) -> date:
    return date.fromisoformat(sheet.period) if len(sheet.period) > MONTH else sheet.came.date()


def _debtors(deadline: Deadline, period: str, last: date, staff: Iterable[_Person]) -> tuple[str, ...]:
    if deadline.per == "store":
        return (STORE,)
    return tuple(person.name for person in staff if person.here(period, last))
