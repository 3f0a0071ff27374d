"""New customers, new owners and what they signed: all of it drawn from the invented lists."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from pipeline.demo.lines import Customer, Deal
from pipeline.demo.people import COLOURS, MODELS, PLACES, RIVALS, SOURCES, TRADES, Strangers
from pipeline.demo.pursuit import DAYS, REVISITS, Pursuit
from pipeline.demo.seasons import OPENING

_LEVELS = ("A", "B", "B", "C")
_VIN = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"


def prospect(strangers: Strangers, rng: Random, consultant: str, first: date, level: str = "") -> Pursuit:
    """Return a prospect met on `first`; somebody met before the story opens was rung up then, and has a plan inside it."""
    level = level or rng.choice(_LEVELS)
    customer = Customer(
        consultant=consultant, customer_name=strangers.name(), phone=strangers.phone(), model=rng.choice(MODELS),
        source=rng.choice(SOURCES), first_contact_on=first, level=level, address=rng.choice(PLACES), occupation=rng.choice(TRADES),
        purchase_type=rng.choice(("first", "first", "replacement", "additional")), payment=rng.choice(("full", "loan")),
        rival_model=rng.choice(RIVALS), budget=rng.randrange(90, 260) * 1000,
    )  # fmt: skip
    old = first < OPENING
    plan = OPENING + timedelta(days=rng.randint(0, DAYS[level][1])) if old else first + timedelta(days=1)
    return Pursuit(customer=customer, level=level, plan=plan)


def owner(strangers: Strangers, rng: Random, consultant: str, ordered: date) -> Pursuit:
    """Return somebody who bought before the story opens."""
    pursuit = prospect(strangers, rng, consultant, ordered - timedelta(days=rng.randint(2, 20)), "H")
    pursuit.open, pursuit.plan = False, None
    pursuit.deal = sold(pursuit.customer, ordered, rng)
    if pursuit.deal.delivered_on:
        planned = (pursuit.deal.delivered_on + timedelta(days=gap) for gap in REVISITS)
        pursuit.owner_done = {on: on for on in planned if on < OPENING}
    return pursuit


def sold(customer: Customer, on: date, rng: Random) -> Deal:
    """Return what was signed; the car is handed over four to twelve days later."""
    delivered = on + timedelta(days=rng.randint(4, 12))
    return Deal(
        consultant=customer.consultant, customer_name=customer.customer_name, phone=customer.phone, model=customer.model,
        colour=rng.choice(COLOURS), vin="L" + "".join(rng.choices(_VIN, k=16)), plate=f"川A{rng.randrange(10000, 99999)}",
        ordered_on=on, delivered_on=delivered, price=customer.budget + rng.randrange(-9, 12) * 1000, payment=customer.payment,
    )  # fmt: skip
