"""A whole night of the property office: our eighteen blanks filled in Excel, handed in, and what lies on its manager's desk in the morning."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.read_rules import read_rules
from pipeline.rulebook.form import FieldSpec, Form
from pipeline.rulebook.rulebook import Rulebook
from tests.conftest import ROOT
from tests.nights import rows, run, verdicts
from tests.property_sheets import SHEETS
from tests.workbooks import drop, new_home

RULES = read_rules(ROOT / "rules")
ON = date(2026, 11, 5)


def filled(form: Form, blanks) -> bytes:
    """Return our blank of a form with the records of its drawn sheet typed in by a tidy clerk."""
    drawn = SHEETS[form.form]
    book = load_workbook(blanks / f"{form.title}.xlsx")
    sheet = book.worksheets[0]
    head, columns = header(sheet, form)
    for down, values in enumerate(drawn.told, 1):
        for name, spec, value in written(form, dict(zip(drawn.fields, values, strict=True))):
            if name == "site":
                sheet.cell(2, 3).value = value
            elif value is not None:
                sheet.cell(head + down, columns[spec.labels[0]]).value = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def header(sheet: Worksheet, form: Form) -> tuple[int, dict[str, int]]:
    """Return the row of the blank's header, and label → column."""
    labels = {spec.labels[0] for spec in form.parts["rows"].fields.values()}
    found = [{str(cell.value): cell.column for cell in row if cell.value in labels} for row in sheet.iter_rows(1, 6)]
    row = max(range(len(found)), key=lambda number: len(found[number]))
    return row + 1, found[row]


def written(form: Form, values: dict[str, Any]) -> Iterator[tuple[str, FieldSpec, Any]]:
    """Yield each field with what a clerk types for it: codes in words, a stretch of days in one cell."""
    fields = form.above | form.parts["rows"].fields
    ranges = {end: (name, spec) for name, spec in fields.items() for end in spec.into}
    for name, value in values.items():
        if name in ranges:
            whole, spec = ranges[name]
            ends = [values.get(end) for end in spec.into]
            yield whole, spec, "-".join(f"{day.year}.{day.month}.{day.day}" for day in ends if day) or None
        else:
            yield name, fields[name], typed(value, fields[name], RULES)


def typed(value: Any, spec: FieldSpec, rules: Rulebook) -> Any:
    if isinstance(value, bool):
        return "√" if value else None
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    return rules.shown(spec.words, value) if value is not None and spec.is_ == "code" else value


@pytest.fixture(scope="module")
def morning(tmp_path_factory):
    """Return the home and the manifest of a night on which all eighteen came in."""
    home = new_home(tmp_path_factory.mktemp("property") / "home")
    for form in SHEETS:
        drop(home, f"{form}.xlsx", filled(RULES.forms[form], home.templates))
    return home, run(home, ON)


def test_every_filled_blank_is_taken_in_whole(morning):
    assert {f"{form}.xlsx": "accepted" for form in SHEETS} == verdicts(morning[1])


@pytest.mark.parametrize("form", SHEETS)
def test_the_archive_holds_what_was_typed_into_the_blank(morning, form):
    drawn = SHEETS[form]

    assert sorted(map(str, drawn.told)) == sorted(
        str(tuple(row[name] for name in drawn.fields)) for row in rows(morning[0], form)
    )


def test_the_office_finds_what_is_overdue_first_and_the_longest_overdue_leads(morning):
    sheet = load_workbook(morning[0].outbox / "2026-11-05" / "其他台账.xlsx")["物业"]
    told = [tuple(map(str, row)) for row in sheet.iter_rows(values_only=True)]
    first = next(number for number, row in enumerate(told) if row[:2] == ("表", "事项")) + 1

    assert [
        ("收车位费", "2013-06-30"), ("车位合同到期", "2013-12-31"), ("答复车位申请", "2026-10-25"), ("归还钥匙", "2026-11-02"),
        ("收回身份卡", "2026-11-03"), ("处理特殊事件", "2026-11-07"), ("身份卡到期", "2026-11-10"), ("完成电话报装", "2026-11-11"),
        ("完成电话过户", "2026-11-12"), ("签证到期", "2026-11-20"), ("续签租赁合同", "2026-11-30"), ("电话租期到期", "2026-11-30"),
        ("登记证到期", "2026-12-15"),
    ] == [(row[1], row[3][:10]) for row in told[first:]]  # fmt: skip
    assert any("逾期 5 项" in row[0] for row in told[:first])


def test_the_row_of_a_unit_brings_its_registers_together(morning):
    sheet = load_workbook(morning[0].outbox / "2026-11-05" / "其他台账.xlsx")["物业单元"]
    lines = [tuple(map(str, row)) for row in sheet.iter_rows(values_only=True)]
    head = next(line for line in lines if "房号" in line)
    (of_0302,) = [
        dict(zip(head, line, strict=True)) for line in lines if "19#-0302" in line and "蓝天公司(租户)" in line
    ]

    assert ("2026-11-30", "B-013 租赁", "2013-06-30", "******76", "2", "1") == (
        of_0302["租约到"][:10], of_0302["车位"], of_0302["车位费至"][:10], of_0302["固定电话"], of_0302["身份卡"], of_0302["境外人员"],
    )  # fmt: skip


def test_no_number_of_a_passport_a_card_holder_or_a_phone_stands_whole_in_the_manager_s_workbook(morning):
    book = load_workbook(morning[0].outbox / "2026-11-05" / "其他台账.xlsx")
    text = "\n".join(
        str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None
    )

    assert [] == [number for number in ("E1234567", "13800001111", "66009876", "410000400001") if number in text]
