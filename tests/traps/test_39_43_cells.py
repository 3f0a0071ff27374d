"""Traps 39 to 43 of real sheets: options inside a cell, units, digits Excel drops, hidden rows, pictures in cells."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
import xlsxwriter

from pipeline.grid import Value
from tests.readings import REGISTER
from tests.sheets import grid
from tests.street import Taken, take_in

WANG = "| 1 | 王先生 | 13800001111 | H | 9:30 | 10:15 | 李明 | | 看车 |"
DAY = "| 日期 | 2026-11-05 |"


def card(rules, **given: Value) -> Taken:
    """Take in a card's back: 购车类型 stands in B4, 付款方式 in D4, 预算 in B5, 备注 in D5."""
    lines = (
        "| <4 客户管理卡(反面) |",
        "| 客户姓名 | 王强 | 电话 | 13800001111 |",
        "| 初始级别 | H | 销售顾问 | 李明 |",
        "| 购车类型 | {kind} | 付款方式 | {payment} |",
        "| 预算 | {budget} | 备注 | {note} |",
    )
    return take_in(rules, grid(*lines, given={"kind": "", "payment": "", "budget": "", "note": ""} | given))


def deal(rules, vin: Value, price: Value) -> Taken:
    """Take in a card's front: 车架号 stands in B4, 成交价 in D4."""
    lines = (
        "| <4 客户管理卡(正面) |",
        "| 车主姓名 | 王强 | 联系电话 | 13800001111 |",
        "| 车型 | X5 | 销售顾问 | 李明 |",
        "| 车架号 | {vin} | 成交价 | {price} |",
        "| 订购日期 | 2026-11-03 | 颜色 | 白 |",
    )
    return take_in(rules, grid(*lines, given={"vin": vin, "price": price}))


VIN = "LBEHDAFB0AY123456"


@pytest.mark.parametrize(
    ("written", "payment"),
    [
        ("□全款 ☑分期", "loan"),
        ("?全款;□分期", "full"),
        ("■全款 □分期", "full"),
        ("全款√ 分期□", "full"),
        ("□全款 □分期", None),
    ],
)
def test_trap_39_of_a_line_of_options_the_one_unlike_the_others_is_ticked(rules, written, payment):
    """`□全款 ☑分期` → 分期; `?全款;□分期`, its tick lost to a code page → 全款; all boxes empty → blank."""
    taken = card(rules, payment=written)

    assert ("accepted", [(payment,)], ["D4"]) == (taken.verdict, taken.told("payment"), taken.cells("payment"))


def test_trap_39_two_ticked_options_are_asked_about(rules):
    """`☑首次购车 ☑换购` → said, neither is taken."""
    taken = card(rules, kind="☑首次购车 ☑换购")

    assert ([(None,)], [("word.unknown", "warning", "B4")]) == (taken.told("purchase_type"), taken.slips())


@pytest.mark.parametrize(
    ("written", "yuan"), [("15万", 150_000.0), ("15.8万元", 158_000.0), ("￥158,000", 158_000.0), (158000.0, 158_000.0)]
)
def test_trap_40_money_is_plain_yuan_whatever_its_unit(rules, written, yuan):
    """`15万`, `15.8万元`, `￥158,000` → yuan as a plain number."""
    taken = deal(rules, VIN, written)

    assert ("accepted", [(yuan,)], ["D4"]) == (taken.verdict, taken.told("price"), taken.cells("price"))


@pytest.mark.parametrize(("written", "people"), [("3人", 3), ("约5", 5), ("两位", 2), (3.0, 3)])
def test_trap_40_people_are_counted_whatever_stands_behind_the_figure(rules, written, people):
    """`3人`, `约5` → 3, 5."""
    head = "| 序号 | 顾客名称 | 电话 | 进店时间 | 离店时间 | 销售顾问 | 人数 | 注释 |"
    row = "| 1 | 王先生 | 未留 | 9:30 | 10:15 | 李明 | {people} | 看车 |"
    taken = take_in(rules, grid(DAY, head, row, given={"people": written}))

    assert ("accepted", [(people,)]) == (taken.verdict, taken.told("party_size"))


def test_trap_40_a_discount_is_no_amount(rules):
    """`8折` where a price belongs → said, the rest of the card goes in."""
    taken = deal(rules, VIN, "8折")

    assert ("accepted", [(None,)], [("money.unreadable", "warning", "D4")]) == (
        taken.verdict,
        taken.told("price"),
        taken.slips(),
    )


@pytest.mark.parametrize("written", [4.10881199001011e17, "4.10881E+17", 12345678901234560.0])
def test_trap_41_a_long_number_that_excel_took_for_a_quantity_has_lost_its_end(rules, written):
    """`4.10881E+17` where 17 letters and digits belong → error: the last digits are gone and nobody can know them."""
    taken = deal(rules, written, 158000.0)

    assert ("returned", [("cell.precision-lost", "error", "B4")]) == (taken.verdict, taken.slips())
    assert "先把单元格设成文本,再照原件重写" == taken.finding("cell.precision-lost").want


def test_trap_41_in_a_free_text_it_is_kept_as_shown_and_said(rules):
    """An ID number typed into 备注 → kept as Excel shows it, with a warning at the cell."""
    taken = card(rules, note=410881199001011234.0)

    assert ("accepted", [("4.10881199001e+17",)], [("cell.precision-lost", "warning", "D5")]) == (
        taken.verdict,
        taken.told("note"),
        taken.slips(),
    )


def test_trap_42_a_hidden_sheet_is_not_read_and_said(rules):
    """A hidden sheet that looks like a form → named, not read."""
    old = grid(DAY, REGISTER, WANG.replace("王先生", "旧客户"), sheet="旧", visible=False)
    taken = take_in(rules, grid(DAY, REGISTER, WANG), old)

    assert ("accepted", [("王先生",)], [("sheet.hidden", "warning", "")]) == (
        taken.verdict,
        taken.told("customer_name"),
        taken.slips(),
    )


def test_trap_42_rows_and_columns_behind_a_filter_are_read_and_said(rules):
    """A filter left on hides a row or a column → read like all others, and a warning names what is hidden."""
    drawn = grid(DAY, REGISTER, WANG, WANG.replace("9:30", "9:50").replace("王先生", "赵女士"))
    taken = take_in(rules, replace(drawn, hidden_rows=frozenset({3}), hidden_columns=frozenset({8})))

    assert ("accepted", [("王先生", "看车"), ("赵女士", "看车")]) == (
        taken.verdict,
        taken.told("customer_name", "note"),
    )
    assert [("columns.hidden", "warning"), ("rows.hidden", "warning")] == sorted(slip[:2] for slip in taken.slips())
    assert "隐藏的第 4 行里有内容,照样读入了" in taken.finding("rows.hidden").say


def test_trap_43_a_picture_in_a_cell_is_no_value(rules):
    """WPS `=DISPIMG("ID_…",1)` in the name column → no name, and the cell is said to hold a picture."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for row, values in enumerate(grid(DAY, REGISTER, WANG).rows):
            sheet.write_row(row, 0, values)
        sheet.write_formula("B3", '=_xlfn.DISPIMG("ID_7C0A",1)', None, '=DISPIMG("ID_7C0A",1)')
    taken = take_in(rules, out.getvalue())

    assert ("returned", [("cell.picture", "error", "B3")]) == (taken.verdict, taken.slips())
    assert [(None, "13800001111")] == taken.held("customer_name", "phone")
