"""What the rules ask of records: each verb, who is blamed, what is said once, and that the night asks pandera once a kind."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

import pandera.pandas as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.examine import examine
from pipeline.frame import frame_of, records_frame, rows_of
from pipeline.grid import address
from pipeline.model import Finding, Record, Rowset
from pipeline.rulebook.form import Rule
from pipeline.rulebook.rulebook import Rulebook
from pipeline.rulebook.stores import store_of
from pipeline.validate import validate
from tests.sheets import book, grid

TODAY = date(2026, 11, 5)
REGISTER = "visitor_register/visits"
ROUNDS = "level_tracker/rounds"


def records(rules: Rulebook, place: str, *lines: str, sheet: str = "Sheet1", first: int = 0) -> list[Record]:
    """Return records drawn as a table under field names: blank = blank, `?` = could not be read, cells as they stand, from row 2."""
    names, *rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines]
    form, part = place.split("/")
    kind = rules.forms[form].parts[part].yields
    drawn = []
    for row, cells in enumerate(rows, 1):
        said = dict(zip(names, cells, strict=True))
        values = {name: typed(rules, place, name, text) for name, text in said.items()}
        columns = rules.kinds[kind].columns
        drawn.append(
            Record(
                kind=kind,
                form=form,
                part=part,
                sheet=sheet,
                row=row + 1,
                order=first + row - 1,
                anchor=f"A{row + 1}",
                values={name: values.get(name) for name in columns},
                labels={name: name for name in names},
                cells={name: address(row, column) for column, name in enumerate(names)},
                context={name: value for name, value in values.items() if name not in columns}
                | {"_unread": tuple(name for name, text in said.items() if text == "?")},
            )
        )
    return drawn


def typed(rules: Rulebook, place: str, name: str, text: str) -> Any:
    """Return a drawn text as the kind stores it."""
    form, part = place.split("/")
    stores = rules.kinds[rules.forms[form].parts[part].yields].columns
    store = stores.get(name) or store_of(rules.forms[form].spec(part, name))
    if text in ("", "?"):
        return None
    if store == "date":
        return date.fromisoformat(text)
    if store == "tick":
        return text == "√"
    return int(text) if store == "count" else text


def said(found: list[Finding]) -> list[tuple[str, str, str]]:
    return [(finding.code, finding.level, finding.cell) for finding in found]


@pytest.fixture
def asked(rules):
    """Asks one rule of the visits and nothing else, and returns what is said of a drawn table."""

    def _asked(rule: dict[str, Any], *lines: str) -> list[tuple[str, str, str]]:
        only = with_rules(rules, {"id": "ours.rule", **rule})
        return said(validate([("a.xlsx", record) for record in records(only, REGISTER, *lines)], only, TODAY))

    return _asked


def with_rules(rules: Rulebook, *ours: dict[str, Any]) -> Rulebook:
    """Return the rules with these and no other over visits, and nothing required."""
    form = rules.forms["visitor_register"]
    part = form.parts["visits"]
    fields = {name: spec.model_copy(update={"missing": "fine"}) for name, spec in part.fields.items()}
    part = part.model_copy(update={"fields": fields, "rules": tuple(Rule.model_validate(each) for each in ours)})
    return rules.model_copy(update={"forms": {"visitor_register": form.model_copy(update={"parts": {"visits": part}})}})


def test_a_field_that_must_be_filled_is_asked_for_at_its_empty_cell(asked):
    table = "| model | note |", "| X5 | |", "| | 看车 |"

    assert [("ours.rule", "error", "B2")] == asked({"need": {"filled": "note"}}, *table)


def test_one_of_two_fields_is_enough(asked):
    table = "| customer_name | plate |", "| 王先生 | |", "| | 川A12345 |", "| | |"

    assert [("ours.rule", "error", "B4")] == asked(
        {"need": {"any_filled": ["customer_name", "plate"]}, "cell": "plate"}, *table
    )


def test_a_time_that_must_not_come_after_another_may_equal_it_or_be_blank(asked):
    table = (
        "| arrived_at | left_at |",
        "| 09:30 | 09:30 |",
        "| 09:30 | 10:15 |",
        "| 09:30 | |",
        "| | 09:30 |",
        "| 09:30 | 09:29 |",
    )

    assert [("ours.rule", "error", "B6")] == asked(
        {"need": {"not_after": ["arrived_at", "left_at"]}, "cell": "left_at"}, *table
    )


def test_a_number_stays_between_its_limits_which_are_allowed(asked):
    table = "| party_size |", "| 1 |", "| 9 |", "| |", "| 0 |", "| 10 |"

    assert [("ours.rule", "error", "A5"), ("ours.rule", "error", "A6")] == asked(
        {"need": {"between": ["party_size", 1, 9]}}, *table
    )


def test_a_code_is_one_of_those_allowed(asked):
    table = "| level |", "| H |", "| |", "| C |"

    assert [("ours.rule", "error", "A4")] == asked({"need": {"one_of": ["level", ["H", "A", "B"]]}}, *table)


def test_a_tick_may_be_asked_to_stand(asked):
    table = "| ordered |", "| √ |", "| × |", "| |"

    assert [("ours.rule", "error", "A3")] == asked({"need": {"one_of": ["ordered", ["true"]]}}, *table)


def test_a_text_has_its_length(asked):
    table = "| plate |", "| 川A12345 |", "| |", "| 川A1 |"

    assert [("ours.rule", "error", "A4")] == asked({"need": {"length": ["plate", 7]}}, *table)


def test_today_is_not_the_future(asked):
    table = "| visited_on |", "| 2026-11-05 |", "| |", "| 2026-11-06 |"

    assert [("ours.rule", "error", "A4")] == asked({"need": {"not_future": "visited_on"}}, *table)


@pytest.mark.parametrize(
    ("when", "cells"),
    [
        ({"level": ["H", "A"]}, ["B2", "B3"]),
        ({"level": ["filled"]}, ["B2", "B3", "B4"]),
        ({"level": ["blank"]}, ["B5"]),
        ({"level": ["H", "blank"]}, ["B2", "B5"]),
        ({"ordered": ["true"]}, ["B2"]),
        ({"ordered": ["false"]}, ["B3"]),
        ({"ordered": ["blank"]}, ["B4", "B5"]),
        ({"level": ["filled"], "ordered": ["blank"]}, ["B4"]),
        ({"party_size": ["2"]}, ["B3"]),
        ({"visited_on": ["2026-11-03"]}, ["B4"]),
    ],
)
def test_a_rule_speaks_only_to_the_records_it_is_meant_for(asked, when, cells):
    table = (
        "| level | note | ordered | party_size | visited_on |",
        "| H | | √ | 1 | 2026-11-01 |",
        "| A | | × | 2 | 2026-11-02 |",
        "| C | | | 3 | 2026-11-03 |",
        "| | | | | |",
    )

    assert cells == [cell for _, _, cell in asked({"need": {"filled": "note"}, "when": when}, *table)]


def test_a_rule_on_trial_only_warns(asked):
    table = "| note |", "| |"

    assert [("ours.rule", "warning", "A2")] == asked({"need": {"filled": "note"}, "trial": True}, *table)
    assert [("ours.rule", "warning", "A2")] == asked({"need": {"filled": "note"}, "level": "warning"}, *table)


def test_a_clerks_own_sentence_is_said_with_what_was_found_and_what_is_wanted(rules):
    ours = with_rules(
        rules, {"id": "ours.party", "need": {"between": ["party_size", 1, 9]}, "say": "{label}写了 {found} 人"}
    )

    (finding,) = validate(
        [("a.xlsx", record) for record in records(ours, REGISTER, "| party_size |", "| 30 |")], ours, TODAY
    )

    assert ("30", "1 至 9", "a.xlsx › Sheet1 A2 party_size:party_size写了 30 人 → 1 至 9") == (
        finding.found,
        finding.want,
        finding.say,
    )


def test_codes_that_are_wanted_are_told_in_chinese(rules):
    ours = with_rules(
        rules, {"id": "ours.kind", "need": {"one_of": ["visit_kind", ["first", "return"]]}, "say": "不对"}
    )

    (finding,) = validate(
        [("a.xlsx", record) for record in records(ours, REGISTER, "| visit_kind |", "| other |")], ours, TODAY
    )

    assert "首次、再次" == finding.want


def test_what_could_not_be_read_is_not_asked_for_again(rules):
    lines = (
        "| visited_on | arrived_at | left_at | consultant | customer_name | phone | visit_kind | note |",
        "| 2026-11-05 | ? | ? | ? | ? | ? | ? | ? |",
    )

    assert [] == validate([("a.xlsx", record) for record in records(rules, REGISTER, *lines)], rules, TODAY)


def test_all_findings_of_a_night_come_in_one_pass_each_at_its_own_cell(rules):
    visits = records(
        rules,
        REGISTER,
        "| visited_on | arrived_at | left_at | consultant | customer_name | phone | visit_kind | note |",
        "| 2026-11-05 | 10:00 | 09:00 | | | | first | |",
        "| 2026-11-09 | 10:00 | 11:00 | 李明 | 王先生 | 13800001111 | first | 看车 |",
    )
    rounds = records(
        rules,
        ROUNDS,
        "| consultant | customer_name | phone | first_contact_on | done_on |",
        "| 李明 | 王志强 | 13800001111 | 2026-11-03 | 2026-11-02 |",
    )

    found = validate([*(("a.xlsx", record) for record in visits), ("b.xlsx", rounds[0])], rules, TODAY)

    assert {
        ("a.xlsx", "missing", "D2"), ("a.xlsx", "visit.no-name", "E2"), ("a.xlsx", "visit.leaves-before-arriving", "C2"),
        ("a.xlsx", "visit.no-phone", "F2"), ("a.xlsx", "missing", "H2"), ("a.xlsx", "visit.future", "A3"),
        ("b.xlsx", "follow_up.before-first-contact", "E2"),
    } == {(finding.book, finding.code, finding.cell) for finding in found}  # fmt: skip
    (late,) = [finding for finding in found if finding.code == "follow_up.before-first-contact"]
    assert ("2026-11-02", "b.xlsx › Sheet1 E2 done_on:回访日期 2026-11-02 早于初洽日期 2026-11-03 → 核对两个日期") == (
        late.found,
        late.say,
    )


def test_words_in_a_phone_cell_are_an_answer_where_the_form_takes_words(rules):
    header = (
        "| worked_on | consultant | customer_name | phone | phone_words | kind | level_before | level_after | outcome |"
    )
    lines = (
        header,
        "| 2026-11-05 | 李明 | 王志强 | | 未留 | reception | A | A | open |",
        "| 2026-11-05 | 李明 | 王志强 | | | reception | A | A | open |",
    )

    assert [("missing", "warning", "D3")] == said(
        validate([("a.xlsx", r) for r in records(rules, "daily_activity/summary", *lines)], rules, TODAY)
    )


def test_words_in_a_phone_cell_of_the_tracker_are_repeated_to_the_filler(rules):
    header = "| consultant | month | customer_name | phone | phone_words | source | first_contact_on | opening_level |"
    lines = header, "| 李明 | 2026-11 | 王志强 | | 未留 | 基盘 | 2026-11-01 | A |"

    (finding,) = validate([("a.xlsx", r) for r in records(rules, "level_tracker/rows", *lines)], rules, TODAY)

    assert ("missing", "error", "D2", "未留") == (finding.code, finding.level, finding.cell, finding.found)


def test_an_outcome_stands_for_the_level_and_an_unreached_call_needs_none(rules):
    header = (
        "| worked_on | consultant | customer_name | phone | kind | reached | level_before | level_after | outcome |"
    )
    lines = (
        header,
        "| 2026-11-05 | 李明 | 王志强 | 13800001111 | follow_up | √ | A | | ordered |",
        "| 2026-11-05 | 李明 | 王志强 | 13800001111 | follow_up | × | A | | |",
        "| 2026-11-05 | 李明 | 王志强 | 13800001111 | follow_up | √ | A | | |",
    )

    assert [("missing", "warning", "H4")] == said(
        validate([("a.xlsx", r) for r in records(rules, "daily_activity/summary", *lines)], rules, TODAY)
    )


def test_a_blank_above_a_list_is_said_once_and_holds_every_row(rules):
    header = "| 序号 | 顾客名称 | 电话 | 来访性质 | 拟购车型 | 意向级别 | 进店时间 | 离店时间 | 销售顾问 | 注释 |"
    rows = [f"| {n} | 王先生 | '1380000111{n} | 首次 | X5 | A | 9:30 | 10:00 | 李明 | 看车 |" for n in (1, 2, 3)]

    (submission,) = examine(
        [book(grid("| 来店登记表 |", "| 日期: | |", header, *rows), path="登记表.xlsx")], rules, TODAY
    ).submissions

    assert ([("missing", "error", "B2")], 0, 3) == (
        said(list(submission.findings)),
        len(submission.records),
        len(submission.held),
    )


def test_a_label_that_a_sheet_lacks_is_said_once_for_all_its_rows(rules):
    header = "| 序号 | 客户姓名 | 电话 | 车型 | 来源 | 初始级别 | 第1次计划日期 | 第1次实际日期 |"
    rows = [f"| {n} | 王志强 | '1380000111{n} | X5 | 3 | A | | |" for n in (1, 2, 3)]

    (submission,) = examine(
        [book(grid("| 潜在顾客等级推进表 |", "| 销售顾问 | 李明 | 月份 | 2026-11 |", header, *rows))], rules, TODAY
    ).submissions

    assert ("accepted", 3) == (submission.verdict, len(submission.records))
    assert [("column.missing", "warning", "A4", "初洽日期")] == [
        (f.code, f.level, f.cell, f.label) for f in submission.findings
    ]


def test_a_card_that_lacks_what_it_cannot_do_without_is_held_with_its_contacts_and_its_neighbour_is_not(rules):
    def card(consultant: str, phone: str) -> list[str]:
        return [
            "| 客户管理卡(反面) | | | |",
            f"| 客户姓名 | 王志强 | 电话 | '{phone} |",
            f"| 意向车型 | X5 | 初始级别 | A |{consultant}",
            "| 信息来源 | 3 | 初洽日期 | 2026-11-01 |",
            "| 日期 | 方式 | 情形 | 级别 | 下次回访日期 |",
            "| 2026-11-02 | 电话 | 看车 | A | 2026-11-09 |",
            "| |",
        ]

    sheet = grid(*card("", "13800001111"), *card(" 销售顾问 | 李明 |", "13800002222"))
    (submission,) = examine([book(sheet)], rules, TODAY).submissions

    assert ["column.missing"] == [finding.code for finding in submission.findings if finding.level == "error"]
    assert [("customer", "13800002222"), ("follow_up", "13800002222")] == [
        (r.kind, r.value("phone")) for r in submission.records
    ]
    assert ["13800001111", "13800001111"] == [record.value("phone") for record in submission.held]


def test_a_stay_left_blank_is_asked_for_in_its_own_column(rules):
    header = "| 序号 | 顾客名称 | 电话 | 来访性质 | 拟购车型 | 意向级别 | 进店-离店时间 | 销售顾问 | 注释 |"
    row = "| 1 | 王先生 | '13800001111 | 首次 | X5 | A | | 李明 | 看车 |"

    (submission,) = examine(
        [book(grid("| 来店登记表 |", "| 日期 | 2026-11-05 |", header, row))], rules, TODAY
    ).submissions

    assert {("G4", "进店-离店时间")} == {(finding.cell, finding.label) for finding in submission.findings}
    assert "error" in {finding.level for finding in submission.findings}


def test_pandera_is_asked_once_a_kind_however_many_workbooks_there_are(rules, monkeypatch):
    calls: list[int] = []
    ask = pa.DataFrameSchema.validate

    def counted(self, frame, **more):
        calls.append(len(frame))
        return ask(self, frame, **more)

    monkeypatch.setattr(pa.DataFrameSchema, "validate", counted)
    visits = [
        (f"{n}.xlsx", record) for n in range(5) for record in records(rules, REGISTER, "| note |", "| |", "| 看车 |")
    ]
    rounds = [(f"{n}.xlsx", record) for n in range(5) for record in records(rules, ROUNDS, "| note |", "| |")]

    validate([*visits, *rounds], rules, TODAY)

    assert [10, 5] == sorted(calls, reverse=True)


def test_a_night_without_records_says_nothing(rules):
    assert [] == validate([], rules, TODAY)


VISIT_VALUES: dict[str, tuple[Any, ...]] = {
    "visited_on": (None, TODAY, TODAY + timedelta(days=1), TODAY - timedelta(days=400)),
    "arrived_at": (None, "08:00", "09:30", "21:00"), "left_at": (None, "08:00", "09:30", "23:59"), "consultant": (None, "李明"),
    "customer_name": (None, "王先生"), "plate": (None, "川A12345"), "phone": (None, "13800001111"), "refusal_reason": (None, "不愿留"),
    "visit_kind": (None, "first", "return", "other"), "note": (None, "看车"), "party_size": (None, 0, 3), "ordered": (None, True, False),
}  # fmt: skip


def visit(dice: Random, number: int) -> Record:
    values = {name: dice.choice(options) for name, options in VISIT_VALUES.items()}
    unread = tuple(name for name, value in values.items() if value is None and dice.random() < 0.1)
    cells = {name: address(number, column) for column, name in enumerate(values)}
    return Record(
        "visit",
        "visitor_register",
        "visits",
        "Sheet1",
        number,
        number,
        "A1",
        values,
        cells,
        {},
        context={"_unread": unread},
    )


def plainly(record: Record) -> set[tuple[str, str]]:
    """Check one visit by hand, as contract 7 says it: (code, cell)."""
    said, unread = dict(record.values), record.context["_unread"]
    blank = {name for name, value in said.items() if value is None}
    slips: set[tuple[str, str]] = {
        ("missing", name)
        for name in ("visited_on", "arrived_at", "consultant", "left_at", "note")
        if name in blank and name not in unread
    }
    if {"customer_name", "plate"} <= blank and not {"customer_name", "plate"} & set(unread):
        slips.add(("visit.no-name", "customer_name"))
    if not {"arrived_at", "left_at"} & blank and said["arrived_at"] > said["left_at"]:
        slips.add(("visit.leaves-before-arriving", "left_at"))
    if "visited_on" not in blank and said["visited_on"] > TODAY:
        slips.add(("visit.future", "visited_on"))
    if (
        said["visit_kind"] != "other"
        and {"phone", "refusal_reason"} <= blank
        and not {"phone", "refusal_reason", "visit_kind"} & set(unread)
    ):
        slips.add(("visit.no-phone", "phone"))
    return {(code, record.cells[name]) for code, name in slips}


@settings(max_examples=5, deadline=None)
@given(st.integers())
def test_a_thousand_rows_are_judged_as_one_would_judge_each_by_hand(rules, seed):
    dice = Random(seed)  # noqa: S311 - dice, not secrets
    night = [visit(dice, number) for number in range(1000)]

    found = validate([("a.xlsx", record) for record in night], rules, TODAY)

    assert {slip for record in night for slip in plainly(record)} == {(finding.code, finding.cell) for finding in found}
    assert all(finding.cell in night[finding.order].cells.values() for finding in found)


def test_values_go_into_a_frame_and_come_out_as_they_were(rules):
    kind = rules.kinds["visit"]
    dice = Random(1)  # noqa: S311 - dice, not secrets
    night = [visit(dice, number) for number in range(50)]

    frame = records_frame(night, kind)

    assert list(range(50)) == list(frame.index)
    assert [tuple(record.values.get(name) for name in kind.columns) for record in night] == list(rows_of(frame))


def test_an_empty_table_still_has_its_columns_and_their_types():
    frame = frame_of(Rowset(("visited_on", "party_size", "_book")), {"visited_on": "date", "party_size": "count"})

    assert (["visited_on", "party_size", "_book"], "datetime64[s]", "Int64") == (
        list(frame.columns),
        str(frame["visited_on"].dtype),
        str(frame["party_size"].dtype),
    )
    assert () == rows_of(frame)
