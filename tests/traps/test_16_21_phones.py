"""Traps 16 to 21 of real sheets: what stands in the phone column."""

from __future__ import annotations

import pytest

from pipeline.grid import Value
from tests.readings import REGISTER
from tests.sheets import grid
from tests.street import Taken, take_in


def visit(rules, phone: Value) -> Taken:
    """Take in a first visit whose phone stands in C3."""
    row = "| 1 | 王先生 | {phone} | H | 9:30 | 10:15 | 李明 | | 看车 |"
    return take_in(rules, grid("| 日期 | 2026-11-05 |", REGISTER, row, given={"phone": phone}))


@pytest.mark.parametrize("written", [13800001111.0, "13800001111.0", "1.3800001111E+10"])
def test_trap_16_a_phone_typed_as_a_number_keeps_its_digits(rules, written):
    """`13800001111.0`, `1.3800001111E+10` → eleven digits."""
    taken = visit(rules, written)

    assert ("accepted", [("13800001111", True)]) == (taken.verdict, taken.told("phone", "captured"))
    assert ["C3"] == taken.cells("phone")


def test_trap_16_digits_that_excel_has_dropped_are_said(rules):
    """`1.38E+10` as text → the digits are gone; the row waits."""
    assert [("phone.precision-lost", "error", "C3")] == visit(rules, "1.38E+10").slips()


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("未留", None),
        ("不愿留", None),
        ("找×经理", None),
        ("保养客户", "other"),
        ("提车", "other"),
        ("送快递", "other"),
        ("配钥匙", "other"),
        ("退意向金", "other"),
    ],
)
def test_trap_17_a_reason_in_the_phone_column_is_no_error_and_is_kept(rules, written, kind):
    """`未留`, `提车`, `找×经理` → no phone, the words are kept as the reason, a service errand is no sales visit."""
    taken = visit(rules, written)

    assert ("accepted", [(None, False, written, kind)]) == (
        taken.verdict,
        taken.told("phone", "captured", "refusal_reason", "visit_kind"),
    )


def test_trap_18_no_break_spaces_of_a_web_export_are_stripped(rules):
    """Phone, level and name wrapped in U+00A0 → without them."""
    row = "| 1 | {name} | {phone} | {level} | 9:30 | 10:15 | 李明 | | 看车 |"
    given = {"name": "\xa0王先生\xa0", "phone": "\xa013800001111\xa0", "level": "\xa0H\xa0"}
    taken = take_in(rules, grid("| 日期 | 2026-11-05 |", REGISTER, row, given=given))

    assert ("accepted", [("王先生", "13800001111", "H")]) == (
        taken.verdict,
        taken.told("customer_name", "phone", "level"),
    )


@pytest.mark.parametrize("written", ["138000011112", 138000011112.0, "1380000111", "88880000", 88880000.0])
def test_trap_19_too_many_or_too_few_digits_are_said_with_what_a_number_looks_like(rules, written):
    """12, 10 or 8 digits → said; a landline wants its area code."""
    taken = visit(rules, written)

    assert ("returned", [("phone.wrong-length", "error", "C3")]) == (taken.verdict, taken.slips())
    assert "11 位手机号,或带区号的座机" == taken.finding("phone.wrong-length").want


@pytest.mark.parametrize(
    ("written", "digits"),
    [
        ("010-60001234", "01060001234"),
        ("01060001234", "01060001234"),
        ("400-123-4567", "4001234567"),
        ("+86 138 0000 1111", "13800001111"),
        ("138-0000-1111", "13800001111"),
        ("１３８００００１１１１", "13800001111"),
        ("13800001111(爱人)", "13800001111"),
    ],
)
def test_trap_20_every_way_to_write_a_number_is_the_number(rules, written, digits):
    """`010-6000…`, `400-…`, `+86 138 …`, full width, `…(爱人)` → digits only."""
    taken = visit(rules, written)

    assert ("accepted", [(digits, True)]) == (taken.verdict, taken.told("phone", "captured"))


def test_trap_20_of_two_numbers_the_first_counts_and_the_second_is_said(rules):
    """`138…/139…` → the first; a warning names the cell."""
    taken = visit(rules, "13800001111/13900002222")

    assert ("accepted", [("13800001111",)], [("phone.two", "warning", "C3")]) == (
        taken.verdict,
        taken.told("phone"),
        taken.slips(),
    )


@pytest.mark.parametrize(
    ("written", "whole"),
    [(1060001234.0, "01060001234"), ("2888880000", "02888880000"), (75588880000.0, "075588880000")],
)
def test_trap_21_an_area_code_that_lost_its_zero_is_said_with_the_number_it_may_have_been(rules, written, whole):
    """Number `1060001234` → said, with `01060001234` to confirm; never put right by itself."""
    taken = visit(rules, written)

    assert ("returned", [("phone.zero-lost", "error", "C3")]) == (taken.verdict, taken.slips())
    assert f"若是座机 {whole},请照此写全;若是手机,写 11 位手机号" == taken.finding("phone.zero-lost").want
