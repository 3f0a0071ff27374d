"""Who is a customer, at which level, and what happened to them once: contract section 7, a sentence a test."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.facts.gather import Facts, gather
from tests.told import day, view

WANG, CHEN = "13800001111", "13800002222"


@pytest.fixture
def told(rules):
    """Fold drawn tables into facts."""
    return lambda on, **tables: gather(view(rules, on, **tables), rules)


def stands(facts: Facts, at: str | None = None) -> dict[str, str]:
    known = facts.prospects_at(day(at) if at else facts.on)
    return dict(zip(known["phone"], known["stand"], strict=True))


def events(facts: Facts, rows) -> list[tuple[str, date]]:
    return [(facts.persons["phone"][person], on.date()) for person, on in zip(rows["person"], rows["on"], strict=True)]


# ── persons ───────────────────────────────────────────────────────────────────────────────────────────────────────────


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


# ── level and state ───────────────────────────────────────────────────────────────────────────────────────────────────


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


# ── counted once per person ───────────────────────────────────────────────────────────────────────────────────────────

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


# ── the way back, and nothing at all ──────────────────────────────────────────────────────────────────────────────────


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
