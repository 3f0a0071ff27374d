"""Files lent out: a lending book in an office's own words, from its messy rows to the list of those not brought back."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from openpyxl import load_workbook

from pipeline.layout.lexicon import lexicons
from pipeline.recognise import recognise
from pipeline.values.meant import Meant
from pipeline.values.terms import read_term
from tests.nights import run, verdicts
from tests.readings import Read
from tests.sheets import book, grid
from tests.workbooks import drop, new_home, xlsx

HEAD = (
    "| <12 客户档案借阅台账(2026年) |",
    "| <12 借出一份登记一行,不得转借 |",
    "| NO | 借出日期 | 案卷题名 | 卷号 | 保密等级 | 借用人 | 借阅部门 | 联系电话 | 借阅目的 | 借阅期限 | 归还日期 | 批准人 |",
)
ROWS = (
    "| 1 | 2026.11.2 | 甲公司客户档案 | 'A-001 | 机密 | 周 敏 | 财务部 | '138-0000-1111 | 对账 | 3天 | | 郑总 |",
    "| 2 | '11/3 | 乙公司客户档案 | 7 | 普通 | 孙丽 | 销售部 | 13800002222 | 回访 | 一周内 | 11月5日 | 郑总 |",
    "| 3 | 二〇二六年十一月四日 | 丙公司客户档案 | 'A-003 | 内部资料 | 钱进 | 〃 | / | 年审 | '2026-11-20 | | 郑总 |",
    "| 4 | | | | | | | | | | | |",
    "| <11 合计:3 份 | |",
    "| 档案管理员:吴昊 | | | | | | | | | | | |",
)


@pytest.fixture
def read(rules):
    return lambda *rows: Read(rules, book(grid(*HEAD, *rows), path="档案借阅台账.xlsx"))


def test_a_lending_book_in_the_office_s_own_words_is_read(read):
    result = read(*ROWS)

    assert [] == result.said()
    assert [
        (date(2026, 11, 2), "周敏", "财务部", "13800001111", "A-001", "confidential", date(2026, 11, 5), None),
        (date(2026, 11, 3), "孙丽", "销售部", "13800002222", "7", "open_file", date(2026, 11, 10), date(2026, 11, 5)),
        (date(2026, 11, 4), "钱进", "销售部", None, "A-003", "internal", date(2026, 11, 20), None),
    ] == result.told("lent_on", "borrower", "department", "phone", "file_no", "secrecy", "due_on", "returned_on")


def test_a_lending_book_is_no_other_form(rules):
    (match,) = recognise(book(grid(*HEAD, *ROWS)), rules, lexicons(rules))

    assert ("file_loan", ()) == (match.form, match.rivals)


def test_a_secret_file_without_approval_is_held_and_an_ordinary_one_only_asked_about(read):
    result = read(
        "| 1 | '2026-11-02 | 甲公司 | | 绝密 | 周敏 | | | | 3天 | | |",
        "| 2 | '2026-11-02 | 乙公司 | | 普通 | 周敏 | | | | 3天 | | |",
    )

    assert [
        ("missing", "warning", "L4"),
        ("file_loan.secret-unapproved", "error", "L4"),
        ("missing", "warning", "L5"),
    ] == sorted(result.said(), key=lambda slip: (slip[2], slip[1] == "error"))


def test_a_loan_without_an_end_with_one_nobody_can_count_or_one_before_it_began_is_held(read):
    result = read(
        "| 1 | '2026-11-02 | 甲公司 | | | 周敏 | | | | | | 郑总 |",
        "| 2 | '2026-11-02 | 乙公司 | | | 周敏 | | | | 一个月 | | 郑总 |",
        "| 3 | '2026-11-02 | 丙公司 | | | 周敏 | | | | '2026-11-01 | | 郑总 |",
        "| 4 | '2026-11-02 | 丁公司 | | | 周敏 | | | | 3天 | '2026-12-05 | 郑总 |",
    )

    assert {
        ("missing", "error", "J4"), ("date.unreadable", "error", "J5"), ("file_loan.due-before-lent", "error", "J6"),
        ("file_loan.not-back-yet", "error", "K7"),
    } == set(result.said())  # fmt: skip


@pytest.mark.parametrize(
    ("written", "day"),
    [("3天", 5), ("３ 天内", 5), ("三日", 5), ("一周", 9), ("2个星期", 16), ("当天", 2), ("一个月", None), (7.0, None), ("月底", None)],
)  # fmt: skip
def test_days_and_weeks_are_counted_from_the_day_of_the_loan_and_months_are_not(written, day):
    assert (Meant(date(2026, 11, day)) if day else None) == read_term(written, date(2026, 11, 2))


def test_a_stretch_of_days_from_no_day_is_no_date():
    assert read_term("3天", None) is None


def test_the_morning_after_names_the_file_that_should_be_back_and_masks_the_phone(tmp_path):
    home = new_home(tmp_path / "home")
    sheet: list[list[Any]] = [
        ["档案借阅登记表"],
        ["借阅日期", "借阅人", "档案名称", "密级", "联系方式", "借阅期限", "实际归还日期", "审批人"],
        ["2026-11-02", "周敏", "甲公司客户档案", "机密", "13800001111", "2天", None, "郑总"],
        ["2026-11-03", "孙丽", "乙公司客户档案", "普通", "13800002222", "2天", "2026-11-04", "郑总"],
    ]
    drop(home, "借阅.xlsx", xlsx({"2026": sheet}))

    assert {"借阅.xlsx": "accepted"} == verdicts(run(home))
    cells = [
        tuple("" if value is None else str(value) for value in row)
        for row in load_workbook(home.outbox / "2026-11-05" / "其他台账.xlsx")["档案借阅"].iter_rows(values_only=True)
    ]
    due = next(row for row in cells if "归还档案" in row)
    assert ("周敏 甲公司客户档案", "1", "已逾期 1 天") == (due[2], due[4], due[5])
    assert ["138****2222", "138****1111"] == [value for row in cells for value in row if "****" in value]
