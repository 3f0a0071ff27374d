"""来店规律, 留档: who got no phone, how often, and why, counted by hand."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.report import Report
from pipeline.reports.visit_patterns import build
from pipeline.view import Rowset, View
from tests.desk import ON, STORY, rows, view


@pytest.fixture
def report(rules) -> Report:
    return build(view(rules, STORY), rules)


def test_those_who_get_no_phones_come_first_and_the_worst_rate_ranks_first(report):
    found = rows(report, "留档分析", "销售顾问", "接待批次", "留档数", "未留档数", "留档率", "未留档率排名")

    assert found == [("陈静", 3, 0, 3, 0.0, 1), ("李明", 3, 3, 0, 1.0, 2)]


def test_the_most_misses_need_not_be_the_worst_rate(rules):
    story = "\n".join(
        ["10-10 店 首 09:00 09:30 李明 甲 不愿留"] * 2
        + ["10-10 店 首 09:00 09:30 李明 甲 留"] * 2
        + ["10-10 店 首 09:00 09:30 陈静 乙 不愿留"]
    )
    found = rows(build(view(rules, story), rules), "留档分析", "销售顾问", "未留档数", "未留档率排名")

    assert found == [("李明", 2, 2), ("陈静", 1, 1)]


def test_equal_rates_share_a_rank(rules):
    story = "\n".join(
        f"10-10 店 首 09:00 09:30 {who} 甲 {phone}" for who, phone in [("甲", "未留"), ("乙", "未留"), ("丙", "留")]
    )

    assert rows(build(view(rules, story), rules), "留档分析", "未留档率排名") == [(1,), (1,), (3,)]


def test_reasons_for_leaving_no_phone_stand_below(report):
    found = rows(report, "留档分析", "原因", "未留档数", table=1)

    assert found == [("不愿留", 1), ("未留", 1), ("随便看看", 1)]


def test_each_visit_without_a_phone_is_listed_latest_day_first(report):
    found = rows(report, "未留档明细", "日期", "销售顾问", "称呼", "进店", "离店", "注释", "原因")

    assert found == [
        (date(2026, 10, 10), "陈静", "周先生", "21:05", "21:25", "看车", "未留"),
        (date(2026, 10, 8), "陈静", "刘先生", "14:00", None, "看车", "随便看看"),
        (date(2026, 10, 1), "陈静", "李女士", "09:59", "10:49", "看车", "不愿留"),
    ]


def test_a_phone_inside_a_note_is_masked(rules):
    seen = view(rules, "10-10 店 首 09:00 09:30 李明 甲 不愿留")
    [row] = seen.tables["visit"].rows
    names = seen.tables["visit"].names
    noted = tuple("打他太太 139-0000-2222" if name == "note" else value for name, value in zip(names, row, strict=True))
    report = build(View(ON, "default", {"visit": Rowset(names, [noted])}), rules)

    assert rows(report, "未留档明细", "注释") == [("打他太太 139****2222",)]
