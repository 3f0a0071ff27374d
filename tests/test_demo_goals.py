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


@DAYS
def test_the_month_s_prospects_of_all_consultants_are_those_of_the_moves(told, ran, on):
    moves = truth_people.moves(truth.known(told, on), on)
    late = truth_people.overdue(truth.known(told, on), on)
    rows = read(ran[0], on, "经营汇总", "潜客分析", "销售顾问")
    rank = "CBAH"
    up = sum(
        n
        for start, ends in moves.items()
        for end, n in ends.items()
        if start in rank and end in rank and rank.index(end) > rank.index(start)
    )
    sums = {name: sum(row[name] for row in rows) for name in ("月初在跟", "本月新增", "升级", "订单", "战败", "逾期")}

    assert {
        "月初在跟": sum(sum(ends.values()) for start, ends in moves.items() if start != "本月新增"), "本月新增": sum(moves["本月新增"].values()),
        "升级": up, "订单": sum(ends["订单"] for ends in moves.values()), "战败": sum(ends["战败"] for ends in moves.values()), "逾期": len(late),
    } == sums  # fmt: skip
