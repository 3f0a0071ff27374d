"""Draws what the archive tells of hand-ins, slips and changes, and a house with its deadlines."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, TypeAlias

from pipeline.model import HandIn
from pipeline.rulebook.house import Consultant, Deadline
from pipeline.rulebook.rulebook import Rulebook
from pipeline.view import Rowset, View

ON = date(2026, 11, 5)
DAILY = Deadline(form="daily_activity", per="consultant", every="day")
REGISTER = Deadline(form="visitor_register", per="store", every="day")
TRACKER = Deadline(form="level_tracker", per="consultant", every="month", days_after=1)
Row: TypeAlias = tuple[Any, ...]
HAND_IN = ("store", "submission_id", "form", "family", "scope", "covers", "sheet", "book", "received", "on", "verdict", "records", "held")  # fmt: skip
FINDING = ("store", "submission_id", "book", "sheet", "cell", "code", "level", "label", "found", "want", "say", "who", "received", "on", "verdict")  # fmt: skip
CHANGE = ("act", "kind", "key", "values", "previous", "book", "sheet", "row", "cells", "received", "on", "fulfilled", "original")  # fmt: skip


def clock(said: str) -> datetime:
    """Return a moment of 2026 from `11-05T18:00`."""
    return datetime.fromisoformat(f"2026-{said}")


def view(*sheets: Row, slips: Row = (), changes: Row = (), on: date = ON) -> View:
    """Return the archive of a day with these hand-ins, slips and changes."""
    tables = {"hand_in": Rowset(HAND_IN, sheets), "finding": Rowset(FINDING, slips), "change": Rowset(CHANGE, changes)}
    return View(on, "default", tables)


def sheet(line: str, verdict: str = "accepted", family: str = "rows", sheet: str = "Sheet1") -> Row:
    """`日报 李明 11-03 11-03T20:00 空`: form, consultant (- = none), day or month, received; 空 = no line on it is filled."""
    form, who, period, came, *blank = line.split()
    name, field = {
        "日报": ("daily_activity", "worked_on"),
        "登记": ("visitor_register", "visited_on"),
        "推进": ("level_tracker", "month"),
    }[form]
    covers = {field: f"2026-{period}"} | ({} if who == "-" else {"consultant": who})
    scope = HandIn(name, family, sheet, covers, 0, 0).scope
    received = clock(came)
    book = f"{who}/{form}{period}.xlsx"
    lines = 0 if blank else 3
    return (
        "default",
        f"{book} {came}",
        name,
        family,
        scope,
        covers,
        sheet,
        book,
        received,
        received.date(),
        verdict,
        lines,
        0,
    )


def every_day(who: str, first: int, last: int, form: str = "日报", month: int = 11) -> Row:
    """Return a sheet for each of these days, handed in on its evening."""
    days = [f"{month:02}-{day:02}" for day in range(first, last + 1)]
    return tuple(sheet(f"{form} {who} {day} {day}T20:00") for day in days)


def house(rules: Rulebook, *deadlines: Deadline, consultants: Row = (), **more: Any) -> Rulebook:
    """Return the rules of a house with these deadlines and people."""
    people = tuple(each if isinstance(each, Consultant) else Consultant(name=each) for each in consultants)
    changed = rules.house.model_copy(update={"deadlines": deadlines, "consultants": people, **more})
    return rules.model_copy(update={"house": changed})
