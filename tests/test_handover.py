"""交接: a consultant leaves, the manager names who takes each customer, and the next night reads it."""

from __future__ import annotations

from datetime import date

import pytest
from openpyxl import load_workbook

from pipeline.facts.gather import gather
from pipeline.handover import hand_overs
from pipeline.rulebook.house import Consultant
from tests.nights import rows, run, verdicts
from tests.told import view
from tests.workbooks import drop, new_home, register, save, visit, xlsx

WANG, CHEN = "13800001111", "13800002222"
CARDS = f"phone | first_contact_on | level | customer_name\n {WANG} | 11-01 | A | 王志强\n {CHEN} | 11-01 | H | 陈静"


@pytest.fixture
def leaves(rules):
    def _leaves(on, leaves_on, **tables):
        people = (Consultant(name="李明", leaves_on=leaves_on), Consultant(name="王芳"))
        own = rules.model_copy(update={"house": rules.house.model_copy(update={"consultants": people})})
        facts = gather(view(own, on, **tables), own)
        return facts, hand_overs(facts, own)

    return _leaves


def test_a_week_before_somebody_leaves_the_open_customers_are_laid_out_with_the_next_day_and_the_last_note(leaves):
    _, found = leaves("11-05", date(2026, 11, 12), customer=CARDS,
                      follow_up=f"phone | done_on | note | customer_name | level_after\n {WANG} | 11-03 | 等家人商量 | 王志强 | A\n {CHEN} | 11-04 | 已订 | 陈静 |",
                      deal=f"phone | ordered_on | customer_name\n {CHEN} | 11-04 | 陈静")  # fmt: skip

    assert {"consultant": "李明", "handed_on": date(2026, 11, 12)} == found["李明"].above
    assert [{"customer_name": "王志强", "phone": WANG, "level": "A", "next_on": date(2026, 11, 10), "note": "等家人商量"}] == (
        found["李明"].lines["customers"]
    )  # fmt: skip


@pytest.mark.parametrize("leaves_on", [None, date(2026, 11, 13)])
def test_nobody_is_handed_over_earlier(leaves, leaves_on):
    assert {} == leaves("11-05", leaves_on, customer=CARDS)[1]


def test_who_has_left_hands_over_from_tomorrow(leaves):
    assert date(2026, 11, 6) == leaves("11-05", date(2026, 10, 1), customer=CARDS)[1]["李明"].above["handed_on"]


def handed(day):
    return (
        f"phone | handed_on | new_consultant | customer_name\n {WANG} | {day} | 王芳 | 王志强\n {CHEN} | {day} | | 陈静"
    )


def test_a_customer_handed_over_is_on_the_new_consultants_list_and_one_without_a_name_stays(leaves):
    facts, found = leaves("11-05", date(2026, 11, 4), customer=CARDS, handover=handed("11-04"))

    assert {"王志强": "王芳", "陈静": "李明"} == dict(
        zip(facts.persons["customer_name"], facts.persons["consultant"], strict=True)
    )
    assert ["陈静"] == [line["customer_name"] for line in found["李明"].lines["customers"]]


def test_until_the_day_the_customer_stays_and_the_name_already_written_stands_on_the_next_pack(leaves):
    facts, found = leaves("11-05", date(2026, 11, 10), customer=CARDS, handover=handed("11-10"))

    assert {"李明"} == set(facts.persons["consultant"])
    assert {"王志强": "王芳", "陈静": None} == {
        line["customer_name"]: line.get("new_consultant") for line in found["李明"].lines["customers"]
    }


def test_what_the_new_consultant_hands_on_later_wins(leaves):
    facts, _ = leaves("11-05", date(2026, 11, 2), customer=CARDS, handover=handed("11-02"),
                      follow_up=f"phone | done_on | consultant | customer_name\n {WANG} | 11-04 | 赵强 | 王志强")  # fmt: skip

    assert "赵强" == facts.persons.set_index("customer_name")["consultant"]["王志强"]


def test_the_pack_is_filled_dropped_back_and_the_next_night_moves_the_customer(tmp_path):
    home = new_home(tmp_path / "home", "李明, leaves_on: 2026-11-06", "王芳")
    seen = [visit("王志强", WANG, "9:30", note="看车"), visit("陈静", CHEN, "10:30", "11:00", note="比价")]
    drop(home, "登记.xlsx", xlsx({"5日": register("2026-11-05", *seen)}))
    run(home)
    book = load_workbook(home.outbox / "2026-11-05" / "交接" / "李明.xlsx")
    sheet = book.worksheets[0]
    header = next(row for row in sheet.iter_rows() if row[1].value == "客户姓名")
    column = next(cell.column_letter for cell in header if cell.value == "新顾问")
    line = next(row for row in sheet.iter_rows() if row[1].value == "王志强")[0].row
    sheet[f"{column}{line}"] = "王芳"
    save(book, home, "交接 李明.xlsx")
    on = date(2026, 11, 6)
    said = run(home, on)
    left = load_workbook(home.outbox / "2026-11-06" / "交接" / "李明.xlsx").worksheets[0]

    assert {"交接 李明.xlsx": "accepted"} == verdicts(said)
    assert [("李明", "王志强", WANG, "王芳", on)] == [
        tuple(row[name] for name in ("consultant", "customer_name", "phone", "new_consultant", "handed_on"))
        for row in rows(home, "handover", on)
    ]
    assert ["陈静"] == [row[1].value for row in left.iter_rows() if row[2].value in (WANG, CHEN)]
    assert (home.outbox / "2026-11-06" / "明日表单" / "王芳.xlsx").exists()
