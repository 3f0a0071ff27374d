"""逾期跟进.xlsx as a manager reads it: who is late, by how much, whom to tell, whose level is doubtful, which owners wait."""

from __future__ import annotations

import pytest

from pipeline.facts.gather import gather
from pipeline.report import Report, Table
from pipeline.reports import overdue
from tests.told import day, view

WANG, CHEN, ZHAO, SUN = "13800001111", "13800002222", "13800003333", "13800004444"


@pytest.fixture
def report(rules):
    return lambda on, **tables: overdue.build(gather(view(rules, on, **tables), rules), rules)


def sheet(report: Report, name: str) -> Table:
    return next(each.tables[0] for each in report.sheets if each.name == name)


def column(table: Table, name: str) -> list[object]:
    place = [each.name for each in table.columns].index(name)
    return [row[place] for row in table.rows]


def cards(*lines: str) -> str:
    return "\n".join(["phone | first_contact_on | level | customer_name | consultant", *lines])


def test_the_workbook_has_its_sheets_with_the_agreed_columns_even_when_nothing_is_known(report):
    empty = report("11-05")
    follow_up = [
        "销售顾问",
        "客户",
        "电话",
        "级别",
        "车型",
        "首次接触",
        "最近跟进",
        "应跟进日期",
        "逾期天数",
        "依据",
        "升级提醒",
        "来源",
    ]

    assert ["逾期", "今日到期", "明日应跟进", "按顾问", "在跟客户", "级别存疑", "车主回访"] == [
        each.name for each in empty.sheets
    ]
    for name in ("逾期", "今日到期", "明日应跟进", "在跟客户"):
        assert follow_up == [each.name for each in sheet(empty, name).columns]
    assert ["销售顾问", "在跟客户数", "逾期数", "逾期率", "最长逾期天数", "H逾期", "A逾期", "B逾期", "C逾期"] == [
        each.name for each in sheet(empty, "按顾问").columns
    ]
    assert [()] * 7 == [each.tables[0].rows for each in empty.sheets]


def test_the_longest_overdue_comes_first_with_phone_masked_and_the_way_to_the_cell(report):
    found = sheet(report(
        "11-05",
        customer=cards(f"{WANG} | 10-01 | A | 王志强 | 李明", f"{CHEN} | 11-03 | H | 陈静 | 王芳"),
        follow_up=f"phone | done_on | model\n {WANG} | 10-20 |",
    ), "逾期")  # fmt: skip

    assert [
        (
            "李明",
            "王志强",
            "138****1111",
            "A",
            None,
            day("10-01"),
            day("10-20"),
            day("10-27"),
            9,
            "级别周期",
            "报展厅主管",
        ),
        ("王芳", "陈静", "138****2222", "H", None, day("11-03"), day("11-03"), day("11-04"), 1, "首次", None),
    ] == [row[:-1] for row in found.rows]
    assert ["level_tracker.xlsx › Sheet1 › E5", "customer_card.xlsx › Sheet1 › G6"] == [
        str(row[-1]) for row in found.rows
    ]


def test_a_consultant_who_called_today_is_not_shown_as_late(report):
    tables = {
        "customer": cards(f"{WANG} | 10-01 | A | 王志强 | 李明"),
        "follow_up": f"phone | done_on\n {WANG} | 11-05",
    }

    assert () == sheet(report("11-05", **tables), "逾期").rows


def test_due_today_and_due_tomorrow_each_have_their_list(report):
    found = report("11-05", customer=cards(
        f"{WANG} | 11-03 | H | 王志强 | 李明", f"{CHEN} | 11-04 | H | 陈静 | 李明", f"{ZHAO} | 11-05 | H | 赵强 | 李明",
    ))  # fmt: skip

    assert [["王志强"], ["陈静"], ["赵强"]] == [
        column(sheet(found, name), "客户") for name in ("逾期", "今日到期", "明日应跟进")
    ]
    assert {"在跟客户": 3, "逾期": 1, "今日到期": 1, "明日应跟进": 1} == found.figures


def test_the_longer_overdue_the_higher_up_it_is_told(report):
    found = sheet(report("11-30", customer=cards(
        f"{WANG} | 11-27 | H | 王 | 李明", f"{CHEN} | 11-26 | H | 陈 | 李明", f"{ZHAO} | 11-22 | H | 赵 | 李明", f"{SUN} | 11-14 | H | 孙 | 李明",
    )), "逾期")  # fmt: skip

    assert [15, 7, 3, 2] == column(found, "逾期天数")
    assert ["报销售经理", "报展厅主管", "提醒顾问", None] == column(found, "升级提醒")


def test_each_consultant_is_shown_with_the_share_that_is_late_and_the_levels(report):
    found = sheet(report("11-05", customer=cards(
        f"{WANG} | 11-01 | H | 王 | 李明", f"{CHEN} | 11-02 | A | 陈 | 李明", f"{ZHAO} | 11-05 | B | 赵 | 李明", f"{SUN} | 11-05 | C | 孙 | 王芳",
    )), "按顾问")  # fmt: skip

    assert (("李明", 3, 2, 2 / 3, 3, 1, 1, 0, 0), ("王芳", 1, 0, 0.0, None, 0, 0, 0, 0)) == found.rows
    assert ("合计", 4, 2, 0.5, 3, 1, 1, 0, 0) == found.total


@pytest.mark.parametrize(("level", "days"), [("H", 7), ("A", 30), ("B", 90)])
def test_a_level_is_doubtful_the_day_after_its_own_horizon(report, level, days):
    first = {7: "11-01", 30: "10-09", 90: "08-10"}[days]

    assert [(), (days + 1,)] == [
        tuple(
            column(
                sheet(report(on, customer=cards(f"{WANG} | {first} | {level} | 王 | 李明")), "级别存疑"), "已定级天数"
            )
        )
        for on in ("11-08", "11-09")
    ]


def test_a_level_that_changed_and_came_back_is_counted_from_its_return(report):
    found = sheet(report(
        "11-20",
        customer=cards(f"{WANG} | 10-01 | H | 王 | 李明"),
        follow_up=f"phone | done_on | level_after\n {WANG} | 10-05 | A\n {WANG} | 11-10 | H\n {WANG} | 11-15 | H",
    ), "级别存疑")  # fmt: skip

    assert ([day("11-10")], [10], [3]) == tuple(column(found, name) for name in ("定级日期", "已定级天数", "超期天数"))


def test_level_c_and_no_level_are_never_doubtful(report):
    found = report(
        "11-20", customer=cards(f"{WANG} | 01-01 | C | 王 | 李明"), visit=f"phone | visited_on\n {CHEN} | 01-01"
    )

    assert () == sheet(found, "级别存疑").rows


def test_an_owner_is_due_on_the_planned_day_and_on_the_days_after_the_delivery(report):
    found = sheet(report(
        "11-05",
        deal=f"phone | ordered_on | delivered_on\n {WANG} | 10-01 | 10-30\n {CHEN} | 10-01 | 11-05\n {ZHAO} | 10-01 | 10-01",
        owner_visit=f"phone | planned_on | done_on\n {ZHAO} | 11-01 |\n {ZHAO} | 11-20 |",
    ), "车主回访")  # fmt: skip

    assert [
        ("138****3333", day("10-01"), day("11-01"), 4, "计划"),
        ("138****1111", day("10-30"), day("11-02"), 3, "交车后3天"),
    ] == [(row[2], *row[4:8]) for row in found.rows]


@pytest.mark.parametrize(("done_on", "left"), [("11-01", 1), ("11-02", 0), ("11-04", 0)])
def test_a_revisit_on_the_due_day_or_later_answers_it(report, done_on, left):
    found = report(
        "11-05",
        deal=f"phone | delivered_on\n {WANG} | 10-30",
        owner_visit=f"phone | done_on\n {WANG} | {done_on}",
    )

    assert left == len(sheet(found, "车主回访").rows)


def test_an_owners_call_in_the_daily_report_answers_a_plan_unless_nobody_took_it(report):
    tables = {"owner_visit": f"phone | planned_on | done_on\n {WANG} | 11-01 |\n {CHEN} | 11-01 |"}
    calls = f"phone | worked_on | kind | reached\n {WANG} | 11-02 | owner_visit | true\n {CHEN} | 11-02 | owner_visit | false"

    assert ["138****2222"] == column(sheet(report("11-05", **tables, activity=calls), "车主回访"), "电话")


def test_revisits_missed_long_ago_are_not_chased_for_ever(report):
    assert () == sheet(report("11-05", deal=f"phone | delivered_on\n {WANG} | 2025-11-05"), "车主回访").rows


def test_phones_are_shown_in_full_only_where_the_house_says_so(rules):
    open_house = rules.model_copy(update={"privacy": rules.privacy.model_copy(update={"mask_phones": False})})
    tables = {"customer": cards(f"{WANG} | 11-01 | H | 王 | 李明", "02888880000 | 11-01 | H | 陈 | 李明")}
    shown = [
        column(sheet(overdue.build(gather(view(rules, "11-05", **tables), each), each), "逾期"), "电话")
        for each in (rules, open_house)
    ]

    assert [["028****0000", "138****1111"], ["02888880000", WANG]] == shown
