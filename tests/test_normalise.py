"""What a sheet means as a whole: records with their keys, their times and the scope they speak for."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.grid import Grid
from pipeline.model import Entry, Written
from pipeline.normalise import normalise
from pipeline.values.keys import scope_of
from tests.readings import REGISTER, Read, register
from tests.sheets import book, grid


@pytest.fixture
def read(rules):
    return lambda *lines, **more: Read(rules, book(grid(*lines, **more)))


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


def test_a_deal_without_car_number_and_order_day_still_has_a_key(read):
    result = read(
        "| <4 客户管理卡(正面) |",
        "| 车主姓名 | 王强 | 联系电话 | '13800001111 |",
        "| 车型 | X5 | 颜色 | 白 |",
        "| 车架号 | | 车牌号 | |",
        "| 成交价 | 15.8万 | 销售顾问 | 李明 |",
    )

    assert [("李明|13800001111|", 158000.0)] == [(record.key, record.values["price"]) for record in result.records]


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
    (first,), said = normalise(one, [visit(cells)], rules)
    again = {name: first.values[name] for name in FIELDS if first.values.get(name) is not None}
    (second,), findings = normalise(one, [visit(again)], rules)

    # What was let in with a warning (a number in a name) is warned of again; nothing new is said.
    assert {(finding.code, finding.cell) for finding in findings} <= {(finding.code, finding.cell) for finding in said}
    assert again == {name: value for name, value in second.values.items() if name in again}
