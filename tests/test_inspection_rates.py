"""其他台账 › 展厅检查, 来电接听: 得分率 with its points, its way over the months, what fails again and again, calls nobody wrote down."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

import pytest
from openpyxl import load_workbook

from pipeline.report import Table
from pipeline.reports.registers import build
from tests.filled import filled
from tests.nights import rows, run, verdicts
from tests.told import view
from tests.workbooks import drop, new_home, register, visit, xlsx

# Three inspections of one showroom: the lamp (4) below full three times, drinks (6) once, the car (7) full again at the last.
SHOWROOM = """
    inspected_on | department | item_no | area     | item     | scale | score | applicable | form
    10-10        | 展厅       | 4       | 展厅环境 | 灯具清洁 | 0-5   | 3     | true       | showroom_inspection
    10-10        | 展厅       | 6       | 接待     | 递饮料   | 5/0   | 5     | true       | showroom_inspection
    10-10        | 展厅       | 7       | 展车     | 展车清洁 | 0-5   | 2     | true       | showroom_inspection
    11-02        | 展厅       | 4       | 展厅环境 | 灯具清洁 | 0-5   | 4     | true       | showroom_inspection
    11-02        | 展厅       | 6       | 接待     | 递饮料   | 5/0   | 0     | true       | showroom_inspection
    11-02        | 展厅       | 7       | 展车     | 展车清洁 | 0-5   | 1     | true       | showroom_inspection
    11-05        | 展厅       | 4       | 展厅环境 | 灯具清洁 | 0-5   | 0     | true       | showroom_inspection
    11-05        | 展厅       | 6       | 接待     | 递饮料   | 5/0   |       | false      | showroom_inspection
    11-05        | 展厅       | 7       | 展车     | 展车清洁 | 0-5   | 5     | true       | showroom_inspection
    11-05        | 展厅       | 9       | 展车     | 座椅复位 | 5/0   |       | true       | showroom_inspection
"""
CALLS = """
    inspected_on | called_at | consultant | customer_name | item_no | area     | item     | scale | score | applicable | form
    11-03        | 10:20     | 李明       | 王先生        | 5       | 询问记录 | 询问姓名 | 5/0   | 5     | true       | call_reception_check
    11-03        | 10:20     | 李明       | 王先生        | 7       | 邀约     | 约时间   | 5/0   | 0     | true       | call_reception_check
    11-03        | 15:00     | 王芳       |               | 5       | 询问记录 | 询问姓名 | 5/0   | 0     | true       | call_reception_check
    11-04        | 15:00     | 王芳       |               | 5       | 询问记录 | 询问姓名 | 5/0   | 0     | true       | call_reception_check
"""


@pytest.fixture
def shown(rules):
    """Return a table of 其他台账 as rows by its first columns."""

    def _shown(sheet: str, name: str, on: str = "11-08", **tables: str) -> Table:
        report = build(view(rules, on, **tables), rules)
        return next(
            table for each in report.sheets if each.name == sheet for table in each.tables if table.name == name
        )

    return _shown


def test_points_of_an_area_stand_over_the_points_of_its_items_that_apply_and_were_scored(shown):
    found = shown("展厅检查", "区域得分率", inspection=SHOWROOM)

    assert ["表", "区域", "得分", "应得分", "得分率", "打分项", "未打分", "不适用", "上月得分率"] == [
        c.name for c in found.columns
    ]
    assert {
        "展厅环境": (4, 10, 0.4, 2, 0, 0, 0.6), "接待": (0, 5, 0.0, 1, 0, 1, 1.0), "展车": (6, 10, 0.6, 2, 1, 0, 0.4),
    } == {row[1]: row[2:] for row in found.rows}  # fmt: skip
    assert ("合计", None, 10, 25, 0.4, 5, 1, 1, 10 / 15) == found.total


def test_the_months_stand_in_a_line_with_every_area(shown):
    found = shown("展厅检查", "月度得分率", inspection=SHOWROOM)

    assert [("2026-10", 1, 10, 15, 10 / 15, 0.6, 0.4, 1.0), ("2026-11", 2, 10, 25, 0.4, 0.4, 0.6, 0.0)] == list(
        found.rows
    )
    assert ["展厅环境得分率", "展车得分率", "接待得分率"] == [column.name for column in found.columns[5:]]
    assert ("line", ("得分率", "展厅环境得分率", "展车得分率", "接待得分率")) == (
        found.charts[0].kind,
        found.charts[0].series,
    )


def test_what_was_short_twice_running_and_still_is_stands_first_and_one_full_score_ends_it(shown):
    found = shown("展厅检查", "反复不合格", inspection=SHOWROOM)

    assert [("展厅", "4", "灯具清洁", 3, date(2026, 10, 10), date(2026, 11, 5), 0, 5)] == [
        (*row[1:3], *row[4:10]) for row in found.rows
    ]


def test_an_inspection_where_the_item_does_not_apply_neither_ends_nor_lengthens_its_failures(shown):
    again = SHOWROOM + "    11-06 | 展厅 | 6 | 接待 | 递饮料 | 5/0 | 0 | true | showroom_inspection\n"

    assert {"4": 3, "6": 2} == {row[2]: row[5] for row in shown("展厅检查", "反复不合格", inspection=again).rows}


def test_two_rounds_of_one_day_are_two_inspections(shown):
    rounds = """
        inspected_on | inspected_at | item_no | area | item | scale | score | applicable | form
        11-05        | 09:00        | 2       | 展厅 | 灯光 | 5/0   | 0     | true       | routine_check
        11-05        | 12:00        | 2       | 展厅 | 灯光 | 5/0   | 0     | true       | routine_check
    """

    assert [("全店", "2", 2)] == [
        (row[1], row[2], row[5]) for row in shown("展厅检查", "反复不合格", routine_check=rounds).rows
    ]


def test_calls_are_rated_by_who_took_them(shown):
    found = shown("来电接听", "对象得分率", call_check=CALLS)

    assert {"李明": (5, 10, 0.5), "王芳": (0, 10, 0.0)} == {row[1]: row[2:5] for row in found.rows}


def test_each_sheet_of_rates_stands_before_the_points_it_is_made_of(rules):
    report = build(view(rules, "11-08", inspection=SHOWROOM, call_check=CALLS), rules)

    assert [["来电接听", "来电接听明细"], ["展厅检查", "展厅检查明细"]] == [
        [sheet.name for sheet in report.sheets[at : at + 2]] for at in (0, 2)
    ]


def test_a_call_listened_to_that_the_register_does_not_know_is_named(shown):
    seen = """
        visited_on | arrived_at | channel | consultant
        11-03      | 10:40      | call_in | 李明
        11-03      | 11:00      | call_in | 王芳
        11-04      | 15:00      | walk_in | 王芳
    """
    found = shown("来电接听", "登记表上没有的来电", call_check=CALLS, visit=seen)

    assert [(date(2026, 11, 3), "15:00", "王芳"), (date(2026, 11, 4), "15:00", "王芳")] == [
        row[:3] for row in found.rows
    ]


def test_without_a_checklist_there_is_no_sheet_for_one(rules):
    assert ["台账"] == [sheet.name for sheet in build(view(rules, "11-08"), rules).sheets]


def test_a_year_of_inspections_agrees_with_a_plain_count(shown, rules):
    """Another way to count: every item of every inspection in one loop, from the drawn numbers themselves."""
    items = rules.part("showroom_inspection", "items").items
    lines: list[str] = []
    counts: dict[str | None, list[int]] = defaultdict(lambda: [0, 0])
    day = date(2026, 1, 3)
    while day <= date(2026, 11, 8):
        for number, item in enumerate(items):
            roll = (day.toordinal() * 7 + number * 13) % 11
            points = (5 if roll % 2 else 0) if item.scale == "5/0" else roll % 6
            lines.append(
                f"{day} | 展厅 | {item.no} | {item.area} | x | {item.scale} | {points} | true | showroom_inspection"
            )
            for key in (f"{day:%Y-%m}", item.area if (day.year, day.month) == (2026, 11) else None):
                counts[key][0] += points
                counts[key][1] += 5
        day += timedelta(days=9)
    drawn = "\n".join((SHOWROOM.strip().splitlines()[0], *lines))

    assert {month: tuple(pair) for month, pair in counts.items() if month and month[0] == "2"} == {
        row[0]: row[2:4] for row in shown("展厅检查", "月度得分率", inspection=drawn).rows
    }
    assert {area: tuple(pair) for area, pair in counts.items() if area and area[0] != "2"} == {
        row[1]: row[2:4] for row in shown("展厅检查", "区域得分率", inspection=drawn).rows
    }


def test_a_blank_filled_in_the_showroom_is_read_at_night_and_stands_in_its_sheet(rules, tmp_path):
    home = new_home(tmp_path / "home", "李明")
    said = {"检查日期": "2026-11-05", "检查时间": "9:00", "检查人": "周敏"}
    marks = {item.text: {"得分": "√", "担当者": "吴昊"} for item in rules.part("routine_check", "items").items}
    marks["灯光、空调、音响打开且正常"] = {"得分": "×", "备注": "射灯不亮"}
    drop(home, "点检.xlsx", filled(rules, "routine_check", tmp_path, said, rows=marks))
    said = {"来电日期": "2026-11-05", "来电时间": "10:20", "接听人": "李明", "检查人": "周敏"}
    marks = {item.text: {"得分": "5"} for item in rules.part("call_reception_check", "items").items}
    drop(home, "来电.xlsx", filled(rules, "call_reception_check", tmp_path, said, rows=marks))
    drop(home, "登记.xlsx", xlsx({"5日": register("2026-11-05", visit())}))
    manifest = run(home)

    assert {"accepted"} == set(verdicts(manifest).values())
    assert [("2", 0), ("3", 5)] == [
        (row["item_no"], row["score"]) for row in rows(home, "routine_check") if row["item_no"] in "23"
    ]
    book = load_workbook(home.outbox / "2026-11-05" / "其他台账.xlsx")
    told = {
        name: [row for row in book[name].iter_rows(values_only=True) if row[0] == "合计"]
        for name in ("展厅检查", "来电接听")
    }
    assert [(50, 55), (20, 20)] == [told[name][0][2:4] for name in ("展厅检查", "来电接听")]
