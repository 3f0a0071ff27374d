"""The half of 来店规律 about phones: who fails to get them, and why people would not leave one."""

from __future__ import annotations

from typing import Any, Final

from pipeline.report import Chart, Column, Jump, Sheet, Table
from pipeline.reports.visit_patterns_count import Tally, Visits, rate

_UNSAID: Final = "未写原因"
_LISTED: Final = Jump("未留档明细")
_BY_CONSULTANT: Final = (
    Column("销售顾问"), Column("接待批次", "count"), Column("留档数", "count", tone="soft"),
    Column("未留档数", "count", bar=True, to=_LISTED, tone="bad"), Column("留档率", "rate"), Column("未留档率排名", "count"),
    Column("未留档率", "rate", bar=True),
)  # fmt: skip
_REASONS: Final = (
    Column("原因"),
    Column("未留档数", "count", bar=True, to=_LISTED, tone="bad"),
    Column("占比", "rate"),
)


def capture(visits: Visits, span: str) -> Sheet:
    """Return 留档分析: a row per consultant, most visits without a phone first, and the reasons below."""
    worst_first = sorted(
        visits.by_consultant.items(), key=lambda item: (-item[1].missed, -_missed_rate(item[1]), item[0])
    )
    rates = sorted((_missed_rate(tally) for tally in visits.by_consultant.values()), reverse=True)
    rows = tuple(
        (name, *_row(tally), rates.index(_missed_rate(tally)) + 1, _missed_rate(tally)) for name, tally in worst_first
    )
    total = ("合计", *_row(visits.total), None, rate(visits.total.missed, visits.total.batches))
    chart = Chart(
        "share", "各顾问接待的客人留没留电话(条内数字是批次)", "销售顾问", ("未留档数", "留档数"), y_title="占接待批次"
    )
    return Sheet(
        "留档分析",
        "谁接待的客人没留下电话",
        (
            Table("留档分析", _BY_CONSULTANT, rows, total=total, charts=(chart,), empty="还没有来店登记"),
            _reasons(visits),
        ),
        span,
    )


def _reasons(visits: Visits) -> Table:
    without = visits.rows[visits.rows["captured"] == 0]
    counts = without["refusal_reason"].fillna(_UNSAID).value_counts(sort=False)
    ordered = sorted(((str(why), int(number)) for why, number in counts.items()), key=lambda item: (-item[1], item[0]))
    whole = sum(number for _, number in ordered)
    rows = tuple((why, number, rate(number, whole)) for why, number in ordered)
    chart = Chart("bar", f"没留电话的原因(共 {whole} 批)", "原因", ("未留档数",), y_title="批次")
    return Table(
        "未留档原因",
        _REASONS,
        rows,
        total=("合计", whole, rate(whole, whole)),
        charts=(chart,),
        empty="没有未留档的来访",
    )


def _row(tally: Tally) -> tuple[Any, ...]:
    return (tally.batches, tally.captured, tally.missed, tally.capture_rate)


def _missed_rate(tally: Tally) -> float:
    return rate(tally.missed, tally.batches) or 0.0
