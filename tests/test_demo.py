"""The demo's month, run for real, against the plain count of `truth` and `truth_people`: the workbooks say what the invented people wrote."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pipeline.archive.keep_archive import open_archive
from pipeline.demo.lines import Activity, Customer, Deal, FollowUp, Line, OwnerVisit, Plan, Prospect, Visit
from pipeline.demo.plant import evenings, house_yaml
from pipeline.demo.story import story
from pipeline.keep_home import Home
from pipeline.read_rules import read_rules
from tests import truth, truth_people, truth_relations, truth_roster
from tests.demo_home import DAYS, EVE, LAST, MIDDLE, agrees, as_day, read, same

KINDS: dict[type, str] = {
    Visit: "visit", Prospect: "prospect", FollowUp: "follow_up", Customer: "customer", Deal: "deal", OwnerVisit: "owner_visit",
    Activity: "activity", Plan: "plan",
}  # fmt: skip


def test_the_same_seed_tells_the_same_story_to_the_byte():
    one, two = (next(iter(evenings(story(7)))) for _ in range(2))

    assert one == two


def test_an_evening_brings_no_more_than_a_clerk_could_carry(drawn):
    assert [evening.on for evening in drawn] == [EVE, *(date(2026, 10, day) for day in range(1, 32))]
    assert all(8 <= len(evening.files) <= 25 for evening in drawn)


def test_nobody_in_the_story_could_be_rung_up(told):
    phones = {line.phone for filing in told.filings for paper in filing.papers for line in paper.lines if line.phone}

    assert [phone for phone in phones if not re.fullmatch(r"1\d\d0000\d{4}", phone)] == []


def test_the_house_of_the_story_is_one_a_clerk_could_have_written(told, ran):
    rules = read_rules(ran[0].rules)

    assert [person.name for person in rules.house.consultants] == [person.name for person in told.consultants]
    assert told.store in house_yaml(told)


@DAYS
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_the_archive_holds_exactly_what_could_be_read_till_that_day(told, ran, kind, on):
    home = ran[0]
    with open_archive(home.root, "default", read_rules(home.rules)) as archive:
        rows = archive.view(on).tables[KINDS[kind]]
    found = [dict(zip(rows.names, row, strict=True)) for row in rows.rows]
    expected = [line for line in truth.lines(truth.known(told, on)) if isinstance(line, kind)]

    assert Counter(said(line) for line in expected) == Counter(kept(row, expected[0]) for row in found)


def said(line: Line) -> tuple[tuple[str, Any], ...]:
    return tuple((name, plain(name, value)) for name, value in asdict(line).items() if name != "slip")


def kept(row: dict[str, Any], like: Line) -> tuple[tuple[str, Any], ...]:
    return tuple(
        (name, plain(name, row["_form" if name == "form" else name])) for name in asdict(like) if name != "slip"
    )


def plain(name: str, value: Any) -> Any:
    """A daily report that names no outcome says nothing of one; open or blank, it is the same."""
    return None if value == "" or (name == "outcome" and value == "open") else value


@DAYS
def test_every_day_of_the_visitor_patterns_is_counted_right(told, ran, on):
    rows = {as_day(row["日期"]): row for row in read(ran[0], on, "来店规律", "按日", "日期")}
    expected = truth.by_day(truth.known(told, on), on)

    assert [day for day, figures in expected.items() if not agrees(rows[day], figures)] == []
    assert [day for day, row in rows.items() if day not in expected and row["合计批次"]] == []


@DAYS
def test_every_weekday_and_hour_of_the_visitor_patterns_is_counted_right(told, ran, on):
    known = truth.known(told, on)
    days = {row["星期"]: row for row in read(ran[0], on, "来店规律", "按星期", "星期")}
    hours = {row["星期"]: row for row in read(ran[0], on, "来店规律", "按时段", "星期")}

    assert [name for name, figures in truth.by_weekday(known, on).items() if not agrees(days[name], figures)] == []
    for name, counts in truth.by_hour(known, on).items():
        assert {hour: count for hour, count in hours[name].items() if hour in counts and count} == dict(counts)


@DAYS
def test_who_gets_no_phone_number_is_seen_first(told, ran, on):
    rows = read(ran[0], on, "来店规律", "留档分析", "销售顾问")
    expected = truth.capture_by_consultant(truth.known(told, on), on)

    assert rows[0]["销售顾问"] == "赵磊"
    assert sorted(row["销售顾问"] for row in rows) == sorted(expected)
    assert [row for row in rows if not agrees(row, expected[row["销售顾问"]])] == []


@DAYS
def test_nobody_overdue_is_missing_and_nobody_is_blamed_for_nothing(told, ran, on):
    known = truth.known(told, on)
    names = {phone: person.name for phone, person in truth_people.people(known).items()}
    found = {
        row["客户"]: (as_day(row["应跟进日期"]), row["逾期天数"], row["依据"])
        for row in read(ran[0], on, "逾期跟进", "逾期", "销售顾问")
    }

    assert found == {names[phone]: answer for phone, answer in truth_people.overdue(known, on).items()}


@DAYS
def test_today_and_tomorrow_have_the_right_people_on_their_lists(told, ran, on):
    known = truth.known(told, on)
    names = {phone: person.name for phone, person in truth_people.people(known).items()}
    for sheet, day in (("今日到期", on), ("明日应跟进", on + truth.DAY)):
        found = {row["客户"] for row in read(ran[0], on, "逾期跟进", sheet, "销售顾问")}

        assert found == {names[phone] for phone in truth_people.due_on(known, on, day)}


@DAYS
def test_overdue_by_consultant_adds_up(told, ran, on):
    known = truth.known(told, on)
    persons = truth_people.people(known)
    late = truth_people.overdue(known, on)
    for row in read(ran[0], on, "逾期跟进", "按顾问", "销售顾问"):
        open_ones = [p for p in persons.values() if p.consultant == row["销售顾问"] and p.open(on)]
        mine = [answer[1] for phone, answer in late.items() if persons[phone].consultant == row["销售顾问"]]

        assert (row["在跟客户数"], row["逾期数"]) == (len(open_ones), len(mine))
        assert (row["最长逾期天数"] or 0) == max(mine, default=0)


@DAYS
def test_the_managers_overview_agrees_with_a_count_by_hand(told, ran, on):
    rows = {row["指标"]: row for row in read(ran[0], on, "经营汇总", "概览", "指标")}
    for column, figures in truth_people.overview(truth.known(told, on), on).items():
        found = {name: rows[name][column] for name in figures}

        assert {name: (found[name], figures[name]) for name in figures if not same(found[name], figures[name])} == {}


@DAYS
@pytest.mark.parametrize(
    ("sheet", "first", "count"),
    [("级别分布", "销售顾问", truth_people.levels), ("级别推进", "", truth_people.moves)],
    ids=["now", "since the first"],
)
def test_the_levels_agree_with_a_count_by_hand(
    told, ran, on, sheet, first, count: Callable[..., dict[str, Counter[str]]]
):
    first = first or header_of(ran[0], on, sheet)
    rows = {row[first]: row for row in read(ran[0], on, "经营汇总", sheet, first)}
    expected = count(truth.known(told, on), on)
    names = {name for counts in expected.values() for name in counts}

    assert {
        who: {n: c for n, c in row.items() if n in names and c}
        for who, row in rows.items()
        if any(row.get(n) for n in names)
    } == {who: dict(counts) for who, counts in expected.items()}


def header_of(home: Home, on: date, sheet: str) -> str:
    """Return the first header of a sheet whose first column the contract does not name: the row that names H."""
    rows = openpyxl.load_workbook(home.outbox / on.isoformat() / "经营汇总.xlsx", data_only=True)[sheet].values
    return next(str(row[0]) for row in rows if "H" in row)


@DAYS
def test_every_gap_between_the_forms_is_found_and_none_is_made_up(told, ran, on):
    found = read(ran[0], on, "三表一卡核对", "缺口", "规则")

    assert truth_relations.gaps(told, on) == {
        (row["规则"], as_day(row["日期"]), row["销售顾问"], row["客户"]) for row in found
    }


def test_a_forgotten_report_is_missing_and_late_ones_are_late(ran):
    rows = {row["销售顾问"]: row for row in read(ran[0], LAST, "经营汇总", "表单质量", "销售顾问")}

    assert (rows["赵磊"]["缺交"], rows["李明"]["缺交"]) == (1, 0)
    assert (rows["刘洋"]["迟交"], rows["王芳"]["迟交"], rows["李明"]["迟交"]) == (
        4,
        2,
        0,
    )  # one of hers had no name on it till the day after


@DAYS
def test_who_handed_in_late_blank_or_not_at_all_and_how_often_in_a_row_agrees_with_a_count_by_hand(told, ran, on):
    # A register or tracker saved again and again came, for a night, when it was last saved.
    lay_there = {(f.path if "日报" not in f.path else f.received, f.received.date() <= MIDDLE): f for f in told.filings}
    seen = replace(told, filings=tuple(sorted(lay_there.values(), key=lambda filing: filing.received)))
    rows = {row["销售顾问"]: row for row in read(ran[0], on, "经营汇总", "表单质量", "销售顾问")}
    expected = truth_roster.quality(seen, on)
    assert {who: {name: rows[who][name] for name in figures} for who, figures in expected.items()} == expected

    for row in read(ran[0], on, "经营汇总", "交表日历", "销售顾问"):
        marks = {day: mark for day, mark in row.items() if day.isdigit() and mark is not None}
        assert marks == truth_roster.calendar(seen, on)[row["销售顾问"], row["表"]]


def test_what_is_no_paper_is_said_and_stops_nothing(ran):
    verdicts = {Path(book["path"]).name: book["verdict"] for book in ran[1][MIDDLE]["books"]}

    assert verdicts["~$推进表2026年10月.xlsx"] == "ignored"
    assert verdicts["客户资料备份.xlsx"] == "quarantined"
    assert "duplicate" in {verdicts["日报10-11.xlsx"], verdicts["日报10-11 - 副本.xlsx"]}
    assert [Path(book["path"]).name for book in ran[1][MIDDLE]["books"] if book["verdict"] == "returned"] == [
        "日报10-09.xlsx"
    ]
    assert verdicts["来店登记10月12日.csv"] in {"accepted", "partial"}


def test_the_first_night_takes_everything_september_wrote(ran):
    assert {book["verdict"] for book in ran[1][EVE]["books"]} == {"accepted"}


def test_what_the_rest_of_the_house_wrote_asks_to_be_looked_at(ran):
    def first(sheet: str, head: str, *columns: str) -> list[tuple[Any, ...]]:
        return [tuple(row[name] for name in columns) for row in read(ran[0], LAST, "其他台账", sheet, head)]

    assert [("灯具全部能亮且清洁", 3), ("洽谈桌面整洁、资料齐全", 2)] == first("展厅检查", "表", "项目", "连续次数")
    assert [("江北物流公司", 11), ("江北物流公司", 0)] == first("未兑现承诺", "客户", "客户", "逾期天数")
    assert [("断号", "00340120")] == first("资质发票", "发票代码", "问题", "发票号码")
    assert [("归还档案", 15)] == [(what, days) for what, days in first("档案借阅", "表", "事项", "逾期天数") if days]
    assert [135, 114, 101] == [days for (days,) in first("库龄明细", "车架号", "库龄")][:3]


def test_one_customer_may_be_two_another_has_two_consultants_and_a_third_consultant_leaves(ran):
    pairs = read(ran[0], LAST, "跟进提醒", "疑似同一客户", "为什么问")
    clashes = read(ran[0], LAST, "跟进提醒", "撞单", "客户")

    assert [("李明", "李明")] == [(row["顾问甲"], row["顾问乙"]) for row in pairs]
    assert [("王芳", "陈静", "陈静")] == [(row["先接触"], row["后接触"], row["现在在谁名下"]) for row in clashes]
    assert ["赵磊.xlsx"] == [path.name for path in (ran[0].outbox / str(LAST) / "交接").iterdir()]
