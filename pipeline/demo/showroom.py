"""The showroom from September to October, a day after another: who comes, who is rung up, who orders, who drives away."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random

from pipeline.demo.lines import Activity, Plan, Visit
from pipeline.demo.newcomers import owner, prospect, sold
from pipeline.demo.people import HABITS, LOOKED, MODELS, NAMES, REFUSALS, SOURCES, Strangers
from pipeline.demo.pursuit import REVISITS, Pursuit, Touch, call, meet
from pipeline.demo.seasons import LAST, OPENING, bustle, days

_WALK_INS, _CALLS = 6.2, 1.9  # on a plain working day
_OPENS, _LAST_ENTRY = 9, 18
_DRIVES_FIRST, _DRIVES_AGAIN, _ORDERS_AT_ONCE, _STANDS_UP = 0.16, 0.5, 0.03, 0.2
_LEVELS = ("H", "A", "A", "B", "B", "B", "C")
_NO_LEVEL = 0.06
_OWNERS_ASK = 0.25
_GIVES_NUMBER_AGAIN = 0.5
_COMES_TO_MIND = 0.07  # a customer for whom no day was agreed
_SILENT = 0.3  # 赵磊 often writes nothing where the number should be
_NO_NUMBER = 0.1  # and in a tenth of his report's lines
_FORGETS = 0.03  # a line that ought to be in the daily report and is not
# Days on which somebody is away for training: nothing to report.
QUIET = frozenset({("陈静", date(2026, 10, 14)), ("李明", date(2026, 10, 20)), ("张伟", date(2026, 10, 28))})


@dataclass
class Showroom:
    """Everything that happened so far."""

    rng: Random
    strangers: Strangers
    pursuits: list[Pursuit] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)
    activities: list[Activity] = field(default_factory=list)
    plans: list[Plan] = field(default_factory=list)
    taken: set[tuple[date, str]] = field(default_factory=set)  # (day, time) at the door


def open_showroom(rng: Random) -> Showroom:
    """Return the showroom as it stands after the last day."""
    room = Showroom(rng, Strangers(rng))
    for number in range(24):
        room.pursuits.append(
            prospect(room.strangers, rng, NAMES[number % len(NAMES)], OPENING - timedelta(days=rng.randint(4, 50)))
        )
    for number in range(9):
        room.pursuits.append(
            owner(room.strangers, rng, NAMES[number % len(NAMES)], OPENING - timedelta(days=rng.randint(20, 70)))
        )
    for on in days(OPENING, LAST):
        _day(room, on)
    return room


def _day(room: Showroom, on: date) -> None:
    present = [name for name in NAMES if (name, on) not in QUIET]
    for pursuit in list(room.pursuits):
        if pursuit.customer.consultant in present:
            _care(room, pursuit, on)
    for channel, usual in (("walk_in", _WALK_INS), ("call_in", _CALLS)):
        mean = usual * bustle(on)
        for _ in range(max(0, round(room.rng.gauss(mean, mean**0.5 / 2)))):
            _newcomer(room, on, channel, room.rng.choice(present))
    for _ in range(room.rng.random() < _OWNERS_ASK):
        _errand(room, on, room.rng.choice(present), "维修保养")
    _plan(room, on, present)


def _care(room: Showroom, pursuit: Pursuit, on: date) -> None:
    """Do what is due for one customer today."""
    if pursuit.deal:
        _after_order(room, pursuit, on)
    elif pursuit.comes_on == on:
        if room.rng.random() < _STANDS_UP:
            pursuit.comes_on = None
        else:
            _again(room, pursuit, on)
    elif pursuit.open and room.rng.random() < _eager(pursuit, on):
        _report(room, pursuit, call(pursuit, on, room.rng), "follow_up")


def _eager(pursuit: Pursuit, on: date) -> float:
    """Return how likely a call is today: by habit when one is due, seldom when no day was agreed."""
    if pursuit.is_due is None:
        return _COMES_TO_MIND if pursuit.touches[-1].on < on else 0.0
    return HABITS[pursuit.customer.consultant].keeps if pursuit.is_due <= on else 0.0


def _again(room: Showroom, pursuit: Pursuit, on: date) -> None:
    touch = meet(pursuit, on, room.rng)
    drives = room.rng.random() < _DRIVES_AGAIN
    _sign_in(room, pursuit, on, "walk_in", "return", drives=drives, orders=touch.outcome == "ordered")
    _report(room, pursuit, touch, "reception")
    if drives:
        _report(room, pursuit, replace(touch, outcome="open", level_after=None, note="试驾一圈"), "test_drive")
    if touch.outcome == "ordered":
        _report(room, pursuit, touch, "order")
        pursuit.deal = sold(pursuit.customer, on, room.rng)


def _newcomer(room: Showroom, on: date, channel: str, name: str) -> None:
    rng = room.rng
    if rng.random() > HABITS[name].captures * (0.8 if channel == "call_in" else 1.0):
        _passer_by(room, on, channel, name)
        return
    pursuit = prospect(room.strangers, rng, name, on, rng.choice(_LEVELS))
    room.pursuits.append(pursuit)
    drives = channel == "walk_in" and rng.random() < _DRIVES_FIRST
    orders = drives and rng.random() < _ORDERS_AT_ONCE / _DRIVES_FIRST
    _sign_in(room, pursuit, on, channel, "first", drives=drives, orders=orders)
    level, note = pursuit.level, rng.choice(LOOKED)
    method = "showroom" if channel == "walk_in" else "phone"
    outcome = "ordered" if orders else "open"
    touch = Touch(
        on, None, method, True, level, None if orders else level, outcome, None if orders else pursuit.plan, note
    )
    pursuit.add(touch)
    _report(room, pursuit, touch, "reception" if channel == "walk_in" else "call_in")
    if drives:
        _report(room, pursuit, replace(touch, outcome="open", level_after=None, note="试驾一圈"), "test_drive")
    if orders:
        _report(room, pursuit, touch, "order")
        pursuit.deal = sold(pursuit.customer, on, rng)


def _passer_by(room: Showroom, on: date, channel: str, name: str) -> None:
    """Somebody comes or rings and leaves no number."""
    rng = room.rng
    known = {visit.customer_name for visit in room.visits if visit.visited_on == on}
    called = next(word for word in iter(room.strangers.stand_in, "") if word not in known)
    why = None if name == "赵磊" and rng.random() < _SILENT else rng.choice(REFUSALS)
    arrived, left = _times(room, on, channel)
    visit = Visit(
        visited_on=on, consultant=name, customer_name=called, phone=None, channel=channel, visit_kind="first", arrived_at=arrived,
        left_at=left, model=rng.choice(MODELS), level=None, source=rng.choice(SOURCES), party_size=rng.randint(1, 4),
        refusal_reason=why, note=rng.choice(LOOKED),
    )  # fmt: skip
    room.visits.append(visit)
    kind = "reception" if channel == "walk_in" else "call_in"
    reached = True if kind == "call_in" else None
    room.activities.append(
        Activity(on, name, called, None, room.visits[-1].model, kind, reached=reached, note=rng.choice(LOOKED))
    )


def _errand(room: Showroom, on: date, name: str, why: str) -> None:
    """An owner comes for something that is no business of the sales floor: counted apart."""
    arrived, left = _times(room, on, "walk_in")
    visit = Visit(
        visited_on=on, consultant=name, customer_name=room.strangers.stand_in(), phone=None, channel="walk_in", visit_kind="other",
        arrived_at=arrived, left_at=left, model=room.rng.choice(MODELS), level=None, source="基盘", party_size=1,
        refusal_reason=why, note="到售后",
    )  # fmt: skip
    room.visits.append(visit)


def _sign_in(
    room: Showroom, pursuit: Pursuit, on: date, channel: str, kind: str, *, drives: bool, orders: bool
) -> None:
    customer = pursuit.customer
    arrived, left = _times(room, on, channel)
    level = (
        None
        if room.rng.random() < _NO_LEVEL
        else (pursuit.touches[-1].level_before if pursuit.touches else pursuit.level)
    )
    if pursuit.touches and kind == "return" and level:
        level = pursuit.touches[-1].level_after or level
    visit = Visit(
        visited_on=on, consultant=customer.consultant, customer_name=customer.customer_name, phone=customer.phone, channel=channel,
        visit_kind=kind, arrived_at=arrived, left_at=left, model=customer.model, level=level, source=customer.source,
        party_size=room.rng.randint(1, 4), test_driven=drives, ordered=orders, note=room.rng.choice(LOOKED),
    )  # fmt: skip
    room.visits.append(visit)


def _after_order(room: Showroom, pursuit: Pursuit, on: date) -> None:
    """Hand the car over on its day, and ask after it on the days that follow."""
    deal, customer, rng = pursuit.deal, pursuit.customer, room.rng
    if deal is None or deal.delivered_on is None:
        return
    line = Activity(
        on,
        customer.consultant,
        customer.customer_name,
        customer.phone,
        customer.model,
        "delivery",
        note="交车,讲解功能",
    )
    if deal.delivered_on == on:
        _fetches(room, pursuit, on)
        room.activities.append(line)
    for planned in (deal.delivered_on + timedelta(days=gap) for gap in REVISITS):
        due = planned <= on and planned not in pursuit.owner_done and on not in pursuit.owner_done.values()
        if due and rng.random() < HABITS[customer.consultant].keeps:
            pursuit.owner_done[planned] = on
            room.activities.append(replace(line, kind="owner_visit", reached=True, note="问候用车情况"))


def _fetches(room: Showroom, pursuit: Pursuit, on: date) -> None:
    """The register keeps a row of who fetches a car, half the time with the reason where the number should be."""
    customer = pursuit.customer
    arrived, left = _times(room, on, "walk_in")
    known = room.rng.random() < _GIVES_NUMBER_AGAIN
    visit = Visit(
        visited_on=on, consultant=customer.consultant, customer_name=customer.customer_name, phone=customer.phone if known else None,
        channel="walk_in", visit_kind="other", arrived_at=arrived, left_at=left, model=customer.model, level=None, source=customer.source,
        party_size=2, refusal_reason=None if known else "提车", note="提车",
    )  # fmt: skip
    room.visits.append(visit)


def _report(room: Showroom, pursuit: Pursuit, touch: Touch, kind: str) -> None:
    """Put a contact into the daily report, unless it is forgotten."""
    customer, rng = pursuit.customer, room.rng
    if rng.random() < _FORGETS:
        return
    reached = touch.reached if kind in {"follow_up", "call_in"} else None
    outcome = None if touch.outcome == "open" else touch.outcome
    phone = None if customer.consultant == "赵磊" and rng.random() < _NO_NUMBER else customer.phone
    line = Activity(
        worked_on=touch.on, consultant=customer.consultant, customer_name=customer.customer_name, phone=phone, model=customer.model,
        kind=kind, reached=reached, level_before=touch.level_before, level_after=touch.level_after, outcome=outcome, note=touch.note,
    )  # fmt: skip
    room.activities.append(line)


def _plan(room: Showroom, on: date, present: list[str]) -> None:
    """Write down for tomorrow what is agreed for tomorrow."""
    tomorrow = on + timedelta(days=1)
    for pursuit in room.pursuits:
        customer, deal = pursuit.customer, pursuit.deal
        if customer.consultant not in present or room.rng.random() < _FORGETS:
            continue
        kind = ""
        if pursuit.is_due == tomorrow and deal is None:
            kind = "reception" if pursuit.comes_on == tomorrow else "follow_up"
        elif deal and deal.delivered_on and deal.delivered_on >= on:
            kind = "delivery" if deal.delivered_on == tomorrow else "owner_visit" if deal.delivered_on == on else ""
        if kind:
            room.plans.append(
                Plan(tomorrow, on, customer.consultant, customer.customer_name, customer.phone, customer.model, kind)
            )


def _times(room: Showroom, on: date, channel: str) -> tuple[str, str]:
    """Return when somebody arrives and leaves; no two arrive in the same minute."""
    rng = room.rng
    while True:
        hour = rng.choices(range(_OPENS, _LAST_ENTRY + 1), (5, 9, 10, 6, 6, 9, 10, 9, 6, 3))[0]
        minute = rng.randrange(60)
        arrived = f"{hour:02d}:{minute:02d}"
        if (on, arrived) not in room.taken:
            break
    room.taken.add((on, arrived))
    stay = rng.randint(2, 9) if channel == "call_in" else min(170, max(6, round(rng.lognormvariate(3.5, 0.6))))
    end = min(hour * 60 + minute + stay, 20 * 60 + 59)
    return arrived, f"{end // 60:02d}:{end % 60:02d}"
