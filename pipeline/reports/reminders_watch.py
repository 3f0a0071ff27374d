"""Looks for what is too regular to be true in the visitor register, and asks about it; every question shows its rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any, Final

from pipeline.facts.gather import Facts
from pipeline.report import Column, Jump, Sheet, Source, Table
from pipeline.rulebook.rulebook import Rulebook
from pipeline.text import mask_in
from pipeline.view import Rowset

TOGETHER: Final = 12  # visits in one minute
LEAST: Final = 5  # rows of one consultant below which "always" says nothing
SHARED: Final = 20  # rows below which a share would mislead
_READ: Final = ("visited_on", "arrived_at", "consultant", "customer_name", "note", "captured", "visit_kind")
_ASKED: Final = (
    Column("编号", "count"), Column("事项"), Column("销售顾问"), Column("日期", "date"), Column("数目", "count", to=Jump("可疑明细")), Column("总数", "count"),
    Column("占比", "rate"), Column("想请教", "long"), Column("来源", "place"),
)  # fmt: skip
_ROWS: Final = (
    Column("编号", "count"), Column("事项"), Column("日期", "date"), Column("进店时间"), Column("销售顾问"), Column("客户"),
    Column("注释", "long"), Column("来源", "place"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Visit:
    """One row of the register."""

    on: date
    at: str
    who: str
    name: str
    note: str
    captured: bool
    other: bool
    number: int  # its place among the archive's rows


@dataclass(frozen=True, slots=True)
class _Question:
    """What is asked, of whom ('' = the whole store), about which rows, out of how many."""

    matter: str
    who: str
    rows: tuple[_Visit, ...]
    base: int
    asks: str


def watch(facts: Facts, rules: Rulebook) -> tuple[Sheet, Sheet]:
    """Return the questions and, on a second sheet, the rows each is about; over the window of house.yaml."""
    visits = _visits(facts, rules)
    asked = [*_together(visits), *_same_always(visits)]
    told = tuple(_told(facts, number, one) for number, one in enumerate(asked, 1))
    rows = tuple(
        (
            number,
            one.matter,
            row.on,
            row.at or None,
            row.who or None,
            row.name or None,
            row.note or None,
            _place(facts, row),
        )
        for number, one in enumerate(asked, 1)
        for row in one.rows
    )
    return (
        Sheet("可疑之处", "太整齐、想请当事人说说的地方", (Table("可疑之处", _ASKED, told, empty="没有要问的"),), f"共 {len(told)} 处"),
        Sheet("可疑明细", "每一处说的是哪些行", (Table("可疑明细", _ROWS, rows, empty="没有要问的"),)),
    )  # fmt: skip


def _visits(facts: Facts, rules: Rulebook) -> list[_Visit]:
    """Return the register's rows of the window, by day and time, else as they stand in the archive."""
    first = facts.on - timedelta(days=rules.house.window_days - 1)
    rowset = facts.view.tables.get("visit", Rowset(_READ))
    columns = [rowset.column(name) for name in _READ]
    masked = cache(mask_in) if rules.privacy.mask_phones else str  # names and notes come again and again
    found = [
        _Visit(
            on,
            at or "",
            who or "",
            masked(name or ""),
            masked((note or "").strip()),
            bool(captured),
            kind == "other",
            number,
        )
        for number, (on, at, who, name, note, captured, kind) in enumerate(zip(*columns, strict=True))
        if on is not None and first <= on <= facts.on
    ]
    return sorted(found, key=lambda visit: (visit.on, visit.at, visit.number))


def _together(visits: Sequence[_Visit]) -> Iterator[_Question]:
    minutes: dict[tuple[date, str], list[_Visit]] = defaultdict(list)
    days: dict[date, int] = defaultdict(int)
    for visit in visits:
        days[visit.on] += 1
        if visit.at:
            minutes[visit.on, visit.at].append(visit)
    for (on, at), rows in minutes.items():
        if len(rows) >= TOGETHER:
            asks = f"{at} 这一分钟登记了 {len(rows)} 批,是一起来的,还是事后一起补写的?"
            yield _Question("同一分钟", "", tuple(rows), days[on], asks)


def _same_always(visits: Sequence[_Visit]) -> Iterator[_Question]:
    people: dict[str, list[_Visit]] = defaultdict(list)
    for visit in visits:
        if visit.who:
            people[visit.who].append(visit)
    for who, rows in sorted(people.items()):
        noted = [row for row in rows if row.note]
        if len(noted) >= LEAST and len({row.note for row in noted}) == 1:
            asks = f"{len(noted)} 条注释都是「{noted[0].note}」,每位客户当时到底谈了什么?"
            yield _Question("注释全一样", who, tuple(noted), len(noted), asks)
        timed = [row for row in rows if row.at]
        if len(timed) >= LEAST and all(row.at.endswith(":00") for row in timed):
            asks = f"{len(timed)} 个进店时间都是整点,是当场看的表,还是事后估的?"
            yield _Question("时间全是整点", who, tuple(timed), len(timed), asks)
        counted = [row for row in rows if not row.other]
        if len(counted) >= LEAST and not any(row.captured for row in counted):
            asks = f"接待 {len(counted)} 批,一个电话也没有留下,是怎么问的?要不要帮一把?"
            yield _Question("从没留下电话", who, tuple(counted), len(counted), asks)


def _place(facts: Facts, row: _Visit) -> Source:
    return facts.place("visit", row.number)


def _told(facts: Facts, number: int, one: _Question) -> tuple[Any, ...]:
    days = {row.on for row in one.rows}
    on = next(iter(days)) if len(days) == 1 else None
    share = len(one.rows) / one.base if one.base >= SHARED else None
    return (
        number,
        one.matter,
        one.who or "全店",
        on,
        len(one.rows),
        one.base,
        share,
        one.asks,
        _place(facts, one.rows[0]),
    )
