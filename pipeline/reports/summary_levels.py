"""经营汇总 › 级别分布, 级别推进: who stands at which level now, and where the month's opening stock has gone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from pipeline.facts.gather import Facts
from pipeline.facts.indicators import UNSIGNED, all_of
from pipeline.frame import rows_of
from pipeline.report import Chart, Column, Jump, Sheet, Table, Tone
from pipeline.rulebook.rulebook import Rulebook

_LEVELS: Final = ("H", "A", "B", "C")
_TONES: Final[Mapping[str, Tone]] = {
    "H": "deep", "A": "strong", "B": "soft", "C": "pale", "订单": "good", "战败": "bad", "休眠": "quiet", "未定级": "quiet",
}  # fmt: skip
_UNKNOWN: Final = "未定级"  # no level yet, or one only this store knows
_NEW: Final = "本月新增"
_OPEN: Final = Jump("在跟客户", "逾期跟进")
_LISTED: Final[Mapping[str, Jump | None]] = {"订单": Jump("战绩"), "战败": Jump("战败"), "休眠": None}
_GONE: Final = {"ordered": "订单", "delivered": "订单", "lost": "战败", "dormant": "休眠"}
_NOW: Final = (*_LEVELS, "订单", "战败", "休眠", _UNKNOWN)


def levels(facts: Facts, rules: Rulebook) -> Sheet:
    """Return 级别分布: the open prospects of each consultant by level."""
    opened = facts.open_at(facts.on)
    names = (*_LEVELS, _UNKNOWN)
    table = pd.crosstab(opened["consultant"].fillna(UNSIGNED), _level(opened)).reindex(
        columns=list(names), fill_value=0
    )
    table = all_of(table.rename_axis("consultant").sort_index(), facts, rules).astype("int64")
    table["合计"] = table.sum(axis=1)
    total = ("合计", *(int(count) for count in table.sum())) if len(table) else None
    columns = (
        Column("销售顾问"),
        *(Column(name, "count", to=_OPEN, tone=_TONES.get(name, "")) for name in (*names, "合计")),
    )
    chart = Chart("stacked_bar", f"各顾问在跟客户的级别(共 {len(opened)} 位)", "销售顾问", names, y_title="客户数")
    rows = rows_of(table.rename_axis("consultant").reset_index())
    subtitle = f"在跟客户 {len(opened)} 位"
    return Sheet(
        "级别分布",
        "在跟客户级别分布",
        (Table("级别分布", columns, rows, total, (chart,), empty="没有在跟客户"),),
        subtitle,
    )


def moves(facts: Facts) -> Sheet:
    """Return 级别推进: rows the prospects open at 00:00 of the 1st by level, and those first met this month; columns today.

    A row's sum is its stock; delivered counts under 订单; `未定级` takes levels other than H A B C, so that no one is lost.
    """
    month = facts.on.replace(day=1)
    now, before = facts.prospects_at(facts.on), facts.open_before(month)
    fresh = now.index[now["first_contact_on"] >= pd.Timestamp(month)]
    start = pd.concat([_level(before), pd.Series(_NEW, index=fresh, dtype="str")])
    end = now["stand"].map(_GONE).fillna(_level(now)).reindex(start.index)
    rows = (*_LEVELS, _UNKNOWN, _NEW)
    table = pd.crosstab(start.to_numpy(), end.to_numpy()).reindex(index=list(rows), columns=list(_NOW), fill_value=0)
    table["合计"] = table.sum(axis=1)
    columns = (
        Column("月初级别"),
        *(Column(name, "count", heat=True, to=_LISTED.get(name, _OPEN), tone=_TONES.get(name, "")) for name in _NOW),
        Column("合计", "count"),
    )
    total = ("合计", *(int(count) for count in table.sum()))
    chart = Chart("share", "月初客户到今天的去向(条内数字是位数)", "月初级别", _NOW, y_title="占该行客户")
    lines = rows_of(table.astype("int64").rename_axis("start").reset_index())
    subtitle = f"行:{month:%m-%d} 零点的级别;列:{facts.on:%m-%d} 的状态(交车计入订单)"
    return Sheet(
        "级别推进", "本月级别推进", (Table("级别推进", columns, lines, total, (chart,), heat_block=True),), subtitle
    )


def _level(rows: pd.DataFrame) -> pd.Series[Any]:
    return rows["stand"].where(rows["stand"].isin(_LEVELS), _UNKNOWN)
