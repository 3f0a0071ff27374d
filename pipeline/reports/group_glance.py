"""集团汇总 › 概览, what the workbook opens on: the group as one store, who leads, who lags, who is missing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from pipeline.facts.indicators import FEW, NAMES, compared, figures, rate, share
from pipeline.report import Card, Chart, Column, Jump, Lead, Sheet, Table, Tone
from pipeline.rollup import Counts, Fate, Rollup, added
from pipeline.rulebook.house import Outliers

_PERIODS: Final = ("今日", "本月累计", "上月同期", "本年累计")
_SHOWN: Final = 15  # stores a chart has room for
_LISTED: Final = Jump("各店本月")


def glance(fates: Sequence[Fate], house: Outliers) -> Sheet:
    """Return 概览: cards, the summary's figures over all stores, and the first and last by orders and by captured share."""
    rollups = [each.rollup for each in fates if each.rollup is not None]
    names = {each.store: Lead(each.name, Jump("概览", "经营汇总", each.store)) for each in fates}
    sums = {name: added(each.sums[name] for each in rollups) for name in _PERIODS}
    columns = [figures(sums[name]) if rollups else (None,) * len(NAMES) for name in _PERIODS]
    rows = tuple((name, *(column[number] for column in columns)) for number, name in enumerate(NAMES))
    table = Table(
        "概览", (Column("指标"), *(Column(name, "count") for name in _PERIODS)), rows, row_inks=tuple(NAMES.values()),
        row_to=(_LISTED,) * len(NAMES),
    )  # fmt: skip
    firsts = (_by_orders(rollups, names), _by_captured(rollups, names, house))
    return Sheet(
        "概览", "各店合在一起", (table, *firsts), f"{len(rollups)} / {len(fates)} 家店有数", _cards(sums, fates)
    )


def _by_orders(rollups: Sequence[Rollup], names: Mapping[str, Lead]) -> Table:
    """Return the stores with most orders this month."""
    month = {each.store: each.sums["本月累计"] for each in rollups}
    most = sorted(month, key=lambda store: (-month[store]["orders"], store))[:_SHOWN]
    rows = tuple(
        (names[store], month[store]["orders"], rate(month[store]["orders"], month[store]["captured"])) for store in most
    )
    columns = (Column("门店"), Column("本月订单", "count", bar=True, tone="good"), Column("成交率", "rate"))
    title = f"本月订单最多的 {len(rows)} 家" if len(rollups) > _SHOWN else "各店本月订单"
    return Table(
        title,
        columns,
        rows,
        charts=(Chart("bar", title, "门店", ("本月订单",), y_title="位"),),
        empty="还没有一家店的数",
    )


def _by_captured(rollups: Sequence[Rollup], names: Mapping[str, Lead], house: Outliers) -> Table:
    """Return the stores that leave most visitors without a phone; those with few visitors say nothing yet."""

    def came(rollup: Rollup) -> tuple[int, int]:
        month = rollup.sums["本月累计"]
        return month["captured"], month["walk_ins"] + month["call_ins"]

    enough = [each for each in rollups if came(each)[1] >= house.base]
    least = sorted(enough, key=lambda each: (came(each)[0] / came(each)[1], each.store))[:_SHOWN]
    rows = tuple((names[each.store], came(each)[0] / came(each)[1], came(each)[1]) for each in least)
    columns = (Column("门店"), Column("本月留档率", "rate", bar=True), Column("来店来电", "count"))
    title = f"留档率最低的 {len(rows)} 家(来店来电 {house.base} 批以上)" if len(enough) > _SHOWN else "各店本月留档率"
    return Table(
        title,
        columns,
        rows,
        charts=(Chart("bar", title, "门店", ("本月留档率",), y_title="占比"),),
        empty=f"还没有一家店来店来电满 {house.base} 批",
    )


def _cards(sums: Mapping[str, Counts], fates: Sequence[Fate]) -> tuple[Card, ...]:
    return (
        _counted("来店来电", "批", sums, lambda each: each.get("walk_ins", 0) + each.get("call_ins", 0)),
        _captured(sums),
        _counted("新增意向", "位", sums, lambda each: each.get("new", 0)),
        _counted("订单", "位", sums, lambda each: each.get("orders", 0)),
        _overdue([each.rollup for each in fates if each.rollup is not None]),
        _lacking(fates),
    )


def _counted(name: str, unit: str, sums: Mapping[str, Counts], of: Callable[[Counts], int]) -> Card:
    today, month, before = (of(sums[period]) for period in _PERIODS[:3])
    return Card(f"今日{name}", f"{today:,} {unit}", f"本月 {month:,} {unit}", *compared(month, before), _LISTED)


def _captured(sums: Mapping[str, Counts]) -> Card:
    def pair(counts: Counts) -> tuple[int, int]:
        return counts.get("captured", 0), counts.get("walk_ins", 0) + counts.get("call_ins", 0)

    (got, came), (month, of), (then, all_then) = (pair(sums[period]) for period in _PERIODS[:3])
    card: dict[str, Any] = {"to": Jump("排名")}
    if min(of, all_then) >= FEW:
        points = round((month / of - then / all_then) * 100, 1)
        moved = "持平" if not points else f"{'▲ 高' if points > 0 else '▼ 低'} {abs(points):g} 点"
        card |= {
            "against": f"{moved}(上月同期 {then / all_then:.1%})",
            "tone": "good" if points > 0 else "bad" if points else "",
        }
    return Card("今日留档", f"{got:,} / {came:,} 批", f"本月 {share(month, of, '批')}", **card)


def _overdue(rollups: Sequence[Rollup]) -> Card:
    late, in_hand = (sum(each.stock[name] for each in rollups) for name in ("逾期", "在跟客户"))
    worst = sum(each.stock["逾期"] > 0 for each in rollups)
    tone: tuple[str, Tone] = ("! 请看排名的逾期率", "bad") if late else ("✓ 没有逾期", "good")
    return Card("逾期未跟进", f"{late:,} 位", f"在跟 {in_hand:,} 位,{worst} 家店有", *tone, Jump("排名"))


def _lacking(fates: Sequence[Fate]) -> Card:
    lacking, failed = sum(each.rollup is None for each in fates), sum(each.state == "failed" for each in fates)
    said = f"没跑成 {failed} 家" if failed else f"共 {len(fates)} 家"
    tone: tuple[str, Tone] = ("! 请看没有数据", "bad") if lacking or failed else ("✓ 都有数", "good")
    return Card("没有数据的店", f"{lacking} 家", said, *tone, Jump("没有数据"))
