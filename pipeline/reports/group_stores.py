"""集团汇总 › 各店本月, 各店今日, 同期对比, 级别分布, 没有数据: a row per store, the group in the last one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from pipeline.facts.indicators import NAMES, figures, rate
from pipeline.report import Chart, Column, Lead, Sheet, Table, Tone
from pipeline.rollup import Counts, Fate, Rollup, added

_TONES: Final[Mapping[str, Tone]] = {"订单": "good", "交车": "strong", "战败": "bad", "成交率": "good"}
_DRAWN: Final = 30  # stores a chart of all has room for; more are drawn on 概览, the first of them
_LEVELS: Final[Mapping[str, Tone]] = {"H": "deep", "A": "strong", "B": "soft", "C": "pale", "未定级": "quiet"}
_FILES: Final = {"收到": (), "退回": ("returned", "partial"), "隔离": ("quarantined",)}
_STEPS: Final[Mapping[str, Callable[[Counts], int]]] = {
    "来店来电": lambda sums: sums["walk_ins"] + sums["call_ins"], "留档": lambda sums: sums["captured"], "新增意向": lambda sums: sums["new"],
    "订单": lambda sums: sums["orders"], "交车": lambda sums: sums["deliveries"],
}  # fmt: skip
_STATES: Final = {"failed": "没跑成", "none": "没有跑"}
_REMEDY: Final = {
    "failed": "照原因办,再 daybook run --store {store}",
    "none": "看定时任务还在不在,再 daybook run --store {store}",
}


def months(rollups: Sequence[Rollup], names: Mapping[str, Lead]) -> Sheet:
    """Return 各店本月: the summary's figures month to date, goals, customers in hand and forms, most orders first."""
    ordered = sorted(rollups, key=lambda each: (-each.sums["本月累计"]["orders"], each.store))
    rows = tuple(
        (names[each.store], *_month(each.sums["本月累计"], each.goals, each.stock, each.forms)) for each in ordered
    )
    total = (
        (
            "合计",
            *_month(
                *(
                    added(getattr(each, part) for each in rollups)
                    if part != "sums"
                    else added(each.sums["本月累计"] for each in rollups)
                    for part in ("sums", "goals", "stock", "forms")
                )
            ),
        )
        if rows
        else None
    )
    columns = (
        Column("门店"),
        *(Column(name, ink, bar=name == "留档率", tone=_TONES.get(name, "")) for name, ink in NAMES.items()),
        Column("成交目标", "count", tone="quiet"), Column("完成率", "rate", bar=True), Column("在跟客户", "count"), Column("逾期", "count"),
        Column("逾期率", "rate"), Column("应交", "count"), Column("缺交", "count"), Column("缺交率", "rate"),
    )  # fmt: skip
    charts = (
        Chart("column", "各店本月留档与订单", "门店", ("留档数", "订单"), y_title="批次 / 位"),
        Chart("column", "各店本月成交:目标与完成", "门店", ("成交目标", "订单"), y_title="位"),
    ) if len(rows) <= _DRAWN else ()  # fmt: skip
    return Sheet(
        "各店本月", "各店本月累计", (Table("各店本月", columns, rows, total, charts, empty="还没有一家店的数"),)
    )


def _month(sums: Counts, goals: Counts, stock: Counts, forms: Counts) -> tuple[Any, ...]:
    goal = goals.get("成交", 0)
    late, in_hand, owed, missing_ = stock["逾期"], stock["在跟客户"], forms["应交"], forms["缺交"]
    return (
        *figures(sums), goal or None, rate(sums["orders"], goal), in_hand, late, rate(late, in_hand), owed, missing_, rate(missing_, owed),
    )  # fmt: skip


def todays(rollups: Sequence[Rollup], names: Mapping[str, Lead]) -> Sheet:
    """Return 各店今日: the day's figures and files, in the order of `house.yaml`."""
    rows = tuple((names[each.store], *figures(each.sums["今日"]), *_files(each.files)) for each in rollups)
    total = (
        ("合计", *figures(added(each.sums["今日"] for each in rollups)), *_files(added(each.files for each in rollups)))
        if rows
        else None
    )
    columns = (
        Column("门店"), *(Column(name, ink, bar=name == "留档率") for name, ink in NAMES.items()),
        *(Column(f"{name}文件", "count") for name in _FILES),
    )  # fmt: skip
    return Sheet("各店今日", "各店今天", (Table("各店今日", columns, rows, total, empty="还没有一家店的数"),))


def _files(files: Counts) -> Iterable[int]:
    return (sum(number for verdict, number in files.items() if not kept or verdict in kept) for kept in _FILES.values())


def compared_months(rollups: Sequence[Rollup], names: Mapping[str, Lead]) -> Sheet:
    """Return 同期对比: this month so far beside the same days of last month, the greatest loss of orders first."""
    ordered = sorted(rollups, key=lambda each: (_more(each.sums, "订单"), each.store))
    rows = tuple((names[each.store], *_beside(each.sums)) for each in ordered)
    both = {name: added(each.sums[name] for each in rollups) for name in ("本月累计", "上月同期")}
    columns = (Column("门店"), *(
        column
        for name in _STEPS
        for column in (Column(name, "count"), Column(f"{name}上月同期", "count"), Column(f"{name}增减", "count"))
    ))  # fmt: skip
    table = Table("同期对比", columns, rows, ("合计", *_beside(both)) if rows else None, empty="还没有一家店的数")
    return Sheet("同期对比", "本月累计和上月同期", (table,), "订单减得最多的在前")


def _beside(sums: Mapping[str, Counts]) -> Iterable[int]:
    for name, of in _STEPS.items():
        yield from (of(sums["本月累计"]), of(sums["上月同期"]), _more(sums, name))


def _more(sums: Mapping[str, Counts], name: str) -> int:
    return _STEPS[name](sums["本月累计"]) - _STEPS[name](sums["上月同期"])


def levels(rollups: Sequence[Rollup], names: Mapping[str, Lead]) -> Sheet:
    """Return 级别分布: the open prospects of each store by level, in the order of `house.yaml`."""

    def row(counts: Counts) -> tuple[int, ...]:
        return (*(counts.get(level, 0) for level in _LEVELS), counts.get("合计", 0))

    rows = tuple((names[each.store], *row(each.levels)) for each in rollups)
    columns = (
        Column("门店"),
        *(Column(level, "count", tone=tone) for level, tone in _LEVELS.items()),
        Column("合计", "count", bar=True),
    )
    whole = added(each.levels for each in rollups)
    title = f"各店在跟客户的级别(共 {whole.get('合计', 0)} 位)"
    charts = (Chart("stacked_bar", title, "门店", tuple(_LEVELS), y_title="客户数"),) if len(rows) <= _DRAWN else ()
    table = Table("级别分布", columns, rows, ("合计", *row(whole)) if rows else None, charts, empty="没有在跟客户")
    return Sheet("级别分布", "各店在跟客户级别分布", (table,))


def missing(fates: Sequence[Fate]) -> Sheet:
    """Return 没有数据: the stores without a night, or whose last one could not be run."""
    rows = tuple(
        (
            each.name, _STATES[each.state], "是,先前那次的" if each.rollup else "否", each.reason or None, each.last,
            _REMEDY[each.state].format(store=each.store),
        )
        for each in fates
        if each.state != "done"
    )  # fmt: skip
    columns = (
        Column("门店"), Column("情况", "mark"), Column("有没有今天的数"), Column("原因", "long"), Column("上一次有数", "date"), Column("怎么办", "long"),
    )  # fmt: skip
    return Sheet("没有数据", "哪家店今天没有数", (Table("没有数据", columns, rows, empty="每家店都有数"),))
