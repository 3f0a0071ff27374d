"""The five outreach forms, known by YAML alone: sign-ins, leads, settlements, receipts, booths, in the offices' own words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from pipeline.layout.lexicon import lexicons
from pipeline.recognise import recognise
from pipeline.validate import validate
from tests.readings import Read
from tests.sheets import book, grid
from tests.spoilt import copied, refusal

Reader = Callable[..., Read]
SIGN_INS = (
    "| <11 XX店外拓兼职人员考勤表 |",
    "| 日期 | '2026年11月2日 | | 带队人 | 周敏 | | | | | | |",
    "| 编号 | 学生姓名 | 院校 | 手机 | 身份证号码 | 上岗时间 | 下岗时间 | 派单区域 | 派单量 | 有效留电 | 备注 |",
)
LEADS = (
    "| <5 兼职留电登记 |",
    "| 派单员 | 张三丰 | 地点 | 春熙路 | 日期 | '2026.11.2 |",
    "| 序号 | 称呼 | 留电 | 客户情况 | 回访销售 |",
)
SETTLEMENT = (
    "| <13 11月第一周兼职工资结算表 |",
    "| 结算周期 | '2026.11.2-2026.11.8 |",
    "| 序号 | 姓名 | <7 出勤天数 | 单价 | 提成 | 扣款 | 应发工资 |",
    "| ^ | ^ | 一 | 二 | 三 | 四 | 五 | 六 | 日 | ^ | ^ | ^ | ^ |",
)
RECEIPTS = (
    "| <6 兼职工资领取表 |",
    "| 结算周期 | '2026年11月2日至11月8日 |",
    "| 序号 | 领款人 | 身份证号码 | 实领金额 | 领取时间 | 签字 |",
)
BOOTHS = (
    "| <9 外展点三表两卡统计 |",
    "| 日期 | '2026-11-07 |",
    "| 序号 | 展点名称 | 点长 | 值守人员 | 时段 | 参展车辆 | 宣传单 | 三表 | 两卡 |",
)
HEADS = {
    "parttime_signin": SIGN_INS, "outreach_lead": LEADS, "wage_settlement": SETTLEMENT, "wage_receipt": RECEIPTS, "booth_daily": BOOTHS,
}  # fmt: skip


@pytest.fixture
def read(rules) -> Reader:
    return lambda *lines: Read(rules, book(grid(*lines)))


def said(rules, read: Read) -> list[tuple[str, str, str]]:
    found = validate([("a.xlsx", record) for record in read.records], rules, date(2026, 11, 30))
    return [(finding.code, finding.level, finding.cell) for finding in (*read.findings, *found)]


@pytest.mark.parametrize("form", HEADS)
def test_each_outreach_form_is_known_in_other_words_and_without_its_title(rules, form):
    titled, bare = (
        recognise(book(grid(*lines)), rules, lexicons(rules))[0] for lines in (HEADS[form], HEADS[form][1:])
    )

    assert (form, (), form, ()) == (titled.form, titled.rivals, bare.form, bare.rivals)


def test_sign_ins_of_a_day_are_read_with_times_and_counts_as_people_write_them(rules, read):
    result = read(
        *SIGN_INS,
        "| 1 | 张三丰 | 川大 | 13800001111 | '510105199901011234 | 9:00 | '17：30 | 春熙路 | 300份 | 5个 | |",
        "| 2 | 李四光 | 川大 | '138-0000-2222 | | 9点半 | | 春熙路 | 约200 | | 先走 |",
        "| 合计 | | | | | | | | 500 | 5 | |",
        "| 负责人签字: | | | | | | | | | | |",
    )

    day = date(2026, 11, 2)
    assert [
        (day, "周敏", "张三丰", "13800001111", "510105199901011234", "09:00", "17:30", "春熙路", 300, 5),
        (day, "周敏", "李四光", "13800002222", None, "09:30", None, "春熙路", 200, None),
    ] == result.told(
        "signed_on", "leader", "worker", "phone", "id_no", "arrived_at", "left_at", "place", "handed_out", "phones_left"
    )
    assert [("missing", "warning", "G5"), ("missing", "warning", "J5")] == said(rules, result)


def test_a_sign_out_before_the_sign_in_is_held_and_so_is_a_row_without_a_name(rules, read):
    result = read(
        *SIGN_INS, "| 1 | 张三丰 | | | | 10:00 | 9:00 | 春熙路 | | 2 | |", "| 2 | | | | | 9:00 | 17:00 | | | 2 | |"
    )

    assert [("missing", "error", "B5"), ("parttime_signin.leaves-before-arriving", "error", "G4")] == sorted(
        said(rules, result)
    )


def test_two_leaders_lists_of_one_day_take_nothing_back_from_each_other(read):
    row = "| 1 | 张三丰 | | | | 9:00 | 17:00 | 春熙路 | | 2 | |"
    other = tuple(line.replace("周敏", "孙丽") for line in SIGN_INS)

    assert read(*SIGN_INS, row).records[0].scope != read(*other, row).records[0].scope


def test_a_lead_is_who_left_a_phone_with_whom_where_and_when(rules, read):
    result = read(*LEADS, "| 1 | 王女士 | '139 0000 1111 | 想看SUV,下周有空 | 李明 |", "| 2 | 赵先生 | 不愿留 | | |")

    assert [
        (date(2026, 11, 2), "春熙路", "王女士", "13900001111", "想看SUV,下周有空", "张三丰", "李明", None),
        (date(2026, 11, 2), "春熙路", "赵先生", None, None, "张三丰", None, "不愿留"),
    ] == result.told("met_on", "place", "customer_name", "phone", "description", "recorder", "consultant", "note")
    assert [] == said(rules, result)


def test_a_lead_whose_phone_lacks_a_digit_is_held_and_one_without_any_only_asked_about(rules, read):
    result = read(*LEADS, "| 1 | 王女士 | '1390000111 | | |", "| 2 | 赵先生 | | | |")

    assert [("phone.wrong-length", "error", "C4"), ("lead.no-phone", "warning", "C5")] == said(rules, result)


def test_a_settlement_counts_ticks_halves_and_days_off(rules, read):
    result = read(
        *SETTLEMENT,
        "| 1 | 张三丰 | √ | √ | 半天 | | 1 | 休 | 0.5 | 80元 | 25 | | '240.00 |",
        "| 2 | 李四光 | √ | | | | | | | 80 | | 20 | ￥60 |",
        "| 合计 | | | | | | | | | | | | 300 |",
        "| 拓展经理: | | | | | | | | | | | | |",
    )

    week = (date(2026, 11, 2), date(2026, 11, 8))
    assert [
        (*week, "张三丰", 1, 1, 0.5, None, 1, 0, 0.5, 80, 25, None, 240),
        (*week, "李四光", 1, None, None, None, None, None, None, 80, None, 20, 60),
    ] == result.told(
        "week_from", "week_to", "worker", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
        "day_pay", "commission", "deduction", "payable",
    )  # fmt: skip
    assert [] == said(rules, result)


def test_a_settlement_without_its_week_is_held_and_a_word_for_a_day_nobody_taught_is_asked_about(rules, read):
    result = read(SETTLEMENT[0], *SETTLEMENT[2:], "| 1 | 张三丰 | 看情况 | | | | | | | 80 | | | 80 |")

    assert [("number.unreadable", "error"), ("column.missing", "error")] == [each[:2] for each in said(rules, result)]


def test_a_receipt_says_who_got_how_much_of_which_week(rules, read):
    result = read(
        *RECEIPTS,
        "| 1 | 张三丰 | '510105199901011234 | ￥240.00 | '11月9日 | 张三丰 |",
        "| 2 | 李四光 | 510105199901011234 | 60元 | | |",
    )

    assert [
        (date(2026, 11, 2), "张三丰", "510105199901011234", 240, date(2026, 11, 9), "张三丰"),
        (date(2026, 11, 2), "李四光", None, 60, None, None),
    ] == result.told("week_from", "worker", "id_no", "amount", "received_on", "signed")
    assert [("cell.precision-lost", "warning", "C5")] == said(rules, result)


def test_receipts_without_a_week_are_taken_with_a_question(rules, read):
    result = read(RECEIPTS[0], RECEIPTS[2], "| 1 | 张三丰 | | 240 | '2026-11-09 | 张三丰 |")

    assert [(None, date(2026, 11, 9))] == result.told("week_from", "received_on")
    assert [("column.missing", "warning")] == [each[:2] for each in said(rules, result)]


def test_a_booth_reports_who_stood_there_and_the_forms_and_cards_filled(rules, read):
    result = read(*BOOTHS, "| 1 | 万达广场 | 周敏 | 张三、李四 | '9:00—16:00 | X5一台 | 300张 | 3 | 12张 |")

    assert [(date(2026, 11, 7), "万达广场", "周敏", "张三、李四", "09:00", "16:00", "300张", 3, 12)] == result.told(
        "held_on", "place", "leader", "staff", "started_at", "ended_at", "leaflets", "form_sheets", "cards"
    )
    assert [] == said(rules, result)


@pytest.mark.parametrize("shift", ["16:00—09:00分", "16:00-09:00", "下午4点至上午9点"])
def test_a_shift_that_ends_before_it_starts_is_held_and_never_taken_for_a_night(rules, read, shift):
    result = read(*BOOTHS, f"| 1 | 万达广场 | 周敏 | 张三、李四 | '{shift} | | | 3 | 12 |")

    assert [("time.range-reversed", "error", "E4")] == said(rules, result)


def test_a_shift_in_two_columns_is_held_to_the_same(rules, read):
    head = "| 展点 | 负责人 | 人员1 | 人员2 | 开始时间 | 结束时间 | 来店登记表 | 推进表 | 日报表 | 意向卡 |"
    result = read(BOOTHS[1], head, "| 万达广场 | 周敏 | 张三 | 李四 | 16:00 | 9:00 | 1 | 1 | 2 | 8 |")

    assert [("张三", "李四", 1, 1, 2, 8)] == result.told(
        "staff", "staff_two", "registers", "trackers", "dailies", "back_cards"
    )
    assert [("booth_daily.ends-before-starting", "error", "F3")] == said(rules, result)


def test_words_for_a_number_must_stand_for_numbers(tmp_path):
    told = refusal(copied(tmp_path), ("vocabulary.yaml", '    "0.5": [半天', "    half: [半天"))

    assert "parts.workers.fields.monday.words" in {problem.key for problem in told}
    assert {"词表 day_worked 的「half」不是数字,数字栏用的词表代码都要是数字"} == {problem.message for problem in told}
