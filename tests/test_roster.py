"""表单质量: who owes which form, what came late and what came wrong."""

from __future__ import annotations

from datetime import date, timedelta

from pipeline.dues.owed import owed
from pipeline.roster.changes import changes_sheet
from pipeline.roster.quality import quality_sheet
from pipeline.rulebook.house import Consultant, Deadline
from pipeline.view import View
from tests.hand_ins import DAILY, ON, REGISTER, TRACKER, Row, clock, every_day, house, sheet, view


def slip(
    line: str, *, who: str = "李明", book: str = "b1", verdict: str = "partial", level: str = "error", on: date = ON
) -> Row:
    """`E7 电话 138`: cell, label, found."""
    cell, label, found = line.split()
    return ("default", book, "李明/表.xlsx", "Sheet1", cell, "phone.unreadable", level, label, found, "", "", who, clock("11-05T18:00"), on, verdict)  # fmt: skip


def quality(seen: View, rules) -> dict[str, Row]:
    table, _ = quality_sheet(seen, rules).tables
    return {row[0]: row[1:] for row in table.rows}


def test_a_consultant_owes_one_daily_report_for_each_day_up_to_today(rules):
    seen = view(*every_day("李明", 1, 4))

    assert quality(seen, house(rules, DAILY, consultants=("李明",)))["李明"][:4] == (5, 4, 0, 1)


def test_a_sheet_that_came_after_its_deadline_is_handed_in_but_late(rules):
    seen = view(*every_day("李明", 1, 4), sheet("日报 李明 11-05 11-06T08:00"))

    assert quality(seen, house(rules, DAILY, consultants=("李明",)))["李明"][:4] == (5, 5, 1, 0)


def test_the_hour_of_the_deadline_is_the_house_s_own(rules):
    early = Deadline(form="daily_activity", per="consultant", every="day", at="19:30")

    assert quality(view(*every_day("李明", 1, 5)), house(rules, early, consultants=("李明",)))["李明"][2] == 5


def test_the_first_time_a_sheet_came_decides_whether_it_was_late(rules):
    again = sheet("日报 李明 11-05 11-05T23:59"), sheet("日报 李明 11-05 11-09T09:00")

    assert quality(view(*every_day("李明", 1, 4), *again), house(rules, DAILY, consultants=("李明",)))["李明"][2] == 0


def test_a_quiet_day_s_sheet_counts_as_handed_in(rules):
    assert owed(view(sheet("登记 - 11-05 11-05T20:00")), house(rules, REGISTER)) == ()


def test_a_store_that_started_on_the_4th_owes_nothing_for_the_3rd(rules):
    seen = view(sheet("登记 - 11-04 11-04T20:00"))

    assert [each.period for each in owed(seen, house(rules, REGISTER))] == ["2026-11-05"]


def test_nobody_owes_a_form_for_a_closing_day(rules):
    seen = view(sheet("登记 - 11-03 11-03T20:00"), sheet("登记 - 11-05 11-05T20:00"))

    assert owed(seen, house(rules, REGISTER, closed_on=(date(2026, 11, 4),))) == ()


def test_the_register_is_owed_by_the_whole_store(rules):
    seen = view(sheet("登记 - 11-04 11-04T20:00"))

    assert quality(seen, house(rules, REGISTER, DAILY))["全店"][:4] == (2, 1, 0, 1)


def test_a_register_each_consultant_fills_alone_still_settles_the_store_s_day(rules):
    seen = view(sheet("登记 李明 11-05 11-05T20:00"))

    assert owed(seen, house(rules, REGISTER)) == ()


def test_last_month_s_tracker_falls_due_on_the_first(rules):
    seen = view(sheet("推进 李明 10 10-31T20:00"), *every_day("李明", 1, 1), sheet("日报 李明 10-30 10-30T20:00"))

    assert quality(seen, house(rules, TRACKER, consultants=("李明", "陈静")))["李明"][:4] == (1, 1, 0, 0)
    assert [
        (each.who, each.period, each.due) for each in owed(seen, house(rules, TRACKER, consultants=("李明", "陈静")))
    ] == [("陈静", "2026-10", clock("11-01T23:59"))]


def test_someone_who_left_owes_nothing_from_that_day_on(rules):
    gone = Consultant(name="陈静", leaves_on=date(2026, 11, 3))
    seen = view(*every_day("李明", 1, 5))

    assert [each.period for each in owed(seen, house(rules, DAILY, consultants=("李明", gone)))] == [
        "2026-11-01",
        "2026-11-02",
    ]


def test_without_a_list_those_who_hand_in_sheets_are_the_consultants_from_their_first_sheet(rules):
    seen = view(*every_day("李明", 1, 5), sheet("日报 陈静 11-04 11-04T20:00"))

    assert [(each.who, each.period) for each in owed(seen, house(rules, DAILY))] == [("陈静", "2026-11-05")]


def test_without_a_list_two_weeks_of_silence_mean_someone_has_left(rules):
    sheets = [sheet(f"日报 李明 11-{day:02} 11-{day:02}T20:00") for day in range(1, 21)]
    seen = view(sheet("日报 陈静 11-01 11-01T20:00"), *sheets, on=date(2026, 11, 20))

    assert max(each.period for each in owed(seen, house(rules, DAILY))) == "2026-11-15"


def test_the_same_slip_handed_in_again_is_one_error_and_two_returns(rules):
    seen = view(*every_day("李明", 1, 5), slips=(slip("E7 电话 138"), slip("E7 电话 138", book="b2")))

    assert quality(seen, house(rules, DAILY, consultants=("李明",)))["李明"][4:7] == (2, 1, "电话(1)")


def test_warnings_are_no_errors(rules):
    seen = view(*every_day("李明", 1, 5), slips=(slip("E7 电话 138", level="warning"),))

    assert quality(seen, house(rules, DAILY, consultants=("李明",)))["李明"][4:7] == (0, 0, None)


def test_last_month_s_errors_are_last_month_s(rules):
    seen = view(*every_day("李明", 1, 5), slips=(slip("E7 电话 138", on=date(2026, 10, 31)),))

    assert quality(seen, house(rules, DAILY, consultants=("李明",)))["李明"][5] == 0


def test_the_columns_most_often_wrong_come_first(rules):
    slips = (slip("E7 级别 Q"), slip("D7 电话 138"), slip("D8 电话 139"))

    assert quality(view(slips=slips), rules)["李明"][6] == "电话(2)、级别(1)"


def test_an_error_of_nobody_s_row_belongs_to_the_sheet_s_consultant_else_to_the_store(rules):
    sheets = (sheet("日报 陈静 11-05 11-05T20:00"), sheet("登记 - 11-05 11-05T20:00"))
    slips = tuple(slip("B2 日期 x", who="", book=each[1]) for each in sheets)

    assert {who: row[5] for who, row in quality(view(*sheets, slips=slips), rules).items()} == {"陈静": 1, "全店": 1}


def test_the_missing_days_are_named(rules):
    row = quality(view(*every_day("李明", 2, 3)), house(rules, DAILY, consultants=("李明",)))["李明"]

    assert row[7] == "销售活动日报表 11-04、11-05"


def test_an_empty_archive_owes_nothing_and_shows_both_sheets_whole(rules):
    empty = View(ON, "default", {})

    assert owed(empty, rules) == ()
    assert [column.name for column in quality_sheet(empty, rules).tables[0].columns][:8] == [
        "销售顾问", "应交", "已交", "迟交", "缺交", "退回次数", "错误数", "常错栏目",
    ]  # fmt: skip
    assert changes_sheet(empty, rules).tables[0].rows == ()


def test_sheets_of_earlier_months_are_not_counted_again(rules):
    days = [ON - timedelta(days=back) for back in range(365)]
    sheets = tuple(
        sheet(f"日报 顾问{n} {day:%m-%d} {day:%m-%d}T20:00") for day in days if day.year == ON.year for n in range(5)
    )

    assert quality(view(*sheets), house(rules, DAILY))["顾问0"][:4] == (5, 5, 0, 0)
