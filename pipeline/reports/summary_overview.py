"""经营汇总 › 概览, 按顾问: the figures of the house over four periods, and of each consultant this month."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

import pandas as pd

from pipeline.facts.gather import Facts
from pipeline.facts.indicators import NAMES, all_of, countable, counts, figures, rate
from pipeline.report import Card, Chart, Column, Jump, Sheet, Table, Tone
from pipeline.reports.summary_targets import target
from pipeline.rulebook.rulebook import Rulebook

# Where the rows behind a figure are listed.
LISTED: Final[Mapping[str, Jump]] = {
    "来店批次": Jump("来店明细", "来店规律"), "来电批次": Jump("来店明细", "来店规律"), "留档数": Jump("来店明细", "来店规律"),
    "留档率": Jump("未留档明细", "来店规律"), "新增意向": Jump("新增意向"), "试驾": Jump("试驾"), "订单": Jump("战绩"), "交车": Jump("战绩"),
    "战败": Jump("战败"), "成交率": Jump("战绩"), "战败率": Jump("战败"), "平均停留分钟": Jump("来店明细", "来店规律"),
}  # fmt: skip
_TONES: Final[Mapping[str, Tone]] = {"订单": "good", "交车": "strong", "战败": "bad", "成交率": "good"}


def periods(on: date) -> dict[str, tuple[date, date]]:
    """Return the columns of 概览, each with its first and last day; last month's stops at the same day number, or its end.

    >>> [f"{day:%m-%d}" for day in periods(date(2026, 3, 31))["上月同期"]]
    ['02-01', '02-28']
    """
    month = on.replace(day=1)
    before = (month - timedelta(days=1)).replace(day=1)
    same = min(before + (on - month), month - timedelta(days=1))
    return {
        "今日": (on, on),
        "本月累计": (month, on),
        "上月同期": (before, same),
        "本年累计": (on.replace(month=1, day=1), on),
    }


def overview(made_of: Mapping[str, pd.DataFrame], cards: tuple[Card, ...]) -> Sheet:
    """Return 概览 from what the figures of each period are made of, the cards above and the month's funnel below it."""
    columns = [figures(rows.sum()) for rows in made_of.values()]
    rows = tuple((name, *(column[number] for column in columns)) for number, name in enumerate(NAMES))
    heads = (Column("指标"), *(Column(name, "count") for name in made_of))
    chart = Chart(
        "column", "各顾问本月成交:目标与完成", "销售顾问", ("成交目标", "成交完成"), y_title="位", of="目标进度"
    )
    table = Table(
        "概览",
        heads,
        rows,
        charts=(chart,),
        row_inks=tuple(NAMES.values()),
        row_to=tuple(LISTED.get(name) for name in NAMES),
    )
    return Sheet("概览", "经营概览", (table, _funnel(made_of["本月累计"].sum())), cards=cards)


def _funnel(month: pd.Series[Any]) -> Table:
    """Return the way from the door to the delivery; each step as a share of the first."""
    came = int(month["walk_ins"] + month["call_ins"])
    steps = (
        ("来店来电", came),
        ("留档", month["captured"]),
        ("试驾", month["test_drives"]),
        ("订单", month["orders"]),
        ("交车", month["deliveries"]),
    )
    rows = tuple((name, int(count), rate(int(count), came)) for name, count in steps)
    chart = Chart("bar", f"本月从来店到交车({came} 批)", "环节", ("数量",), y_title="批次 / 位")
    return Table(
        "本月漏斗", (Column("环节"), Column("数量", "count"), Column("占来店来电", "rate")), rows, charts=(chart,)
    )


def by_consultant(month: pd.DataFrame, facts: Facts, rules: Rulebook) -> Sheet:
    """Return 按顾问: the same figures month to date, with the month's target of conversions and how much of it is done."""
    table = all_of(month, facts, rules)
    rows: list[tuple[Any, ...]] = []
    for name, made_of in table.iterrows():
        goal = target(str(name), facts, rules)
        rows.append(
            (
                name,
                *figures(made_of),
                goal and goal.conversions,
                rate(int(made_of["orders"]), goal.conversions) if goal else None,
            )
        )
    goals = sum(row[-2] or 0 for row in rows)
    total = ("合计", *figures(table.sum()), goals or None, rate(int(table["orders"].sum()), goals)) if rows else None
    columns = (
        Column("销售顾问"),
        *(
            Column(name, ink, bar=name == "留档率", to=LISTED.get(name), tone=_TONES.get(name, ""))
            for name, ink in NAMES.items()
        ),
        Column("目标", "count"),
        Column("完成率", "rate", bar=True),
    )
    charts = (
        Chart("column", "各顾问本月留档与订单", "销售顾问", ("留档数", "订单"), y_title="批次 / 位"),
        Chart("column", "各顾问本月留档率与成交率", "销售顾问", ("留档率", "成交率"), y_title="占比"),
    )
    return Sheet(
        "按顾问", "各顾问本月累计", (Table("按顾问", columns, tuple(rows), total, charts, empty="本月还没有记录"),)
    )


def month_counts(facts: Facts) -> dict[str, pd.DataFrame]:
    """Return what the figures of each period are made of, per consultant."""
    made = countable(facts)
    return {name: counts(made, *days) for name, days in periods(facts.on).items()}
