"""客户拜访, before its sheets are drawn: which reports are one visit, which visit answers which plan, which promise is still owed.

visit_report rows ─ visits ─→ Visit (one per visitor, client, day and part of the day, whoever was seen there)
visit_plan rows + Visits ─ outings ─→ Outing (a plan with its visit, a plan without one, a visit nobody planned)
Visits ─ owed ─→ Promise (made, and not answered since)
Visits of a month ─ drawn ─→ the ones to check, the same whenever it is asked
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from typing import Any, Final, Literal, TypeAlias

from pipeline.ledgers import Row
from pipeline.rulebook.visits import Appointment, SpotCheck, Visits
from pipeline.text import narrow

State: TypeAlias = Literal["未执行", "待报告", "未到日子", "计划外", "改期", "按计划"]
Verdict: TypeAlias = Literal["有效", "无效", "不完整", "未定"]
_NOTHING: Final = frozenset({"", "无", "没有", "暂无", "/", "-"})
_HALVES: Final = (("12:00", "morning"), ("18:00", "afternoon"), ("24:00", "evening"))


@dataclass(frozen=True)
class Visit:
    """One visit: who went where, when, and the report's rows of it, as many as people were seen."""

    visitor: str
    client: str
    on: date
    period: str
    rows: tuple[Row, ...]

    @property
    def key(self) -> str:
        """The visit's identity, by which a sample is drawn."""
        return "|".join((*map(alike, (self.visitor, self.client)), self.on.isoformat(), self.period))

    def said(self, name: str) -> str:
        """Return what the rows say of a field, each thing once."""
        return "、".join(dict.fromkeys(str(row[name]) for row in self.rows if row.get(name)))

    def first(self, name: str) -> Any:
        """Return the first row's word on a field, None where none has one."""
        return next((row[name] for row in self.rows if row.get(name) is not None), None)

    def lacks(self, asked: Visits) -> tuple[str, ...]:
        """Return what a complete report has and this one has not."""
        return tuple(name for name in asked.complete if not self.said(name))

    def verdict(self, asked: Visits) -> Verdict:
        """Return whether it counts: judged invalid, or not filled in, or not judged yet, or valid."""
        judged = {row.get("valid") for row in self.rows} - {None}
        if "no" in judged:
            return "无效"
        return "不完整" if self.lacks(asked) else "有效" if judged else "未定"


@dataclass(frozen=True)
class Outing:
    """A plan and the visit that came of it; one of the two may be None."""

    plan: Row | None
    visit: Visit | None
    state: State

    @property
    def row(self) -> Row:
        """The row it is shown by: the report's, else the plan's."""
        return self.visit.rows[0] if self.visit else self.plan or {}

    @property
    def visitor(self) -> str:
        """Who went, or was to go."""
        return str(self.row["visitor"])

    @property
    def on(self) -> date:
        """The day it was planned for, or took place."""
        day: date = self.plan["planned_on"] if self.plan else self.row["visited_on"]
        return day


@dataclass(frozen=True)
class Promise:
    """What a client was promised on a visit, the first visit afterwards that did not answer it, and since when it is overdue."""

    made: Visit
    text: str
    due_on: date | None
    unanswered: Visit | None
    late_since: date | None


def alike(name: object) -> str:
    """Return a name as it is compared: full-width or spaced letters are no other client, what stands in brackets is."""
    return "".join(narrow(str(name or "")).casefold().split())


def visits(rows: Iterable[Row], until: date) -> list[Visit]:
    """Return the visits up to a day, oldest first; several rows of one client and part of the day are one."""
    days: dict[tuple[str, str, date], dict[str, list[Row]]] = {}
    for row in sorted(rows, key=lambda row: str(row["_key"])):
        if row.get("visited_on") and row["visited_on"] <= until:
            parts = days.setdefault((alike(row["visitor"]), alike(row["client_name"]), row["visited_on"]), {})
            parts.setdefault(_period(row), []).append(row)
    found = []
    for (_, _, on), parts in days.items():
        if "" in parts and len(parts) == 2:  # noqa: PLR2004 - a row without its part of the day, and one part it can be
            (named,) = set(parts) - {""}
            parts[named] += parts.pop("")
        for period, own in parts.items():
            found.append(Visit(str(own[0]["visitor"]), str(own[0]["client_name"]), on, period, tuple(own)))
    return sorted(found, key=lambda visit: (visit.on, visit.first("arrived_at") or "", visit.key))


def _period(row: Row) -> str:
    hour = row.get("arrived_at") or row.get("agreed_at")
    return str(row.get("period") or (next(part for end, part in _HALVES if hour < end) if hour else ""))


def outings(plans: Iterable[Row], done: Sequence[Visit], asked: Visits, on: date) -> list[Outing]:
    """Return every plan with the visit that answers it, then the visits nobody planned.

    The same day comes first, with the same part of the day where both say it; then the nearest day within `moved_days`, for plans whose
    day has come. A visit answers one plan.
    """
    open_ = sorted(
        (row for row in plans if row.get("planned_on")), key=lambda row: (row["planned_on"], str(row["_key"]))
    )
    pairs = sorted(_pairs(open_, done, asked.moved_days, on))
    taken: dict[int, int] = {}
    for _, plan, visit in pairs:
        if plan not in taken and visit not in taken.values():
            taken[plan] = visit
    found = [_outing(row, done[taken[place]] if place in taken else None, asked, on) for place, row in enumerate(open_)]
    free = [visit for place, visit in enumerate(done) if place not in taken.values()]
    return [*found, *(Outing(None, visit, "计划外") for visit in free)]


def _pairs(
    plans: Sequence[Row], done: Sequence[Visit], moved_days: int, on: date
) -> Iterator[tuple[tuple[int, int], int, int]]:
    """Yield (how far apart, plan, visit) of the same visitor and client; the nearest is taken first."""
    by: dict[tuple[str, str], list[int]] = {}
    for place, visit in enumerate(done):
        by.setdefault((alike(visit.visitor), alike(visit.client)), []).append(place)
    for number, row in enumerate(plans):
        for place in by.get((alike(row.get("visitor")), alike(row.get("client_name"))), ()):
            days = abs((done[place].on - row["planned_on"]).days)
            if days == 0 or (days <= moved_days and row["planned_on"] <= on):
                yield (days, int(_period(row) != done[place].period)), number, place


def _outing(plan: Row, visit: Visit | None, asked: Visits, on: date) -> Outing:
    if visit:
        return Outing(plan, visit, "按计划" if visit.on == plan["planned_on"] else "改期")
    if plan["planned_on"] > on:
        return Outing(plan, None, "未到日子")
    late = on > plan["planned_on"] + timedelta(days=asked.report_days_after)
    return Outing(plan, None, "未执行" if late else "待报告")


def needs_call(plan: Row, asked: Appointment) -> bool:
    """Say whether the client is to be rung up before: not where all purposes, or the visitor's role, are excepted."""
    purposes = str(plan.get("purposes") or "").split("、")
    return plan.get("visitor_role") not in asked.except_roles and not set(purposes) <= set(asked.except_purposes)


def last_before(done: Sequence[Visit], client: object, on: date) -> Visit | None:
    """Return the newest visit to a client before a day, whoever went."""
    return next((visit for visit in reversed(done) if visit.on < on and alike(visit.client) == alike(client)), None)


def owed(done: Sequence[Visit], on: date) -> list[Promise]:
    """Return the promises nobody has answered, longest overdue first.

    An answer on a later visit settles the newest promise made before it. One is overdue from the next visit without an answer, or from the
    day it was promised for, whichever is earlier.
    """
    clients: dict[str, list[Visit]] = {}
    for visit in done:
        clients.setdefault(alike(visit.client), []).append(visit)
    found = [promise for own in clients.values() for promise in _owed(own, on)]
    return sorted(found, key=lambda each: (each.late_since or date.max, each.made.on, each.made.key))


def _owed(own: Sequence[Visit], on: date) -> Iterator[Promise]:
    waiting: list[tuple[Visit, Visit | None]] = []  # the visit it was made on, the first one that did not answer it
    for visit in own:
        earlier = [each for each in waiting if each[0].on < visit.on or each[0].period != visit.period]
        if earlier and _told(visit, "answer"):
            waiting.remove(earlier[-1])
        waiting = [(made, silent or (visit if (made, silent) in earlier else None)) for made, silent in waiting]
        if _told(visit, "promise"):
            waiting.append((visit, None))
    for made, silent in waiting:
        due: date | None = made.first("promise_due_on")
        since = [day for day in (silent.on if silent else None, due) if day]
        late = min(since, default=None)
        yield Promise(made, _told(made, "promise"), due, silent, late if late and (silent or late < on) else None)


def _told(visit: Visit, name: str) -> str:
    """Return what was promised or answered; 无 is nothing."""
    said = visit.said(name)
    return "" if said.strip("。. ") in _NOTHING else said


def drawn(done: Sequence[Visit], check: SpotCheck) -> list[tuple[str, Visit]]:
    """Return (month, visit) of the sample: of each month's visits the first so many by a hash of seed, month and visit.

    Nothing but the visits themselves decides: asked again, the same ones come out.
    """
    months: dict[str, list[Visit]] = {}
    for visit in done:
        months.setdefault(f"{visit.on:%Y-%m}", []).append(visit)
    found: list[tuple[str, Visit]] = []
    for month, own in sorted(months.items(), reverse=True):
        ranked = sorted(own, key=lambda visit: sha256(f"{check.seed}|{month}|{visit.key}".encode()).hexdigest())
        count = max(
            math.ceil(check.share * len(own) - 1e-9), check.least
        )  # 0.1 of 30 is 3, whatever a float makes of it
        found += [(month, visit) for visit in sorted(ranked[:count], key=lambda visit: (visit.on, visit.key))]
    return found


def tally(items: Iterable[Outing], asked: Visits) -> Mapping[str, dict[str, int]]:
    """Return per visitor how many outings are in each state, and how many visits got each verdict."""
    found: dict[str, dict[str, int]] = {}
    for each in items:
        own = found.setdefault(each.visitor, {})
        own[each.state] = own.get(each.state, 0) + 1
        if each.visit:
            verdict = each.visit.verdict(asked)
            own[verdict] = own.get(verdict, 0) + 1
    return dict(sorted(found.items()))
