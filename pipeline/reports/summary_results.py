"""经营汇总 › 来源分析, 战绩, 战败: where customers come from, what was won, and what was lost to whom and why."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import pandas as pd

from pipeline.facts.gather import Facts
from pipeline.facts.indicators import UNSIGNED, rate
from pipeline.frame import rows_of
from pipeline.report import Chart, Column, Jump, Sheet, Table
from pipeline.rulebook.rulebook import Rulebook

_BLANK: Final = "未填"
_WON: Final = (
    Column("订购日期", "date"), Column("交车日期", "date"), Column("销售顾问"), Column("客户"), Column("电话", "phone"), Column("车型"),
    Column("成交价", "money"), Column("付款方式"), Column("客户来源"), Column("出处", "place"),
)  # fmt: skip
_LOST: Final = (
    Column("战败日期", "date"), Column("销售顾问"), Column("客户"), Column("电话", "phone"), Column("车型"), Column("战败原因", "long"),
    Column("战败去向"), Column("首次接触", "date"), Column("出处", "place"),
)  # fmt: skip
_SHOWN: Final = ["customer_name", "shown", "model", "source", "first_contact_on"]


def sources(facts: Facts, rules: Rulebook) -> Sheet:
    """Return 来源分析: the month's visits by the source the register gives, its orders by the source first stated of the person."""
    visits, orders = _month(facts.visits, facts.on), _month(facts.orders, facts.on)
    source = visits["source"].fillna(_BLANK)
    ordered = facts.persons["source"].reindex(orders["person"]).fillna(_BLANK)
    table = pd.DataFrame(
        {
            "visits": source.value_counts(),
            "captured": source[visits["captured"].fillna(value=False).astype(bool)].value_counts(),
            "orders": ordered.value_counts(),
        }
    )
    table = (
        table.fillna(0)
        .astype("int64")
        .rename_axis("source")
        .reset_index()
        .sort_values(["visits", "source"], ascending=[False, True])
    )
    lines = tuple(
        (rules.shown("source", name), came, kept, won, rate(won, kept)) for name, came, kept, won in rows_of(table)
    )
    came, kept, won = (int(table[name].sum()) for name in ("visits", "captured", "orders"))
    total = ("合计", came, kept, won, rate(won, kept)) if lines else None
    columns = (
        Column("来源"),
        Column("批次", "count", bar=True),
        Column("留档数", "count"),
        Column("订单", "count", to=Jump("战绩")),
        Column("成交率", "rate"),
    )
    chart = Chart("doughnut", f"本月批次的来源(共 {came} 批)", "来源", ("批次",))
    return Sheet(
        "来源分析", "本月客户来源", (Table("来源分析", columns, lines, total, (chart,), empty="本月还没有来店来电"),)
    )


def won(facts: Facts, rules: Rulebook) -> tuple[Sheet, Sheet]:
    """Return 战绩: everybody who ordered or took a car this month, once each; and 战绩分析: how many by consultant."""
    ordered, delivered = facts.orders.set_index("person"), facts.deliveries.set_index("person")
    months = (_month(facts.orders, facts.on), _month(facts.deliveries, facts.on))
    persons = pd.Index(pd.concat([rows["person"] for rows in months]).unique(), name="person")
    # The order tells more than the delivery, unless only the delivery has a card front.
    both = pd.concat([delivered, ordered]).loc[lambda rows: rows.index.isin(persons)]
    told = (
        both.assign(card=both["kind"] == "deal")
        .sort_values("card", kind="stable")
        .loc[lambda rows: ~rows.index.duplicated(keep="last")]
    )
    rows = facts.persons.loc[persons, _SHOWN].join(told[["consultant", "kind", "row"]])
    rows = rows.assign(ordered_on=ordered["on"].reindex(persons), delivered_on=delivered["on"].reindex(persons))
    rows = rows.sort_values(["ordered_on", "delivered_on", "shown"])
    columns = ["ordered_on", "delivered_on", "consultant", "customer_name", "shown", "model", "kind", "row", "source"]
    lines = tuple(_won(facts, rules, line) for line in rows_of(rows[columns]))
    chart = Chart("column", "各顾问本月订单与交车", "销售顾问", ("订单", "交车"), y_title="位")
    by_name = (
        pd.DataFrame({"订单": _size(months[0]), "交车": _size(months[1])}).fillna(0).astype("int64").rename_axis("name")
    )
    names = (
        Column("销售顾问"),
        Column("订单", "count", bar=True, to=Jump("战绩"), tone="good"),
        Column("交车", "count", to=Jump("战绩"), tone="strong"),
    )
    counted = Table("战绩分析", names, rows_of(by_name.reset_index()), charts=(chart,), empty="本月还没有订单和交车")
    said = f"订单 {len(months[0])} 位,交车 {len(months[1])} 位"
    return (
        Sheet("战绩", "本月订单与交车", (Table("战绩", _WON, lines, empty="本月还没有订单和交车"),), said),
        Sheet("战绩分析", "各顾问本月订单与交车", (counted,), said),
    )


def _won(facts: Facts, rules: Rulebook, line: tuple[Any, ...]) -> tuple[Any, ...]:
    *who, kind, row, source = line
    price, payment = facts.written(kind, row, "price"), facts.written(kind, row, "payment")
    return (
        *who,
        price,
        rules.shown("payment", payment) if payment else None,
        source and rules.shown("source", source),
        facts.place(kind, row),
    )


def lost(facts: Facts) -> tuple[Sheet, Sheet]:
    """Return 战败: everybody lost this month; and 战败分析: the reasons, then by consultant, by model and by where they went."""
    rows = _month(facts.losses, facts.on).join(facts.persons[_SHOWN], on="person").sort_values(["on", "shown"])
    rows = rows.assign(consultant=rows["consultant"].fillna(UNSIGNED))
    columns = ["on", "consultant", "customer_name", "shown", "model", "lost_reason", "lost_to", "first_contact_on", "kind",
               "row"]  # fmt: skip
    lines = tuple((*line[:-2], facts.place(line[-2], line[-1])) for line in rows_of(rows[columns]))
    named = rows.fillna({"lost_reason": _BLANK, "lost_to": _BLANK, "model": _BLANK})
    reasons = [str(reason) for reason, _, _ in _reasons(named).rows]
    crossed = (("consultant", "销售顾问"), ("model", "车型"), ("lost_to", "战败去向"))
    said = f"共 {len(rows)} 位"
    return (
        Sheet("战败", "本月战败", (Table("战败", _LOST, lines, empty="本月还没有战败"),), said),
        Sheet(
            "战败分析",
            "本月为什么战败",
            (_reasons(named), *(_crossed(named, *pair, reasons) for pair in crossed)),
            said,
        ),
    )


def _reasons(rows: pd.DataFrame) -> Table:
    by_reason = (
        rows["lost_reason"]
        .value_counts()
        .rename_axis("reason")
        .reset_index(name="n")
        .sort_values(["n", "reason"], ascending=[False, True])
    )
    lines = tuple((reason, count, rate(count, len(rows))) for reason, count in rows_of(by_reason))
    chart = Chart("bar", f"本月战败原因(共 {len(rows)} 位)", "战败原因", ("战败数",), y_title="位")
    columns = (
        Column("战败原因"),
        Column("战败数", "count", bar=True, to=Jump("战败"), tone="bad"),
        Column("占比", "rate"),
    )
    return Table("战败分析", columns, lines, charts=(chart,), empty="本月还没有战败")


def _crossed(rows: pd.DataFrame, name: str, title: str, reasons: list[str]) -> Table:
    """Return how often each reason was given, by consultant, model or rival; most losses first."""
    table = pd.crosstab(rows[name], rows["lost_reason"]).reindex(columns=reasons, fill_value=0)
    table = table.assign(whole=table.sum(axis=1)).rename_axis(name).reset_index()
    table = table.sort_values(["whole", name], ascending=[False, True])
    columns = (
        Column(title),
        *(Column(reason, "count", heat=True) for reason in reasons),
        Column("战败数", "count", bar=True, to=Jump("战败")),
    )
    return Table(f"按{title}的原因", columns, rows_of(table), heat_block=True, empty="本月还没有战败")


def _month(rows: pd.DataFrame, on: date) -> pd.DataFrame:
    return rows[rows["on"] >= pd.Timestamp(on.replace(day=1))]


def _size(rows: pd.DataFrame) -> pd.Series[Any]:
    return rows.groupby(rows["consultant"].fillna(UNSIGNED)).size()
