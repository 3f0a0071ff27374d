"""其他台账 › 客户拜访: plans against reports, promises nobody answered, visits that do not count, the sample to check."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.ledgers import rows_of_kind
from pipeline.reports.registers import build
from pipeline.reports.registers_visits_fold import Visit, drawn, visits
from pipeline.rulebook.visits import SpotCheck
from tests.told import view

HEAD = "visitor | client_name | planned_on | purposes | booked_on | looked_up_on | visitor_role | period | agreed_at"
SEEN = "visitor | client_name | visited_on | period | arrived_at | hosts | purposes | content | outcome | answer | promise | promise_due_on | valid | agreed_at"  # fmt: skip


def plan(line: str) -> str:
    """Draw one plan; cells left out at the end are blank."""
    return padded(line, HEAD)


def seen(line: str) -> str:
    """Draw one report; cells left out at the end are blank."""
    return padded(line, SEEN)


def padded(line: str, head: str) -> str:
    cells = line.split("|")
    return "|".join([*cells, *[""] * (head.count("|") + 1 - len(cells))])


def told(rules, on: str, plans: list[str] | None = None, reports: list[str] | None = None):
    tables = {}
    if plans:
        tables["visit_plan"] = "\n".join([HEAD, *map(plan, plans)])
    if reports:
        tables["visit_report"] = "\n".join([SEEN, *map(seen, reports)])
    return build(view(rules, on, **tables), rules)


def rows(report, sheet: str, *columns: str, table: str = "") -> list[tuple[str, ...]]:
    """Return these columns of a sheet's table as texts, the first one's where none is named."""
    (found,) = [each for each in report.sheets if each.name == sheet]
    one = next(each for each in found.tables if not table or each.name == table)
    places = [[column.name for column in one.columns].index(name) for name in columns]
    return [tuple("" if row[place] is None else str(row[place]) for place in places) for row in one.rows]


def test_each_plan_finds_its_report_on_the_day_or_near_it_and_what_nobody_planned_is_told(rules):
    report = told(
        rules,
        "11-10",
        ["周敏 | 宏达 | 11-02", "周敏 | 永盛 | 11-03", "周敏 | 金海 | 11-04", "周敏 | 新港 | 11-10", "周敏 | 大通 | 11-20"],
        ["周敏 | 宏 达 | 11-02", "周敏 | 永盛 | 11-06", "周敏 | 百川 | 11-06"],
    )  # fmt: skip

    assert [
        ("金海", "2026-11-04", "", "未执行"),
        ("新港", "2026-11-10", "", "待报告"),
        ("大通", "2026-11-20", "", "未到日子"),
        ("百川", "", "2026-11-06", "计划外"),
        ("永盛", "2026-11-03", "2026-11-06", "改期"),
        ("宏 达", "2026-11-02", "2026-11-02", "按计划"),
    ] == rows(report, "计划与实际", "客户", "计划日期", "实际日期", "情况")
    assert [("周敏", "1", "1", "1", "1", "1", str(2 / 3))] == rows(
        report, "计划与实际", "拜访人", "按计划", "改期", "未执行", "待报告", "计划外", "执行率", table="按拜访人"
    )


def test_one_visit_answers_one_plan_and_the_plan_of_its_own_day_comes_first(rules):
    report = told(rules, "11-10", ["周敏 | 宏达 | 11-02", "周敏 | 宏达 | 11-04"], ["周敏 | 宏达 | 11-04"])

    assert [("2026-11-02", "未执行"), ("2026-11-04", "按计划")] == rows(report, "计划与实际", "计划日期", "情况")


def test_a_visit_too_far_from_its_plan_or_another_s_or_another_branch_s_answers_nothing(rules):
    report = told(
        rules,
        "11-20",
        ["周敏 | 宏达(东店) | 11-02", "周敏 | 永盛 | 11-02"],
        ["周敏 | 永盛 | 11-10", "孙丽 | 永盛 | 11-02", "周敏 | 宏达(西店) | 11-02"],
    )

    assert {"未执行": 2, "计划外": 3} == {
        state: sum(state == each for (each,) in rows(report, "计划与实际", "情况")) for state in ("未执行", "计划外")
    }


def test_a_client_is_rung_up_two_days_before_except_for_promotion_and_checks_of_outlets(rules):
    report = told(
        rules,
        "11-20",
        [
            "周敏 | 甲 | 11-05 | contract | 11-03",
            "周敏 | 乙 | 11-05 | contract | 11-04",
            "周敏 | 丙 | 11-05 | contract | 11-05",
            "周敏 | 丁 | 11-05 | promotion、terminal_check",
            "周敏 | 戊 | 11-05 | contract、promotion",
            "孙丽 | 己 | 11-05 | contract | | | terminal_check",
            "周敏 | 庚 | 11-05",
        ],
    )

    assert {
        ("甲", "提前 2 天"), ("乙", "只提前 1 天"), ("丙", "当天才约"), ("丁", "不用约"), ("戊", "没写预约"), ("己", "不用约"), ("庚", "没写预约"),
    } == set(rows(report, "计划与实际", "客户", "预约"))  # fmt: skip


def test_what_is_due_before_and_after_a_visit_leads_the_sheet_the_longest_overdue_first(rules):
    report = told(
        rules,
        "11-10",
        ["周敏 | 没去 | 11-06 | contract", "周敏 | 今天 | 11-10 | contract", "周敏 | 后天 | 11-12 | contract", "周敏 | 大后天 | 11-13 | contract",
         "周敏 | 老客户 | 11-11 | contract | 11-08", "周敏 | 新客户 | 11-11 | contract | 11-08", "周敏 | 很远 | 11-18 | contract"],
        ["孙丽 | 老客户 | 11-01"],
    )  # fmt: skip

    assert [
        ("交拜访报告", "没去", "2026-11-07", "3"),
        ("电话预约", "今天", "2026-11-08", "2"),
        ("电话预约", "后天", "2026-11-10", "0"),
        ("看上次拜访记录", "老客户", "2026-11-10", "0"),
        ("电话预约", "大后天", "2026-11-11", "0"),
    ] == rows(report, "客户拜访", "事项", "客户", "到期日", "逾期天数")
    assert {"客户拜访": 2} == report.figures
    assert ["到期与逾期", "近日拜访:上次的记录"] == [t.name for t in report.sheets[0].tables]
    assert ["拜访计划", "拜访报告"] == [t.name for t in report.sheets[-1].tables]


def test_before_a_visit_the_last_one_is_told_whoever_went(rules):
    report = told(
        rules,
        "11-10",
        ["周敏 | 宏达 | 11-11", "周敏 | 永盛 | 11-12", "周敏 | 远 | 11-13"],
        ["周敏 | 宏达 | 10-01 | | | 老张 | | | 没谈成", "孙丽 | 宏达 | 11-01 | | | 张伟 | | | 月底付清,电话13800001111 | | 送样车"],
    )  # fmt: skip

    assert [("宏达", "2026-11-01", "张伟", "月底付清,电话138****1111", "送样车"), ("永盛", "", "", "", "")] == rows(
        report, "客户拜访", "客户", "上次拜访", "上次见了谁", "上次结果", "上次答应的", table="近日拜访:上次的记录"
    )


def test_several_people_seen_at_one_client_in_one_visit_are_one_report(rules):
    report = told(
        rules,
        "11-10",
        None,
        ["周敏 | 宏达 | 11-05 | morning | | 张伟 | contract | 谈合同 | 同意 | | | | yes", "周敏 | 宏达 | 11-05 | | 09:30 | 刘洋 | collection | 催款 | 月底付",
         "周敏 | 宏达 | 11-05 | afternoon | | 张伟 | contract | 签合同 | 签了 | | | | yes", "孙丽 | 宏达 | 11-05 | morning | | 张伟"],
    )  # fmt: skip

    assert {("孙丽", "张伟", ""), ("周敏", "张伟", "合同谈判"), ("周敏", "张伟、刘洋", "合同谈判、应收催付")} == set(
        rows(report, "计划与实际", "拜访人", "受访人", "目的")
    )
    assert [("周敏", "2", "2"), ("孙丽", "1", "0")] == sorted(
        rows(report, "计划与实际", "拜访人", "计划外", "有效", table="按拜访人")
    )


def test_a_promise_is_owed_until_the_next_visit_answers_it_and_overdue_from_the_one_that_does_not(rules):
    report = told(
        rules,
        "11-20",
        None,
        [
            "周敏 | 答了 | 11-02 | | | | | | | | 送样车",
            "周敏 | 答了 | 11-09 | | | | | | | 样车已送",
            "周敏 | 没答 | 11-02 | | | | | | | | 查返利",
            "孙丽 | 没答 | 11-09 | | | | | | | / | 无",
            "周敏 | 过期 | 11-02 | | | | | | | | 发资料 | 11-10",
            "周敏 | 等着 | 11-02 | | | | | | | | 报价 | 11-20",
            "周敏 | 无事 | 11-02 | | | | | | | | 无",
            "周敏 | 晚答 | 11-02 | | | | | | | | 修门头",
            "周敏 | 晚答 | 11-05",
            "周敏 | 晚答 | 11-09 | | | | | | | 修好了",
            "周敏 | 又应 | 11-02 | | | | | | | | 旧事",
            "周敏 | 又应 | 11-05 | | | | | | | | 新事",
            "周敏 | 又应 | 11-09 | | | | | | | 新事办了",
        ],
    )

    assert [
        ("又应", "旧事", "15", "11-05 周敏再去时没有答复"),
        ("没答", "查返利", "11", "11-09 孙丽再去时没有答复"),
        ("过期", "发资料", "10", "过了期限,还没有再去答复"),
        ("等着", "报价", "0", "等下一次拜访答复"),
    ] == rows(report, "未兑现承诺", "客户", "答应的事", "逾期天数", "情况")
    assert {"未兑现承诺": 3} == report.figures


def test_a_visit_counts_when_it_is_filled_in_and_reached_what_was_expected_and_blank_is_undecided(rules):
    whole = "| | | 张伟 | contract | 谈合同 | 同意"
    report = told(
        rules,
        "11-10",
        None,
        [f"周敏 | 有效 | 11-05 {whole} | | | | yes", f"周敏 | 无效 | 11-05 {whole} | | | | no", f"周敏 | 未定 | 11-05 {whole}",
         "周敏 | 缺 | 11-05 | | | 张伟 | contract | 谈合同 | | | | | yes", "周敏 | 空 | 11-04"],
    )  # fmt: skip

    assert [
        ("无效", "无效", ""), ("缺", "不完整", "达成共识/结果"), ("空", "不完整", "受访人、拜访目的、拜访内容、达成共识/结果"), ("未定", "未定", ""),
    ] == rows(report, "无效拜访", "客户", "判定", "没有写的")  # fmt: skip
    assert [("1", "1", "2", "1", "0.2")] == rows(
        report, "计划与实际", "有效", "无效", "不完整", "未定", "有效率", table="按拜访人"
    )


@pytest.mark.parametrize(
    ("agreed", "came", "said"),
    [
        ("09:30", "09:20", "提前 10 分钟"),
        ("09:30", "09:21", "只提前 9 分钟"),
        ("09:30", "09:42", "晚 12 分钟"),
        ("", "09:42", ""),
    ],
)
def test_who_comes_less_than_ten_minutes_early_is_told(rules, agreed, came, said):
    own = told(rules, "11-10", None, [f"周敏 | 宏达 | 11-05 | | {came} | | | | | | | | | {agreed}"])
    planned = told(rules, "11-10", [f"周敏 | 宏达 | 11-05 | | | | | | {agreed}"], [f"周敏 | 宏达 | 11-05 | | {came}"])

    assert [(said,)] == rows(own, "计划与实际", "到达") == rows(planned, "计划与实际", "到达")


def month(rules, *days: int) -> list[Visit]:
    lines = [SEEN, *(seen(f"周敏 | 客户{day} | 11-{day:02}") for day in days)]
    return visits(rows_of_kind(view(rules, "11-30", visit_report="\n".join(lines)), "visit_report"), date(2026, 11, 30))


def test_the_sample_is_a_tenth_of_the_month_and_the_same_however_the_reports_came_in(rules):
    check = SpotCheck(share=0.1, least=1, seed="抽查")
    first = [visit.client for _, visit in drawn(month(rules, *range(1, 31)), check)]
    again = [visit.client for _, visit in drawn(month(rules, *range(30, 0, -1)), check)]
    other = [visit.client for _, visit in drawn(month(rules, *range(1, 31)), SpotCheck(share=0.1, least=1, seed="另一批"))]  # fmt: skip

    assert 3 == len(first)
    assert first == again
    assert set(first) != set(other)


def test_over_many_months_everybody_is_drawn_about_as_often(rules):
    done = month(rules, *range(1, 31))
    counts = {visit.client: 0 for visit in done}
    for seed in range(200):
        for _, visit in drawn(done, SpotCheck(share=0.1, seed=str(seed))):
            counts[visit.client] += 1

    assert 600 == sum(counts.values())
    assert 8 < min(counts.values()) <= max(counts.values()) < 36


def test_a_month_of_few_visits_still_has_one_to_check_and_a_share_of_nothing_only_the_least(rules):
    assert 1 == len(drawn(month(rules, 1, 2), SpotCheck(share=0.1, least=1)))
    assert [] == drawn(month(rules, 1, 2), SpotCheck(share=0, least=0))
    assert 2 == len(drawn(month(rules, 1, 2), SpotCheck(share=1, least=9)))


def test_the_sheet_to_check_holds_last_month_and_this_one_with_room_for_the_answer(rules):
    report = told(rules, "11-10", None, ["周敏 | 九月 | 09-05", "周敏 | 十月 | 10-05", "周敏 | 十一月 | 11-05"])

    assert [("2026-11", "十一月", ""), ("2026-10", "十月", "")] == rows(report, "抽查", "月份", "客户", "抽查结果")


def test_where_no_plan_and_no_report_came_there_are_no_sheets_of_visits(rules):
    assert ["台账"] == [sheet.name for sheet in told(rules, "11-10").sheets]
