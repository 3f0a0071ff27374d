"""经营汇总 › 目标进度: the month's new prospects and conversions against the targets, the day's goal, and what each day left must bring.

150 a month ─ 30 days ─→ 5 a day          count: calendar
            └ 22 working days ─→ 7        count: working      never below `least` for the store
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import Any, Final

import pandas as pd

from pipeline.days import working_days
from pipeline.facts.gather import Facts
from pipeline.facts.indicators import UNSIGNED, all_of, listed, rate
from pipeline.report import Chart, Column, Ink, Jump, Sheet, Table
from pipeline.rulebook.house import Target
from pipeline.rulebook.rulebook import Rulebook

_DONE: Final[Mapping[str, Jump]] = {"新增潜客完成": Jump("新增意向"), "成交完成": Jump("战绩")}
_INKS: Final[Mapping[str, Ink]] = {
    "目标": "count",
    "完成": "count",
    "完成率": "rate",
    "应达": "number",
    "进度差": "number",
}
_TODAY: Final = (
    Column("今日目标", "count", tone="quiet"), Column("今日新增", "count", to=Jump("新增意向")), Column("今日完成率", "rate"),
    Column("每日还需", "count"),
)  # fmt: skip
_STORE: Final = (
    Column("项目"), Column("月目标", "count"), Column("完成", "count"), Column("完成率", "rate", bar=True), Column("应达", "number"),
    Column("进度差", "number"), Column("每日目标", "count"), Column("今日完成", "count"), Column("每日还需", "count"),
    Column("顾问目标合计", "count"),
)  # fmt: skip


@dataclass(frozen=True)
class _Month:
    """The days a target is spread over: of the month, gone by (today included), still to come; `counts` = today is one of them."""

    days: int
    gone: int
    counts: bool

    @property
    def share(self) -> float:
        """How much of the month is over."""
        return self.gone / self.days if self.days else 1.0

    def daily(self, goal: int) -> int:
        """Return the whole customers a day asks for, 0 on a day that is not counted."""
        return ceil(goal / self.days) if self.counts and self.days else 0

    def left(self, goal: int, done: int) -> int | None:
        """Return what each day after today must bring, None where none is left."""
        rest = self.days - self.gone
        return ceil(max(goal - done, 0) / rest) if rest else None


def targets(today: pd.DataFrame, month: pd.DataFrame, facts: Facts, rules: Rulebook) -> Sheet:
    """Return 目标进度: consultants against the month's targets, the days gone by and the day's goal; then the store's own target."""
    table, days = all_of(month, facts, rules), _month(facts.on, rules)
    rows, sums, asked = [], [0, 0, 0, 0], [0, 0]
    for name, made_of in table.iterrows():
        goal = target(str(name), facts, rules)
        if goal:
            new, orders = int(made_of["new"]), int(made_of["orders"])
            fresh = int(today["new"].get(str(name), 0))
            daily = _daily(str(name), goal, days, rules)
            paces = (*_pace(goal.prospects, new, days), *_pace(goal.conversions, orders, days))
            rows.append((name, *paces, daily, fresh, rate(fresh, daily), days.left(goal.prospects, new)))
            sums = [old + more for old, more in zip(sums, (goal.prospects, new, goal.conversions, orders), strict=True)]
            asked = [asked[0] + daily, asked[1] + fresh]
    total = (
        ("合计", *_pace(sums[0], sums[1], days), *_pace(sums[2], sums[3], days), *asked, rate(asked[1], asked[0]), days.left(sums[0], sums[1]))
        if rows
        else None
    )  # fmt: skip
    charts = (
        Chart("column", "新增潜客:目标与完成", "销售顾问", ("新增潜客目标", "新增潜客完成"), y_title="位"),
        Chart("column", "成交:目标与完成", "销售顾问", ("成交目标", "成交完成"), y_title="位"),
    )
    by_name = Table("目标进度", _columns(), tuple(rows), total, charts, empty="没有需要考核的顾问")
    store = _store(today, month, days, Target(prospects=sums[0], conversions=sums[2]), rules)
    kind = "工作日" if rules.targets.daily.count == "working" else "天"
    subtitle = f"本月已过 {days.gone} / {days.days} {kind}({days.share:.0%});应达 = 目标 × 已过天数 ÷ 本月天数"
    return Sheet("目标进度", "本月目标进度", (by_name, store), subtitle)


def target(name: str, facts: Facts, rules: Rulebook) -> Target | None:
    """Return a consultant's target of the month; who is not in the house (any more) has none."""
    house = listed(facts, rules)
    if name == UNSIGNED or (house and name not in house):
        return None
    return rules.targets.consultants.get(name, rules.targets.monthly)


def _columns() -> tuple[Column, ...]:
    goals = (
        Column(f"{what}{head}", ink, bar=ink == "rate", tone="quiet" if head == "目标" else "", to=_DONE.get(f"{what}{head}"))
        for what in ("新增潜客", "成交")
        for head, ink in _INKS.items()
    )  # fmt: skip
    return (Column("销售顾问"), *goals, *_TODAY)


def _store(today: pd.DataFrame, month: pd.DataFrame, days: _Month, together: Target, rules: Rulebook) -> Table:
    """Return the whole store against its own target, whoever brought the customer; a day never asks for less than `least`."""
    goal, least = rules.targets.store or together, rules.targets.daily.least if days.counts else 0
    rows = []
    for name, of, column, asked, floor in (
        ("新增潜客", goal.prospects, "new", together.prospects, least),
        ("成交", goal.conversions, "orders", together.conversions, 0),
    ):
        done = int(month[column].sum())
        daily = max(days.daily(of), floor)
        rows.append((name, *_pace(of, done, days), daily, int(today[column].sum()), days.left(of, done), asked))
    return Table("全店目标", _STORE, tuple(rows))


def _daily(name: str, goal: Target, days: _Month, rules: Rulebook) -> int:
    own = rules.targets.daily.consultants.get(name)
    return days.daily(goal.prospects) if own is None else own if days.counts else 0


def _month(on: date, rules: Rulebook) -> _Month:
    first, last = on.replace(day=1), on.replace(day=monthrange(on.year, on.month)[1])
    if rules.targets.daily.count == "calendar":
        return _Month(last.day, on.day, counts=True)
    return _Month(working_days(first, last, rules), working_days(first, on, rules), working_days(on, on, rules) > 0)


def _pace(goal: int, done: int, days: _Month) -> tuple[Any, ...]:
    return goal, done, rate(done, goal), goal * days.share, done - goal * days.share
