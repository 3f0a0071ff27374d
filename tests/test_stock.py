"""The car stock: a car a line from the day it arrives to the day it leaves."""

from __future__ import annotations

from datetime import date

import pytest
from openpyxl import load_workbook

from pipeline.layout.lexicon import lexicons
from pipeline.read_rules import read_rules
from pipeline.recognise import recognise
from pipeline.reports.registers import build
from pipeline.rulebook.stock import Stock
from tests.filled import filled
from tests.nights import rows, run, verdicts
from tests.sheets import book, grid
from tests.spoilt import copied, refusal
from tests.street import take_in
from tests.told import view
from tests.workbooks import drop, new_home

ON = date(2026, 11, 5)
# Drawn as a warehouse keeps it: its own words and order, a computed 库龄, a total in the middle of it all, two empty lines.
STOCK = (
    "| <10 XX汽车销售服务公司 商品车库存明细表 |",
    "| 仓库: | 北库 | | | | | | 单位: | 元 | |",
    "| 序号 | 入库时间 | 车辆识别代号 | 品牌车型 | 外观颜色 | 停放位置 | 进货价 | 库龄 | 库存状态 | 出库/销售日期 |",
    "| 1 | '2026.9.1 | lsvaa4182 e2000001 | X5 | 白 | A-01 | 12.8万 | 65 | 现车 | |",
    "| 2 | '26/10/20 | LSVAA4182E2000002 | X5 | 黑 | A-02 | 128000 | 16 | 展厅 | |",
    "| 3 | '2026年7月15日 | LSVAA4182E2000003 | X3 | 红 | B-07 | ￥98,000 | 113 | 已下订 | |",
    "| <3 小计 | | | | | | 354000 | | | |",
    "| 4 | '2026-10-01 | LSVAA4182E2000004 | X3 | 灰 | | 98000 | | 售出 | '11.2 |",
    "| 5 | | LSVAA4182E2000005 | X1 | 白 | | 88000 | | 在途 | |",
    "| 6 | | | | | | | | | |",
    "| 库管员: | | | 制表日期: | | | | | | |",
)


def line(vin: str = "LSVAA4182E2000009", day: str = "'2026-11-01", cost: str = "98000", status: str = "现车", left: str = "") -> str:  # fmt: skip
    return f"| 1 | {day} | {vin} | X3 | 灰 | | {cost} | | {status} | {left} |"


@pytest.fixture
def stock(rules):
    return lambda *lines: take_in(rules, grid(*STOCK[:3], *lines), on=ON)


def test_a_warehouse_s_own_list_is_the_stock_and_nothing_else(rules):
    (match,) = recognise(book(grid(*STOCK)), rules, lexicons(rules))

    assert ("vehicle_stock", ()) == (match.form, match.rivals)


def test_each_car_is_read_with_its_day_its_price_and_where_it_stands(rules):
    taken = take_in(rules, grid(*STOCK), on=ON)

    assert ("accepted", []) == (taken.verdict, taken.slips())
    assert [
        ("LSVAA4182E2000001", "X5", "白", date(2026, 9, 1), "北库", "A-01", 128000, "in_stock", None),
        ("LSVAA4182E2000002", "X5", "黑", date(2026, 10, 20), "北库", "A-02", 128000, "on_show", None),
        ("LSVAA4182E2000003", "X3", "红", date(2026, 7, 15), "北库", "B-07", 98000, "reserved", None),
        ("LSVAA4182E2000004", "X3", "灰", date(2026, 10, 1), "北库", None, 98000, "sold", date(2026, 11, 2)),
        ("LSVAA4182E2000005", "X1", "白", None, "北库", None, 88000, "in_transit", None),
    ] == taken.told("vin", "model", "colour", "stocked_on", "warehouse", "slot", "cost", "status", "left_on")


@pytest.mark.parametrize(
    ("bad", "code", "cell"),
    [
        ({"vin": "LSVAA4182E2"}, "stock_vehicle.vin-length", "C4"),
        ({"vin": "LSVAA4182E200000I"}, "vin.letter", "C4"),
        ({"day": ""}, "stock_vehicle.no-arrival", "B4"),
        ({"day": "'2026-11-20"}, "stock_vehicle.future", "B4"),
        ({"status": "售出", "left": "'2026-10-20"}, "stock_vehicle.left-before-stocked", "J4"),
        ({"status": "报废"}, "word.unknown", "I4"),
    ],
)
def test_a_car_nobody_can_place_is_held(stock, bad, code, cell):
    taken = stock(line(**bad))

    assert [(code, "error", cell)] == taken.slips()
    assert ("returned", []) == (taken.verdict, taken.told("vin"))


@pytest.mark.parametrize(
    ("odd", "code", "cell"),
    [
        ({"status": ""}, "missing", "I4"),
        ({"status": "售出"}, "stock_vehicle.gone-without-day", "J4"),
        ({"left": "'2026-11-02"}, "stock_vehicle.left-yet-here", "I4"),
        ({"cost": "12.8"}, "stock_vehicle.cost-unit", "G4"),
    ],
)
def test_what_is_only_odd_goes_in_with_a_word(stock, odd, code, cell):
    taken = stock(line(**odd))

    assert [(code, "warning", cell)] == taken.slips()
    assert 1 == len(taken.told("vin"))


def test_the_blank_filled_in_stands_the_next_morning_with_old_cars_first(rules, tmp_path):
    home = new_home(tmp_path / "home")
    cars = [
        {"车架号": vin, "车型": "X5", "入库日期": day, "状态": "在库"}
        for vin, day in [("LSVAA4182E2000001", "2026-08-01"), ("LSVAA4182E2000002", "2026-11-01")]
    ]
    drop(home, "库存.xlsx", filled(rules, "vehicle_stock", tmp_path, {}, *cars))

    assert {"库存.xlsx": "accepted"} == verdicts(run(home))
    assert ["LSVAA4182E2000001", "LSVAA4182E2000002"] == sorted(row["vin"] for row in rows(home, "stock_vehicle"))
    told = load_workbook(home.outbox / "2026-11-05" / "其他台账.xlsx")["车辆库存"]
    due = [row[1:6] for row in told.iter_rows(values_only=True) if row[0] == "车辆库存台账"]
    assert [("处理长库龄车", "LSVAA4182E2000001 X5", 6)] == [(what, about, late) for what, about, _, late, _ in due]


STANDING = """
    vin | model | stocked_on | status     | cost   | sold_on | left_on | form
    V01 | X5    | 11-05      | in_stock   | 100000 |         |         | vehicle_stock
    V02 | X5    | 10-06      | on_show    | 100000 |         |         | vehicle_stock
    V03 | X5    | 10-05      | reserved   | 120000 |         |         | vehicle_stock
    V04 | X5    | 09-06      | in_stock   |        | 11-04   |         | vehicle_stock
    V05 | X3    | 09-05      |            | 90000  |         |         | vehicle_stock
    V06 | X3    | 08-07      | demo       | 90000  |         |         | vehicle_stock
    V07 | X1    | 08-06      | in_stock   | 80000  |         |         | vehicle_stock
    V08 | X1    |            | in_transit | 80000  |         |         | vehicle_stock
    V09 | X1    | 07-01      | sold       | 80000  | 10-30   | 11-01   | vehicle_stock
    V10 | X1    | 07-01      | in_stock   | 80000  |         | 11-06   | vehicle_stock
    V11 | X1    | 07-01      | moved      | 80000  |         |         | vehicle_stock
"""
FAILED = """
    vin | item_no | item | checked_on | result | recheck_result | form
    V07 | 1       | 漆面 | 11-01      | failed |                | vehicle_check
    V07 | 2       | 玻璃 | 11-01      | failed | passed         | vehicle_check
    V07 | 3       | 轮胎 | 11-04      | failed | failed         | vehicle_check
"""


def test_cars_are_counted_by_model_in_classes_of_thirty_sixty_and_ninety_days(rules):
    report = build(view(rules, "11-05", stock_vehicle=STANDING), rules)
    ages = next(table for table in report.sheets[0].tables if table.name == "库龄分布")

    assert ["到期与逾期", "库龄分布"] == [table.name for table in report.sheets[0].tables]
    assert ("车型", "在库合计", "库龄最长的一台", "≤30天", "31–60天", "61–90天", ">90天", "其中已订") == tuple(
        column.name for column in ages.columns[:8]
    )
    assert (
        [
            ("X1", 2, "127 天,V10", 0, 0, 0, 2, 0),  # the other stands 91 days; V10 leaves tomorrow
            ("X3", 2, "90 天,V06", 0, 0, 2, 0, 0),  # the other stands 61 days
            ("X5", 4, "60 天,V04", 2, 2, 0, 0, 2),  # the others 0, 30 and 31
        ]
        == [row[:8] for row in ages.rows]
    )
    assert ("合计", 8, "127 天,V10", 2, 2, 2, 2, 2) == (ages.total or ())[:8]
    assert "在库 8 台,其中 >90天 的 2 台;在途 1 台" in report.sheets[0].subtitle


def test_each_car_stands_with_its_class_and_what_its_check_has_open(rules):
    report = build(view(rules, "11-05", stock_vehicle=STANDING, vehicle_check=FAILED), rules)
    (cars,) = next(sheet.tables for sheet in report.sheets if sheet.name == "库龄明细")

    assert [("V10", ">90天", None), ("V07", ">90天", 2), ("V06", "61–90天", None)] == [
        (row[0], row[6], row[10]) for row in cars.rows[:3]
    ]
    assert "vehicle_stock.xlsx › Sheet1 › D14" == str(cars.rows[0][-1])


def test_the_classes_are_the_house_s_own(rules):
    ours = rules.model_copy(update={"stock": Stock(ages=(45,))})
    report = build(view(ours, "11-05", stock_vehicle=STANDING), ours)

    assert [("X1", 0, 2), ("X3", 0, 2), ("X5", 3, 1)] == [
        (row[0], *row[3:5]) for row in report.sheets[0].tables[1].rows
    ]


def test_classes_that_do_not_rise_are_told_and_a_home_without_the_file_goes_on(tmp_path):
    home = copied(tmp_path)
    (problem,) = refusal(home, ("stock.yaml", "[30, 60, 90]", "[30, 90, 60]"))

    assert ("rules/stock.yaml", "ages.2", "60 天不比前面的 90 天长;天数要一段比一段大") == (problem.file, problem.key, problem.message)  # fmt: skip
    (home / "stock.yaml").unlink()
    assert (30, 60, 90) == read_rules(home).stock.ages
