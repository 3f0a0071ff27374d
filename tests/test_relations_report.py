"""三表一卡核对.xlsx as a manager reads it: the matrix by consultant and day, the gaps with their cells, colours that need no colour."""

from __future__ import annotations

import openpyxl
import pytest

from pipeline.facts.gather import gather
from pipeline.reports import relations
from pipeline.view import Rowset
from pipeline.write_workbook import write_workbook
from tests.hand_ins import HAND_IN, sheet
from tests.told import view

VISIT = """
phone       | customer_name | visited_on | arrived_at | left_at | note
13800001111 | 王志强        | 11-02      | 09:10      | 09:40   | 看车
13800002222 | 陈小红        | 11-03      | 10:10      |         | 看车
"""
ACTIVITY = """
phone       | customer_name | worked_on | kind
            | 别人          | 11-02     | other
13800002222 | 陈小红        | 11-03     | reception
            | 别人          | 11-04     | other
"""
GONE = """
phone       | form           | done_on | outcome
13800001111 | level_tracker  | 11-04   | dormant
13800002222 | level_tracker  | 11-04   | dormant
"""


@pytest.fixture
def report(rules):
    drawn = view(rules, "11-05", visit=VISIT, activity=ACTIVITY, follow_up=GONE.replace("dormant", "lost"))
    return relations.build(gather(drawn, rules), rules)


def table(report, name):
    return next(sheet.tables[0] for sheet in report.sheets if sheet.name == name)


def test_the_workbook_has_a_matrix_and_the_gaps_with_the_agreed_columns_even_when_nothing_is_known(rules):
    empty = relations.build(gather(view(rules, "11-05"), rules), rules)

    assert ["矩阵", "各条规则", "缺口"] == [sheet.name for sheet in empty.sheets]
    assert ["规则", "日期", "销售顾问", "客户", "应有", "实有"] == [each.name for each in table(empty, "缺口").columns][
        :6
    ]
    assert ["销售顾问", "1日", "2日", "3日", "4日", "5日", "明日"] == [
        each.name for each in table(empty, "矩阵").columns
    ]
    assert () == table(empty, "缺口").rows == table(empty, "矩阵").rows


def test_every_day_of_a_consultant_is_a_tick_or_the_rules_it_broke(report):
    assert [("李明", None, "R5", "R1", "R5", None, None)] == list(table(report, "矩阵").rows)


def test_a_day_without_a_daily_report_is_marked_as_missing(rules):
    drawn = view(
        rules,
        "11-05",
        visit=VISIT,
        activity=ACTIVITY.replace("13800002222 | 陈小红        | 11-03     | reception\n", ""),
    )
    handed = Rowset(HAND_IN, [sheet(f"日报 李明 11-0{day} 11-0{day}T20:00") for day in (2, 4)])
    drawn = type(drawn)(drawn.on, drawn.store, {**drawn.tables, "hand_in": handed})
    row = table(relations.build(gather(drawn, rules), rules), "矩阵").rows[0]

    assert ("李明", None, "R5", "缺交\nR1", "✓", "缺交\nR4") == row[:6]


def test_the_gaps_hide_the_phone_and_add_up_to_the_matrix(report):
    gaps = table(report, "缺口").rows

    assert report.figures["缺口"] == len(gaps) == report.sheets[1].tables[0].total[-2]
    assert {"138****1111", "138****2222"} >= {row[-1] for row in gaps}
    assert all("visitor_register.xlsx" in str(row[6]) for row in gaps if row[0] == "R1")


def test_the_marks_are_read_without_their_colours_and_seen_with_them(report, tmp_path):
    path = tmp_path / "核对.xlsx"
    write_workbook(report, path, link=lambda source: source.original)
    sheet = openpyxl.load_workbook(path)["矩阵"]
    marks = {sheet.cell(5, column).value: sheet.cell(5, column) for column in range(2, 8)}

    assert {"R1", "R5", None} == set(marks)
    assert marks["R1"].fill.fgColor.rgb != marks[None].fill.fgColor.rgb
    assert marks["R1"].font.b


def test_every_rule_is_explained(report):
    assert [f"R{number}" for number in range(1, 9)] == [
        term for term, _ in report.notes if len(term) == 2 and term[0] == "R"
    ]


def test_a_number_written_into_a_name_is_hidden_as_well(rules):
    drawn = view(rules, "11-05", visit="customer_name | visited_on\n王先生13800001111 | 11-05")
    gaps = table(relations.build(gather(drawn, rules), rules), "缺口").rows

    assert ["王先生138****1111"] == [row[3] for row in gaps]
