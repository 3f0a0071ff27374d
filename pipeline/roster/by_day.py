"""Draws 交表日历: a month's hand-ins at a glance, a row per person and form, a mark on the day each one fell due."""

from __future__ import annotations

import calendar
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from pipeline.dues.hand_ins import STORE
from pipeline.dues.owed import Owed, consultants, due_so_far
from pipeline.report import Column, Sheet, Table
from pipeline.roster.streaks import streak
from pipeline.rulebook.rulebook import Rulebook
from pipeline.view import View

ON_TIME, LATE, BLANK, MISSING = "✓", "迟", "空", "✗"
_LEGEND: Final = f"{ON_TIME} 按时;{LATE} 迟交;{BLANK} 交了空表;{MISSING} 没交;空着 不用交或还没到期。日期是到期的那一天"


def calendar_sheet(view: View, rules: Rulebook) -> Sheet:
    """Return 交表日历 of the view's month: every day of it, days to come blank; the last row counts what is missing by day."""
    due = due_so_far(view, rules)
    month = [each for each in due if (each.due.year, each.due.month) == (view.on.year, view.on.month)]
    days = range(1, calendar.monthrange(view.on.year, view.on.month)[1] + 1)
    columns = (
        Column("销售顾问"), Column("表"), *(Column(str(day), "mark") for day in days),
        Column("连续按时", "count"), Column("连续缺交", "count"),
    )  # fmt: skip
    rows = []
    for who in (*consultants(month, rules), STORE):
        for form in dict.fromkeys(deadline.form for deadline in rules.house.deadlines):
            own = [each for each in due if (each.who, each.form) == (who, form)]
            marks = _marks([each for each in month if (each.who, each.form) == (who, form)])
            if marks:
                now = streak(own)
                cells = (marks.get(day) for day in days)
                rows.append((who, rules.forms[form].title, *cells, now.on_time, now.missing))
    missing = [sum(each.came is None for each in month if each.due.day == day) or None for day in days]
    table = Table(
        "交表日历", columns, tuple(rows), total=("合计", "缺交", *missing, None, None), empty="本月还没有交表",
    )  # fmt: skip
    return Sheet("交表日历", f"{view.on:%Y-%m} 谁哪天交了表", (table,), _LEGEND)


def _marks(due: Sequence[Owed]) -> dict[int, str]:
    """Return the day of the month → its mark; forms of one name owed twice a day stand together."""
    found: dict[int, set[str]] = defaultdict(set)
    for each in due:
        found[each.due.day].add(_mark(each))
    return {day: "\n".join(sorted(marks)) for day, marks in found.items()}


def _mark(each: Owed) -> str:
    if each.came is None:
        return MISSING
    return f"{LATE if each.late else ''}{BLANK if each.blank else ''}" or ON_TIME
