"""A form whose header changed is noticed on the morning it begins, and said to the manager, not to who filled it."""

from __future__ import annotations

import sqlite3
from datetime import date

import pytest

from pipeline.archive.keep_archive import open_archive
from pipeline.drift import drift_text, drifts
from pipeline.layout.heads import heads_of
from pipeline.read_rules import read_rules
from pipeline.view import Rowset, View
from tests.hand_ins import clock
from tests.nights import run
from tests.workbooks import drop, new_home, register, visit, xlsx

COLUMNS = ("on", "form", "family", "covers", "book", "sheet", "heads")
BEFORE = "序号 顾客名称 电话 意向级别 进店时间 销售顾问 注释"


@pytest.fixture
def heads(look, rules):
    def _heads(*lines: str) -> dict[str, dict[str, str]]:
        match = look(*lines)
        return heads_of(match.regions, rules.forms[match.form])

    return _heads


@pytest.fixture
def story(heads, rules):
    """Tell what is noticed of registers handed in with these headers, one a line: `11-05 序号 顾客名称 …`, `李明 11-05 …`."""

    def _story(*lines: str) -> list[str]:
        rows = []
        for line in lines:
            who, day, *labels = line.split() if not line[0].isdigit() else ("", *line.split())
            drawn = heads(f"| {' | '.join(labels)} |", f"| {' | '.join('1' for _ in labels)} |")["visits"]
            on = clock(f"{day}T18:00").date()
            rows.append((on, "visitor_register", "visits", {"consultant": who} if who else {}, "a.xlsx", "1日", drawn))
        seen = View(rows[-1][0], "default", {"hand_in": Rowset(COLUMNS, rows)})
        return [drift_text(drift, rules) for drift in drifts(seen, rules)]

    return _story


def test_where_a_header_stands_is_kept_with_its_labels(heads):
    found = heads(
        "| 客户姓名 | 联系电话 | <2 时间 | 销售顾问 | 心情 |",
        "| ^ | ^ | 进店 | 离店 | ^ | ^ |",
        "| 王 | | 9:30 | | 李明 | 好 |",
    )

    assert {
        "visits": {
            "customer_name": "A2 客户姓名", "phone": "B2 联系电话", "arrived_at": "C2 进店", "left_at": "D2 离店",
            "consultant": "E2 销售顾问", "?心情": "F2 心情",
        }
    } == found  # fmt: skip


def test_a_card_is_kept_by_its_labels_alone_and_the_first_of_many_speaks_for_all(heads):
    card = (
        "| 客户姓名 | 王强 | 电话 | 1 |",
        "| 车型 | X5 | 初始级别 | H |",
        "| 销售顾问 | 李明 |",
        "| 日期 | 方式 | 级别 |",
        "| |",
    )

    found = heads(*card, *card)

    assert {"customer_name": " 客户姓名", "phone": " 电话", "level": " 初始级别"}.items() <= found["back"].items()
    assert {"contacts.done_on": " 日期", "contacts.level_after": " 级别"}.items() <= found["back"].items()


def test_a_header_that_stays_is_no_news(story):
    assert [] == story(f"11-04 {BEFORE}", f"11-05 {BEFORE}")


def test_the_first_hand_in_is_no_news(story):
    assert [] == story(f"11-05 {BEFORE}")


def test_a_column_that_moved_is_named_with_where_it_was_and_where_it_is(story):
    said = story(f"11-17 {BEFORE}", "11-18 序号 顾客名称 电话 注释 进店时间 销售顾问 意向级别")

    assert [
        "来店(电)顾客登记表 从 11-18 起表头变了(a.xlsx › 1日 D1):「注释」从 G 列移到了 D 列;「意向级别」从 D 列移到了 G 列。仍按表头读取"
    ] == said


def test_columns_behind_a_new_one_are_told_together(story):
    said = story(f"11-17 {BEFORE}", "11-18 序号 顾客名称 电话 车型 意向级别 进店时间 销售顾问 注释")

    assert [
        "来店(电)顾客登记表 从 11-18 起表头变了(a.xlsx › 1日 D1):多了一栏「车型」;「意向级别」、「进店时间」、「销售顾问」 等 4 栏从 D 列起一起移到了 E 列起。仍按表头读取"
    ] == said


def test_a_renamed_a_lost_and_a_strange_column_are_named(story):
    said = story(f"11-17 {BEFORE}", "11-18 序号 顾客姓名 电话 星座 进店时间 销售顾问 注释")

    assert [
        "来店(电)顾客登记表 从 11-18 起表头变了(a.xlsx › 1日 B1):多了一栏「星座」,规则里没有,没有读;少了一栏「意向级别」;「顾客名称」改叫「顾客姓名」。仍按表头读取"
    ] == said


def test_a_change_is_told_once_and_two_blanks_in_use_are_told_of_once(story):
    other = "序号 顾客名称 电话 进店时间 意向级别 销售顾问 注释"

    assert 1 == len(story(f"11-01 {BEFORE}", *(f"11-0{day} {(BEFORE, other)[day % 2]}" for day in range(2, 8))))


def test_each_consultant_has_a_form_of_his_own(story):
    other = "序号 顾客名称 电话 进店时间 意向级别 销售顾问 注释"

    said = story(f"李明 11-01 {BEFORE}", f"张伟 11-02 {other}", f"张伟 11-03 {other}", f"李明 11-04 {other}")

    assert ["来店(电)顾客登记表(李明) 从 11-04 起表头变了"] == [
        each[: len("来店(电)顾客登记表(李明) 从 11-04 起表头变了")] for each in said
    ]


def test_a_form_that_has_become_another_one_is_said_to_be_just_that(story):
    said = story(f"11-17 {BEFORE}", "11-18 客户姓名 手机 级别 到店时间 业代 备注")

    assert [
        "来店(电)顾客登记表 从 11-18 起表头变了(a.xlsx › 1日 A1):用了另一种表头,原来的 6 栏只有 0 栏叫法没变。仍按表头读取"
    ] == said


def test_columns_pushed_on_by_another_round_have_not_moved(heads):
    def tracker(rounds):
        groups = " | ".join(f"<3 第{n}次回访" for n in range(1, rounds + 1))
        labels = " | ".join(["计划日期 | 实际日期 | 回访后级别"] * rounds)
        return heads(
            "| 销售顾问 | 李明 | | 月份 | 2026-11 |",
            f"| 客户姓名 | 电话 | 初始级别 | {groups} | 战败原因 |",
            f"| ^ | ^ | ^ | {labels} | ^ |",
        )

    assert tracker(2) == tracker(3)


def moved(day: str, name: str) -> list[list[object]]:
    rows = register(day, visit(name, "13800002222"))
    return [row if len(row) < len(rows[2]) else [row[0], row[2], row[1], *row[3:]] for row in rows]


def test_the_page_tells_the_manager_on_the_morning_it_begins_and_the_summary_all_month(tmp_path):
    home = new_home(tmp_path / "home")
    pages, summaries = {}, {}
    for day, rows in (
        (4, register("2026-11-04", visit())),
        (5, moved("2026-11-05", "孙女士")),
        (6, moved("2026-11-06", "赵女士")),
    ):
        drop(home, "登记.xlsx", xlsx({f"{day}日": rows}), f"2026-11-0{day} 18:00")
        said = run(home, date(2026, 11, day))
        assert [] == said["books"][0]["findings"]
        folder = home.outbox / f"2026-11-0{day}"
        pages[day] = "「电话」从 C 列移到了 B 列" in (folder / "运行报告.html").read_text("utf-8")
        summaries[day] = (folder / "经营汇总.xlsx").read_bytes()

    assert {4: False, 5: True, 6: False} == pages
    run(home, date(2026, 11, 5))
    assert summaries[5] == (home.outbox / "2026-11-05" / "经营汇总.xlsx").read_bytes()


def test_an_archive_made_before_headers_were_kept_goes_on_and_knows_of_no_change(tmp_path):
    home = new_home(tmp_path / "home")
    drop(home, "登记.xlsx", xlsx({"4日": register("2026-11-04", visit())}), "2026-11-04 18:00")
    run(home, date(2026, 11, 4))
    file = sqlite3.connect(home.archive / "default.sqlite")
    with file:
        file.execute(
            "UPDATE hand_in SET heads = ''"
        )  # as the step up from such an archive leaves them (tests/test_migrations.py)
    file.close()
    drop(home, "登记.xlsx", xlsx({"5日": moved("2026-11-05", "孙女士")}), "2026-11-05 18:00")
    run(home, date(2026, 11, 5))

    rules = read_rules(home.rules)
    with open_archive(home.root, "default", rules) as archive:
        assert () == drifts(archive.view(date(2026, 11, 5), ()), rules)
