"""运行报告.html: what the page of a day tells, and that nothing staff wrote can act in it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from lxml import html

from pipeline.model import Rowset, View
from pipeline.report import Column, Report, Sheet, Table
from pipeline.rulebook.house import Deadline, StoreSpec
from pipeline.write_digest import digest_of, page, write_digest, write_newest

ON = date(2026, 11, 5)
SUBMISSION = (
    "store",
    "submission_id",
    "book",
    "sha256",
    "received",
    "on",
    "verdict",
    "reason",
    "detail",
    "original",
    "run",
)
HAND_IN = ("form", "covers", "received", "submission_id", "sheet")


def finding(say: str, level: str = "error", code: str = "phone.unreadable") -> dict[str, str]:
    return {
        "code": code,
        "level": level,
        "sheet": "11月",
        "cell": "E7",
        "label": "电话",
        "found": "138",
        "want": "",
        "say": say,
    }


def book(path: str, verdict: str, *findings: dict[str, str], reason: str = "", sha256: str = "") -> dict[str, Any]:
    forms = (
        [{"form": "visitor_register", "sheet": "11月", "records": 3, "held": len(findings)}]
        if verdict != "ignored"
        else []
    )
    return {
        "path": path,
        "sha256": sha256 or path,
        "verdict": verdict,
        "reason": reason,
        "forms": forms,
        "findings": list(findings),
    }


def run(*books: dict[str, Any], at: str = "21:30:00", **records: dict[str, int]) -> dict[str, Any]:
    return {"run": f"2026-11-05T{at}", "started_at": f"2026-11-05T{at}", "books": list(books), "records": records}


def view(*runs: dict[str, Any], **tables: Rowset) -> View:
    """Return a view whose archive holds everything the runs read."""
    read = {
        each["sha256"]
        for one in runs
        for each in one["books"]
        if each["verdict"] not in ("duplicate", "ignored", "waiting")
    }
    rows = [("default", sha[:16], "", sha, None, ON, "", "", "", "", "") for sha in sorted(read)]
    return View(ON, "default", {"submission": Rowset(SUBMISSION, rows), **tables})


def digest(rules, *runs: dict[str, Any], reports: tuple[Report, ...] = (), copies: dict[str, str] | None = None):
    return digest_of(view(*runs), rules, reports, runs, copies or {})


def text_of(said: str) -> str:
    return re.sub(r"\s+", " ", str(tree_of(said).text_content()))


def tree_of(said: str | bytes) -> Any:
    return html.fromstring(said)


def report(name: str, sheet: str, columns: tuple[str, ...], *rows: tuple[Any, ...], **more: Any) -> Report:
    table = Table(sheet, tuple(Column(column) for column in columns), rows)
    return Report(name, ON, (Sheet(sheet, sheet, (table,)),), **more)


def test_a_workbook_that_goes_back_is_told_cell_by_cell_with_a_link_to_its_copy(rules):
    path = "前台/登记 #1.xlsx"
    one = run(book(path, "partial", finding(f"{path} › 11月 E7 电话:读不出号码 → 11 位手机号")))
    said = digest(rules, one, copies={path: "退回/前台/登记 #1.xlsx"})

    [back] = said.back
    assert (back.word, back.errors) == ("部分入账", ("11月 E7 电话:读不出号码 → 11 位手机号",))
    [link] = tree_of(page(said)).xpath("//a[contains(text(), '退回件')]/@href")
    assert link == "./%E9%80%80%E5%9B%9E/%E5%89%8D%E5%8F%B0/%E7%99%BB%E8%AE%B0%20%231.xlsx"


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
    assert [link for link in tree.xpath("//@href") if not link.startswith("./")] == []
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

    assert (svg.get("role"), svg.get("aria-label")) == ("img", "近 30 天每日批次:10-01 9,10-02 无登记")
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


def test_figures_come_from_the_summary_as_it_was_built(rules):
    cover = {
        "今日": {"来店批次": 3, "留档率": None, "平均停留分钟": 32.5},
        "本月累计": {"来店批次": 40, "留档率": 0.5, "平均停留分钟": 30.0},
    }
    said = digest(
        rules, reports=(Report("经营汇总", ON, (), figures=cover), Report("逾期跟进", ON, (), figures={"逾期": 4}))
    )

    assert [(each.name, each.today, each.month) for each in said.figures] == [
        ("来店批次", "3", "40"), ("留档率", "", "50.0%"), ("平均停留分钟", "32.5", "30"),
    ]  # fmt: skip
    assert said.stock == (("逾期", "4"),)


def test_the_page_says_who_owes_what_today_and_what_is_missing_from_before(rules):
    deadline = Deadline(form="visitor_register", per="store", every="day")
    owing = rules.model_copy(update={"house": rules.house.model_copy(update={"deadlines": (deadline,)})})
    came = datetime.fromisoformat("2026-11-03T20:00")
    sheets = Rowset(HAND_IN, [("visitor_register", {"visited_on": "2026-11-03"}, came, "s", "11月")])
    [debt] = digest_of(view(hand_in=sheets), owing, (), (), {}).debts

    assert (debt.who, debt.today, debt.earlier) == ("全店", "来店(电)顾客登记表", "来店(电)顾客登记表 11-04")


def test_nobody_owing_anything_is_said_too(rules):
    assert "都交齐了" in page(digest(rules))


def test_a_file_corrected_the_same_evening_no_longer_counts_as_returned(rules):
    first = run(book("a.xlsx", "returned", finding("坏"), sha256="1"))
    second = run(book("a.xlsx", "accepted", sha256="2"), at="22:00:00")
    said = digest(rules, first, second)

    assert ([each.path for each in said.taken], said.back) == (["a.xlsx"], ())


def test_the_same_file_dropped_in_again_does_not_hide_what_became_of_it(rules):
    said = digest(rules, run(book("a.xlsx", "accepted")), run(book("a.xlsx", "duplicate", reason="与 a.xlsx 内容相同")))

    assert [(tile.word, tile.number) for tile in said.tiles if tile.number] == [("已入账", 1)]


def test_what_was_left_alone_says_why_in_plain_words(rules):
    [left] = digest(rules, run(book("~$a.xlsx", "ignored", reason="file.lock"))).aside

    assert (left.word, left.reason) == ("未读", "Excel、WPS 打开文件时的锁文件,没有内容")


def test_phones_are_masked_on_the_page_right_and_wrong_ones(rules):
    wrong = finding("a.xlsx › 11月 E7 电话:电话「188000066049」位数不对", code="phone.wrong-length")
    word = finding("a.xlsx › 11月 F7 备注:「打13800001111」不认识", code="word.unknown")
    said = digest(rules, run(book("a.xlsx", "returned", wrong, word)))

    assert said.back[0].errors == ("11月 E7 电话:电话「1880****6049」位数不对", "11月 F7 备注:「打138****1111」不认识")


def test_a_file_full_of_slips_shows_the_first_ten_and_counts_the_rest(rules):
    said = digest(rules, run(book("a.xlsx", "returned", *(finding(f"第 {n} 处", code="x") for n in range(25)))))

    assert (len(said.back[0].errors), said.back[0].left_out) == (10, 15)
    assert "另有 15 条" in text_of(page(said))


def test_an_unknown_calendar_is_warned_of_before_the_year_begins(rules):
    december = View(date(2026, 12, 10), "default", {})

    assert any("2027 年的调休" in said for said in digest_of(december, rules, (), (), {}).warnings)
    assert digest(rules).warnings == ()


def test_the_records_of_the_day_are_summed_over_its_runs(rules):
    runs = (
        run(visit={"added": 3, "amended": 0, "withdrawn": 0, "held": 1}),
        run(visit={"added": 2, "amended": 1, "withdrawn": 0, "held": 0}),
    )

    assert digest(rules, *runs).records == (("来店(电)", 5, 1, 0, 1),)


def test_a_store_s_page_tells_only_of_its_own_files(rules):
    runs = (run(book("甲/a.xlsx", "accepted"), book("乙/b.xlsx", "accepted"), visit={"added": 3}),)
    ours = view(run(book("甲/a.xlsx", "accepted")))
    named = rules.model_copy(
        update={"house": rules.house.model_copy(update={"stores": (StoreSpec(id="default", name="甲店"),)})}
    )
    said = digest_of(ours, named, (), runs, {})

    assert (said.store, [each.path for each in said.taken], said.records) == ("甲店", ["甲/a.xlsx"], ())


def test_the_workbooks_of_the_day_are_linked(rules):
    [link] = tree_of(page(digest(rules, reports=(Report("来店规律", ON, ()),)))).xpath("//nav//a/@href")

    assert link == "./%E6%9D%A5%E5%BA%97%E8%A7%84%E5%BE%8B.xlsx"


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


def test_an_empty_day_has_a_whole_page(rules):
    seen = text_of(page(digest(rules)))

    assert "2026-11-05 星期四 工作日" in seen
    assert "今天没有收到文件" in seen
