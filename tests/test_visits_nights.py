"""A whole night with a month's plan of visits and its reports: what a manager finds in 其他台账 and on the page in the morning."""

from __future__ import annotations

from typing import Any

import pytest
from openpyxl import load_workbook

from tests.nights import run, verdicts
from tests.pages import tree_of
from tests.workbooks import drop, new_home, xlsx

PLANNED: list[list[Any]] = [
    ["华东大区2026年11月客户拜访计划书"],
    ["编号", "BF-2026-11", "部门", "销售二部", "业务员", "周敏", "日期", 46322],
    ["项次", "公司名称", "客户姓名/联系人", "手机", "拜访时间", "拜访形式", "拜访目的", "电话预约", "客户状况"],
    [1, "宏达汽贸", "张伟", "13800001111", 46328, "上门", "合同、催款", 46325, "老客户"],
    [2, "永盛商行", "刘洋", None, 46329, "上门", "推广/巡店", None, None],
    [3, "金海公司", "孙丽", "13800002222", 46332, "视频", "市调", None, None],
]
DONE: list[list[Any]] = [
    ["拜访登记表(11月)"],
    ["序号", "走访日期", "业务员", "客户", "受访人/职务", "联系电话", "目的", "约定时间", "到达时间", "洽谈内容", "达成共识/结果", "跟进事项", "承诺期限", "是否达到预期效果"],
    [1, 46328, "周敏", "宏达汽贸", "张伟 经理", "13800001111", "催款", "9:30", "9:15", "谈货款", "月底付清", "送样车", "11月4日", "√"],
    [2, 46328, "周敏", "宏达汽贸", "刘洋 店长", None, "合同", "9:30", "9:15", "谈明年合同", "要再看", None, None, "√"],
    [3, 46330, "周敏", "百川贸易", "钱进", None, "其他", "10:00", "10:05", "看门头", "没见到人", "无", None, "否"],
]  # fmt: skip


@pytest.fixture(scope="module")
def morning(tmp_path_factory):
    """The outbox after a night with a month's plan and a month's reports."""
    home = new_home(tmp_path_factory.mktemp("home"))
    drop(home, "周敏/计划.xlsx", xlsx({"11月": PLANNED}))
    drop(home, "周敏/登记.xlsx", xlsx({"11月": DONE}))
    said = run(home)
    assert {"accepted"} == set(verdicts(said).values())
    return home.outbox / "2026-11-05"


def written(morning, sheet: str) -> list[tuple[str, ...]]:
    found = load_workbook(morning / "其他台账.xlsx")[sheet]
    return [tuple("" if cell is None else str(cell) for cell in row) for row in found.iter_rows(values_only=True)]


def test_a_plan_and_its_reports_handed_in_stand_in_the_workbook_of_the_morning(morning):
    compared = {row[1]: (row[4], row[6], row[8], row[9], row[10]) for row in written(morning, "计划与实际")}

    assert ("未执行", "不用约", "", "", "") == compared["永盛商行"]
    assert ("未到日子", "没写预约", "", "", "") == compared["金海公司"]
    assert ("计划外", "", "晚 5 分钟", "钱进", "无效") == compared["百川贸易"]
    assert ("按计划", "提前 3 天", "提前 15 分钟", "张伟 经理、刘洋 店长", "有效") == compared["宏达汽贸"]
    assert "没见到人" in [row[5] for row in written(morning, "无效拜访")]
    assert ("宏达汽贸", "周敏", "送样车", "1", "过了期限,还没有再去答复") == next(
        (row[0], row[1], row[3], row[5], row[6]) for row in written(morning, "未兑现承诺") if row[0] == "宏达汽贸"
    )
    assert 1 == sum(row[0] == "2026-11" for row in written(morning, "抽查"))


def test_no_sheet_of_visits_shows_a_phone_in_full(morning):
    seen = [cell for name in ("客户拜访", "计划与实际", "抽查") for row in written(morning, name) for cell in row]

    assert [] == [cell for cell in seen if "13800001111" in cell or "13800002222" in cell]
    assert "138****1111" in seen


def test_the_page_of_the_morning_leads_to_what_is_overdue(morning):
    page = tree_of((morning / "运行报告.html").read_text("utf-8"))
    told = [
        " ".join(row.text_content().split()) for row in page.xpath("//section[@aria-labelledby='ledgers']//tbody/tr")
    ]

    assert ["客户拜访2 项", "未兑现承诺1 项"] == told
