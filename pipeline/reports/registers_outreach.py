"""Reckons what outreach owes: pay that does not agree with the sign-ins, pay nobody fetched, booths with one person.

    签到 ─ wages ─┬─ 派单结算核对   the settlement handed in against the sign-ins, per person and column
                  ├─ 工资签收核对   receipts against the settlement handed in, else against the reckoned one
                  └─ 每周结算       a line a week
    展点 ──────────── 展点核对       fewer people than a booth needs, one person at two booths at once

The phones that part-timers bring stand on a sheet of their own (`registers_outreach_leads`). What is looked at is as old as a
missing form is pressed for (house.yaml `press_days`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations
from typing import Final

from pipeline.ledgers import Reckoned, Row, rows_of_kind, source_of
from pipeline.report import Column, Sheet, Table
from pipeline.reports import registers_outreach_leads
from pipeline.rulebook.rulebook import Rulebook
from pipeline.settlement import SIGN_IN, Period, Wage, differences, handed_in, named, wages, week_of
from pipeline.view import View

_SHEET: Final = "外拓"
_PLACE: Final = Column("来源", "place")
_CENT: Final = 0.005  # below this two sums of money are one
_AND: Final = re.compile(r"[、,,/;;+&和及与\n]+")
_HEADS: Final = re.compile(r"(\d{1,2})\s*[人名位]", re.ASCII)
_NOTES: Final = (
    ("派单结算核对", "交回的派单结算表逐人和签到表算出来的比;算法和标准见 rules/outreach.yaml。交回的表照样入账,谁对由人定。"),
    ("工资签收核对", "签收金额和那一周的派单结算表比;那一周没有交派单结算表的,和签到表算出来的比。"),
    ("展点核对", "每个展点应有几人见 rules/outreach.yaml 的 people_per_booth;一个人同时在两个展点的也列出来。"),
)  # fmt: skip


@dataclass(frozen=True)
class _Pay:
    """One stretch of days: what the sign-ins give, the lines of the settlement handed in, the receipts."""

    period: Period
    owed: tuple[Wage, ...]
    lines: Sequence[Row]
    receipts: Sequence[Row]

    @property
    def settled(self) -> dict[str, float]:
        """What each is to get: by the settlement handed in, else by the sign-ins."""
        if not self.lines:
            return {wage.worker: wage.payable for wage in self.owed}
        return _sums(self.lines, "payable")


def reckoned(view: View, rules: Rulebook) -> tuple[Reckoned, ...]:
    """Return the sheet 外拓, led by pay and booths to be looked at, and that of the leads; nothing where no such form ever came."""
    since = view.on - timedelta(days=rules.house.press_days)
    weeks, loose = _weeks(view, rules, since)
    booths = [row for row in rows_of_kind(view, "booth_daily") if row["held_on"] and since <= row["held_on"] <= view.on]
    tables: list[Table] = []
    if any(week.lines for week in weeks):
        tables.append(_differing(weeks))
    if loose or any(week.lines or week.receipts for week in weeks):
        tables.append(_unfetched(weeks, loose))
    if booths:
        tables.append(_booths(booths, rules.outreach.people_per_booth))
    open_ = sum(len(table.rows) for table in tables)
    if weeks:
        tables.append(_overview(weeks, view.on))
    said = f"要核对 {open_} 处" if open_ else ""
    mine = (Reckoned(Sheet(_SHEET, _SHEET, tuple(tables), said), open_, _NOTES),) if tables else ()
    return (*mine, *registers_outreach_leads.reckoned(view, rules))


def _weeks(view: View, rules: Rulebook, since: date) -> tuple[list[_Pay], list[Row]]:
    """Return the stretches that were signed in, settled or paid for, newest first, and the receipts that name no days."""
    sign_ins, done = rows_of_kind(view, SIGN_IN), handed_in(view)
    receipts: dict[Period, list[Row]] = defaultdict(list)
    loose = []
    for row in rows_of_kind(view, "wage_receipt"):
        on = row["week_from"] or row["week_to"]
        if on is None:
            loose.append(row)
        else:
            receipts[next((period for period in done if period[0] <= on <= period[1]), week_of(on))].append(row)
    worked = {week_of(row["signed_on"]) for row in sign_ins if row["signed_on"]}
    worked = {week for week in worked if not any(first <= week[1] and week[0] <= last for first, last in done)}
    found = [
        _Pay(period, wages(sign_ins, period, rules.outreach), done.get(period, ()), receipts.get(period, ()))
        for period in sorted({*worked, *done, *receipts}, reverse=True)
        if period[1] >= since
    ]
    return found, [row for row in loose if (row["received_on"] or view.on) >= since]


def _differing(weeks: Sequence[_Pay]) -> Table:
    columns = (
        Column("结算"), Column("姓名"), Column("栏目"), Column("照签到", "number"), Column("表上", "number"), Column("多算", "number"),
        Column("说明", "long"), _PLACE,
    )  # fmt: skip
    rows = tuple(
        (
            named(each.period), each.worker, each.what, each.want, each.found, round(each.found - each.want, 2), each.why or None,
            source_of(each.row, "payable", "worker"),
        )
        for week in weeks
        if week.lines
        for each in differences(week.period, week.lines, week.owed)
    )  # fmt: skip
    return Table("派单结算核对", columns, rows, empty="交回的派单结算表和签到表都对得上")


def _unfetched(weeks: Sequence[_Pay], loose: Sequence[Row]) -> Table:
    columns = (
        Column("结算"), Column("姓名"), Column("应发", "money"), Column("已签收", "money"), Column("差额", "money"), Column("说明", "long"), _PLACE,
    )  # fmt: skip
    rows = [line for week in weeks if week.lines or week.receipts for line in _unpaid(week)]
    rows += [
        (None, row["worker"], None, row["amount"], None, "没有写结算周期,对不上是哪一周", source_of(row, "amount"))
        for row in loose
    ]
    return Table("工资签收核对", columns, tuple(rows), empty="签收的和结算的都对得上")


def _unpaid(week: _Pay) -> Iterator[tuple[object, ...]]:
    settled, got = week.settled, _sums(week.receipts, "amount")
    places = {row["worker"]: row for row in (*(wage.row for wage in week.owed), *week.lines, *week.receipts)}
    for worker in sorted({*settled, *got}):
        due, paid = settled.get(worker, 0.0), got.get(worker, 0.0)
        if abs(due - paid) <= _CENT:
            continue
        why = (
            "结算里没有这个人" if worker not in settled else "还没有领" if worker not in got else "少领了" if paid < due else "多领了"
        )  # fmt: skip
        place = source_of(places[worker], "amount", "payable", "worker")
        yield named(week.period), worker, due, paid, round(paid - due, 2), why, place


def _sums(rows: Sequence[Row], name: str) -> dict[str, float]:
    found: dict[str, float] = defaultdict(float)
    for row in rows:
        found[row["worker"]] = round(found[row["worker"]] + float(row[name] or 0), 2)
    return dict(found)


def _overview(weeks: Sequence[_Pay], on: date) -> Table:
    columns = (
        Column("结算"), Column("起", "date"), Column("止", "date"), Column("人数", "count"), Column("照签到应发", "money"), Column("结算表应发", "money"),
        Column("已签收", "money"), Column("状态"),
    )  # fmt: skip
    rows = tuple(
        (
            named(week.period), *week.period, len({*(wage.worker for wage in week.owed), *week.settled}),
            round(sum(wage.payable for wage in week.owed), 2), sum(_sums(week.lines, "payable").values()) if week.lines else None,
            sum(_sums(week.receipts, "amount").values()) if week.receipts else None, _state(week, on),
        )
        for week in weeks
    )  # fmt: skip
    return Table("每周结算", columns, rows)


def _state(week: _Pay, on: date) -> str:
    if not week.lines:
        return "还没有过完" if week.period[1] > on else "还没有交派单结算表"
    if differences(week.period, week.lines, week.owed):
        return "和签到表对不上"
    return "还没有领完" if any(True for _ in _unpaid(week)) else "已结清"


def _booths(rows: Sequence[Row], least: int) -> Table:
    columns = (Column("日期", "date"), Column("展点"), Column("负责人"), Column("问题", "long"), _PLACE)
    told = [
        (row["held_on"], row["place"], row["leader"], trouble, source_of(row, "staff", "place"))
        for row in rows
        for trouble in _troubles(row, least)
    ]
    told += [
        (
            one["held_on"],
            one["place"],
            one["leader"],
            f"{who} 同时也在 {other['place']}",
            source_of(one, "staff", "place"),
        )
        for one, other in combinations(rows, 2)
        if one["held_on"] == other["held_on"] and one["place"] != other["place"] and _overlap(one, other)
        for who in sorted(_people(one) & _people(other))
    ]
    told.sort(key=lambda line: (-line[0].toordinal(), str(line[1])))
    return Table("展点核对", columns, tuple(told), empty="每个展点人都够")


def _troubles(row: Row, least: int) -> Iterator[str]:
    people, said = _people(row), "、".join(filter(None, (row["staff"], row["staff_two"])))
    counted = _HEADS.fullmatch(said.strip())
    heads = int(counted[1]) if counted else len(people)
    if heads < least:
        yield f"应有 {least} 人,写了 {heads} 人:{said}" if said else f"应有 {least} 人,没有写人员"
    if not row["started_at"] or not row["ended_at"]:
        yield "没有写班次"


def _people(row: Row) -> set[str]:
    """Return who stood at a booth; names may be parted by a space, unless the pieces are single letters (张 三)."""
    found: set[str] = set()
    for piece in _AND.split("、".join(filter(None, (row["staff"], row["staff_two"])))):
        words = piece.split()
        found |= set(words) if all(len(word) > 1 for word in words) else {"".join(words)}
    return {name for name in found if name and not _HEADS.fullmatch(name)}


def _overlap(one: Row, other: Row) -> bool:
    """Say whether two shifts overlap; one that nobody wrote is the whole day."""
    starts, ends = (
        (one["started_at"] or "", other["started_at"] or ""),
        (one["ended_at"] or "24", other["ended_at"] or "24"),
    )
    return max(starts) < min(ends)
