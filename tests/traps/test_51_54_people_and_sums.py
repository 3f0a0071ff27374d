"""Traps 51 to 54 of real sheets: how many came, who received them, days named in words, totals typed by hand."""

from __future__ import annotations

from datetime import date

import pytest

from tests.readings import REGISTER, TRACKER
from tests.sheets import grid
from tests.street import Taken, restated, take_in

DAY = "| 日期 | 2026-11-05 |"
WANG = "| 1 | 王先生 | 13800001111 | H | 9:30 | 10:15 | 李明 | | 看车 |"


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
