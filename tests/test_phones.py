"""Phone numbers and the words people put in their place; numbers are the traps of the domain notes, section 4."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.values.meant import Meant, Slip
from pipeline.values.phone import read_phone


@pytest.mark.parametrize(
    "written",
    [
        13800001111.0, "13800001111", "13800001111.0", "1.3800001111E+10",  # 16
        "\xa013800001111\xa0", "\u200b13800001111",  # 18
        "+86 138 0000 1111", "86-13800001111", "008613800001111", "138-0000-1111", "138 0000 1111", "1 3 8 0 0 0 0 1 1 1 1", "１３８００００１１１１", "(138)0000-1111", "138(0000)1111", "013800001111", "0138-0000-1111",
        "13800001111(爱人)", "13800001111（爱人）", "王强13800001111", "电话:13800001111", "13800001111转801", "13800001111 13800001111", "13800001111、",  # 20
    ],
)  # fmt: skip
def test_a_mobile_keeps_its_eleven_digits_16_18_20(written, rules):
    assert Meant("13800001111") == read_phone(written, rules.vocabulary["phone_words"])


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
def test_a_mobile_written_bare_is_read_as_one_with_gaps_is(number):
    assert read_phone(f"{number[:3]} {number[3:7]} {number[7:]}", None) == read_phone(number, None) == Meant(number)


@pytest.mark.parametrize(
    ("written", "digits"),
    [
        ("02888880000", "02888880000"), ("028-88880000", "02888880000"), ("(028)8888 0000", "02888880000"), ("010-60001234", "01060001234"),
        ("01060001234", "01060001234"), ("+86 28 8888 0000", "02888880000"), ("028-88880000转801", "02888880000"), ("028-88880000-分机12", "02888880000"),
        ("400-123-4567", "4001234567"), ("4001234567", "4001234567"),
    ],
)  # fmt: skip
def test_a_landline_with_its_area_code_is_kept_20(written, digits, rules):
    assert Meant(digits) == read_phone(written, rules.vocabulary["phone_words"])


@pytest.mark.parametrize(
    "written",
    [
        "13800001111/13800002222",
        "13800001111 13800002222",
        "13800001111、028-88880000",
        "13800001111\n13800002222",
        "13800001111/1380000",
    ],
)
def test_of_two_numbers_the_first_is_taken_and_the_second_is_said_20(written, rules):
    assert Meant("13800001111", doubt=Slip("phone.two", other="13800001111")) == read_phone(
        written, rules.vocabulary["phone_words"]
    )


@pytest.mark.parametrize(
    "written",
    ["138000011112", "1380000111", "88880000", 88880000.0, "12800001111", "0138000011112", 123.0],
)
def test_too_many_or_too_few_digits_are_said_19(written, rules):
    assert Slip("phone.wrong-length") == read_phone(written, rules.vocabulary["phone_words"])


@pytest.mark.parametrize("written", ["1082440000", 1082440000.0, "10-82440000"])
def test_a_landline_without_the_zero_of_its_area_code_is_said_and_not_put_right_21(written, rules):
    assert Slip("phone.zero-lost", other="01082440000") == read_phone(written, rules.vocabulary["phone_words"])


@pytest.mark.parametrize("written", ["1.38E+10", "1.38e10", "1.380000111E+10"])
def test_digits_that_excel_has_dropped_are_said_16(written, rules):
    assert Slip("phone.precision-lost") == read_phone(written, rules.vocabulary["phone_words"])


@pytest.mark.parametrize(
    "written",
    [
        "138****1111",
        "138OOOO1111",
        "1380000111?",
        "l3800001111",
        "l8006775141",
        "I8006775141",
        "1380000111O",
        "O2888880000",
    ],
)
def test_a_masked_or_misspelt_number_is_said(written, rules):
    assert Slip("phone.unreadable") == read_phone(written, rules.vocabulary["phone_words"])


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("未留", "refused"),
        ("不愿留", "refused"),
        ("提车", "service"),
        ("送快递", "service"),
        ("配钥匙", "service"),
        ("退意向金", "service"),
        ("保养客户", "service"),
        ("找×经理", ""),
        ("找3楼王经理", ""),
    ],
)
def test_words_in_the_phone_cell_are_no_error_and_are_kept_17(written, why, rules):
    assert Meant(None, also=(("phone_words", written), ("phone_why", why))) == read_phone(
        written, rules.vocabulary["phone_words"]
    )


@pytest.mark.parametrize("written", ["", "/", "无", " - ", "没有"])
def test_a_stroke_in_the_phone_cell_is_blank(written, rules):
    assert Meant() == read_phone(written, rules.vocabulary["phone_words"])


@given(st.one_of(st.text(), st.floats(), st.from_regex(r"[0-9+()\-/ E.x转]{1,24}", fullmatch=True)))
def test_every_number_that_is_taken_in_is_digits_only_and_reads_the_same_again(written):
    found = read_phone(written, None)

    if isinstance(found, Meant) and found.value is not None:
        assert found.value.isascii()
        assert found.value.isdigit()
        assert Meant(found.value) == read_phone(found.value, None)
