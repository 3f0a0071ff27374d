"""疑似同一客户: the house asks, the clerk judges, the next night reads it back and remembers."""

from __future__ import annotations

from datetime import date

import pytest
from openpyxl import load_workbook

from pipeline.facts.doubtful import doubtful, is_stand_in
from pipeline.facts.gather import gather
from pipeline.facts.mentions import neighbours
from pipeline.facts.same import pair_code
from pipeline.reports import reminders
from pipeline.rulebook.house import Consultant
from tests.desk import rows as told
from tests.nights import rows, run, verdicts
from tests.told import view
from tests.workbooks import drop, new_home, register, save, visit, xlsx

WANG, SLIP, TURNED, CHEN = "13800001111", "13800001112", "13800010111", "13900002222"
PAIR = pair_code(WANG, SLIP)


def visits(*lines):
    return "visited_on | phone | customer_name | consultant\n" + "\n".join(lines)


def asked(rules, *lines, on="11-10", **tables):
    """Return why each pair is asked about."""
    return [pair.why for pair in doubtful(gather(view(rules, on, visit=visits(*lines), **tables), rules), rules)]


def judged(*lines):
    return "asked_on | pair | same | different | later\n" + "\n".join(lines)


def test_one_customer_with_phones_a_digit_apart_is_asked_about(rules):
    assert ["同名、同顾问,电话只差第 11 位"] == asked(
        rules, f"11-01 | {WANG} | 王志强 | 李明", f"11-05 | {SLIP} | 王志强 | 李明"
    )


def test_two_digits_the_other_way_round_and_a_name_written_otherwise_are_asked_about_as_well(rules):
    found = asked(rules, f"11-01 | {WANG} | 王志强 | 李明", f"11-05 | {TURNED} | 王志刚 | 陈静")

    assert ["名字相近、不同顾问,电话第 7、8 位对调"] == found


def test_one_name_with_one_consultant_at_two_phones_is_asked_about_when_the_days_are_near(rules):
    lines = (f"11-01 | {WANG} | 王志强 | 李明", f"11-05 | {CHEN} | 王志强 | 李明")

    assert ["同名、同顾问,两个电话,前后 4 天"] == asked(rules, *lines)
    assert [] == asked(rules, f"09-01 | {WANG} | 王志强 | 李明", lines[1])
    assert [] == asked(rules, lines[0], f"11-05 | {CHEN} | 王志强 | 陈静")


def test_two_names_alike_at_one_phone_are_asked_about_and_two_unlike_ones_are_not(rules):
    assert ["同一个电话,名字相近"] == asked(rules, f"11-01 | {WANG} | 王志强 | 李明", f"11-05 | {WANG} | 王志刚 | 李明")
    assert [] == asked(rules, f"11-01 | {WANG} | 王志强 | 李明", f"11-05 | {WANG} | 李小红 | 李明")


@pytest.mark.parametrize("name", ["王先生", "某女士", "王某某", "X先生", "李总", "张姐", "顾客", "王"])
def test_a_stand_in_is_nobody_s_name(rules, name):
    assert is_stand_in(name, rules)
    assert [] == asked(rules, f"11-01 | {WANG} | {name} | 李明", f"11-05 | {SLIP} | {name} | 李明")


@pytest.mark.parametrize("name", ["王志强", "师小燕", "欧阳娜娜"])
def test_a_name_is_no_stand_in(rules, name):
    assert not is_stand_in(name, rules)


def test_who_has_not_been_heard_of_in_the_window_is_not_asked_about(rules):
    lines = (f"07-01 | {WANG} | 王志强 | 李明", f"07-05 | {SLIP} | 王志强 | 李明")

    assert [] == asked(rules, *lines)
    assert 1 == len(asked(rules, *lines, on="07-10"))


TWO = (f"11-01 | {WANG} | 王志强 | 李明", f"11-03 | {WANG} | 王志强 | 李明", f"11-05 | {SLIP} | 王志强 | 李明")


@pytest.mark.parametrize(
    ("answer", "on", "pairs"),
    [("true | |", "12-30", 0), ("| true |", "12-30", 0), ("| | true", "12-05", 0), ("| | true", "12-06", 1)],
)
def test_judged_pairs_never_come_again_and_one_put_off_comes_after_thirty_days(rules, answer, on, pairs):
    assert pairs == len(asked(rules, *TWO, on=on, same_person=judged(f"11-06 | {PAIR} | {answer}")))


def facts_of(rules, *answers, on="11-10", **tables):
    own = {"same_person": judged(*answers)} if answers else {}
    return gather(view(rules, on, visit=visits(*TWO), **own, **tables), rules)


def test_two_phones_judged_one_are_one_person_with_the_phone_written_more_often(rules):
    card = f"phone | first_contact_on | level | customer_name\n {SLIP} | 11-05 | A | 王志强"
    apart, one = facts_of(rules, customer=card), facts_of(rules, f"11-06 | {PAIR} | true | |", customer=card)

    assert [WANG, SLIP] == sorted(apart.persons["phone"])
    assert ([WANG], [date(2026, 11, 5)]) == (
        list(one.persons["phone"]),
        [d.date() for d in one.persons["first_contact_on"]],
    )
    assert (2, 1) == (len(apart.open_at(apart.on)), len(one.open_at(one.on)))
    assert ["A"] == list(one.open_at(one.on)["stand"])
    assert {WANG} == {one.written("customer", 0, "phone"), *one.view.tables["visit"].column("phone")}


def test_a_later_no_parts_them_again(rules):
    assert 2 == len(facts_of(rules, f"11-08 | {PAIR} | | true |").persons)


def test_what_is_judged_apart_is_not_joined_by_way_of_a_third(rules):
    third = "13800001113"
    lines = (*TWO, f"11-06 | {third} | 王志强 | 李明")
    answers = judged(f"11-07 | {PAIR} | true | |", f"11-07 | {pair_code(SLIP, third)} | true | |", f"11-07 | {pair_code(WANG, third)} | | true |")  # fmt: skip
    facts = gather(view(rules, "11-10", visit=visits(*lines), same_person=answers), rules)

    assert 2 == len(facts.persons)
    assert 1 == len(facts.judged.refused)


def test_the_report_shows_the_pair_masked_with_both_places_and_what_was_judged(rules):
    open_ = reminders.build(facts_of(rules), rules)
    done = reminders.build(facts_of(rules, f"11-06 | {PAIR} | true | |"), rules)
    columns = ("客户甲", "电话甲", "来源甲", "电话乙", "来源乙")
    (pair,) = [tuple(map(str, row)) for row in told(open_, "疑似同一客户", *columns)]

    assert (
        "王志强",
        "138****1111",
        "visitor_register.xlsx › Sheet1 › D6",
        "138****1112",
        "visitor_register.xlsx › Sheet1 › D7",
    ) == pair
    assert [] == told(done, "疑似同一客户", *columns)
    assert [("138****1111", "138****1112", "138****1111", "报表里算一位", PAIR)] == [
        (*sorted(row[:2]), *row[2:])
        for row in told(done, "疑似同一客户", "电话甲", "电话乙", "现在算作", "说明", "对号", table=1)
    ]


def clashes(rules, *lines, **tables):
    facts = gather(view(rules, "11-10", visit=visits(*lines), **tables), rules)
    columns = ("电话", "先接触", "首次日期", "来源", "后接触", "后者首次", "后者来源")
    return [tuple(map(str, row)) for row in told(reminders.build(facts, rules), "撞单", *columns)]


BOTH = (f"11-01 | {WANG} | 王志强 | 李明", f"11-05 | {WANG} | 王先生 | 陈静")


def test_one_phone_with_two_consultants_is_listed_with_both_days_and_places(rules):
    book = "visitor_register.xlsx › Sheet1 ›"

    assert [("138****1111", "李明", "2026-11-01", f"{book} D5", "陈静", "2026-11-05", f"{book} D6")] == clashes(
        rules, *BOTH
    )


def test_a_customer_handed_over_or_left_behind_is_no_clash(rules):
    handed = f"phone | handed_on | consultant | new_consultant | customer_name\n {WANG} | 11-03 | 李明 | 陈静 | 王志强"
    gone = (Consultant(name="李明", leaves_on=date(2026, 11, 4)), Consultant(name="陈静"))
    own = rules.model_copy(update={"house": rules.house.model_copy(update={"consultants": gone})})

    assert [] == clashes(rules, *BOTH, handover=handed)
    assert [] == clashes(own, *BOTH)


def test_neighbours_are_found_without_comparing_all_with_all():
    import pandas as pd  # noqa: PLC0415

    phones = [WANG, SLIP, TURNED, CHEN, "13800001121", "02888880000", "13900002292"]

    assert [(0, 1), (0, 2), (0, 4), (1, 4), (3, 6)] == neighbours(pd.Series(phones))


@pytest.fixture
def home(tmp_path):
    """A showroom whose 李明 wrote one customer's phone rightly twice and once with a slip."""
    home = new_home(tmp_path / "home")
    for day, phone in (("03", WANG), ("04", WANG), ("05", SLIP)):
        drop(
            home, f"{day}.xlsx", xlsx({day: register(f"2026-11-{day}", visit("王志强", phone))}), f"2026-11-{day} 18:00"
        )
    run(home)
    return home


def judge(home, column, name="疑似同一客户.xlsx", of="2026-11-05", at="2026-11-05 20:00"):
    """Tick the one pair of a day's sheet and hand it in."""
    book = load_workbook(home.outbox / of / "疑似同一客户.xlsx")
    sheet = book.worksheets[0]
    header = next(row for row in sheet.iter_rows() if row[1].value == "客户甲")
    place = next(cell.column for cell in header if cell.value == column)
    sheet.cell(int(header[1].row or 0) + 1, int(place or 0)).value = "√"
    save(book, home, name, at)


def prospects(home, on):
    sheet = load_workbook(home.outbox / on / "逾期跟进.xlsx")["按顾问"]
    return [row[1].value for row in sheet.iter_rows() if row[0].value == "李明"]


def test_a_doubtful_pair_is_judged_one_and_the_next_night_counts_one_customer(home):
    before = prospects(home, "2026-11-05")
    judge(home, "同一人")
    said = run(home, date(2026, 11, 6))
    (record,) = rows(home, "same_person", date(2026, 11, 6))

    assert {"疑似同一客户.xlsx": "accepted"} == verdicts(said)
    assert (PAIR, True, False, False, "王志强", "138****1111") == tuple(
        record[name] for name in ("pair", "same", "different", "later", "customer_name", "phone_shown")
    )
    assert ([2], [1]) == (before, prospects(home, "2026-11-06"))
    assert not (home.outbox / "2026-11-06" / "疑似同一客户.xlsx").exists()
    assert {WANG, SLIP} == {row["phone"] for row in rows(home, "visit", date(2026, 11, 6))}


def test_a_judgement_read_back_twice_is_one_and_a_later_one_takes_its_place(home):
    judge(home, "同一人")
    run(home, date(2026, 11, 6))
    judge(home, "同一人", "又一次.xlsx", at="2026-11-06 20:00")
    again = run(home, date(2026, 11, 7))
    judge(home, "不是", "改判.xlsx", at="2026-11-07 20:00")
    run(home, date(2026, 11, 8))

    assert {"又一次.xlsx": "accepted"} == verdicts(again)
    assert 1 == again["records"]["same_person"]["unchanged"]
    assert [(False, True)] == [(row["same"], row["different"]) for row in rows(home, "same_person", date(2026, 11, 8))]
    assert ([1], [2]) == (prospects(home, "2026-11-07"), prospects(home, "2026-11-08"))
    assert not (home.outbox / "2026-11-08" / "疑似同一客户.xlsx").exists()


def test_a_line_with_two_ticks_comes_back(home):
    book = load_workbook(home.outbox / "2026-11-05" / "疑似同一客户.xlsx")
    sheet = book.worksheets[0]
    header = next(row for row in sheet.iter_rows() if row[1].value == "客户甲")
    for cell in header:
        if cell.value in ("同一人", "不是"):
            sheet.cell(int(cell.row or 0) + 1, int(cell.column or 0)).value = "√"
    save(book, home, "疑似同一客户.xlsx")
    said = run(home, date(2026, 11, 6))

    assert {"疑似同一客户.xlsx": "returned"} == verdicts(said)
    assert ["same_person.same-and-different"] == [each["code"] for each in said["books"][0]["findings"]]


def test_no_phone_stands_in_full_on_what_everybody_can_read(home):
    for name in ("疑似同一客户.xlsx", "跟进提醒.xlsx"):
        book = load_workbook(home.outbox / "2026-11-05" / name)
        texts = {str(cell.value) for sheet in book.worksheets for row in sheet.iter_rows() for cell in row}
        assert [] == [text for text in texts if WANG in text or SLIP in text]
        assert any("138****1111" in text for text in texts)
