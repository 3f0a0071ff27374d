"""经营汇总 › 表头变化: which forms changed their header this month; told as 提醒 on the day it begins."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from pipeline.drift import Drift, drift_text
from pipeline.report import Column, Sheet, Source, Table
from pipeline.rulebook.rulebook import Rulebook

_CHANGED: Final = (
    Column("起始日期", "date"), Column("表格"), Column("销售顾问"), Column("变化", "long"), Column("位置", "place"),
)  # fmt: skip


def headers_changed(found: Iterable[Drift], rules: Rulebook, on: date) -> Sheet:
    """Return 表头变化 of the month up to a day."""
    rows = tuple(
        (each.on, rules.forms[each.form].title, each.consultant or None, ";".join(each.changes), Source(each.book, each.sheet, each.cell))
        for each in found
        if (each.on.year, each.on.month) == (on.year, on.month) and each.form in rules.forms
    )  # fmt: skip
    table = Table("表头变化", _CHANGED, rows, empty="本月没有一张表的表头变了")
    return Sheet("表头变化", "谁的表头挪了列、改了叫法、多一栏或少一栏(照样按表头读)", (table,))


def begun(found: Iterable[Drift], on: date, rules: Rulebook) -> tuple[tuple[str, str], ...]:
    """Return what began on this day, as 提醒 for 说明 and for the page."""
    return tuple(("提醒", drift_text(each, rules)) for each in found if each.on == on)
