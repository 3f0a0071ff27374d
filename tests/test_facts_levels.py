"""At which level a customer stands on any day: contract section 7, a sentence a test."""

from __future__ import annotations

import pytest

from pipeline.facts.gather import gather
from tests.people import CHEN, WANG, stands
from tests.told import view


@pytest.fixture
def told(rules):
    """Fold drawn tables into facts."""
    return lambda on, **tables: gather(view(rules, on, **tables), rules)


def test_the_last_dated_statement_wins_whatever_form_it_is_on(told):
    facts = told(
        "11-05",
        follow_up=f"phone | done_on | level_after\n {WANG} | 11-02 | H",
        visit=f"visited_on | phone | level\n 11-04 | {WANG} | B",
    )

    assert ({WANG: "B"}, {}) == (stands(facts), stands(facts, "11-03"))


def test_the_state_at_a_day_knows_nothing_of_later_days(told):
    facts = told(
        "11-05",
        prospect=f"phone | first_contact_on | opening_level | month\n {WANG} | 10-20 | A | 2026-10",
        follow_up=f"""
            phone  | done_on | level_after | outcome
            {WANG} | 10-25   | H           | open
            {WANG} | 11-02   |             | lost
        """,
    )  # fmt: skip

    assert [{}, {WANG: "A"}, {WANG: "H"}, {WANG: "lost"}] == [
        stands(facts, at) for at in ("10-19", "10-24", "11-01", "11-02")
    ]


def test_a_report_of_an_earlier_day_does_not_know_what_happened_after_it(told):
    facts = told(
        "11-05", visit=f"visited_on | phone | level\n 11-01 | {WANG} | H\n 11-09 | {WANG} | C\n 11-09 | {CHEN} | C"
    )

    assert {WANG: "H"} == stands(facts)
    assert 1 == len(facts.visits)


def test_on_the_same_day_closed_beats_open(told):
    facts = told("11-05", follow_up=f"""
        form          | phone  | done_on | level_after | outcome
        customer_card | {WANG} | 11-03   |             | lost
        level_tracker | {WANG} | 11-03   | A           | open
    """, visit=f"visited_on | phone\n 11-01 | {WANG}")  # fmt: skip

    assert {WANG: "lost"} == stands(facts)


@pytest.mark.parametrize(
    ("forms", "level"),
    [("tracker card daily register", "H"), ("card daily register", "A"), ("daily register", "B"), ("register", "C")],
)
def test_on_the_same_day_the_tracker_beats_the_card_beats_the_daily_report_beats_the_register(told, forms, level):
    drawn = {
        "tracker": (
            "follow_up",
            "level_tracker",
            f"phone | done_on | level_after | form\n {WANG} | 11-03 | H | level_tracker",
        ),
        "card": (
            "follow_up",
            "customer_card",
            f"phone | done_on | level_after | form\n {WANG} | 11-03 | A | customer_card",
        ),
        "daily": ("activity", "", f"phone | worked_on | level_after | kind\n {WANG} | 11-03 | B | reception"),
        "register": ("visit", "", f"phone | visited_on | level\n {WANG} | 11-03 | C"),
    }
    tables: dict[str, str] = {}
    for form in reversed(forms.split()):
        kind, _, text = drawn[form]
        tables[kind] = tables[kind] + "\n" + text.splitlines()[1] if kind in tables else text

    assert {WANG: level} == stands(told("11-05", **tables))


def test_a_blank_level_changes_nothing(told):
    facts = told("11-05", visit=f"visited_on | phone | level\n 11-01 | {WANG} | H\n 11-04 | {WANG} |")

    assert {WANG: "H"} == stands(facts)


def test_a_call_nobody_took_changes_no_level(told):
    facts = told(
        "11-05",
        visit=f"visited_on | phone | level\n 11-01 | {WANG} | H",
        activity=f"worked_on | phone | kind | reached | level_after\n 11-04 | {WANG} | follow_up | false | C",
    )

    assert {WANG: "H"} == stands(facts)


def test_the_level_a_card_opens_with_is_dated_by_its_first_contact(told):
    facts = told(
        "11-05",
        customer=f"phone | first_contact_on | level\n {WANG} | 10-20 | C",
        activity=f"worked_on | phone | kind | level_after\n 10-25 | {WANG} | follow_up | A",
    )

    assert ({WANG: "C"}, {WANG: "A"}) == (stands(facts, "10-24"), stands(facts))


def test_a_month_opens_with_the_level_its_tracker_carries_over_unless_more_was_said_that_day(told):
    facts = told(
        "11-05",
        prospect=f"""
            phone  | first_contact_on | opening_level | month
            {WANG} | 10-12            | A             | 2026-11
            {CHEN} | 10-12            | A             | 2026-11
        """,
        activity=f"worked_on | phone | kind | level_after\n 10-31 | {CHEN} | follow_up | B",
    )  # fmt: skip

    assert {WANG: "A", CHEN: "B"} == stands(facts, "10-31")
    assert {WANG: "", CHEN: ""} == stands(facts, "10-30")


def test_a_lost_customer_who_is_written_up_again_later_is_open_again(told):
    facts = told("11-05", follow_up=f"""
        phone  | done_on | level_after | outcome
        {WANG} | 11-02   |             | lost
        {WANG} | 11-04   | B           | open
    """, visit=f"visited_on | phone\n 11-01 | {WANG}")  # fmt: skip

    assert {WANG: "B"} == stands(facts)


@pytest.mark.parametrize(
    ("kind", "text", "stand"),
    [
        ("deal", "phone | ordered_on\n {} | 11-03", "ordered"),
        ("deal", "phone | ordered_on | delivered_on\n {} | 11-03 | 11-03", "delivered"),
        ("visit", "phone | visited_on | ordered\n {} | 11-03 | true", "ordered"),
        ("visit", "phone | visited_on | level\n {} | 11-03 | O", "ordered"),
        ("activity", "phone | worked_on | kind\n {} | 11-03 | order", "ordered"),
        ("activity", "phone | worked_on | kind | outcome\n {} | 11-03 | follow_up | dormant", "dormant"),
        ("follow_up", "phone | done_on | outcome\n {} | 11-03 | delivered", "delivered"),
        ("loss", "phone | lost_on | decided\n {} | 11-03 | agreed", "lost"),
        ("loss", "phone | lost_on | decided\n {} | 11-03 | refused", "H"),
        ("loss", "phone | lost_on | decided\n {} | 11-03 | open", "H"),
    ],
)
def test_an_order_a_delivery_and_an_agreed_loss_close_a_prospect_wherever_they_are_written(told, kind, text, stand):
    tables = {"customer": f"phone | first_contact_on | level\n {WANG} | 11-01 | H", kind: text.format(WANG)}

    assert {WANG: stand} == stands(told("11-05", **tables))
