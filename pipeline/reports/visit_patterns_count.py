"""Counts the register's rows of the window once: per day, per consultant, per weekday and hour.

Every sheet of 来店规律 is a sum of these tallies, so no two sheets can disagree.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import compress
from operator import attrgetter
from typing import Final, cast

import pandas as pd

from pipeline.frame import frame_of
from pipeline.rulebook.rulebook import Rulebook
from pipeline.view import Rowset, View

UNNAMED: Final = "未填"
HOURS: Final = tuple(range(8, 21))
_COLUMNS: Final = (
    "visited_on", "channel", "visit_kind", "customer_name", "captured", "refusal_reason", "arrived_at", "left_at",
    "stay_minutes", "consultant", "ordered", "note", "plate",
)  # fmt: skip
_SUMS: Final = ["walk_ins", "call_ins", "batches", "captured", "ordered", "minutes", "stays"]


@dataclass(frozen=True, slots=True)
class Tally:
    """Some register rows, counted: batches (no visits of kind other), captured ones, orders, and stays in minutes."""

    walk_ins: int = 0
    call_ins: int = 0
    batches: int = 0
    captured: int = 0
    ordered: int = 0
    minutes: int = 0
    stays: int = 0

    @property
    def missed(self) -> int:
        """Batches that left no valid phone."""
        return self.batches - self.captured

    @property
    def capture_rate(self) -> float | None:
        """Captured ÷ batches; None without batches."""
        return rate(self.captured, self.batches)

    @property
    def mean_stay(self) -> float | None:
        """Mean minutes between arriving and leaving, over walk-ins with both times."""
        return rate(self.minutes, self.stays)


@dataclass(frozen=True)
class Visits:
    """The window and its counts.

    `rows` holds the counted visits (no `other`), oldest first, `row` their place in the view; `others` the visits of kind other per day; `register`
    the days with at least one register row of any kind; `handed_in` the days a register was handed in for, quiet ones
    included.
    """

    first: date
    on: date
    rows: pd.DataFrame
    by_day: Mapping[date, Tally]
    by_consultant: Mapping[str, Tally]
    by_hour: Mapping[tuple[int, int], int]  # (weekday 0…6, hour; -1 = before 8 or after 20) → batches
    others: Mapping[date, int]
    register: frozenset[date]
    handed_in: frozenset[date]

    @property
    def total(self) -> Tally:
        """The whole window."""
        return added(self.by_day.values())


def count_visits(view: View, rules: Rulebook) -> Visits:
    """Return the counts of the `window_days` that end with the view's day."""
    first = view.on - timedelta(days=rules.house.window_days - 1)
    every = _window(view, rules, first)
    is_other = (every["visit_kind"] == "other").fillna(value=False).astype(bool)
    rows = _with_counts(every[~is_other])
    others = every[is_other].groupby("visited_on").size()
    hours = rows.groupby(["weekday", "hour"]).size()
    return Visits(
        first=first,
        on=view.on,
        rows=rows,
        by_day={_day(on): tally for on, tally in _tallies(rows, "visited_on").items()},
        by_consultant={str(name): tally for name, tally in _tallies(rows, "consultant").items()},
        by_hour={cast("tuple[int, int]", place): int(number) for place, number in hours.items()},
        others={_day(on): int(number) for on, number in others.items()},
        register=frozenset(_day(on) for on in every["visited_on"].unique()),
        handed_in=frozenset(_handed_in(view, first)),
    )


def added(tallies: Iterable[Tally]) -> Tally:
    """Return the sum of tallies."""
    return Tally(*map(sum, zip(*map(attrgetter(*_SUMS), tallies), strict=True)))


def over(visits: Visits, days: Iterable[date]) -> tuple[int, Tally]:
    """Return over these days how many had a register row, and the sum of their counts."""
    found = visits.register.intersection(days)
    return len(found), added(visits.by_day.get(on, Tally()) for on in found)


def rate(part: float, whole: float) -> float | None:
    """Return part ÷ whole, or None (a blank cell) where the whole is 0."""
    return part / whole if whole else None


def _window(view: View, rules: Rulebook, first: date) -> pd.DataFrame:
    """Return the window's register rows; cut before pandas sees them, so a long archive costs little."""
    rowset = view.tables.get("visit", Rowset(_COLUMNS))
    within = [on is not None and first <= on <= view.on for on in rowset.column("visited_on")]
    rows = zip(*(compress(rowset.column(name), within) for name in _COLUMNS), strict=True)
    frame = frame_of(Rowset(_COLUMNS, list(rows)), rules.kinds["visit"].columns)
    frame["row"] = [number for number, kept in enumerate(within) if kept]
    return frame.sort_values(["visited_on", "arrived_at"], kind="stable", ignore_index=True)


def _with_counts(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with a column of 0 or 1 for everything that is summed, and their weekday and hour."""
    walk_in = rows["channel"] == "walk_in"
    stayed = walk_in & rows["arrived_at"].notna() & rows["left_at"].notna() & rows["stay_minutes"].notna()
    hour = pd.to_numeric(rows["arrived_at"].str[:2], errors="coerce").fillna(-1).astype("int64")
    return rows.assign(
        walk_ins=walk_in.astype("int64"),
        call_ins=(rows["channel"] == "call_in").astype("int64"),
        batches=1,
        captured=rows["captured"].fillna(value=False).astype("int64"),
        ordered=rows["ordered"].fillna(value=False).astype("int64"),
        minutes=rows["stay_minutes"].where(stayed, 0).astype("int64"),
        stays=stayed.astype("int64"),
        consultant=rows["consultant"].fillna(UNNAMED),
        weekday=rows["visited_on"].dt.day_of_week.astype("int64"),
        hour=hour.where(hour.isin(HOURS), -1),
    )


def _tallies(rows: pd.DataFrame, by: str) -> dict[Hashable, Tally]:
    sums = rows.groupby(by)[_SUMS].sum()
    return {key: Tally(*values) for key, values in zip(sums.index, sums.to_numpy("int64").tolist(), strict=True)}


def _handed_in(view: View, first: date) -> Iterable[date]:
    """Yield the days of the window a register spoke for, whatever was on it."""
    rowset = view.tables.get("hand_in", Rowset(("covers",)))
    days = {covers.get("visited_on", "") for covers in rowset.column("covers")}
    return (on for on in map(date.fromisoformat, sorted(day for day in days if day)) if first <= on <= view.on)


def _day(on: Hashable) -> date:
    return cast("pd.Timestamp", on).date()
