"""集团汇总: the rates stores are compared by, each with the base it stands on; who is best, who is out of line.

A store's rate is held against the median of the stores with base enough. What is usual is the stores' own spread (1.4826 times the median
absolute deviation, which a few odd stores cannot pull along) together with the chance a base of its size leaves: 2 of 20 say less than 200 of 2,000.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import median
from typing import Any, Final

from pipeline.report import Column, Lead, Sheet, Table
from pipeline.rollup import Rollup
from pipeline.rulebook.house import Outliers

_USUAL: Final = (
    1.4826  # times the median absolute deviation = a standard deviation, where values are spread evenly about
)


@dataclass(frozen=True)
class Rate:
    """One rate: part and base of a store's roll-up, what the base counts, and whether much of it is good."""

    name: str
    of: Callable[[Rollup], tuple[int, int]]
    unit: str
    good: bool


@dataclass(frozen=True)
class Spread:
    """How the stores with base enough lie: how many, their median, and the usual distance from it."""

    stores: int
    middle: float
    usual: float

    def times(self, part: int, base: int) -> float:
        """Return how many times the usual a rate lies from the median, chance counted in; negative = below."""
        # Two of four added to the expected, or a median of nothing would leave no room for chance at all.
        expected = (self.middle * base + 2) / (base + 4)
        return (part / base - self.middle) / sqrt(self.usual**2 + expected * (1 - expected) / base)


def _month(name: str) -> Callable[[Rollup], int]:
    return lambda rollup: rollup.sums["本月累计"][name]


def _came(rollup: Rollup) -> int:
    return rollup.sums["本月累计"]["walk_ins"] + rollup.sums["本月累计"]["call_ins"]


RATES: Final = (
    Rate("留档率", lambda r: (_month("captured")(r), _came(r)), "批", good=True),
    Rate("成交率", lambda r: (_month("orders")(r), _month("captured")(r)), "批留档", good=True),
    Rate("战败率", lambda r: (_month("losses")(r), _month("stock")(r) + _month("new")(r)), "位", good=False),
    Rate("逾期率", lambda r: (r.stock["逾期"], r.stock["在跟客户"]), "位在跟", good=False),
    Rate("缺交率", lambda r: (r.forms["缺交"], r.forms["应交"]), "张应交", good=False),
)
_RANKED: Final = (Column("门店"), *(
    column
    for rate in RATES
    for column in (Column(rate.name, "rate", bar=True), Column(f"{rate.name}名次", "count"), Column(f"{rate.name}基数", "count"))
), Column("基数小"))  # fmt: skip
_OUT: Final = (
    Column("门店"), Column("指标"), Column("本店", "rate"), Column("基数", "count"), Column("集团中位数", "rate"), Column("偏离倍数", "number"),
    Column("方向"), Column("好坏", "mark"), Column("怎么看", "long"),
)  # fmt: skip
_HOW: Final = (
    Column("指标"), Column("基数够的店", "count"), Column("中位数", "rate"), Column("平常离差", "rate"), Column("离群的店", "count"),
)  # fmt: skip


def spreads(rollups: Sequence[Rollup], house: Outliers) -> dict[str, Spread | None]:
    """Return how the stores lie by rate; None where too few have base enough to say what is usual."""
    return {rate.name: _spread([rate.of(each) for each in rollups], house) for rate in RATES}


def _spread(values: Iterable[tuple[int, int]], house: Outliers) -> Spread | None:
    enough = [part / base for part, base in values if base >= house.base]
    if len(enough) < house.stores:
        return None
    middle = median(enough)
    return Spread(len(enough), middle, _USUAL * median(abs(value - middle) for value in enough))


def ranking(rollups: Sequence[Rollup], names: Mapping[str, Lead], house: Outliers) -> Sheet:
    """Return 排名: each rate with its place among the stores whose base is enough; the others stand without a place, and are named."""
    places = {rate.name: _places(rollups, rate, house) for rate in RATES}
    rows = []
    for each in sorted(rollups, key=lambda each: (places["留档率"].get(each.store, len(rollups) + 1), each.store)):
        cells: list[Any] = [names[each.store]]
        small = []
        for rate in RATES:
            part, base = rate.of(each)
            cells += [part / base if base else None, places[rate.name].get(each.store), base]
            small += [rate.name] if base < house.base else []
        rows.append((*cells, "、".join(small) or None))
    table = Table("排名", _RANKED, tuple(rows), empty="还没有一家店的数")
    said = f"名次 1 = 最好(战败率、逾期率、缺交率低的好);基数不到 {house.base} 的不排名次"
    return Sheet("排名", "各店本月的率、名次和基数", (table,), said)


def _places(rollups: Sequence[Rollup], rate: Rate, house: Outliers) -> dict[str, int]:
    """Return store → place, 1 = best; equal rates share the better place."""
    values = {each.store: rate.of(each) for each in rollups}
    rates = {store: part / base for store, (part, base) in values.items() if base >= house.base}
    place: dict[float, int] = {}
    for number, value in enumerate(sorted(rates.values(), reverse=rate.good), 1):
        place.setdefault(value, number)
    return {store: place[value] for store, value in rates.items()}


def out_of_line(rollups: Sequence[Rollup], names: Mapping[str, Lead], house: Outliers) -> Sheet:
    """Return 离群: which stores' rates lie beyond what is usual, the furthest first, and below it what is usual."""
    found = outliers(rollups, house)
    rows = tuple(
        _out_row(names[store], rate, part, base, spread, times) for store, rate, (part, base), spread, times in found
    )
    usual = spreads(rollups, house)
    how = tuple(
        (name, spread.stores, spread.middle, spread.usual, sum(each[1].name == name for each in found)) if spread
        else (f"{name}(基数够的店不到 {house.stores} 家,不判)", None, None, None, None)
        for name, spread in usual.items()
    )  # fmt: skip
    table = Table("离群", _OUT, rows, empty="没有离群的店")
    said = f"离中位数 {house.times:g} 倍平常离差以上、基数至少 {house.base} 的"
    return Sheet("离群", "哪家店和别家不一样", (table, Table("怎么判", _HOW, how)), said)


def outliers(rollups: Sequence[Rollup], house: Outliers) -> list[tuple[str, Rate, tuple[int, int], Spread, float]]:
    """Return store, rate, part and base, how the stores lie, and how many times the usual this one lies away; the furthest first."""
    found = []
    usual = spreads(rollups, house)
    for rate in RATES:
        spread = usual[rate.name]
        for each in rollups if spread else ():
            part, base = rate.of(each)
            times = spread.times(part, base) if spread and base >= house.base else 0.0
            if spread and abs(times) >= house.times:
                found.append((each.store, rate, (part, base), spread, times))
    return sorted(found, key=lambda each: (-abs(each[4]), each[0], each[1].name))


def _out_row(name: Lead, rate: Rate, part: int, base: int, spread: Spread, times: float) -> tuple[Any, ...]:
    high = times > 0
    mark = "√" if high == rate.good else "要看"
    said = (
        f"{rate.name} {part / base:.1%}({part} / {base} {rate.unit}),{spread.stores} 家店的中位数 {spread.middle:.1%}"
    )
    return (name, rate.name, part / base, base, spread.middle, abs(times), "高" if high else "低", mark, said)
