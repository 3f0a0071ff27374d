"""Three things that go wrong between people: one customer under two numbers, one with two consultants, and a consultant who leaves.

They are put on top of the story when it is told, so that nothing else in it changes.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from pipeline.demo.lines import Activity, Plan, Visit
from pipeline.demo.pursuit import Pursuit, Touch
from pipeline.demo.showroom import Showroom

LEAVER: Final = ("赵磊", date(2026, 11, 5))
_SECOND_NUMBER, _SECOND_DESK = date(2026, 10, 28), date(2026, 10, 29)
_FIRST_SEEN: Final = (date(2026, 10, 12), date(2026, 10, 24))
_DAY: Final = timedelta(days=1)


def mix_up(room: Showroom) -> None:
    """Let a customer of 李明 leave a second number, and one of 王芳 be received by 陈静 as if she were new."""
    _two_numbers(room, _known_to(room, "李明"))
    _two_desks(room, _known_to(room, "王芳"), "陈静")


def _known_to(room: Showroom, consultant: str) -> Pursuit:
    """Return somebody this consultant met in the middle of October and still is after."""
    return next(
        each
        for each in room.pursuits
        if each.customer.consultant == consultant
        and each.open
        and each.touches
        and _FIRST_SEEN[0] <= each.customer.first_contact_on <= _FIRST_SEEN[1]
        and each.touches[-1].on < _SECOND_NUMBER
    )


def _two_numbers(room: Showroom, pursuit: Pursuit) -> None:
    """The customer comes again, the front desk asks anew, and a number one digit off makes a second customer."""
    on, phone = _SECOND_NUMBER, pursuit.customer.phone
    taken = {each.customer.phone for each in room.pursuits}
    other = next(number for digit in "0123456789" if (number := phone[:-1] + digit) not in taken)
    again = replace(pursuit.customer, phone=other, first_contact_on=on, level="A")
    touch = Touch(on, None, "showroom", True, "A", "A", "open", on + 2 * _DAY, "又来看了一次")
    room.pursuits.append(Pursuit(again, "A", plan=on + 2 * _DAY, touches=[touch]))
    room.visits.append(_visit(pursuit, on, again.consultant, other, "15:26", "first"))
    room.activities.append(_reception(pursuit, on, again.consultant, other))
    room.plans.append(
        Plan(on + 2 * _DAY, on + _DAY, again.consultant, again.customer_name, other, again.model, "follow_up")
    )


def _two_desks(room: Showroom, pursuit: Pursuit, consultant: str) -> None:
    on, phone = _SECOND_DESK, pursuit.customer.phone
    room.visits.append(_visit(pursuit, on, consultant, phone, "16:43", "return"))
    room.activities.append(_reception(pursuit, on, consultant, phone))


def _visit(pursuit: Pursuit, on: date, consultant: str, phone: str, arrived: str, kind: str) -> Visit:
    customer = pursuit.customer
    return Visit(
        visited_on=on, consultant=consultant, customer_name=customer.customer_name, phone=phone, channel="walk_in", visit_kind=kind,
        arrived_at=arrived, left_at="17:10", model=customer.model, level="A", source=customer.source, party_size=2, note="又来看了一次",
    )  # fmt: skip


def _reception(pursuit: Pursuit, on: date, consultant: str, phone: str) -> Activity:
    customer = pursuit.customer
    return Activity(
        on, consultant, customer.customer_name, phone, customer.model, "reception",
        level_before="A", level_after="A", note="又来看了一次",
    )  # fmt: skip
