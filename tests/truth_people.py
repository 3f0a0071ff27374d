"""A second, plain count over the demo's story: every person's state, who should be contacted when, and a manager's figures.

Contract section 7 to the letter, over the lines that `truth.known` gives.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pipeline.demo.lines import Activity, Customer, Deal, FollowUp, Line, OwnerVisit, Prospect, Visit
from tests.truth import DAY, Known, captured, lines, mean_stay, rate

INTERVAL = {"O": 7, "H": 2, "A": 7, "B": 14, "C": 30}
TRACKER, CARD, DAILY, REGISTER = 4, 3, 2, 1
CONTACT_KINDS = ("reception", "follow_up", "test_drive")
CLOSED = ("ordered", "delivered", "lost", "dormant")
# The day on which a line speaks of its customer.
_DATED: dict[type, str] = {
    Visit: "visited_on", Prospect: "first_contact_on", FollowUp: "done_on", Customer: "first_contact_on", Deal: "ordered_on",
    OwnerVisit: "done_on", Activity: "worked_on",
}  # fmt: skip


@dataclass
class Person:
    """Everything one phone number says, in the order of the papers; `prospect` tells whether the person counts as one."""

    phone: str
    consultant: str = ""
    name: str = ""
    prospect: bool = False
    heard: date | None = None
    stated_first: list[date] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)
    follow_ups: list[FollowUp] = field(default_factory=list)
    activities: list[Activity] = field(default_factory=list)
    deals: list[Deal] = field(default_factory=list)
    sources: list[tuple[date, int, str]] = field(default_factory=list)  # day, rank, source
    said: list[tuple[date, bool, int, int, str]] = field(
        default_factory=list
    )  # day, closed, rank, later, level or outcome

    def take(self, line: Line) -> None:
        """Whoever speaks of the person last has the person; a plan that is not carried out says nothing."""
        day = getattr(line, _DATED[type(line)]) if type(line) in _DATED else None
        if day and (not self.heard or day >= self.heard):
            self.heard, self.consultant = day, line.consultant
        self.consultant = self.consultant or line.consultant

    @property
    def first(self) -> date | None:
        seen = [visit.visited_on for visit in self.visits if visit.visit_kind != "other"]
        return min(self.stated_first, default=None) or min(seen, default=None)

    def say(self, day: date, rank: int, word: str | None, *, later: int = 1) -> None:
        if word and word != "open":
            self.said.append((day, word in CLOSED, rank, later, word))

    def state(self, day: date) -> str:
        """The state at the end of a day: a level, an outcome, or '' for an open one of no level."""
        past = [each for each in self.said if each[0] <= day]
        return max(past)[4] if past else ""

    def open(self, day: date) -> bool:
        return self.prospect and self.first is not None and self.first <= day and self.state(day) not in CLOSED


def people(found: Known) -> dict[str, Person]:
    table: dict[str, Person] = {}
    for line in lines(found):
        if line.phone is None:
            continue
        person = table.setdefault(line.phone, Person(line.phone))
        person.take(line)
        person.name = line.customer_name
        _hear(person, line)
    return table


def _hear(person: Person, line: Line) -> None:
    if isinstance(line, Visit):
        person.visits.append(line)
        person.sources.append((line.visited_on, REGISTER, line.source))
        person.prospect |= line.visit_kind != "other"
        person.say(line.visited_on, REGISTER, "ordered" if line.ordered else line.level)
    elif isinstance(line, Prospect):
        person.prospect = True
        person.stated_first.append(line.first_contact_on)
        person.sources.append(
            (max(line.first_contact_on, date.fromisoformat(f"{line.month}-01")), TRACKER, line.source)
        )
        # A level carried over is what stood at 00:00 of the 1st.
        person.say(
            max(line.first_contact_on, date.fromisoformat(f"{line.month}-01") - DAY),
            TRACKER,
            line.opening_level,
            later=0,
        )
    elif isinstance(line, Customer):
        person.prospect = True
        person.stated_first.append(line.first_contact_on)
        person.sources.append((line.first_contact_on, CARD, line.source))
        person.say(line.first_contact_on, CARD, line.level, later=0)
    elif isinstance(line, FollowUp):
        person.follow_ups.append(line)
        if line.done_on and line.reached:
            closed = line.outcome if line.outcome != "open" else line.level_after
            person.say(line.done_on, TRACKER if line.form == "level_tracker" else CARD, closed)
    elif isinstance(line, Deal):
        person.deals.append(line)
        person.say(line.ordered_on, CARD, "ordered")
        if line.delivered_on:
            person.say(line.delivered_on, CARD, "delivered")
    elif isinstance(line, Activity):
        person.activities.append(line)
        word = {"order": "ordered", "delivery": "delivered"}.get(line.kind) or line.outcome or line.level_after
        person.say(line.worked_on, DAILY, word)


# ── 逾期跟进 ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def last_contact(person: Person, on: date) -> date:
    days = [f.done_on for f in person.follow_ups if f.done_on and f.reached]
    days += [a.worked_on for a in person.activities if a.kind in CONTACT_KINDS and a.reached is not False]
    days += [v.visited_on for v in person.visits]
    assert person.first is not None
    return max((day for day in days if day <= on), default=person.first)


def plan_of(person: Person, on: date) -> date | None:
    tried = {f.done_on for f in person.follow_ups if f.done_on} | {v.visited_on for v in person.visits}
    tried |= {a.worked_on for a in person.activities if a.kind in CONTACT_KINDS}
    dated = [(f.done_on or f.planned_on, f) for f in person.follow_ups if f.done_on is None or f.done_on <= on]
    newest = max((day for day, _ in dated if day), default=None)
    plans = [f.next_on if f.done_on else f.planned_on for day, f in dated if day == newest]
    return min((plan for plan in plans if plan and plan not in tried), default=None)


def due(person: Person, on: date) -> tuple[date, str] | None:
    """Return when the person should be contacted and why, or nothing for one who is closed."""
    if not person.open(on):
        return None
    last, plan = last_contact(person, on), plan_of(person, on)
    if last == person.first:
        when, basis = last + DAY, "首次"
    else:
        when, basis = last + INTERVAL[person.state(on)] * DAY, "级别周期"
    return (plan, "计划") if plan and last < plan <= when else (when, basis)


def overdue(found: Known, on: date) -> dict[str, tuple[date, int, str]]:
    """Return phone → due date, days overdue, basis, for everybody overdue by a day or more."""
    table = {}
    for phone, person in people(found).items():
        answer = due(person, on)
        if answer and answer[0] < on:
            table[phone] = (answer[0], (on - answer[0]).days, answer[1])
    return table


def due_on(found: Known, on: date, day: date) -> set[str]:
    """Return the phones of those due on a day, as seen on another."""
    return {phone for phone, person in people(found).items() if (answer := due(person, on)) and answer[0] == day}


# ── 经营汇总 ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def ordered_on(person: Person) -> date | None:
    sources = (
        [deal.ordered_on for deal in person.deals],
        [f.done_on for f in person.follow_ups if f.outcome == "ordered" and f.done_on],
        [v.visited_on for v in person.visits if v.ordered],
        [a.worked_on for a in person.activities if a.kind == "order"],
    )
    return next((min(days) for days in sources if days), None)


def delivered_on(person: Person) -> date | None:
    sources = (
        [deal.delivered_on for deal in person.deals if deal.delivered_on],
        [f.done_on for f in person.follow_ups if f.outcome == "delivered" and f.done_on],
        [a.worked_on for a in person.activities if a.kind == "delivery"],
    )
    return next((min(days) for days in sources if days), None)


def lost_on(person: Person) -> date | None:
    days = [f.done_on for f in person.follow_ups if f.outcome == "lost" and f.done_on]
    return min([*days, *(a.worked_on for a in person.activities if a.outcome == "lost")], default=None)


def drives(person: Person) -> set[date]:
    return {v.visited_on for v in person.visits if v.test_driven} | {
        a.worked_on for a in person.activities if a.kind == "test_drive"
    }


def figures(found: Known, first: date, last: date) -> dict[str, Any]:
    """Return the rows of 概览 over one period, both days included."""
    visits = [visit for visit in found.counted if first <= visit.visited_on <= last]
    persons = list(people(found).values())

    def within(day: date | None) -> bool:
        return day is not None and first <= day <= last

    new = sum(person.prospect and within(person.first) for person in persons)
    stock = sum(person.open(first - DAY) for person in persons)
    orders, lost = (sum(within(when(person)) for person in persons) for when in (ordered_on, lost_on))
    return {
        "来店批次": sum(v.channel == "walk_in" for v in visits),
        "来电批次": sum(v.channel == "call_in" for v in visits),
        "留档数": captured(visits),
        "留档率": rate(captured(visits), len(visits)),
        "新增意向": new,
        "试驾": sum(within(day) for person in persons for day in drives(person)),
        "订单": orders,
        "交车": sum(within(delivered_on(person)) for person in persons),
        "战败": lost,
        "成交率": rate(orders, captured(visits)),
        "战败率": rate(lost, stock + new),
        "平均停留分钟": mean_stay(visits),
    }


def overview(found: Known, on: date) -> dict[str, dict[str, Any]]:
    """Return 概览, column by column."""
    month = on.replace(day=1)
    before = (month - DAY).replace(day=1)
    same = min(before + (on - month), month - DAY)
    return {
        "今日": figures(found, on, on), "本月累计": figures(found, month, on), "上月同期": figures(found, before, same),
        "本年累计": figures(found, on.replace(month=1, day=1), on),
    }  # fmt: skip


def channels(found: Known, on: date) -> dict[str, dict[str, Any]]:
    """Return 渠道产出: channel of the first visit and source first said → new prospects and orders of the month and the year."""
    words = {"walk_in": "来店", "call_in": "来电", "": "未来店来电"}
    starts = {"本月": on.replace(day=1), "本年": on.replace(month=1, day=1)}
    table: dict[str, Counter[str]] = defaultdict(Counter)
    for person in people(found).values():
        first = min(((v.visited_on, v.channel) for v in person.visits if v.visit_kind != "other"), default=(on, ""))
        way = f"{words[first[1]]} · {min(person.sources, default=(on, 0, '未填'))[2]}"
        ordered = ordered_on(person)
        for name, start in starts.items():
            table[way][f"{name}新增意向"] += bool(person.prospect and person.first and start <= person.first <= on)
            table[way][f"{name}订单"] += bool(ordered and start <= ordered <= on)
    return {
        way: {**row, "本年产出率": rate(row["本年订单"], row["本年新增意向"])}
        for way, row in table.items()
        if any(row.values())
    }


def levels(found: Known, on: date) -> dict[str, Counter[str]]:
    """Return 级别分布: consultant → level → open prospects."""
    table: dict[str, Counter[str]] = defaultdict(Counter)
    for person in people(found).values():
        if person.open(on):
            table[person.consultant][person.state(on) or "未定级"] += 1
    return table


def moves(found: Known, on: date) -> dict[str, Counter[str]]:
    """Return 级别推进: level at the month's start → state at the day; new ones in a row of their own."""
    month = on.replace(day=1)
    names = {"ordered": "订单", "delivered": "订单", "lost": "战败", "dormant": "休眠"}
    table: dict[str, Counter[str]] = defaultdict(Counter)
    for person in people(found).values():
        start = "本月新增" if person.prospect and person.first and month <= person.first <= on else ""
        if person.open(month - DAY):
            start = person.state(month - DAY)
        if start:
            now = person.state(on)
            table[start][names.get(now, now)] += 1
    return table
