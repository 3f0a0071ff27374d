"""Traps 28 to 31 of real sheets: labels that hold their value, the ways to write a day, and dittos."""

from __future__ import annotations

import io
from datetime import date, datetime

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from pipeline.grid import Value
from tests.readings import REGISTER, TRACKER
from tests.sheets import RECEIVED, grid
from tests.street import Taken, saved, take_in

WANG = "| 1 | 王先生 | 13800001111 | H | 9:30 | 10:15 | 李明 | | 看车 |"
MARCH = datetime(2024, 3, 5, 18, 0)
DAILY = "| 序号 | 客户姓名 | 电话 | 车型 | 工作类别 | 原有级别 | 现在级别 | 经过情形 |"
CALL = "| 1 | 王强 | 13800001111 | X5 | 回访 | B | A | 约周末看车 |"


def test_trap_28_labels_and_values_in_one_merged_cell_are_told_apart(rules):
    """`销售顾问:张三    日期:2024年3月5日` in one merged cell → consultant and day of every row."""
    head = "| <8 销售顾问:张三    日期:2024年3月5日 |"
    taken = take_in(rules, grid("| 销售活动日报表 |", head, "| 今日工作总结 |", DAILY, CALL), received=MARCH)

    assert ("accepted", [("张三", date(2024, 3, 5), "follow_up")]) == (
        taken.verdict,
        taken.told("consultant", "worked_on", "kind"),
    )
    assert (["A2"], ["A2"]) == (taken.cells("consultant"), taken.cells("worked_on"))


def test_trap_28_a_printed_blank_is_blank_and_asked_for(rules):
    """`日期:    年  月  日` left unfilled → no date; the cell is named as missing."""
    head = "| <8 销售顾问:张三    日期:    年  月  日 |"
    taken = take_in(rules, grid("| 销售活动日报表 |", head, "| 今日工作总结 |", DAILY, CALL), received=MARCH)

    assert ("returned", [("missing", "error", "A2")]) == (taken.verdict, taken.slips())


def dated(rules, written: Value, received: datetime = RECEIVED) -> Taken:
    """Take in a register whose day stands in B1."""
    return take_in(rules, grid("| 日期 | {day} |", REGISTER, WANG, given={"day": written}), received=received)


@pytest.mark.parametrize(
    "written",
    [
        3.5,
        "3.5",
        "3月5日",
        "24-3-5",
        "2024/3/5",
        "2024.03.05",
        "20240305",
        20240305.0,
        45356.0,
        "3/5",
        "三月五日",
        "二〇二四年三月五日",
        "2024年3月5日 星期二 晴",
        date(2024, 3, 5),
    ],
)
def test_trap_29_every_way_to_write_a_day_is_the_day(rules, written):
    """`3.5`, `3月5日`, `24-3-5`, `2024.03.05`, `20240305`, `45356`, `三月五日` → 5 March 2024."""
    taken = dated(rules, written, received=MARCH)

    # 3.5 as a number is 3.50 too, which no calendar has.
    assert ("accepted", [(date(2024, 3, 5),)], ["B1"]) == (
        taken.verdict,
        taken.told("visited_on"),
        taken.cells("visited_on"),
    )


@pytest.mark.parametrize("written", ["2024年3月", "2013.1.1-2013.12.31"])
def test_trap_29_a_month_or_a_year_s_range_is_no_day(rules, written):
    """`2024年3月` or a range where a day is asked for → said; a month stands only where the form asks for a month."""
    taken = dated(rules, written, received=MARCH)

    assert ("returned", [("date.unreadable", "error", "B1")]) == (taken.verdict, taken.slips())


def test_trap_29_a_month_is_enough_where_the_form_asks_for_a_month(rules):
    """月份 `2024年3月` on a tracker → 2024-03."""
    head = (TRACKER[0].replace("2026-12", "2024年3月"), *TRACKER[1:])
    row = "| 王强 | 13800001111 | H | 3.6 | 3.6 | A | '3.13 | | | | | |"
    taken = take_in(rules, grid(*head, row), received=MARCH, on=date(2024, 3, 31))

    assert [("2024-03",)] == taken.told("month", kind="prospect")
    assert [(date(2024, 3, 6), date(2024, 3, 13))] == taken.told("done_on", "next_on", kind="follow_up")


@pytest.mark.parametrize(
    ("written", "code"),
    [("2024-02-30", "date.impossible"), ("2.30", "date.impossible"), ("2024-13-5", "date.impossible")],
)
def test_trap_30_a_day_no_calendar_has_is_said(rules, written, code):
    """`2024-02-30` → said, never moved to the 1st of March."""
    assert [(code, "error", "B1")] == dated(rules, written, received=MARCH).slips()


def test_trap_30_serials_of_a_workbook_counted_from_1904_are_the_days_excel_shows(rules):
    """A workbook of the 1904 system, a day as a date and as a bare serial → 5 November 2026 both."""
    rows = [
        "| 日期 | 顾客名称 | 电话 | 进店时间 | 离店时间 | 销售顾问 | 注释 |",
        "| {day} | 王先生 | 未留 | 9:30 | 10:15 | 李明 | 看车 |",
        "| 44869 | 赵先生 | 未留 | 9:40 | 10:15 | 李明 | 看车 |",
    ]
    book = openpyxl.load_workbook(io.BytesIO(saved(grid("| 来店登记表 |", *rows, given={"day": ""}))))
    book.epoch = CALENDAR_MAC_1904
    book.worksheets[0]["A3"] = datetime(2026, 11, 5)
    out = io.BytesIO()
    book.save(out)
    taken = take_in(rules, out.getvalue())

    assert [(date(2026, 11, 5),)] * 2 == taken.told("visited_on")


@pytest.mark.parametrize("ditto", ["〃", '"', "同上", "″", "々", "仝"])
def test_trap_31_a_ditto_copies_the_cell_above_in_its_own_table(rules, ditto):
    """〃 " 同上 ″ 々 仝 → the value above in the same column."""
    row = "| 2 | 赵女士 | 13800002222 | {d} | 9:50 | 10:15 | {d} | | {d} |"
    taken = take_in(rules, grid("| 日期 | 2026-11-05 |", REGISTER, WANG, row, given={"d": ditto}))

    assert ("accepted", [], [("李明", "H", "看车")] * 2) == (
        taken.verdict,
        taken.slips(),
        taken.told("consultant", "level", "note"),
    )
    assert ["G3", "G4"] == taken.cells("consultant")


def test_trap_31_a_ditto_for_a_phone_or_a_name_counts_with_a_warning(rules):
    """同上 in the phone or name column → the value above, and a warning at the cell."""
    taken = take_in(
        rules, grid("| 日期 | 2026-11-05 |", REGISTER, WANG, "| 2 | 同上 | 同上 | H | 9:50 | 10:15 | 李明 | | 看车 |")
    )

    assert ("accepted", [("王先生", "13800001111")] * 2) == (taken.verdict, taken.told("customer_name", "phone"))
    assert [("cell.ditto", "warning", "B4"), ("cell.ditto", "warning", "C4")] == taken.slips()


def test_trap_31_a_ditto_in_the_first_row_of_a_table_copies_nothing(rules):
    """〃 under a new header → nothing stands above it in its table; it is asked about."""
    first = ["| 来店登记表 |", "| 日期 | 2026-11-05 |", REGISTER, WANG]
    second = ["| |", "| 来店登记表 |", "| 日期 | 2026-11-06 |", REGISTER, WANG.replace("| H |", "| 〃 |")]
    taken = take_in(rules, grid(*first, *second), received=datetime(2026, 11, 6, 18))

    assert ("partial", [("level.unknown", "error", "D9")]) == (taken.verdict, taken.slips())
