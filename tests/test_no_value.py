"""An error, a picture or a formula never computed is no value and no blank: it makes its row a row, and is told at its cell."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.examine import examine
from tests.readings import REGISTER, TRACKER, Read, register
from tests.sheets import book, grid


@pytest.fixture
def read(rules):
    return lambda *lines, **more: Read(rules, book(grid(*lines, **more)))


@pytest.mark.parametrize(("cell", "code"), [("!#N/A", "cell.error"), ("!uncached", "cell.uncached")])
def test_a_row_that_holds_nothing_but_an_error_is_a_row_and_says_so_once(rules, cell, code):
    drawn = grid("| 日期 | 2026-11-05 |", REGISTER, "| 1 | 王先生 | 未留 | | 9:20 | | 李明 | | |", f"| 2 | {cell} |")
    done = examine([book(drawn)], rules, date(2026, 11, 5)).submissions[0]

    assert ("partial", 1, 1) == (done.verdict, len(done.records), len(done.held))
    assert [(code, "B4")] == [(finding.code, finding.cell) for finding in done.findings if finding.level == "error"]


def test_the_error_itself_is_named(read):
    result = register(read, "| 1 | 王先生 | !#REF! | | 9:20 | | 李明 | | |")

    assert [("#REF!", "单元格是错误值 #REF!")] == [
        (finding.found, finding.say.split(":")[-1].split(" → ")[0]) for finding in result.findings
    ]


def test_numbered_lines_with_nothing_but_an_error_in_their_number_stay_blanks(read):
    assert () == register(read, "| !#REF! | | | | | | | | |").entries


def test_a_total_that_cannot_be_divided_is_still_a_total_35(read):
    result = register(read, "| 1 | 王先生 | 未留 | | 9:20 | | 李明 | | |", "| 合计 | !#DIV/0! | | | | | | | |")

    assert ([("王先生",)], []) == (result.told("customer_name"), result.slips())


def test_nothing_from_above_stands_in_for_an_error(read):
    head = "| 日期 | 客户姓名 | 电话 | 进店时间 | 销售顾问 | 备注 |"
    rows = ("| 2026-11-05 | 王先生 | 未留 | 9:30 | 李明 | 看车 |", "| !#N/A | 赵女士 | 未留 | 9:50 | 李明 | 看车 |")
    result = read("| 来店登记表 |", head, *rows)

    assert [(date(2026, 11, 5),), (None,)] == result.told("visited_on")
    assert [("cell.error", "error", "A4", 1)] == result.slips()


def test_an_error_in_the_title_block_is_not_replaced_by_the_sheet_s_name_or_a_word_further_on(read):
    row = "| 1 | 王先生 | 未留 | | 9:20 | | 李明 | | |"
    result = read("| 日期 | !#REF! | 2026-11-04 |", REGISTER, row, sheet="11月5日")

    assert [(None,)] == result.told("visited_on")
    assert [("cell.error", "B1")] == [(finding.code, finding.cell) for finding in result.findings]


def test_a_date_in_three_columns_with_an_error_in_one_is_told_at_that_one(read):
    head = "| 登记年 | 登记月 | 登记日 | 客户姓名 | 电话 | 到店时间 | 销售顾问 |"
    result = read("| 来店登记表 |", head, "| 2026 | !#N/A | 5 | 王先生 | 未留 | 9:30 | 李明 |")

    assert [(None,)] == result.told("visited_on")
    assert [("cell.error", "B3")] == [(finding.code, finding.cell) for finding in result.findings]


def test_a_round_of_a_tracker_that_shows_an_error_is_a_round(read):
    result = read(*TRACKER, "| 王先生 | 13800001111 | H | | !#VALUE! | | | | | | | |")

    assert 1 == len(result.told("done_on", kind="follow_up"))
    assert ("cell.error", "E4") in [(finding.code, finding.cell) for finding in result.findings]


@pytest.mark.parametrize("text", ["#N/A", "#DIV/0!", " #ref! "])
def test_the_text_of_an_error_is_no_name_35(read, text):
    result = register(read, f"| 1 | {text} | 未留 | | 9:20 | | 李明 | | |")

    assert [(None,)] == result.told("customer_name")
    assert [("cell.error", text.strip())] == [(finding.code, finding.found) for finding in result.findings]


@pytest.mark.parametrize("formula", ['=DISPIMG("ID_7C20",1)', '=_xlfn.DISPIMG("ID_7C20",1)'])
def test_a_picture_in_a_cell_is_no_value_and_is_called_a_picture_43(read, formula):
    result = register(read, f"| 1 | 王先生 | {formula} | | 9:20 | | 李明 | | {formula} |")

    assert [(None, None)] == result.told("phone", "note")
    assert [("cell.picture", "error", "C3"), ("cell.picture", "warning", "I3")] == [
        (finding.code, finding.level, finding.cell) for finding in result.findings
    ]
    assert "电话里是一张图片" in result.findings[0].say
