"""其他台账 on customers: files made late or missing, two files of one company, how complete each is, homes to be visited."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from pipeline.reports.registers import build
from tests.test_registers import table
from tests.told import rows, view

ASKED = 43


def profiles(rules, *records: dict[str, str]) -> Any:
    return rows(rules, "customer_profile", [{"form": "customer_profile", **record} for record in records])


def report(rules, on: str, **tables: Any):
    drawn = view(rules, on)
    return build(type(drawn)(drawn.on, drawn.store, tables), rules)


def due(rules, on: str, **record: str) -> list[tuple[str, ...]]:
    """Return what of one file is listed as due on a day: what, by when, how it stands."""
    files = profiles(rules, {"customer_name": "甲公司", **record})
    return [
        (row[1], row[3], row[5])
        for row in table(report(rules, on, customer_profile=files), "客户档案", "到期与逾期")[1]
    ]


def test_a_file_is_due_seven_days_after_the_first_deal_and_ten_days_after_a_campaign_began(rules):
    assert [("建档", "2026-11-08", "已逾期 2 天")] == due(rules, "11-10", first_deal_on="11-01")
    assert [("集中建档", "2026-11-11", "还有 1 天")] == due(rules, "11-10", first_deal_on="10-01", campaign_on="11-01")
    assert [] == due(rules, "11-10", first_deal_on="11-01", filed_on="11-02", refreshed_on="11-02")


def test_a_file_is_to_be_gone_over_every_ninety_days(rules):
    assert [("季度更新", "2026-10-30", "已逾期 11 天")] == due(
        rules, "11-10", filed_on="2026-01-10", refreshed_on="2026-08-01"
    )
    assert [("季度更新", "2026-11-20", "还有 10 天")] == due(rules, "11-10", filed_on="08-22", refreshed_on="08-22")


def test_files_made_late_and_buyers_without_a_file_are_listed_those_without_first(rules):
    files = profiles(
        rules,
        {"customer_name": "甲公司", "first_deal_on": "10-01", "filed_on": "10-12"},
        {"customer_name": "乙公司", "first_deal_on": "10-01", "filed_on": "10-08"},
        {"customer_name": "丙公司", "first_deal_on": "09-01", "campaign_on": "10-01", "filed_on": "10-12"},
    )
    potential = rows(rules, "d_class", [
        {"form": "d_class_register", "registered_on": "09-01", "customer_name": "丁 公司", "first_deal_on": "11-01"},
        {"form": "d_class_register", "registered_on": "09-01", "customer_name": "甲 公司", "first_deal_on": "10-01"},
        {"form": "d_class_register", "registered_on": "09-01", "customer_name": "戊公司", "first_deal_on": "11-05"},
        {"form": "d_class_register", "registered_on": "09-01", "customer_name": "己公司"},
    ])  # fmt: skip
    told = report(rules, "11-10", customer_profile=files, d_class=potential)

    assert [
        ("丁 公司", "2026-11-01", "2026-11-08", "", "2", "未建档"),
        ("甲公司", "2026-10-01", "2026-10-08", "2026-10-12", "4", "已建,超期"),
        ("丙公司", "2026-10-01", "2026-10-11", "2026-10-12", "1", "已建,超期"),
    ] == [row[:6] for row in table(told, "客户档案", "建档超期")[1]]
    assert 1 == told.figures["客户档案"]


@pytest.mark.parametrize(
    ("first", "second", "why"),
    [
        ({"customer_name": "蓉城物流有限公司"}, {"customer_name": "蓉城物流(成都)有限责任公司"}, "名称相近"),
        ({"customer_name": "甲公司", "credit_code": "91A"}, {"customer_name": "乙厂", "credit_code": "91A"}, "信用代码相同"),
        ({"customer_name": "甲公司", "credit_code": "91A"}, {"customer_name": "乙厂", "credit_code": "91B"}, ""),
        ({"customer_name": "甲公司"}, {"customer_name": "乙公司"}, ""),
    ],
)  # fmt: skip
def test_two_files_that_may_be_one_company_are_listed_side_by_side(rules, first, second, why):
    found = table(report(rules, "11-10", customer_profile=profiles(rules, first, second)), "客户档案", "疑似一户多档")[
        1
    ]

    assert ([{first["customer_name"], second["customer_name"]}] if why else []) == [set(row[:2]) for row in found]
    assert ([why] if why else []) == [row[2] for row in found]


def test_a_file_is_as_complete_as_what_it_says_and_what_it_says_is_none_of_all_that_is_asked(rules):
    full = dict.fromkeys(rules.forms["customer_profile"].ledger.registers["customer_profile"].complete, "1")
    dates = {"first_deal_on": "10-01", "filed_on": "10-02"}
    told = report(
        rules, "11-10",
        customer_profile=profiles(
            rules,
            {**full, **dates, "customer_name": "甲公司", "customer_class": "main", "fax": "", "said_none": "fax"},
            {"customer_name": "乙公司", "address": "成都", "supervised_by": "无", "said_none": "supervised_by、note"},
        ),
    )  # fmt: skip
    _, found = table(told, "档案完整率", "档案完整率")
    (sheet,) = [sheet for sheet in told.sheets if sheet.name == "档案完整率"]

    assert [("乙公司", "", "1", "1"), ("甲公司", "主要", "42", "1")] == [row[:4] for row in found]
    assert [(str(ASKED), f"{2 / ASKED}"), (str(ASKED), "1.0")] == [row[4:6] for row in found]
    assert found[0][6].startswith("统一社会信用代码、企业性质、所属行业、注册资金")
    assert "" == found[1][6]
    assert f"2 份档案,完整 52%(45 ÷ {2 * ASKED} 项)" == sheet.subtitle


def test_a_potential_customer_is_due_for_a_call_until_he_buys(rules):
    potential = rows(rules, "d_class", [
        {"form": "d_class_register", "registered_on": "11-01", "customer_name": "丁公司", "next_on": "11-08"},
        {"form": "d_class_register", "registered_on": "11-01", "customer_name": "戊公司", "next_on": "11-08", "first_deal_on": "11-07"},
    ])  # fmt: skip

    assert [("D 类客户联系", "丁公司")] == [
        (row[1], row[2]) for row in table(report(rules, "11-10", d_class=potential), "客户档案", "到期与逾期")[1]
    ]


def test_homes_are_due_by_class_from_the_newest_visit_and_from_the_purchase_where_nobody_came(rules):
    visits = rows(rules, "home_visit", [
        {"form": "home_visit", "customer_name": "王志强", "phone": "1", "customer_class": "important", "visited_on": "2026-06-01"},
        {"form": "home_visit", "customer_name": "王志强", "phone": "1", "customer_class": "important", "visited_on": "10-01"},
        {"form": "home_visit", "customer_name": "赵敏", "phone": "2", "customer_class": "ordinary", "visited_on": "10-01"},
    ])  # fmt: skip
    cards = rows(rules, "home_customer", [
        {"form": "home_visit", "customer_name": "王志强", "phone": "1", "customer_class": "important", "bought_on": "2026-01-01"},
        {"form": "home_visit", "customer_name": "王志强", "phone": "3", "customer_class": "main", "bought_on": "09-01"},
        {"form": "home_visit", "customer_name": "孙丽", "customer_class": "potential", "bought_on": "09-01"},
    ])  # fmt: skip
    told = report(rules, "11-10", home_visit=visits, home_customer=cards)

    assert [("王志强", "2026-10-31", "已逾期 10 天")] == [
        (row[2].split()[0], row[3], row[5]) for row in table(told, "客户家访", "到期与逾期")[1]
    ]
    assert [("王志强", "主要", "2026-10-31", "10")] == [
        (row[0], row[1], row[3], row[4]) for row in table(told, "客户家访", "从未家访")[1]
    ]
    assert {"客户家访": 2} == told.figures


def test_where_no_customer_file_ever_came_nothing_is_reckoned(rules):
    assert ["台账"] == [sheet.name for sheet in report(rules, "11-10").sheets]
    assert date(2026, 11, 10) == report(rules, "11-10").on
