"""A bad cell is said once, with what to write instead; what reads two ways is asked about, never guessed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from pipeline.examine import examine
from pipeline.rulebook.rulebook import Rulebook
from tests.readings import REGISTER, TRACKER, Read, register
from tests.sheets import book, grid


@pytest.fixture
def read(rules):
    return lambda *lines, **more: Read(rules, book(grid(*lines, **more)))


def test_every_unreadable_cell_is_said_in_one_pass_with_what_to_write_instead(read):
    result = register(read, "| 1 | 王先生 | 88880000 | Z | 9:75 | 昨天 | 李明 | 改天 | 看车 |")

    assert [
        ("phone.wrong-length", "C3"),
        ("level.unknown", "D3"),
        ("time.unreadable", "E3"),
        ("time.unreadable", "F3"),
        ("tick.unknown", "H3"),
    ] == [(finding.code, finding.cell) for finding in result.findings]
    assert ("arrived_at", "left_at", "level", "phone", "test_driven") == result.records[0].context["_unread"]
    assert "写成 9:30 这样(24 小时制)" == result.findings[2].want


def test_neighbours_decide_whether_12_1_is_the_first_or_the_tenth_5(read):
    head = "| 日期 | 客户姓名 | 电话 | 进店时间 | 销售顾问 | 备注 |"
    rows = [f"| {day} | 王先生 | 未留 | 9:30 | 李明 | 看车 |" for day in ("'11.05", "11.1", "'11.12", "11.2")]
    result = read("| 2026年11月来店登记表 |", head, *rows)

    assert [(5,), (10,), (12,), (20,)] == [(day and day.day,) for (day,) in result.told("visited_on")]
    assert [] == result.findings


def test_the_rounds_of_other_people_decide_nothing_5(read):
    row = "| {0} | '1380000111{1} | H | | {2} | A | | | | | | |"
    result = read(
        *TRACKER, row.format("王强", 1, "'12.05"), row.format("赵敏", 2, "12.1"), row.format("孙丽", 3, "'12.12")
    )

    assert [("date.two-ways", "E5")] == [(finding.code, finding.cell) for finding in result.findings]


def test_the_contacts_of_one_card_decide_for_each_other_5(read):
    def card(number: int, *days: str) -> list[str]:
        head = [
            f"| 客户姓名 | 王强 | 电话 | '1380000111{number} |",
            "| 意向车型 | X5 | 初始级别 | H |",
            "| 初洽日期 | 2026-11-01 | 销售顾问 | 李明 |",
        ]
        return [*head, "| 日期 | 方式 | 情形 | 级别 |", *(f"| {day} | 电话 | 约看车 | A |" for day in days), "| |"]

    result = read(*card(1, "'11.02", "11.1", "'11.12"), *card(2, "'11.05"))

    assert [(date(2026, 11, day),) for day in (2, 10, 12, 5)] == result.told("done_on", kind="follow_up")


def test_a_number_that_reads_two_ways_is_asked_about_where_no_neighbour_helps_5(read):
    result = read(
        "| 2026年11月来店登记表 |",
        "| 日期 | 客户姓名 | 电话 | 进店时间 | 销售顾问 | 备注 |",
        "| 11.1 | 王先生 | 未留 | 9:30 | 李明 | 看车 |",
    )

    assert [("date.two-ways", "error", "A3", 0)] == result.slips()
    assert ("", "visitor_register|visits|visited_on=") == (result.records[0].key, result.records[0].scope)


def test_a_reason_of_loss_in_a_row_without_any_contact_is_said(rules):
    row = "| 王强 | '13800001111 | H | | | | | | | | | 价格太高 |"
    [done] = examine([book(grid(*TRACKER, row))], rules, date(2026, 12, 5)).submissions

    assert ("lost.unclaimed", "warning", "L4") in [(slip.code, slip.level, slip.cell) for slip in done.findings]


def test_a_column_nobody_knows_below_the_word_date_is_not_taken_for_the_date(rules):
    row = "| 茶叶 | 王先生 | 未留 | | 9:20 | 10:15 | 李明 | | 看车 |"
    [done] = examine(
        [book(grid("| 日期 | 2026-11-05 |", REGISTER.replace("序号", "赠品"), row))], rules, date(2026, 11, 5)
    ).submissions

    assert ("accepted", [date(2026, 11, 5)]) == (done.verdict, [record.values["visited_on"] for record in done.records])


def test_a_bad_date_above_is_said_once_for_all_rows_that_hang_on_it(read):
    result = register(
        read,
        "| 1 | 王先生 | 未留 | | 9:20 | | 李明 | | |",
        "| 2 | 赵先生 | 未留 | | 9:40 | | 李明 | | |",
        day="2026-11-31",
    )

    assert [("date.impossible", "error", "B1", 0)] == result.slips()
    assert {"B1"} == {record.cells["visited_on"] for record in result.records}


def test_a_bad_phone_in_a_card_s_head_is_said_once_and_its_contacts_hang_on_the_cell(read):
    result = read(
        "| <4 客户管理卡 |",
        "| 客户姓名: | 王强 | 电话: | '1380000111 |",
        "| 意向车型 | X5 | 初始级别 | H |",
        "| 初洽日期 | 2026-11-01 | 销售顾问 | 李明 |",
        "| 日期 | 方式 | 情形 | 级别 | 下次回访日期 |",
        "| 2026-11-03 | 电话 | 约看车 | A | 11.9 |",
        "| 2026-11-09 | 微信 | 关机 | A | |",
    )

    assert [("phone.wrong-length", "error", "D2", 0)] == result.slips()
    assert {"D2"} == {record.cells["phone"] for record in result.records}
    assert [
        (date(2026, 11, 3), "phone", True, "A", "open", date(2026, 11, 9)),
        (date(2026, 11, 9), "wechat", False, None, "open", None),
    ] == result.told("done_on", "method", "reached", "level_after", "outcome", "next_on", kind="follow_up")


def test_a_ditto_in_a_phone_cell_counts_but_is_said_31(read):
    result = register(
        read, "| 1 | 王先生 | 13800001111 | | 9:20 | | 李明 | | |", "| 2 | 赵先生 | 同上 | | 9:40 | | 〃 | | |"
    )

    assert [("13800001111", "李明"), ("13800001111", "李明")] == result.told("phone", "consultant")
    assert [("cell.ditto", "warning", "C4", 1)] == result.slips()
    assert "同上" == result.findings[0].found


def test_a_wrong_cell_that_may_be_wrong_only_warns(read):
    head = "| 序号 | 顾客名称 | 电话 | 进店时间 | 销售顾问 | 人数 | 注释 |"
    result = read("| 日期 | 2026-11-05 |", head, "| 1 | 王先生 | 未留 | 9:20 | 李明 | 一家 | 看车 |")

    assert [("count.unreadable", "warning", "F3", 0)] == result.slips()


@pytest.mark.parametrize(("fault", "code"), [("error", "cell.error"), ("uncached", "cell.uncached")])
def test_an_error_value_or_an_unsaved_formula_is_said_and_not_called_missing_35_50(rules, fault, code):
    drawn = grid("| 日期 | 2026-11-05 |", REGISTER, "| 1 | 王先生 | | | 9:20 | | 李明 | | |")
    result = Read(rules, book(replace(drawn, faults={(2, 2): fault})))

    assert [(code, "error", "C3", 0)] == result.slips()
    assert ("phone",) == result.records[0].context["_unread"]


def test_listed_consultants_go_by_one_name_and_an_unlisted_one_holds_the_row_52(rules):
    house = {"consultants": [{"name": "李明", "aliases": ["小李"]}]}
    listed = Rulebook.model_validate({name: getattr(rules, name) for name in Rulebook.model_fields} | {"house": house})
    rows = [f"| 1 | 王先生 | 未留 | | 9:20 | | {name} | | |" for name in ("小李", "李鸣")]
    result = Read(listed, book(grid("| 日期 | 2026-11-05 |", REGISTER, *rows)))

    assert [("李明",), (None,)] == result.told("consultant")
    assert [("consultant.unknown", "李明")] == [(finding.code, finding.want) for finding in result.findings]
