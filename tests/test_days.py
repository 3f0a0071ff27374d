"""The calendar: which days are holidays, which weekends are worked, and what nobody knows yet."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from pipeline.days import Day, calendar_findings, day_of, unknown_years, week_of, weekday_of
from pipeline.rulebook.house import Calendar, CalendarDay

SHIPPED = Calendar()


def test_national_day_is_a_holiday_also_on_its_weekend():
    assert [day_of(date(2026, 10, day), SHIPPED) for day in (1, 3, 7)] == [Day("法定假", "国庆节")] * 3


def test_a_weekend_worked_for_a_holiday_says_for_which():
    assert day_of(date(2026, 10, 10), SHIPPED) == Day("调休上班", "国庆节")
    assert day_of(date(2026, 9, 20), SHIPPED) == Day("调休上班", "国庆节")


def test_other_days_are_working_days_and_weekends():
    assert day_of(date(2026, 11, 5), SHIPPED) == Day("工作日")
    assert day_of(date(2026, 11, 7), SHIPPED) == Day("周末")


def test_the_house_s_own_calendar_comes_first():
    own = Calendar(days=(CalendarDay(on=date(2026, 11, 5), type="法定假", name="店庆"),))

    assert day_of(date(2026, 11, 5), own) == Day("法定假", "店庆")


def test_a_year_without_published_shifts_still_has_its_statutory_days():
    assert day_of(date(2027, 2, 6), SHIPPED) == Day("法定假", "春节")
    assert day_of(date(2027, 10, 1), SHIPPED) == Day("法定假", "国庆节")
    assert day_of(date(2027, 11, 6), SHIPPED) == Day("周末")


def test_a_year_without_published_shifts_is_warned_of_once(rules):
    [finding] = calendar_findings([date(2026, 12, 31), date(2027, 1, 1), date(2027, 1, 2)], rules)

    assert (finding.code, finding.level, finding.found) == ("calendar.unknown", "warning", "2027")
    assert "2027 年的调休" in finding.say


def test_a_clerk_who_wrote_down_the_shifts_is_warned_no_more():
    told = Calendar(days=(CalendarDay(on=date(2027, 2, 20), type="调休上班", name="春节"),))

    assert unknown_years([date(2027, 1, 1)], told) == ()
    assert unknown_years([date(2027, 1, 1)], SHIPPED) == (2027,)


def test_a_holiday_of_the_house_s_own_tells_nothing_of_the_year_s_shifts():
    told = Calendar(days=(CalendarDay(on=date(2027, 5, 20), type="法定假", name="店庆"),))

    assert unknown_years([date(2027, 1, 1)], told) == (2027,)


def test_weeks_are_iso_weeks():
    assert week_of(date(2026, 10, 10)) == "2026-W41"
    assert week_of(date(2027, 1, 3)) == "2026-W53"


def test_weekdays_are_written_out():
    assert weekday_of(date(2026, 11, 8)) == "星期日"


@given(st.dates(min_value=date(1990, 1, 1), max_value=date(2150, 12, 31)))
def test_every_day_has_a_type(on):
    day = day_of(on, SHIPPED)

    assert day.type in ("工作日", "周末", "法定假", "调休上班")
    assert day.type != "周末" or on.weekday() >= 5
    assert day.type != "工作日" or on.weekday() < 5
