"""The registers of a property office: each of the eighteen is known by its words, and says what its office wrote."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from pipeline.layout.lexicon import lexicons
from pipeline.recognise import recognise
from pipeline.validate import validate
from tests.property_sheets import SHEETS
from tests.readings import Read
from tests.sheets import book, grid


@pytest.mark.parametrize("form", SHEETS)
def test_a_register_in_the_office_s_own_words_is_known_and_like_no_other_form(rules, form):
    match = recognise(book(grid(*SHEETS[form].lines), path="登记.xlsx"), rules, lexicons(rules))[0]

    assert (form, ()) == (match.form, match.rivals)


@pytest.mark.parametrize("form", SHEETS)
def test_each_row_of_a_register_is_a_record_that_says_what_was_written(rules, form):
    drawn = SHEETS[form]
    read = Read(rules, book(grid(*drawn.lines), path="登记.xlsx"))

    assert list(drawn.told) == read.told(*drawn.fields)
    assert [] == [slip for slip in read.slips() if slip[1] == "error"]


def test_all_eighteen_registers_are_here_each_under_its_own_code(rules):
    codes = {
        title: form.form for form in rules.forms.values() for title in form.titles if title.startswith("QMS-PM-313")
    }

    assert [f"QMS-PM-{number}" for number in range(31301, 31319)] == sorted(codes)
    assert set(SHEETS) == set(codes.values())


@pytest.mark.parametrize("form", SHEETS)
def test_the_printed_code_alone_is_title_enough(rules, form):
    code = next(title for title in rules.forms[form].titles if title.startswith("QMS-PM-313"))
    bare = tuple(line for line in SHEETS[form].lines if not line.startswith("| <"))
    match = recognise(book(grid(f"| <4 {code} |", *bare), path="登记.xlsx"), rules, lexicons(rules))[0]

    assert (form, ()) == (match.form, match.rivals)


def said(rules, form: str, *rows: str) -> list[tuple[str, str, str]]:
    """Return what is said of these rows under a register's own header, as (code, level, cell)."""
    drawn = SHEETS[form].lines
    head = next(number for number, line in enumerate(drawn) if line.count("|") > 5)
    read = Read(rules, book(grid(*drawn[: head + 1], *rows), path="登记.xlsx"))
    found = validate([("登记.xlsx", record) for record in read.records], rules, date(2026, 11, 5))
    return [(finding.code, finding.level, finding.cell) for finding in (*read.findings, *found)]


@pytest.mark.parametrize(
    ("form", "row", "told"),
    [
        ("property_parking", "| B-9 | 钱进 | 19#-0201 | | | 租赁 | | | | |", [("property.no-term", "warning", "H3")]),
        ("property_parking", "| B-9 | | | | | 购买 | | | | |", [("property.nobody", "warning", "B3")]),
        ("property_parking", "| B-9 | 钱进 | | | | 抵押 | | | | |", [("word.unknown", "error", "F3")]),
        ("property_parking", "| B-9 | 钱进 | | | | 购买 | | | 按天 | |", [("word.unknown", "error", "I3")]),
        ("property_parking", "| B-9 | 钱进 | | | 12345 | 购买 | | | | |", [("plate.wrong", "warning", "E3")]),
        ("property_emergency", "| 19#-0201 | 钱进 | 钱太太 | 夫妻 | | | |", [("property.no-number", "error", "F3")]),
        ("property_phone_install", "| 2026-12-01 | 甲 | 1#-101 | 1 | | | | |", [("property.future", "error", "A3")]),
        ("property_phone_install", "| 2026-11-03 | 甲 | 1#-101 | 1 | | | 2026-11-01 | |", [("property.left-before-begun", "error", "G3")]),
        ("property_parking_request", "| 2026-11-03 | 赵敏 | 1#-101 | | | 空置 | | |", [("property.wish", "warning", "F3")]),
        ("property_key", "| | 钱进 | 3 | 2026-10-08 | | | | | |", [("missing", "error", "A3")]),
        ("property_leaver", "| 甲 | 吴昊 | | 失踪 | 2026-11-03 | | |", [("word.unknown", "error", "D3")]),
        ("property_meter", "| 1#-101 | 2026-10-31 | 12 | | 77 | 12度半 | 钱进 | 周敏 |", [("number.unreadable", "error", "F3"), ("missing", "warning", "D3")]),
    ],
)  # fmt: skip
def test_what_an_office_must_write_is_asked_for_at_its_cell(rules, form, row, told):
    assert told == said(rules, form, row)


def test_a_flat_that_excel_made_a_day_of_is_held_and_asked_for_by_its_own_sentence(rules):
    lines = (
        "| <7 门禁卡登记表 |",
        "| 门禁卡号 | 持卡人 | 所属单位 | 房号 | 领卡日期 |",
        "| 17 | 孙丽 | | {day} | 2026-01-05 |",
    )
    read = Read(rules, book(grid(*lines, given={"day": datetime(2026, 3, 12)}), path="登记.xlsx"))

    assert [("unit.date", "error", "D3")] == [slip[:3] for slip in read.slips()]
    assert "房号「2026-03-12" in read.findings[0].say
