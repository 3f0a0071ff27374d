"""Traps 9 to 15 of real sheets: how the front desk writes when somebody came and left."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest

from pipeline.grid import Value
from tests.readings import REGISTER
from tests.sheets import grid
from tests.street import Taken, take_in


def visit(rules, arrived: Value, left: Value = "") -> Taken:
    """Take in a visit whose two times stand in E3 and F3."""
    row = "| 1 | 王先生 | 13800001111 | H | {in} | {out} | 李明 | | 看车 |"
    return take_in(rules, grid("| 日期 | 2026-11-05 |", REGISTER, row, given={"in": arrived, "out": left}))


@pytest.mark.parametrize(("written", "at"), [(9.2, "09:20"), (13.54, "13:54"), (11.4, "11:40"), (15.01, "15:01")])
def test_trap_09_a_time_typed_as_a_number_is_hours_and_minutes(rules, written, at):
    """Numbers `9.2`, `13.54`, `11.4`, `15.01` → 09:20, 13:54, 11:40, 15:01."""
    taken = visit(rules, written, 17.0)

    assert ("accepted", [(at, "17:00")]) == (taken.verdict, taken.told("arrived_at", "left_at"))
    assert ["E3"] == taken.cells("arrived_at")


def test_trap_09_minutes_beyond_59_are_no_time(rules):
    """Number `9.75` → said, never turned into another time."""
    taken = visit(rules, 9.75, 17.0)

    assert ("returned", [("time.unreadable", "error", "E3")]) == (taken.verdict, taken.slips())


@pytest.mark.parametrize("written", [13.0, "13", "13.0", "13点", "13时整"])
def test_trap_10_a_bare_hour_is_that_hour(rules, written):
    """`13` or `13.0` → 13:00."""
    assert [("13:00",)] == visit(rules, written, 17.0).told("arrived_at")


def test_trap_11_the_same_hour_in_both_columns_is_a_bucket_without_a_duration(rules):
    """`9:00-10:00` in 进店 and in 离店 → in by 9:00, out by 10:00, how long is not known."""
    taken = visit(rules, "9:00-10:00", "9:00-10:00")

    assert ("accepted", [("09:00", "10:00", None)]) == (
        taken.verdict,
        taken.told("arrived_at", "left_at", "stay_minutes"),
    )


@pytest.mark.parametrize("written", ["15;20", "15；20", "15：20", "15:20", "１５：２０"])
def test_trap_12_half_and_full_width_semicolons_in_a_time_read_as_a_colon(rules, written):
    """`15;20`, `15；20` → 15:20."""
    taken = visit(rules, written, "15；50")

    assert ("accepted", [("15:20", "15:50", 30)]) == (
        taken.verdict,
        taken.told("arrived_at", "left_at", "stay_minutes"),
    )


STAY = "| 序号 | 顾客名称 | 电话 | 进店-离去时间 | 销售顾问 | 注释 |"


def stay(rules, written: str) -> Taken:
    """Take in a visit whose stay stands in D3."""
    row = "| 1 | 王先生 | 13800001111 | {stay} | 李明 | 看车 |"
    return take_in(rules, grid("| 来店登记表 | 日期 | 2026-11-05 |", STAY, row, given={"stay": written}))


@pytest.mark.parametrize(
    "written", ["9:30-10:15", "9:30—10:15", "9：30～10：15", "9点30分至10点15分", "上午9:30-10:15", "9.30-10.15"]
)
def test_trap_13_a_stay_written_in_one_cell_is_two_times(rules, written):
    """`9:30—10:15`, `9点30分至10点15分`, `上午9:30-10:15` → arrival, departure, 45 minutes."""
    taken = stay(rules, written)

    assert ("accepted", [("09:30", "10:15", 45)]) == (
        taken.verdict,
        taken.told("arrived_at", "left_at", "stay_minutes"),
    )
    assert (["D3"], ["D3"]) == (taken.cells("arrived_at"), taken.cells("left_at"))


def test_trap_14_a_stay_that_ends_before_it_begins_is_said_and_not_taken_for_a_night(rules):
    """`16:00—09:00分` → the row waits; nobody stays overnight."""
    taken = stay(rules, "16:00—09:00分")

    assert ("returned", [("time.range-reversed", "error", "D3")]) == (taken.verdict, taken.slips())


def test_trap_14_leaving_before_arriving_in_two_columns_is_said_at_the_second(rules):
    """进店 16:00, 离店 9:00 → said at the cell of 离店."""
    assert [("visit.leaves-before-arriving", "error", "F3")] == visit(rules, "16:00", "9:00").slips()


@pytest.mark.parametrize(
    "written",
    [0.3819444, time(9, 10), datetime(2026, 11, 5, 9, 10), timedelta(hours=9, minutes=10), 46331.3819444],
    ids=["fraction", "time", "datetime", "duration", "serial"],
)
def test_trap_15_whatever_excel_made_of_a_time_is_the_time_again(rules, written):
    """0.3819444, a time, a date with a time, a duration → 09:10."""
    taken = visit(rules, written, time(9, 40))

    assert ("accepted", [("09:10", "09:40", 30)]) == (
        taken.verdict,
        taken.told("arrived_at", "left_at", "stay_minutes"),
    )
