"""房号 in the writings of property offices, each the same flat."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.values.meant import NOTHING, Meant, Slip
from pipeline.values.units import read_unit


@pytest.mark.parametrize(
    "written",
    [
        "19#-0201",
        "19＃－0201",
        "19号楼0201",
        "19号楼-0201室",
        " 19栋 0201房",
        "19幢0201",
        "19-0201",
        "19#0201",
        "19#楼0201",
    ],
)
def test_one_flat_is_one_flat_however_its_number_is_written(written):
    assert Meant("19#-0201") == read_unit(written)


@pytest.mark.parametrize(
    ("written", "unit"),
    [
        ("3号楼2单元501", "3#-2-501"),
        ("3#-2-501", "3#-2-501"),
        ("3-2-501", "3#-2-501"),
        ("3栋2单元0501室", "3#-2-0501"),
        ("A座1203", "A#-1203"),
        ("b座-1203a", "B#-1203A"),
        (1203.0, "1203"),
        ("1203室", "1203"),
        ("12-301", "12#-301"),
        ("19#-12", "19#-12"),
    ],
)
def test_stairs_towers_and_rooms_alone_are_kept_apart(written, unit):
    assert Meant(unit) == read_unit(written)


@pytest.mark.parametrize("written", ["商铺A12", "地下一层", "会所", "19#-0201、0202", "值班室"])
def test_what_is_no_such_number_stays_as_written(written):
    assert Meant(written) == read_unit(written)


def test_a_flat_that_excel_made_a_day_of_is_asked_for_again():
    assert Slip("unit.date") == read_unit(datetime(2026, 3, 12))
    assert NOTHING == read_unit("")


@given(st.integers(1, 99), st.integers(1, 30), st.integers(1, 12))
def test_a_flat_once_read_reads_the_same_again(house, floor, room):
    unit = f"{house}#-{floor:02}{room:02}"

    assert Meant(unit) == read_unit(unit) == read_unit(f"{house}号楼{floor:02}{room:02}室")
