"""派单结算: the week of part-timers settled from their sign-ins, laid out to be signed, and held against the one handed in."""

from __future__ import annotations

from datetime import date

import pytest
from openpyxl import load_workbook

from pipeline.ledgers import rows_of_kind
from pipeline.rulebook.outreach import Outreach
from pipeline.settlement import differences, handed_in, settlements, wages
from tests.nights import rows, run, verdicts
from tests.outreach import settlement, sign_ins
from tests.spoilt import copied, refusal
from tests.told import view
from tests.workbooks import drop, new_home, xlsx

WEEK = (date(2026, 11, 2), date(2026, 11, 8))
SUNDAY, MONDAY = date(2026, 11, 8), date(2026, 11, 9)
SIGNED = """
    worker | signed_on | arrived_at | left_at | place  | handed_out | phones_left | form
    张三丰 | 11-02     | 09:00      | 17:30   | 春熙路 | 300        | 5           | parttime_signin
    张三丰 | 11-03     | 09:00      | 12:00   | 春熙路 | 100        | 2           | parttime_signin
    张三丰 | 11-04     | 09:00      | 17:00   | 春熙路 | 200        | 2           | parttime_signin
    李四光 | 11-02     | 09:30      |         | 东门   |            | 3           | parttime_signin
    李四光 | 11-08     | 09:00      | 11:30   | 东门   | 100        | 1           | parttime_signin
    李四光 | 11-08     | 14:00      | 17:00   | 西门   | 100        | 2           | parttime_signin
    王五   | 11-06     | 09:00      | 17:00   | 西门   |            |             | parttime_signin
    王五   | 11-09     | 09:00      | 17:00   | 西门   | 100        | 9           | parttime_signin
"""
PAID = """
    worker | week_from | week_to | monday | tuesday | wednesday | days | commission | deduction | payable | form
    张三丰 | 11-02     | 11-08   | 1      | 1       | 1         |      | 45         |           | 285     | wage_settlement
    李四光 | 11-02     | 11-08   |        |         |           | 2    | 30         |           | 190     | wage_settlement
    赵六   | 11-02     | 11-08   | 1      |         |           | 1    | 0          |           | 80      | wage_settlement
"""


def owed(rules, text: str = SIGNED, pay: Outreach | None = None):
    found = wages(rows_of_kind(view(rules, "11-08", parttime_signin=text), "parttime_signin"), WEEK, pay or Outreach())
    return {one.worker: (one.shares, one.commission, one.deduction, one.payable) for one in found}


def test_a_week_is_days_at_their_rate_and_phones_less_what_short_days_cost(rules):
    # 张三丰: 1 + 0.5 + 1 days at 80, 9 phones at 5, one whole day with fewer than 3 phones; 2 are enough for half a day.
    # 李四光: no sign-out is a whole day; morning and evening of one Sunday are one day. 王五: nobody wrote his phones.
    assert {
        "张三丰": (2.5, 45, 20, 225),
        "李四光": (2, 30, 0, 190),
        "王五": (1, 0, 0, 80),
    } == owed(rules)


def test_a_half_day_with_too_few_phones_costs_half(rules):
    short = """
        worker | signed_on | arrived_at | left_at | phones_left | form
        张三丰 | 11-02     | 09:00      | 12:59   | 1           | parttime_signin
    """

    assert {"张三丰": (0.5, 5, 10, 35)} == owed(rules, short)


def test_a_house_that_pays_by_the_leaflet_says_so_in_its_rules(rules):
    by_leaflet = Outreach(day_pay=0, phone_pay=2, leaflet_pay=0.1, short_day_deduction=0)

    assert (2.5, 78, 0, 78) == owed(rules, pay=by_leaflet)["张三丰"]


def test_what_is_doubtful_is_said_for_whoever_signs(rules):
    found = wages(rows_of_kind(view(rules, "11-08", parttime_signin=SIGNED), "parttime_signin"), WEEK, Outreach())

    assert ["11-4 留电 2 个,不够", "11-2 没有签退,按一天算", "11-6 没有写留电数,没有扣"] == [
        one.doubts() for one in found
    ]


def test_a_settlement_is_held_against_the_sign_ins_person_by_person(rules):
    told = view(rules, "11-09", parttime_signin=SIGNED, wage_settlement=PAID)
    done = handed_in(told)
    found = differences(WEEK, done[WEEK], wages(rows_of_kind(told, "parttime_signin"), WEEK, Outreach()))

    assert [
        ("张三丰", "应发", 225, 285, "11-4 留电 2 个,不够"),
        ("王五", "应发", 80, 0, "结算表上没有这个人"),
        ("赵六", "应发", 0, 80, "这几天没有签到"),
        ("张三丰", "天数", 2.5, 3, "周二表上 1 签到 0.5"),
        ("张三丰", "扣款", 20, 0, "11-4 留电 2 个,不够"),
    ] == [(each.worker, each.what, each.want, each.found, each.why) for each in found]


def test_a_running_week_is_not_settled_and_a_week_handed_in_right_no_longer(rules):
    right = """
        worker | week_from | week_to | days | commission | deduction | payable | form
        张三丰 | 11-02     | 11-08   | 2.5  | 45         | 20        | 225     | wage_settlement
        李四光 | 11-02     | 11-08   | 2    | 30         |           | 190     | wage_settlement
        王五   | 11-02     | 11-08   | 1    |            |           | 80      | wage_settlement
    """
    weeks = [
        list(settlements(view(rules, on, parttime_signin=SIGNED, **more), rules))
        for on, more in (
            ("11-07", {}), ("11-08", {}), ("11-15", {}), ("11-09", {"wage_settlement": PAID}), ("11-09", {"wage_settlement": right}), ("12-31", {}),
        )
    ]  # fmt: skip

    assert [[], ["2026-W45"], ["2026-W45", "2026-W46"], ["2026-W45"], [], []] == weeks


@pytest.fixture
def home(tmp_path):
    found = new_home(tmp_path / "home")
    monday = sign_ins(
        "2026-11-02", ["张三丰", "9:00", "17:30", "春熙路", 300, 5], ["李四光", "9点半", "17:00", "东门", 200, 2]
    )
    tuesday = sign_ins("2026-11-03", ["张三丰", "9:00", "12:00", "春熙路", 100, 2])
    drop(found, "签到.xlsx", xlsx({"周一": monday, "周二": tuesday}))
    return found


def test_on_sunday_evening_the_settlement_lies_ready_and_handed_in_again_it_is_taken_and_gone(home):
    run(home, SUNDAY)
    sheet = home.outbox / "2026-11-08" / "派单结算" / "2026-W45.xlsx"
    drop(home, "结算.xlsx", sheet.read_bytes(), "2026-11-09 18:00")
    said = run(home, MONDAY)

    assert {"结算.xlsx": "accepted"} == verdicts(said)
    assert [("张三丰", 1.5, 35, 0, 155), ("李四光", 1, 10, 20, 70)] == sorted(
        (row["worker"], row["days"], row["commission"], row["deduction"], row["payable"])
        for row in rows(home, "wage_settlement", MONDAY)
    )
    assert not (home.outbox / "2026-11-09" / "派单结算").exists()


def test_the_settlement_ready_to_sign_says_how_each_day_was_reckoned(home):
    run(home, SUNDAY)
    book = load_workbook(home.outbox / "2026-11-08" / "派单结算" / "2026-W45.xlsx")

    assert ["派单结算表", "怎么算的", "_daybook"] == book.sheetnames
    told = [row[:9] for row in book["怎么算的"].iter_rows(min_row=5, max_row=7, values_only=True)]
    assert [("张三丰", 1, 5), ("张三丰", 0.5, 2), ("李四光", 1, 2)] == [(row[0], row[4], row[5]) for row in told]
    assert "留电 2 个,不够" == told[2][8]


def test_a_settlement_of_the_manager_s_own_that_pays_more_is_taken_and_the_right_one_lies_there_again(home):
    run(home, SUNDAY)
    drop(
        home,
        "结算.xlsx",
        xlsx({"W45": settlement(["张三丰", 2, 35, 0, 195], ["李四光", 1, 10, 20, 70])}),
        "2026-11-09 18:00",
    )
    said = run(home, MONDAY)

    assert {"结算.xlsx": "accepted"} == verdicts(said)
    assert (home.outbox / "2026-11-09" / "派单结算" / "2026-W45.xlsx").exists()


@pytest.mark.parametrize(
    ("old", "new", "key", "message"),
    [
        ("short_day_deduction: 20", "short_day_deduction: 100", "short_day_deduction", "电话不够的一天扣 100 元,比单价 80 元还多"),
        ("least_phones: 3", "least_phones: 0", "short_day_deduction", "least_phones 是 0,没有一天会不够;不扣请把 short_day_deduction 写成 0"),
        ("phone_pay: 5", "phone_pay: -5", "phone_pay", "不能小于 0"),
        ("phone_pay: 5", "phone_pay: 五块", "phone_pay", "应写数字"),
        ("half_day_hours: 4", "half_day_hour: 4", "half_day_hour", "不认识「half_day_hour」这一项"),
        ("half_day_hours: 4", "half_day_hours: 40", "half_day_hours", "不能大于 24"),
    ],
)  # fmt: skip
def test_rates_that_cannot_be_meant_are_told_with_their_key(tmp_path, old, new, key, message):
    (problem,) = refusal(copied(tmp_path), ("outreach.yaml", old, new))

    assert ("rules/outreach.yaml", key, message) == (problem.file, problem.key, problem.message)


def test_rates_that_pay_nobody_are_told(tmp_path):
    told = refusal(
        copied(tmp_path),
        ("outreach.yaml", "day_pay: 80", "day_pay: 0"),
        ("outreach.yaml", "phone_pay: 5", "phone_pay: 0"),
    )

    assert ["单价、电话提成、传单提成都是 0,谁也没有工资", "电话不够的一天扣 20 元,比单价 0 元还多"] == [
        problem.message for problem in told
    ]
