"""What each paper says on a given evening: the register of a day, a consultant's tracker, cards and daily report."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby

from pipeline.demo.lines import Activity, Customer, FollowUp, Line, OwnerVisit, Paper, Plan, Prospect, Visit
from pipeline.demo.people import HABITS
from pipeline.demo.pursuit import REVISITS, Pursuit, Touch
from pipeline.demo.seasons import OPENING
from pipeline.demo.showroom import Showroom
from pipeline.demo.slips import Slips

_LISTED = frozenset("HAB")


@dataclass(frozen=True)
class Desk:
    """All that happened, sorted for writing up; asked for the papers of an evening, it knows nothing of later days."""

    pursuits: tuple[Pursuit, ...]
    visits: dict[date, tuple[Visit, ...]]
    activities: dict[tuple[str, date], tuple[Activity, ...]]
    plans: dict[tuple[str, date], tuple[Plan, ...]]
    slips: Slips


def desk(room: Showroom, slips: Slips) -> Desk:
    """Return the showroom's happenings by day and consultant."""
    visits = sorted(room.visits, key=lambda visit: (visit.visited_on, visit.arrived_at))
    activities = sorted(room.activities, key=lambda line: (line.consultant, line.worked_on))
    plans = sorted(room.plans, key=lambda line: (line.consultant, line.made_on))
    return Desk(
        pursuits=tuple(room.pursuits),
        visits={on: tuple(lines) for on, lines in groupby(visits, key=lambda visit: visit.visited_on)},
        activities={
            key: tuple(lines) for key, lines in groupby(activities, key=lambda line: (line.consultant, line.worked_on))
        },
        plans={key: tuple(lines) for key, lines in groupby(plans, key=lambda line: (line.consultant, line.made_on))},
        slips=slips,
    )


def register(papers: Desk, on: date, evening: date) -> Paper:
    """Return the register of a day as it lay there on an evening."""
    lines: list[Line] = []
    for number, visit in enumerate(papers.visits.get(on, ())):
        lines += papers.slips.visit(visit, number, evening)
    return Paper("visitor_register", f"visitor_register|{on}", on, "", tuple(lines))


def daily(papers: Desk, name: str, on: date, evening: date) -> Paper:
    """Return a consultant's daily report of a day."""
    done = papers.activities.get((name, on), ())
    lines: list[Line] = [papers.slips.activity(line, number, evening) for number, line in enumerate(done)]
    lines += [papers.slips.plan(line, evening) for line in papers.plans.get((name, on), ())]
    return Paper("daily_activity", f"daily_activity|{name}|{on}", on, name, tuple(lines))


def tracker(papers: Desk, name: str, month: date, evening: date) -> Paper:
    """Return a consultant's tracker of a month: C alone is not listed, everybody else is, with contacts and the standing plan."""
    lines: list[Line] = []
    until = min(evening, _month_end(month))
    for pursuit in papers.pursuits:
        if pursuit.customer.consultant == name:
            lines += _tracked(papers, pursuit, month, until, evening)
    return Paper("level_tracker", f"level_tracker|{name}|{month:%Y-%m}", month, name, tuple(lines))


def cards(papers: Desk, name: str, evening: date) -> tuple[Paper, ...]:
    """Return a consultant's customer cards, back and front apart; a card is made the day after the customer was met."""
    found = []
    for pursuit in papers.pursuits:
        customer = pursuit.customer
        met = customer.first_contact_on
        if customer.consultant != name or met > evening or (met == evening and not HABITS[name].nightly):
            continue
        if not _bought_before(pursuit):
            lines = (customer, *_contacts(papers, pursuit, evening))
            found.append(Paper("customer_card", f"customer_card|back|{customer.phone}", met, name, lines))
        front = _front(papers, pursuit, evening)
        if front:
            found.append(Paper("customer_card", f"customer_card|front|{customer.phone}", met, name, front))
    return tuple(found)


def _tracked(papers: Desk, pursuit: Pursuit, month: date, until: date, evening: date) -> list[Line]:
    customer = pursuit.customer
    before = [touch for touch in pursuit.touches if touch.on < month]
    inside = [touch for touch in pursuit.touches if month <= touch.on <= until]
    if customer.first_contact_on > until or _bought_before(pursuit) or any(touch.outcome != "open" for touch in before):
        return []
    opening = next((touch.level_after for touch in reversed(before) if touch.level_after), customer.level)
    if not _LISTED & {opening, *(touch.level_after or "" for touch in inside)}:
        return []
    head = Prospect(
        consultant=customer.consultant, customer_name=customer.customer_name, phone=customer.phone, model=customer.model,
        source=customer.source, first_contact_on=customer.first_contact_on, opening_level=opening, month=f"{month:%Y-%m}",
    )  # fmt: skip
    calls = [touch for touch in inside if touch.on != customer.first_contact_on or touch.outcome != "open"]
    grid = HABITS[customer.consultant].tracker == "grid"
    done = [_on_grid(customer, touch) if grid else _on_tracker(customer, touch) for touch in calls]
    lines: list[Line] = [head, *(papers.slips.follow_up(line, evening) for line in done)]
    plan = _standing(pursuit, before + inside)
    if plan and month <= plan <= _month_end(month):
        lines.append(_follow_up(customer, "level_tracker", planned_on=plan))
    return lines


def _bought_before(pursuit: Pursuit) -> bool:
    """Owners from before the story opens have a card front and nothing else."""
    return bool(pursuit.deal and pursuit.deal.ordered_on < OPENING)


def _standing(pursuit: Pursuit, touches: list[Touch]) -> date | None:
    """Return the plan that stands after these contacts; before the first of them it is the one the story opened with."""
    if touches:
        return touches[-1].next_on if touches[-1].outcome == "open" else None
    return pursuit.touches[0].planned_on if pursuit.touches else pursuit.plan


def _on_tracker(customer: Customer, touch: Touch) -> FollowUp:
    return replace(
        _on_card(customer, touch),
        form="level_tracker",
        planned_on=touch.planned_on,
        lost_reason=touch.lost_reason,
        lost_to=touch.lost_to,
    )


def _on_grid(customer: Customer, touch: Touch) -> FollowUp:
    """A letter in the box of the day says that it was done, and what came of it; nothing else."""
    level = None if touch.outcome != "open" or not touch.reached else touch.level_after or touch.level_before
    return replace(
        _on_tracker(customer, touch), planned_on=None, method=None, next_on=None, note=None, level_after=level
    )


def _on_card(customer: Customer, touch: Touch) -> FollowUp:
    return _follow_up(
        customer, "customer_card", done_on=touch.on, method=touch.method, reached=touch.reached, level_after=touch.level_after,
        outcome=touch.outcome, next_on=touch.next_on, note=touch.note,
    )  # fmt: skip


def _contacts(papers: Desk, pursuit: Pursuit, evening: date) -> list[Line]:
    customer = pursuit.customer
    first = HABITS[customer.consultant].card == "stack"  # some write the first meeting down as a contact, some do not
    seen = [
        t
        for t in pursuit.touches
        if t.on <= evening and (first or t.on != customer.first_contact_on or t.outcome != "open")
    ]
    return [papers.slips.follow_up(_on_card(customer, touch), evening) for touch in seen]


def _front(papers: Desk, pursuit: Pursuit, evening: date) -> tuple[Line, ...]:
    deal, customer = pursuit.deal, pursuit.customer
    if deal is None or deal.ordered_on > evening or deal.delivered_on is None:
        return ()
    delivered = deal.delivered_on <= evening
    head = deal if delivered else replace(deal, delivered_on=None, plate=None)
    lines: list[Line] = [papers.slips.deal(head, evening)]
    for planned in (deal.delivered_on + timedelta(days=gap) for gap in REVISITS if delivered):
        done = pursuit.owner_done.get(planned)
        line = OwnerVisit(customer.consultant, customer.customer_name, customer.phone, planned)
        if done and done <= evening:
            line = replace(line, done_on=done, method="phone", note="用车正常", satisfaction="满意")
        lines.append(line)
    return tuple(lines)


def _follow_up(customer: Customer, form: str, **values: object) -> FollowUp:
    return FollowUp(form, customer.consultant, customer.customer_name, customer.phone, **values)  # type: ignore[arg-type]  # named fields only


def _month_end(month: date) -> date:
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
