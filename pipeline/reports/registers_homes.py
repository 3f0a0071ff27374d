"""Reckons which homes nobody has visited yet: customers with a card and no visit, by the days of their class from the day the car was bought.

The days are those of the form's `ledger:`; who has been visited once falls due there.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from pipeline.ledgers import Reckoned, Row, register_of, rows_of_kind, source_of
from pipeline.report import Column, Sheet, Table
from pipeline.rulebook.rulebook import Rulebook
from pipeline.text import squeeze
from pipeline.view import View


def reckoned(view: View, rules: Rulebook) -> tuple[Reckoned, ...]:
    """Return what leads the sheet 客户家访: customers with a card whom nobody has visited, by the days of their class."""
    by = next(
        (due.after_by for due in register_of(rules.forms.get("home_visit"), "home_visit").due if due.after_by), {}
    )
    days = by.get("customer_class", {})
    visits = rows_of_kind(view, "home_visit")
    lines = []
    for row in rows_of_kind(view, "home_customer"):
        if _seen(row, visits) or not row["bought_on"] or row["customer_class"] not in days:
            continue
        due = row["bought_on"] + timedelta(days=days[row["customer_class"]])
        if due <= view.on:
            lines.append(_never(row, due, view.on, rules))
    if not lines:
        return ()
    columns = (
        Column("客户姓名"), Column("客户类别"), Column("购车日期", "date"), Column("应家访日期", "date"), Column("逾期天数", "count", bar=True), Column("销售顾问"), Column("来源", "place"),
    )  # fmt: skip
    table = Table("从未家访", columns, tuple(sorted(lines, key=lambda line: (-line[4], line[0]))))
    late = sum(line[4] > 0 for line in lines)
    note = ("从未家访", "有客户卡、没有家访记录的,从购车日期起按客户类别的天数算;没有购车日期或类别的算不出,不列。")
    return (Reckoned(Sheet("客户家访", "客户家访", (table,), f"从未家访 {len(lines)} 位"), late, (note,)),)


def _never(row: Row, due: date, on: date, rules: Rulebook) -> tuple[Any, ...]:
    place = source_of(row, "bought_on")
    shown = rules.shown("customer_class", row["customer_class"])
    return row["customer_name"], shown, row["bought_on"], due, (on - due).days, row["consultant"], place


def _seen(row: Row, visits: Sequence[Row]) -> bool:
    """Say whether a visit speaks of this customer: the same name, and no other phone."""
    name, phone = squeeze(str(row["customer_name"])), row["phone"]
    return any(
        squeeze(str(visit["customer_name"])) == name and (not phone or not visit["phone"] or visit["phone"] == phone)
        for visit in visits
    )
