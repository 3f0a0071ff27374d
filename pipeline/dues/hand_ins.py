"""Tells what came: of every form, for each of us and each day or month, when it first came and whether a line stands on it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final, NamedTuple, TypeAlias

from pipeline.view import Rowset, View

STORE: Final = "全店"
MONTH: Final = 7  # letters of 2026-11
_DAY: Final = 10  # and of 2026-11-05
_HAND_IN: Final = ("form", "scope", "covers", "received", "submission_id", "records", "held")

Key: TypeAlias = tuple[str, str, str]  # form, who, period


class Handed(NamedTuple):
    """One hand-in: form, consultant ('' = the store's), the day or month it speaks for, when it came, and its filled lines.

    Sheets with one `scope` take each other's place: the one with the greatest `order` is what stands.
    """

    form: str
    who: str
    period: str
    came: datetime
    scope: str
    order: tuple[datetime, str]
    lines: int


@dataclass(slots=True)
class Came:
    """What came of one form for one of us and one period: the first time, and whether a line stands on any of it now."""

    first: datetime
    filled: bool = False


def handed_in(view: View) -> Iterator[Handed]:
    """Yield every sheet handed in up to the view's day."""
    for form, scope, covers, came, submission, records, held in columns_of(view, "hand_in", *_HAND_IN):
        period = next((value for name, value in covers.items() if name != "consultant" and _is_period(value)), "")
        yield Handed(form, covers.get("consultant", ""), period, came, scope, (came, submission), records + held)


def all_that_came(sheets: Iterable[Handed]) -> dict[Key, Came]:
    """Return what came by form, person and period; whatever came, came for the store as well.

    A held line is a filled one. A sheet handed in again without lines is blank, as it stands now.
    """
    found: dict[Key, Came] = {}
    standing: dict[str, tuple[tuple[datetime, str], int, tuple[Key, ...]]] = {}
    for sheet in sheets:
        keys = tuple((sheet.form, who, sheet.period) for who in (sheet.who, STORE))
        for key in keys:
            known = found.setdefault(key, Came(sheet.came))
            known.first = min(known.first, sheet.came)
        order, lines, _ = standing.get(sheet.scope, (sheet.order, 0, ()))
        if sheet.order >= order:
            beside = lines if sheet.order == order else 0  # one workbook may hold a day on two sheets
            standing[sheet.scope] = (sheet.order, sheet.lines + beside, keys)
    for _, lines, keys in standing.values():
        for key in keys:
            found[key].filled |= lines > 0
    return found


@lru_cache(maxsize=4096)
def _is_period(value: str) -> bool:
    try:
        date.fromisoformat(value if len(value) > MONTH else f"{value}-01")
    except ValueError:
        return False
    return len(value) in (MONTH, _DAY)


def columns_of(view: View, table: str, *names: str) -> Iterator[tuple[Any, ...]]:
    """Yield columns of a table, row by row; a view without the table has no rows."""
    rowset = view.tables.get(table, Rowset(names))
    return zip(*(rowset.column(name) for name in names), strict=True)


def rows_named(view: View, table: str) -> Iterator[dict[str, object]]:
    """Yield a table's rows with their names; a view without the table has none."""
    names = view.tables[table].names if table in view.tables else ()
    for row in columns_of(view, table, *names):
        yield dict(zip(names, row, strict=True))
