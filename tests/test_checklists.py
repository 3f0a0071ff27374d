"""Checklists: fixed items scored 5/0 or 0-5, told by number and wording, with what was left out said once."""

from __future__ import annotations

from datetime import date

import pytest
from openpyxl import load_workbook

from pipeline.write_templates import write_template
from tests.readings import Read
from tests.sheets import book, grid

HEAD = (
    "| <6 展厅检查评分表 |",
    "| 检查日期 | '2026-11-05 | 检查人 | 周敏 | 部门 | 展厅 |",
    "| 序号 | 项目 | 检查标准 | 分值类型 | 得分 | 备注 |",
)


@pytest.fixture
def read(rules):
    return lambda *rows: Read(rules, book(grid(*HEAD, *rows)))


def whole(rules, scores: dict[str, str]) -> list[str]:
    """Draw every item of the form with these scores, the others with full marks."""
    items = rules.part("showroom_inspection", "items").items
    return [f"| {i.no} | {i.area} | {i.text} | '{i.scale} | {scores.get(i.no, '5')} | |" for i in items]


def test_a_filled_checklist_is_a_record_an_item_with_its_area_and_scale(rules, read):
    result = read(*whole(rules, {"2": "3"}))

    assert [] == result.findings
    assert 12 == len(result.records)
    assert [
        (date(2026, 11, 5), "周敏", "展厅", "1", "展厅外观", "5/0", 5, True),
        (date(2026, 11, 5), "周敏", "展厅", "2", "展厅外观", "0-5", 3, True),
    ] == result.told("inspected_on", "inspector", "department", "item_no", "area", "scale", "score", "applicable")[:2]


def test_an_item_that_takes_five_or_nothing_refuses_a_three_and_a_scale_of_five_a_seven_or_a_half(rules, read):
    result = read(*whole(rules, {"1": "3", "2": "7", "3": "3.5"}))

    assert [
        ("score.off-scale", "error", "E4"), ("score.off-scale", "error", "E5"), ("score.unreadable", "error", "E6"),
    ] == [slip[:3] for slip in result.slips()]  # fmt: skip
    assert "只写 0 或 5" == result.findings[0].want


def test_n_is_no_points_and_an_item_that_does_not_apply_is_left_out_of_the_count(rules, read):
    result = read(*whole(rules, {"1": "N", "2": "不适用"}))

    assert [] == result.findings
    assert [("1", 0, True), ("2", None, False)] == result.told("item_no", "score", "applicable")[:2]


def test_an_item_without_points_is_kept_blank_and_asked_about(rules, read):
    result = read(*whole(rules, {"4": ""}))

    assert [("item.unscored", "warning", "E7")] == [slip[:3] for slip in result.slips()]
    assert ("4", None) == result.told("item_no", "score")[3]


def test_a_printed_checklist_nobody_filled_is_no_record_at_all(rules, read):
    result = read(*whole(rules, {str(no): "" for no in range(1, 13)}))

    assert ([], []) == (result.records, result.findings)


def test_items_that_do_not_stand_on_the_sheet_are_named_once(rules, read):
    result = read(*whole(rules, {})[:10])

    assert [("items.missing", "warning", "A4")] == [slip[:3] for slip in result.slips()]
    assert "2 项:着装、工牌、仪容符合要求、值班顾问在岗,不扎堆闲聊" in result.findings[0].say


def test_an_item_is_known_by_its_wording_when_its_number_was_typed_over(rules, read):
    rows = whole(rules, {})
    rows[4] = rows[4].replace("| 5 | 接待", "| 7 | 接待")

    assert ["5", "6", "7"] == [no for (no,) in read(*rows).told("item_no")[4:7]]


def test_what_a_form_prints_beside_an_item_holds_where_the_sheet_says_nothing_else(rules):
    sheet = grid(
        "| <5 展厅展车人员检查表 |", "| 检查日期 | '2026-11-05 | 检查人 | 周敏 | |", "| 序号 | 工作标准 | 单位 | 担当者 | 得分 |",
        "| 1 | 地面、玻璃、展台无污渍、无杂物 | | 吴昊 | √ |", "| 2 | 灯光、空调、音响打开且正常 | 工程部 | 吴昊 | 0 |",
    )  # fmt: skip

    assert [("1次/3小时", "行政部", 5), ("1次/3小时", "工程部", 0)] == Read(rules, book(sheet)).told(
        "interval", "unit", "score"
    )


def test_a_blank_with_many_words_above_a_narrow_list_gives_each_its_own_cell(rules, tmp_path):
    write_template(rules.forms["call_reception_check"], rules, tmp_path / "a.xlsx")
    sheet = load_workbook(tmp_path / "a.xlsx").worksheets[0]
    words = [value for row in sheet.iter_rows(max_row=6, values_only=True) for value in row if value]

    assert ["来电接听检查表", "来电日期", "来电时间", "接听人", "来电客户", "检查人"] == words


def test_an_item_nobody_printed_is_asked_about_with_the_nearest_one(rules, read):
    result = read(*whole(rules, {}), "| 40 | 展车 | 展车车身清洁 | '0-5 | 4 | |")

    assert [("item.unknown", "error", "A16")] == [slip[:3] for slip in result.slips()]
    assert "核对项目:展车车身、轮毂、内饰清洁" == result.findings[0].want
