"""主档案.xlsx: every customer once, every deal, every owner; phones in full, nobody else may read it."""

from __future__ import annotations

import openpyxl
import pytest
from click.testing import CliRunner

from pipeline.cli.main import main
from pipeline.facts.gather import gather
from pipeline.facts.same import pair_code
from pipeline.reports import master_file
from tests.nights import run
from tests.told import day, view
from tests.workbooks import drop, new_home, register, visit, xlsx

WANG, CHEN = "13800001111", "13800002222"
EARLIER = day("11-04")


@pytest.fixture
def told(rules):
    """Return a sheet of the day's master file as rows of column → value, by sheet name."""

    def build(**tables):
        report = master_file.build(gather(view(rules, "11-30", **tables), rules), rules)
        return {
            sheet.name: [
                dict(zip([c.name for c in sheet.tables[0].columns], row, strict=True)) for row in sheet.tables[0].rows
            ]
            for sheet in report.sheets
        }

    return build


def test_an_empty_archive_has_its_three_sheets(told):
    assert {"客户": [], "成交": [], "车主": []} == told()


def test_a_customer_whom_three_forms_know_stands_in_one_row(told):
    found = told(
        visit=f"visited_on | phone | level\n11-01 | {WANG} | B\n11-05 | {WANG} | A",
        customer=f"phone | first_contact_on | level | address | payment\n{WANG} | 11-01 | B | 东城区 | loan",
        follow_up=f"phone | done_on | level_after\n{WANG} | 11-03 | A\n{WANG} | 11-03 | A\n{WANG} | 11-08 | H",
    )["客户"]

    assert [
        (WANG, "在跟", "H", day("11-01"), day("11-08"), 2, 2, "东城区", "分期")
    ] == [
        tuple(row[name] for name in ("电话", "状态", "级别", "首次接触", "最近跟进", "来店(电)次数", "回访次数", "地址", "付款方式"))
        for row in found
    ]  # fmt: skip


def test_a_lost_customer_has_no_level_any_more_and_says_why(told):
    found = told(follow_up=f"phone | done_on | outcome | lost_reason | lost_to\n{CHEN} | 11-08 | lost | 价格 | 锐界星",
                 customer=f"phone | level | first_contact_on\n{CHEN} | B | 11-01")["客户"]  # fmt: skip

    assert [("战败", None, "价格", "锐界星")] == [
        tuple(row[name] for name in ("状态", "级别", "战败原因", "战败去向")) for row in found
    ]


def test_a_card_told_again_by_another_consultant_fills_what_the_first_left_blank(told):
    found = told(
        customer=f"""phone | first_contact_on | level | consultant | address | occupation
                              {CHEN} | 11-01           | B     | 李明       | 东城区   |
                              {CHEN} | 11-09           | A     | 王芳       |          | 教师"""
    )["客户"]

    assert [("东城区", "教师")] == [(row["地址"], row["职业"]) for row in found]


def test_an_owner_shows_the_car_the_calls_and_the_next_plan_and_an_order_alone_is_no_owner(told):
    found = told(
        deal=f"phone | ordered_on | delivered_on | plate | price\n{WANG} | 11-01 | 11-10 | 川A12345 | 158000\n{CHEN} | 11-02 | | | 99000",
        owner_visit=f"phone | planned_on | done_on\n{WANG} | 11-11 | 11-11\n{WANG} | 12-10 |",
    )

    assert [(WANG, "川A12345", day("11-10"), 1, day("11-11"), day("12-10"))] == [
        tuple(row[name] for name in ("电话", "车牌号", "交车日期", "回访次数", "最近回访", "下次计划"))
        for row in found["车主"]
    ]
    assert [(CHEN, 99000), (WANG, 158000)] == [(row["电话"], row["成交价"]) for row in found["成交"]]


def test_every_night_leaves_it_in_the_archive_for_nobody_else_and_never_in_the_outbox(tmp_path):
    home = new_home(tmp_path / "home")
    drop(home, "登记表.xlsx", xlsx({"5日": register("2026-11-05", visit())}))
    run(home)
    place = home.archive / "exports" / "主档案.xlsx"
    sheet = openpyxl.load_workbook(place)["客户"]

    assert WANG in {cell.value for row in sheet.iter_rows() for cell in row}
    assert (0o600, 0o700) == (place.stat().st_mode & 0o777, place.parent.stat().st_mode & 0o777)
    assert [place] == list(place.parent.iterdir())
    assert [] == list(home.outbox.rglob("*主档案*"))
    assert original_of(place).is_file()


def test_an_old_days_reports_made_again_leave_it_alone(tmp_path):
    home = new_home(tmp_path / "home")
    run(home, EARLIER)
    drop(home, "登记表.xlsx", xlsx({"5日": register("2026-11-05", visit())}))
    run(home)
    place = home.archive / "exports" / "主档案.xlsx"
    before = place.read_bytes()

    assert 0 == CliRunner().invoke(main, ["--home", str(home.root), "report", "--on", "2026-11-04"]).exit_code
    assert before == place.read_bytes()


def test_two_stores_each_have_their_own_and_its_links_lead_to_the_original(tmp_path):
    home = new_home(tmp_path / "home")
    house = home.rules / "house.yaml"
    house.write_text(
        house.read_text("utf-8").replace(
            "stores: []", "stores: [{id: east, name: 东店, folders: [east]}, {id: west, name: 西店, folders: [west]}]"
        ),
        "utf-8",
    )
    drop(home, "east/登记表.xlsx", xlsx({"5日": register("2026-11-05", visit())}))
    run(home)

    for place in (
        home.archive / "exports" / "east" / "主档案.xlsx",
        home.outbox / "2026-11-05" / "east" / "逾期跟进.xlsx",
    ):
        assert original_of(place).is_file()


def original_of(place):
    """Return the file a workbook's first link leads to."""
    book = openpyxl.load_workbook(place)
    link = next(
        cell.hyperlink.target
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.hyperlink and "originals" in str(cell.hyperlink.target)
    )
    return (place.parent / str(link).partition("#")[0].replace("\\", "/")).resolve()


def test_a_customer_at_two_numbers_judged_one_stands_in_one_row_with_the_other_number_beside(told):
    found = told(
        visit=f"visited_on | phone\n11-01 | {WANG}\n11-02 | {WANG}\n11-05 | {CHEN}",
        same_person=f"asked_on | pair | same\n11-06 | {pair_code(WANG, CHEN)} | true",
    )["客户"]

    assert [(WANG, CHEN, 3)] == [tuple(row[name] for name in ("电话", "其他电话", "来店(电)次数")) for row in found]
