"""经营汇总.xlsx, 概览: the store's figures of today, the month and the year by hand-count, contract sections 6 and 7."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.facts.gather import gather
from pipeline.reports import summary
from pipeline.reports.summary_overview import periods
from tests.figures import STOCK, by_name, heads, sheet
from tests.people import CHEN, SUN, WANG, ZHAO
from tests.told import day, view

FIGURES = [
    "来店批次",
    "来电批次",
    "留档数",
    "留档率",
    "新增意向",
    "试驾",
    "订单",
    "交车",
    "战败",
    "成交率",
    "战败率",
    "平均停留分钟",
]


@pytest.fixture
def report(rules):
    return lambda on, **tables: summary.build(gather(view(rules, on, **tables), rules), rules)


def test_the_workbook_has_its_sheets_with_the_agreed_columns_even_when_nothing_is_known(report):
    empty = report("11-05")

    assert [
        "概览",
        "按顾问",
        "级别分布",
        "级别推进",
        "潜客分析",
        "来源分析",
        "渠道产出",
        "新增意向",
        "试驾",
        "战绩",
        "战绩分析",
        "战败",
        "战败分析",
        "目标进度",
        "表单质量",
        "交表日历",
        "表头变化",
        "修改记录",
    ] == [each.name for each in empty.sheets]
    assert ["指标", "今日", "本月累计", "上月同期", "本年累计"] == heads(sheet(empty, "概览"))
    assert FIGURES == [row[0] for row in sheet(empty, "概览").rows]
    assert ["销售顾问", *FIGURES, "目标", "完成率"] == heads(sheet(empty, "按顾问"))
    assert ["销售顾问", "H", "A", "B", "C", "未定级", "合计"] == heads(sheet(empty, "级别分布"))
    assert ["H", "A", "B", "C", "订单", "战败", "休眠"] == heads(sheet(empty, "级别推进"))[1:8]
    assert {"H", "A", "B", "C", "本月新增"} <= set(by_name(sheet(empty, "级别推进")))
    assert ["来源", "批次", "留档数", "订单", "成交率"] == heads(sheet(empty, "来源分析"))


def test_a_rate_over_nothing_is_blank_and_a_count_of_nothing_is_zero(report):
    assert [
        (name, 0, 0, 0, 0) if name[-1] not in "率钟" else (name, None, None, None, None) for name in FIGURES
    ] == list(sheet(report("11-05"), "概览").rows)


def test_each_row_of_the_overview_is_written_as_what_it_is(report):
    overview = sheet(report("11-05"), "概览")

    assert {"留档率": "rate", "成交率": "rate", "战败率": "rate", "平均停留分钟": "number"} == {
        row[0]: ink for row, ink in zip(overview.rows, overview.row_inks, strict=True) if ink != "count"
    }


def test_the_door_is_counted_in_groups_without_those_who_came_for_something_else(report):
    found = by_name(sheet(report("11-05", visit=f"""
        visited_on | phone  | channel | visit_kind | stay_minutes
        11-05      | {WANG} | walk_in | first      | 30
        11-05      |        | walk_in | first      | 45
        11-05      | {CHEN} | call_in | first      | 5
        11-05      | {ZHAO} | walk_in | other      | 90
        11-04      | {ZHAO} | walk_in | return     |
        10-05      | {SUN}  | walk_in | first      | 10
        10-06      | {SUN}  | walk_in | return     | 10
    """), "概览"))  # fmt: skip

    assert [(2, 3, 1, 5), (1, 1, 0, 1), (2, 3, 1, 5)] == [
        tuple(found[name].values()) for name in ("来店批次", "来电批次", "留档数")
    ]
    assert (2 / 3, 3 / 4, 1.0, 5 / 6) == tuple(found["留档率"].values())
    assert (37.5, 37.5, 10.0, 23.75) == tuple(found["平均停留分钟"].values())


@pytest.mark.parametrize(
    ("on", "same"),
    [
        ("2026-11-05", ("10-01", "10-05")),
        ("2026-03-31", ("02-01", "02-28")),
        ("2026-01-15", ("2025-12-01", "2025-12-15")),
    ],
)
def test_last_months_same_period_ends_on_the_same_day_number_or_its_last_day(on, same):
    assert tuple(map(day, same)) == periods(date.fromisoformat(on))["上月同期"]


def test_a_new_prospect_is_counted_in_the_month_of_the_earliest_first_contact(report):
    found = by_name(sheet(report(
        "11-05",
        prospect=f"""
            phone  | first_contact_on | opening_level | month
            {WANG} | 10-05            | A             | 2026-10
            {WANG} | 10-05            | A             | 2026-11
            {CHEN} | 11-05            | H             | 2026-11
        """,
        visit=f"visited_on | phone | visit_kind\n 11-04 | {WANG} | return\n 11-02 | {ZHAO} | first",
    ), "概览"))  # fmt: skip

    assert (1, 2, 1, 3) == tuple(found["新增意向"].values())


def test_the_rate_of_losses_is_over_the_opening_stock_and_the_new_ones_of_each_period(report):
    found = by_name(sheet(report("11-05", **STOCK), "概览"))

    assert (0, 1, 0, 2) == tuple(found["战败"].values())
    # 今日: open this morning SUN, QIAN; month: open on the 1st WANG, CHEN, SUN + new QIAN; last month to the 5th: 4 new; year: 5 new.
    assert (0 / 2, 1 / 4, 0 / 4, 2 / 5) == tuple(found["战败率"].values())


def test_who_is_lost_on_a_periods_first_day_belongs_to_its_opening_stock(report):
    tables = {
        "customer": f"phone | first_contact_on | level\n {WANG} | 10-05 | H\n {CHEN} | 10-05 | H",
        "follow_up": f"phone | done_on | outcome\n {WANG} | 11-01 | lost",
    }

    assert 0.5 == by_name(sheet(report("11-01", **tables), "概览"))["战败率"]["今日"]


def test_the_page_is_given_todays_and_the_months_figures(report):
    figures = report("11-05", **STOCK).figures

    assert ["今日", "本月累计", "合计"] == list(figures)
    assert (1, 1, 1) == tuple(figures["本月累计"][name] for name in ("新增意向", "订单", "战败"))
