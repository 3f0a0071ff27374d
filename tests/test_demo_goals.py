"""The demo's goals, channels and year, against the plain counts of `truth_people` and `truth_appraisal`."""

from __future__ import annotations

from datetime import date
from typing import Any

import openpyxl

from pipeline.keep_home import Home
from tests import truth, truth_appraisal, truth_people
from tests.demo_home import DAYS, agrees, read, same


@DAYS
def test_the_store_s_goal_of_the_day_and_its_pace_agree_with_a_count_by_hand(told, ran, on):
    known = truth.known(told, on)
    month, today = (truth_people.figures(known, first, on) for first in (on.replace(day=1), on))
    (total,) = [row for row in tables(ran[0], on, "经营汇总", "目标进度") if row[0] == "新增潜客"]

    assert [150, month["新增意向"], 5, today["新增意向"]] == [total[place] for place in (1, 2, 6, 7)]
    by_name = read(ran[0], on, "经营汇总", "目标进度", "销售顾问")
    assert today["新增意向"] == sum(row["今日新增"] for row in by_name)
    assert {(25, 1)} == {(row["新增潜客目标"], row["今日目标"]) for row in by_name}


def tables(home: Home, on: date, book: str, sheet: str) -> list[tuple[Any, ...]]:
    """Return every row of a sheet, whichever of its tables it stands in."""
    return list(openpyxl.load_workbook(home.outbox / on.isoformat() / f"{book}.xlsx", data_only=True)[sheet].values)


@DAYS
def test_every_channel_yields_what_a_count_by_hand_says(told, ran, on):
    rows = {row["渠道来源"]: row for row in read(ran[0], on, "经营汇总", "渠道产出", "渠道来源")}
    expected = truth_people.channels(truth.known(told, on), on)

    assert set(expected) == set(rows)
    assert [way for way, figures in expected.items() if not agrees(rows[way], figures)] == []


@DAYS
def test_a_consultant_s_year_agrees_with_a_count_by_hand(told, ran, on):
    rows = {row["销售顾问"]: row for row in read(ran[0], on, "年度考核", "年度数据", "销售顾问")}
    expected = truth_appraisal.year(told, on)

    assert {who: figures for who, figures in expected.items() if not agrees(rows[who], figures)} == {}
    assert min(row["按时回访"] for row in rows.values()) > 0


@DAYS
def test_the_years_of_all_consultants_add_up_to_the_store_s(told, ran, on):
    year = truth_people.figures(truth.known(told, on), on.replace(month=1, day=1), on)
    (total,) = [row for row in tables(ran[0], on, "年度考核", "年度数据") if row[0] == "合计"]

    assert [name for name, found in zip(year, total[2:], strict=False) if not same(found, year[name])] == []
