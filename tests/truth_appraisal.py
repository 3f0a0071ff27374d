"""A second, plain count over the demo's story: what each consultant's year holds. Dicts and loops."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from typing import Any

from pipeline.demo.story import Story
from tests import truth_roster
from tests.truth import DAY, Known, captured, known, rate
from tests.truth_people import CONTACT_KINDS, people


def year(story: Story, on: date) -> dict[str, dict[str, Any]]:
    """Return consultant → the figures of 年度数据 that are counted here another way."""
    found, first = known(story, on), on.replace(month=1, day=1)
    every = truth_roster.marks(story, on)
    kept = plans(found, first, on)
    fresh = Counter(p.consultant for p in people(found).values() if p.prospect and p.first and first <= p.first <= on)
    calls = {(v.phone, v.done_on): v.consultant for v in found.owner_visits if v.done_on}
    for activity in found.activities:
        if activity.kind == "owner_visit" and activity.reached is not False and activity.phone:
            calls.setdefault((activity.phone, activity.worked_on), activity.consultant)
    table = {}
    for person in story.consultants:
        mine = [v for v in found.counted if v.consultant == person.name and v.visited_on >= first]
        marks = [mark for (who, _), days in every.items() if who == person.name for mark in days.values()]
        all_plans, in_time = kept[person.name]
        table[person.name] = {
            "考核年度": str(on.year), "来店批次": sum(v.channel == "walk_in" for v in mine), "来电批次": sum(v.channel == "call_in" for v in mine),
            "留档数": captured(mine), "新增意向": fresh[person.name], "应回访": all_plans, "按时回访": in_time, "按时回访率": rate(in_time, all_plans),
            "车主回访": sum(who == person.name for who in calls.values()), "应交表": len(marks), "迟交": sum("迟" in mark for mark in marks),
            "缺交": marks.count("✗"),
        }  # fmt: skip
    return table


def plans(found: Known, first: date, on: date) -> dict[str, tuple[int, int]]:
    """Return consultant → plans of the period, and how many were kept by a try up to their day."""
    tries: dict[str | None, set[date]] = defaultdict(set)
    for contact in found.follow_ups:
        tries[contact.phone] |= {contact.done_on} if contact.done_on else set()
    for activity in found.activities:
        tries[activity.phone] |= {activity.worked_on} if activity.kind in CONTACT_KINDS else set()
    for visit in found.visits:
        tries[visit.phone].add(visit.visited_on)
    asked: dict[tuple[str, date], tuple[str, bool]] = {}
    for contact in found.follow_ups:
        made = [(contact.planned_on, contact.planned_on - DAY)] if contact.planned_on else []
        made += [(contact.next_on, contact.done_on)] if contact.next_on and contact.done_on else []
        for due, since in made:
            early = due == contact.planned_on and contact.done_on is not None and contact.done_on <= due
            kept = early or any(since < day <= due for day in tries[contact.phone])
            who, before = asked.get((contact.phone, due), (contact.consultant, False))
            asked[contact.phone, due] = (who, kept or before)
    counted: dict[str, list[bool]] = defaultdict(list)
    for (_, due), (who, kept) in asked.items():
        if first <= due < on or (due == on and kept):
            counted[who].append(kept)
    return defaultdict(lambda: (0, 0), {who: (len(kept), sum(kept)) for who, kept in counted.items()})
