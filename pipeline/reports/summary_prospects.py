"""经营汇总 › 潜客分析: the month's prospects of each consultant: what was there, what came, what moved up, what went, what waits (A3)."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from pipeline.facts.gather import Facts
from pipeline.facts.indicators import UNSIGNED, all_of, rate
from pipeline.follow_up import follow_up
from pipeline.report import Chart, Column, Jump, Sheet, Table
from pipeline.rulebook.rulebook import Rulebook

_RANK: Final = {"H": 4, "A": 3, "B": 2, "C": 1}
_GONE: Final = {"ordered": "orders", "delivered": "orders", "lost": "lost", "dormant": "dormant"}
_COUNTS: Final = ["stock", "new", "up", "down", "orders", "lost", "dormant", "open", "late"]
_COLUMNS: Final = (
    Column("销售顾问"), Column("月初在跟", "count"), Column("本月新增", "count", to=Jump("新增意向")), Column("升级", "count", tone="good"),
    Column("降级", "count", tone="bad"), Column("订单", "count"), Column("战败", "count"), Column("休眠", "count"),
    Column("现在在跟", "count", to=Jump("在跟客户", "逾期跟进")), Column("逾期", "count", bar=True, to=Jump("逾期", "逾期跟进")),
    Column("升级率", "rate"), Column("逾期率", "rate"),
)  # fmt: skip


def prospects(facts: Facts, rules: Rulebook) -> Sheet:
    """Return 潜客分析 by the consultant of today: 月初在跟 + 本月新增 = 订单 + 战败 + 休眠 + 现在在跟; a move compares H A B C at the month's start with today."""
    month = facts.on.replace(day=1)
    now, before = facts.prospects_at(facts.on), facts.open_before(month)
    fresh = now["first_contact_on"] >= pd.Timestamp(month)
    rows = now[now.index.isin(before.index) | fresh]
    moved = rows["stand"].map(_RANK) - before["stand"].map(_RANK).reindex(rows.index)
    due = facts.once(follow_up, rules)
    late = due.index[due["days"] >= 1]
    end = rows["stand"].map(_GONE).fillna("open")
    told = pd.DataFrame(
        {
            "stock": rows.index.isin(before.index), "new": fresh.reindex(rows.index), "up": moved > 0, "down": moved < 0,
            **{name: end == name for name in ("orders", "lost", "dormant", "open")}, "late": rows.index.isin(late),
        },
        index=rows.index,
    ).astype("int64")  # fmt: skip
    table = told.groupby(rows["consultant"].fillna(UNSIGNED).rename("consultant"))[_COUNTS].sum().sort_index()
    table = all_of(table, facts, rules)
    lines = tuple((name, *_line(made)) for name, made in table.iterrows())
    total = ("合计", *_line(table.sum())) if lines else None
    chart = Chart(
        "column",
        "各顾问本月潜客:新增、升级、战败、逾期",
        "销售顾问",
        ("本月新增", "升级", "战败", "逾期"),
        y_title="位",
    )
    by_name = Table("潜客分析", _COLUMNS, lines, total, (chart,), empty="没有意向客户")
    return Sheet("潜客分析", "本月潜在客户分析", (by_name,), "月初在跟 + 本月新增 = 订单 + 战败 + 休眠 + 现在在跟")


def _line(made: pd.Series[Any]) -> tuple[Any, ...]:
    told = {name: int(made[name]) for name in _COUNTS}
    return (*told.values(), rate(told["up"], told["stock"]), rate(told["late"], told["open"]))
