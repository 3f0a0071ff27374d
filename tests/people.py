"""Invented customers, and what the facts and the follow-up say of them."""

from __future__ import annotations

from datetime import date

from pipeline.facts.gather import Facts, gather
from pipeline.follow_up import follow_up
from pipeline.view import View
from tests.told import day

WANG, CHEN, ZHAO, SUN, QIAN = "13800001111", "13800002222", "13800003333", "13800004444", "13800005555"


def stands(facts: Facts, at: str | None = None) -> dict[str, str]:
    """Return phone → level or state of the prospects known at a day, by default the facts' own."""
    known = facts.prospects_at(day(at) if at else facts.on)
    return dict(zip(known["phone"], known["stand"], strict=True))


def answers(rules, seen: View) -> dict[str, tuple[date | None, str]]:
    """Return phone → (due day, basis) of the customers an archive holds."""
    found = follow_up(gather(seen, rules), rules)
    days = [None if each != each else each.date() for each in found["due_on"]]  # noqa: PLR0124 - NaT differs from itself
    return dict(zip(found["phone"], zip(days, found["basis"], strict=True), strict=True))
