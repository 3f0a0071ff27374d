"""年度考核.xlsx: a consultant's year by hand-count, plans kept in time, the year before until the end of March, grades left to people."""

from __future__ import annotations

import pytest

from pipeline.facts.gather import gather
from pipeline.report import Report
from pipeline.reports import appraisal
from pipeline.rulebook.house import Consultant
from tests.figures import by_name, heads, sheet
from tests.people import CHEN, SUN, WANG, ZHAO
from tests.told import view


@pytest.fixture
def report(rules):
    def _report(on: str, *names: str, **tables: str) -> Report:
        house = rules.house.model_copy(update={"consultants": tuple(Consultant(name=name) for name in names)})
        told = rules.model_copy(update={"house": house})
        return appraisal.build(gather(view(told, on, **tables), told), told)

    return _report


def year(found: Report, name: str = "年度数据") -> dict[str, dict[str, object]]:
    """Return consultant → figures."""
    table = sheet(found, name)
    return {row[0]: dict(zip(heads(table), row, strict=True)) for row in table.rows}


def test_a_year_holds_what_was_done_since_the_first_of_january_and_nothing_before(report):
    found = year(report(
        "11-05", "李明", "王芳",
        visit=f"""
            visited_on | phone  | channel | consultant
            2025-12-31 | {WANG} | walk_in | 李明
            01-01      | {CHEN} | walk_in | 李明
            03-02      |        | call_in | 李明
        """,
        deal=f"phone | ordered_on | delivered_on | consultant\n {CHEN} | 02-01 | 03-01 | 李明\n {WANG} | 2025-12-31 | 01-05 | 李明",
        test_drive=f"phone | driven_on | consultant\n {CHEN} | 01-02 | 李明",
        owner_visit=f"phone | done_on | planned_on | consultant\n {CHEN} | 03-04 | 03-04 | 李明\n {WANG} | | 01-08 | 李明",
        activity=f"phone | worked_on | kind | consultant\n {CHEN} | 03-04 | owner_visit | 李明\n {CHEN} | 04-04 | owner_visit | 李明",
    ))  # fmt: skip

    names = ("考核年度", "来店批次", "来电批次", "留档数", "试驾", "订单", "交车", "车主回访")
    assert ["2026", 1, 1, 1, 1, 1, 2, 2] == [found["李明"][name] for name in names]
    assert ["2026", *[0] * 7] == [found["王芳"][name] for name in names]


def test_a_plan_is_kept_by_a_try_up_to_its_day_and_broken_by_one_after_it(report):
    found = year(report(
        "11-10",
        follow_up=f"""
            phone  | planned_on | done_on | next_on | reached
            {WANG} |            | 11-01   | 11-03   | true
            {WANG} |            | 11-02   | 11-05   | true
            {WANG} |            | 11-06   | 11-08   | true
            {CHEN} | 11-04      | 11-04   |         | false
            {ZHAO} | 11-04      | 11-03   |         | true
            {SUN}  | 11-07      |         |         |
            {SUN}  | 11-10      |         |         |
            {CHEN} | 11-12      |         |         |
        """,
    ))  # fmt: skip

    # 王: 11-03 kept on the 2nd, 11-05 broken (next try on the 6th), 11-08 broken; 陈 tried in vain on the day, 赵 a day early: both kept;
    # 孙's 11-07 broken; the 10th is not over, the 12th not come.
    assert (6, 3, 0.5) == tuple(found["李明"][name] for name in ("应回访", "按时回访", "按时回访率"))


def test_one_plan_written_on_tracker_and_card_is_asked_for_once(report):
    both = f"""
        phone  | planned_on | done_on | form
        {WANG} | 11-03      | 11-03   | level_tracker
        {WANG} | 11-03      |         | customer_card
    """

    assert (1, 1) == tuple(year(report("11-10", follow_up=both))["李明"][name] for name in ("应回访", "按时回访"))


def test_until_the_end_of_march_the_year_before_stands_beside_the_new_one_with_what_came_in_late(report):
    deal = f"phone | ordered_on | consultant\n {WANG} | 2026-12-30 | 李明\n {CHEN} | 2027-01-05 | 李明"
    march, april = (report(on, "李明", deal=deal) for on in ("2027-03-31", "2027-04-01"))

    assert ["年度数据", "按月", "考核登记", "上年度数据", "上年度按月", "上年度考核登记"] == [
        each.name for each in march.sheets
    ]
    assert ["年度数据", "按月", "考核登记"] == [each.name for each in april.sheets]
    assert ("2027", 1) == tuple(year(march)["李明"][name] for name in ("考核年度", "订单"))
    old = year(march, "上年度数据")["李明"]
    assert ("2026", 1, None) == tuple(old[name] for name in ("考核年度", "订单", "目前逾期"))


def test_the_form_to_sign_has_a_row_each_with_the_year_in_words_and_the_grade_left_to_the_boss(report):
    found = sheet(report("12-31", "李明", visit=f"visited_on | phone | consultant\n 01-01 | {CHEN} | 李明"), "考核登记")
    row = dict(zip(heads(found), found.rows[0], strict=True))

    assert ("2026", "李明") == (row["考核年度"], row["姓名"])
    assert "接待来店来电 1 批,留档 1(留档率 100.0%)" in str(row["全年工作数据"])
    assert {None} == {row[name] for name in row if name not in ("考核年度", "姓名", "全年工作数据")}
    assert "考核等次(优秀/合格/基本合格/不合格)" in row


def test_the_months_of_the_year_add_up_to_it(report):
    drawn = "visited_on | phone | channel\n 01-31 | | walk_in\n 02-01 | | walk_in\n 11-05 | | call_in"
    months = by_name(sheet(report("11-05", visit=drawn), "按月"))

    assert [1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0] == [months[f"2026-{month:02d}"]["来店批次"] for month in range(1, 12)]
    assert 1 == months["2026-11"]["来电批次"]


def test_a_store_without_anybody_says_so(report):
    assert ["没有需要考核的顾问"] == list(
        {each.tables[0].empty for each in report("11-05").sheets if each.name != "按月"}
    )
