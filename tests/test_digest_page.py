"""运行报告.html as a page: nothing staff wrote can act in it, charts tell themselves in words, links lead on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import unquote

import pytest

from pipeline.report import Column, Report, Sheet, Table
from pipeline.write_digest import digest_of, page, write_digest, write_newest
from tests.pages import ON, book, digest, finding, run, text_of, tree_of, view


def report(name: str, sheet: str, columns: tuple[str, ...], *rows: tuple[Any, ...], **more: Any) -> Report:
    table = Table(sheet, tuple(Column(column) for column in columns), rows)
    return Report(name, ON, (Sheet(sheet, sheet, (table,)),), **more)


def test_a_script_in_a_name_stays_text(rules):
    evil = "<script>alert(1)</script>"
    one = run(
        book(f"{evil}.xlsx", "returned", finding(f"没有{evil}这个级别", code="level.unknown")),
        book(f"a{evil}.xlsx", "ignored", reason=evil),
    )
    charts = report("逾期跟进", "按顾问", ("销售顾问", "逾期数"), (evil, 3))
    seen = page(replace(digest(rules, one, reports=(charts,)), store=evil))

    assert "<script" not in seen
    assert text_of(seen).count(evil) >= 3


def test_the_page_fetches_nothing_and_runs_nothing(rules):
    charts = report("来店规律", "按日", ("日期", "合计批次", "日类型"), (ON, 3, "工作日"))
    tree = tree_of(page(digest(rules, run(book("a.xlsx", "accepted")), reports=(charts,))))

    assert tree.xpath("//script | //link | //img | //iframe | //@onclick | //*[@src]") == []
    assert [link for link in tree.xpath("//@href") if not link.startswith("./")] == ["#main"]
    assert "://" not in page(digest(rules, run(book("a.xlsx", "accepted")), reports=(charts,)))


def test_every_chart_tells_itself_in_words(rules):
    days = report(
        "来店规律",
        "按日",
        ("日期", "合计批次", "日类型"),
        (date(2026, 10, 1), 9, "法定假"),
        (date(2026, 10, 2), None, "法定假"),
    )
    [svg] = tree_of(page(digest(rules, reports=(days,)))).xpath("//svg")

    assert (svg.get("role"), svg.get("aria-label")) == ("img", "近 30 天每日批次:10-01 9(法定假),10-02 无登记(法定假)")
    assert svg.xpath("./title")[0].text == "近 30 天每日批次"


def test_holidays_are_told_apart_and_only_the_last_thirty_days_are_drawn(rules):
    rows = [
        (date.fromordinal(ON.toordinal() - back), back, "法定假" if back == 2 else "工作日")
        for back in range(40, -1, -1)
    ]
    [chart] = digest(rules, reports=(report("来店规律", "按日", ("日期", "合计批次", "日类型"), *rows),)).charts

    assert (len(chart.bars), [bar.value for bar in chart.bars if bar.marked], chart.full) == (30, [2], 29)


def test_rates_are_drawn_against_the_whole(rules):
    [chart] = digest(rules, reports=(report("来店规律", "留档分析", ("销售顾问", "留档率"), ("李明", 0.25)),)).charts

    assert (chart.full, chart.bars[0].shown) == (1.0, "25.0%")


def test_the_workbooks_of_the_day_are_linked(rules):
    [link] = tree_of(page(digest(rules, reports=(Report("来店规律", ON, ()),)))).xpath("//nav//a/@href")

    assert link == "./%E6%9D%A5%E5%BA%97%E8%A7%84%E5%BE%8B.xlsx"


def test_every_consultant_finds_the_own_sheet_for_tomorrow_from_the_page(rules):
    sheets = ["明日表单/王芳.xlsx", "明日表单/李 明.xlsx", "交接/陈静.xlsx"]
    tree = tree_of(page(digest_of(view(), rules, (), (), {}, sheets)))
    links = [
        (ul.get("aria-label"), a.text, unquote(a.get("href")))
        for ul in tree.xpath("//section[@aria-labelledby='fill']//ul")
        for a in ul.xpath(".//a")
    ]

    assert links == [
        ("明日表单", "李 明", "./明日表单/李 明.xlsx"),
        ("明日表单", "王芳", "./明日表单/王芳.xlsx"),
        ("交接", "陈静", "./交接/陈静.xlsx"),
    ]


def test_tables_have_captions_and_headings_come_in_order(rules):
    cover = {"今日": {"来店批次": 3}, "本月累计": {"来店批次": 3}}
    one = run(book("a.xlsx", "accepted"), book("b.xlsx", "returned", finding("坏")), visit={"added": 1})
    tree = tree_of(page(digest(rules, one, reports=(Report("经营汇总", ON, (), figures=cover),))))

    assert tree.get("lang") == "zh-CN"
    assert len(tree.xpath("//table")) == len(tree.xpath("//table/caption")) >= 3
    assert [len(tree.xpath(f"//{level}")) > 0 for level in ("h1", "h2", "h3")] == [True, True, True]


def test_the_same_day_gives_the_same_bytes(rules, tmp_path):
    one = run(book("a.xlsx", "accepted"), at="21:30:00")
    again = run(book("a.xlsx", "accepted"), at="23:11:07")
    for name, each in (("1.html", one), ("2.html", again)):
        write_digest(digest(rules, each), tmp_path / name)

    assert (tmp_path / "1.html").read_bytes() == (tmp_path / "2.html").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["1.html", "2.html"]


@pytest.fixture
def outbox(tmp_path, rules):
    def put(*folders: str):
        for folder in folders:
            (tmp_path / folder).mkdir(parents=True)
            write_digest(digest(rules), tmp_path / folder / "运行报告.html")
        return tmp_path

    return put


def test_the_newest_page_leads_to_the_day_without_a_script(outbox):
    folder = outbox("2026-11-05")
    write_newest(folder, "2026-11-05")
    tree = tree_of((folder / "最新.html").read_bytes())

    target = "./2026-11-05/%E8%BF%90%E8%A1%8C%E6%8A%A5%E5%91%8A.html"
    assert tree.xpath("//a/@href") == [target]
    assert tree.xpath("//meta[@http-equiv='refresh']/@content") == [f"0; url={target}"]


def test_with_several_stores_the_newest_page_lists_theirs(outbox):
    folder = outbox("2026-11-05/甲店", "2026-11-05/乙店")
    write_newest(folder, "2026-11-05")
    tree = tree_of((folder / "最新.html").read_bytes())

    assert sorted(tree.xpath("//a/text()")) == ["乙店", "甲店"]
    assert tree.xpath("//meta[@http-equiv='refresh']") == []
