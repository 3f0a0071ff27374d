"""Lays out each consultant's daily report for the next working day: dated and named, its plan half filled from what is due.

archive at the end of D
  ├─ plan half, 明日工作计划    due, or agreed, for the day after the sheet's own (that is what the section plans)
  └─ second sheet, to read      due on the sheet's day and overdue, so that the day itself can be worked from it

The summary half stays empty: a line there would say that work was done. A sheet dated today would be handed in a second
time with an empty summary and take the day's work back, and a plan dated on the sheet's own day would take the place of
the plan made the evening before, which R6 looks for. So the plan half plans what it always plans, the day after.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

import pandas as pd

from pipeline.blanks.filled import Filled, Line
from pipeline.facts.gather import Facts
from pipeline.facts.notes import last_notes
from pipeline.facts.owners import owners_due
from pipeline.follow_up import follow_up
from pipeline.frame import rows_of
from pipeline.report import Column, Sheet, Table
from pipeline.rulebook.rulebook import Rulebook

FORM: Final = "daily_activity"
_PLANS: Final = "tomorrow"
# Words no form uses as a label: the sheet is to be read, and must not be taken for a form when it is handed in.
_CALLS: Final = (
    Column("找谁"), Column("打哪个号", "phone"), Column("做什么"), Column("到哪一级"), Column("看的哪款"), Column("哪天该联系", "date"),
    Column("晚了几天", "count", bar=True), Column("为什么是这天"), Column("上次怎么说", "long"),
)  # fmt: skip


@dataclass(frozen=True)
class NextSheet:
    """One consultant's sheet of a day: what is filled in already, and whom to call on that day."""

    consultant: str
    on: date
    filled: Filled
    calls: Sheet


def next_sheets(facts: Facts, rules: Rulebook) -> tuple[NextSheet, ...]:
    """Return the sheets for the next day the house is open, one per consultant who works then, by name.

    With consultants listed in house.yaml these are those not gone by then; with none listed, whoever has open prospects.
    """
    if FORM not in rules.forms:
        return ()
    day = open_after(facts.on, rules)
    until = open_after(day, rules)
    due = _due(facts, rules, day, until)
    notes = last_notes(facts, {int(person) for person in due["person"]})
    due = due.assign(note=due["person"].map(notes))
    return tuple(_sheet(who, day, due[due["consultant"] == who], rules) for who in _working(facts, rules, day))


def open_after(on: date, rules: Rulebook) -> date:
    """Return the next day the house is open; a dealer works at weekends, so only `closed_on` counts."""
    closed = set(rules.house.closed_on)
    day = on + timedelta(days=1)
    while day in closed:
        day += timedelta(days=1)
    return day


def _working(facts: Facts, rules: Rulebook, day: date) -> list[str]:
    listed = rules.house.consultants
    if not listed:
        return sorted(facts.open_at(facts.on)["consultant"].dropna().unique())
    return sorted(
        each.name
        for each in listed
        if each.store in ("", facts.view.store) and (each.leaves_on is None or day < each.leaves_on)
    )


def _due(facts: Facts, rules: Rulebook, day: date, until: date) -> pd.DataFrame:
    """Return who is to be contacted: on the day or before (`now`), or after it and until the next (`then`)."""
    at, end = pd.Timestamp(day), pd.Timestamp(until)
    found = []
    owners = owners_due(replace(facts, on=until), rules)
    for kind, rows in (
        ("follow_up", follow_up(replace(facts, on=day), rules).reset_index()),
        ("owner_visit", owners.assign(stand="", plan_on=owners["due_on"])),
    ):
        then = _between(rows["due_on"], at, end) | _between(rows["plan_on"], at, end)
        found.append(rows.assign(work=kind, now=rows["due_on"] <= at, then=then))
    both = pd.concat(found, ignore_index=True)
    both = both.assign(late=(at - both["due_on"]).dt.days)
    return both[both["now"] | both["then"]].sort_values(["due_on", "work", "phone"], kind="stable")


def _between(days: pd.Series[Any], after: pd.Timestamp, until: pd.Timestamp) -> pd.Series[bool]:
    return (days > after) & (days <= until)


def _sheet(who: str, day: date, due: pd.DataFrame, rules: Rulebook) -> NextSheet:
    plans = [_line(row, rules) for row in _plain(due[due["then"]])]
    filled = Filled({"worked_on": day, "consultant": who}, {_PLANS: plans})
    return NextSheet(who, day, filled, _calls(who, day, _plain(due[due["now"]]), rules))


def _plain(rows: pd.DataFrame) -> list[dict[str, Any]]:
    names = ["customer_name", "phone", "model", "work", "stand", "due_on", "late", "basis", "note"]
    return [dict(zip(names, row, strict=True)) for row in rows_of(rows[names])]


def _line(row: dict[str, Any], rules: Rulebook) -> Line:
    line = {name: row[name] for name in ("phone", "model") if row[name]}
    # A line without a name would come back; nobody can be told apart better than by the phone.
    named = row["customer_name"] or f"尾号{row['phone'][-4:]}"
    return line | {"customer_name": named, "kind": rules.shown("activity_kind", row["work"]), "note": row["basis"]}


def _calls(who: str, day: date, rows: Sequence[dict[str, Any]], rules: Rulebook) -> Sheet:
    told = tuple(
        (
            row["customer_name"], row["phone"], rules.shown("activity_kind", row["work"]), row["stand"] or None, row["model"],
            row["due_on"], max(int(row["late"]), 0), row["basis"], row["note"],
        )
        for row in rows
    )  # fmt: skip
    table = Table("今天联系谁", _CALLS, told, empty="今天没有到期的客户")
    subtitle = f"{who} · 共 {len(told)} 位 · 联系过了写进前一张的今日工作总结;这一页只供查看,不用填"
    return Sheet("今天联系谁", f"{day:%Y-%m-%d} 该联系的客户(拖得最久的在前)", (table,), subtitle)
