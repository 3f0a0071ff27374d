"""The eight relations in order: from the facts of a day to the gaps of its month."""

from __future__ import annotations

from datetime import date

from pipeline.facts.gather import Facts
from pipeline.reconcile.cards import receptions_whole, standing
from pipeline.reconcile.contacts import contacts_agree
from pipeline.reconcile.dailies import happened, owners, planned
from pipeline.reconcile.papers import Gap, papers


def relations(facts: Facts) -> tuple[tuple[Gap, ...], frozenset[tuple[str, date]]]:
    """Return the gaps of the month up to the day, by rule, day and consultant; and (consultant, day) of each daily report that came.

    Gaps of plans reach to the day after. Source: contract 5 (R1–R8) and 7.
    """
    lying = papers(facts)
    checks = (receptions_whole, standing, happened, planned, contacts_agree, owners)
    found = [gap for check in checks for gap in check(lying)]
    ordered = sorted(found, key=lambda gap: (gap.rule, gap.on, gap.consultant, gap.customer, gap.phone, gap.wanted))
    return tuple(ordered), frozenset(lying.daily)
