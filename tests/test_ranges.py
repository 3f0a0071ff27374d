"""Stretches of days written in one cell; numbers are the traps of the domain notes, section 4."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from pipeline.values.meant import Meant, Slip
from pipeline.values.ranges import read_date_range
from pipeline.values.years import When

ENDS = ("since", "until")
WHEN = When(received=date(2027, 1, 8))


@pytest.mark.parametrize(
    "written",
    [
        "2026.1.1-2026.12.31",
        "2026/1/1-2026/12/31",
        "2026年1月1日至2026年12月31日",
        "2026-01-01~2026-12-31",
        "2026.1.1—12.31",
        "2026.1.1-12.31",
        "2026年1月1日到12月31日",
    ],
)
def test_a_year_s_contract_is_a_year_however_it_is_written_29(written):
    assert Meant(None, also=(("since", date(2026, 1, 1)), ("until", date(2026, 12, 31)))) == read_date_range(
        written, ENDS, WHEN
    )


@pytest.mark.parametrize("written", ["2026.12.31", datetime(2026, 12, 31)])
def test_one_day_alone_is_the_last_of_its_stretch(written):
    assert Meant(None, also=(("until", date(2026, 12, 31)),)) == read_date_range(written, ENDS, WHEN)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("2026.12.31-2026.1.1", "date.range-reversed"),
        ("2026.12.1-1.31", "date.range-reversed"),
        ("2026.1.1-2.30", "date.impossible"),
        ("长期", "date.unreadable"),
    ],
)
def test_what_is_no_stretch_is_said(written, code):
    found = read_date_range(written, ENDS, WHEN)

    assert isinstance(found, Slip)
    assert code == found.code
