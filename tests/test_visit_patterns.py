"""来店规律: a few drawn days at the front desk, counted by hand by day, weekday, hour, week and month."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from pipeline.report import Report
from pipeline.reports.visit_patterns import build
from pipeline.rulebook.house import Calendar, CalendarDay
from pipeline.view import Rowset, View
from tests.desk import ON, STORY, rows, sheet, view

SHEETS = ["一览", "按日", "按星期", "按时段", "按月内日", "按周", "按月", "留档分析", "未留档明细", "来店明细"]


@pytest.fixture
def report(rules) -> Report:
    return build(view(rules, STORY), rules)


def total(report: Report, name: str) -> dict[str, Any]:
    found = sheet(report, name).tables[0]
    assert found.total is not None
    return dict(zip([column.name for column in found.columns], found.total, strict=True))


def columns(report: Report, name: str) -> list[str]:
    return [column.name for column in sheet(report, name).tables[0].columns]


def test_sheets_and_columns_stand_in_the_agreed_order(report):
    assert [sheet.name for sheet in report.sheets] == SHEETS
    assert columns(report, "按日")[:11] == [
        "日期", "星期", "日类型", "来店批次", "来电批次", "合计批次", "留档数", "未留档数", "留档率", "现场订购", "平均停留分钟",
    ]  # fmt: skip
    assert columns(report, "按星期") == ["星期", "天数", "合计批次", "日均批次", "占比", "留档率"]
    assert columns(report, "按时段")[:15] == ["星期", *(f"{hour}时" for hour in range(8, 21)), "其他"]
    assert columns(report, "按月内日") == ["日", "天数", "合计批次", "日均批次"]
    assert columns(report, "按周")[:5] == ["周", "合计批次", "留档数", "留档率", "现场订购"]
    assert columns(report, "按月")[:5] == ["月", "合计批次", "留档数", "留档率", "现场订购"]
    assert columns(report, "留档分析")[:6] == ["销售顾问", "接待批次", "留档数", "未留档数", "留档率", "未留档率排名"]
    assert columns(report, "未留档明细")[:7] == ["日期", "销售顾问", "称呼", "进店", "离店", "注释", "原因"]


def test_a_day_counts_walk_ins_calls_and_those_who_left_nothing(report):
    first = rows(report, "按日", *columns(report, "按日")[:11])[0]

    assert first == (date(2026, 10, 1), "星期四", "法定假", 2, 1, 3, 2, 1, pytest.approx(2 / 3), 0, 40.0)


def test_calls_count_as_batches_but_their_length_is_no_stay(report):
    assert rows(report, "按日", "合计批次", "平均停留分钟")[0] == (3, (30 + 50) / 2)


def test_a_stay_without_a_leaving_time_is_left_out_of_the_mean(report):
    assert dict(rows(report, "按日", "日期", "平均停留分钟"))[date(2026, 10, 8)] is None


def test_a_visit_to_pick_up_a_car_is_counted_apart(report):
    day = {row[0]: row[1:] for row in rows(report, "按日", "日期", "合计批次", "留档数", "留档率", "其他来访")}

    assert day[date(2026, 10, 3)] == (0, 0, None, 1)


def test_a_visit_of_no_stated_kind_counts(report):
    assert dict(rows(report, "按日", "日期", "合计批次"))[date(2026, 10, 10)] == 2


def test_a_day_without_a_register_stays_blank_and_says_so(report):
    day = {row[0]: row[1:] for row in rows(report, "按日", "日期", "合计批次", "留档率", "备注")}

    assert day[date(2026, 10, 9)] == (None, None, "没有登记表")
    assert day[date(2026, 10, 4)] == (None, None, "国庆节 没有登记表")


def test_a_day_whose_register_was_handed_in_empty_counts_zero(rules):
    day = {
        row[0]: row[1:]
        for row in rows(build(view(rules, STORY, "10-09"), rules), "按日", "日期", "合计批次", "留档率", "备注")
    }

    assert day[date(2026, 10, 9)] == (0, None, None)


def test_days_are_listed_from_the_first_register_on_without_closing_days(rules):
    shut = rules.model_copy(
        update={"house": rules.house.model_copy(update={"closed_on": (date(2026, 10, 2), date(2026, 10, 8))})}
    )
    days = [day.day for (day,) in rows(build(view(rules, STORY), shut), "按日", "日期")]

    assert days == [1, 3, 4, 5, 6, 7, 8, 9, 10]


def test_each_day_has_its_type(report):
    types = dict(rows(report, "按日", "日期", "日类型"))

    assert [types[date(2026, 10, day)] for day in (1, 3, 8, 10)] == ["法定假", "法定假", "工作日", "调休上班"]


def test_days_are_compared_with_days_of_their_own_type(report):
    found = rows(report, "一览", "日类型", "天数", "合计批次", "日均批次")

    assert found == [("工作日", 1, 1, 1.0), ("周末", 0, 0, None), ("法定假", 2, 3, 1.5), ("调休上班", 1, 2, 2.0)]


def test_the_workbook_opens_on_the_day_beside_what_is_usual(report):
    cards = {card.name: card for card in sheet(report, "一览").cards}

    assert ("2 批", "来店 2,来电 0") == (cards["今日批次"].value, cards["今日批次"].said)
    assert ("1 / 2 批", "近 90 天 3 / 6 批") == (cards["今日留档"].value, cards["今日留档"].said)
    assert ("星期四", "日均 2.0 批") == (cards["最忙的星期"].value, cards["最忙的星期"].said)
    assert ("9 时", "2 批,共 6 批") == (cards["最忙的钟点"].value, cards["最忙的钟点"].said)
    assert ("32 分钟", "4 批写了进店离店") == (cards["平均停留"].value, cards["平均停留"].said)


def test_the_day_is_compared_with_other_days_of_its_type_in_words(rules):
    story = "10-07 店 首 09:10 09:40 李明 王先生 留\n10-08 店 首 09:10 09:40 李明 李先生 留\n10-08 店 首 10:10 10:40 李明 孙先生 留"
    report = build(view(rules, f"{story}\n10-09 店 首 09:00 09:10 李明 赵先生 留", on=date(2026, 10, 9)), rules)

    assert "▼ 少 1.0(其他工作日日均 2.0)" == sheet(report, "一览").cards[0].against


def test_the_sum_of_days_is_the_window(report):
    last = total(report, "按日")

    assert (last["来店批次"], last["来电批次"], last["合计批次"], last["留档数"], last["未留档数"]) == (5, 1, 6, 3, 3)
    assert (last["留档率"], last["现场订购"], last["平均停留分钟"]) == (0.5, 1, (30 + 50 + 30 + 20) / 4)


def test_a_weekday_s_mean_is_over_days_with_a_register_row(report):
    found = {
        row[0]: row[1:] for row in rows(report, "按星期", "星期", "天数", "合计批次", "日均批次", "占比", "留档率")
    }

    assert found["星期四"] == (2, 4, 2.0, pytest.approx(4 / 6), 0.5)
    assert found["星期六"] == (2, 2, 1.0, pytest.approx(2 / 6), 0.5)
    assert found["星期一"] == (0, 0, None, 0.0, None)
    assert list(found) == ["星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日"]


def test_walk_ins_and_calls_are_counted_by_their_hour_of_arrival(report):
    found = {
        row[0]: dict(zip(columns(report, "按时段")[1:], row[1:], strict=True))
        for row in sheet(report, "按时段").tables[0].rows
    }

    assert {hour: number for hour, number in found["星期四"].items() if number} == {
        "9时": 2,
        "14时": 1,
        "20时": 1,
        "合计": 4,
    }


def test_before_eight_and_after_twenty_one_is_other(report):
    assert rows(report, "按时段", "星期", "其他")[5] == ("星期六", 2)


def test_every_day_of_the_month_has_its_row(report):
    found = rows(report, "按月内日", "日", "天数", "合计批次", "日均批次")

    assert [row[0] for row in found] == list(range(1, 32))
    assert (found[0], found[2], found[3]) == ((1, 1, 3, 3.0), (3, 1, 0, 0.0), (4, 0, 0, None))


def test_weeks_are_iso_weeks_and_months_are_written_with_their_year(report):
    assert rows(report, "按周", "周", "合计批次", "留档数", "留档率", "现场订购") == [
        ("2026-W40", 3, 2, pytest.approx(2 / 3), 0), ("2026-W41", 3, 1, pytest.approx(1 / 3), 1),
    ]  # fmt: skip
    assert rows(report, "按月", "月", "合计批次") == [("2026-10", 6)]


def test_the_window_is_the_day_and_the_eighty_nine_before(rules):
    story = "07-13 店 首 09:00 09:30 李明 甲 留\n07-12 店 首 09:00 09:30 李明 乙 留\n10-11 店 首 09:00 09:30 李明 丙 留"

    assert rows(build(view(rules, story), rules), "按月", "月", "合计批次") == [("2026-07", 1)]


def test_each_visit_that_counts_is_listed_once_with_the_cell_it_was_written_in(report):
    found = rows(report, "来店明细", "日期", "称呼", "来访性质", "留档", "现场订购", "来源")

    assert total(report, "按日")["合计批次"] == len(found)
    assert (date(2026, 10, 10), "孙先生", "首次", True, True, "登记表.xlsx › 10月 › B10") == (
        *found[0][:-1],
        str(found[0][-1]),
    )
    assert total(report, "按日")["未留档数"] == len(rows(report, "未留档明细", "来源"))
    assert "登记表.xlsx › 10月 › B11" == str(rows(report, "未留档明细", "来源")[0][0])


def test_a_window_in_an_unknown_year_says_that_its_shifts_are_not_known(rules):
    first = date(2027, 1, 4)
    unknown = build(View(first, "default", {"hand_in": Rowset(("covers",), [({"visited_on": "2027-01-04"},)])}), rules)
    known = rules.model_copy(update={"calendar": Calendar(days=(CalendarDay(on=date(2027, 2, 20), type="调休上班"),))})

    assert [said for term, said in unknown.notes if term == "提醒" and "2027 年的调休" in said]
    assert "提醒" not in dict(build(View(first, "default", {}), known).notes)


def test_an_empty_archive_gives_every_sheet_with_its_headers(rules):
    empty = build(View(ON, "default", {}), rules)

    assert [sheet.name for sheet in empty.sheets] == SHEETS
    assert sheet(empty, "按日").tables[0].rows == ()
    assert [len(sheet(empty, name).tables[0].rows) for name in ("按星期", "按时段", "按月内日")] == [7, 7, 31]
    assert total(empty, "按日")["留档率"] is None


def test_a_day_when_only_cars_were_picked_up_breaks_nothing(rules):
    only = build(view(rules, "10-10 店 提 11:00 11:30 李明 赵先生 留"), rules)

    assert rows(only, "按星期", "星期", "天数", "合计批次", "留档率")[5] == ("星期六", 1, 0, None)
    assert rows(only, "留档分析", "销售顾问") == []


def test_the_sum_of_every_sheet_is_the_same(report):
    sums = {name: total(report, name).get("合计批次") for name in ("按日", "按星期", "按月内日", "按周", "按月")}

    assert set(sums.values()) == {6}
    assert total(report, "按时段")["合计"] == 6
    assert total(report, "留档分析")["接待批次"] == 6


def test_of_a_store_s_year_of_visits_every_one_is_counted(rules):
    seen = view(rules, "10-01 店 首 09:10 09:40 李明 王先生 留").tables["visit"]
    names, row, place = seen.names, seen.rows[0], seen.names.index("visited_on")
    days = [date.fromordinal(ON.toordinal() - back) for back in range(365)]
    year = [(*row[:place], days[number % 365], *row[place + 1 :]) for number in range(36_500)]
    counted = build(View(ON, "default", {"visit": Rowset(names, year)}), rules)
    window = rules.house.window_days * 100

    assert [window] * 3 == [total(counted, name)["合计批次"] for name in ("按日", "按星期", "按月内日")]
