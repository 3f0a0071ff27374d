"""其他台账 › 外拓: pay that does not agree, pay nobody fetched, booths with one person, phones nobody rang; what needs action first."""

from __future__ import annotations

from datetime import date

import pytest
from openpyxl import load_workbook

from pipeline.reports.registers import build
from tests.nights import run, verdicts
from tests.outreach import booths, leads, receipts, settlement, sign_ins
from tests.people import CHEN, WANG, ZHAO
from tests.told import view
from tests.workbooks import drop, new_home, register, visit, xlsx

SIGNED = """
    worker | signed_on | arrived_at | left_at | phones_left | form
    张三丰 | 11-02     | 09:00      | 17:30   | 3           | parttime_signin
    张三丰 | 11-03     | 09:00      | 17:30   | 4           | parttime_signin
    李四光 | 11-02     | 09:00      | 17:30   | 3           | parttime_signin
    王五   | 11-02     | 09:00      | 17:30   |             | parttime_signin
"""
PAID = """
    worker | week_from | week_to | days | commission | payable | form
    张三丰 | 11-02     | 11-08   | 3    | 35         | 275     | wage_settlement
    李四光 | 11-02     | 11-08   | 1    | 15         | 95      | wage_settlement
    王五   | 11-02     | 11-08   | 1    |            | 80      | wage_settlement
"""
LEADS = f"""
    met_on | recorder | customer_name | phone  | place  | form
    11-02  | 张三丰   | 王女士        | {WANG} | 春熙路 | outreach_lead
    11-02  | 张三丰   | 陈先生        | {CHEN} | 春熙路 | outreach_lead
    11-02  | 张三丰   | 不愿留        |        | 春熙路 | outreach_lead
    11-02  | 李四光   | 王小姐        | {WANG} | 东门   | outreach_lead
    11-04  | 李四光   | 赵先生        | {ZHAO} | 东门   | outreach_lead
"""


def told(rules, on: str, sheet: str, table: str, **tables: str):
    """Return a table's rows without the place, as texts."""
    report = build(view(rules, on, **tables), rules)
    (found,) = [t for s in report.sheets if s.name == sheet for t in s.tables if t.name == table]
    return [tuple("" if v is None else str(v) for v in row[:-1]) for row in found.rows]


def weekly(rules, on: str, **tables: str):
    """Return the line of W45: people, owed, settled, fetched, where it stands."""
    report = build(view(rules, on, parttime_signin=SIGNED, **tables), rules)
    (found,) = [t for s in report.sheets for t in s.tables if t.name == "每周结算"]
    (line,) = found.rows
    return line[3:]


def test_a_settlement_that_pays_a_day_nobody_signed_in_for_stands_first(rules):
    assert [
        ("2026-W45", "张三丰", "应发", "195.0", "275.0", "80.0", ""),
        ("2026-W45", "张三丰", "天数", "2.0", "3.0", "1.0", ""),
    ] == told(rules, "11-09", "外拓", "派单结算核对", parttime_signin=SIGNED, wage_settlement=PAID)


def test_pay_not_fetched_fetched_short_and_fetched_by_a_stranger_is_told(rules):
    got = """
        worker | week_from | week_to | amount | received_on | form
        张三丰 | 11-02     | 11-08   | 200    | 11-09       | wage_receipt
        李四光 | 11-02     | 11-08   | 95     | 11-09       | wage_receipt
        赵六   | 11-02     | 11-08   | 50     | 11-09       | wage_receipt
        钱七   |           |         | 30     | 11-09       | wage_receipt
    """
    assert [
        ("2026-W45", "张三丰", "275.0", "200.0", "-75.0", "少领了"),
        ("2026-W45", "王五", "80.0", "0.0", "-80.0", "还没有领"),
        ("2026-W45", "赵六", "0.0", "50.0", "50.0", "结算里没有这个人"),
        ("", "钱七", "", "30.0", "", "没有写结算周期,对不上是哪一周"),
    ] == told(rules, "11-10", "外拓", "工资签收核对", parttime_signin=SIGNED, wage_settlement=PAID, wage_receipt=got)


def test_each_week_is_a_line_from_signed_in_to_paid_out(rules):
    right = PAID.replace("| 3    | 35         | 275", "| 2    | 35         | 195")
    got = """
        worker | week_from | week_to | amount | form
        张三丰 | 11-02     | 11-08   | 195    | wage_receipt
        李四光 | 11-02     | 11-08   | 95     | wage_receipt
        王五   | 11-02     | 11-08   | 80     | wage_receipt
    """
    assert [
        (3, 370, None, None, "还没有过完"),
        (3, 370, None, None, "还没有交派单结算表"),
        (3, 370, 450, None, "和签到表对不上"),
        (3, 370, 370, None, "还没有领完"),
        (3, 370, 370, 370, "已结清"),
    ] == [
        weekly(rules, "11-05"),
        weekly(rules, "11-08"),
        weekly(rules, "11-09", wage_settlement=PAID),
        weekly(rules, "11-09", wage_settlement=right),
        weekly(rules, "11-10", wage_settlement=right, wage_receipt=got),
    ]


def test_a_booth_with_one_person_and_one_person_at_two_booths_are_told(rules):
    drawn = """
        held_on | place    | leader | staff      | staff_two | started_at | ended_at | form
        11-07   | 万达广场 | 周敏   | 张三 李四  |           | 09:00      | 16:00    | booth_daily
        11-07   | 东门市场 | 孙丽   | 王五       |           | 09:00      | 16:00    | booth_daily
        11-07   | 西门     | 孙丽   | 钱 进、李四 |           | 13:00      | 18:00    | booth_daily
        11-07   | 南门     | 孙丽   | 吴昊       | 郑爽      |            |          | booth_daily
        11-07   | 北门     | 孙丽   | 2人        |           | 16:00      | 18:00    | booth_daily
        11-06   | 北门     | 孙丽   |            |           | 09:00      | 16:00    | booth_daily
    """
    assert [
        ("2026-11-07", "万达广场", "周敏", "李四 同时也在 西门"),
        ("2026-11-07", "东门市场", "孙丽", "应有 2 人,写了 1 人:王五"),
        ("2026-11-07", "南门", "孙丽", "没有写班次"),
        ("2026-11-06", "北门", "孙丽", "应有 2 人,没有写人员"),
    ] == told(rules, "11-08", "外拓", "展点核对", booth_daily=drawn)


def test_phones_nobody_rang_wait_the_longest_overdue_first_until_somebody_gets_through(rules):
    rung = f"phone | done_on | reached | form\n {CHEN} | 11-03 | true | level_tracker"
    tried = f"phone | done_on | reached | form\n {CHEN} | 11-03 | false | level_tracker"

    def waiting(**more):
        return [row[:2] + row[6:8] for row in told(rules, "11-06", "外拓线索", "待回访线索", lead=LEADS, **more)]

    both = [("王女士", "138****1111", "2026-11-03", "3"), ("陈先生", "138****2222", "2026-11-03", "3")]
    last = ("赵先生", "138****3333", "2026-11-05", "1")
    assert [*both, last] == waiting() == waiting(follow_up=tried)
    assert [both[0], last] == waiting(follow_up=rung)


def test_a_lead_is_a_prospect_once_a_consultant_lists_it_with_the_day_of_first_contact(rules):
    listed = f"phone | first_contact_on | opening_level | month | form\n {WANG} | | A | 2026-11 | level_tracker\n {CHEN} | 11-03 | B | 2026-11 | level_tracker"

    assert [
        ("王女士", "138****1111", "2026-11-02", "2026-11-02", "李明", "张三丰"),
        ("陈先生", "138****2222", "2026-11-02", "2026-11-03", "李明", "张三丰"),
    ] == told(rules, "11-06", "外拓线索", "已转潜客", lead=LEADS, prospect=listed)
    assert ["赵先生"] == [row[0] for row in told(rules, "11-06", "外拓线索", "待回访线索", lead=LEADS, prospect=listed)]


def test_who_left_a_phone_and_then_came_was_first_met_when_the_phone_was_left(rules):
    came = f"visited_on | phone\n 11-05 | {WANG}\n 11-01 | {CHEN}"

    assert [("王女士", "2026-11-02"), ("陈先生", "2026-11-01")] == [
        (row[0], row[3]) for row in told(rules, "11-06", "外拓线索", "已转潜客", lead=LEADS, visit=came)
    ]


def test_phones_written_down_are_held_against_the_count_of_the_sign_in(rules):
    assert [
        ("2026-11-04", "李四光", "", "1", "没有签到"),
        ("2026-11-03", "张三丰", "4", "0", "没有交客户登记表"),
        ("2026-11-02", "张三丰", "3", "2", "登记的少"),
        ("2026-11-02", "李四光", "3", "1", "登记的少"),
        ("2026-11-02", "王五", "", "0", "签到表没有写留电数"),
    ] == told(rules, "11-06", "外拓线索", "留电核对", parttime_signin=SIGNED, lead=LEADS)


def test_what_each_part_timer_brought_counts_a_phone_once_for_who_brought_it_first(rules):
    listed = f"phone | first_contact_on | opening_level | month | form\n {WANG} | 11-03 | A | 2026-11 | level_tracker"
    report = build(view(rules, "11-06", lead=LEADS, prospect=listed), rules)
    (found,) = [t for s in report.sheets for t in s.tables if t.name == "兼职战果"]

    assert [("张三丰", 3, 2, 0, 0, 1, 0.5), ("李四光", 2, 1, 1, 0, 0, 0.0)] == [tuple(row) for row in found.rows]


def test_the_page_counts_what_outreach_has_to_look_at(rules):
    drawn = view(rules, "11-09", parttime_signin=SIGNED, wage_settlement=PAID, lead=LEADS)

    # Two slips of the settlement and three who got nothing yet; three phones not rung in time and five counts that differ.
    assert {"外拓": 5, "外拓线索": 8} == build(drawn, rules).figures


@pytest.fixture
def home(tmp_path):
    return new_home(tmp_path / "home")


def test_a_whole_week_of_outreach_goes_from_filled_sheets_to_its_sheets(home):
    drop(
        home,
        "签到.xlsx",
        xlsx(
            {
                "11.2": sign_ins(
                    "2026-11-02",
                    ["张三丰", "9:00", "17:30", "春熙路", 300, 2],
                    ["李四光", "9:00", "17:30", "东门", 100, 3],
                )
            }
        ),
    )
    drop(
        home,
        "留电.xlsx",
        xlsx(
            {"张": leads("2026-11-02", "张三丰", ["王女士", "13800001111", "看SUV"], ["陈先生", 13800002222, "比价"])}
        ),
    )
    drop(
        home,
        "结算.xlsx",
        xlsx({"W45": settlement(["张三丰", 1, 10, 20, 70], ["李四光", 1, 15, 0, 100], ["合计", 2, 25, 20, 170])}),
    )
    drop(home, "签收.xlsx", xlsx({"W45": receipts(["张三丰", 70, "2026-11-09"])}))
    drop(
        home,
        "展点.xlsx",
        xlsx(
            {
                "7日": booths(
                    "2026-11-07",
                    ["万达", "周敏", "张三丰、李四光", "9:00-16:00", 3, 5],
                    ["东门", "孙丽", "王五", "16:00—09:00", 3, 1],
                )
            }
        ),
    )
    drop(home, "来店.xlsx", xlsx({"5日": register("2026-11-05", visit("王女士"))}))
    said = run(home, date(2026, 11, 9))

    assert {
        "签到.xlsx": "accepted", "留电.xlsx": "accepted", "结算.xlsx": "accepted", "签收.xlsx": "accepted", "展点.xlsx": "partial", "来店.xlsx": "accepted",
    } == verdicts(said)  # fmt: skip
    book = load_workbook(home.outbox / "2026-11-09" / "其他台账.xlsx")
    assert ["外拓", "外拓线索", "外拓登记"] == [name for name in book.sheetnames if name.startswith("外拓")]
    pay, phones = (list(book[name].iter_rows(values_only=True)) for name in ("外拓", "外拓线索"))
    assert ("2026-W45", "李四光", "应发", 95, 100, 5) in [row[:6] for row in pay]
    assert ("2026-W45", "李四光", 100, 0, -100, "还没有领") in [row[:6] for row in pay]
    assert [("陈先生", "138****2222")] == [row[:2] for row in phones if row[0] in ("陈先生", "王女士")][:1]
    assert ("王女士", "138****1111") in [row[:2] for row in phones]
    assert not any("13800001111" in str(cell) for row in phones for cell in row)
    assert (home.outbox / "2026-11-09" / "派单结算" / "2026-W45.xlsx").exists()
