"""What the relations look at: the month's rows by form, whose daily report came, and where everybody stands on a day."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, TypeAlias

from pipeline.dues.hand_ins import columns_of, rows_named
from pipeline.facts.gather import Facts
from pipeline.frame import rows_of
from pipeline.report import Source
from pipeline.view import View

Row: TypeAlias = Mapping[str, Any]
CLOSED: Final = frozenset({"ordered", "delivered", "lost", "dormant"})
DAY: Final = timedelta(days=1)
UNNAMED: Final = "未填"
_HEADS: Final = ("prospect", "customer", "deal")  # of all times; of the others a year is long and a month is asked for
_DATED: Final[Mapping[str, tuple[str, ...]]] = {
    "visit": ("visited_on",), "follow_up": ("done_on", "planned_on", "next_on"), "owner_visit": ("done_on", "planned_on"),
    "activity": ("worked_on",), "plan": ("made_on", "planned_on"),
}  # fmt: skip
_DAILY: Final = "daily_activity"
_FINISHED: Final = {"order": "ordered", "delivery": "delivered"}


@dataclass(frozen=True, slots=True)
class Gap:
    """One relation broken: which (R1…R8), on which day, whose, what should be, what is, and the two cells (None = no such cell).

    `phone` is the customer's number in full, '' without one.
    """

    rule: str
    on: date
    consultant: str
    customer: str
    wanted: str
    found: str
    here: Source
    there: Source | None = None
    phone: str = ""


@dataclass(frozen=True)
class Papers:
    """The rows of every form that speak of the month, the eve of its 1st and the day after, and the questions the relations ask.

    `daily` maps (consultant, day) to any cell of that day's report, one entry per report handed in; `done` and `planned`
    hold the rows of 今日工作总结 by (consultant, day worked) and of 明日工作计划 by (consultant, day planned, day written).
    """

    on: date
    facts: Facts
    rows: Mapping[str, Sequence[Row]]  # cards and tracker rows of all times
    daily: Mapping[tuple[str, date], Source]
    done: Mapping[tuple[str, date], Sequence[Row]]
    planned: Mapping[tuple[str, date, date], Sequence[Row]]
    stands: Mapping[str, Sequence[tuple[date, str]]]  # phone → what was said of where the customer stands, oldest first
    since: Mapping[str, date]  # phone → the day from which the person is a prospect
    contact_days: Mapping[str, set[date]]  # phone → the days of all contacts and attempts on tracker and card
    captured: frozenset[str]  # the phones left at a visit that is not `other`
    people: Mapping[str, Row]  # phone → consultant, customer_name, kind, row: the latest statement

    @property
    def first(self) -> date:
        """The first of the month."""
        return self.on.replace(day=1)

    def stand(self, phone: str, at: date) -> str:
        """Return where a person stands at the end of a day: a level, a closed state, '' where nobody said."""
        said = self.stands.get(phone, ())
        place = bisect_right(said, at, key=lambda each: each[0])
        return said[place - 1][1] if place else ""

    def summed_up(self, row: Row, on: date) -> list[Row]:
        """Return what the consultant's report of a day says of a row's customer."""
        return [line for line in self.done.get((consultant_of(row), on), ()) if same(row, line)]

    def planned_for(self, row: Row, on: date) -> bool:
        """Say whether the consultant's report of the day before plans a row's customer for a day."""
        return any(same(row, line) for line in self.planned.get((consultant_of(row), on, on - DAY), ()))


def papers(facts: Facts) -> Papers:
    """Return the papers of a store as they lay there on the day of the facts."""
    view, people = facts.view, facts.persons
    rows: dict[str, Sequence[Row]] = {kind: list(rows_named(view, kind)) for kind in _HEADS}
    rows |= {kind: _of_the_month(view, kind, days) for kind, days in _DATED.items()}
    phones = [str(phone) for phone in people["phone"]]
    stands: dict[str, list[tuple[date, str]]] = defaultdict(list)
    for person, day, stand in rows_of(facts.said[["person", "on", "stand"]]):
        stands[phones[person]].append((day, stand))
    contact_days: dict[str, set[date]] = defaultdict(set)
    for phone, day in columns_of(view, "follow_up", "phone", "done_on"):
        if day is not None:
            contact_days[phone].add(day)
    since = zip(phones, (each for (each,) in rows_of(people[["since"]])), strict=True)
    names = ("consultant", "customer_name", "kind", "row")
    latest = zip(phones, rows_of(people[list(names)]), strict=True)
    return Papers(
        on=facts.on,
        facts=facts,
        rows=rows,
        daily=_daily(facts, rows),
        done=_grouped(rows["activity"], lambda row: (consultant_of(row), row["worked_on"])),
        planned=_grouped(rows["plan"], lambda row: (consultant_of(row), row["planned_on"], row["made_on"])),
        stands=stands,
        contact_days=contact_days,
        captured=frozenset(_captured(view)),
        since={phone: day for phone, day in since if day is not None},
        people={phone: dict(zip(names, told, strict=True)) for phone, told in latest},
    )


def consultant_of(row: Row) -> str:
    """Return the consultant a row names."""
    return row["consultant"] or UNNAMED


def same(one: Row, other: Row) -> bool:
    """Say whether two rows speak of one customer: by phone where both have one, else by name, stand-in or plate."""
    if one.get("phone") and other.get("phone"):
        return bool(one["phone"] == other["phone"])
    return bool(_called(one) & _called(other))


def cell(row: Row, *fields: str) -> Source:
    """Return the cell of the first of these fields that stands on the sheet, else the beginning of the row."""
    cells = row["_cells"] or {}
    found = next((cells[name] for name in (*fields, "customer_name", "phone") if name in cells), f"A{row['_row']}")
    return Source(row["_book"], row["_sheet"], found, row["_original"] or "")


def result(rows: Iterable[Row]) -> str:
    """Return what rows of one day say came of it: a closed state before a level, the later before the earlier, '' = nothing."""
    said = [word for word in map(_word, rows) if word]
    return next((word for word in reversed(said) if word in CLOSED), said[-1] if said else "")


def reached(row: Row) -> bool:
    """Say whether somebody was reached; a row that does not tell otherwise did."""
    return row.get("reached") is not False


def _captured(view: View) -> Iterator[str]:
    for phone, captured, kind, on in columns_of(view, "visit", "phone", "captured", "visit_kind", "visited_on"):
        if phone and captured and kind != "other" and on is not None and on <= view.on:
            yield phone


def _of_the_month(view: View, kind: str, days: Sequence[str]) -> list[Row]:
    """Return the rows one of whose days is in the month, the eve of its 1st or the day after: only they are put together."""
    rowset = view.tables.get(kind)
    if rowset is None:
        return []
    first, last = view.on.replace(day=1) - DAY, view.on + DAY
    places = {
        place
        for name in days
        for place, day in enumerate(rowset.column(name))
        if day is not None and first <= day <= last
    }
    return [dict(zip(rowset.names, rowset.rows[place], strict=True)) for place in sorted(places)]


def _word(row: Row) -> str:
    outcome = row.get("outcome")
    word = _FINISHED.get(row.get("kind") or "") or (outcome if outcome in CLOSED else row.get("level_after")) or ""
    return "ordered" if word == "O" else word


def _called(row: Row) -> set[str]:
    return {row[name] for name in ("customer_name", "plate") if row.get(name)}


def _grouped(rows: Iterable[Row], key: Any) -> dict[Any, list[Row]]:
    found: dict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return found


def _daily(facts: Facts, rows: Mapping[str, Iterable[Row]]) -> dict[tuple[str, date], Source]:
    """Return the daily reports that came, the quiet ones too, each with a cell to lead to."""
    originals = dict(columns_of(facts.view, "submission", "submission_id", "original"))
    found: dict[tuple[str, date], Source] = {}
    hand_ins = columns_of(facts.view, "hand_in", "form", "covers", "book", "sheet", "submission_id")
    for form, covers, book, sheet, submission in hand_ins:
        if form == _DAILY and covers.get("worked_on") and covers.get("consultant"):
            key = covers["consultant"], date.fromisoformat(covers["worked_on"])
            found[key] = Source(book, sheet, "A1", originals.get(submission) or "")
    for kind, day in (("plan", "made_on"), ("activity", "worked_on")):
        found |= {(consultant_of(row), row[day]): cell(row) for row in rows[kind] if row[day]}
    return found
