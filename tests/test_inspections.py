"""来电接听检查 and 展厅·展车·人员检查: checklists in an office's own words, √ for full points, sums and rates typed below held against the items."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.layout.lexicon import lexicons
from pipeline.recognise import recognise
from tests.sheets import book, grid
from tests.street import take_in

ON = date(2026, 11, 5)
CALL = (
    "| <6 XX店电话接听检查表 |",
    "| 通话日期 | '11月5日 | 通话时间 | '10:20 | 接听人员 | 李明 |",
    "| 客户称呼 | 王先生 | 抽查人 | 周敏 | | |",
    "| 编号 | 环节 | 接听标准 | 分制 | 打分 | 扣分原因 |",
    "| 5 | 询问记录 | 询问并记录姓名 | '5/0 | √ | |",
    "| 6 | 询问记录 | 主动询问并记录联系电话和意向车型 | '5/0 | × | 没有问车型 |",
    "| 7 | 邀约 | 预约时间 | '5/0 | 5 | |",
    "| 8 | 道别 | 道别用语 | '0-5 | 3分 | |",
    "| 合计得分 | | | | 13 | 得分率:65% |",
    "| 审核 | | | | | |",
)
ROUTINE = (
    "| <10 展厅、展车、人员点检 |",
    "| <10 展厅展车人员点检表 |",
    "| 点检日期 | '2026.11.5 | | 点检时间 | '9:00 | | 点检人 | 孙丽 | | |",
    "| 序号 | 检查对象 | 工作标准 | 时间要求 | 单位 | 负责人 | 担当者 | 点检结果 | 整改说明 | |",
    "| 1 | 展厅 | 地面、玻璃、展台无污渍、无杂物 | 1次/3小时 | 保洁 | 周敏 | 吴昊 | √ | | |",
    "| 2 | 展厅 | 灯光、空调、音响打开且正常 | 1次/3小时 | 行政 | 周敏 | 吴昊 | ✘ | 一盏射灯不亮 | |",
    "| 5 | 展车 | 车身、轮毂、玻璃无灰尘和手印 | 1次/3小时 | 销售 | 李明 | 李明 | 合格 | | |",
    "| 9 | 人员 | 着装、工牌、仪容符合要求 | 1次/天 | 销售 | 李明 | 王芳 | 不适用 | | |",
)


def told(rules, *lines: str, **fields):
    return take_in(rules, grid(*lines), **fields)


def test_a_call_listened_to_is_four_items_of_one_call_told_by_their_wording(rules):
    result = told(rules, *CALL)

    assert [] == result.slips()
    assert [
        ("5", 5, True, None), ("6", 0, True, "没有问车型"), ("7", 5, True, None), ("8", 3, True, None),
    ] == result.told("item_no", "score", "applicable", "note", kind="call_check")  # fmt: skip
    assert {(ON, "10:20", "李明", "王先生", "周敏")} == set(
        result.told("inspected_on", "called_at", "consultant", "customer_name", "inspector")
    )


def test_a_round_through_showroom_cars_and_people_keeps_how_often_who_answers_and_who_did_it(rules):
    result = told(rules, *ROUTINE)

    assert [("items.missing", "warning", "A5")] == result.slips()
    assert [
        ("1", "展厅", "1次/3小时", "保洁", "周敏", "吴昊", 5, True), ("2", "展厅", "1次/3小时", "行政", "周敏", "吴昊", 0, True),
        ("5", "展车", "1次/3小时", "销售", "李明", "李明", 5, True), ("9", "人员", "1次/天", "销售", "李明", "王芳", None, False),
    ] == result.told("item_no", "area", "interval", "unit", "owner", "performer", "score", "applicable")  # fmt: skip
    assert {(ON, "09:00", "孙丽")} == set(result.told("inspected_on", "inspected_at", "inspector"))


def test_a_tick_is_no_number_where_points_lie_between_nothing_and_full(rules):
    result = told(rules, *(line.replace("3分", "√") for line in CALL[:-2]))

    assert [("score.off-scale", "error", "E8")] == result.slips()
    assert "写 0 到 5 的整数" == result.finding("score.off-scale").want


def test_a_call_without_its_listener_is_held_and_one_without_its_time_only_asked_about(rules):
    nobody = told(rules, *(line.replace("| 李明 |", "| |") for line in CALL))
    no_time = told(rules, *(line.replace("'10:20", "") for line in CALL))

    assert [("missing", "error", "F2")] == nobody.slips()
    assert [("missing", "warning", "D2")] == no_time.slips()
    assert 4 == len(no_time.told("item_no"))


@pytest.mark.parametrize(
    ("line", "slips"),
    [
        ("| 总分 | | | | 13 | |", []),
        ("| 总分:13分 得分率:65% | | | | | |", []),
        ("| 得分率 | | | | 0.65 | |", []),
        ("| 总得分 | | | | 15 | |", [("total.differs", "warning", "A9")]),
        ("| 得分合计 | | | | 13 | 得分率 87% |", [("total.rate-differs", "warning", "A9")]),
        (
            "| 得分率 | 87% | 总分 | 15 | | |",
            [("total.differs", "warning", "A9"), ("total.rate-differs", "warning", "A9")],
        ),
    ],
)
def test_a_sum_or_a_rate_typed_below_the_items_is_held_against_them(rules, line, slips):
    assert slips == told(rules, *CALL[:-2], line).slips()


def test_a_rate_is_over_the_items_that_apply_and_were_scored(rules):
    without = [line.replace("| × |", "| 不适用 |").replace("| 5 | |", "| | |") for line in CALL[:-2]]

    assert [("item.unscored", "warning", "E7")] == told(rules, *without, "| 得分率 | | | | 80% | |").slips()


@pytest.mark.parametrize(("form", "drawn"), [("call_reception_check", CALL), ("routine_check", ROUTINE)])
def test_a_checklist_in_an_office_s_own_words_has_no_rival(rules, form, drawn):
    (match,) = recognise(book(grid(*drawn)), rules, lexicons(rules))

    assert (form, ()) == (match.form, match.rivals)
