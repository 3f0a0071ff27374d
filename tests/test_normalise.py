"""What a sheet means as a whole: records with keys and scopes, one finding a bad cell, nothing guessed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract import extract
from pipeline.grid import Book, Grid
from pipeline.layout.lexicon import lexicons
from pipeline.model import Entry, Finding, Record, Written
from pipeline.normalise import normalise
from pipeline.recognise import recognise
from pipeline.rulebook.rulebook import Rulebook
from pipeline.values.keys import scope_of
from tests.sheets import book, grid

REGISTER = "| 序号 | 顾客名称 | 电话 | 意向级别 | 进店时间 | 离店时间 | 销售顾问 | 试驾 | 注释 |"
DAYS = " | ".join(map(str, range(1, 32)))
GRID = f"| 客户姓名 | 电话 | 初始级别 | 来源 | {DAYS} | 战败原因 |"


class Read:
    """What a workbook says, and what was found wrong with it."""

    def __init__(self, rules: Rulebook, one: Book) -> None:
        words = lexicons(rules)
        self.entries = extract(one, recognise(one, rules, words), rules, words).entries
        self.records: list[Record]
        self.findings: list[Finding]
        self.records, self.findings = normalise(one, self.entries, rules)

    def told(self, *fields: str, kind: str = "") -> list[tuple[Any, ...]]:
        return [
            tuple(record.values.get(name, record.context.get(name)) for name in fields)
            for record in self.records
            if kind in {"", record.kind}
        ]

    def slips(self) -> list[tuple[str, str, str, int]]:
        return [(finding.code, finding.level, finding.cell, finding.order) for finding in self.findings]


@pytest.fixture
def read(rules):
    return lambda *lines, **more: Read(rules, book(grid(*lines, **more)))


def register(read: Callable[..., Read], *rows: str, day: str = "2026-11-05") -> Read:
    return read(f"| 日期 | {day} |", REGISTER, *rows)


def test_a_register_row_becomes_a_visit_with_its_key_and_the_day_it_speaks_for(read):
    result = register(read, "| 1 | 王先生 | 13800001111 | H级 | 9.2 | 10：05 | 李 明 | √ | 看车 |")

    assert ("2026-11-05|09:20|李明|13800001111", "visitor_register|visits|visited_on=2026-11-05") == (
        result.records[0].key,
        result.records[0].scope,
    )
    assert [(date(2026, 11, 5), "walk_in", "13800001111", True, "H", "09:20", "10:05", 45, True)] == result.told(
        "visited_on", "channel", "phone", "captured", "level", "arrived_at", "left_at", "stay_minutes", "test_driven"
    )
    assert [] == result.findings


def test_the_columns_are_the_kind_s_in_their_order_and_the_rest_is_context(read, rules):
    result = register(read, "| 1 | 王先生 | 提车 | | 9:20 | | 李明 | | |")

    assert list(rules.kinds["visit"].columns) == list(result.records[0].values)
    assert {"phone_words": "提车", "phone_why": "service", "_unread": ()} == dict(result.records[0].context)


def test_a_pick_up_is_another_kind_of_visit_and_leaves_no_phone_17(read):
    result = register(
        read, "| 1 | 王先生 | 提车 | | 9:20 | | 李明 | | |", "| 2 | 某女士 | 不愿留 | | 9:40 | | 李明 | | |"
    )

    assert [("other", False, "提车"), (None, False, "不愿留")] == result.told(
        "visit_kind", "captured", "refusal_reason"
    )
    assert [] == result.findings


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


def test_an_hour_s_bucket_in_both_times_says_when_but_not_how_long_11(read):
    result = register(
        read,
        "| 1 | 王先生 | 未留 | | 9:00-10:00 | 9:00-10:00 | 李明 | | |",
        "| 2 | 赵先生 | 未留 | | 9:30-10:15 | | 李明 | | |",
        "| 3 | 孙先生 | 未留 | | 9:30- | -10:15 | 李明 | | |",
    )

    assert [("09:00", "10:00", None), ("09:30", "10:15", 45), ("09:30", "10:15", 45)] == result.told(
        "arrived_at", "left_at", "stay_minutes"
    )


def test_one_column_for_the_whole_stay_fills_both_times_and_blames_its_cell_13_14(read):
    head = "| 序号 | 顾客名称 | 电话 | 进店-离去时间 | 销售顾问 | 注释 |"
    result = read(
        "| 日期 | 2026-11-05 |",
        head,
        "| 1 | 王先生 | 未留 | 9：30～10：15 | 李明 | |",
        "| 2 | 赵先生 | 未留 | 16:00—09:00分 | 李明 | |",
    )

    assert [("09:30", "10:15", 45), (None, None, None)] == result.told("arrived_at", "left_at", "stay_minutes")
    assert ("D3", "D3") == (result.records[0].cells["arrived_at"], result.records[0].cells["left_at"])
    assert [("time.range-reversed", "error", "D4", 1)] == result.slips()
    assert {"arrived_at", "left_at"} <= set(result.records[1].context["_unread"])


def test_a_blank_time_column_beside_the_whole_stay_leaves_the_blame_with_the_stay_13(read):
    head = "| 序号 | 顾客名称 | 电话 | 进店-离去时间 | 进店时间 | 销售顾问 | 注释 |"
    result = read(
        "| 日期 | 2026-11-05 |",
        head,
        "| 1 | 王先生 | 未留 | 9:30-10:15 | | 李明 | |",
        "| 2 | 赵先生 | 未留 | 9:30-10:15 | 9:40 | 李明 | |",
    )

    assert [("09:30", "10:15"), ("09:40", "10:15")] == result.told("arrived_at", "left_at")
    assert ["D3", "E4"] == [record.cells["arrived_at"] for record in result.records]


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


def test_equal_keys_on_one_sheet_are_numbered_never_merged(read):
    row = "| 1 | 王先生 | 13800001111 | | 9:20 | | 李明 | | |"
    result = register(read, row, row, row)

    assert ["2026-11-05|09:20|李明|13800001111" + tail for tail in ("", "#2", "#3")] == [
        record.key for record in result.records
    ]


def test_the_same_row_on_two_sheets_keeps_one_key(rules):
    sheets = [
        grid("| 日期 | 2026-11-05 |", REGISTER, "| 1 | 王先生 | 13800001111 | | 9:20 | | 李明 | | |", sheet=name)
        for name in ("5日", "副本")
    ]
    result = Read(rules, book(*sheets))

    assert 1 == len({record.key for record in result.records})


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


def test_contacts_speak_for_the_card_they_stand_on_though_cards_stand_side_by_side(read):
    result = read(
        "| 客户姓名 | 王强 | 电话 | '13800001111 | 客户姓名 | 赵敏 | 电话 | '13800002222 |",
        "| 意向车型 | X5 | 初始级别 | H | 意向车型 | X5 | 初始级别 | A |",
        "| 初洽日期 | 2026-11-01 | 销售顾问 | 李明 | 初洽日期 | 2026-11-01 | 销售顾问 | 李明 |",
        "| 日期 | 方式 | 情形 | 级别 | 日期 | 方式 | 情形 | 级别 |",
        "| 2026-11-03 | 电话 | 约看车 | A | 2026-11-04 | 电话 | 约看车 | B |",
    )

    assert {
        ("13800001111", "customer_card|back|consultant=李明|phone=13800001111"),
        ("13800002222", "customer_card|back|consultant=李明|phone=13800002222"),
    } == {(record.values["phone"], record.scope) for record in result.records}


TRACKER = (
    "| 销售顾问 | 李明 | | 月份 | 2026-12 |",
    "| 客户姓名 | 电话 | 初始级别 | <4 第1次回访 | <4 第2次回访 | 战败原因 |",
    "| ^ | ^ | ^ | 计划日期 | 实际日期 | 回访后级别 | 下次回访日期 | 计划日期 | 实际日期 | 回访后级别 | 下次回访日期 | ^ |",
)


def test_rounds_belong_to_their_row_s_month_and_a_planned_one_has_no_done_day(read):
    result = read(*TRACKER, "| 王强 | '13800001111 | H | '12.28 | '12.28 | A | '1.4 | '1.4 | | | | |")

    assert ["level_tracker|rows|consultant=李明|month=2026-12"] * 3 == [record.scope for record in result.records]
    assert [
        (date(2026, 12, 28), date(2026, 12, 28), "A", "open", True, date(2027, 1, 4)),
        (date(2027, 1, 4), None, None, "open", None, None),
    ] == result.told("planned_on", "done_on", "level_after", "outcome", "reached", "next_on", kind="follow_up")
    assert ["level_tracker|李明|13800001111|2026-12-28", "level_tracker|李明|13800001111|2027-01-04"] == [
        record.key for record in result.records[1:]
    ]


def test_the_reason_at_the_row_s_end_belongs_to_the_round_that_lost(read):
    result = read(*TRACKER, "| 王强 | '13800001111 | H | | '12.1 | A | | | '12.9 | 战败 | | 价格 |")

    assert [("open", None), ("lost", "价格")] == result.told("outcome", "lost_reason", kind="follow_up")
    assert [] == result.findings


def test_a_reason_that_no_round_claims_is_said_once(read):
    result = read(*TRACKER, "| 王强 | '13800001111 | H | | '12.1 | A | | | '12.9 | B | | 价格 |")

    assert [("lost.unclaimed", "warning", "L4", 1)] == result.slips()
    assert [(None,), (None,)] == result.told("lost_reason", kind="follow_up")


def test_a_round_that_says_something_but_not_when_is_asked_for_its_day(read):
    result = read(*TRACKER, "| 王强 | '13800001111 | H | | | A | | | | | | |")

    assert [("missing", "error", "E4", 1)] == result.slips()
    assert ("", ("done_on",)) == (result.records[1].key, result.records[1].context["_unread"])


def test_a_star_is_planned_a_letter_done_and_both_together_both_on_the_month_grid(read):
    result = read(
        "| 销售顾问:李明 | | | 2026年11月 |",
        GRID,
        f"| 王强 | '13800001111 | H | 1 | * | A | *B | 关机 | 订单 {'| ' * 26} | |",
    )

    assert [
        (date(2026, 11, 1), None, None, "open", None),
        (None, date(2026, 11, 2), "A", "open", True),
        (date(2026, 11, 3), date(2026, 11, 3), "B", "open", True),
        (None, date(2026, 11, 4), None, "open", False),
        (None, date(2026, 11, 5), None, "ordered", True),
    ] == result.told("planned_on", "done_on", "level_after", "outcome", "reached", kind="follow_up")
    assert {"consultant=李明|month=2026-11"} == {record.scope.split("|", 2)[2] for record in result.records}


def test_the_31st_of_a_month_of_30_days_is_impossible(read):
    result = read("| 销售顾问:李明 | | | 2026年11月 |", GRID, f"| 王强 | '13800001111 | H | 1 {'| ' * 31}A | |")

    assert [("date.impossible", "error", "AI3", 1)] == result.slips()
    assert "2026-11-31" == result.findings[0].found


def test_a_month_grid_without_its_month_is_asked_about_once_and_all_its_days_hang_on_one_cell(read):
    result = read("| 销售顾问:李明 |", GRID, f"| 王强 | '13800001111 | H | 1 | * | A {'| ' * 29}| |")

    assert [("column.missing", "error", "A3", 1)] == result.slips()
    assert {"A3"} == {record.cells["month"] for record in result.records if record.kind == "follow_up"}


def test_tomorrow_s_plan_is_for_the_day_after_the_report(read):
    result = read(
        "| 日期:2026-12-31 | | 销售顾问:李明 |",
        "| 今日工作总结 |",
        "| 序号 | 客户姓名 | 电话 | 车型 | 工作类别 | 现在级别 | 经过情形 |",
        "| 1 | 王强 | '13800001111 | X5 | 接待 | A | 看车 |",
        "| 2 | 赵敏 | '13800002222 | X5 | 回访 | A | 打不通 |",
        "| 3 | 孙丽 | '13800003333 | X5 | 回访 | B | 约周末来 |",
        "| 明日工作计划 |",
        "| 序号 | 客户姓名 | 电话 | 车型 | 工作类别 | 备注 |",
        "| 1 | 王强 | '13800001111 | X5 | 回访 | |",
    )

    assert [("reception", None, "A"), ("follow_up", False, None), ("follow_up", True, "B")] == result.told(
        "kind", "reached", "level_after", kind="activity"
    )
    assert [(date(2027, 1, 1), date(2026, 12, 31))] == result.told("planned_on", "made_on", kind="plan")
    assert "daily_activity|tomorrow|consultant=李明|worked_on=2026-12-31" == result.records[-1].scope


def test_a_deal_without_car_number_and_order_day_still_has_a_key(read):
    result = read(
        "| <4 客户管理卡(正面) |",
        "| 车主姓名 | 王强 | 联系电话 | '13800001111 |",
        "| 车型 | X5 | 颜色 | 白 |",
        "| 车架号 | | 车牌号 | |",
        "| 成交价 | 15.8万 | 销售顾问 | 李明 |",
    )

    assert [("李明|13800001111|", 158000.0)] == [(record.key, record.values["price"]) for record in result.records]


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


def test_a_scope_names_the_form_its_root_part_and_what_the_sheet_speaks_for(rules):
    assert "customer_card|back|consultant=李明|phone=13800001111" == scope_of(
        rules, "customer_card", "back", {"phone": "13800001111", "consultant": "李明"}
    )
    assert "visitor_register|visits|visited_on=" == scope_of(rules, "visitor_register", "visits", {})


FIELDS = (
    "visited_on",
    "customer_name",
    "phone",
    "channel",
    "visit_kind",
    "model",
    "level",
    "arrived_at",
    "left_at",
    "consultant",
    "source",
    "party_size",
    "test_driven",
    "ordered",
    "plate",
    "note",
)
SAMPLES = (
    "",
    "√",
    "H",
    "9.2",
    "11.3",
    "3人",
    "13800001111",
    "提车",
    "9:00-10:00",
    "二次",
    "川A12345",
    "/",
    "无",
    "年 月 日",
)


def visit(cells: dict[str, Any]) -> Entry:
    written = {name: Written(value, f"{chr(65 + FIELDS.index(name))}3", name) for name, value in cells.items()}
    return Entry("visitor_register", "visits", "visit", "Sheet1", 3, 0, "A3", written, {"month": "2026-11"})


@given(
    st.dictionaries(
        st.sampled_from(FIELDS),
        st.one_of(
            st.sampled_from(SAMPLES),
            st.text(),
            st.floats(allow_nan=False),
            st.dates(),
            st.times(),
            st.timedeltas(),
            st.booleans(),
        ),
    )
)
def test_whatever_stands_in_a_row_it_is_read_and_what_was_read_reads_the_same_again(rules, cells):
    one = book(Grid("Sheet1", ()))
    (first,), _ = normalise(one, [visit(cells)], rules)
    again = {name: first.values[name] for name in FIELDS if first.values.get(name) is not None}
    (second,), findings = normalise(one, [visit(again)], rules)

    assert [] == findings
    assert again == {name: value for name, value in second.values.items() if name in again}
