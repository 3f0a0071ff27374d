"""经营汇总 › 渠道产出: which channel and source brings prospects, and how many of them order (A12: 150 prospects, 30 conversions a month)."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from pipeline.facts.gather import Facts
from pipeline.facts.indicators import rate
from pipeline.frame import rows_of
from pipeline.report import Chart, Column, Jump, Sheet, Table
from pipeline.rulebook.rulebook import Rulebook

_UNSAID: Final = "未填"
_ELSEWHERE: Final = "未来店来电"  # known from a tracker or a card, never in the register
_COUNTS: Final = ["new_month", "orders_month", "new_year", "orders_year"]
_COLUMNS: Final = (
    Column("渠道来源"), Column("本月新增意向", "count", bar=True, to=Jump("新增意向")), Column("本月占比", "rate"),
    Column("本月订单", "count", to=Jump("战绩"), tone="good"), Column("本月产出率", "rate"), Column("本年新增意向", "count"),
    Column("本年占比", "rate"), Column("本年订单", "count", tone="good"), Column("本年产出率", "rate"),
)  # fmt: skip


def channels(facts: Facts, rules: Rulebook) -> Sheet:
    """Return 渠道产出: by the channel of a person's first visit and the source first stated, new prospects and orders of month and year.

    来店/电 of the source list mixes two channels (A9, code 3); the register's 到访方式 tells them apart.
    """
    table = _counted(facts, _ways(facts, rules))
    sums = [int(table[name].sum()) for name in _COUNTS]
    rows = tuple((way, *_yields(counts, sums)) for way, *counts in rows_of(table))
    chart = Chart(
        "bar", f"本年各渠道来源的新增意向(共 {sums[2]} 位)与订单", "渠道来源", ("本年新增意向", "本年订单"), y_title="位"
    )  # fmt: skip
    total = ("合计", *_yields(sums, sums)) if rows else None
    by_way = Table("渠道产出", _COLUMNS, rows, total, (chart,), empty="本年还没有意向客户和订单")
    return Sheet("渠道产出", "哪个渠道带来意向客户、多少成了订单", (by_way,), "产出率 = 订单 ÷ 新增意向")


def _counted(facts: Facts, ways: pd.Series[Any]) -> pd.DataFrame:
    year, month = (pd.Timestamp(day) for day in (facts.on.replace(month=1, day=1), facts.on.replace(day=1)))
    met = facts.persons["first_contact_on"]
    ordered = facts.orders.set_index("person")["on"]
    days = {"new": met[met <= pd.Timestamp(facts.on)], "orders": ordered}
    columns = {
        f"{what}_{name}": ways[on.index[on >= first]].value_counts()
        for what, on in days.items()
        for name, first in (("month", month), ("year", year))
    }
    table = pd.DataFrame(columns, columns=_COUNTS).fillna(0).astype("int64").rename_axis("way").reset_index()
    table = table[table[_COUNTS].sum(axis=1) > 0]
    return table.sort_values(["new_year", "orders_year", "way"], ascending=[False, False, True])


def _ways(facts: Facts, rules: Rulebook) -> pd.Series[Any]:
    """Return by person the channel of the first visit, a call before a walk-in of the same day, and the source first stated."""
    seen = facts.visits[facts.visits["person"] >= 0].sort_values(["on", "channel"])
    first = dict(zip(seen["person"][::-1], seen["channel"][::-1], strict=True))
    told = [
        (rules.shown("channel", first[person]) if person in first else _ELSEWHERE, rules.shown("source", source))
        for person, source in facts.persons["source"].fillna(_UNSAID).items()
    ]
    return pd.Series([" · ".join(each) for each in told], index=facts.persons.index, dtype="str")


def _yields(counts: list[int], sums: list[int]) -> tuple[Any, ...]:
    """Return prospects, their share, orders and yield of the month, then of the year."""
    (new, orders), (all_new, all_orders) = counts[:2], counts[2:]
    return (new, rate(new, sums[0]), orders, rate(orders, new), all_new, rate(all_new, sums[2]), all_orders, rate(all_orders, all_new))  # fmt: skip
