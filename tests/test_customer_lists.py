"""Potential customers of class D on a list, home visits on a list or a card: from an office's own sheets to the morning's workbook."""

from __future__ import annotations

from datetime import date, datetime
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from pipeline.layout.lexicon import lexicons
from pipeline.recognise import recognise
from tests.conftest import ROOT
from tests.nights import run, verdicts
from tests.readings import Read
from tests.sheets import book, grid
from tests.workbooks import drop, new_home

POTENTIAL = (
    "| <10 XX汽贸 D类客户台账 |",
    "| <10 每周五交销售部 |",
    "| NO | 日期 | 单位名称 | 行业 | 对接人 | 职务 | 手机号码 | 意向车型 | 跟进人 | 下次联系时间 | 成交日期 | 性格 |",
    "| 1 | 2026.11.2 | 蓉城物流有限公司 | 物流 | 李 娜 | 采购 | '138 0000 1111 | 轻卡 5 台 | 周敏 | 11月9日 | | 爽快 |",
    "| 2 | | 锦江建设 | 建筑工程 | 王强 | 总经理 | 028-88880000 | 皮卡 | 〃 | / | '11/4 | |",
    "| 3 | 11月4日 | 青羊农场 | 航天 | | | | | 吴昊 | | | |",
    "| 合计 | 3家 | | | | | | | | | | |",
)
VISITS = (
    "| <8 客户家访登记表 |",
    "| 日期 | 走访人 | 客户名称 | 电话 | 类别 | 家访内容 | 客户意见 | 家庭成员 |",
    "| 2026-11-02 | 周敏 | 王志强 | 13800001111 | 一类 | 送保养券 | 满意 | 三口 |",
    "| 11.3 | 周敏 | 赵女士 | / | 普通客户 | 了解用车 | | |",
    "| '11月4日 | | 孙丽 | 13800003333 | | | | |",
)
CARD = (
    "| <6 客户登记及家访记录 |",
    "| 客户姓名 | 王志强 | 联系电话 | 13800001111 | 客户类别 | □1类 ☑2类 □3类 □4类 |",
    "| 住址 | <3 成都市锦江区 | 车型 | X5 |",
    "| 购车日期 | 2026-03-05 | 车牌号 | 川A·12345 | 学历 | 本科 |",
    "| 家访日期 | 家访人 | <2 内容 | <2 反馈意见 |",
    "| 2026-06-05 | 周敏 | <2 首保提醒 | <2 满意 |",
    "| 2026年10月8日 | 吴昊 | <2 秋季关怀 | <2 |",
)


@pytest.fixture
def read(rules):
    return lambda *lines: Read(rules, book(grid(*lines), path="客户.xlsx"))


@pytest.mark.parametrize(
    ("drawn", "form"), [(POTENTIAL, "d_class_register"), (VISITS, "home_visit"), (CARD, "home_visit")]
)
def test_each_sheet_is_exactly_its_form(rules, drawn, form):
    (match,) = recognise(book(grid(*drawn)), rules, lexicons(rules))

    assert (form, ()) == (match.form, match.rivals)


def test_a_list_of_potential_customers_in_the_office_s_own_words_is_read(read):
    result = read(*POTENTIAL)

    assert [
        (date(2026, 11, 2), "蓉城物流有限公司", "transport", "李娜", "13800001111", "周敏", date(2026, 11, 9), None),
        (date(2026, 11, 2), "锦江建设", "construction", "王强", "02888880000", "周敏", None, date(2026, 11, 4)),
        (date(2026, 11, 4), "青羊农场", None, None, None, "吴昊", None, None),
    ] == result.told(
        "registered_on", "customer_name", "industry", "contact", "phone", "consultant", "next_on", "first_deal_on"
    )
    assert {("cell.ditto", "warning", "I5"), ("word.unknown", "warning", "D6"), ("missing", "warning", "G6")} == set(
        result.said()
    )
    assert "爽快" not in str(result.records)


def test_a_potential_customer_without_a_name_or_a_day_or_who_bought_before_is_told(read):
    nameless = (*POTENTIAL[:3], "| 1 | | | 物流 | 李娜 | | 13800001111 | 轻卡 | 周敏 | | | |")
    early = (*POTENTIAL[:3], "| 1 | '2026-11-02 | 甲公司 | 物流 | 李娜 | | 13800001111 | | 周敏 | | '2026-11-01 | |")

    assert {("missing", "error", "B4"), ("missing", "error", "C4")} == set(read(*nameless).said())
    assert [("d_class.deal-before-registered", "warning", "K4")] == read(*early).said()


def test_home_visits_on_a_list_are_read_and_what_is_missing_is_asked_about(read):
    result = read(*VISITS)

    assert [
        (date(2026, 11, 2), "周敏", "王志强", "13800001111", "important", "送保养券"),
        (date(2026, 11, 3), "周敏", "赵女士", None, "ordinary", "了解用车"),
        (date(2026, 11, 4), None, "孙丽", "13800003333", None, None),
    ] == result.told("visited_on", "visitor", "customer_name", "phone", "customer_class", "content")
    assert {("missing", "warning", cell) for cell in ("B5", "E5", "F5")} == set(result.said())
    assert "三口" not in str(result.records)


def test_a_customer_s_card_is_what_he_bought_and_every_visit_to_his_home(read):
    result = read(*CARD)

    assert [] == result.said()
    assert [("王志强", "13800001111", "main", "成都市锦江区", "X5", "川A12345", date(2026, 3, 5))] == result.told(
        "customer_name", "phone", "customer_class", "address", "model", "plate", "bought_on", kind="home_customer"
    )
    assert [
        (date(2026, 6, 5), "周敏", "王志强", "main", "首保提醒"), (date(2026, 10, 8), "吴昊", "王志强", "main", "秋季关怀"),
    ] == result.told("visited_on", "visitor", "customer_name", "customer_class", "content", kind="home_visit")  # fmt: skip
    assert "本科" not in str(result.records)


def test_a_visit_that_has_not_been_yet_is_held(read):
    assert [("home_visit.future", "error", "A3")] == read(
        *VISITS[:2], "| '2026-12-02 | 周敏 | 王志强 | 13800001111 | 一类 | 送保养券 | | |"
    ).said()


def filled(name: str, *cells: tuple[str, Any]) -> bytes:
    """Return one of the shipped blanks with these cells filled."""
    blank, out = load_workbook(ROOT / "templates_xlsx" / f"{name}.xlsx"), BytesIO()
    for cell, value in cells:
        blank.worksheets[0][cell] = value
    blank.save(out)
    return out.getvalue()


def beside(name: str, *pairs: tuple[str, Any]) -> list[tuple[str, Any]]:
    """Return where a blank card takes the values of these labels: in the next cell that is no part of the label."""
    sheet = load_workbook(ROOT / "templates_xlsx" / f"{name}.xlsx").worksheets[0]
    spots = {str(cell.value): cell for row in sheet.iter_rows() for cell in row if cell.value}
    found = []
    for label, value in pairs:
        cell = spots[label]
        right = next((m.max_col for m in sheet.merged_cells.ranges if cell.coordinate in m), cell.column)
        found.append((sheet.cell(cell.row, right + 1).coordinate, value))
    return found


def under(name: str, *pairs: tuple[str, Any]) -> list[tuple[str, Any]]:
    """Return where a blank list takes the values of these labels in its first row."""
    sheet = load_workbook(ROOT / "templates_xlsx" / f"{name}.xlsx").worksheets[0]
    spots = {str(cell.value): cell for row in sheet.iter_rows() for cell in row if cell.value}
    return [(sheet.cell(spots[label].row + 1, spots[label].column).coordinate, value) for label, value in pairs]


def test_the_shipped_blanks_filled_by_hand_stand_in_the_morning_s_workbook(tmp_path):
    home = new_home(tmp_path / "home")
    profile = beside(
        "企业客户档案登记表", ("客户名称", "蓉城物流有限公司"), ("企业性质", "私营"), ("传真", "无"), ("首次合作日期", datetime(2026, 10, 1)),
        ("建档日期", datetime(2026, 10, 20)),
    )  # fmt: skip
    potential = under(
        "潜在客户登记表(D类)", ("登记日期", datetime(2026, 9, 1)), ("客户名称", "锦江建设"), ("联系电话", "13800001111"), ("首次合作日期", datetime(2026, 10, 20))
    )  # fmt: skip
    visit = under(
        "家访记录表", ("家访日期", datetime(2026, 9, 1)), ("家访人", "周敏"), ("客户姓名", "王志强"), ("联系电话", "13800002222"), ("客户类别", "重要"),
        ("家访内容", "送保养券"),
    )  # fmt: skip
    for name, cells in (("企业客户档案登记表", profile), ("潜在客户登记表(D类)", potential), ("家访记录表", visit)):
        drop(home, f"{name}.xlsx", filled(name, *cells))

    assert {"accepted"} == set(verdicts(run(home)).values())
    book = load_workbook(home.outbox / "2026-11-05" / "其他台账.xlsx")
    told = {name: [row for row in book[name].iter_rows(values_only=True) if any(row)] for name in book.sheetnames}
    files, homes = told["客户档案"], told["客户家访"]
    assert [("锦江建设", 9, "未建档"), ("蓉城物流有限公司", 12, "已建,超期")] == [
        (row[0], row[4], row[5]) for row in files if row[5] in ("未建档", "已建,超期")
    ]
    assert [("家访", "王志强 重要 138****2222", 35)] == [(row[1], row[2], row[4]) for row in homes if row[1] == "家访"]
    assert [("蓉城物流有限公司", 3, 1, 43)] == [
        (row[0], row[2], row[3], row[4]) for row in told["档案完整率"] if row[4] == 43
    ]
