"""Whole nights of second hand-ins: what is wrong comes back marked, what is put right goes through."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest

from tests.nights import ON, rows, run, verdicts
from tests.workbooks import drop, new_home, register, visit, xlsx


@pytest.fixture
def home(tmp_path):
    return new_home(tmp_path / "home")


def test_the_same_bytes_again_are_a_duplicate(home):
    content = xlsx({"5日": register("2026-11-05", visit())})
    drop(home, "登记表.xlsx", content)
    run(home)
    place = drop(home, "副本/登记表 (1).xlsx", content, "2026-11-06 18:00")
    said = run(home, date(2026, 11, 6))

    assert {"副本/登记表 (1).xlsx": "duplicate"} == verdicts(said)
    assert "登记表.xlsx" in said["books"][0]["reason"]
    assert not place.exists()


def test_a_wrong_sheet_comes_back_marked_and_goes_once_it_is_put_right(home):
    drop(home, "李明/登记表.xlsx", xlsx({"5日": register("2026-11-05", visit(), visit("孙女士", "1380000"))}))
    run(home)
    copy = home.outbox / "2026-11-05" / "退回" / "李明" / "登记表.xlsx"
    opened = openpyxl.load_workbook(copy)
    marked = {str(area.sqref) for area in opened["5日"].conditional_formatting}
    opened["5日"]["C5"] = "13800002222"
    out = io.BytesIO()
    opened.save(out)

    drop(home, "李明/登记表.xlsx", out.getvalue(), "2026-11-05 19:00")
    said = run(home)

    assert {"C5"} == marked
    assert {"李明/登记表.xlsx": "accepted"} == verdicts(said)
    assert {"13800001111", "13800002222"} == {r["phone"] for r in rows(home, "visit")}
    assert not copy.exists()


def test_a_second_return_says_what_was_put_right(home):
    wrong = [visit("孙女士", "1380000"), visit("周先生", "13800003333", "11:00", "10:00")]
    drop(home, "登记表.xlsx", xlsx({"5日": register("2026-11-05", *wrong)}))
    run(home)
    wrong[0][1] = "13800002222"
    drop(home, "登记表.xlsx", xlsx({"5日": register("2026-11-05", *wrong)}), "2026-11-05 19:00")
    run(home)
    sheet = openpyxl.load_workbook(home.outbox / "2026-11-05" / "退回" / "登记表.xlsx")["退回说明"]
    told = [cell.value for row in sheet.iter_rows() for cell in row if cell.value]

    assert "上次的问题,已改好" in told
    assert "I5" in told[: told.index("上次的问题,已改好")]
    assert "C4" in told[told.index("上次的问题,已改好") :]


def test_a_row_that_is_gone_is_withdrawn_and_listed_for_the_manager(home):
    drop(home, "登记表.xlsx", xlsx({"5日": register("2026-11-05", visit(), visit("赵女士", "13800002222"))}))
    run(home)
    drop(home, "登记表.xlsx", xlsx({"5日": register("2026-11-05", visit())}), "2026-11-06 18:00")
    said = run(home, date(2026, 11, 6))
    sheet = openpyxl.load_workbook(home.outbox / "2026-11-06" / "经营汇总.xlsx")["修改记录"]

    assert 1 == said["records"]["visit"]["withdrawn"]
    assert ["王先生"] == [r["customer_name"] for r in rows(home, "visit", date(2026, 11, 6))]
    assert any("赵女士" in str(cell.value) for row in sheet.iter_rows() for cell in row)
    assert 2 == len(rows(home, "visit", ON))


def test_a_file_that_is_no_form_is_put_away_with_a_note(home):
    content = "今天没空,明天交".encode()
    drop(home, "李明/说明.docx", content)
    said = run(home)
    note = (home.outbox / "2026-11-05" / "退回" / "李明" / "说明.docx.说明.txt").read_text("utf-8-sig")

    assert {"李明/说明.docx": "quarantined"} == verdicts(said)
    assert "说明.docx" in note
    assert [content] == [path.read_bytes() for path in (home.archive / "quarantine").iterdir()]


def test_a_tracker_without_its_month_waits_as_a_whole(home):
    rows_: list[list[object]] = [
        ["潜在顾客等级推进表"], ["销售顾问", "李明", None, "月份", None],
        ["客户姓名", "电话", "初始级别", "第1次回访", None, None], [None, None, None, "计划日期", "实际日期", "回访后级别"],
        ["王强", "13800001111", "H", "2026-11-03", "2026-11-03", "A"],
    ]  # fmt: skip
    drop(home, "推进表.xlsx", xlsx({"表": rows_}))
    said = run(home)

    assert {"推进表.xlsx": "returned"} == verdicts(said)
    assert ([], []) == (rows(home, "prospect"), rows(home, "follow_up"))


def test_a_sheet_that_lost_a_column_is_said_and_not_passed_over(home):
    lost = [
        [cell for cell in row if cell not in ("销售顾问", "李明")]
        for row in register("2026-11-04", visit("赵女士", "13800002222"))
    ]
    drop(
        home,
        "11月登记.xlsx",
        xlsx({"5日": register("2026-11-05", visit()), "4日": lost, "说明": [["本表当天下班前交"]]}),
    )
    said = run(home)

    assert {"11月登记.xlsx": "partial"} == verdicts(said)
    assert [("sheet.unread", "4日")] == [(f["code"], f["sheet"]) for f in said["books"][0]["findings"]]
    assert "销售顾问" in said["books"][0]["findings"][0]["found"]
    assert (home.outbox / "2026-11-05" / "退回" / "11月登记.xlsx").exists()


def test_a_correction_saved_within_the_same_second_is_the_later_one(home):
    for moment, phone in (("2026-11-05 18:00:00.200000", "13800001111"), ("2026-11-05 18:00:00.700000", "13800002222")):
        drop(home, "登记表.xlsx", xlsx({"5日": register("2026-11-05", visit(phone=phone))}), moment)
        run(home)

    assert ["13800002222"] == [r["phone"] for r in rows(home, "visit")]


def test_a_returned_workbook_dropped_in_again_says_more_once_the_clerk_has_added_a_name(tmp_path):
    home = new_home(tmp_path / "home", "李明")
    content = xlsx(
        {
            "5日": register(
                "2026-11-05", visit(), visit("赵女士", "13800002222", consultant="王芳"), visit("周先生", "1380000")
            )
        }
    )
    drop(home, "登记表.xlsx", content)
    run(home)
    house = home.rules / "house.yaml"
    house.write_text(house.read_text("utf-8").replace("- {name: 李明}", "- {name: 李明}\n  - {name: 王芳}"), "utf-8")
    drop(home, "登记表.xlsx", content)
    said = run(home)

    assert {"登记表.xlsx": "partial"} == verdicts(said)
    assert {"王先生", "赵女士"} == {r["customer_name"] for r in rows(home, "visit")}

    back = openpyxl.load_workbook(home.outbox / "2026-11-05" / "退回" / "登记表.xlsx")["退回说明"]
    assert ["C6"] == [row[1] for row in back.iter_rows(min_row=4, values_only=True) if row[1]]

    drop(home, "登记表.xlsx", content)
    assert {"登记表.xlsx": "duplicate"} == verdicts(run(home))
