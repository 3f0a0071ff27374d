"""When a customer should be contacted next: contract section 7, and a plain recount over random stories."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.facts.gather import gather
from pipeline.follow_up import follow_up
from pipeline.model import View
from pipeline.read_rules import read_rules
from pipeline.rulebook.rulebook import Rulebook
from tests.conftest import ROOT
from tests.told import day, rows, view

WANG, CHEN = "13800001111", "13800002222"


@pytest.fixture
def due(rules):
    """Return phone → (due day, basis) of the drawn tables."""

    def _due(on: str, **tables: str) -> dict[str, tuple[date | None, str]]:
        return answers(rules, view(rules, on, **tables))

    return _due


def answers(rules, seen: View) -> dict[str, tuple[date | None, str]]:
    found = follow_up(gather(seen, rules), rules)
    days = [None if each != each else each.date() for each in found["due_on"]]  # noqa: PLR0124 - NaT differs from itself
    return dict(zip(found["phone"], zip(days, found["basis"], strict=True), strict=True))


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


# ── a plain recount ───────────────────────────────────────────────────────────────────────────────────────────────────

ON = date(2026, 11, 15)
INTERVALS = {"H": 2, "A": 7, "B": 14, "C": 30}
RANK = {"level_tracker": 3, "customer_card": 2}
CLOSED = ("ordered", "delivered", "lost", "dormant")
PEOPLE = (WANG, CHEN, "13800003333", "13800004444", "13800005555")
phones = st.sampled_from([*PEOPLE, ""])
days = st.integers(1, 20).map(lambda number: f"2026-11-{number:02d}")
maybe_day = st.just("") | days
levels = st.sampled_from(["", "H", "A", "B", "C"])


def records(**fields: Any) -> st.SearchStrategy[list[dict[str, str]]]:
    return st.lists(st.fixed_dictionaries(fields), max_size=16)


stories = st.fixed_dictionaries({
    "visit": records(phone=phones, visited_on=days, level=levels, visit_kind=st.sampled_from(["first", "return", "other"])),
    "customer": records(phone=phones, first_contact_on=days, level=levels),
    "follow_up": records(
        form=st.sampled_from(list(RANK)), phone=phones, planned_on=maybe_day, done_on=maybe_day, next_on=maybe_day,
        reached=st.sampled_from(["true", "false"]), level_after=levels, outcome=st.sampled_from(["open", "open", *CLOSED]),
    ),
    "activity": records(phone=phones, worked_on=days, kind=st.sampled_from(["reception", "order", "other"]), reached=st.sampled_from(["", "false"]), level_after=levels),
})  # fmt: skip


@cache
def shipped() -> Rulebook:
    """Return the shipped rules: a fixture would be drawn into every story hypothesis tells."""
    return read_rules(ROOT / "rules")


def plain(story: dict[str, list[dict[str, str]]], phone: str, at: str) -> str | None:
    """Return where a person stands at the end of a day, None for one who is no prospect by then."""
    mine = {kind: [line for line in lines if line["phone"] == phone] for kind, lines in story.items()}
    first = plain_first(story, phone)
    if not first or first > at:
        return None
    said: list[tuple[str, bool, int, int, int, str]] = []
    for number, line in enumerate(mine["visit"]):
        said.append((line["visited_on"], False, 0, 1, number, line["level"]))
    for number, line in enumerate(mine["customer"]):
        said.append((line["first_contact_on"], False, 2, 0, number, line["level"]))
    for number, line in enumerate(mine["activity"]):
        word = "ordered" if line["kind"] == "order" else line["level_after"]
        if line["reached"] != "false":
            said.append((line["worked_on"], word in CLOSED, 1, 1, number, word))
    for number, line in enumerate(mine["follow_up"]):
        word = line["level_after"] if line["outcome"] == "open" else line["outcome"]
        if line["done_on"] and line["reached"] != "false":
            said.append((line["done_on"], word in CLOSED, RANK[line["form"]], 1, number, word))
    told = [(*each[:4], each[5] == "delivered", each[4], each[5]) for each in said if each[5] and each[0] <= at]
    return max(told)[-1] if told else ""


def plain_first(story: dict[str, list[dict[str, str]]], phone: str) -> str:
    seen = [v["visited_on"] for v in story["visit"] if v["phone"] == phone and v["visit_kind"] != "other"]
    stated = [c["first_contact_on"] for c in story["customer"] if c["phone"] == phone]
    known = [[each for each in days_ if each <= ON.isoformat()] for days_ in (stated, seen)]
    return min(known[0] or known[1], default="")


def plain_due(story: dict[str, list[dict[str, str]]], phone: str) -> tuple[date, str] | None:
    """Return when a person is due and why, by loops and texts alone."""
    on = ON.isoformat()
    stand = plain(story, phone, on)
    if stand is None or stand in CLOSED:
        return None
    calls = [line for line in story["follow_up"] if line["phone"] == phone and line["done_on"] <= on]
    work = [a for a in story["activity"] if a["phone"] == phone and a["kind"] == "reception" and a["worked_on"] <= on]
    came = {v["visited_on"] for v in story["visit"] if v["phone"] == phone and v["visited_on"] <= on}
    met = (
        {c["done_on"] for c in calls if c["reached"] == "true"}
        | {a["worked_on"] for a in work if not a["reached"]}
        | came
    )
    tried = {c["done_on"] for c in calls} | {a["worked_on"] for a in work} | came
    first = plain_first(story, phone)
    last = max(met - {""}, default=first)
    newest = max((c["done_on"] or c["planned_on"] for c in calls), default="")
    plans = {
        c["next_on"] if c["done_on"] else c["planned_on"] for c in calls if (c["done_on"] or c["planned_on"]) == newest
    }
    plan = min(plans - tried - {""}, default="")
    days_ = 1 if last == first else INTERVALS.get(stand, 30)
    by_level = date.fromisoformat(last) + timedelta(days=days_)
    if plan > last and date.fromisoformat(plan) <= by_level:
        return date.fromisoformat(plan), "计划"
    return by_level, "首次" if last == first else "级别周期"


@settings(max_examples=40, deadline=None)
@given(story=stories)
def test_any_story_gives_the_due_days_and_the_states_of_a_plain_recount(story):
    rules = shipped()
    seen = View(on=ON, store="default", tables={kind: rows(rules, kind, lines) for kind, lines in story.items()})

    assert {phone: answer for phone in PEOPLE if (answer := plain_due(story, phone))} == answers(rules, seen)
    facts = gather(seen, rules)
    for at in (date(2026, 11, 7), ON):
        known = facts.prospects_at(at)
        told = {phone: stand for phone in PEOPLE if (stand := plain(story, phone, at.isoformat())) is not None}
        assert told == dict(zip(known["phone"], known["stand"], strict=True))
