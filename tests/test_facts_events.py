"""What happened to a customer is counted once, however many forms tell of it: contract section 7."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.facts.gather import Facts, gather
from tests.people import CHEN, WANG
from tests.told import day, view


@pytest.fixture
def told(rules):
    """Fold drawn tables into facts."""
    return lambda on, **tables: gather(view(rules, on, **tables), rules)


def events(facts: Facts, rows) -> list[tuple[str, date]]:
    return [(facts.persons["phone"][person], on.date()) for person, on in zip(rows["person"], rows["on"], strict=True)]


ORDERS = {
    "deal": f"phone | ordered_on\n {WANG} | 11-04",
    "follow_up": f"phone | done_on | outcome\n {WANG} | 11-03 | ordered\n {WANG} | 11-05 | ordered",
    "visit": f"phone | visited_on | ordered\n {WANG} | 11-02 | true",
    "activity": f"phone | worked_on | kind\n {WANG} | 11-01 | order",
}


@pytest.mark.parametrize(("without", "on"), [(0, "11-04"), (1, "11-03"), (2, "11-02"), (3, "11-01")])
def test_an_order_is_dated_by_the_deal_else_the_follow_up_else_the_visit_else_the_daily_report(told, without, on):
    facts = told("11-05", **dict(list(ORDERS.items())[without:]))

    assert [(WANG, day(on))] == events(facts, facts.orders)


def test_a_delivery_is_dated_by_the_deal_else_the_follow_up_else_the_daily_report(told):
    tables = {
        "deal": f"phone | delivered_on\n {WANG} | 11-04",
        "follow_up": f"phone | done_on | outcome\n {WANG} | 11-03 | delivered",
        "activity": f"phone | worked_on | kind\n {WANG} | 11-02 | delivery",
    }
    found = []
    for without in range(3):
        facts = told("11-05", **dict(list(tables.items())[without:]))
        found += events(facts, facts.deliveries)

    assert [(WANG, day("11-04")), (WANG, day("11-03")), (WANG, day("11-02"))] == found


def test_a_customer_is_lost_once_on_the_first_outcome_lost_or_the_loss_agreed(told):
    facts = told(
        "11-05",
        follow_up=f"phone | done_on | outcome | lost_reason\n {WANG} | 11-03 | lost |\n {WANG} | 11-04 | lost | 价格",
        loss=f"phone | lost_on | decided\n {WANG} | 11-02 | open\n {CHEN} | 11-02 | agreed",
    )

    assert [(WANG, day("11-03")), (CHEN, day("11-02"))] == events(facts, facts.losses)
    assert "价格" == facts.losses["lost_reason"][0]


def test_a_test_drive_counts_once_a_day_whichever_forms_tell_of_it(told):
    facts = told(
        "11-05",
        test_drive=f"phone | driven_on\n {WANG} | 11-03",
        visit=f"phone | visited_on | test_driven\n {WANG} | 11-03 | true\n {WANG} | 11-04 | true\n | 11-04 | true",
        activity=f"phone | worked_on | kind\n {WANG} | 11-03 | test_drive\n {CHEN} | 11-03 | test_drive",
    )

    assert {(WANG, day("11-03")), (WANG, day("11-04")), (CHEN, day("11-03"))} == set(events(facts, facts.test_drives))
    assert 3 == len(facts.test_drives)
