"""What is said of a sheet that is nearly one of our forms."""

from __future__ import annotations

from pipeline.model import Lack
from pipeline.near import near_text


def test_a_near_miss_names_what_is_missing(look):
    match = look("| 序号 | 客户姓名 | 电话 | 级别 | 进店时间 | 备注 |", "| 1 | 王先生 | '13800001111 | H | 9:30 | |")

    assert ("", "visitor_register", (Lack("consultant", "销售顾问"),), "A1") == (
        match.form,
        match.runner_up[0],
        match.lacks,
        match.header_cell,
    )


def test_a_near_miss_names_the_header_that_may_have_been_meant_and_its_cell(look, rules):
    match = look(
        "| <6 来店(电)顾客登记表 |",
        "| |",
        "| 序号 | 客户姓名 | 电话 | 级别 | 进店时间 | 销售员工 |",
        "| 1 | 王先生 | '13800001111 | H | 9:30 | 李明 |",
        sheet="3月",
    )

    assert "3月 A3 像来店(电)顾客登记表,但没有找到 销售顾问,最接近的表头是 F3 的「销售员工」" == near_text(match, rules)


def test_a_header_that_is_like_two_missing_columns_is_offered_for_what_it_is_likest(look):
    match = look(
        "| 客户姓名 | 电话 | 级别 | 车型 | 进店钟点 | 注释 |", "| 王先生 | '13800001111 | H | X5 | 9:30 | 看车 |"
    )

    assert [("arrived_at", "进店钟点", "E1"), ("consultant", "", "")] == [
        (lack.field, lack.found, lack.cell) for lack in match.lacks
    ]


def test_a_near_miss_for_want_of_columns_counts_them(look, rules):
    match = look("| 客户姓名 | 进店时间 | 销售顾问 |", "| 王先生 | 9:30 | 李明 |")

    assert "Sheet1 A1 像来店(电)顾客登记表,但只认出 3 个栏目,至少要 5 个" == near_text(match, rules)


def test_a_tracker_without_its_rounds_is_said_to_lack_them(look, rules):
    match = look(
        "| <6 潜在顾客等级推进表 |",
        "| 销售顾问 | 李明 | 月份 | 2026-11 |",
        "| 客户姓名 | 电话 | 车型 | 初洽日期 | 来源 | 初始级别 |",
        "| 王强 | '13800001111 | X5 | 2026-11-01 | 1 | H |",
    )

    assert "Sheet1 A3 像潜在顾客等级推进表,但没有找到 第1次回访" == near_text(match, rules)


def test_a_card_that_lost_its_level_is_named_with_the_label_that_may_have_been_meant(look, rules):
    match = look(
        "| <4 客户管理卡(反面) |",
        "| 客户姓名 | 王强 | 电话 | '13800001111 |",
        "| 意向车型 | X5 | 起始级别 | H |",
        "| 初洽日期 | 2026-11-01 | 顾问 | 李明 |",
    )

    assert "Sheet1 A2 像客户管理卡,但没有找到 初始级别,最接近的表头是 C3 的「起始级别」" == near_text(match, rules)


def test_a_sheet_that_bears_a_form_s_name_is_never_another_form_whose_columns_it_happens_to_have(look):
    match = look(
        "| <6 潜在顾客等级推进表 |",
        "| 销售顾问 | 李明 | 月份 | 2026-11 |",
        "| 客户姓名 | 电话 | 车型 | 初洽日期 | 来源 | 初始级别 |",
        "| 王强 | '13800001111 | X5 | 2026-11-01 | 1 | H |",
    )

    assert ("", "level_tracker") == (match.form, match.runner_up[0])
