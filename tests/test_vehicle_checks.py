"""The check of a new car: item by item, what is not in order, what was done about it, and whether it was looked at again."""

from __future__ import annotations

from datetime import date

import pytest
from openpyxl import load_workbook

from pipeline.layout.lexicon import lexicons
from pipeline.recognise import recognise
from pipeline.reports.registers import build
from tests.filled import filled
from tests.nights import rows, run, verdicts
from tests.sheets import book, grid
from tests.street import take_in
from tests.told import view
from tests.workbooks import drop, new_home

ON = date(2026, 11, 5)
# Drawn as a workshop keeps it: no numbers, its own order and short words, ticks for results, requirements nobody reads.
HEAD = (
    "| <8 XX汽车销售服务有限公司 |",
    "| <8 新车PDI检测表 |",
    "| 车辆识别代号 | {vin} | | 品牌车型 | X5 尊享 | | 外观颜色 | 白 |",
    "| PDI日期 | {day} | | 检测员 | 赵强 | | 公里数 | 12km |",
    "| 检测内容 | 技术要求 | 判定 | 问题描述 | 处理情况 | 复查日期 | 复查结果 | 复查人 |",
)
LINES = (
    "| 漆面 | 无划痕 | √ | | | | | |",
    "| 玻璃 | 无破损 | × | 左后灯罩裂 | 换灯罩 | '11.4 | 合格 | 周敏 |",
    "| 轮胎 | 2.4 bar | 正常 | | | | | |",
    "| 电瓶 | 12.5V | NG | 电压低 | 充电 | '2026年11月4日 | 不合格 | 周敏 |",
    "| 仪表盘 | | OK | | | | | |",
    "| 空调 音响 | | 无此配置 | | | | | |",
    "| 随车工具 | | 缺失 | 少三角牌 | | | | |",
    "| 合格证 | | 齐全 | | | | | |",
    "| 检验员: | | | 审核: | | | | |",
)


def sheet(*lines: str, vin: str = "lsvaa4182 e2000001", day: str = "'2026.11.3"):
    return grid(*(each.format(vin=vin, day=day) for each in HEAD), *(lines or LINES))


def line(result: str = "不合格", problem: str = "裂", day: str = "", again: str = "") -> str:
    return f"| 玻璃 | | {result} | {problem} | | {day} | {again} | |"


def test_a_workshop_s_own_sheet_is_a_vehicle_check_and_nothing_else(rules):
    (match,) = recognise(book(sheet()), rules, lexicons(rules))

    assert ("vehicle_check", ()) == (match.form, match.rivals)


def test_each_item_is_told_by_the_workshop_s_words_with_its_result_and_its_second_look(rules):
    taken = take_in(rules, sheet(), on=ON)

    assert [("items.missing", "warning")] == [slip[:2] for slip in taken.slips()]
    assert [("LSVAA4182E2000001", "X5 尊享", "白", 12, date(2026, 11, 3), "赵强")] * 8 == taken.told(
        "vin", "model", "colour", "mileage", "checked_on", "checker"
    )
    assert [
        ("1", "外观", "passed", None, None, None, None),
        ("2", "外观", "failed", "左后灯罩裂", "换灯罩", date(2026, 11, 4), "passed"),
        ("3", "外观", "passed", None, None, None, None),
        ("6", "发动机舱", "failed", "电压低", "充电", date(2026, 11, 4), "failed"),
        ("9", "车内", "passed", None, None, None, None),
        ("10", "车内", "not_applicable", None, None, None, None),
        ("13", "随车物品", "failed", "少三角牌", None, None, None),
        ("14", "随车物品", "passed", None, None, None, None),
    ] == taken.told("item_no", "area", "result", "problem", "remedy", "rechecked_on", "recheck_result")


@pytest.mark.parametrize(
    ("said", "row", "code", "cell"),
    [
        ({"vin": "LSVAA4182E2"}, line(), "vehicle_check.vin-length", "B3"),
        ({"vin": ""}, line(), "missing", "B3"),
        ({"day": ""}, line(), "missing", "B4"),
        ({"day": "'2026-11-20"}, line(), "vehicle_check.future", "B4"),
        ({}, line(day="'2026-11-01", again="合格"), "vehicle_check.recheck-before-check", "F6"),
        ({}, line(day="'2026-11-09", again="合格"), "vehicle_check.recheck-future", "F6"),
        ({}, line(result="再看"), "word.unknown", "C6"),
        ({}, "| 方向盘加热带 | | √ | | | | | |", "item.unknown", "A6"),
    ],
)
def test_a_check_of_no_known_car_day_or_item_is_held(rules, said, row, code, cell):
    taken = take_in(rules, sheet(row, **said), on=ON)

    assert [(code, "error", cell)] == [slip for slip in taken.slips() if slip[0] != "items.missing"]
    assert [] == taken.told("vin")


@pytest.mark.parametrize(
    ("row", "code", "cell"),
    [
        (line(problem=""), "vehicle_check.problem-unsaid", "D6"),
        (line(result="合格"), "vehicle_check.problem-unjudged", "C6"),
        (line(result=""), "missing", "C6"),
        (line(again="合格"), "vehicle_check.recheck-undated", "F6"),
        (line(day="'2026-11-04"), "vehicle_check.recheck-unjudged", "G6"),
    ],
)
def test_what_is_only_unfinished_goes_in_with_a_word(rules, row, code, cell):
    taken = take_in(rules, sheet(row), on=ON)

    assert [(code, "warning", cell)] == [slip for slip in taken.slips() if slip[0] != "items.missing"]
    assert 1 == len(taken.told("vin"))


CHECKS = """
    vin | item_no | item | checked_on | result         | rechecked_on | recheck_result | form
    V1  | 1       | 漆面 | 10-30      | failed         |              |                | vehicle_check
    V1  | 2       | 玻璃 | 10-30      | failed         | 11-01        | passed         | vehicle_check
    V1  | 3       | 轮胎 | 10-30      | passed         |              |                | vehicle_check
    V2  | 6       | 电瓶 | 10-31      | failed         | 11-01        | failed         | vehicle_check
    V2  | 7       | 管路 | 10-31      | failed         | 11-01        |                | vehicle_check
    V3  | 8       | 内饰 | 11-05      | failed         |              |                | vehicle_check
    V3  | 9       | 仪表 | 11-05      | not_applicable |              |                | vehicle_check
    V4  | 1       | 漆面 | 11-01      | failed         |              | passed         | vehicle_check
"""


def test_what_failed_stays_listed_until_a_second_look_passes_it(rules):
    report = build(view(rules, "11-05", vehicle_check=CHECKS), rules)

    assert [
        ("复检", "V1 漆面", date(2026, 11, 2), 3, "已逾期 3 天"),
        ("复检", "V2 电瓶", date(2026, 11, 3), 2, "已逾期 2 天"),
        ("复检", "V2 管路", date(2026, 11, 3), 2, "已逾期 2 天"),
        ("复检", "V3 内饰", date(2026, 11, 8), 0, "还有 3 天"),
    ] == [(row[1], " ".join(row[2].split()[:2]), *row[3:6]) for row in report.sheets[0].tables[0].rows]
    assert {"车辆库存": 3} == report.figures


def test_a_filled_blank_lists_what_failed_and_the_same_sheet_handed_in_again_clears_it(rules, tmp_path):
    home = new_home(tmp_path / "home")
    said = {"车架号": "LSVAA4182E2000001", "车型": "X5", "检查日期": "2026-11-02", "检查人": "赵强"}
    item = rules.part("vehicle_check", "items").items[1].text
    bad = {"结果": "不合格", "问题": "灯罩裂"}
    drop(home, "检查.xlsx", filled(rules, "vehicle_check", tmp_path, said, rows={item: bad}))

    assert {"检查.xlsx": "accepted"} == verdicts(run(home))
    assert [("2", "failed")] == [(r["item_no"], r["result"]) for r in rows(home, "vehicle_check") if r["result"]]
    assert ["复检"] == due(home)

    mended = bad | {"复检日期": "2026-11-04", "复检结果": "合格"}
    again = filled(rules, "vehicle_check", tmp_path, said, rows={item: mended})
    drop(home, "检查 复检.xlsx", again, at="2026-11-05 19:00")
    run(home)

    assert [] == due(home)


def due(home) -> list[str]:
    told = load_workbook(home.outbox / "2026-11-05" / "其他台账.xlsx")["车辆库存"]
    return [str(row[1]) for row in told.iter_rows(values_only=True) if row[0] == "新车质量检查表"]
