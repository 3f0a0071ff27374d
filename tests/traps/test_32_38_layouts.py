"""Traps 32 to 38 of real sheets: headers of two rows, tables below each other, totals, samples, and rows that are none."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from tests.readings import REGISTER
from tests.sheets import grid
from tests.street import take_in

WANG = "| 1 | 王先生 | 13800001111 | H | 9:30 | 10:15 | 李明 | | 看车 |"
ZHAO = "| 2 | 赵女士 | 13800002222 | A | 9:50 | 10:15 | 陈静 | | 试座 |"
DAY = "| 日期 | 2026-11-05 |"
BOTH = [("王先生", "09:30"), ("赵女士", "09:50")]


def test_trap_32_headers_of_two_and_three_rows_are_one_path_a_column(rules):
    """进店 over 时间, 来访性质 over 首次/再次 as columns to tick → one field each, joined from above."""
    taken = take_in(
        rules,
        grid(
            "| <9 来店登记表 |",
            DAY,
            "| 序号 | <2 顾客 | <2 时间 | <2 来访性质 | 销售顾问 | 注释 |",
            "| ^ | 姓名 | 电话 | 进店 | 离店 | 首次 | 再次 | ^ | ^ |",
            "| 1 | 王先生 | 13800001111 | 9:30 | 10:15 | √ | | 李明 | 看车 |",
            "| 2 | 赵女士 | 13800002222 | 9:50 | 10:15 | | √ | 陈静 | 试座 |",
        ),
    )

    assert ("accepted", []) == (taken.verdict, taken.slips())
    assert [
        ("王先生", "13800001111", "09:30", "10:15", "first", "李明"),
        ("赵女士", "13800002222", "09:50", "10:15", "return", "陈静"),
    ] == taken.told("customer_name", "phone", "arrived_at", "left_at", "visit_kind", "consultant")
    assert ["F5", "G6"] == taken.cells("visit_kind")


def test_trap_32_groups_of_groups_are_told_apart(rules):
    """第1次回访 > 计划日期, 实际日期 … twice side by side → a follow-up each."""
    taken = take_in(
        rules,
        grid(
            "| 潜在顾客等级推进表 |",
            "| 销售顾问 | 李明 | | 月份 | 2026-11 |",
            "| 客户姓名 | 电话 | 初始级别 | <6 回访 |",
            "| ^ | ^ | ^ | <3 第1次 | <3 第2次 |",
            "| ^ | ^ | ^ | 计划日期 | 实际日期 | 级别 | 计划日期 | 实际日期 | 级别 |",
            "| 王强 | 13800001111 | H | '11.03 | '11.03 | A | '11.10 | | |",
        ),
        received=datetime(2026, 11, 6, 18),
    )

    assert [(date(2026, 11, 3), date(2026, 11, 3), "A"), (date(2026, 11, 10), None, None)] == taken.told(
        "planned_on", "done_on", "level_after", kind="follow_up"
    )
    assert ["D6", "G6"] == taken.cells("planned_on", kind="follow_up")


def test_trap_33_blanks_line_breaks_stars_and_brackets_in_a_header_say_nothing(rules):
    """`客 户\\n姓 名`, `联系电话*`, `拟购车型(必填)` → 客户姓名, 联系电话, 拟购车型."""
    head = "| 序号 | 客 户\\n姓 名 | 联系电话* | 拟购车型(必填) | 进 店 时 间: | 离店\\n时间 | 销售顾问* | 注 释 |"
    taken = take_in(rules, grid(DAY, head, "| 1 | 王先生 | 13800001111 | 301 | 9:30 | 10:15 | 李明 | 看车 |"))

    assert ("accepted", [("王先生", "13800001111", "301", "09:30", "10:15", "李明", "看车")]) == (
        taken.verdict,
        taken.told("customer_name", "phone", "model", "arrived_at", "left_at", "consultant", "note"),
    )


def test_trap_34_tables_below_each_other_are_cut_at_their_titles(rules):
    """Two registers on a sheet, each with title and date → every row has its own day."""
    second = ["| <9 来店登记表 |", "| 日期 | 2026-11-04 |", REGISTER, ZHAO]
    taken = take_in(rules, grid("| <9 来店登记表 |", DAY, REGISTER, WANG, *second))

    assert ("accepted", [(date(2026, 11, 5), "王先生"), (date(2026, 11, 4), "赵女士")]) == (
        taken.verdict,
        taken.told("visited_on", "customer_name"),
    )


def test_trap_34_a_sheet_of_statistics_is_no_hand_in(rules):
    """14 blocks of `◆接待客户批次分月统计` beside the register → not read, and nothing is said of them."""
    block = [
        "| <7 ◆接待客户批次分月统计 |",
        "| 销售顾问 | <3 接待批次 | <3 留档 |",
        "| ^ | 首次 | 再次 | 合计 | 电话 | 级别 | 留档率 |",
        "| 李明 | 12 | 3 | 15 | 9 | 8 | 0.6 |",
        "| 合计 | 12 | 3 | 15 | 9 | 8 | 0.6 |",
    ]
    taken = take_in(rules, grid(DAY, REGISTER, WANG), grid(*block * 14, sheet="统计"))

    assert ("accepted", [], [("王先生",)]) == (taken.verdict, taken.slips(), taken.told("customer_name"))


@pytest.mark.parametrize(
    "total", ["| 合计 | | | | | | | | |", "| 小计: | 2批 | | | | | | | |", "| | 本页合计 | | | 2 | | | | |"]
)
def test_trap_35_a_total_is_no_visit(rules, total):
    """合计, 小计, 本页合计 → no record; rows go on behind a subtotal."""
    taken = take_in(rules, grid(DAY, REGISTER, WANG, ZHAO, total, ZHAO.replace("9:50", "10:05")))

    assert ("accepted", [*BOTH, ("赵女士", "10:05")]) == (taken.verdict, taken.told("customer_name", "arrived_at"))


def test_trap_35_an_error_value_is_never_taken_for_blank(rules):
    """#N/A in the phone column → the cell is named, the row waits; its neighbours go in."""
    taken = take_in(rules, grid(DAY, REGISTER, WANG.replace("13800001111", "#N/A"), ZHAO))

    assert ("partial", [("cell.error", "error", "C3")]) == (taken.verdict, taken.slips())
    assert BOTH[1:] == taken.told("customer_name", "arrived_at")


@pytest.mark.parametrize("name", ["11.05", "11月5日", "2026-11-05", "20261105"])
def test_trap_36_a_sheet_s_name_is_its_day_where_no_cell_says_it(rules, name):
    """Sheet per day named `11.05`, `11月5日` → the day of its rows."""
    taken = take_in(rules, grid(REGISTER, WANG, sheet=name), path="2026年11月来店登记.xlsx")

    assert ("accepted", [(date(2026, 11, 5),)]) == (taken.verdict, taken.told("visited_on"))


def test_trap_36_a_sheet_named_by_a_bare_day_takes_the_month_of_the_file(rules):
    """Sheets `1`, `2` … in 2026年11月.xlsx → 1 and 2 November."""
    sheets = [grid(REGISTER, WANG, sheet="1"), grid(REGISTER, ZHAO, sheet="2")]
    taken = take_in(rules, *sheets, path="2026年11月来店登记.xlsx")

    assert [(date(2026, 11, 1), "王先生"), (date(2026, 11, 2), "赵女士")] == taken.told("visited_on", "customer_name")


def test_trap_36_a_copied_day_counts_once_and_an_empty_sheet_is_nothing(rules):
    """Sheet2 repeats the day of Sheet1, Sheet3 is empty → the same rows are one record each, and the copy is said."""
    day = [DAY, REGISTER, WANG, ZHAO]
    taken = take_in(rules, grid(*day), grid(*day, sheet="Sheet2"), grid("| |", sheet="Sheet3"))

    assert ("accepted", BOTH) == (taken.verdict, taken.told("customer_name", "arrived_at"))
    assert [("sheet.copy", "warning", "A3")] == taken.slips()
    assert ("Sheet2", "Sheet1") == (taken.finding("sheet.copy").sheet, taken.finding("sheet.copy").found)


def test_trap_36_a_row_told_otherwise_on_a_second_sheet_is_said(rules):
    """Sheet2 repeats a row of Sheet1 with another note → the later one counts, and the cell that differs is named."""
    taken = take_in(
        rules, grid(DAY, REGISTER, WANG, ZHAO), grid(DAY, REGISTER, WANG.replace("看车", "试驾"), ZHAO, sheet="Sheet2")
    )

    assert ("accepted", [("row.twice", "warning", "I3")]) == (taken.verdict, taken.slips())
    assert "Sheet2 I3:和 Sheet1 第 3 行 是同一条,注释不一样,按这里的算" in taken.finding("row.twice").say


@pytest.mark.parametrize(
    "sample",
    [
        "| 例 | 张先生 | 13900000000 | H | 9:00 | 9:30 | 李明 | √ | 首次看车 |",
        "| 示例: | 张先生 | 13900000000 | H | 9:00 | 9:30 | 李明 | √ | 首次看车 |",
        "| (例) | 张先生 | 13900000000 | H | 9:00 | 9:30 | 李明 | √ | 首次看车 |",
    ],
)
def test_trap_37_sample_rows_and_instructions_are_no_visits(rules, sample):
    """示例 or 例 in front of a row; 注: and 填写说明 under the table → skipped."""
    notes = ["| <9 注:1、每位顾客都要登记 |", "| 填写说明:不留电话写原因 |"]
    taken = take_in(rules, grid(DAY, REGISTER, sample, WANG, ZHAO, *notes))

    assert ("accepted", [], BOTH) == (taken.verdict, taken.slips(), taken.told("customer_name", "arrived_at"))


def test_trap_38_numbered_rows_without_anything_else_are_empty(rules):
    """序号 1 … 20 printed in advance → two records."""
    taken = take_in(rules, grid(DAY, REGISTER, WANG, ZHAO, *(f"| {number} |" for number in range(3, 21))))

    assert ("accepted", [], BOTH) == (taken.verdict, taken.slips(), taken.told("customer_name", "arrived_at"))
