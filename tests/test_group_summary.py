"""集团汇总.xlsx: stores side by side. Its figures are those of one home that held every record, and a store out of line is found by what is usual."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from pipeline.facts.gather import gather
from pipeline.report import Report
from pipeline.reports import overdue, summary
from pipeline.reports.group import build
from pipeline.reports.group_rates import outliers, spreads
from pipeline.rollup import Fate, Rollup, added, rollup_of
from pipeline.rulebook.house import Outliers
from pipeline.view import View
from tests.figures import by_name, heads, sheet
from tests.pages import digest
from tests.told import rows

ON = date(2026, 11, 5)
PERIODS = ("今日", "本月累计", "上月同期", "本年累计")
STORES = ("east", "west", "north")
NAMES = {"east": "城东店", "west": "城西店", "north": "城北店"}


@pytest.fixture(scope="module")
def customers() -> list[tuple[str, dict[str, list[dict[str, str]]]]]:
    """Ninety invented customers, each of one store, with their visits, tracker rows and contacts of three months."""
    chance = random.Random(7)  # noqa: S311 - the same customers every time
    return [(chance.choice(STORES), customer(chance, number)) for number in range(90)]


def customer(chance: random.Random, number: int) -> dict[str, list[dict[str, str]]]:
    phone, who = f"1380000{number:04}", chance.choice(("李明", "王芳"))
    met = ON - timedelta(days=chance.choice((0, 1, 3, 20, 31, 33, 60, 75)))
    kept = chance.random() < 0.7
    came = {
        "visited_on": f"{met}", "phone": phone if kept else "", "channel": chance.choice(("walk_in", "walk_in", "call_in")),
        "stay_minutes": chance.choice(("", "20", "45")), "consultant": who, "ordered": chance.choice(("true", "false", "false")) if kept else "false",
    }  # fmt: skip
    own = {"phone": phone, "consultant": who}
    tracked = own | {
        "first_contact_on": f"{met}",
        "opening_level": chance.choice(("H", "A", "B", "C", "")),
        "month": f"{met:%Y-%m}",
    }
    called = own | {
        "done_on": f"{min(met + timedelta(days=2), ON)}",
        "level_after": chance.choice(("H", "A", "")),
        "outcome": chance.choice(("open", "open", "ordered", "lost", "delivered")),
    }
    return {"visit": [came], "prospect": [tracked] if kept else [], "follow_up": [called] if kept else []}


def held(rules, customers, *stores: str) -> View:
    """Return an archive that holds the customers of these stores."""
    kinds = ("visit", "prospect", "follow_up")
    mine = [records for store, records in customers if store in stores]
    tables = {kind: rows(rules, kind, [row for each in mine for row in each[kind]]) for kind in kinds}
    return View(ON, "default", tables)


def rolled(rules, seen: View, store: str) -> tuple[Rollup, Report]:
    facts = gather(seen, rules)
    reports = (summary.build(facts, rules), overdue.build(facts, rules))
    return rollup_of(reports, digest(rules), store, "run"), reports[0]


@pytest.fixture(scope="module")
def group(rules, customers) -> list[Rollup]:
    return [rolled(rules, held(rules, customers, store), store)[0] for store in STORES]


@pytest.fixture(scope="module")
def whole(rules, customers) -> tuple[Rollup, Report]:
    return rolled(rules, held(rules, customers, *STORES), "all")


def done(rollups: list[Rollup]) -> list[Fate]:
    return [Fate(each.store, NAMES.get(each.store, each.store), "done", each) for each in rollups]


def test_the_stores_add_up_to_one_home_that_holds_every_record(group, whole):
    one, _ = whole

    assert 40 < one.sums["本年累计"]["captured"] < 90
    assert {name: dict(one.sums[name]) for name in PERIODS} == {
        name: added(each.sums[name] for each in group) for name in PERIODS
    }
    for part in ("stock", "levels"):
        assert dict(getattr(one, part)) == added(getattr(each, part) for each in group)


def test_the_group_shows_the_figures_that_one_home_would_show(rules, group, whole):
    _, of_one_home = whole
    report = build(done(group), ON, rules)
    total = dict(zip(heads(sheet(report, "各店本月")), sheet(report, "各店本月").total or (), strict=True))

    assert list(sheet(of_one_home, "概览").rows) == list(sheet(report, "概览").rows)
    assert [row[2] for row in sheet(of_one_home, "概览").rows] == [
        total[row[0]] for row in sheet(of_one_home, "概览").rows
    ]


def test_a_rollup_read_back_is_the_one_that_was_written(group):
    assert group == [Rollup.of(each.plain()) for each in group]


def store(name: str, captured: int, came: int, **more: Any) -> Rollup:
    """Return a store whose month brought so many visitors; all else is nought."""
    sums = dict.fromkeys(("walk_ins", "call_ins", "captured", "stays", "minutes", "new", "stock", "test_drives", "orders", "deliveries", "losses"), 0)  # fmt: skip
    month = sums | {"walk_ins": came, "captured": captured}
    periods = dict.fromkeys(PERIODS, sums) | {"本月累计": month}
    stock, forms = {"在跟客户": 0, "逾期": 0}, {"应交": 0, "缺交": 0}
    return replace(Rollup(name, ON, "run", periods, stock, {}, {}, forms, {}), **more)


USUAL = [store(f"s{number}", captured, 100) for number, captured in enumerate((70, 72, 71, 69, 73, 70))]


def test_a_store_far_from_the_median_is_out_of_line_with_its_base_beside_it(rules):
    report = build(done([*USUAL, store("odd", 30, 100)]), ON, rules)

    [row] = sheet(report, "离群").rows
    assert ["odd", "留档率", 0.3, 100, 0.7] == [str(row[0]), *row[1:5]]
    assert ("低", "要看", "留档率 30.0%(30 / 100 批),7 家店的中位数 70.0%") == row[6:]
    assert ("odd:留档率 30.0%(30 / 100 批),7 家店的中位数 70.0%",) == report.figures["离群"]


def test_a_small_base_is_marked_and_neither_ranked_nor_called_odd(rules):
    report = build(done([*USUAL, store("tiny", 1, 19)]), ON, rules)
    tiny = {str(name): row for name, row in by_name(sheet(report, "排名")).items()}["tiny"]

    assert () == sheet(report, "离群").rows
    assert (None, 19) == (tiny["留档率名次"], tiny["留档率基数"])
    assert "留档率" in tiny["基数小"]


def test_chance_alone_makes_no_store_odd():
    """Twelve of 24 is as far from 70 % as chance leaves a small store; of 2,400 it is not."""
    house = Outliers()

    assert [] == outliers([*USUAL, store("small", 12, 24)], house)
    assert ["large"] == [each[0] for each in outliers([*USUAL, store("large", 1200, 2400)], house)]


def test_one_that_lacks_forms_stands_out_where_all_others_lack_none():
    others = [store(f"s{n}", 0, 0, forms={"应交": 60, "缺交": 0}) for n in range(5)]

    assert [("late", "缺交率")] == [
        (each[0], each[1].name)
        for each in outliers([*others, store("late", 0, 0, forms={"应交": 60, "缺交": 30})], Outliers())
    ]


def test_odd_stores_cannot_pull_the_usual_along():
    calm, pulled = (
        spreads([*USUAL, *(store(f"odd{n}", 0, 100) for n in range(odd))], Outliers())["留档率"] for odd in (0, 2)
    )

    assert calm is not None
    assert pulled is not None
    assert abs(calm.middle - pulled.middle) <= 0.011
    assert pulled.usual < 0.04


def test_of_few_stores_nobody_says_what_is_usual(rules):
    report = build(done(USUAL[:4]), ON, rules)

    assert () == sheet(report, "离群").rows
    assert "留档率(基数够的店不到 5 家,不判)" in by_name(sheet(report, "离群", 1))


def test_equal_rates_share_the_better_place_and_a_low_lost_rate_is_the_better_one(rules):
    report = build(done([store("a", 50, 100), store("b", 80, 100), store("c", 50, 100)]), ON, rules)
    places = {str(row[0]): row[2] for row in sheet(report, "排名").rows}

    assert {"b": 1, "a": 2, "c": 2} == places


def test_a_store_without_a_night_is_told_with_why_and_what_to_do_and_its_figures_are_not_guessed(rules, group):
    fates = [
        *done(group[:1]),
        Fate("west", "城西店", "failed", None, "档案读写失败", date(2026, 11, 3)),
        Fate("north", "城北店", "none"),
    ]
    report = build(fates, ON, rules)

    assert (
        ("城西店", "没跑成", "否", "档案读写失败", date(2026, 11, 3), "照原因办,再 daybook run --store west"),
        ("城北店", "没有跑", "否", None, None, "看定时任务还在不在,再 daybook run --store north"),
    ) == sheet(report, "没有数据").rows
    assert ["城东店"] == [str(row[0]) for row in sheet(report, "各店本月").rows]
    assert "2 家" == next(each.value for each in report.sheets[0].cards if each.name == "没有数据的店")


def test_a_group_none_of_whose_stores_has_figures_is_told_so(rules):
    report = build([Fate("east", "城东店", "none"), Fate("west", "城西店", "none")], ON, rules)

    assert {None} == {value for row in sheet(report, "概览").rows for value in row[1:]}
    assert () == sheet(report, "各店本月").rows


def test_the_stores_names_lead_to_their_own_workbooks(rules, group):
    lead = sheet(build(done(group), ON, rules), "各店本月").rows[0][0]

    assert (lead.to.folder, lead.to.book, lead.to.sheet) in {(each, "经营汇总", "概览") for each in STORES}
