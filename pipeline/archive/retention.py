"""Tells whose time is up: nobody with an open deal, and nobody of whom any record, taken back or not, is younger than the house keeps them.

deal on record        deal_months after the last word of them, and only once the car is delivered
lost, nothing since   lost_months
everybody else        prospect_months
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, select

from pipeline.archive.history import Person, about
from pipeline.archive.tables import Tables
from pipeline.rulebook.house import Privacy
from pipeline.rulebook.rulebook import Rulebook

REASONS: Final[Mapping[str, str]] = {"deal": "成交档案到期", "lost": "战败客户到期", "prospect": "潜在客户到期"}
_SAYS: Final = ("outcome", "decided", "kind", "ordered", "ordered_on", "delivered_on")  # what tells how it ended
_LONG_AGO: Final = date(1970, 1, 1)


@dataclass
class _Known:
    """What is known of one person: the last day of anything, the last day they were lost, deals and deliveries."""

    last: date = _LONG_AGO
    lost: date = _LONG_AGO
    deal: bool = False
    open_: set[str] = field(default_factory=set)  # deals whose car is not delivered

    @property
    def kind(self) -> str:
        """Which term holds."""
        return "deal" if self.deal else "lost" if self.lost >= self.last > _LONG_AGO else "prospect"


def expired(connection: Connection, tables: Tables, rules: Rulebook, store: str, today: date) -> dict[Person, str]:
    """Return who of a store is to be forgotten today, and by which term (a key of REASONS)."""
    known: dict[Person, _Known] = {}
    delivered: set[Person] = set()
    for kind, table in about(tables):
        its, spec = table.c, rules.kinds[kind]
        days = [name for name, store_ in spec.columns.items() if store_ in ("date", "month")]
        said = [name for name in _SAYS if name in its and name not in days]
        query = select(its.phone, its.customer_name, its["_key"], its["_stated"], its["_later"], its["_current"], its["_withdrawn"],
                       *(its[name] for name in (*days, *said))).where(its.store == store)  # fmt: skip
        for row in connection.execute(query).mappings():
            person = Person("" if row["phone"] else row["customer_name"] or "", row["phone"] or "")
            mine = known.setdefault(person, _Known())
            mine.last = max(mine.last, *_days(dict(row), days))
            if row["_current"] and not row["_withdrawn"]:
                _fold(mine, kind, dict(row), days)
                if row.get("outcome") == "delivered" or row.get("kind") == "delivery" or row.get("delivered_on"):
                    delivered.add(person)
    return {
        person: mine.kind
        for person, mine in sorted(known.items())
        if (person.phone or person.name)
        and not _open(mine, delivered=person in delivered)
        and mine.last < before(today, _months(rules.privacy, mine.kind))
    }


def before(today: date, months: int) -> date:
    """Return the day so many months earlier, the month's last where it has no such day.

    >>> before(date(2026, 3, 31), 1), before(date(2026, 11, 25), 24)
    (datetime.date(2026, 2, 28), datetime.date(2024, 11, 25))
    """
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    return date(year, month + 1, min(today.day, calendar.monthrange(year, month + 1)[1]))


def _months(privacy: Privacy, kind: str) -> int:
    return {"deal": privacy.deal_months, "lost": privacy.lost_months}.get(kind, privacy.prospect_months)


def _days(row: Mapping[str, Any], columns: Sequence[str]) -> list[date]:
    """Return every day a row speaks of, and the days it was handed in: a plan for next year keeps its customer too."""
    found = [_day(row[name]) for name in columns if row[name]]
    return [*found, *(date.fromisoformat(row[name][:10]) for name in ("_stated", "_later") if row[name])]


def _day(value: Any) -> date:
    """Return a day, of a month its last."""
    if isinstance(value, date):
        return value
    year, month = int(value[:4]), int(value[5:7])
    return date(year, month, calendar.monthrange(year, month)[1])


def _open(mine: _Known, *, delivered: bool) -> bool:
    """Say whether a car is ordered and not delivered; a card that says so counts for itself, whatever was delivered besides."""
    return bool(mine.open_ - {""}) or ("" in mine.open_ and not delivered)


def _fold(mine: _Known, kind: str, row: Mapping[str, Any], days: Sequence[str]) -> None:
    ended = row.get("outcome") or ""
    if kind == "loss" and row.get("decided") == "refused":
        return
    if kind == "loss" or ended == "lost":
        mine.lost = max(mine.lost, *_days(dict(row), days))
    if kind == "deal":
        mine.deal = True
        if row["ordered_on"] and not row["delivered_on"]:
            mine.open_.add(row["_key"])
    if ended in ("ordered", "delivered") or row.get("ordered") is True or row.get("kind") in ("order", "delivery"):
        mine.deal = True
        if ended == "ordered" or row.get("ordered") is True or row.get("kind") == "order":
            mine.open_.add("")
