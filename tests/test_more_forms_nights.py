"""Whole nights with the list of intent customers, test drives and lost customers: what managers find counted in the morning."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from openpyxl import load_workbook

from pipeline.keep_home import Home
from tests.nights import rows, run, verdicts
from tests.workbooks import drop, new_home, xlsx

INTENT: list[list[Any]] = [
    ["潜在用户信息表"],
    ["销售顾问", "李明"],
    ["客户姓名", "电话", "级别", "初洽日期", "信息来源", "回访日期", "回访情况", "回访后级别", "下次回访日期"],
    ["王志强", "13800001111", "A", "2026-11-02", "来店/电", "2026-11-04", "约看车", "H", "2026-11-06"],
    ["赵敏", "13800002222", "B", "2026-11-03", "展示会", None, None, None, None],
]
DRIVES: list[list[Any]] = [
    ["试乘试驾登记表"],
    ["试驾日期", "客户姓名", "电话", "试驾车型", "出发时间", "返回时间", "销售顾问"],
    ["2026-11-05", "王志强", "13800001111", "X5", "10:00", "10:30", "李明"],
    ["2026-11-05", "钱进", "13800003333", "X5", "14:00", "14:20", "李明"],
]
PLEDGE: list[list[Any]] = [
    ["试驾保证书"],
    ["客户姓名", "王志强", "电话", "13800001111"],
    ["试驾日期", "2026-11-05", "试驾车型", "X5"],
    ["出发时间", "10:00", "返回时间", "10:30"],
    ["陪驾顾问", "李明", "客户意见", "很满意"],
]
LOST: list[list[Any]] = [
    ["战败分析表"],
    ["战败日期", "销售顾问", "客户姓名", "电话", "车型", "战败类别", "战败原因", "战败去向", "审核结果"],
    ["2026-11-05", "李明", "赵敏", "13800002222", "X5", "战败", "价格偏高", "奥迪", "同意"],
    ["2026-11-05", "李明", "王志强", "13800001111", "X5", "准战败", "再等等", None, "拒绝"],
]


@pytest.fixture
def home(tmp_path) -> Home:
    return new_home(tmp_path / "home")


def figures(home: Home, on: str = "2026-11-05") -> dict[str, Any]:
    sheet = load_workbook(home.outbox / on / "经营汇总.xlsx")["概览"]
    return {str(row[0]): row[1] for row in sheet.iter_rows(values_only=True)}


def test_the_morning_after_counts_what_the_three_forms_say(home):
    for name, sheet in (("意向", INTENT), ("试驾", DRIVES), ("战败", LOST)):
        drop(home, f"{name}.xlsx", xlsx({name: sheet}))
    said = run(home)

    assert {"意向.xlsx": "accepted", "试驾.xlsx": "accepted", "战败.xlsx": "accepted"} == verdicts(said)
    found = figures(home)
    assert (2, 1) == (found["试驾"], found["战败"])
    assert ["13800001111", "13800002222"] == sorted(row["phone"] for row in rows(home, "prospect"))
    due = load_workbook(home.outbox / "2026-11-05" / "逾期跟进.xlsx")["明日应跟进"]
    assert [("李明", "王志强")] == [row[:2] for row in due.iter_rows(values_only=True) if row[0] == "李明"]


def test_a_drive_on_the_list_and_on_its_pledge_is_one_drive(home):
    drop(home, "试驾.xlsx", xlsx({"11月": DRIVES}), "2026-11-05 17:00")
    drop(home, "保证书.xlsx", xlsx({"王志强": PLEDGE}), "2026-11-05 18:00")
    said = run(home)

    assert {"accepted"} == set(verdicts(said).values())
    assert 2 == figures(home)["试驾"] == len(rows(home, "test_drive"))


def test_a_second_pledge_of_the_day_takes_nothing_back_from_the_first(home):
    drop(home, "一.xlsx", xlsx({"王": PLEDGE}))
    run(home)
    other = json.loads(json.dumps(PLEDGE).replace("13800001111", "13800003333"))
    other[1][1] = "钱进"
    drop(home, "二.xlsx", xlsx({"钱": other}))
    said = run(home)

    assert (1, 0) == (said["records"]["test_drive"]["added"], said["records"]["test_drive"]["withdrawn"])
    assert 2 == len(rows(home, "test_drive"))


def test_a_drive_struck_from_the_list_is_withdrawn(home):
    drop(home, "试驾.xlsx", xlsx({"11月": DRIVES}))
    run(home)
    drop(home, "试驾.xlsx", xlsx({"11月": DRIVES[:-1]}), "2026-11-06 18:00")
    said = run(home, date(2026, 11, 6))

    assert 1 == said["records"]["test_drive"]["withdrawn"]
    assert ["王志强"] == [row["customer_name"] for row in rows(home, "test_drive", date(2026, 11, 6))]
