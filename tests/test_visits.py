"""Visits to clients (A1): the plan of a salesman's trips and the reports of them, as offices really write them."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.layout.lexicon import lexicons
from pipeline.read_rules import read_rules
from pipeline.recognise import recognise
from pipeline.rulebook.words import Vocabulary
from pipeline.validate import validate
from tests.readings import Read
from tests.sheets import book, grid
from tests.spoilt import copied, refusal

PLAN = (
    "| <9 华东大区2026年11月客户拜访计划书 |",
    "| 编号 | 'BF-2026-11 | 部门 | 销售二部 | 业务员 | 周敏 | 日期 | 46322 | |",
    "| <9 每周五下班前交销售部经理 |",
    "| 项次 | 公司名称 | 客户姓名/联系人 | 手机 | 拜访时间 | 拜访形式 | 拜访目的 | 电话预约 | 客户状况 |",
)
REPORTS = (
    "| <10 拜访登记表(11月) |",
    "| 序号 | 走访日期 | 业务员 | 客户 | 受访人/职务 | 目的 | 洽谈内容 | 达成共识/结果 | 跟进事项 | 是否达到预期效果 |",
)
CARD = (
    "| <4 客户拜访报告 |",
    "| 拜访日期 | '2026年11月4日 | 拜访人 | 周敏 |",
    "| 客户名称 | 宏达汽贸 | 受访人/职务 | 张伟 经理、刘洋 店长 |",
    "| 目的 | 合同、催款 | 约定时间 | '9:30 |",
    "| 到达时间 | '9:15 | 离开时间 | '10:40 |",
    "| 拜访内容 | <3 谈了明年的合同 |",
    "| 拜访结果 | <3 同意月底付清 |",
    "| 后续事项 | 送样车 | 承诺期限 | '11.20 |",
    "| 有效否 | 有效 | 主管意见 | |",
)


@pytest.fixture
def read(rules):
    return lambda *lines: Read(rules, book(grid(*lines)))


def slips(rules, read: Read) -> list[tuple[str, str, str]]:
    found = validate([("a.xlsx", record) for record in read.records], rules, date(2026, 11, 30))
    return [(finding.code, finding.level, finding.cell) for finding in (*read.findings, *found)]


@pytest.mark.parametrize(("lines", "form"), [(PLAN, "visit_plan"), (REPORTS, "visit_report"), (CARD, "visit_report")])
def test_plans_and_reports_are_told_apart_from_each_other_and_from_every_other_form(rules, lines, form):
    (match,) = recognise(book(grid(*lines)), rules, lexicons(rules))

    assert (form, ()) == (match.form, match.rivals)


def test_a_plan_in_the_office_s_own_words_is_read_with_days_that_show_as_serials(read):
    result = read(
        *PLAN,
        "| 1 | 宏达汽贸 | 张伟 | 13800001111 | 46331 | 上门 | 合同、催款 | 46329 | 老客户 |",
        "| 2 | 永盛商行 | 刘洋 | | '11月6日 | 电话拜访 | 推广/巡店 | | |",
        "| 合计 | 2家 | | | | | | | |",
    )

    assert [] == result.findings
    assert [
        ("周敏", "宏达汽贸", "张伟", "13800001111", date(2026, 11, 5), "on_site", "collection、contract", date(2026, 11, 3)),
        ("周敏", "永盛商行", "刘洋", None, date(2026, 11, 6), "phone", "promotion、terminal_check", None),
    ] == result.told("visitor", "client_name", "contact_name", "phone", "planned_on", "method", "purposes", "booked_on")  # fmt: skip
    assert [("BF-2026-11", date(2026, 10, 27), "销售二部")] * 2 == result.told("plan_no", "made_on", "department")


def test_a_plan_that_names_no_client_day_or_visitor_is_held_and_one_without_purpose_is_asked_about(rules, read):
    nameless = (PLAN[0], "| 编号 | 'BF-2026-11 | 部门 | 销售二部 | 业务员 | | 日期 | 46322 | |", *PLAN[2:])
    result = read(*PLAN, "| 1 | | 张伟 | | 46331 | 上门 | 合同 | | |", "| 2 | 永盛商行 | 刘洋 | | | | | | |")
    unsigned = read(*nameless, "| 1 | 宏达汽贸 | 张伟 | | 46331 | 上门 | 合同 | | |")

    assert [("missing", "error", "B5"), ("missing", "error", "E6"), ("missing", "warning", "G6")] == slips(
        rules, result
    )
    assert [("missing", "error")] == [slip[:2] for slip in slips(rules, unsigned)]


def test_a_purpose_nobody_taught_is_asked_about_and_one_line_in_the_vocabulary_teaches_it(rules, read):
    row = "| 1 | 宏达汽贸 | 张伟 | | 46331 | 上门 | 合同、年会邀请 | | |"
    (asked,) = read(*PLAN, row).findings
    words = rules.vocabulary["visit_purposes"]
    more = Vocabulary(words={**words.words, "invitation": ("年会邀请",)})
    taught = rules.model_copy(update={"vocabulary": {**rules.vocabulary, "visit_purposes": more}})

    assert ("word.unknown", "error", "G5") == (asked.code, asked.level, asked.cell)
    assert "年会邀请" in asked.say
    assert [("contract、invitation",)] == Read(taught, book(grid(*PLAN, row))).told("purposes")


def test_the_eleven_purposes_of_the_article_and_other_are_known(rules):
    named = "新品推广 店招争夺 活动组织 网点开发 售后服务 卖手培训 应收催付 关系拓展 异议处理 合同谈判 市场了解 其他"
    words = rules.vocabulary["visit_purposes"]

    assert 12 == len({words.code(name) for name in named.split()} - {None})


def test_an_appointment_made_after_the_visit_is_asked_about_and_the_plan_is_taken(rules, read):
    result = read(*PLAN, "| 1 | 宏达汽贸 | 张伟 | | 46331 | 上门 | 合同 | 46335 | |")

    assert [("visit_plan.booked-after-visit", "warning", "H5")] == slips(rules, result)


def test_a_month_of_reports_is_read_row_by_row_with_valid_invalid_and_undecided(read):
    result = read(
        *REPORTS,
        "| 1 | 46331 | 周敏 | 宏达汽贸 | 张伟 经理 | 催款 | 谈货款 | 月底付清 | 送样车 | √ |",
        "| 2 | | | 永盛商行 | 刘洋 | 其他 | 看门头 | 没见到人 | 无 | 否 |",
        "| 3 | 46332 | 周敏 | 金海公司 | 孙丽 | 市调 | 了解销量 | 拿到数据 | | |",
    )

    assert [] == result.findings
    assert [
        (date(2026, 11, 5), "周敏", "宏达汽贸", "张伟 经理", "collection", "送样车", "yes"),
        (date(2026, 11, 5), "周敏", "永盛商行", "刘洋", "other", "无", "no"),
        (date(2026, 11, 6), "周敏", "金海公司", "孙丽", "market", None, None),
    ] == result.told("visited_on", "visitor", "client_name", "hosts", "purposes", "promise", "valid")


def test_a_report_on_a_card_says_the_same_as_a_row(read):
    (told,) = read(*CARD).told(
        "visited_on", "visitor", "client_name", "hosts", "purposes", "agreed_at", "arrived_at", "left_at", "outcome",
        "promise", "promise_due_on", "valid",
    )  # fmt: skip

    assert (
        date(2026, 11, 4), "周敏", "宏达汽贸", "张伟 经理、刘洋 店长", "collection、contract", "09:30", "09:15", "10:40", "同意月底付清",
        "送样车", date(2026, 11, 20), "yes",
    ) == told  # fmt: skip


def test_a_report_of_tomorrow_is_held_and_one_left_half_blank_is_taken_with_a_warning(rules, read):
    result = read(
        *REPORTS,
        "| 1 | '2026-12-05 | 周敏 | 宏达汽贸 | 张伟 | 催款 | 谈货款 | 月底付清 | | |",
        "| 2 | '2026-11-05 | 周敏 | 永盛商行 | | | 看门头 | | | |",
    )

    assert [
        ("visit_report.future", "error", "B3"), ("missing", "warning", "E4"), ("missing", "warning", "F4"), ("missing", "warning", "H4"),
    ] == slips(rules, result)  # fmt: skip


# what is misspelt, its key, what is said
SLIPS = {
    "a purpose": ("except_purposes: [promotion,", "except_purposes: [promotoin,", "appointment.except_purposes.0", "没有「promotoin」这个代码(visit_purposes 里)"),
    "a role": ("except_roles: [promotion,", "except_roles: [promotoin,", "appointment.except_roles.0", "没有「promotoin」这个代码(visitor_role 里)"),
    "a column": ("complete: [hosts,", "complete: [host,", "complete.0", "没有「host」这个列(visit_report 里)"),
    "a share": ("share: 0.1", "share: 10", "spot_check.share", "不能大于 1"),
    "days": ("days_before: 2", "days_before: -2", "appointment.days_before", "不能小于 0"),
    "a key": ("moved_days:", "move_days:", "move_days", "不认识「move_days」"),
}  # fmt: skip


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_in_the_rules_of_visits_is_told_with_its_key(tmp_path, slip):
    old, new, key, said = SLIPS[slip]
    problems = refusal(copied(tmp_path), ("visits.yaml", old, new))

    assert [("rules/visits.yaml", key)] == [(each.file, each.key) for each in problems]
    assert said in problems[0].message


def test_a_home_made_before_there_were_visits_goes_on_without_their_rules(tmp_path):
    home = copied(tmp_path)
    (home / "visits.yaml").unlink()

    assert 2 == read_rules(home).visits.appointment.days_before
