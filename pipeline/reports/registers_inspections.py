"""Reckons checklists with points: 得分率 by area and by whom, its way over the months, and what fails again and again (A3, A9).

every form whose items have a scale ─┬ 区域得分率, 对象得分率     the month, against the one before
                                     ├ 月度得分率                a year of months, drawn as a line
                                     ├ 反复不合格                the same item short of its points at two inspections running, till now
                                     └ 登记表上没有的来电         calls listened to that the visitor register does not know

得分率 = points ÷ possible points of the items that apply and were scored; both stand beside it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, TypeAlias

from pipeline.ledgers import Reckoned, Row, dated, rows_of_kind, source_of
from pipeline.report import Chart, Column, Sheet, Table
from pipeline.rulebook.form import Form
from pipeline.rulebook.rulebook import Rulebook
from pipeline.values.items import most
from pipeline.view import View

_MONTHS: Final = 12
_AGAIN: Final = 2  # inspections running
_WHO: Final = ("consultant", "department")  # who is inspected, where the form says
_AT: Final = ("inspected_at", "called_at")
_NEAR: Final = 30  # minutes between a call's time on the check and in the register
_SUMS: Final = (
    Column("得分", "count"), Column("应得分", "count"), Column("得分率", "rate", bar=True), Column("打分项", "count"),
    Column("未打分", "count"), Column("不适用", "count"), Column("上月得分率", "rate"),
)  # fmt: skip
_FAILED: Final = (
    Column("表"), Column("对象"), Column("序号"), Column("区域"), Column("项目", "long"), Column("连续次数", "count", bar=True),
    Column("从", "date"), Column("最近检查", "date"), Column("最近得分", "count"), Column("满分", "count"), Column("备注", "long"),
    Column("来源", "place"),
)  # fmt: skip
_CALLS: Final = (
    Column("来电日期", "date"),
    Column("来电时间"),
    Column("销售顾问"),
    Column("客户"),
    Column("来源", "place"),
)
_Key: TypeAlias = Callable[["_Scored"], tuple[str, ...]]


@dataclass(frozen=True)
class _Scored:
    """One item of one inspection: of which form and day, whom it is about, and its row in the archive."""

    form: Form
    on: date
    row: Row

    @property
    def who(self) -> str:
        """Whom or what is inspected; '全店' where the form names nobody."""
        return next((str(self.row[name]) for name in _WHO if self.row.get(name)), "全店")

    @property
    def at(self) -> tuple[date, str]:
        """Which inspection of its subject it is."""
        return self.on, next((str(self.row[name]) for name in _AT if self.row.get(name)), "")

    @property
    def scored(self) -> bool:
        """Whether it has points at all."""
        return self.row["score"] is not None and self.row["applicable"] is not False

    @property
    def short(self) -> bool:
        """Whether points are missing to the full."""
        return self.scored and self.row["score"] < most(self.row["scale"])


def reckoned(view: View, rules: Rulebook) -> tuple[Reckoned, ...]:
    """Return for each sheet of scored checklists its rates, months and repeated failures; nothing where none came."""
    sheets: dict[str, list[_Scored]] = defaultdict(list)
    for form in rules.forms.values():
        for kind in {part.yields for part in form.parts.values() if any(item.scale for item in part.items)}:
            days = ((dated(rules.kinds[kind], row), row) for row in rows_of_kind(view, kind))
            if form.ledger:
                sheets[form.ledger.sheet] += [_Scored(form, on, row) for on, row in days if on and on <= view.on]
    return tuple(_sheet(name, scored, view) for name, scored in sheets.items() if scored)


def _sheet(name: str, scored: Sequence[_Scored], view: View) -> Reckoned:
    now, before = _month(view.on), _month(view.on.replace(day=1) - timedelta(days=1))
    month = [each for each in scored if _month(each.on) == now]
    last = [each for each in scored if _month(each.on) == before]
    failed = _failed(scored)
    tables = [
        Table("反复不合格", _FAILED, failed, empty="没有连续两次不满分的项目"),
        _rates("区域得分率", ("表", "区域"), month, last, lambda each: (each.form.title, str(each.row["area"] or "未分区"))),
        _rates("对象得分率", ("表", "对象"), month, last, lambda each: (each.form.title, each.who)),
        _trend(scored, view.on),
    ]  # fmt: skip
    if any("called_at" in each.row for each in scored):
        tables.insert(1, Table("登记表上没有的来电", _CALLS, _unknown(month, view), empty="本月抽查的来电登记表上都有"))
    points, possible = _points(month)
    said = f"本月得分率 {points / possible:.1%}({points}/{possible})" if possible else "本月还没有打分的检查"
    said += f";连续两次以上不满分 {len(failed)} 项" if failed else ""
    return Reckoned(Sheet(name, name, tuple(tables), said), notes=_notes(name))


def _rates(
    name: str, heads: tuple[str, ...], month: Sequence[_Scored], last: Sequence[_Scored], key: _Key
) -> Table:  # fmt: skip
    before = _grouped(last, key)
    rows = tuple((*group, *_sums(items), _rate(before.get(group, ()))) for group, items in _grouped(month, key).items())
    total = ("合计", *[None] * (len(heads) - 1), *_sums(month), _rate(last)) if rows else None
    columns = (*(Column(head) for head in heads), *_SUMS)
    return Table(name, columns, rows, total, empty="本月还没有打分的检查")


def _trend(scored: Sequence[_Scored], on: date) -> Table:
    """Return a row a month, the oldest first, with the rate of each area beside the whole."""
    months = sorted({_month(each.on) for each in scored if (on - each.on).days < _MONTHS * 31})[-_MONTHS:]
    areas = sorted({str(each.row["area"] or "未分区") for each in scored if _month(each.on) in months})
    rows = []
    for month in months:
        here = [each for each in scored if _month(each.on) == month]
        by_area = _grouped(here, lambda each: (str(each.row["area"] or "未分区"),))
        times = len({(each.form.form, each.who, each.at) for each in here})
        rows.append((month, times, *_points(here), _rate(here), *(_rate(by_area.get((area,), ())) for area in areas)))
    columns = (
        Column("月份"), Column("检查次数", "count"), Column("得分", "count"), Column("应得分", "count"), Column("得分率", "rate", tone="deep"),
        *(Column(f"{area}得分率", "rate") for area in areas),
    )  # fmt: skip
    series = ("得分率", *(f"{area}得分率" for area in areas))
    chart = Chart("line", "各月得分率", "月份", series, y_title="得分率")
    return Table("月度得分率", columns, tuple(rows), charts=(chart,) if len(rows) > 1 else ())


def _failed(scored: Iterable[_Scored]) -> tuple[tuple[Any, ...], ...]:
    """Return the items short of their points at two inspections of one subject running, up to its last; unscored ones neither end nor lengthen it."""
    lines: dict[tuple[str, ...], list[_Scored]] = defaultdict(list)
    for each in scored:
        if each.scored:
            lines[each.form.form, each.who, str(each.row["item_no"])].append(each)
    found = []
    for items in lines.values():
        items.sort(key=lambda each: each.at)
        streak = list(_since_full(items))
        if len({each.at for each in streak}) >= _AGAIN:
            found.append((streak, streak[-1]))
    found.sort(key=lambda each: (-len(each[0]), each[1].form.title, each[1].who, str(each[1].row["item_no"])))
    return tuple(_line(streak, last) for streak, last in found)


def _since_full(items: Sequence[_Scored]) -> Iterator[_Scored]:
    full = [place for place, each in enumerate(items) if not each.short]
    return iter(items[full[-1] + 1 if full else 0 :])


def _line(streak: Sequence[_Scored], last: _Scored) -> tuple[Any, ...]:
    row = last.row
    return (
        last.form.title, last.who, row["item_no"], row["area"], row["item"], len(streak), streak[0].on, last.on, row["score"],
        most(row["scale"]), row["note"], source_of(row, "score"),
    )  # fmt: skip


def _unknown(month: Iterable[_Scored], view: View) -> tuple[tuple[Any, ...], ...]:
    """Return the calls listened to this month that no 来电 row of the register stands for: same day and consultant, half an hour about."""
    known: dict[tuple[date, str], list[str]] = defaultdict(list)
    for visit in rows_of_kind(view, "visit"):
        if visit["channel"] == "call_in":
            known[visit["visited_on"], visit["consultant"]].append(visit["arrived_at"] or "")
    calls = {(each.at, each.who): each for each in month}
    return tuple(
        (each.on, at or None, who, each.row["customer_name"], source_of(each.row, "called_at", "consultant"))
        for ((_, at), who), each in sorted(calls.items(), key=lambda call: call[0])
        if not any(_near(at, time) for time in known[each.on, who])
    )


def _near(one: str, other: str) -> bool:
    return not one or not other or abs(_minutes(one) - _minutes(other)) <= _NEAR


def _minutes(time: str) -> int:
    return int(time[:2]) * 60 + int(time[3:5])


def _grouped(scored: Iterable[_Scored], key: _Key) -> Mapping[tuple[str, ...], Sequence[_Scored]]:
    found: dict[tuple[str, ...], list[_Scored]] = defaultdict(list)
    for each in scored:
        found[key(each)].append(each)
    return {group: found[group] for group in sorted(found)}


def _points(scored: Iterable[_Scored]) -> tuple[int, int]:
    counted = [each for each in scored if each.scored]
    return sum(each.row["score"] for each in counted), sum(most(each.row["scale"]) for each in counted)


def _rate(scored: Iterable[_Scored]) -> float | None:
    points, possible = _points(scored)
    return points / possible if possible else None


def _sums(scored: Sequence[_Scored]) -> tuple[Any, ...]:
    left_out = sum(each.row["applicable"] is False for each in scored)
    counted = sum(each.scored for each in scored)
    return (*_points(scored), _rate(scored), counted, len(scored) - counted - left_out, left_out)


def _month(on: date) -> str:
    return f"{on:%Y-%m}"


def _notes(name: str) -> tuple[tuple[str, str], ...]:
    return (
        (f"{name}:得分率", "得分 ÷ 应得分;应得分 = 打了分的项的满分之和,不适用和没有打分的不算。"),
        (f"{name}:反复不合格", "同一对象的同一项,最近连续两次以上检查没有满分(5/0 的项为 0,0-5 的项低于 5);满分一次就重新数,不适用和没有打分的那次跳过。"),
    )  # fmt: skip
