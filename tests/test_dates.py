"""Days and months as people write them; numbers in brackets are the traps of the domain notes, section 4."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.values.dates import read_date
from pipeline.values.meant import Meant, Slip
from pipeline.values.months import read_month
from pipeline.values.neighbours import settle
from pipeline.values.years import When

RECEIVED = date(2026, 11, 5)
IN_NOVEMBER = When(RECEIVED, around=date(2026, 11, 15), year=2026, month="2026-11")
BARE = When(RECEIVED)


def day(value: object, when: When = BARE) -> object:
    """Return the day as ISO text, None for blank, or the slip's code."""
    found = read_date(value, when)  # type: ignore[arg-type]  # the tests also hand in what no reader gives
    if isinstance(found, Slip):
        return found.code
    return found.value.isoformat() if found.value else None


@pytest.mark.parametrize(
    "written",
    [
        "2026-3-5", "26-3-5", "2026/3/5", "2026.03.05", "20260305", "2026年3月5日", "二〇二六年三月五日", "２０２６年３月５日", "2026 年 3 月 5 日",
        "2026年3月5日 星期四 晴", "2026-03-05(周四)", "2026-03-05 09:30", "2026-03-05T09:30:00", "2026年3月5号", "2026—3—5", 20260305.0, 46086.0, 46086.4,
        date(2026, 3, 5), datetime.fromisoformat("2026-03-05 09:30"),
    ],
)  # fmt: skip
def test_a_whole_date_is_read_in_every_spelling_29(written):
    assert "2026-03-05" == day(written)


@pytest.mark.parametrize(
    "written", ["11.03", "11.3", "11/3", "11-3", "11月3日", "十一月三日", "11月3号", "１１月３日", 11.03]
)
def test_a_day_without_its_year_takes_the_year_nearest_to_the_hand_in_4(written):
    assert "2026-11-03" == day(written)


def test_december_written_in_a_sheet_of_january_belongs_to_last_year_4():
    assert "2026-12-28" == day("12.28", When(date(2027, 1, 4)))


def test_a_day_without_its_year_far_from_the_hand_in_is_asked_about_4():
    assert "date.no-year" == day("3.5")


def test_the_title_s_month_tells_the_year_however_late_the_sheet_comes_in_4():
    assert "2026-11-03" == day("11.3", When(date(2027, 8, 1), around=date(2026, 11, 15), year=2026, month="2026-11"))


def test_a_first_contact_long_ago_takes_the_last_such_day_before_the_sheet_s_month():
    assert ("2026-03-05", "2025-12-20") == (
        day("3.5", IN_NOVEMBER),
        day("12.20", When(RECEIVED, around=date(2026, 1, 15), year=2026, month="2026-01")),
    )


def test_a_year_in_the_file_name_is_the_year_4():
    assert "2025-03-05" == day("3.5", When(RECEIVED, year=2025))


def test_a_next_date_after_new_year_lies_in_the_next_year():
    assert "2027-01-03" == day(
        "1.3", When(RECEIVED, around=date(2026, 12, 15), month="2026-12", since=date(2026, 12, 28), ahead=True)
    )


@pytest.mark.parametrize(
    ("number", "ways"),
    [(11.1, "2026-11-01 或 2026-11-10"), (11.2, "2026-11-02 或 2026-11-20"), (12.3, "2026-12-03 或 2026-12-30")],
)
def test_a_number_that_reads_as_two_days_is_asked_about_5(number, ways):
    found = read_date(number, BARE)

    assert isinstance(found, Slip)
    assert ("date.two-ways", ways) == (found.code, found.other)


@pytest.mark.parametrize(
    ("number", "expected"),
    [(11.4, "2026-11-04"), (11.15, "2026-11-15"), (11.3, "date.two-ways"), (11.35, "date.impossible")],
)
def test_a_number_that_reads_as_one_day_is_that_day_5(number, expected):
    assert expected == day(number)


def test_neighbours_settle_a_number_that_reads_two_ways_5():
    first, tenth = date(2026, 12, 1), date(2026, 12, 10)

    assert [date(2026, 12, 5), tenth, date(2026, 12, 12)] == settle(
        [(date(2026, 12, 5),), (first, tenth), (date(2026, 12, 12),)]
    )
    assert None is settle([(date(2026, 11, 30),), (first, tenth), (date(2026, 12, 31),)])[1]
    assert None is settle([(first, tenth)])[0]


def test_a_list_with_the_newest_day_first_settles_downwards_5():
    first, tenth = date(2026, 12, 1), date(2026, 12, 10)

    assert first == settle([(date(2026, 12, 20),), (date(2026, 12, 5),), (first, tenth)])[2]


@pytest.mark.parametrize(
    "written",
    ["", "  ", "年 月 日", "    年   月   日", "____年__月__日", "月 日(星期 )", "/", "  年  月  日 星期  天气 "],
)
def test_an_unfilled_date_line_is_blank_28(written):
    assert None is day(written)


@pytest.mark.parametrize("written", ["2024-02-30", "2026年11月31日", "11.31", "2月30日", "20261301", "13/45"])
def test_a_day_no_calendar_has_is_impossible_30(written):
    assert "date.impossible" == day(written)


@pytest.mark.parametrize(
    "written",
    [
        "2026年3月",
        "2013.1.1-2013.12.31",
        "周三",
        "年后",
        "等拍牌",
        "3月底",
        "9:30",
        "138",
        5.0,
        12.345,
        True,
        -3.0,
        1e300,
        "1826-03-05",
    ],
)
def test_what_names_no_single_day_is_not_guessed_29(written):
    assert "date.unreadable" == day(written)


def test_a_year_of_two_digits_far_from_the_hand_in_is_asked_about_7():
    assert "date.no-year" == day("13年12月1日")


def test_serials_count_from_1904_in_a_mac_workbook_30():
    assert ("2024-03-05", "2028-03-06") == (day(45356.0), day(45356.0, When(RECEIVED, epoch_1904=True)))


def test_a_bare_day_takes_the_month_of_the_sheet():
    assert ("2026-11-07", "date.unreadable") == (day("7日", IN_NOVEMBER), day("7日"))


def test_a_day_in_the_english_order_is_read_only_where_it_is_clear():
    assert ("2026-11-25", "date.two-ways", "2026-03-03") == (day("11/25/2026"), day("3/5/2026"), day("3/3/2026"))


@pytest.mark.parametrize(
    "written",
    [
        "2026-11",
        "2026年11月",
        "2026年１１月份",
        "202611",
        202611.0,
        2026.11,
        "2026.11",
        "26年11月",
        "11月",
        "十一月",
        "2026-11-05",
        date(2026, 11, 1),
        46327.0,
    ],
)
def test_a_month_is_read_in_every_spelling(written):
    found = read_month(written, BARE)

    assert isinstance(found, Meant)
    assert "2026-11" == found.value


def test_the_number_2026_1_is_january_or_october_and_the_sheet_decides():
    october = When(RECEIVED, month="2026-10")

    assert (Slip("date.two-ways", other="2026-01 或 2026-10"), Meant("2026-10")) == (
        read_month(2026.1, BARE),
        read_month(2026.1, october),
    )


@pytest.mark.parametrize("written", ["2026年13月", "2026年0月", "本月", "13月", "2026"])
def test_what_is_no_month_is_said(written):
    assert Slip("month.unreadable") == read_month(written, BARE)


@given(st.one_of(st.text(), st.floats(), st.from_regex(r"[0-9年月日./ -]{1,12}", fullmatch=True)))
def test_nothing_anyone_writes_breaks_the_reading_of_days(written):
    for when in (BARE, IN_NOVEMBER):
        assert isinstance(read_date(written, when), Meant | Slip)
        assert isinstance(read_month(written, when), Meant | Slip)


@given(st.dates(date(1990, 1, 1), date(2050, 12, 31)))
def test_a_day_once_read_reads_the_same_again(one):
    assert Meant(one) == read_date(one, BARE) == read_date(one.isoformat(), BARE)
    assert Meant(f"{one:%Y-%m}") == read_month(f"{one:%Y-%m}", BARE)
