"""Who is a customer, whose, and since when: contract section 7, a sentence a test."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.facts.gather import gather
from tests.people import CHEN, WANG, stands
from tests.told import view


@pytest.fixture
def told(rules):
    """Fold drawn tables into facts."""
    return lambda on, **tables: gather(view(rules, on, **tables), rules)


def test_who_left_no_phone_is_counted_at_the_door_and_is_nobodys_prospect(told):
    facts = told("11-05", visit="visited_on | level\n 11-05 | H")

    assert (1, 0) == (len(facts.visits), len(facts.open_at(facts.on)))


def test_a_customer_carried_to_the_next_months_tracker_stays_one_person_met_once(told):
    facts = told("11-05", prospect=f"""
        phone  | month   | first_contact_on | opening_level
        {WANG} | 2026-10 | 10-12            | H
        {WANG} | 2026-11 | 10-12            | A
    """)  # fmt: skip

    assert {WANG: "A"} == stands(facts)
    assert [date(2026, 10, 12)] == [each.date() for each in facts.persons["first_contact_on"]]


def test_who_came_for_repair_is_no_prospect_even_with_a_phone(told):
    facts = told("11-05", visit=f"visited_on | phone | visit_kind | captured\n 11-05 | {WANG} | other | true")

    assert {} == stands(facts)
    assert facts.visits.empty


def test_a_card_front_alone_makes_an_owner_and_no_prospect(told):
    assert {} == stands(told("11-05", deal=f"phone | ordered_on\n {WANG} | 11-01"))


def test_the_first_contact_is_the_earliest_day_a_form_states_and_not_the_visit(told):
    facts = told(
        "11-05",
        visit=f"visited_on | phone\n 11-01 | {WANG}",
        customer=f"phone | first_contact_on | level\n {WANG} | 11-03 | A",
        prospect=f"phone | first_contact_on | opening_level | month\n {WANG} | 11-02 | A | 2026-11",
    )

    assert date(2026, 11, 2) == facts.persons["first_contact_on"][0].date()


def test_the_first_captured_visit_is_the_first_contact_when_no_form_states_one(told):
    facts = told("11-05", visit=f"""
        visited_on | phone  | visit_kind
        11-01      | {WANG} | other
        11-03      | {WANG} | first
        11-04      | {WANG} | return
    """)  # fmt: skip

    assert date(2026, 11, 3) == facts.persons["first_contact_on"][0].date()


def test_a_tracker_row_without_first_contact_is_stock_and_nobodys_new_prospect(told):
    facts = told("11-05", prospect=f"phone | opening_level | month\n {WANG} | B | 2026-11")

    assert {WANG: "B"} == stands(facts, "10-31")
    assert facts.persons["first_contact_on"].isna().all()


def test_an_undated_card_counts_from_the_first_contact_on_it(told):
    facts = told(
        "11-05",
        customer=f"phone | level\n {WANG} | B",
        follow_up=f"form | phone | done_on | level_after\n customer_card | {WANG} | 11-03 | A",
    )

    assert ({}, {WANG: "A"}) == (stands(facts, "11-02"), stands(facts, "11-03"))


def test_a_customer_is_on_the_list_of_the_consultant_of_the_latest_statement(told):
    facts = told(
        "11-05",
        prospect=f"phone | first_contact_on | opening_level | month | consultant\n {WANG} | 10-12 | H | 2026-10 | 李明",
        follow_up=f"phone | done_on | consultant | reached\n {WANG} | 11-03 | 王芳 | false",
        visit=f"visited_on | phone | consultant\n 11-02 | {WANG} | 赵强",
    )

    assert "王芳" == facts.persons["consultant"][0]


def test_whom_a_colleague_takes_over_with_the_new_months_tracker_is_on_the_colleagues_list(told):
    facts = told(
        "11-05",
        prospect=f"""
            phone  | first_contact_on | opening_level | month   | consultant
            {WANG} | 10-12            | H             | 2026-11 | 王芳
            {WANG} | 10-12            | H             | 2026-10 | 李明
        """,
        follow_up=f"phone | done_on | consultant\n {WANG} | 10-31 | 李明",
    )  # fmt: skip

    assert "王芳" == facts.persons["consultant"][0]


def test_name_and_model_are_the_latest_written_and_the_source_is_the_first(told):
    facts = told(
        "11-05",
        visit=f"visited_on | phone | customer_name | model | source\n 11-01 | {WANG} | 王先生 | 途安 | 展示会",
        activity=f"worked_on | phone | customer_name | model | kind\n 11-03 | {WANG} | 王志强 | 朗逸 | follow_up",
        follow_up=f"phone | done_on | customer_name\n {WANG} | 11-04 | 王志强",
    )
    person = facts.persons.loc[0]

    assert ["王志强", "朗逸", "展示会"] == [person["customer_name"], person["model"], person["source"]]


def test_a_figure_leads_back_to_workbook_sheet_and_cell(told):
    facts = told("11-05", follow_up=f"phone | done_on | level_after\n {CHEN} | 11-01 | A\n {WANG} | 11-02 | H")
    person = facts.persons[facts.persons["phone"] == WANG].iloc[0]

    assert "level_tracker.xlsx › Sheet1 › H6" == str(facts.place(person["kind"], person["row"]))


def test_an_empty_archive_has_no_persons_and_no_events(told):
    facts = told("11-05")

    assert [0] * 6 == [
        len(rows)
        for rows in (facts.persons, facts.visits, facts.orders, facts.deliveries, facts.losses, facts.test_drives)
    ]
    assert facts.open_at(facts.on).empty
