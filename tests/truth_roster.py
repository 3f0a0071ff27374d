"""A second, plain count of the demo's hand-ins: which day's sheet came when, and what is late, blank, missing, and in a row. Dicts and loops."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from pipeline.demo.lines import Paper
from pipeline.demo.story import Story

DAY = timedelta(days=1)
DAILY, TRACKER, REGISTER = "销售活动日报表", "潜在顾客等级推进表", "来店(电)顾客登记表"


def came(story: Story, on: date) -> tuple[dict[str, datetime], dict[str, bool]]:
    """Return for each paper signed and in by a day when it first came, and whether it is blank as it was last."""
    first: dict[str, datetime] = {}
    blank: dict[str, bool] = {}
    for filing in story.filings:  # in the order they came
        for paper in filing.papers:
            if filing.received.date() <= on and signed(paper):
                first.setdefault(paper.scope, filing.received)
                blank[paper.scope] = not paper.lines
    return first, blank


def signed(paper: Paper) -> bool:
    return not any(line.slip == "unsigned" for line in paper.lines)


def marks(story: Story, on: date) -> dict[tuple[str, str], dict[date, str]]:
    """Return who, form → the day each sheet fell due, from the story's first day → its mark in 交表日历."""
    first, blank = came(story, on)
    opening = min(paper.on for filing in story.filings for paper in filing.papers if paper.form == "visitor_register")
    names = [person.name for person in story.consultants]
    found: dict[tuple[str, str], dict[date, str]] = {}
    day = opening
    while day <= on:
        wanted = [("全店", REGISTER, f"visitor_register|{day}")]
        wanted += [(name, DAILY, f"daily_activity|{name}|{day}") for name in names]
        if day.day == 1 and day > opening:
            month = f"{day - DAY:%Y-%m}"
            wanted += [(name, TRACKER, f"level_tracker|{name}|{month}") for name in names]
        for who, form, scope in wanted:
            if scope not in first:
                mark = "✗"
            else:
                mark = ("迟" if first[scope].date() > day else "") + ("空" if blank[scope] else "")
            found.setdefault((who, form), {})[day] = mark or "✓"
        day += DAY
    return found


def calendar(story: Story, on: date) -> dict[tuple[str, str], dict[str, str]]:
    """Return who, form → the marks of the month by day number."""
    return {
        key: {str(day.day): mark for day, mark in days.items() if (day.year, day.month) == (on.year, on.month)}
        for key, days in marks(story, on).items()
    }


def quality(story: Story, on: date) -> dict[str, dict[str, Any]]:
    """Return the figures of 表单质量 that are about hand-ins, by person."""
    table: dict[str, dict[str, Any]] = {}
    every = marks(story, on)
    for who in {who for who, _ in every}:
        mine = [days for (name, _), days in every.items() if name == who]
        month = [mark for days in mine for day, mark in days.items() if (day.year, day.month) == (on.year, on.month)]
        together = {day: [days[day] for days in mine if day in days] for days in mine for day in days}
        table[who] = {
            "应交": len(month),
            "已交": sum(mark != "✗" for mark in month),
            "迟交": sum("迟" in mark for mark in month),
            "缺交": month.count("✗"),
            "空表": sum("空" in mark for mark in month),
            "连续缺交": in_a_row(together, on, lambda said: "✗" in said),
            "连续按时": in_a_row(together, on, lambda said: set(said) <= {"✓", "空"}),
        }
    return table


def in_a_row(days: dict[date, list[str]], on: date, wanted: Any) -> int:
    number, day = 0, on
    while day in days and wanted(days[day]):
        number, day = number + 1, day - DAY
    return number


def to_press(story: Story, on: date) -> set[tuple[str, str, int, int, int]]:
    """Return who, form, days since the oldest fell due, how many are missing, how many of them in a row till today."""
    found = set()
    for (who, form), days in marks(story, on).items():
        missing = [day for day, mark in days.items() if mark == "✗" and day > on - 31 * DAY]
        if missing:
            newest_first = [mark for _, mark in sorted(days.items(), reverse=True)]
            row = next((place for place, mark in enumerate(newest_first) if mark != "✗"), len(newest_first))
            found.add((who, form, (on - min(missing)).days, len(missing), row))
    return found
