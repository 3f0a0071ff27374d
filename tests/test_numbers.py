"""Counts, minutes and money with the units people add; numbers are the traps of the domain notes, section 4."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.values.meant import Meant, Slip
from pipeline.values.numbers import read_count, read_minutes, read_money, read_number
from pipeline.values.plain import arabic, text_of


@pytest.mark.parametrize(
    ("written", "count"),
    [
        (3.0, 3),
        ("3", 3),
        ("3人", 3),
        ("３ 人", 3),
        ("约5", 5),
        ("5位左右", 5),
        ("两人", 2),
        ("十二人", 12),
        ("3.0", 3),
        ("3个人", 3),
        ("2部", 2),
        ("3把", 3),
    ],
)
def test_people_are_counted_whatever_stands_behind_the_figure_40(written, count):
    assert Meant(count) == read_count(written)


@pytest.mark.parametrize("written", [3.5, "①", "约②", "㈢", "2²", "2大1小", "3+1", "-2", "一家", "很多", 1e20])
def test_what_is_no_whole_number_is_said_40(written):
    assert Slip("count.unreadable") == read_count(written)


@pytest.mark.parametrize(
    ("written", "minutes"),
    [
        ("30分钟", 30),
        (30.0, 30),
        ("1小时20分", 80),
        ("1.5小时", 90),
        ("半小时", 30),
        ("1:15", 75),
        (timedelta(minutes=45), 45),
        (time(0, 40), 40),
        (0.5, 720),
    ],
)
def test_a_duration_is_minutes_40(written, minutes):
    assert Meant(minutes) == read_minutes(written)


@pytest.mark.parametrize(
    ("written", "yuan"),
    [
        ("15万", 150000),
        ("15.8万元", 158000),
        ("￥158,000", 158000),
        ("158000元", 158000),
        ("¥158,000.50", 158000.5),
        (158000.0, 158000),
        ("约15万左右", 150000),
        ("15W", 150000),
        ("１５．８万", 158000),
        ("人民币158000元整", 158000),
        ("RMB 158000", 158000),
        ("15万8", 158000),
        ("20万5千", 205000),
        ("十五万", 150000),
        ("十五万八", 158000),
    ],
)
def test_money_is_plain_yuan_40(written, yuan):
    assert Meant(float(yuan)) == read_money(written)


@pytest.mark.parametrize("written", ["8折", "15-18万", "面议", "-5", "万", "1,58", "15万80", "三千五"])
def test_a_discount_or_a_range_is_no_amount_40(written):
    assert Slip("money.unreadable") == read_money(written)


def test_a_model_that_excel_took_for_a_number_is_a_name_again_22():
    assert ("301", "新408", "12.5") == (text_of(301.0), text_of("新408"), text_of(12.5))


def test_chinese_numerals_are_figures_29():
    assert ["2026年11月21日", "30", "12", "20"] == [
        arabic(numeral) for numeral in ("二〇二六年十一月廿一日", "三十", "十二", "二十")
    ]


@given(st.one_of(st.text(), st.floats(), st.timedeltas()))
def test_nothing_anyone_writes_breaks_the_reading_of_figures(written):
    for read in (read_count, read_minutes, read_money):
        found = read(written)
        assert isinstance(found, Meant | Slip)
        assert isinstance(found, Slip) or found.value is None or found == read(float(found.value))


def test_blank_is_blank():
    assert [Meant()] * 3 == [read_count(""), read_minutes(" "), read_money("")]


@pytest.mark.parametrize(
    ("written", "number"), [("960度", 960.0), ("1,204", 1204.0), ("86.5㎡", 86.5), ("约12吨", 12.0)]
)
def test_a_quantity_is_read_without_its_unit(written, number):
    assert Meant(number) == read_number(written)


def test_a_half_after_the_unit_is_no_unit():
    assert Slip("number.unreadable") == read_number("12度半")
