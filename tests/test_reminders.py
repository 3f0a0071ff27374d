"""跟进提醒.xlsx as a manager reads it: who was never heard of again, and what is too regular to be true."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.facts.gather import gather
from pipeline.reports import reminders
from pipeline.rulebook.house import Consultant
from tests.told import day, view

WANG, CHEN = "13800001111", "13800002222"
CAME = f"phone | visited_on | level\n {WANG} | 11-01 | H"


@pytest.fixture
def sheet(rules):
    def _sheet(name, on="11-10", **tables):
        found = reminders.build(gather(view(rules, on, **tables), rules), rules)
        return next(each.tables[0] for each in found.sheets if each.name == name).rows

    return _sheet


def test_who_left_a_phone_and_a_level_and_was_never_called_is_silent(sheet):
    assert [("李明", "王志强", "138****1111", "H", None, day("11-01"), 9)] == [
        row[:-1] for row in sheet("沉默客户", visit=CAME)
    ]


def test_the_day_after_the_visit_is_no_silence_yet(sheet):
    assert [0, 1] == [len(sheet("沉默客户", on, visit=CAME)) for on in ("11-02", "11-03")]


@pytest.mark.parametrize(
    "tables",
    [
        {"follow_up": f"phone | done_on | reached\n {WANG} | 11-02 | false"},
        {"follow_up": f"phone | planned_on\n {WANG} | 11-12"},
        {"activity": f"phone | worked_on | kind\n {WANG} | 11-03 | follow_up"},
        {"test_drive": f"phone | driven_on\n {WANG} | 11-03"},
        {"deal": f"phone | ordered_on\n {WANG} | 11-01"},
    ],
)
def test_a_try_a_plan_ahead_or_an_order_breaks_the_silence(sheet, tables):
    assert () == sheet("沉默客户", visit=CAME, **tables)


def test_a_plan_that_passed_and_the_days_own_report_do_not_break_it(sheet):
    kept = {
        "follow_up": f"phone | planned_on\n {WANG} | 11-03",
        "activity": f"phone | worked_on | kind\n {WANG} | 11-01 | reception",
    }

    assert 1 == len(sheet("沉默客户", visit=CAME, **kept))


def test_without_a_level_or_a_phone_nobody_is_called_silent(sheet):
    assert () == sheet("沉默客户", visit=f"phone | visited_on | level\n {WANG} | 11-01 |\n | 11-01 | H")


def test_who_leaves_within_a_week_is_shown_with_the_open_customers(rules):
    people = (
        Consultant(name="李明", leaves_on=date(2026, 11, 17)),
        Consultant(name="王芳", leaves_on=date(2026, 11, 18)),
    )
    own = rules.model_copy(update={"house": rules.house.model_copy(update={"consultants": people})})
    tables = {"visit": f"{CAME}\n {CHEN} | 11-02 | A", "deal": f"phone | ordered_on\n {CHEN} | 11-03"}
    found = reminders.build(gather(view(own, "11-10", **tables), own), own)

    assert [("李明", date(2026, 11, 17), "王志强", "138****1111", "H", None, day("11-02"), None)] == [
        row[:-1] for row in found.sheets[-1].tables[0].rows
    ]


def visits(count, **same):
    head = ["visited_on", "arrived_at", "consultant", "phone", "note", "visit_kind"]
    lines = []
    for number in range(count):
        usual = {"visited_on": "11-05", "arrived_at": f"09:{number + 1:02}", "consultant": "李明", "phone": WANG, "note": f"看车{number}", "visit_kind": "first"}  # fmt: skip
        lines.append(" | ".join((usual | same)[name] for name in head))
    return "\n".join([" | ".join(head), *lines])


def test_honest_rows_raise_no_question(sheet):
    assert () == sheet("可疑之处", visit=visits(30))


@pytest.mark.parametrize(("count", "asked"), [(11, []), (12, [("同一分钟", "全店", day("11-05"), 12)])])
def test_twelve_visits_in_one_minute_are_asked_about(sheet, count, asked):
    assert asked == [row[1:5] for row in sheet("可疑之处", visit=visits(count, arrived_at="09:17"))]


@pytest.mark.parametrize(
    ("same", "matter"),
    [({"note": "看车"}, "注释全一样"), ({"arrived_at": "09:00"}, "时间全是整点"), ({"phone": ""}, "从没留下电话")],
)
def test_what_is_always_the_same_is_asked_about_from_five_rows_on(sheet, same, matter):
    assert [[], [(matter, "李明")]] == [
        [row[1:3] for row in sheet("可疑之处", visit=visits(count, **same))] for count in (4, 5)
    ]


def test_small_numbers_are_shown_as_numbers_and_large_ones_with_their_share(sheet):
    found = [sheet("可疑之处", visit=visits(count, note="看车"))[0][4:7] for count in (19, 20)]

    assert [(19, 19, None), (20, 20, 1.0)] == found


def test_one_note_that_differs_one_odd_minute_one_phone_answer_the_question(sheet):
    odd = visits(1, phone=CHEN).splitlines()[1]
    rows = visits(6, note="看车", arrived_at="09:00", phone="")

    assert () == sheet("可疑之处", visit=f"{rows}\n{odd}")


def test_pick_ups_and_repairs_without_a_phone_are_no_question(sheet):
    assert () == sheet("可疑之处", visit=visits(8, phone="", visit_kind="other"))


def test_every_question_leads_to_each_of_its_rows(sheet):
    rows = sheet("可疑明细", visit=visits(5, note="看车"))

    assert ["visitor_register.xlsx › Sheet1 › " + cell for cell in ("D5", "D6", "D7", "D8", "D9")] == [
        str(row[-1]) for row in rows
    ]


def test_a_number_written_in_a_note_is_not_shown_in_full(sheet):
    found = sheet("可疑之处", visit=visits(5, note=f"改打{CHEN}")) + sheet(
        "可疑明细", visit=visits(5, note=f"改打{CHEN}")
    )

    assert 6 == sum("138****2222" in str(row) for row in found)
    assert not [row for row in found if CHEN in str(row)]


def test_what_lies_before_the_window_is_not_asked_about(sheet):
    assert () == sheet("可疑之处", visit=visits(12, visited_on="2026-01-05", arrived_at="09:17"))
