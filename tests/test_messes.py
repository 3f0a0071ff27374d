"""Sheets on which the mess machine (`bench/fidelity`) once read too little: each as it was drawn, each named after its mess."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.examine import examine
from tests.readings import Read
from tests.sheets import book, grid

ON = date(2026, 11, 25)
DAYS = [str(day) for day in range(1, 32)]


@pytest.fixture
def read(rules):
    return lambda *lines: Read(rules, book(grid(*lines)))


def verdict(rules, *lines):
    return examine([book(grid(*lines))], rules, ON).submissions[0].verdict


@pytest.mark.parametrize("heads", [1, 2])
def test_days_that_stand_under_a_head_of_their_own_are_a_month_grid(read, heads):
    """| 客户姓名 | 电话 | 初始级别 |      回访记录       |
    |    ^     |  ^   |    ^     | 1 | 2 | … | 31 | 备注 |"""
    over = [f"| 客户姓名 | 电话 | 初始级别 | <{len(DAYS) + 1} 回访记录 |", f"| ^ | ^ | ^ | <{len(DAYS) + 1} 每日 |"][
        :heads
    ]
    days = " | ".join(f"'{day}" for day in DAYS)
    done = " | ".join({"5": "A", "12": "H", "27": "*"}.get(day, "") for day in DAYS)
    sheet = read(
        "| 潜在顾客等级推进表 |", "| 销售顾问 | 李明 | 月份 | 2026-11 |", *over, f"| ^ | ^ | ^ | {days} | 备注 |", f"| 王强 | '13800001111 | B | {done} | |",
    )  # fmt: skip

    assert [
        (date(2026, 11, 5), None, "A"),
        (date(2026, 11, 12), None, "H"),
        (None, date(2026, 11, 27), None),
    ] == sheet.told("done_on", "planned_on", "level_after", kind="follow_up")


def test_what_stands_below_a_row_of_labels_belongs_to_them(read):
    """| 日期      | 销售顾问 |
    | 2026-11-05 | 李明     |"""
    sheet = read(
        "| 销售活动日报表 |", "| 日期 | | 销售顾问 |", "| 2026-11-05 | | 李明 |", "| 客户姓名 | 电话 | 工作类别 | 经过情形 |", "| 王强 | '13800001111 | 回访 | 约周末 |",
    )  # fmt: skip

    assert [(date(2026, 11, 5), "李明", "王强")] == sheet.told("worked_on", "consultant", "customer_name")


def test_what_stands_below_a_blank_label_with_a_value_of_its_own_is_not_taken_for_it(read):
    sheet = read(
        "| 销售活动日报表 |", "| 日期 | | 销售顾问 | |", "| 天气 | 晴 | 店名 | 城东店 |", "| 客户姓名 | 电话 | 工作类别 | 经过情形 |", "| 王强 | '13800001111 | 回访 | 约周末 |",
    )  # fmt: skip

    assert [(None, None)] == sheet.told("worked_on", "consultant")


CARD = (
    "| 客户管理卡 |",
    "| 客户姓名 | 电话 | 意向车型 | 初洽日期 | 初始级别 | 销售顾问 |",
    "| 王强 | '13800001111 | X5 | 2026-11-01 | A | 李明 |",
)


def test_a_card_with_its_values_below_its_labels_is_read_with_the_list_below_them(rules, read):
    lines = (*CARD, "| 日期 | 方式 | 情形 | 级别 | 下次回访日期 |", "| 2026-11-03 | 电话 | 约试驾 | H | 2026-11-09 |")

    assert "accepted" == verdict(rules, *lines)
    assert [("王强", "13800001111", "A")] == read(*lines).told("customer_name", "phone", "level", kind="customer")
    assert [(date(2026, 11, 3), "H")] == read(*lines).told("done_on", "level_after", kind="follow_up")


def test_a_loss_review_may_call_its_day_just_the_date(rules, read):
    lines = (
        "| 战败分析表 |", "| 日期 | 销售顾问 | 客户姓名 | 电话 | 车型 | 战败原因 | 战败去向 |", "| 2026-11-05 | 李明 | 王强 | '13800001111 | X5 | 价格 | 途观 |",
    )  # fmt: skip

    assert "accepted" == verdict(rules, *lines)
    assert [(date(2026, 11, 5), "价格")] == read(*lines).told("lost_on", "lost_reason")
