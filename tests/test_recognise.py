"""Which form a sheet is: by its words, wherever they stand."""

from __future__ import annotations

from pipeline.model import Match
from pipeline.recognise import recognise
from tests.sheets import book, grid


def parts(match: Match) -> list[str]:
    return [region.part for region in match.regions]


def test_our_own_register_is_recognised_wherever_it_stands(look):
    match = look(
        "| | | | | | |",
        "| | <5 来店(电)顾客登记表 |",
        "| | 日期 | 2026-11-05 |",
        "| | 序号 | 顾客名称 | 电话 | 拟购车型 | 进店时间 | 离店时间 | 销售顾问 | 注释 |",
        "| | 1 | 王先生 | '13800001111 | X5 | 9:30 | 10:00 | 李明 | 看车 |",
    )

    assert ("visitor_register", ["visits"]) == (match.form, parts(match))


def test_an_older_register_with_other_words_in_other_order_is_the_same_form(look):
    match = look(
        "| <6 XX店前台登记表 |",
        "| 销售员 | 到店时间 | 离开\\n时间 | 客户姓名 | 联系方式* | 意向级别(必填) |",
        "| 李明 | 9:30 | 10:00 | 王先生 | '13800001111 | H |",
    )

    assert "visitor_register" == match.form
    assert {"consultant": 0, "arrived_at": 1, "left_at": 2, "customer_name": 3, "phone": 4, "level": 5} == dict(
        match.regions[0].columns
    )


def test_two_header_rows_are_read_through_their_merges(look):
    match = look(
        "| 客户姓名 | 联系电话 | <2 时间 | 销售顾问 | 级别 |",
        "| ^ | ^ | 进店 | 离店 | ^ | ^ |",
        "| 王先生 | '13800001111 | 9:30 | 10:00 | 李明 | H |",
    )

    assert {"customer_name": 0, "phone": 1, "arrived_at": 2, "left_at": 3, "consultant": 4, "level": 5} == dict(
        match.regions[0].columns
    )


def test_ticked_columns_under_one_label_are_one_field(look):
    match = look(
        "| 顾客姓名 | 电话 | 进店时间 | 销售顾问 | <2 来店频率 | 意向级别 |",
        "| ^ | ^ | ^ | ^ | 初 | 再 | ^ |",
        "| 王先生 | '13800001111 | 9:30 | 李明 | | √ | H |",
    )

    assert {"visit_kind": ((4, "初"), (5, "再"))} == dict(match.regions[0].choices)


def test_a_tracker_with_numbered_groups_is_recognised(look):
    match = look(
        "| <10 潜在顾客等级推进表 |",
        "| 销售顾问 | 李明 | | 月份 | 2026-11 |",
        "| 客户姓名 | 电话 | 初始级别 | <3 第1次回访 | <3 第2次回访 | 战败原因 |",
        "| ^ | ^ | ^ | 计划日期 | 实际日期 | 回访后级别 | 计划日期 | 实际日期 | 回访后级别 | ^ |",
        "| 王强 | '13800001111 | H | 11-3 | 11-3 | A | 11-9 | | | |",
    )

    assert ("level_tracker", "rounds") == (match.form, match.regions[0].group_part)
    assert [
        (1, {"planned_on": 3, "done_on": 4, "level_after": 5}),
        (2, {"planned_on": 6, "done_on": 7, "level_after": 8}),
    ] == [(n, dict(c)) for n, c in match.regions[0].groups]


def test_a_tracker_with_a_month_grid_is_recognised(look):
    days = " | ".join(map(str, range(1, 32)))
    match = look(
        "| 销售顾问:李明 | | | 2026年11月 |",
        f"| 客户姓名 | 电话 | 初始级别 | 来源 | {days} | 战败原因 |",
        "| 王强 | '13800001111 | H | 1 | * | | A |",
    )

    assert ("level_tracker", "days", 31) == (match.form, match.regions[0].group_part, len(match.regions[0].groups))


def test_a_daily_report_holds_two_lists(look):
    match = look(
        "| <6 销售活动日报表 |",
        "| 日期 | 2026-11-05 | | 销售顾问 | 李明 |",
        "| 今日工作总结 |",
        "| 序号 | 客户姓名 | 电话 | 车型 | 工作类别 | 经过情形 |",
        "| 1 | 王强 | '13800001111 | X5 | 接待 | 看车 |",
        "| 明日工作计划 |",
        "| 序号 | 客户姓名 | 电话 | 车型 | 工作类别 | 备注 |",
        "| 1 | 王强 | '13800001111 | X5 | 回访 | |",
    )

    assert ("daily_activity", ["summary", "tomorrow"]) == (match.form, parts(match))


def test_two_lists_side_by_side_are_two_lists(look):
    match = look(
        "| 日期:2026-11-05 | | | 销售顾问:李明 |",
        "| <5 今日工作总结 | <4 明日工作计划 |",
        "| 序号 | 客户姓名 | 电话 | 工作类别 | 经过情形 | 序号 | 客户姓名 | 电话 | 工作类别 |",
        "| 1 | 王强 | '13800001111 | 接待 | 看车 | 1 | 赵敏 | '13800002222 | 回访 |",
    )

    assert ["summary", "tomorrow"] == parts(match)


CARD = (
    "| <4 客户管理卡(反面) |",
    "| 客户姓名 | 王强 | 电话 | '13800001111 |",
    "| 意向车型 | X5 | 初始级别 | H |",
    "| 初洽日期 | 2026-11-01 | 销售顾问 | 李明 |",
    "| 日期 | 方式 | 情形 | 级别 |",
    "| 2026-11-03 | 电话 | 约看车 | A |",
)


def test_a_card_has_its_contact_list_below(look):
    match = look(*CARD)

    assert ("customer_card", ["back", "contacts"]) == (match.form, parts(match))


def test_many_cards_stand_down_one_sheet(look):
    match = look(*CARD, "| |", *CARD, "| |", *CARD)

    assert ["back", "contacts"] * 3 == parts(match)


def test_cards_stand_side_by_side(look):
    match = look(
        *(
            f"{line.replace('<4 ', '')}{' | | |' if '<4' in line else ''}{line}"
            if "<4" not in line
            else "| 客户管理卡 | | | | 客户管理卡 | | | |"
            for line in CARD
        )
    )

    assert ["back", "contacts"] * 2 == parts(match)


def test_a_card_front_is_told_from_its_back(look):
    match = look(
        "| 车主姓名 | 王强 | 联系电话 | '13800001111 |",
        "| 车型 | X5 | 车架号 | LSVAA4187E2100001 |",
        "| 订购日期 | 2026-11-01 | 交车日期 | 2026-11-09 |",
        "| 销售顾问 | 李明 | 成交价 | 15.8万 |",
        "| 计划日期 | 实际日期 | 方式 | 情形 | 满意度 |",
    )

    assert ["front", "revisits"] == parts(match)


def test_repeated_titles_and_empty_blocks_to_the_right_are_one_table(look):
    header = "序号 | 客户姓名 | 电话 | 级别 | 进店时间 | 销售顾问"
    match = look(
        "| 前台登记表 | | | | | | 前台登记表 | | | | | |",
        f"| {header} | {header} |",
        "| 1 | 王先生 | '13800001111 | H | 9:30 | 李明 |",
    )

    assert "visitor_register" == match.form


def test_a_price_list_is_none_of_our_forms(look):
    match = look("| 品名 | 单价 | 数量 | 备注 |", "| 螺丝 | 3 | 5 | |")

    assert "" == match.form


def test_our_own_return_sheet_is_left_alone(rules, words):
    sheets = grid("| 工作表 | 单元格 |", sheet="退回说明"), grid("| |")

    assert () == recognise(book(*sheets), rules, words)


def test_an_untitled_daily_report_is_no_tracker(look):
    match = look(
        "| 日期 | 2026-11-05 | 销售顾问 | 李明 |",
        "| 今日工作总结 |",
        "| 序号 | 客户姓名 | 电话 | 车型 | 工作类别 | 原有级别 | 现在级别 | 经过情形 |",
        "| 1 | 王强 | '13800001111 | X5 | 接待 | | H | 看车 |",
    )

    assert ("daily_activity", ()) == (match.form, match.rivals)


def test_a_list_without_rounds_is_not_taken_for_one_card_read_downward(look):
    match = look(
        "| 潜在顾客等级推进表 |",
        "| 客户姓名 | 电话 | 车型 | 初洽日期 | 来源 | 初始级别 | 销售顾问 |",
        "| 王强 | '13800001111 | X5 | 2026-11-01 | 1 | H | 李明 |",
        "| 赵敏 | '13800002222 | X5 | 2026-11-02 | 1 | A | 李明 |",
    )

    assert "" == match.form


def test_a_register_kept_by_one_consultant_names_him_above(look):
    match = look(
        "| 销售顾问:李明 | | 日期:2026-11-05 |",
        "| 序号 | 顾客名称 | 电话 | 进店时间 | 离店时间 | 注释 |",
        "| 1 | 王先生 | '13800001111 | 9:30 | 10:00 | 看车 |",
    )

    assert "visitor_register" == match.form
