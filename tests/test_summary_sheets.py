"""经营汇总.xlsx, the sheets behind the overview: levels, consultants, targets, sources, wins and losses by hand-count."""

from __future__ import annotations

import pytest

from pipeline.facts.gather import gather
from pipeline.reports import summary
from tests.figures import STOCK, by_name, heads, sheet
from tests.people import CHEN, SUN, WANG, ZHAO
from tests.told import day, view


@pytest.fixture
def report(rules):
    return lambda on, **tables: summary.build(gather(view(rules, on, **tables), rules), rules)


def test_the_matrix_leads_from_the_months_opening_stock_to_the_state_today(report):
    found = sheet(report("11-05", **STOCK), "级别推进")
    moves = {row: {name: count for name, count in cells.items() if count} for row, cells in by_name(found).items()}

    assert {
        "H": {"订单": 1, "合计": 1}, "A": {"战败": 1, "合计": 1}, "B": {}, "C": {"A": 1, "合计": 1}, "未定级": {}, "本月新增": {"H": 1, "合计": 1},
    } == moves  # fmt: skip
    assert (4,) == (found.total or ())[-1:]


def test_the_month_opens_at_midnight_so_what_happens_on_the_1st_is_already_a_move(report):
    found = by_name(sheet(report(
        "11-05",
        customer=f"phone | first_contact_on | level\n {WANG} | 10-05 | B\n {CHEN} | 11-01 | A",
        follow_up=f"phone | done_on | level_after\n {WANG} | 11-01 | H",
    ), "级别推进"))  # fmt: skip

    assert (1, 0, 1) == (found["B"]["H"], found["H"]["合计"], found["本月新增"]["A"])


def test_a_delivered_car_counts_under_orders_and_a_sleeping_customer_is_no_loss(report):
    found = by_name(sheet(report("11-05", **{**STOCK, "follow_up": f"""
        phone  | done_on | outcome
        {WANG} | 11-02   | delivered
        {CHEN} | 11-02   | dormant
    """}), "级别推进"))  # fmt: skip

    assert (1, 1, 0) == (found["H"]["订单"], found["A"]["休眠"], found["A"]["战败"])


def test_open_prospects_are_spread_over_the_levels_of_their_consultants(report):
    found = sheet(report(
        "11-05",
        customer=f"""
            phone  | first_contact_on | level | consultant
            {WANG} | 10-05            | H     | 李明
            {CHEN} | 10-05            | A     | 李明
            {ZHAO} | 10-05            | A     | 王芳
        """,
        visit=f"visited_on | phone | consultant\n 11-01 | {SUN} | 王芳",
        loss=f"phone | lost_on | decided | consultant\n {CHEN} | 11-01 | agreed | 李明",
    ), "级别分布")  # fmt: skip

    assert (("李明", 1, 0, 0, 0, 0, 1), ("王芳", 0, 1, 0, 0, 1, 2)) == found.rows
    assert ("合计", 1, 1, 0, 0, 1, 3) == found.total


def test_a_consultant_s_prospects_of_the_month_are_followed_from_stock_to_today(report):
    found = sheet(report("11-05", **STOCK), "潜客分析")

    # 王 ordered, 陈 lost, 孙 up from C to A, 钱 new on the 3rd and due since the 4th.
    assert (("李明", 3, 1, 1, 0, 1, 1, 0, 2, 1, 1 / 3, 1 / 2),) == found.rows


def test_a_consultants_month_stands_beside_the_target_and_how_much_of_it_is_done(report):
    found = by_name(sheet(report(
        "11-10",
        visit=f"visited_on | phone | consultant\n 11-01 | {WANG} | 李明\n 11-02 | | 李明\n 10-31 | {CHEN} | 李明",
        deal=f"phone | ordered_on | consultant\n {WANG} | 11-03 | 李明\n {CHEN} | 11-03 | 李明",
        activity=f"phone | worked_on | kind | consultant\n {WANG} | 11-03 | test_drive | 王芳",
    ), "按顾问"))  # fmt: skip

    assert [2, 0, 1, 0.5, 2, 2.0, 6, 2 / 6] == [
        found["李明"][name] for name in ("来店批次", "来电批次", "留档数", "留档率", "订单", "成交率", "目标", "完成率")
    ]
    assert [1, 1] == [found["王芳"]["新增意向"] + found["李明"]["新增意向"], found["王芳"]["试驾"]]


def test_orders_are_credited_to_the_source_first_stated_of_the_customer(report):
    found = sheet(report(
        "11-10",
        visit=f"""
            visited_on | phone  | source
            10-20      | {CHEN} | 展示会
            11-01      | {WANG} | 来店/电
            11-02      |        | 来店/电
            11-03      | {ZHAO} |
        """,
        deal=f"phone | ordered_on\n {WANG} | 11-04\n {CHEN} | 11-05",
    ), "来源分析")  # fmt: skip

    assert (("来店/电", 2, 1, 1, 1.0), ("未填", 1, 1, 0, 0.0), ("展示会", 0, 0, 1, None)) == found.rows
    assert ("合计", 3, 2, 2, 1.0) == found.total


def test_a_channel_yields_the_orders_of_its_customers_and_a_call_is_told_from_a_walk_in(report):
    found = by_name(sheet(report(
        "11-10",
        visit=f"""
            visited_on | phone  | source  | channel
            11-01      | {WANG} | 来店/电 | walk_in
            11-02      | {WANG} | 来店/电 | call_in
            11-02      | {CHEN} | 来店/电 | call_in
            11-02      | {CHEN} | 来店/电 | walk_in
            10-02      | {ZHAO} |         | walk_in
        """,
        prospect=f"phone | first_contact_on | source | opening_level | month\n {SUN} | 11-03 | 展示会 | A | 2026-11",
        deal=f"phone | ordered_on\n {WANG} | 11-04\n {ZHAO} | 10-05",
    ), "渠道产出"))  # fmt: skip

    assert {
        "来店 · 来店/电": [1, 1 / 3, 1, 1.0, 1, 1 / 4, 1, 1.0], "来电 · 来店/电": [1, 1 / 3, 0, 0.0, 1, 1 / 4, 0, 0.0],
        "来店 · 未填": [0, 0.0, 0, None, 1, 1 / 4, 1, 1.0], "未来店来电 · 展示会": [1, 1 / 3, 0, 0.0, 1, 1 / 4, 0, 0.0],
    } == {way: list(row.values()) for way, row in found.items()}  # fmt: skip


def test_wins_are_listed_once_a_person_with_what_the_card_front_says(report):
    found = sheet(report(
        "11-10",
        deal=f"phone | ordered_on | delivered_on | price | payment | model | customer_name\n {WANG} | 10-20 | 11-05 | 158000 | loan | 途安 | 王志强",
        visit=f"visited_on | phone | ordered | customer_name\n 11-03 | {CHEN} | true | 陈静\n 10-03 | {ZHAO} | true | 赵强",
        activity=f"phone | worked_on | kind | customer_name\n {CHEN} | 11-03 | order | 陈静",
    ), "战绩")  # fmt: skip

    assert [
        (
            day("10-20"),
            day("11-05"),
            "李明",
            "王志强",
            "138****1111",
            "途安",
            158000.0,
            "分期",
            None,
            "customer_card.xlsx › Sheet1 › B5",
        ),
        (
            day("11-03"),
            None,
            "李明",
            "陈静",
            "138****2222",
            None,
            None,
            None,
            None,
            "visitor_register.xlsx › Sheet1 › D5",
        ),
    ] == [(*row[:-1], str(row[-1])) for row in found.rows]


def test_losses_are_listed_with_their_reasons_by_consultant_model_and_rival(report):
    found = report("11-05", **STOCK)

    assert [(day("11-04"), "138****2222", "价格", "本田")] == [
        (row[0], row[3], row[5], row[6]) for row in sheet(found, "战败").rows
    ]
    assert (("价格", 1, 1.0),) == sheet(found, "战败分析").rows
    assert [("销售顾问", "价格", "战败数"), ("车型", "价格", "战败数"), ("战败去向", "价格", "战败数")] == [
        tuple(heads(sheet(found, "战败分析", number))) for number in (1, 2, 3)
    ]
    assert [(("李明", 1, 1),), (("未填", 1, 1),), (("本田", 1, 1),)] == [
        sheet(found, "战败分析", number).rows for number in (1, 2, 3)
    ]


def test_a_list_stands_on_a_sheet_of_its_own_so_that_nothing_is_printed_under_its_header(report):
    found = report("11-05", **STOCK)

    assert {"战绩": 1, "战败": 1} == {
        each.name: len(each.tables) for each in found.sheets if each.name in ("战绩", "战败")
    }
    assert (("李明", 1, 0),) == sheet(found, "战绩分析").rows


def test_as_many_are_listed_as_the_figures_count(report):
    found = report(
        "11-05", **STOCK,
        visit=f"visited_on | phone | test_driven\n 11-01 | {WANG} | true\n 11-02 | {ZHAO} | true\n 10-02 | {SUN} | true",
        activity=f"phone | worked_on | kind\n {WANG} | 11-01 | test_drive",
        deal=f"phone | ordered_on | delivered_on\n {SUN} | 11-02 | 11-04",
    )  # fmt: skip
    month = {row[0]: row[2] for row in sheet(found, "概览").rows}

    assert {"新增意向": 1, "试驾": 2, "战败": 1} == {
        name: len(sheet(found, name).rows) for name in ("新增意向", "试驾", "战败")
    }
    assert {name: month[name] for name in ("新增意向", "试驾", "战败")} == {
        name: len(sheet(found, name).rows) for name in ("新增意向", "试驾", "战败")
    }
    assert (day("11-03"), "138****5555", "H") == tuple(sheet(found, "新增意向").rows[0][place] for place in (0, 3, 6))
