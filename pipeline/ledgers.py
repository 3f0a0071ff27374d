"""Folds a form's register as its YAML says: its rows as a reader sees them, what fell due or soon will, and which step comes next.

    View + rules ─ dues ─→ Debt (one thing to do, for one record)
                 └ steps ─→ Step (where one case stands in its chain)

Days are calendar days; a debt is overdue from the day after it fell due.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from string import ascii_uppercase
from typing import Any, TypeAlias

from pipeline.report import Sheet, Source
from pipeline.rulebook.form import FieldSpec, Form, Kind
from pipeline.rulebook.ledger import Chain, Due, Register
from pipeline.view import Rowset, View

Row: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True)
class Debt:
    """One thing that falls due: what, whose record, by when, and how many days ago (below 0 = still to come)."""

    say: str
    due_on: date
    days: int
    row: Row


@dataclass(frozen=True)
class Step:
    """Where one case stands: its key, the steps taken of all, who is next ('' = finished), and steps taken out of turn."""

    case: tuple[str, ...]
    taken: int
    of: int
    next: str
    out_of_turn: tuple[str, ...]
    refused: str
    row: Row


@dataclass(frozen=True)
class Reckoned:
    """A sheet that a system of forms reckons across its forms, how many of its things are overdue, and what its words mean."""

    sheet: Sheet
    overdue: int = 0
    notes: tuple[tuple[str, str], ...] = ()
    leads: bool = True  # whether its tables stand above those of a sheet of its name, or below


def rows_of_kind(view: View, kind: str) -> list[Row]:
    """Return a kind's rows as field → value, the archive's own (`_book` …) included."""
    table = view.tables.get(kind, Rowset(()))
    return [dict(zip(table.names, row, strict=True)) for row in table.rows]


def register_of(form: Form | None, kind: str) -> Register:
    """Return a form's register as its YAML says; an empty one where the clerk has taken the form or the register out."""
    return (form.ledger.registers.get(kind) if form and form.ledger else None) or Register()


def spec_of(form: Form, kind: str, name: str) -> FieldSpec | None:
    """Return how a column of a kind is written on its form, by itself or where it stands under; a field that fills two columns speaks for both."""
    for title, part in form.parts.items():
        if part.yields == kind:
            own = {**form.above, **part.fields}
            found = form.spec(title, name) or next((spec for spec in own.values() if name in spec.into), None)
            if found:
                return found
    return None


def dated(kind: Kind, row: Row) -> date | None:
    """Return the day a record speaks of."""
    return next((row[name] for name in kind.dated if row.get(name)), None)


def dues(rows: Sequence[Row], register: Register, on: date) -> list[Debt]:
    """Return what is overdue or falls due soon, the longest overdue first."""
    found = [debt for due in register.due for debt in _dues(rows, due, on)]
    return sorted(found, key=lambda debt: (-debt.days, debt.say, str(debt.row.get("_key"))))


def _dues(rows: Sequence[Row], due: Due, on: date) -> Iterator[Debt]:
    for row in _newest(rows, due) if due.last_of else rows:
        start = row.get(due.on)
        after = _after(row, due)
        if (
            not isinstance(start, date)
            or after is None
            or (due.done and row.get(due.done))
            or not _applies(row, due.when)
        ):
            continue
        due_on = start + timedelta(days=after)
        if (due_on - on).days <= due.ahead:
            yield Debt(due.say, due_on, (on - due_on).days, row)


def _newest(rows: Sequence[Row], due: Due) -> list[Row]:
    """Return of records alike only the newest; one without a day is none."""
    last: dict[tuple[Any, ...], Row] = {}
    for row in rows:
        alike = tuple(row.get(name) for name in due.last_of)
        if row.get(due.on) and (alike not in last or row[due.on] >= last[alike][due.on]):
            last[alike] = row
    return list(last.values())


def _after(row: Row, due: Due) -> int | None:
    """Return the days to count from the date, None where the record's code has none."""
    for name, days in due.after_by.items():
        return days.get(str(row.get(name)))
    return due.after


def _applies(row: Row, when: Mapping[str, tuple[str, ...]]) -> bool:
    tests: Mapping[str, Callable[[Any], bool]] = {
        "filled": lambda value: value not in (None, ""),
        "blank": lambda value: value in (None, ""),
    }
    return all(
        any(tests[code](row.get(name)) if code in tests else _code(row.get(name)) == code for code in codes)
        for name, codes in when.items()
    )


def _code(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def order_of(form: Form, kind: str) -> tuple[str, ...]:
    """Return the steps of a kind's chain in turn: the items of the checklist that yields it."""
    return tuple(item.text for part in form.parts.values() if part.yields == kind for item in part.items)


def steps(rows: Sequence[Row], chain: Chain, order: Sequence[str]) -> list[Step]:
    """Return where each case of a chain stands, unfinished ones first."""
    cases: dict[tuple[str, ...], dict[str, Row]] = {}
    for row in rows:
        cases.setdefault(tuple(str(row.get(name) or "") for name in chain.per), {})[str(row.get(chain.step))] = row
    found = [_step(case, taken, order, chain) for case, taken in cases.items()]
    return sorted(found, key=lambda step: (not step.next, step.case))


def _step(case: tuple[str, ...], rows: Mapping[str, Row], order: Sequence[str], chain: Chain) -> Step:
    done = {name: rows[name][chain.done] for name in order if name in rows and rows[name].get(chain.done)}
    refused = next(
        (name for name in order if chain.answer and name in rows and rows[name].get(chain.answer) in chain.refused), ""
    )
    waiting = next((name for name in order if name not in done), "")
    early = [name for place, name in enumerate(order) if name in done and not _in_turn(done, order[:place], name)]
    row = rows.get(waiting) or next(iter(rows.values()))
    return Step(case, len(done), len(order), "" if refused else waiting, tuple(early), refused, row)


def _in_turn(done: Mapping[str, Any], before: Sequence[str], name: str) -> bool:
    """Say whether every earlier step was taken, and not on a later day."""
    return all(each in done and not (done[each] > done[name]) for each in before)


def source_of(row: Row, *names: str) -> Source:
    """Return where a record is written: the cell of the first of these fields that has one, else the first on the record's own row."""
    cells = row.get("_cells") or {}
    own = (
        cell for cell in cells.values() if cell.lstrip(ascii_uppercase) == str(row["_row"])
    )  # not what stands above the list
    cell = next(
        (cells[name] for name in names if cells.get(name)), next(own, next(iter(cells.values()), f"A{row['_row']}"))
    )
    return Source(str(row["_book"]), str(row["_sheet"]), cell, str(row.get("_original") or ""))
