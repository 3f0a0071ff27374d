"""Sheets on which the mess machine (`bench/fidelity`) once read too little: each as it was drawn, each named after its mess."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.examine import examine
from tests.readings import Read, register
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


def test_a_quarter_past_two_without_a_half_of_the_day_is_asked_about_and_not_taken_for_the_night(read):
    sheet = register(
        read, "| 1 | 王先生 | 未留 | H | 2:15 | 3:05 | 李明 | | |", "| 2 | 李先生 | 未留 | H | 02:15 | 上午3:05 | 李明 | | |",
        "| 3 | 赵先生 | 未留 | H | 下午2:15 | 7:30 | 李明 | | |", "| 4 | 钱先生 | 未留 | H | 2.3 | 14:50 | 李明 | | |",
    )  # fmt: skip

    assert [(None, None), ("02:15", "03:05"), ("14:15", "07:30"), (None, "14:50")] == sheet.told(
        "arrived_at", "left_at"
    )
    assert [("time.half-day", "E3"), ("time.half-day", "F3"), ("time.half-day", "E6")] == [
        (code, cell) for code, _, cell, _ in sheet.slips()
    ]


def test_a_phone_written_into_the_name_is_said_and_the_name_kept(read):
    sheet = register(read, "| 1 | 王强 138-0000-1111 | | H | 9:30 | 10:00 | 李明 | | |")

    assert [("王强 138-0000-1111",)] == sheet.told("customer_name")
    assert [("name.number", "warning", "B3", 0)] == sheet.slips()


@pytest.mark.parametrize(
    ("written", "level"),
    [("C转H", "H"), ("C升到A", "A"), ("H级", "H"), ("H?", None), ("H？", None), ("A-", None), ("A+", None)],
)
def test_what_a_level_became_is_read_and_a_doubtful_letter_is_asked_about(read, written, level):
    sheet = register(read, f"| 1 | 王先生 | 未留 | {written} | 9:30 | 10:00 | 李明 | | |")

    assert [(level,)] == sheet.told("level")
    assert ([] if level else ["level.unknown"]) == [code for code, *_ in sheet.slips()]


@pytest.mark.parametrize("written", ["2026、11、5", "2026。11。5", "2026，11，5", "2026\\11\\5", "11。5", "11、5"])
def test_a_day_is_read_whatever_mark_stands_between_its_figures(read, written):
    sheet = register(read, "| 1 | 王先生 | 未留 | H | 9:30 | 10:00 | 李明 | | |", day=written)

    assert [(date(2026, 11, 5),)] == sheet.told("visited_on")


def test_a_lost_customer_is_still_lost_where_the_day_of_the_call_cannot_be_read(read):
    sheet = read(
        "| 销售顾问 | 李明 | 月份 | 2026-11 |", "| 客户姓名 | 电话 | 初始级别 | <2 第1次回访 | 战败原因 |", "| ^ | ^ | ^ | 实际日期 | 回访后级别 | ^ |",
        "| 王强 | '13800001111 | B | 13月5日 | 战败 | 价格 |",
    )  # fmt: skip

    assert [("lost", "价格")] == sheet.told("outcome", "lost_reason", kind="follow_up")
    assert ["date.impossible"] == [code for code, *_ in sheet.slips()]


FRONT = "| 客户管理卡 正面 |", "| 车主姓名 | 王强 | 联系电话 | '13800001111 |", "| 车型 | X5 | 销售顾问 | 李明 |"


@pytest.mark.parametrize(("price", "vin", "codes"), [
    ("15.8", "LSVAA4182E2000001", ["deal.price-unit"]), ("158000", "LSVAA4182E2OOOOO1", ["vin.letter"]), ("15.8万", "LSVAA4182E2000001", []),
])  # fmt: skip
def test_a_price_without_its_unit_and_a_letter_that_no_vin_has_are_said(rules, price, vin, codes):
    lines = (*FRONT, f"| 成交价 | {price} | 车架号 | {vin} |", "| 订购日期 | 2026-11-01 | 车牌号 | 川A12345 |")
    found = examine([book(grid(*lines))], rules, ON).submissions[0].findings

    assert codes == [finding.code for finding in found]


def test_tomorrows_plan_goes_on_below_its_header_printed_again_on_page_two(rules, read):
    header = "| 序号 | 客户姓名 | 电话 | 车型 | 工作类别 | 备注 |"
    lines = (
        "| 销售活动日报表 |", "| 日期 | 2026-11-05 | 销售顾问 | 李明 |", "| 今日工作总结 |", "| 序号 | 客户姓名 | 电话 | 车型 | 工作类别 | 原有级别 | 现在级别 | 经过情形 |",
        "| 1 | 王强 | '13800001111 | X5 | 回访 | A | H | 约周末 |", "| |", "| 明日工作计划 |", header, "| 1 | 李强 | '13800002222 | X5 | 回访 | 约周末 |", header,
        "| 2 | 赵强 | '13800003333 | X5 | 试驾 | 约周末 |",
    )  # fmt: skip

    assert "accepted" == verdict(rules, *lines)
    assert [("李强",), ("赵强",)] == read(*lines).told("customer_name", kind="plan")
    assert [("王强",)] == read(*lines).told("customer_name", kind="activity")


@pytest.mark.parametrize(
    ("label", "price"),
    [("成交价(万元)", "15.8"), ("成交价（万）", "15.8"), ("成交价(元)", "158000"), ("成交价(万元)", "15.8万")],
)
def test_an_amount_takes_the_unit_that_its_label_gives(rules, read, label, price):
    lines = (
        *FRONT,
        f"| {label} | {price} | 车架号 | LSVAA4182E2000001 |",
        "| 订购日期 | 2026-11-01 | 车牌号 | 川A12345 |",
    )

    assert [(158000.0,)] == read(*lines).told("price", kind="deal")
    assert "accepted" == verdict(rules, *lines)


def test_a_pledge_without_a_phone_goes_in_beside_one_with_a_slip(rules):
    pledge = (
        "| 试驾保证书 |",
        "| 客户姓名 | {} | 电话 | {} |",
        "| 试驾日期 | 2026-11-05 | 试驾车型 | X5 |",
        "| 出发时间 | {} | 陪驾顾问 | 李明 |",
        "| |",
    )
    lines = [
        line.format(*told)
        for name, phone, clock in (("王强", "未留", "10:00"), ("李强", "'13800002222", "25:70"))
        for line, told in zip(pledge, ((), (name, phone), (), (clock,), ()), strict=True)
    ]
    done = examine([book(grid(*lines))], rules, ON).submissions[0]

    assert (["王强"], ["李强"]) == (
        [r.values["customer_name"] for r in done.records], [r.values["customer_name"] for r in done.held],
    )  # fmt: skip


def test_twelve_dash_twenty_in_a_column_of_one_time_is_asked_about(read):
    sheet = register(
        read,
        "| 1 | 王先生 | 未留 | H | 12-20 | 13-15 | 李明 | | |",
        "| 2 | 李先生 | 未留 | H | 9:00-10:00 | | 李明 | | |",
    )

    assert [(None, None), ("09:00", "10:00")] == sheet.told("arrived_at", "left_at")
    assert [("time.unreadable", "E3"), ("time.unreadable", "F3")] == [
        (code, cell) for code, _, cell, _ in sheet.slips()
    ]
