"""The truth, line by line: what stands on a paper, under the field names of the record kinds.

A line with a `slip` is written wrong in the named cell; what the other fields hold is what its writer meant.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Visit:
    """A row of the visitor register; `refusal_reason` holds the words of a phone cell without a number."""

    visited_on: date
    consultant: str
    customer_name: str
    phone: str | None
    channel: str
    visit_kind: str
    arrived_at: str
    left_at: str
    model: str
    level: str | None
    source: str
    party_size: int
    test_driven: bool = False
    ordered: bool = False
    refusal_reason: str | None = None
    note: str = ""
    slip: str = ""


@dataclass(frozen=True, slots=True)
class Prospect:
    """A row of the level tracker; `month` is YYYY-MM."""

    consultant: str
    customer_name: str
    phone: str
    model: str
    source: str
    first_contact_on: date
    opening_level: str
    month: str
    slip: str = ""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A contact or a standing plan, on the tracker or on a card back (`form`)."""

    form: str
    consultant: str
    customer_name: str
    phone: str
    planned_on: date | None = None
    done_on: date | None = None
    method: str | None = None
    reached: bool | None = None
    level_after: str | None = None
    outcome: str = "open"
    lost_reason: str | None = None
    lost_to: str | None = None
    next_on: date | None = None
    note: str | None = None
    slip: str = ""


@dataclass(frozen=True, slots=True)
class Customer:
    """The head of a card back; `level` is 初始级别, budget in yuan."""

    consultant: str
    customer_name: str
    phone: str
    model: str
    source: str
    first_contact_on: date
    level: str
    address: str
    occupation: str
    purchase_type: str
    payment: str
    rival_model: str
    budget: int
    slip: str = ""


@dataclass(frozen=True, slots=True)
class Deal:
    """The head of a card front; price in yuan."""

    consultant: str
    customer_name: str
    phone: str
    model: str
    colour: str
    vin: str
    plate: str | None
    ordered_on: date
    delivered_on: date | None
    price: int
    payment: str
    slip: str = ""


@dataclass(frozen=True, slots=True)
class OwnerVisit:
    """A row of the revisit list on a card front."""

    consultant: str
    customer_name: str
    phone: str
    planned_on: date
    done_on: date | None = None
    method: str | None = None
    note: str | None = None
    satisfaction: str | None = None
    slip: str = ""


@dataclass(frozen=True, slots=True)
class Activity:
    """A row of 今日工作总结; `reached` only where somebody was called."""

    worked_on: date
    consultant: str
    customer_name: str
    phone: str | None
    model: str
    kind: str
    reached: bool | None = None
    level_before: str | None = None
    level_after: str | None = None
    outcome: str | None = None
    note: str = ""
    slip: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """A row of 明日工作计划."""

    planned_on: date
    made_on: date
    consultant: str
    customer_name: str
    phone: str | None
    model: str
    kind: str
    note: str = ""
    slip: str = ""


Line: TypeAlias = Visit | Prospect | FollowUp | Customer | Deal | OwnerVisit | Activity | Plan


@dataclass(frozen=True)
class Paper:
    """One sheet, or one side of one card, as it lay there on one evening.

    `scope` is what it speaks for: a later paper of the same scope replaces it. `on` is its day, or the first of its month.
    """

    form: str
    scope: str
    on: date
    consultant: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Filing:
    """One file put into the inbox: where, when, which papers are in it, and by which hand (`look`) it is drawn.

    `look` is a word of `hands`; `junk:…` marks a file that is no paper at all, `office:…` one of the
    rest of the house, which counts nobody's customers and has no papers here.
    """

    path: str
    received: datetime
    look: str
    papers: tuple[Paper, ...] = ()
