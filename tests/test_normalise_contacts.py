"""What trackers, cards and month grids tell of contacts planned, made and lost."""

from __future__ import annotations

from datetime import date

import pytest

from tests.readings import TRACKER, Read
from tests.sheets import book, grid

DAYS = " | ".join(map(str, range(1, 32)))
GRID = f"| 客户姓名 | 电话 | 初始级别 | 来源 | {DAYS} | 战败原因 |"


@pytest.fixture
def read(rules):
    return lambda *lines, **more: Read(rules, book(grid(*lines, **more)))


def test_contacts_speak_for_the_card_they_stand_on_though_cards_stand_side_by_side(read):
    result = read(
        "| 客户姓名 | 王强 | 电话 | '13800001111 | 客户姓名 | 赵敏 | 电话 | '13800002222 |",
        "| 意向车型 | X5 | 初始级别 | H | 意向车型 | X5 | 初始级别 | A |",
        "| 初洽日期 | 2026-11-01 | 销售顾问 | 李明 | 初洽日期 | 2026-11-01 | 销售顾问 | 李明 |",
        "| 日期 | 方式 | 情形 | 级别 | 日期 | 方式 | 情形 | 级别 |",
        "| 2026-11-03 | 电话 | 约看车 | A | 2026-11-04 | 电话 | 约看车 | B |",
    )

    assert {
        ("13800001111", "customer_card|back|consultant=李明|phone=13800001111"),
        ("13800002222", "customer_card|back|consultant=李明|phone=13800002222"),
    } == {(record.values["phone"], record.scope) for record in result.records}


def test_rounds_belong_to_their_row_s_month_and_a_planned_one_has_no_done_day(read):
    result = read(*TRACKER, "| 王强 | '13800001111 | H | '12.28 | '12.28 | A | '1.4 | '1.4 | | | | |")

    assert ["level_tracker|rows|consultant=李明|month=2026-12"] * 3 == [record.scope for record in result.records]
    assert [
        (date(2026, 12, 28), date(2026, 12, 28), "A", "open", True, date(2027, 1, 4)),
        (date(2027, 1, 4), None, None, "open", None, None),
    ] == result.told("planned_on", "done_on", "level_after", "outcome", "reached", "next_on", kind="follow_up")
    assert ["level_tracker|李明|13800001111|2026-12-28", "level_tracker|李明|13800001111|2027-01-04"] == [
        record.key for record in result.records[1:]
    ]


def test_the_reason_at_the_row_s_end_belongs_to_the_round_that_lost(read):
    result = read(*TRACKER, "| 王强 | '13800001111 | H | | '12.1 | A | | | '12.9 | 战败 | | 价格 |")

    assert [("open", None), ("lost", "价格")] == result.told("outcome", "lost_reason", kind="follow_up")
    assert [] == result.findings


def test_a_reason_that_no_round_claims_is_said_once(read):
    result = read(*TRACKER, "| 王强 | '13800001111 | H | | '12.1 | A | | | '12.9 | B | | 价格 |")

    assert [("lost.unclaimed", "warning", "L4", 1)] == result.slips()
    assert [(None,), (None,)] == result.told("lost_reason", kind="follow_up")


def test_a_round_that_says_something_but_not_when_is_asked_for_its_day(read):
    result = read(*TRACKER, "| 王强 | '13800001111 | H | | | A | | | | | | |")

    assert [("missing", "error", "E4", 1)] == result.slips()
    assert ("", ("done_on",)) == (result.records[1].key, result.records[1].context["_unread"])


def test_a_star_is_planned_a_letter_done_and_both_together_both_on_the_month_grid(read):
    result = read(
        "| 销售顾问:李明 | | | 2026年11月 |",
        GRID,
        f"| 王强 | '13800001111 | H | 1 | * | A | *B | 关机 | 订单 {'| ' * 26} | |",
    )

    assert [
        (date(2026, 11, 1), None, None, "open", None),
        (None, date(2026, 11, 2), "A", "open", True),
        (date(2026, 11, 3), date(2026, 11, 3), "B", "open", True),
        (None, date(2026, 11, 4), None, "open", False),
        (None, date(2026, 11, 5), None, "ordered", True),
    ] == result.told("planned_on", "done_on", "level_after", "outcome", "reached", kind="follow_up")
    assert {"consultant=李明|month=2026-11"} == {record.scope.split("|", 2)[2] for record in result.records}


def test_the_31st_of_a_month_of_30_days_is_impossible(read):
    result = read("| 销售顾问:李明 | | | 2026年11月 |", GRID, f"| 王强 | '13800001111 | H | 1 {'| ' * 31}A | |")

    assert [("date.impossible", "error", "AI3", 1)] == result.slips()
    assert "2026-11-31" == result.findings[0].found


def test_a_month_grid_without_its_month_is_asked_about_once_and_all_its_days_hang_on_one_cell(read):
    result = read("| 销售顾问:李明 |", GRID, f"| 王强 | '13800001111 | H | 1 | * | A {'| ' * 29}| |")

    assert [("column.missing", "error", "A3", 1)] == result.slips()
    assert {"A3"} == {record.cells["month"] for record in result.records if record.kind == "follow_up"}


def test_tomorrow_s_plan_is_for_the_day_after_the_report(read):
    result = read(
        "| 日期:2026-12-31 | | 销售顾问:李明 |",
        "| 今日工作总结 |",
        "| 序号 | 客户姓名 | 电话 | 车型 | 工作类别 | 现在级别 | 经过情形 |",
        "| 1 | 王强 | '13800001111 | X5 | 接待 | A | 看车 |",
        "| 2 | 赵敏 | '13800002222 | X5 | 回访 | A | 打不通 |",
        "| 3 | 孙丽 | '13800003333 | X5 | 回访 | B | 约周末来 |",
        "| 明日工作计划 |",
        "| 序号 | 客户姓名 | 电话 | 车型 | 工作类别 | 备注 |",
        "| 1 | 王强 | '13800001111 | X5 | 回访 | |",
    )

    assert [("reception", None, "A"), ("follow_up", False, None), ("follow_up", True, "B")] == result.told(
        "kind", "reached", "level_after", kind="activity"
    )
    assert [(date(2027, 1, 1), date(2026, 12, 31))] == result.told("planned_on", "made_on", kind="plan")
    assert "daily_activity|tomorrow|consultant=李明|worked_on=2026-12-31" == result.records[-1].scope
