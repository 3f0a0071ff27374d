"""Times of day and ranges as people write them; numbers are the traps of the domain notes, section 4."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.values.meant import Meant, Slip, Stay
from pipeline.values.times import read_range, read_time

VALID = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


@pytest.mark.parametrize(
    ("written", "clock"),
    [
        (9.2, "09:20"), (13.54, "13:54"), (11.4, "11:40"), (15.01, "15:01"),  # 9
        (13.0, "13:00"), ("13", "13:00"), ("13.0", "13:00"),  # 10
        ("15;20", "15:20"), ("15；50", "15:50"),  # 12
        ("9:30", "09:30"), ("9：30", "09:30"), ("９：３０", "09:30"), ("9点30分", "09:30"), ("9点半", "09:30"), ("9时30分", "09:30"), ("九点半", "09:30"),
        ("9点", "09:00"), ("9点一刻", "09:15"), ("上午9:30", "09:30"), ("下午3:30", "15:30"), ("下午3点半", "15:30"), ("3:30PM", "15:30"), ("中午12:10", "12:10"),
        ("晚上7点", "19:00"), ("9:30:00", "09:30"), ("0930", "09:30"), ("约9:30", "09:30"), ("2026-11-05 9:30", "09:30"), ("9:5", "09:05"), (930.0, "09:30"),
        (0.3819444, "09:10"), (time(9, 30), "09:30"), (datetime.fromisoformat("2026-11-05 09:30"), "09:30"), (timedelta(hours=9, minutes=30), "09:30"), (46000.5, "12:00"),  # 15
    ],
)  # fmt: skip
def test_a_time_is_read_in_every_spelling_9_to_15(written, clock):
    assert Meant(clock) == read_time(written)


@pytest.mark.parametrize(
    "written",
    [
        9.75,
        "9:60",
        "25:00",
        "24:00",
        24.0,
        "午后",
        "很久",
        "9:30:",
        "-3",
        True,
        0.0,
        9.123,
        timedelta(days=2),
        "9-10-11",
        "9:30 10:00",
    ],
)
def test_what_is_no_time_is_said_and_not_guessed_9(written):
    assert Slip("time.unreadable") == read_time(written)


@pytest.mark.parametrize("written", ["", " ", ":", "点  分", "/", "-"])
def test_an_unfilled_time_is_blank(written):
    assert Meant() == read_time(written)


@pytest.mark.parametrize(
    "written",
    [
        "9:30-10:15",
        "9:30—10:15",
        "9：30～10：15",
        "9点30分至10点15分",
        "上午9:30-10:15",
        "9:30 -- 10:15",
        "9.30-10.15",
        "9;30到10;15",
        "9:30–10:15",
    ],
)
def test_a_stay_written_in_one_cell_is_two_times_13(written):
    assert Meant(Stay("09:30", "10:15")) == read_range(written)


def test_an_afternoon_named_once_counts_for_both_ends_13():
    assert (Meant(Stay("14:00", "15:30")), Meant(Stay("11:30", "13:15"))) == (
        read_range("下午2:00-3:30"),
        read_range("上午11:30-下午1:15"),
    )


def test_one_end_of_a_stay_may_be_open():
    assert (Meant(Stay("09:30", "")), Meant(Stay("", "10:15")), Meant(Stay("09:30", ""))) == (
        read_range("9:30-"),
        read_range("-10:15"),
        read_range(9.3),
    )


def test_a_stay_that_ends_before_it_begins_is_never_taken_for_the_next_day_14():
    assert Slip("time.range-reversed") == read_range("16:00—09:00分")


@given(st.one_of(st.text(), st.floats(), st.from_regex(r"[0-9:;.点分半~上午下 -]{1,12}", fullmatch=True)))
def test_every_time_that_is_taken_in_is_a_time(written):
    one, both = read_time(written), read_range(written)

    assert not isinstance(one, Meant) or one.value is None or VALID.fullmatch(one.value)
    if isinstance(both, Meant) and both.value:
        assert all(not end or VALID.fullmatch(end) for end in (both.value.start, both.value.end))
        assert not both.value.start or not both.value.end or both.value.start <= both.value.end


@given(st.times())
def test_a_time_once_read_reads_the_same_again(one):
    assert Meant(f"{one:%H:%M}") == read_time(one) == read_time(f"{one:%H:%M}")
