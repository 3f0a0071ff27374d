"""The half of 来店规律 about phones: who fails to get them, why people would not leave one, and each such visit."""

from __future__ import annotations

from typing import Any, Final

from pipeline.frame import rows_of
from pipeline.report import Chart, Column, Jump, Sheet, Table
from pipeline.reports.visit_patterns_count import Tally, Visits, rate
from pipeline.rulebook.rulebook import Rulebook
from pipeline.text import mask_in

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
_MISSED: Final = (
    Column("日期", "date"), Column("销售顾问"), Column("称呼"), Column("进店"), Column("离店"),
    Column("注释", "long"), Column("原因"), Column("到访方式"),
)  # fmt: skip


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


def missed(visits: Visits, rules: Rulebook, span: str) -> Sheet:
    """Return 未留档明细: each visit that left no phone, the latest day first."""
    rows = visits.rows[visits.rows["captured"] == 0]
    rows = rows.sort_values(["visited_on", "arrived_at"], ascending=[False, True], kind="stable")
    called = rows["customer_name"].fillna(rows["plate"])
    shown = rows.assign(called=called)[
        ["visited_on", "consultant", "called", "arrived_at", "left_at", "note", "refusal_reason", "channel"]
    ]
    hidden = rules.privacy.mask_phones
    lines = tuple(
        (*line[:2], _free(line[2], hidden=hidden), *line[3:5], _free(line[5], hidden=hidden), _free(line[6], hidden=hidden),
         rules.shown("channel", line[7]) if line[7] else None)
        for line in rows_of(shown)
    )  # fmt: skip
    return Sheet(
        "未留档明细", "没留下电话的每一批客人", (Table("未留档明细", _MISSED, lines, empty="没有未留档的来访"),), span
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


def _free(text: str | None, *, hidden: bool) -> str | None:
    return mask_in(text) if text and hidden else text
