"""Who is blamed: each finding at its own cell, what stands for a blank, and what is said once for many rows."""

from __future__ import annotations

from pipeline.examine import examine
from pipeline.validate import validate
from tests.records import REGISTER, ROUNDS, TODAY, records, said
from tests.sheets import book, grid


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
