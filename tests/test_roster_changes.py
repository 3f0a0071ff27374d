"""修改记录: what reads otherwise than yesterday."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from pipeline.report import Source
from pipeline.roster.changes import changes_sheet
from tests.hand_ins import ON, Row, clock, view


def visit(rules, **said):
    return {name: said.get(name) for name in rules.kinds["visit"].columns}


def change(act: str, kind: str, previous: dict[str, Any], values: dict[str, Any], *, fulfilled: bool = False) -> Row:
    cells = {"visited_on": "B2", "level": "F7", "left_at": "H7"}
    return (act, kind, "k", values, previous, "前台/登记.xlsx", "11月", 7, cells, clock("11-05T18:30"), ON, fulfilled, "archive/originals/a.xlsx")  # fmt: skip


@pytest.fixture
def wang(rules):
    return visit(
        rules, visited_on=date(2026, 11, 4), consultant="李明", customer_name="王先生", phone="13800001111", level="A", channel="walk_in",
        arrived_at="09:30", left_at="10:00", stay_minutes=30, captured=True,
    )  # fmt: skip


def told(rules, *changes: Row) -> Row:
    return changes_sheet(view(changes=changes), rules).tables[0].rows


def test_each_changed_column_of_an_amended_row_is_told_with_old_and_new(rules, wang):
    [row] = told(rules, change("amended", "visit", wang, wang | {"level": "H"}))

    place = Source("前台/登记.xlsx", "11月", "F7", "archive/originals/a.xlsx")
    assert row == (
        "修改",
        "来店(电)",
        date(2026, 11, 4),
        "李明",
        "王先生",
        "意向级别",
        "A",
        "H",
        place,
        "2026-11-05 18:30",
    )


def test_what_follows_from_a_changed_column_is_not_told_twice(rules, wang):
    rows = told(rules, change("amended", "visit", wang, wang | {"left_at": "10:30", "stay_minutes": 60}))

    assert [row[5:8] for row in rows] == [("离店时间", "10:00", "10:30")]


def test_a_withdrawn_row_is_told_in_one_line_that_says_what_it_held(rules, wang):
    [row] = told(rules, change("withdrawn", "visit", wang, wang))

    assert row[0] == "撤回"
    assert row[5:8] == ("整条", "日期 2026-11-04,到访方式 来店,意向级别 A,进店时间 09:30,离店时间 10:00", None)


def test_a_plan_carried_out_on_another_day_is_no_news(rules, wang):
    assert told(rules, change("withdrawn", "visit", wang, wang, fulfilled=True)) == ()


def test_phones_stay_masked_in_the_record_of_changes(rules, wang):
    rows = told(rules, change("amended", "visit", wang, wang | {"phone": "13900002222", "note": "改打13900002222"}))

    assert [row[6:8] for row in rows] == [("138****1111", "139****2222"), (None, "改打139****2222")]


def test_a_level_that_became_an_order_is_told_under_one_label(rules):
    old = dict.fromkeys(rules.kinds["follow_up"].columns) | {
        "consultant": "李明",
        "customer_name": "王志强",
        "done_on": ON,
    }
    rows = told(
        rules,
        change("amended", "follow_up", old | {"level_after": "H", "outcome": "open"}, old | {"outcome": "ordered"}),
    )

    assert [row[5:8] for row in rows] == [("级别", "H", "订单")]


def test_a_plan_carried_out_and_a_blank_filled_in_are_the_day_s_ordinary_work(rules, wang):
    plan = dict.fromkeys(rules.kinds["follow_up"].columns) | {
        "consultant": "李明",
        "planned_on": date(2026, 11, 4),
        "outcome": "open",
    }
    done = plan | {"planned_on": None, "done_on": date(2026, 11, 4), "level_after": "A"}
    filled = change("amended", "visit", wang | {"left_at": None}, wang)
    rows = told(
        rules,
        change("amended", "follow_up", plan, done),
        filled,
        change("amended", "visit", wang, wang | {"level": "H"}),
    )

    assert [(row[0], row[5]) for row in rows] == [
        ("修改", "意向级别"), ("补填", "计划日期"), ("补填", "日期"), ("补填", "级别"), ("补填", "离店时间"),
    ]  # fmt: skip


def test_a_withdrawn_record_is_shown_where_its_own_cells_were_not_its_head(rules, wang):
    withdrawn = change("withdrawn", "visit", wang, wang)
    headed = (*withdrawn[:8], {"consultant": "B1", "arrived_at": "G7"}, *withdrawn[9:])

    assert told(rules, headed)[0][8].cell == "G7"


def test_withdrawn_records_come_first(rules, wang):
    rows = told(
        rules, change("amended", "visit", wang, wang | {"level": "H"}), change("withdrawn", "visit", wang, wang)
    )

    assert [row[0] for row in rows] == ["撤回", "修改"]
