"""表单质量 and 催交: blank sheets told apart, streaks of hand-ins, and whom to press for what, the longest overdue first."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from pipeline.dues.owed import due_so_far
from pipeline.roster.by_day import calendar_sheet
from pipeline.roster.quality import quality_sheet
from pipeline.roster.streaks import Streak, streak
from pipeline.rulebook.house import Consultant, Deadline
from pipeline.view import View
from tests.hand_ins import DAILY, REGISTER, TRACKER, Row, every_day, house, sheet, view


def quality(seen: View, rules) -> dict[str, dict[str, Any]]:
    table, _ = quality_sheet(seen, rules).tables
    return {row[0]: dict(zip((column.name for column in table.columns), row, strict=True)) for row in table.rows}


def pressed(seen: View, rules) -> list[str]:
    """Who, form, days, how long, how many in a row."""
    _, table = quality_sheet(seen, rules).tables
    rows = [dict(zip((column.name for column in table.columns), row, strict=True)) for row in table.rows]
    return [
        f"{row['催谁']} {row['哪张表']} {row['哪几天的']} 拖{row['已拖天数']}天 连{row['连续缺交']}次" for row in rows
    ]


def stand(seen: View, rules, who: str = "李明", form: str = "daily_activity") -> Streak:
    return streak([each for each in due_so_far(seen, rules) if (each.who, each.form) == (who, form)])


# ── 空表 ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_report_with_no_line_filled_is_handed_in_and_counted_as_blank(rules):
    seen = view(*every_day("李明", 1, 4), sheet("日报 李明 11-05 11-05T20:00 空"))
    row = quality(seen, house(rules, DAILY, consultants=("李明",)))["李明"]

    assert (row["应交"], row["已交"], row["缺交"], row["空表"], row["空表明细"]) == (5, 5, 0, 1, "销售活动日报表 11-05")


@pytest.mark.parametrize(("then", "blank"), [("11-05T21:00", 0), ("11-05T19:00", 1)])
def test_a_blank_sheet_filled_afterwards_is_blank_no_more_and_one_emptied_is(rules, then, blank):
    seen = view(*every_day("李明", 1, 4), sheet("日报 李明 11-05 11-05T20:00 空"), sheet(f"日报 李明 11-05 {then}"))

    assert quality(seen, house(rules, DAILY, consultants=("李明",)))["李明"]["空表"] == blank


def test_a_day_with_plans_but_no_work_is_not_blank(rules):
    work = sheet("日报 李明 11-05 11-05T20:00 空", family="summary")
    plans = sheet("日报 李明 11-05 11-05T20:00", family="tomorrow")

    assert quality(view(work, plans), house(rules, DAILY, consultants=("李明",)))["李明"]["空表"] == 0


def test_one_day_on_two_sheets_of_a_workbook_is_blank_only_if_both_are(rules):
    two = sheet("登记 - 11-05 11-05T20:00"), sheet("登记 - 11-05 11-05T20:00 空", sheet="Sheet2")

    assert quality(view(*two), house(rules, REGISTER))["全店"]["空表"] == 0


def test_lines_that_are_held_are_filled_lines(rules):
    held = (*sheet("登记 - 11-05 11-05T20:00 空")[:-1], 2)

    assert quality(view(held), house(rules, REGISTER))["全店"]["空表"] == 0


def test_one_consultant_s_blank_register_does_not_make_the_store_s_blank(rules):
    seen = view(sheet("登记 李明 11-05 11-05T20:00"), sheet("登记 陈静 11-05 11-05T20:00 空"))

    assert quality(seen, house(rules, REGISTER))["全店"]["空表"] == 0


# ── 连续 ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("last", "on_time", "missing"),
    [
        ("", 0, 1),
        ("日报 李明 11-05 11-05T20:00", 5, 0),
        ("日报 李明 11-05 11-05T20:00 空", 5, 0),
        ("日报 李明 11-05 11-06T08:00", 0, 0),
    ],
    ids=["missing", "on time", "blank", "late"],
)
def test_a_late_sheet_ends_both_streaks_and_a_blank_one_none(rules, last, on_time, missing):
    seen = view(*every_day("李明", 1, 4), *([sheet(last)] if last else []))

    assert stand(seen, house(rules, DAILY, consultants=("李明",))) == Streak(on_time, missing)


def test_what_fell_due_is_made_out_once_for_all_sheets_and_anew_for_other_rules(rules):
    seen = view(sheet("日报 李明 11-05 11-05T20:00"))
    daily, register = house(rules, DAILY, consultants=("李明",)), house(rules, REGISTER)

    assert due_so_far(seen, daily) is due_so_far(seen, daily)
    assert ({"daily_activity"}, {"visitor_register"}) == tuple(
        {each.form for each in due_so_far(seen, by)} for by in (daily, register)
    )


def test_a_closing_day_does_not_break_a_streak(rules):
    seen = view(*every_day("李明", 1, 2), *every_day("李明", 4, 5))
    closed = house(rules, DAILY, consultants=("李明",), closed_on=(date(2026, 11, 3),))

    assert stand(seen, closed) == Streak(4, 0)
    assert stand(seen, house(rules, DAILY, consultants=("李明",))) == Streak(2, 0)


def test_a_streak_goes_on_over_the_end_of_the_month(rules):
    seen = view(*every_day("李明", 28, 29, month=10), *every_day("陈静", 1, 5))
    both = house(rules, DAILY, consultants=("李明", "陈静"))

    assert stand(seen, both) == Streak(0, 7)
    assert quality(seen, both)["李明"]["缺交"] == 5


def test_the_days_before_somebody_s_first_sheet_and_after_the_last_day_are_no_part_of_a_streak(rules):
    new = stand(view(*every_day("李明", 20, 31, month=10), *every_day("陈静", 1, 5)), house(rules, DAILY, consultants=("李明", "陈静")), "陈静")  # fmt: skip
    gone = Consultant(name="陈静", leaves_on=date(2026, 11, 4))
    left = stand(view(*every_day("李明", 1, 5), *every_day("陈静", 1, 3)), house(rules, DAILY, consultants=("李明", gone)), "陈静")  # fmt: skip

    assert (new, left) == (Streak(5, 0), Streak(3, 0))


def test_over_all_forms_a_day_is_on_time_only_if_everything_due_on_it_was(rules):
    seen = view(*every_day("李明", 30, 31, month=10), *every_day("李明", 1, 5))  # the tracker of October never came
    row = quality(seen, house(rules, DAILY, TRACKER, consultants=("李明",)))["李明"]

    assert (row["连续按时"], row["连续缺交"], row["缺交明细"]) == (4, 0, "潜在顾客等级推进表 2026-10")


def test_a_store_silent_since_the_first_is_not_taken_for_one_that_has_not_begun(rules):
    seen = view(*every_day("-", 20, 31, "登记", month=10))

    assert quality(seen, house(rules, REGISTER))["全店"]["缺交"] == 5


def test_a_consultant_of_another_store_owes_nothing_here(rules):
    other = Consultant(name="陈静", store="乙店")
    seen = view(*every_day("李明", 1, 5))

    assert list(quality(seen, house(rules, DAILY, consultants=("李明", other)))) == ["李明"]


# ── 催交 ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_those_longest_overdue_are_pressed_first_and_days_in_a_row_stand_as_a_span(rules):
    seen = view(
        *every_day("李明", 1, 1), *every_day("李明", 5, 5), *every_day("陈静", 1, 4), *every_day("王芳", 2, 2), *every_day("王芳", 4, 4),
    )  # fmt: skip

    assert pressed(seen, house(rules, DAILY, consultants=("李明", "陈静", "王芳"))) == [
        "王芳 销售活动日报表 11-01、11-03、11-05 拖4天 连1次",
        "李明 销售活动日报表 11-02至11-04 拖3天 连0次",
        "陈静 销售活动日报表 11-05 拖0天 连1次",
    ]


def test_on_the_first_the_last_days_of_the_month_before_are_still_pressed_for(rules):
    seen = view(*every_day("李明", 20, 29, month=10), sheet("日报 李明 11-01 11-01T20:00"), on=date(2026, 11, 1))

    assert pressed(seen, house(rules, DAILY, consultants=("李明",))) == ["李明 销售活动日报表 10-30、10-31 拖2天 连0次"]


def test_last_month_s_register_brought_in_late_makes_nobody_owe_last_month_s_reports(rules):
    seen = view(*every_day("-", 1, 31, "登记", month=10), *every_day("李明", 1, 5))

    assert pressed(seen, house(rules, DAILY, consultants=("李明", "陈静"))) == [
        "陈静 销售活动日报表 11-01至11-05 拖4天 连5次"
    ]


def test_after_so_many_days_a_sheet_is_no_longer_pressed_for(rules):
    seen = view(*every_day("李明", 1, 1), *every_day("李明", 4, 5))

    assert pressed(seen, house(rules, DAILY, consultants=("李明",), press_days=3)) == [
        "李明 销售活动日报表 11-03 拖2天 连0次"
    ]


def test_nobody_to_press_is_said(rules):
    table = quality_sheet(view(*every_day("李明", 1, 5)), house(rules, DAILY, consultants=("李明",))).tables[1]

    assert (table.rows, table.empty) == ((), "都交齐了")


# ── 交表日历 ──────────────────────────────────────────────────────────────────────────────────────────────────────


def days(seen: View, rules) -> dict[tuple[str, str], str]:
    """The marks of the 1st to the 6th, `.` = blank, and how many columns of days there are."""
    [table] = calendar_sheet(seen, rules).tables
    return {row[:2]: "".join((cell or ".").replace("\n", "+") for cell in row[2:8]) for row in table.rows}


def test_the_calendar_marks_each_day_by_what_came_and_leaves_days_to_come_blank(rules):
    sheets: Row = (
        sheet("日报 李明 11-01 11-01T20:00"), sheet("日报 李明 11-02 11-03T08:00"), sheet("日报 李明 11-03 11-03T20:00 空"),
        sheet("日报 李明 11-05 11-06T08:00 空"), sheet("登记 - 11-01 11-01T20:00"), sheet("推进 李明 10 10-31T20:00"),
        sheet("日报 李明 10-31 10-31T20:00"),
    )  # fmt: skip

    assert days(view(*sheets), house(rules, REGISTER, DAILY, TRACKER, consultants=("李明",))) == {
        ("李明", "销售活动日报表"): "✓迟空✗迟空.",
        ("李明", "潜在顾客等级推进表"): "✓.....",
        ("全店", "来店(电)顾客登记表"): "✓✗✗✗✗.",
    }


def test_a_closing_day_stays_blank_in_the_calendar(rules):
    closed = house(rules, DAILY, consultants=("李明",), closed_on=(date(2026, 11, 3),))

    assert days(view(*every_day("李明", 1, 2)), closed) == {("李明", "销售活动日报表"): "✓✓.✗✗."}


def test_the_calendar_has_every_day_of_its_month_and_counts_what_is_missing_by_day(rules):
    seen = view(*every_day("李明", 1, 4), *every_day("陈静", 1, 3))
    [table] = calendar_sheet(seen, house(rules, DAILY, consultants=("李明", "陈静"))).tables

    assert [column.name for column in table.columns][2:32] == [str(day) for day in range(1, 31)]
    assert table.total is not None
    assert table.total[:8] == ("合计", "缺交", None, None, None, 1, 2, None)


def test_a_form_due_the_day_after_stands_on_the_day_it_fell_due(rules):
    next_day = Deadline(form="daily_activity", per="consultant", every="day", days_after=1, at="10:00")
    seen = view(
        sheet("日报 李明 10-31 10-31T20:00"), sheet("日报 李明 11-01 11-02T09:00"), sheet("日报 李明 11-02 11-03T11:00")
    )

    assert days(seen, house(rules, next_day, consultants=("李明",))) == {("李明", "销售活动日报表"): "✓✓迟✗✗."}
