"""经营汇总 › 目标进度: the month's targets against the days gone by, the day's goal, and the store's own 150 and 30."""

from __future__ import annotations

import pytest

from pipeline.days import working_days
from pipeline.facts.gather import gather
from pipeline.report import Table
from pipeline.reports import summary
from pipeline.rulebook.house import CalendarDay, Consultant, Daily, Target
from tests.figures import by_name, sheet
from tests.people import CHEN, QIAN, WANG, ZHAO
from tests.told import day, view

THREE = {
    "customer": f"""
        phone  | first_contact_on | level | consultant
        {WANG} | 11-02            | H     | 李明
        {CHEN} | 11-10            | H     | 李明
        {ZHAO} | 11-10            | A     | 王芳
        {QIAN} | 10-30            | A     | 王芳
    """,
    "deal": f"phone | ordered_on | consultant\n {WANG} | 11-03 | 李明",
}  # fmt: skip


@pytest.fixture
def progress(rules):
    """Draw 目标进度 on a day, with the targets a house wrote."""

    def _progress(on: str, table: int = 0, **targets) -> Table:
        told = rules.model_copy(update={"targets": rules.targets.model_copy(update=targets)})
        return sheet(summary.build(gather(view(told, on, **THREE), told), told), "目标进度", table)

    return _progress


def test_a_target_is_measured_against_the_days_gone_by(rules):
    own = rules.targets.model_copy(update={"consultants": {"李明": Target(prospects=60, conversions=3)}})
    house = rules.house.model_copy(
        update={
            "consultants": (
                Consultant(name="李明"),
                Consultant(name="赵强", leaves_on=day("11-09")),
                Consultant(name="王芳"),
            )
        }
    )
    told = rules.model_copy(update={"targets": own, "house": house})
    tables = {
        "customer": f"phone | first_contact_on | level | consultant\n {WANG} | 11-02 | H | 李明\n {CHEN} | 11-03 | H | 赵强",
        "deal": f"phone | ordered_on | consultant\n {WANG} | 11-03 | 李明",
    }
    found = sheet(summary.build(gather(view(told, "11-10", **tables), told), told), "目标进度")

    assert (
        ("李明", 60, 1, 1 / 60, 20.0, -19.0, 3, 1, 1 / 3, 1.0, 0.0, 2, 0, 0.0, 3),
        ("王芳", 30, 0, 0.0, 10.0, -10.0, 6, 0, 0.0, 2.0, -2.0, 1, 0, 0.0, 2),
    ) == found.rows
    assert ("合计", 90, 1, 1 / 90, 30.0, -29.0, 9, 1, 1 / 9, 3.0, -2.0, 3, 0, 0.0, 5) == found.total


def test_a_hundred_and_fifty_a_month_are_five_a_day_of_thirty_and_seven_of_the_working_days(progress):
    calendar = by_name(progress("11-10", 1))["新增潜客"]
    working = by_name(progress("11-10", 1, daily=Daily(count="working")))["新增潜客"]

    assert [150, 3, 3 / 150, 50.0, -47.0, 5, 2, 8] == [calendar[name] for name in STORE]
    # November 2026 has 21 working days, 7 of them till the 10th: 150 / 21 = 7.1, 147 left over 14 days = 10.5.
    assert [150, 3, 3 / 150, 50.0, -47.0, 8, 2, 11] == [working[name] for name in STORE]


STORE = ("月目标", "完成", "完成率", "应达", "进度差", "每日目标", "今日完成", "每日还需")


def test_the_three_a_day_of_the_plan_are_the_least_a_day_asks_of_the_store(progress):
    few = {"store": Target(prospects=60, conversions=30)}

    assert [3, 2] == [
        by_name(progress("11-10", 1, **few, daily=Daily(least=least)))["新增潜客"]["每日目标"] for least in (3, 0)
    ]


def test_a_day_the_house_does_not_count_asks_for_nobody(progress):
    sunday = progress("11-08", daily=Daily(count="working", least=3, consultants={"李明": 2}))
    store = progress("11-08", 1, daily=Daily(count="working", least=3))

    assert [(0, None), (0, None)] == [(row["今日目标"], row["今日完成率"]) for row in by_name(sunday).values()]
    assert [0, 0] == [row["每日目标"] for row in by_name(store).values()]


def test_a_consultant_s_own_daily_goal_stands_before_the_share_of_the_month(progress):
    found = by_name(progress("11-10", daily=Daily(consultants={"王芳": 4})))

    assert {"李明": (1, 1, 1.0), "王芳": (4, 1, 0.25)} == {
        name: tuple(row[column] for column in ("今日目标", "今日新增", "今日完成率")) for name, row in found.items()
    }


def test_a_store_without_a_target_of_its_own_is_asked_what_its_consultants_are_asked(progress):
    assert [(60, 60), (12, 12)] == [
        (row["月目标"], row["顾问目标合计"]) for row in by_name(progress("11-10", 1, store=None)).values()
    ]


def test_on_the_last_day_of_the_month_no_day_is_left_to_make_up_for_it(progress):
    assert [None, None] == [row["每日还需"] for row in by_name(progress("11-30", 1)).values()]


def test_a_closing_day_and_the_clerk_s_calendar_change_the_working_days(rules):

    house = rules.house.model_copy(update={"closed_on": (day("11-03"),)})
    calendar = rules.calendar.model_copy(
        update={"days": (CalendarDay(on=day("11-07"), type="调休上班"), CalendarDay(on=day("11-04"), type="法定假"))}
    )
    told = rules.model_copy(update={"house": house, "calendar": calendar})

    assert (7, 6) == tuple(working_days(day("11-01"), day("11-10"), each) for each in (rules, told))
