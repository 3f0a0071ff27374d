"""Traps 1 to 8 of real sheets: where a register begins and ends, and which day its rows belong to."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from tests.sheets import grid
from tests.street import take_in

HEAD = "| 序号 | 顾客名称 | 电话 | 进店时间 | 离店时间 | 销售顾问 | 注释 |"
WANG = "| 1 | 王先生 | 13800001111 | 9:30 | 10:15 | 李明 | 看车 |"
DATED = "| 日期 | 顾客名称 | 电话 | 进店时间 | 离店时间 | 销售顾问 | 注释 |"
NOVEMBER = datetime(2026, 11, 30, 18, 0)


def days(*written: str, title: str = "2026年11月来店登记表") -> list[str]:
    """Draw a register with a day in every row."""
    return [
        f"| <7 {title} |",
        DATED,
        *(f"| {day} | 王先生 | 未留 | 9:30 | 10:15 | 李明 | 看车 |" for day in written),
    ]


def test_trap_01_a_title_printed_again_every_16_columns_makes_no_second_table(rules):
    """Title merged over 15 columns and printed again every 16 columns to column 256 → one table, the empty blocks to the right are nothing."""
    titles = "|" + " | |".join(["<15 来店登记表"] * 16) + " |"
    taken = take_in(rules, grid(titles, "| 日期 | 2026-11-05 |", HEAD, WANG))

    assert ("accepted", []) == (taken.verdict, taken.slips())
    assert [(date(2026, 11, 5), "王先生", "09:30")] == taken.told("visited_on", "customer_name", "arrived_at")
    assert ["D4"] == taken.cells("arrived_at")


def test_trap_02_a_header_that_goes_on_past_the_table_is_read_once(rules):
    """Header names come again beyond the table with nothing under them → the first of each is read, the rest is nothing."""
    taken = take_in(rules, grid("| 日期 | 2026-11-05 |", f"{HEAD} | 进店时间 | 注释 |", f"{WANG} | | |"))

    assert ("accepted", []) == (taken.verdict, taken.slips())
    assert ["D3"] == taken.cells("arrived_at")


def test_trap_02_a_repeated_column_that_holds_something_is_said(rules):
    """Something stands under a repeated header name → the first column counts, the cell that was not read is named."""
    taken = take_in(rules, grid("| 日期 | 2026-11-05 |", f"{HEAD} | 进店时间 | 注释 |", f"{WANG} | 11:20 | |"))

    assert [("column.twice", "warning", "I3")] == taken.slips()
    assert [("09:30",)] == taken.told("arrived_at")


def test_trap_03_formatted_blank_rows_below_the_last_visit_are_nothing(rules):
    """Used range of 1,103 rows, 2 filled → two records."""
    taken = take_in(
        rules, grid("| 日期 | 2026-11-05 |", HEAD, WANG, WANG.replace("9:30", "9:50"), *["| | |"] * 1_100, "| ' |")
    )

    assert ("accepted", [("09:30",), ("09:50",)]) == (taken.verdict, taken.told("arrived_at"))


def test_trap_04_a_day_without_its_year_takes_the_year_of_the_title(rules):
    """`11.01` as text → 1 November of the year that title, sheet or file name state."""
    taken = take_in(rules, grid(*days("'11.01", title="2024年来店登记表")))

    assert [(date(2024, 11, 1),)] == taken.told("visited_on")


@pytest.mark.parametrize(("sheet", "path"), [("2024年11月", "登记表.xlsx"), ("Sheet1", "2024年登记表.xlsx")])
def test_trap_04_a_day_without_its_year_takes_the_year_of_sheet_or_file(rules, sheet, path):
    """The title states no year → sheet name, then file name."""
    taken = take_in(rules, grid(*days("'11.01", title="来店登记表"), sheet=sheet), path=path)

    assert [(date(2024, 11, 1),)] == taken.told("visited_on")


def test_trap_05_the_days_above_and_below_tell_the_first_from_the_tenth(rules):
    """Number `11.1` between 5 and 12 November → the 10th, because Excel drops the last zero."""
    taken = take_in(rules, grid(*days("'11.05", "11.1", "'11.12")), received=NOVEMBER)

    assert [(date(2026, 11, day),) for day in (5, 10, 12)] == taken.told("visited_on")
    assert [] == taken.slips()


def test_trap_05_a_day_that_reads_two_ways_is_asked_about(rules):
    """Number `11.1` with nothing beside it that decides → both days are named, the row waits."""
    taken = take_in(rules, grid(*days("11.1")), received=NOVEMBER)

    assert ("returned", [("date.two-ways", "error", "A3")]) == (taken.verdict, taken.slips())
    assert "「11.1」可以读作 2026-11-01 或 2026-11-10" in taken.finding("date.two-ways").say


SPLIT = "| 登记年 | 登记月 | 登记日 | 顾客名称 | 电话 | 进店时间 | 离店时间 | 销售顾问 | 注释 |"


def test_trap_06_year_month_and_day_in_three_columns_are_one_day(rules):
    """登记年, 登记月, 登记日 in three columns → one day, blamed on the cell of its day."""
    taken = take_in(
        rules, grid("| 来店登记表 |", SPLIT, "| 2026 | 11 | 5 | 王先生 | 未留 | 9:30 | 10:15 | 李明 | 看车 |")
    )

    assert [(date(2026, 11, 5),)] == taken.told("visited_on")
    assert ["C3"] == taken.cells("visited_on")


def test_trap_07_rows_that_hold_nothing_but_a_printed_year_are_empty_and_a_stray_year_is_said(rules):
    """登记年 printed in 120 empty rows, once `13` in a filled one → empty rows; the stray year is an error."""
    row = "| {0} | 11 | 5 | 王先生 | 未留 | 9:{1} | 10:15 | 李明 | 看车 |"
    taken = take_in(rules, grid("| 来店登记表 |", SPLIT, row.format(2026, 30), row.format(13, 50), *["| 2026 |"] * 120))

    assert ("partial", [("date.no-year", "error", "C4")]) == (taken.verdict, taken.slips())
    assert [(date(2026, 11, 5), "09:30")] == taken.told("visited_on", "arrived_at")


def test_trap_08_a_day_written_in_the_first_row_counts_for_the_rows_below_and_no_further(rules):
    """日期 on the first row of the day only → filled down to the next date; a second table does not take it over."""
    row = "| {0} | 王先生 | 未留 | 9:{1} | 10:15 | 李明 | 看车 |"
    table = [DATED, row.format("2026-11-04", 10), row.format("", 20), row.format("2026-11-05", 30), row.format("", 40)]
    taken = take_in(rules, grid("| <7 来店登记表 |", *table, "| |", "| <7 来店登记表 |", DATED, row.format("", 50)))

    assert [
        (date(2026, 11, day), f"09:{minute}") for day, minute in ((4, 10), (4, 20), (5, 30), (5, 40))
    ] == taken.told("visited_on", "arrived_at")
    assert ["A3", "A3", "A5", "A5"] == taken.cells("visited_on")
    assert [("missing", "error", "A10")] == taken.slips()
