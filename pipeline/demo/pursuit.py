"""One customer's way from the first visit to an order, a loss or a long sleep: what each contact changes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random

from pipeline.demo.lines import Customer, Deal
from pipeline.demo.people import CALLED, LOST_REASONS, RIVALS, UNREACHED

DAYS = {"H": (2, 2), "A": (5, 7), "B": (10, 14), "C": (21, 30)}  # least and most days to the next call
REVISITS = (1, 3, 7, 30)  # days after the delivery
# After a call somebody takes: what the customer is then, with weights. `invited` comes to the showroom within two days.
_AFTER_CALL = {
    "H": (("H", 32), ("A", 12), ("invited", 44), ("lost", 12)),
    "A": (("A", 46), ("H", 18), ("B", 10), ("invited", 18), ("lost", 8)),
    "B": (("B", 58), ("A", 18), ("C", 8), ("invited", 6), ("lost", 7), ("dormant", 3)),
    "C": (("C", 66), ("B", 14), ("lost", 10), ("dormant", 10)),
}
_ORDERS = {"H": 0.42, "A": 0.2, "B": 0.1, "C": 0.05}
_ANSWERS = 0.84
_NO_DATE_SET = 0.07
_GIVES_UP = 4


@dataclass(frozen=True)
class Touch:
    """One contact or attempt, with all that its writer knows: `planned_on` is the plan it answers."""

    on: date
    planned_on: date | None
    method: str
    reached: bool
    level_before: str
    level_after: str | None
    outcome: str
    next_on: date | None
    note: str
    lost_reason: str | None = None
    lost_to: str | None = None


@dataclass
class Pursuit:
    """A customer in somebody's care: where things stand on the day the story has come to."""

    customer: Customer
    level: str
    plan: date | None = None
    comes_on: date | None = None
    open: bool = True
    misses: int = 0
    touches: list[Touch] = field(default_factory=list)
    deal: Deal | None = None
    owner_done: dict[date, date] = field(default_factory=dict)  # planned → done

    @property
    def is_due(self) -> date | None:
        """The day something is planned for, while the customer is open."""
        return self.plan if self.open else None

    def add(self, touch: Touch) -> Touch:
        """Let a contact change how things stand."""
        self.touches.append(touch)
        self.plan = touch.next_on
        self.level = touch.level_after or self.level
        self.open = touch.outcome == "open"
        return touch


def call(pursuit: Pursuit, on: date, rng: Random) -> Touch:
    """Ring the customer up."""
    method = "phone" if rng.random() < _ANSWERS else "wechat"
    blank = Touch(on, pursuit.plan, method, True, pursuit.level, None, "open", None, rng.choice(CALLED))
    if rng.random() > _ANSWERS:
        pursuit.misses += 1
        later = 1 if pursuit.misses % _GIVES_UP else 3
        return pursuit.add(
            replace(
                blank, method="phone", reached=False, note=rng.choice(UNREACHED), next_on=on + timedelta(days=later)
            )
        )
    ways = _AFTER_CALL[pursuit.level]
    way = rng.choices([name for name, _ in ways], [weight for _, weight in ways])[0]
    if way == "lost":
        rival = rng.choice((*RIVALS, "暂不购车"))
        return pursuit.add(
            replace(blank, outcome="lost", note="决定不买了", lost_reason=rng.choice(LOST_REASONS), lost_to=rival)
        )
    if way == "dormant":
        return pursuit.add(replace(blank, outcome="dormant", note="年后再说"))
    if way == "invited":
        pursuit.comes_on = on + timedelta(days=rng.choice((1, 2)))
        return pursuit.add(replace(blank, level_after=pursuit.level, next_on=pursuit.comes_on, note="约好来店试驾"))
    return pursuit.add(replace(blank, level_after=way, next_on=next_day(on, way, rng)))


def meet(pursuit: Pursuit, on: date, rng: Random) -> Touch:
    """Receive the customer a second time; some order there and then."""
    pursuit.comes_on = None
    blank = Touch(on, pursuit.plan, "showroom", True, pursuit.level, None, "open", None, "再次来店看车")
    if rng.random() < _ORDERS[pursuit.level]:
        return pursuit.add(replace(blank, outcome="ordered", note="现场签订单"))
    level = "H" if pursuit.level == "A" else pursuit.level
    return pursuit.add(replace(blank, level_after=level, next_on=next_day(on, level, rng)))


def next_day(on: date, level: str, rng: Random) -> date | None:
    """Return the day for the next contact; now and then none is agreed."""
    if rng.random() < _NO_DATE_SET:
        return None
    return on + timedelta(days=rng.randint(*DAYS[level]))
