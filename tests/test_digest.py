"""运行报告.html: what the page of a day tells its reader."""

from __future__ import annotations

from datetime import date

from pipeline.digest import Debt
from pipeline.report import Report
from pipeline.rulebook.house import StoreSpec
from pipeline.view import Rowset, View
from pipeline.write_digest import digest_of, page
from tests.hand_ins import DAILY, HAND_IN, REGISTER, every_day, house, sheet
from tests.pages import ON, book, digest, finding, run, text_of, tree_of, view


def test_a_workbook_that_goes_back_is_told_cell_by_cell_with_a_link_to_its_copy(rules):
    path = "前台/登记 #1.xlsx"
    one = run(book(path, "partial", finding(f"{path} › 11月 E7 电话:读不出号码 → 11 位手机号")))
    said = digest(rules, one, copies={path: "退回/前台/登记 #1.xlsx"})

    [back] = said.back
    assert (back.word, back.errors) == ("部分入账", ("11月 E7 电话:读不出号码 → 11 位手机号",))
    [link] = tree_of(page(said)).xpath("//a[contains(text(), '退回件')]/@href")
    assert link == "./%E9%80%80%E5%9B%9E/%E5%89%8D%E5%8F%B0/%E7%99%BB%E8%AE%B0%20%231.xlsx"


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


def test_the_page_presses_who_owes_what_since_when_and_how_often_in_a_row(rules):
    owing = house(rules, REGISTER, DAILY, consultants=("李明",))
    sheets = Rowset(HAND_IN, (sheet("登记 - 11-02 11-02T20:00"), *every_day("李明", 2, 4)))
    said = digest_of(view(hand_in=sheets), owing, (), (), {})

    assert said.debts == (
        Debt("全店", "来店(电)顾客登记表", "11-03至11-05", missing=3, days=2, streak=3),
        Debt("李明", "销售活动日报表", "11-05", missing=1, days=0, streak=1),
    )
    seen = text_of(page(said))
    assert "共 4 张" in seen
    assert "全店来店(电)顾客登记表11-03至11-052 天3 次 李明销售活动日报表11-05今天1 次" in seen


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


def test_an_empty_day_has_a_whole_page(rules):
    seen = text_of(page(digest(rules)))

    assert "2026-11-05 星期四 工作日" in seen
    assert "今天没有收到文件" in seen


def test_what_is_overdue_in_the_other_registers_is_told_sheet_by_sheet_with_the_way_to_the_workbook(rules):
    late = Report("其他台账", ON, (), figures={"档案借阅": 2, "未兑现承诺": 1})
    seen = page(digest(rules, reports=(late,)))
    links = tree_of(seen).xpath("//section[@aria-labelledby='ledgers']//a/@href")

    assert "已经逾期的共 3 项" in text_of(seen)
    assert "档案借阅2 项 未兑现承诺1 项" in text_of(seen)
    assert {"./%E5%85%B6%E4%BB%96%E5%8F%B0%E8%B4%A6.xlsx"} == set(links)


def test_where_no_register_has_anything_overdue_the_page_keeps_silent_about_them(rules):
    assert "台账:要办的事" not in page(digest(rules, reports=(Report("其他台账", ON, ()),)))
