"""Traps 51 to 54 of real sheets: how many came, who received them, days named in words, totals typed by hand."""

from __future__ import annotations

from datetime import date

import pytest

from tests.readings import REGISTER, TRACKER
from tests.sheets import grid
from tests.street import Taken, restated, take_in

DAY = "| 日期 | 2026-11-05 |"
WANG = "| 1 | 王先生 | 13800001111 | H | 9:30 | 10:15 | 李明 | | 看车 |"


@pytest.mark.parametrize(("column", "people"), [("接待人数", 3), ("人数", 3), ("陪同人数", 4), ("随行人数", 4)])
def test_trap_51_those_who_came_along_are_one_fewer_than_the_party(rules, column, people):
    """接待人数 3 → a party of 3; 陪同人数 3 → the visitor and three who came along."""
    head = f"| 序号 | 顾客名称 | 电话 | 进店时间 | 离店时间 | 销售顾问 | {column} | 注释 |"
    taken = take_in(rules, grid(DAY, head, "| 1 | 王先生 | 未留 | 9:30 | 10:15 | 李明 | 3人 | 看车 |"))

    assert ("accepted", [(people,)]) == (taken.verdict, taken.told("party_size"))


def test_trap_51_where_both_stand_the_whole_party_is_what_was_written(rules):
    """接待人数 and 陪同人数 side by side → the party as written, the others beside it."""
    head = "| 序号 | 顾客名称 | 电话 | 进店时间 | 离店时间 | 销售顾问 | 接待人数 | 陪同人数 | 注释 |"
    taken = take_in(rules, grid(DAY, head, "| 1 | 王先生 | 未留 | 9:30 | 10:15 | 李明 | 3 | 2 | 看车 |"))

    assert ("accepted", [(3, 2)]) == (taken.verdict, taken.told("party_size", "companions"))


def test_trap_52_a_consultant_goes_by_one_name_however_he_is_written(rules):
    """Full name, given name, 小王, a trailing space, somebody who has left → one name by the list of aliases."""
    house = {
        "consultants": [
            {"name": "王志强", "aliases": ["志强", "小王"]},
            {"name": "陈静", "leaves_on": date(2026, 10, 31)},
        ]
    }
    listed = restated(rules, house=house)
    given = {"a": "王志强", "b": "志强", "c": "小王", "d": "王 志强\xa0", "e": "陈静"}
    rows = [WANG.replace("李明", f"{{{name}}}").replace("9:30", f"9:0{i}") for i, name in enumerate(given)]
    taken = take_in(listed, grid(DAY, REGISTER, *rows, given=given))

    assert ("accepted", [("王志强",)] * 4 + [("陈静",)]) == (taken.verdict, taken.told("consultant"))


def test_trap_52_a_name_nobody_knows_is_asked_about_with_the_nearest_one(rules):
    """`王志墙` → said, with 王志强 as what may have been meant."""
    listed = restated(rules, house={"consultants": [{"name": "王志强"}]})
    taken = take_in(listed, grid(DAY, REGISTER, WANG.replace("李明", "王志墙")))

    assert ("returned", [("consultant.unknown", "error", "G3")]) == (taken.verdict, taken.slips())
    assert "王志强" == taken.finding("consultant.unknown").want


def promised(rules, next_on: str, done_on: str = "2026-11-04") -> Taken:
    """Take in a tracker with one follow-up: done on a Wednesday, its next day in G4."""
    row = f"| 王强 | 13800001111 | H | {done_on} | {done_on} | A | {next_on} | | | | | |"
    return take_in(rules, grid(TRACKER[0].replace("2026-12", "2026-11"), *TRACKER[1:], row))


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("今天", "2026-11-04"),
        ("明天", "2026-11-05"),
        ("后天", "2026-11-06"),
        ("周三", "2026-11-11"),
        ("周五", "2026-11-06"),
        ("下周三", "2026-11-11"),
        ("星期日", "2026-11-08"),
        ("月底", "2026-11-30"),
        ("三天后", "2026-11-07"),
        ("两周后", "2026-11-18"),
    ],
)
def test_trap_53_a_day_named_in_words_is_proposed_and_never_reckoned(rules, written, day):
    """明天, 周三, 月底, 三天后 in 下次回访 → no date; a warning with the day it may be, counted from the contact."""
    taken = promised(rules, written)

    assert ("accepted", [(date(2026, 11, 4), None)], [("date.in-words", "warning", "G4")]) == (
        taken.verdict,
        taken.told("done_on", "next_on", kind="follow_up"),
        [slip for slip in taken.slips() if slip[0].startswith("date.")],
    )
    assert f"若是 {day},请写 {day}" == taken.finding("date.in-words").want


@pytest.mark.parametrize("written", ["节后", "年后", "年后再说", "等拍牌", "等优惠", "周末", "改天"])
def test_trap_53_a_day_nobody_has_fixed_is_listed_for_the_consultant(rules, written):
    """节后, 年后, 等拍牌 → no date; a warning that asks to leave the cell blank until the day is fixed."""
    taken = promised(rules, written)

    assert ("accepted", [(None,)]) == (taken.verdict, taken.told("next_on", kind="follow_up"))
    assert ("date.undecided", "warning", "G4") in taken.slips()
    assert written == taken.finding("date.undecided").found


def test_trap_53_a_visit_dated_today_waits_with_the_day_it_was_handed_in(rules):
    """日期 `今天` above a register → the rows wait; the day of the hand-in is proposed."""
    taken = take_in(rules, grid("| 日期 | 今天 |", REGISTER, WANG))

    assert ("returned", [("date.in-words", "error", "B1")]) == (taken.verdict, taken.slips())
    assert "若是 2026-11-05,请写 2026-11-05" == taken.finding("date.in-words").want


SUMMED = "| 序号 | 顾客名称 | 电话 | 进店时间 | 离店时间 | 销售顾问 | 人数 | 试驾 | 注释 |"
ROWS = (
    "| 1 | 王先生 | 13800001111 | 9:30 | 10:15 | 李明 | 3 | √ | 看车 |",
    "| 2 | 赵女士 | 未留 | 9:50 | 10:15 | 陈静 | 2 | | 试座 |",
)


@pytest.mark.parametrize(
    "total",
    [
        "| 合计 | 2批 | 1 | | | | 5 | 1 | |",
        "| 合计:2批 | | 2 | | | | 5人 | | |",
        "| | 合计 | | | | | 5 | 1 | 另有 3 批未登记 |",
        "| 本月累计 | 40批 | 33 | | | | 90 | 12 | |",
    ],
)
def test_trap_54_totals_that_agree_with_the_rows_are_not_spoken_of(rules, total):
    """合计 equal to the rows, 累计 over other sheets → nothing is said, no record is made."""
    taken = take_in(rules, grid(DAY, SUMMED, *ROWS, total))

    assert ("accepted", [], 2) == (taken.verdict, taken.slips(), len(taken.told("phone")))


def test_trap_54_totals_typed_by_hand_that_differ_are_said_and_hold_nothing(rules):
    """合计 2批 3, 7人, 2 ticks over rows that say otherwise → a warning at each cell; the rows count."""
    taken = take_in(rules, grid(DAY, SUMMED, *ROWS, "| 合计: 3批 | | 5 | | | | 7 | 2 | |"))

    assert ("accepted", [(3,), (2,)]) == (taken.verdict, taken.told("party_size"))
    assert [("total.differs", "warning", cell) for cell in ("A5", "C5", "G5", "H5")] == taken.slips()
    assert ["上面各行合起来是 2", "上面各行合起来是 1 或 2", "上面各行合起来是 5", "上面各行合起来是 1"] == [
        finding.say.split(",")[-1].split(" → ")[0] for finding in taken.submission.findings
    ]


def test_trap_54_a_subtotal_counts_from_the_one_before_it(rules):
    """小计 after every few rows, 合计 at the end → each over its own rows."""
    lines = (ROWS[0], "| 小计 | | | | | | 3 | | |", ROWS[1], "| 小计 | | | | | | 2 | | |", "| 合计 | | | | | | 5 | | |")
    right = take_in(rules, grid(DAY, SUMMED, *lines))
    wrong = take_in(rules, grid(DAY, SUMMED, *lines[:3], "| 小计 | | | | | | 4 | | |"))

    assert ([], [("total.differs", "warning", "G6")]) == (right.slips(), wrong.slips())
