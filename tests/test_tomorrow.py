"""明日表单: each consultant finds the next day's daily report with the plan filled in, and hands in that very file."""

from __future__ import annotations

from datetime import date

import pytest
from openpyxl import load_workbook

from pipeline.facts.gather import gather
from pipeline.rulebook.house import Consultant
from pipeline.tomorrow import next_sheets
from pipeline.write_templates import write_filled
from tests.nights import rows, run, verdicts
from tests.told import view
from tests.workbooks import drop, new_home, save, xlsx

WANG, CHEN, ZHAO, SUN = "13800001111", "13800002222", "13800003333", "13800004444"


@pytest.fixture
def sheets(rules):
    def _sheets(on, *people, closed=(), **tables):
        house = rules.house.model_copy(update={"consultants": people, "closed_on": tuple(closed)})
        own = rules.model_copy(update={"house": house})
        return {one.consultant: one for one in next_sheets(gather(view(own, on, **tables), own), own)}

    return _sheets


def cards(*lines: str) -> str:
    return "\n".join(["phone | first_contact_on | level | customer_name | consultant", *lines])


def planned(sheet):
    return [(line["customer_name"], line["phone"], line["kind"]) for line in sheet.filled.lines["tomorrow"]]


def called(sheet):
    return [row[0] for row in sheet.calls.tables[0].rows]


def test_who_is_due_tomorrow_is_called_tomorrow_and_who_is_due_the_day_after_stands_in_the_plan_half(sheets):
    mine = sheets("11-05", customer=cards(
        f"{WANG} | 11-05 | A | 王志强 | 李明", f"{CHEN} | 10-20 | A | 陈静 | 李明", f"{ZHAO} | 11-01 | A | 赵强 | 李明", f"{SUN} | 11-01 | A | 孙敏 | 李明",
    ), follow_up=f"phone | done_on | customer_name | next_on\n {ZHAO} | 11-04 | 赵强 | 11-07\n {SUN} | 11-04 | 孙敏 | 11-08")["李明"]  # fmt: skip

    assert (date(2026, 11, 6), ["陈静", "王志强"]) == (mine.on, called(mine))
    assert [("赵强", ZHAO, "回访")] == planned(mine)


def test_a_day_agreed_with_the_customer_is_planned_even_when_the_level_asks_for_an_earlier_call(sheets):
    mine = sheets("11-05", customer=cards(f"{WANG} | 11-01 | H | 王志强 | 李明"),
                  follow_up=f"phone | done_on | level_after | next_on\n {WANG} | 11-03 | H | 11-07")["李明"]  # fmt: skip

    assert (["王志强"], [("王志强", WANG, "回访")]) == (called(mine), planned(mine))


def test_an_owner_whose_call_falls_on_the_day_after_is_planned_as_a_revisit(sheets):
    mine = sheets("11-05", Consultant(name="李明"), deal=f"phone | delivered_on\n {WANG} | 11-04")["李明"]

    assert [("王志强", WANG, "车主回访")] == planned(mine)


def test_closed_days_are_jumped_over_and_weekends_are_not(sheets):
    day = sheets("11-05", closed=[date(2026, 11, 6)], customer=cards(f"{WANG} | 11-05 | A | 王志强 | 李明"))["李明"].on

    assert (date(2026, 11, 7), 5) == (day, day.weekday())


def test_who_has_left_by_then_gets_no_sheet_and_who_has_nobody_to_call_gets_an_empty_one(sheets):
    found = sheets("11-05", Consultant(name="李明", leaves_on=date(2026, 11, 6)), Consultant(name="王芳"))

    assert {"王芳": ([], [])} == {who: (called(one), planned(one)) for who, one in found.items()}


def test_more_customers_than_a_blank_has_rows_all_find_room(sheets, rules, tmp_path):
    many = cards(*(f"138000011{number:02} | 11-01 | A | 客户{number} | 李明" for number in range(30)))
    calls = "\n".join(f" 138000011{number:02} | 11-04 | A | 11-07" for number in range(30))
    mine = sheets("11-05", customer=many, follow_up=f"phone | done_on | level_after | next_on\n{calls}")["李明"]
    write_filled(rules.forms["daily_activity"], rules, tmp_path / "a.xlsx", mine.filled, mine.calls, mine.on)
    sheet = load_workbook(tmp_path / "a.xlsx").worksheets[0]

    assert 30 == sum(str(row[2]).startswith("138000011") for row in sheet.iter_rows(values_only=True))


def card(name, phone, first, level):
    return [
        ["客户管理卡"], ["客户姓名", name, "电话", phone], ["意向车型", "X5", "初洽日期", first],
        ["初始级别", level, "销售顾问", "李明"], ["日期", "方式", "情形", "级别", "下次回访日期"],
    ]  # fmt: skip


@pytest.fixture
def home(tmp_path):
    home = new_home(tmp_path / "home", "李明")
    agreed = [*card("王志强", WANG, "2026-11-05", "H"), ["2026-11-05", "电话", "看车", "A", "2026-11-07"]]
    drop(home, "卡.xlsx", xlsx({"王志强": agreed, "陈静": card("陈静", CHEN, "2026-11-05", "A")}))
    run(home)
    return home


def test_the_sheet_is_filled_and_handed_in_and_plan_and_hand_in_match(home):
    path = home.outbox / "2026-11-05" / "明日表单" / "李明.xlsx"
    book = load_workbook(path)
    sheet = book.worksheets[0]
    first = next(n for n, row in enumerate(sheet.iter_rows(values_only=True), 2) if row[1] == "客户姓名")
    for letter, value in zip("BCDEFGH", ("陈静", CHEN, "X5", "回访", "A", "A", "约好来店"), strict=True):
        sheet[f"{letter}{first}"] = value
    save(book, home, "李明 日报.xlsx")
    said = run(home, date(2026, 11, 6))

    assert {"李明 日报.xlsx": "accepted"} == verdicts(said)
    assert [(date(2026, 11, 7), date(2026, 11, 6), "王志强", WANG, "follow_up")] == [
        tuple(row[name] for name in ("planned_on", "made_on", "customer_name", "phone", "kind"))
        for row in rows(home, "plan", date(2026, 11, 6))
    ]
    assert [("陈静", date(2026, 11, 6))] == [
        (row["customer_name"], row["worked_on"]) for row in rows(home, "activity", date(2026, 11, 6))
    ]


def test_the_sheet_handed_in_untouched_claims_no_work(home):
    drop(home, "李明.xlsx", (home.outbox / "2026-11-05" / "明日表单" / "李明.xlsx").read_bytes(), "2026-11-06 18:00")
    said = run(home, date(2026, 11, 6))

    assert ({"李明.xlsx": "accepted"}, []) == (verdicts(said), rows(home, "activity", date(2026, 11, 6)))


def test_the_sheet_made_again_is_the_same_to_the_byte(home):
    path = home.outbox / "2026-11-05" / "明日表单" / "李明.xlsx"
    first = path.read_bytes()
    run(home)

    assert first == path.read_bytes()
