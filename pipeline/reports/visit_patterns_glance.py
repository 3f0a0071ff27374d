"""来店规律 › 一览, what the workbook opens on: the day's visitors beside what is usual, when most come, and every day in one picture."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from pipeline.days import WEEKDAYS, Day, DayType
from pipeline.facts.indicators import share
from pipeline.report import Card, Chart, Column, Jump, Sheet, Table
from pipeline.reports.visit_patterns_count import Tally, Visits, over, rate

_TYPES: Final[tuple[DayType, ...]] = ("工作日", "周末", "法定假", "调休上班")
_COLUMNS: Final = (
    Column("日类型"), Column("天数", "count"), Column("合计批次", "count"), Column("日均批次", "number", bar=True), Column("留档率", "rate"),
)  # fmt: skip


def at_a_glance(visits: Visits, types: Mapping[date, Day], span: str) -> Sheet:
    """Return 一览: cards, the kinds of day, and the charts of days and weekdays; `types` are the days 按日 lists."""
    rows = tuple(_type_row(visits, kind, types) for kind in _TYPES)
    charts = (
        Chart("stacked", "每天来多少批(周末、法定假另色)", "日期", ("上班日批次", "周末批次", "法定假批次"), y_title="批次", of="按日", wide=True),
        Chart("column", "星期几客人多", "星期", ("日均批次", "留档率"), y_title="日均批次", second_axis=("留档率",), of="按星期"),
    )  # fmt: skip
    table = Table("一览", _COLUMNS, rows, charts=charts)
    return Sheet("一览", "客人什么时候来", (table,), span, _cards(visits, types))


def _type_row(visits: Visits, kind: DayType, types: Mapping[date, Day]) -> tuple[Any, ...]:
    days, tally = over(visits, (on for on, day in types.items() if day.type == kind))
    return (kind, days, tally.batches, rate(tally.batches, days), tally.capture_rate)


def _cards(visits: Visits, types: Mapping[date, Day]) -> tuple[Card, ...]:
    today, whole = visits.by_day.get(visits.on, Tally()), visits.total
    days = (visits.on - visits.first).days + 1
    stay = "—" if whole.mean_stay is None else f"{whole.mean_stay:.0f} 分钟"
    return (
        Card("今日批次", f"{today.batches} 批", f"来店 {today.walk_ins},来电 {today.call_ins}", _usual(visits, types), to=Jump("来店明细")),
        Card("今日留档", f"{today.captured} / {today.batches} 批", f"近 {days} 天 {share(whole.captured, whole.batches, '批')}", to=Jump("未留档明细")),
        _busiest("最忙的星期", _weekdays(visits), "日均 {:.1f} 批", Jump("按星期")),
        _busiest("最忙的钟点", _hours(visits), f"{{:.0f}} 批,共 {whole.batches} 批", Jump("按时段")),
        Card("平均停留", stay, f"{whole.stays} 批写了进店离店", to=Jump("按日")),
    )  # fmt: skip


def _usual(visits: Visits, types: Mapping[date, Day]) -> str:
    """Return how the day stands to other days of its kind, in words."""
    if visits.on not in types:
        return ""
    kind = types[visits.on].type
    days, tally = over(visits, (on for on, day in types.items() if day.type == kind and on != visits.on))
    if not days:
        return ""
    more = visits.by_day.get(visits.on, Tally()).batches - tally.batches / days
    step = f"▲ 多 {more:.1f}" if more > 0 else f"▼ 少 {-more:.1f}" if more < 0 else "持平"
    return f"{step}(其他{kind}日均 {tally.batches / days:.1f})"


def _weekdays(visits: Visits) -> dict[str, float]:
    found = {name: over(visits, (on for on in visits.register if on.weekday() == n)) for n, name in enumerate(WEEKDAYS)}
    return {name: tally.batches / days for name, (days, tally) in found.items() if days}


def _hours(visits: Visits) -> dict[str, float]:
    found: dict[str, float] = {}
    for (_, hour), number in sorted(visits.by_hour.items()):
        if hour >= 0:
            found[f"{hour} 时"] = found.get(f"{hour} 时", 0) + number
    return found


def _busiest(name: str, counts: Mapping[str, float], said: str, to: Jump) -> Card:
    """Return the most frequented; of equals the first."""
    if not any(counts.values()):
        return Card(name, "—")
    most = max(counts, key=lambda each: counts[each])
    return Card(name, most, said.format(counts[most]), to=to)
