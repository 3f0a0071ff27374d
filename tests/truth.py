"""A second, plain count over the demo's story: who came and when. Dicts and loops, nothing of the pipeline's own reading or reports.

Contract section 7 to the letter. `known` says what a reader without fault must hold on a business day: of every scope the last paper handed in
till then, without the lines that are spelt wrong on it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from pipeline.demo.lines import Activity, Customer, Deal, FollowUp, Line, OwnerVisit, Paper, Plan, Prospect, Visit
from pipeline.demo.story import Story

HOLIDAYS = {date(2026, 9, 25), date(2026, 9, 26), date(2026, 9, 27), *(date(2026, 10, day) for day in range(1, 8))}
WORKED_WEEKENDS = {date(2026, 9, 20), date(2026, 10, 10)}
DAY = timedelta(days=1)


@dataclass
class Known:
    """The readable lines by kind."""

    visits: list[Visit] = field(default_factory=list)
    prospects: list[Prospect] = field(default_factory=list)
    follow_ups: list[FollowUp] = field(default_factory=list)
    customers: list[Customer] = field(default_factory=list)
    deals: list[Deal] = field(default_factory=list)
    owner_visits: list[OwnerVisit] = field(default_factory=list)
    activities: list[Activity] = field(default_factory=list)
    plans: list[Plan] = field(default_factory=list)

    @property
    def counted(self) -> list[Visit]:
        """Visits that count: those of kind other do not."""
        return [visit for visit in self.visits if visit.visit_kind != "other"]


def known(story: Story, on: date) -> Known:
    """Return what is readable on the evening of a business day."""
    latest: dict[str, Paper] = {}
    for filing in story.filings:
        if filing.received.date() <= on:
            latest |= {paper.scope: paper for paper in filing.papers}
    found = Known()
    lists: dict[type, list[Any]] = {
        Visit: found.visits, Prospect: found.prospects, FollowUp: found.follow_ups, Customer: found.customers, Deal: found.deals,
        OwnerVisit: found.owner_visits, Activity: found.activities, Plan: found.plans,
    }  # fmt: skip
    for paper in latest.values():
        for line in paper.lines:
            if not line.slip:
                lists[type(line)].append(line)
    return found


def lines(found: Known) -> list[Line]:
    """Return all lines, kind by kind."""
    return [
        *found.visits,
        *found.prospects,
        *found.follow_ups,
        *found.customers,
        *found.deals,
        *found.owner_visits,
        *found.activities,
        *found.plans,
    ]


# ── 来店规律 ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def day_type(on: date) -> str:
    if on in HOLIDAYS:
        return "法定假"
    if on in WORKED_WEEKENDS:
        return "调休上班"
    return "周末" if on.weekday() >= 5 else "工作日"


def in_window(found: Known, on: date) -> list[Visit]:
    return [visit for visit in found.counted if on - 89 * DAY <= visit.visited_on <= on]


def minutes(clock: str) -> int:
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)


def mean_stay(visits: list[Visit]) -> float | None:
    stays = [minutes(v.left_at) - minutes(v.arrived_at) for v in visits if v.channel == "walk_in"]
    return sum(stays) / len(stays) if stays else None


def rate(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def captured(visits: list[Visit]) -> int:
    return sum(visit.phone is not None for visit in visits)


def by_day(found: Known, on: date) -> dict[date, dict[str, Any]]:
    groups: dict[date, list[Visit]] = defaultdict(list)
    for visit in in_window(found, on):
        groups[visit.visited_on].append(visit)
    return {
        day: {
            "日类型": day_type(day),
            "来店批次": sum(v.channel == "walk_in" for v in visits),
            "来电批次": sum(v.channel == "call_in" for v in visits),
            "合计批次": len(visits),
            "留档数": captured(visits),
            "未留档数": len(visits) - captured(visits),
            "留档率": rate(captured(visits), len(visits)),
            "现场订购": sum(v.ordered for v in visits),
            "平均停留分钟": mean_stay(visits),
        }
        for day, visits in groups.items()
    }


def by_weekday(found: Known, on: date) -> dict[str, dict[str, Any]]:
    visits = in_window(found, on)
    open_days = {visit.visited_on for visit in found.visits if on - 89 * DAY <= visit.visited_on <= on}
    table = {}
    for number, name in enumerate("一二三四五六日"):
        mine = [visit for visit in visits if visit.visited_on.weekday() == number]
        days = sum(day.weekday() == number for day in open_days)
        table[f"星期{name}"] = {
            "天数": days, "合计批次": len(mine), "日均批次": rate(len(mine), days), "占比": rate(len(mine), len(visits)),
            "留档率": rate(captured(mine), len(mine)),
        }  # fmt: skip
    return table


def by_hour(found: Known, on: date) -> dict[str, Counter[str]]:
    table: dict[str, Counter[str]] = {f"星期{name}": Counter() for name in "一二三四五六日"}
    for visit in in_window(found, on):
        hour = int(visit.arrived_at[:2])
        table[f"星期{'一二三四五六日'[visit.visited_on.weekday()]}"][f"{hour}时" if 8 <= hour <= 20 else "其他"] += 1
    return table


def capture_by_consultant(found: Known, on: date) -> dict[str, dict[str, Any]]:
    table = {}
    for name in {visit.consultant for visit in in_window(found, on)}:
        mine = [visit for visit in in_window(found, on) if visit.consultant == name]
        got = captured(mine)
        table[name] = {
            "接待批次": len(mine),
            "留档数": got,
            "未留档数": len(mine) - got,
            "留档率": rate(got, len(mine)),
        }
    return table
