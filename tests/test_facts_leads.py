"""Leads in the facts: a phone left on a flyer makes nobody a prospect, but dates the first contact of who became one."""

from __future__ import annotations

import pandas as pd
import pytest

from pipeline.facts.gather import gather
from tests.people import CHEN, WANG, stands
from tests.told import view

LEFT = f"""
    met_on | recorder | phone  | form
    11-02  | 张三丰   | {WANG} | outreach_lead
    11-04  | 李四光   | {WANG} | outreach_lead
"""
LISTED = "phone | month | first_contact_on | opening_level"


@pytest.fixture
def first(rules):
    """Return phone → first contact (month-day, '' for none) of the prospects a day's archive knows."""

    def _first(on: str, **tables: str) -> dict[str, str]:
        persons = gather(view(rules, on, **tables), rules).persons
        known = persons[persons["prospect"]]
        days = ["" if pd.isna(day) else f"{day:%m-%d}" for day in known["first_contact_on"]]
        return dict(zip(known["phone"], days, strict=True))

    return _first


def test_a_lead_alone_is_nobodys_prospect(rules):
    assert {} == stands(gather(view(rules, "11-05", lead=LEFT), rules))


def test_a_tracker_row_without_its_first_contact_takes_the_day_the_phone_was_left(first):
    row = f"{LISTED}\n {WANG} | 2026-11 | | A"

    assert ({WANG: ""}, {WANG: "11-02"}) == (first("11-05", prospect=row), first("11-05", prospect=row, lead=LEFT))


def test_what_the_consultant_states_stands_and_so_does_a_tracker_row_of_an_earlier_month(first):
    rows = f"{LISTED}\n {WANG} | 2026-11 | 11-03 | A\n {CHEN} | 2026-10 | | B"
    late = LEFT.replace("11-04  | 李四光   | " + WANG, "11-04  | 李四光   | " + CHEN)

    assert {WANG: "11-03", CHEN: ""} == first("11-05", prospect=rows, lead=late)


def test_who_left_a_phone_before_coming_was_first_met_then_and_who_came_first_at_the_visit(first):
    visits = f"visited_on | phone\n 11-05 | {WANG}\n 11-03 | {CHEN}"
    after = LEFT.replace("11-04  | 李四光   | " + WANG, "11-04  | 李四光   | " + CHEN)

    assert {WANG: "11-02", CHEN: "11-03"} == first("11-06", visit=visits, lead=after)


def test_a_card_without_a_date_takes_the_day_the_phone_was_left_unless_somebody_spoke_before(first):
    card = f"phone | level\n {WANG} | A"
    spoken = f"phone | done_on\n {WANG} | 11-01"

    assert {WANG: "11-02"} == first("11-05", customer=card, lead=LEFT)
    assert {WANG: ""} == first("11-05", customer=card, lead=LEFT, follow_up=spoken)
