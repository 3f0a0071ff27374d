"""Settles the week of part-timers from their sign-ins, lays the settlement out to be signed, and holds the one handed in against it.

    每日兼职人员签到表 ─ wages ─┬→ 派单结算/2026-W45.xlsx     for the manager to check, sign and drop into inbox
                                └─ differences ←─ 派单结算表   as handed in, line by line

A part-timer is a name: the paper has no other. Two sign-ins of one name on one day are one day of work, their hours
together. What nobody wrote costs nobody money: without a sign-out the day is whole, without 留电数 nothing is deducted;
both are said in the note of the line, for whoever signs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, TypeAlias

from pipeline.blanks.filled import Cell, Filled
from pipeline.ledgers import Row, rows_of_kind
from pipeline.report import Column, Sheet, Table
from pipeline.rulebook.outreach import Outreach
from pipeline.rulebook.rulebook import Rulebook
from pipeline.view import View

FORM: Final = "wage_settlement"
SIGN_IN: Final = "parttime_signin"
WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_PART: Final = "workers"
_LAST: Final = timedelta(days=6)  # from a week's first day to its last
_SUMMED: Final = ("days", "handed_out", "phones_left", "commission", "deduction", "payable")
_CENT: Final = 0.005  # below this two sums of money are one
Period: TypeAlias = tuple[date, date]
# Words no form uses as a label: the sheet is to be read, and must not be taken for a form when it is handed in.
_HOW: Final = (
    Column("谁"), Column("哪天", "date"), Column("几点来"), Column("几点走"), Column("算几天", "number"), Column("几个号码", "count"),
    Column("发了几份", "count"), Column("扣几元", "money"), Column("请看一眼", "long"),
)  # fmt: skip


@dataclass(frozen=True)
class Day:
    """One day of one part-timer: the share of a day that is paid, phones and leaflets (None = not written), the deduction, and what is doubtful."""

    on: date
    arrived_at: str
    left_at: str
    share: float
    phones: int | None
    leaflets: int | None
    deduction: float
    doubts: tuple[str, ...]


@dataclass(frozen=True)
class Wage:
    """What one part-timer is owed for a stretch of days, in yuan; `row` is the first sign-in it comes from."""

    worker: str
    days: tuple[Day, ...]
    day_pay: float
    commission: float
    row: Row

    @property
    def shares(self) -> float:
        """Days worked, halves included."""
        return sum(day.share for day in self.days)

    @property
    def phones(self) -> int:
        """Phones brought back, as far as they are written."""
        return sum(day.phones or 0 for day in self.days)

    @property
    def deduction(self) -> float:
        """What is taken off for days with too few phones."""
        return sum(day.deduction for day in self.days)

    @property
    def payable(self) -> float:
        """应发 = 单价 × 天数 + 提成 − 扣款."""
        return round(self.day_pay * self.shares + self.commission - self.deduction, 2)

    def doubts(self) -> str:
        """Return what somebody should look at before signing."""
        return ";".join(f"{day.on.month}-{day.on.day} {doubt}" for day in self.days for doubt in day.doubts)


@dataclass(frozen=True)
class Difference:
    """One thing on a settlement that the sign-ins do not bear out: whose, which column, what it should be, what stands there."""

    period: Period
    worker: str
    what: str
    want: float
    found: float
    why: str
    row: Row


def wages(sign_ins: Iterable[Row], period: Period, pay: Outreach) -> tuple[Wage, ...]:
    """Return what each part-timer earned from the first to the last day, by name."""
    first, last = period
    by_worker: dict[str, dict[date, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for row in sign_ins:
        if row["worker"] and row["signed_on"] and first <= row["signed_on"] <= last:
            by_worker[row["worker"]][row["signed_on"]].append(row)
    return tuple(_wage(worker, by_worker[worker], pay) for worker in sorted(by_worker))


def _wage(worker: str, days: Mapping[date, Sequence[Row]], pay: Outreach) -> Wage:
    told = tuple(_day(on, days[on], pay) for on in sorted(days))
    earned = sum((day.phones or 0) * pay.phone_pay + (day.leaflets or 0) * pay.leaflet_pay for day in told)
    return Wage(worker, told, pay.day_pay, round(earned, 2), days[min(days)][0])


def _day(on: date, rows: Sequence[Row], pay: Outreach) -> Day:
    phones, leaflets = _sum(rows, "phones_left"), _sum(rows, "handed_out")
    minutes = [_minutes(row) for row in rows]
    known = [each for each in minutes if each is not None]
    short = len(known) == len(minutes) and sum(known) < pay.half_day_hours * 60
    share = 0.5 if short else 1.0
    few = phones is not None and phones < pay.least_phones * share
    doubts = (
        *(("没有签退,按一天算",) if len(known) < len(minutes) else ()),
        *(("没有写留电数,没有扣",) if phones is None and pay.least_phones else ()),
        *((f"留电 {phones} 个,不够",) if few else ()),
    )
    arrived = min((str(row["arrived_at"]) for row in rows if row["arrived_at"]), default="")
    left = max((str(row["left_at"]) for row in rows if row["left_at"]), default="")
    return Day(on, arrived, left, share, phones, leaflets, pay.short_day_deduction * share if few else 0.0, doubts)


def _sum(rows: Sequence[Row], name: str) -> int | None:
    """Return the sum of what is written; None where a row is silent."""
    return None if any(row[name] is None for row in rows) else sum(int(row[name]) for row in rows)


def _minutes(row: Row) -> int | None:
    if not row["arrived_at"] or not row["left_at"]:
        return None
    start, end = (int(clock[:2]) * 60 + int(clock[3:5]) for clock in (str(row["arrived_at"]), str(row["left_at"])))
    return end - start


def handed_in(view: View) -> dict[Period, list[Row]]:
    """Return the lines of the settlements handed in, by the days they settle; a period of which one end is missing is a week."""
    found: dict[Period, list[Row]] = defaultdict(list)
    for row in rows_of_kind(view, FORM):
        first, last = row["week_from"], row["week_to"]
        if first or last:
            found[first or last - _LAST, last or first + _LAST].append(row)
    return found


def differences(period: Period, lines: Sequence[Row], owed: Sequence[Wage]) -> list[Difference]:
    """Return how a settlement handed in differs from what the sign-ins give; of two lines of one name both are held against it."""
    by_name = {wage.worker: wage for wage in owed}
    found = []
    for line in lines:
        wage = by_name.get(line["worker"])
        if wage is None:
            paid = float(line["payable"] or 0)
            found.append(Difference(period, line["worker"], "应发", 0.0, paid, "这几天没有签到", line))
            continue
        found += [
            Difference(period, wage.worker, what, want, has, why, line)
            for what, want, has, why in _compared(wage, line)
            if abs(want - has) > _CENT
        ]
    named = {line["worker"] for line in lines}
    found += [
        Difference(period, wage.worker, "应发", wage.payable, 0.0, "结算表上没有这个人", wage.row)
        for wage in owed
        if wage.worker not in named
    ]
    return sorted(found, key=lambda each: (each.what != "应发", each.worker))


def _compared(wage: Wage, line: Row) -> list[tuple[str, float, float, str]]:
    """Return column, what it should be, what stands there, and why; days that are written as numbers of leaflets are not compared."""
    marked = {name: float(line[name] or 0) for name in WEEKDAYS}
    in_days = all(value <= 1 for value in marked.values())
    total = line["days"] if line["days"] is not None else sum(marked.values()) if in_days else None
    worked = _worked(wage)
    which = [
        f"周{'一二三四五六日'[place]}表上 {marked[name]:g} 签到 {worked[name]:g}"
        for place, name in enumerate(WEEKDAYS)
        if in_days and any(marked.values()) and marked[name] != worked[name]
    ]
    return [
        ("应发", wage.payable, float(line["payable"] or 0), wage.doubts()),
        *((("天数", wage.shares, float(total), "、".join(which)),) if total else ()),
        ("提成", wage.commission, float(line["commission"] or 0), f"签到留电 {wage.phones} 个"),
        ("扣款", wage.deduction, float(line["deduction"] or 0), wage.doubts()),
    ]


def _worked(wage: Wage) -> dict[str, float]:
    """Return the days worked by weekday."""
    found: dict[str, float] = defaultdict(float)
    for day in wage.days:
        found[WEEKDAYS[day.on.weekday()]] += day.share
    return found


def settlements(view: View, rules: Rulebook) -> dict[str, tuple[Filled, Sheet]]:
    """Return the settlements to be signed, by the week's name: weeks over and not handed in, or handed in with differences.

    A week stays as long as a missing form is pressed for (house.yaml `press_days`); a running week is not settled.
    """
    if FORM not in rules.forms or SIGN_IN not in rules.forms:
        return {}
    sign_ins = rows_of_kind(view, SIGN_IN)
    done = handed_in(view)
    weeks = {week_of(row["signed_on"]) for row in sign_ins if row["signed_on"]}
    open_weeks = {week for week in weeks if not any(first <= week[1] and week[0] <= last for first, last in done)}
    found = {}
    for period in sorted({*open_weeks, *done}):
        owed = wages(sign_ins, period, rules.outreach)
        recent = view.on - timedelta(days=rules.house.press_days) <= period[1] <= view.on
        if recent and owed and (period in open_weeks or differences(period, done[period], owed)):
            found[named(period)] = (_filled(period, owed), _how(period, owed))
    return found


def week_of(on: date) -> Period:
    """Return the Monday and the Sunday around a day."""
    monday = on - timedelta(days=on.weekday())
    return monday, monday + _LAST


def named(period: Period) -> str:
    """Return a week as `2026-W45`, any other stretch by its days."""
    first, last = period
    year, week, _ = first.isocalendar()
    return f"{year}-W{week:02}" if period == week_of(first) else f"{first}至{last}"


def _filled(period: Period, owed: Sequence[Wage]) -> Filled:
    lines = [_line(wage) for wage in owed]
    total: dict[str, Cell] = {name: sum(float(str(line[name])) for line in lines) for name in _SUMMED}
    return Filled({"week": f"{period[0]}至{period[1]}"}, {_PART: [*lines, {"worker": "合计", **total}]})


def _line(wage: Wage) -> dict[str, Cell]:
    line: dict[str, Cell] = {"worker": wage.worker, **_worked(wage)}
    leaflets = sum(day.leaflets or 0 for day in wage.days)
    return line | {
        "days": wage.shares, "handed_out": leaflets, "phones_left": wage.phones, "day_pay": wage.day_pay, "commission": wage.commission,
        "deduction": wage.deduction, "payable": wage.payable, "note": wage.doubts(),
    }  # fmt: skip


def _how(period: Period, owed: Sequence[Wage]) -> Sheet:
    rows = tuple(
        (
            wage.worker, day.on, day.arrived_at or None, day.left_at or None, day.share, day.phones, day.leaflets, day.deduction or None,
            "、".join(day.doubts) or None,
        )
        for wage in owed
        for day in wage.days
    )  # fmt: skip
    said = f"{named(period)} · 照签到表算出,标准在 rules/outreach.yaml;这一页只供查看,不用填"
    return Sheet("怎么算的", "每人每天怎么算的", (Table("怎么算的", _HOW, rows),), said)
