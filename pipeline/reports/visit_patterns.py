"""来店规律: when people come, on which kinds of day, and how many of them leave a phone.

按日 lists every day from the first register of the window on, closing days left out. A day with a register and nobody
in it says 0; a day without a register stays blank and says so, because nobody knows whether someone came.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any, Final

from pipeline.days import WEEKDAYS, Day, DayType, calendar_findings, day_of, week_of, weekday_of
from pipeline.report import Chart, Column, Jump, Report, Sheet, Table
from pipeline.reports.visit_patterns_capture import capture
from pipeline.reports.visit_patterns_count import HOURS, Tally, Visits, count_visits, over, rate
from pipeline.reports.visit_patterns_glance import at_a_glance
from pipeline.reports.visit_patterns_lists import every_visit, missed
from pipeline.rulebook.rulebook import Rulebook
from pipeline.view import View

_COUNT: Final = (Column("合计批次", "count", bar=True), Column("日均批次", "number"))
_SPAN: Final = (
    Column("合计批次", "count", bar=True), Column("留档数", "count"), Column("留档率", "rate"),
    Column("现场订购", "count"), Column("天数", "count"),
)  # fmt: skip
_DAY: Final = (
    Column("日期", "date"), Column("星期"), Column("日类型"), Column("来店批次", "count"), Column("来电批次", "count"),
    Column("合计批次", "count", bar=True, to=Jump("来店明细")), Column("留档数", "count"), Column("未留档数", "count", to=Jump("未留档明细")), Column("留档率", "rate"),
    Column("现场订购", "count"), Column("平均停留分钟", "number"), Column("其他来访", "count"), Column("备注"),
    Column("上班日批次", "count", tone="soft"), Column("周末批次", "count", tone="deep"), Column("法定假批次", "count", tone="bad"),
)  # fmt: skip


def build(view: View, rules: Rulebook) -> Report:
    """Return how visitors came over `house.window_days` up to the view's day, over visits that are not `other`."""
    visits = count_visits(view, rules)
    span = f"{visits.first:%Y-%m-%d} 至 {view.on:%Y-%m-%d}"
    types = {on: day_of(on, rules.calendar) for on in listed_days(visits, rules)}
    sheets = (
        at_a_glance(visits, types, span),
        _by_day(visits, types, span),
        _by_weekday(visits, span),
        _by_hour(visits, span),
        _by_month_day(visits, span),
        _by_span(visits, span, "按周", "周", week_of),
        _by_span(visits, span, "按月", "月", lambda on: f"{on:%Y-%m}"),
        capture(visits, span),
        missed(visits, view, rules, span),
        every_visit(visits, view, rules, span),
    )
    today = visits.by_day.get(view.on, Tally())
    figures = {"今日批次": today.batches, "今日留档": today.captured, "今日留档率": today.capture_rate}
    return Report("来店规律", view.on, sheets, _notes(visits, rules, span), figures)


def listed_days(visits: Visits, rules: Rulebook) -> tuple[date, ...]:
    """Return the days 按日 lists: from the first register of the window to its end, without closing days."""
    known = visits.register | visits.handed_in
    if not known:
        return ()
    every = (min(known) + timedelta(days=step) for step in range((visits.on - min(known)).days + 1))
    return tuple(on for on in every if on in known or on not in rules.house.closed_on)


def _by_day(visits: Visits, types: Mapping[date, Day], span: str) -> Sheet:
    rows = tuple(_day_row(visits, on, day.type, day.name) for on, day in types.items())
    parts = tuple(sum(row[place] or 0 for row in rows) for place in range(len(_DAY) - 3, len(_DAY)))
    total = ("合计", None, None, *_counts(visits.total), sum(visits.others.values()), None, *parts)
    return Sheet("按日", "每天来多少批客人", (Table("按日", _DAY, rows, total=total, empty="还没有来店登记"),), span)


def _day_row(visits: Visits, on: date, kind: DayType, holiday: str) -> tuple[Any, ...]:
    head = (on, weekday_of(on), kind)
    if on not in visits.register and on not in visits.handed_in:
        return (*head, *[None] * 9, f"{holiday} 没有登记表".strip(), None, None, None)
    tally = visits.by_day.get(on, Tally())
    spread = (
        tally.batches if kind in ("工作日", "调休上班") else None,
        tally.batches if kind == "周末" else None,
        tally.batches if kind == "法定假" else None,
    )
    return (*head, *_counts(tally), visits.others.get(on, 0), holiday or None, *spread)


def _counts(tally: Tally) -> tuple[Any, ...]:
    return (
        tally.walk_ins, tally.call_ins, tally.batches, tally.captured, tally.missed, tally.capture_rate,
        tally.ordered, tally.mean_stay,
    )  # fmt: skip


def _by_weekday(visits: Visits, span: str) -> Sheet:
    rows = []
    for number, name in enumerate(WEEKDAYS):
        days, tally = over(visits, (on for on in visits.register if on.weekday() == number))
        share = rate(tally.batches, visits.total.batches)
        rows.append((name, days, tally.batches, rate(tally.batches, days), share, tally.capture_rate))
    whole, days = visits.total, len(visits.register)
    total = ("合计", days, whole.batches, rate(whole.batches, days), rate(whole.batches, whole.batches), whole.capture_rate)  # fmt: skip
    columns = (Column("星期"), Column("天数", "count"), *_COUNT, Column("占比", "rate"), Column("留档率", "rate"))
    chart = Chart("column", "星期几客人多", "星期", ("日均批次", "留档率"), y_title="日均批次", second_axis=("留档率",))
    return Sheet("按星期", "星期几客人多", (Table("按星期", columns, tuple(rows), total=total, charts=(chart,)),), span)


def _by_hour(visits: Visits, span: str) -> Sheet:
    hours = (*HOURS, -1)
    names = [*(f"{hour}时" for hour in HOURS), "其他"]
    grid = [[visits.by_hour.get((number, hour), 0) for hour in hours] for number in range(7)]
    rows = tuple((name, *line, sum(line)) for name, line in zip(WEEKDAYS, grid, strict=True))
    sums = [sum(column) for column in zip(*grid, strict=True)]
    heat = (*(Column(name, "count", heat=name != "其他") for name in names), Column("合计", "count"))
    whole = sum(sums)
    by_hour = tuple((name, number, rate(number, whole)) for name, number in zip(names, sums, strict=True))
    columns = (Column("时段"), Column("批次", "count", bar=True), Column("占比", "rate"))
    chart = Chart("column", f"几点客人多(共 {whole} 批)", "时段", ("批次",), y_title="批次")
    return Sheet(
        "按时段",
        "几点客人多(到店、来电的钟点)",
        (
            Table("按时段", (Column("星期"), *heat), rows, total=("合计", *sums, whole), heat_block=True),
            Table("全周合计", columns, by_hour, charts=(chart,)),
        ),
        span,
    )


def _by_month_day(visits: Visits, span: str) -> Sheet:
    rows = []
    for number in range(1, 32):
        days, tally = over(visits, (on for on in visits.register if on.day == number))
        rows.append((number, days, tally.batches, rate(tally.batches, days)))
    whole, days = visits.total.batches, len(visits.register)
    total = ("合计", days, whole, rate(whole, days))
    columns = (Column("日", "count"), Column("天数", "count"), *_COUNT)
    chart = Chart("column", "每月几号客人多", "日", ("日均批次",), x_title="几号", y_title="日均批次")
    return Sheet(
        "按月内日", "每月几号客人多", (Table("按月内日", columns, tuple(rows), total=total, charts=(chart,)),), span
    )


def _by_span(visits: Visits, span: str, name: str, label: str, of: Callable[[date], str]) -> Sheet:
    """Return the sheet by week or month; the first and the last one are only partly inside the window."""
    groups: dict[str, list[date]] = {}
    for on in sorted(visits.register):
        groups.setdefault(of(on), []).append(on)
    rows = tuple((group, *_span_row(*over(visits, days))) for group, days in groups.items())
    total = ("合计", *_span_row(len(visits.register), visits.total))
    chart = Chart(
        "column", f"每{label}批次与留档率", label, ("合计批次", "留档率"), y_title="批次", second_axis=("留档率",)
    )
    table = Table(name, (Column(label), *_SPAN), rows, total=total, charts=(chart,), empty="还没有来店登记")
    return Sheet(name, f"每{label}来多少批客人", (table,), span)


def _span_row(days: int, tally: Tally) -> tuple[Any, ...]:
    return (tally.batches, tally.captured, tally.capture_rate, tally.ordered, days)


def _notes(visits: Visits, rules: Rulebook, span: str) -> tuple[tuple[str, str], ...]:
    unknown = calendar_findings(listed_days(visits, rules), rules)
    return (
        ("统计范围", f"{span}({rules.house.window_days} 天),截至当日已收到的来店(电)顾客登记表"),
        ("批次", "登记表的一行算一批,没留资料的也算;提车、维修、办手续等其他来访不算,单列在「其他来访」"),
        ("合计批次", "来店批次加来电批次"),
        ("留档", "留下了有效电话;写不愿留、未留等字样的不算"),
        ("留档率", "留档数 ÷ 合计批次;没有批次时空白"),
        ("未留档率排名", "未留档率最高的排第 1,相同的并列"),
        ("平均停留分钟", "来店且进店、离店时间都有的行,离店减进店的平均数"),
        ("天数", "统计范围内至少有一行登记的日子"),
        ("按日", "从第一张登记表那天起逐日列出;交了空表的记 0,没有登记表的空白;店休日不列"),
        ("时段", "进店或来电的钟点,9时 指 9:00 到 9:59;8 点以前、21 点以后归入「其他」"),
        ("周", "ISO 周,星期一为一周之始,写作 2026-W41;首末两周、两月可能只有一部分在范围内"),
        ("日类型", "依次取自 rules/calendar.yaml、国务院放假安排、法定节假日"),
        *(("提醒", finding.say) for finding in unknown),
    )
