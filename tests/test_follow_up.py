"""When a customer should be contacted next: contract section 7, a sentence a test."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.people import CHEN, WANG, answers
from tests.told import day, view


@pytest.fixture
def due(rules):
    """Return phone → (due day, basis) of the drawn tables."""

    def _due(on: str, **tables: str) -> dict[str, tuple[date | None, str]]:
        return answers(rules, view(rules, on, **tables))

    return _due


def card(level: str = "H", first: str = "10-01") -> str:
    return f"phone | first_contact_on | level\n {WANG} | {first} | {level}"


def test_a_new_customer_is_due_the_day_after_the_first_contact(due):
    expected = {WANG: (day("11-02"), "首次")}

    assert expected == due("11-05", customer=card(first="11-01"))
    assert expected == due("11-05", customer=card(first="11-01"), visit=f"visited_on | phone\n 11-01 | {WANG}")


@pytest.mark.parametrize(("level", "days"), [("H", 2), ("A", 7), ("B", 14), ("C", 30)])
def test_afterwards_the_level_says_how_soon(due, level, days):
    found = due("11-05", customer=card(level), follow_up=f"phone | done_on\n {WANG} | 11-01")

    assert {WANG: (day("11-01") + timedelta(days=days), "级别周期")} == found


@pytest.mark.parametrize(
    ("next_on", "expected"),
    [
        ("11-05", ("11-05", "计划")),
        ("11-08", ("11-08", "计划")),
        ("11-09", ("11-08", "级别周期")),
        ("", ("11-08", "级别周期")),
    ],
)
def test_an_agreed_day_counts_when_it_is_earlier_or_on_a_tie(due, next_on, expected):
    found = due("11-05", customer=card("A"), follow_up=f"phone | done_on | next_on\n {WANG} | 11-01 | {next_on}")

    assert {WANG: (day(expected[0]), expected[1])} == found


def test_a_call_nobody_took_is_no_contact_on_any_form(due):
    found = due(
        "11-05",
        customer=card("A"),
        follow_up=f"phone | done_on | reached\n {WANG} | 10-20 | true\n {WANG} | 11-04 | false",
        activity=f"phone | worked_on | kind | reached\n {WANG} | 11-04 | follow_up | false",
    )

    assert {WANG: (day("10-27"), "级别周期")} == found


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("reception", "11-10"),
        ("follow_up", "11-10"),
        ("test_drive", "11-10"),
        ("owner_visit", "10-27"),
        ("other", "10-27"),
    ],
)
def test_of_the_daily_report_a_reception_a_follow_up_and_a_test_drive_are_contacts(due, kind, expected):
    found = due(
        "11-05",
        customer=card("A"),
        follow_up=f"phone | done_on\n {WANG} | 10-20",
        activity=f"phone | worked_on | kind\n {WANG} | 11-03 | {kind}",
    )

    assert {WANG: (day(expected), "级别周期")} == found


def test_who_came_to_the_showroom_was_contacted(due):
    found = due("11-05", customer=card("A"), visit=f"phone | visited_on | visit_kind\n {WANG} | 11-03 | return")

    assert {WANG: (day("11-10"), "级别周期")} == found


def test_a_planned_but_undone_call_is_the_plan(due):
    found = due("11-05", customer=card("B"), follow_up=f"""
        phone  | planned_on | done_on
        {WANG} | 11-01      | 11-01
        {WANG} | 11-04      |
    """)  # fmt: skip

    assert {WANG: (day("11-04"), "计划")} == found


def test_a_plan_for_a_day_on_which_somebody_tried_is_spent(due):
    found = due(
        "11-05",
        customer=card("B"),
        follow_up=f"phone | planned_on | done_on\n {WANG} | 11-01 | 11-01\n {WANG} | 11-04 |",
        activity=f"phone | worked_on | kind | reached\n {WANG} | 11-04 | follow_up | false",
    )

    assert {WANG: (day("11-15"), "级别周期")} == found


def test_a_call_nobody_took_still_plans_the_next(due):
    found = due("11-05", customer=card("B"), follow_up=f"""
        phone  | planned_on | done_on | reached | next_on
        {WANG} | 11-01      | 11-01   | true    | 11-04
        {WANG} | 11-04      | 11-04   | false   | 11-06
    """)  # fmt: skip

    assert {WANG: (day("11-06"), "计划")} == found


def test_tracker_and_card_of_one_contact_plan_the_earlier_day(due):
    found = due("11-05", customer=card("B"), follow_up=f"""
        form          | phone  | done_on | next_on
        level_tracker | {WANG} | 11-01   | 11-09
        customer_card | {WANG} | 11-01   | 11-07
    """)  # fmt: skip

    assert {WANG: (day("11-07"), "计划")} == found


def test_only_the_latest_follow_up_plans(due):
    found = due("11-05", customer=card("B"), follow_up=f"""
        phone  | done_on | next_on
        {WANG} | 10-20   | 11-04
        {WANG} | 11-01   |
    """)  # fmt: skip

    assert {WANG: (day("11-15"), "级别周期")} == found


def test_a_plan_that_is_not_later_than_the_last_contact_does_not_count(due):
    found = due(
        "11-05",
        customer=card("B"),
        follow_up=f"phone | done_on | next_on\n {WANG} | 11-01 | 11-03",
        visit=f"phone | visited_on\n {WANG} | 11-04",
    )

    assert {WANG: (day("11-18"), "级别周期")} == found


def test_a_plan_for_the_day_of_the_first_contact_itself_asks_nobody_to_call_back(due):
    found = due("11-05", customer=card(first="11-04"), follow_up=f"phone | planned_on\n {WANG} | 11-04")

    assert {WANG: (day("11-05"), "首次")} == found


def test_a_call_made_ahead_of_its_day_leaves_no_plan_behind(due):
    found = due("11-05", customer=card("B"), follow_up=f"phone | planned_on | done_on\n {WANG} | 11-04 | 11-01")

    assert {WANG: (day("11-15"), "级别周期")} == found


@pytest.mark.parametrize("outcome", ["ordered", "delivered", "lost", "dormant"])
def test_who_is_closed_is_not_due(due, outcome):
    assert {} == due("11-05", customer=card(), follow_up=f"phone | done_on | outcome\n {WANG} | 11-01 | {outcome}")


def test_who_has_no_level_is_contacted_as_seldom_as_the_most_patient_level(due):
    visits = f"phone | visited_on | visit_kind\n {WANG} | 10-01 | first\n {WANG} | 10-05 | return"

    assert {WANG: (day("11-04"), "级别周期")} == due("11-05", visit=visits)


def test_a_customer_carried_over_without_a_first_contact_is_counted_from_the_months_eve(due):
    tracker = f"phone | opening_level | month\n {WANG} | A | 2026-11"

    assert {WANG: (day("11-07"), "级别周期")} == due("11-05", prospect=tracker)


def test_a_card_that_dates_nothing_is_due_when_its_plan_says(due):
    undated = f"phone | level\n {WANG} | A\n {CHEN} | A"

    assert {WANG: (day("11-03"), "计划"), CHEN: (None, "级别周期")} == due(
        "11-05", customer=undated, follow_up=f"phone | planned_on\n {WANG} | 11-03"
    )
