"""What was written, cell by cell: nothing lost, nothing that is no record taken for one."""

from __future__ import annotations

import pytest

from pipeline.extract import Extract, extract
from pipeline.layout.lexicon import lexicons
from pipeline.recognise import recognise
from tests.sheets import book, grid

HEADER = "| 序号 | 顾客名称 | 电话 | 拟购车型 | 进店时间 | 离店时间 | 销售顾问 | 注释 |"


@pytest.fixture
def take(rules):
    words = lexicons(rules)

    def _take(*lines: str, sheet: str = "Sheet1", path: str = "登记表.xlsx") -> Extract:
        one = book(grid(*lines, sheet=sheet), path=path)
        return extract(one, recognise(one, rules, words), rules, words)

    return _take


def told(result: Extract, *fields: str) -> list[tuple[object, ...]]:
    return [
        tuple(entry.cells[name].value if name in entry.cells else None for name in fields) for entry in result.entries
    ]


def test_every_value_keeps_its_cell(take):
    result = take("| 日期 | 2026-11-05 |", HEADER, "| 1 | 王先生 | '13800001111 | X5 | 9:30 | 10:00 | 李明 | 看车 |")

    assert {
        "customer_name": "B3",
        "phone": "C3",
        "model": "D3",
        "arrived_at": "E3",
        "left_at": "F3",
        "consultant": "G3",
        "note": "H3",
        "visited_on": "B1",
    } == {name: cell.cell for name, cell in result.entries[0].cells.items()}


def test_numbered_but_empty_rows_totals_samples_and_signatures_are_no_records(take):
    result = take(
        "| 日期 | 2026-11-05 |",
        HEADER,
        "| 示例 | 张三 | '13800009999 | X5 | 9:00 | 9:30 | 李明 | 例 |",
        "| 1 | 王先生 | '13800001111 | X5 | 9:30 | 10:00 | 李明 | 看车 |",
        "| 2 | | | | | | | |",
        "| 合计 | 1 | | | | | | |",
        "| <8 注:H级7天内,A级1月内 |",
        "| | 1 | 不留电话的写原因 | | | | | |",
        "| 销售经理签字: | | | 日期: |",
    )

    assert [("王先生", "9:30")] == told(result, "customer_name", "arrived_at")
    assert () == result.findings


def test_a_date_on_the_first_row_counts_for_the_rows_below_it(take):
    result = take(
        "| 日期 | 客户姓名 | 电话 | 进店时间 | 销售顾问 | 备注 |",
        "| '12.01 | 王先生 | '13800001111 | 9:30 | 李明 | 看车 |",
        "| | 赵女士 | 未留 | 9:50 | 李明 | 看车 |",
    )

    assert [("12.01", "A2"), ("12.01", "A2")] == [
        (e.cells["visited_on"].value, e.cells["visited_on"].cell) for e in result.entries
    ]
    assert "filled_down" == result.entries[1].cells["visited_on"].origin


def test_a_date_is_never_carried_from_one_table_into_the_next(take):
    result = take(
        "| 来店登记表 |",
        "| 日期:2026-11-05 |",
        HEADER,
        "| 1 | 王先生 | '13800001111 | X5 | 9:30 | 10:00 | 李明 | 看车 |",
        "| |",
        "| 来店登记表 |",
        HEADER,
        "| 1 | 赵女士 | '13800002222 | X5 | 9:30 | 10:00 | 李明 | 看车 |",
    )

    assert ["2026-11-05", None] == [
        e.cells["visited_on"].value if "visited_on" in e.cells else None for e in result.entries
    ]


def test_a_header_repeated_on_page_two_goes_on_with_the_same_day(take):
    row = "| 1 | 王先生 | '13800001111 | X5 | 9:30 | 10:00 | 李明 | 看车 |"
    result = take("| 日期:2026-11-05 |", HEADER, row, HEADER, row.replace("9:30", "9:45"))

    assert [("2026-11-05", "9:30"), ("2026-11-05", "9:45")] == told(result, "visited_on", "arrived_at")


def test_the_day_comes_from_the_sheet_name_when_no_cell_says_it(take):
    result = take(
        "| 来店登记表 |",
        HEADER,
        "| 1 | 王先生 | '13800001111 | X5 | 9:30 | 10:00 | 李明 | 看车 |",
        sheet="12.02",
        path="2026年12月来店登记.xlsx",
    )

    assert ("2026-12-02", "sheet_name") == (
        result.entries[0].cells["visited_on"].value,
        result.entries[0].cells["visited_on"].origin,
    )


def test_a_title_line_in_single_cells_states_the_day(take):
    result = take(
        "| 2026 | 年 | 11 | 月 | 5 | 日 | 星期四 |",
        HEADER,
        "| 1 | 王先生 | '13800001111 | X5 | 9:30 | 10:00 | 李明 | 看车 |",
    )

    assert [("2026-11-05",)] == told(result, "visited_on")


def test_ditto_marks_repeat_the_cell_above(take):
    result = take(
        "| 日期 | 2026-11-05 |",
        HEADER,
        "| 1 | 王先生 | '13800001111 | X5 | 9:30 | 10:00 | 李明 | 看车 |",
        "| 2 | 赵女士 | '13800002222 | 〃 | 9:40 | 10:00 | 同上 | 看车 |",
    )

    assert [("X5", "李明"), ("X5", "李明")] == told(result, "model", "consultant")
    assert "ditto" == result.entries[1].cells["consultant"].origin


def test_year_month_and_day_in_three_columns_make_one_date(take):
    result = take(
        "| 登记年 | 登记月 | 登记日 | 到店时间 | 客户姓名 | 联系电话 | 销售顾问 |",
        "| 2026 | 11 | 5 | 9:30 | 王先生 | '13800001111 | 李明 |",
        "| 2026 | | | | | | |",
    )

    assert [("2026年11月5日",)] == told(result, "visited_on")


def test_a_row_after_the_signatures_that_looks_like_a_record_is_said(take):
    row = "| 1 | 王先生 | '13800001111 | X5 | 9:30 | 10:00 | 李明 | 看车 |"
    result = take("| 日期 | 2026-11-05 |", HEADER, row, "| 审核: |", row)

    assert [("row.after-end", "A5")] == [(f.code, f.cell) for f in result.findings]


def test_a_quiet_day_is_handed_in_without_a_record(take):
    result = take("| 日期 | 2026-11-05 |", HEADER, "| 1 | | | | | | | |")

    assert [("visitor_register", "2026-11-05")] == [(q.form, q.cells["visited_on"].value) for q in result.quiet]
    assert () == result.entries


def test_each_filled_round_is_an_entry_that_shares_the_rows_head(take):
    result = take(
        "| 销售顾问 | 李明 | | 月份 | 2026-11 |",
        "| 客户姓名 | 电话 | 初始级别 | <3 第1次回访 | <3 第2次回访 | 战败原因 |",
        "| ^ | ^ | ^ | 计划日期 | 实际日期 | 回访后级别 | 计划日期 | 实际日期 | 回访后级别 | ^ |",
        "| 王强 | '13800001111 | H | 11-3 | 11-3 | A | 11-9 | | | |",
        "| 赵敏 | '13800002222 | A | | | | | | | |",
    )

    assert [("rows", "王强", None), ("rounds", "王强", "11-3"), ("rounds", "王强", "11-9"), ("rows", "赵敏", None)] == [
        (e.part, e.cells["customer_name"].value, e.cells["planned_on"].value if "planned_on" in e.cells else None)
        for e in result.entries
    ]
    assert {"B4"} == {e.cells["phone"].cell for e in result.entries[:3]}


def test_each_filled_day_of_a_month_grid_is_an_entry(take):
    days = " | ".join(map(str, range(1, 32)))
    result = take(
        "| 销售顾问:李明 | | | 2026年11月 |",
        f"| 客户姓名 | 电话 | 初始级别 | 来源 | {days} | 战败原因 |",
        "| 王强 | '13800001111 | H | 1 | * | | A |",
    )

    assert [(1.0, "*", "E3"), (3.0, "A", "G3")] == [
        (e.cells["day"].value, e.cells["level_after"].value, e.cells["level_after"].cell) for e in result.entries[1:]
    ]
    assert "2026-11" == result.entries[1].cells["month"].value


def test_a_card_gives_its_head_and_a_line_per_contact(take):
    result = take(
        "| <4 客户管理卡 |",
        "| 客户姓名: | 王强 | 电话: | '13800001111 |",
        "| 意向车型 | X5 | 初始级别 | H |",
        "| 初洽日期 | 2026-11-01 | 销售顾问 | 李明 |",
        "| 日期 | 方式 | 情形 | 级别 |",
        "| 2026-11-03 | 电话 | 约看车 | A |",
        "| | | | |",
    )

    assert [("back", "王强", "13800001111", None), ("contacts", "王强", "13800001111", "2026-11-03")] == [
        (
            e.part,
            e.cells["customer_name"].value,
            e.cells["phone"].value,
            e.cells["done_on"].value if "done_on" in e.cells else None,
        )
        for e in result.entries
    ]


def test_a_card_printed_but_not_filled_is_no_customer(take):
    blank = (
        "| <4 客户管理卡 |",
        "| 客户姓名 | | 电话 | |",
        "| 意向车型 | | 初始级别 | |",
        "| 初洽日期 | | 销售顾问 | 李明 |",
        "| 日期 | 方式 | 情形 | 级别 |",
        "| | | | |",
    )

    assert () == take(*blank).entries


def test_today_and_tomorrow_share_the_date_and_name_above(take):
    result = take(
        "| 日期:2026-11-05 | | 销售顾问:李明 |",
        "| 今日工作总结 |",
        "| 序号 | 客户姓名 | 电话 | 车型 | 工作类别 | 经过情形 |",
        "| 1 | 王强 | '13800001111 | X5 | 接待 | 看车 |",
        "| 明日工作计划 |",
        "| 序号 | 客户姓名 | 电话 | 车型 | 工作类别 | 备注 |",
        "| 1 | 王强 | '13800001111 | X5 | 回访 | |",
    )

    assert [("summary", "2026-11-05", "李明"), ("tomorrow", "2026-11-05", "李明")] == [
        (e.part, e.cells["worked_on"].value, e.cells["consultant"].value) for e in result.entries
    ]


def test_purpose_and_frequency_ticked_in_columns_are_read_apart_and_signatures_close_the_table(take):
    result = take(
        "| 日期 2026 年 11 月 5 日 星期四 天气 晴 |",
        "| 在店时段 | 来店人数 | <3 来店目的 | <2 来店频率 | 销售顾问 | 顾客姓名 | 联系电话 | 意向级别 | <2 接待经过 |",
        "| ^ | ^ | 咨询新车 | 预约提车 | 其他 | 初 | 再 | ^ | ^ | ^ | ^ | 调查问卷 | 报价 |",
        "| 9:30—10:15 | 2 | √ | | | √ | | 李明 | 王先生 | '13800001111 | H | √ | |",
        "| 前台人员: | | | 展厅主管: | | | 销售经理: | | | | | | |",
    )

    assert [("咨询新车", "初", "9:30—10:15", "2026-11-05")] == told(
        result, "purpose", "visit_kind", "stay", "visited_on"
    )


def test_the_brand_daily_report_with_three_header_rows_is_read(take):
    result = take(
        "| <9 营业日报表 |",
        "| 2026 年 11 月 5 日(星期四) | | | 销售顾问: 李明 |",
        "| 序号 | 客户姓名 | 车型 | 电话 | <4 访问计划 | <2 意向客户级别 | 手续管理 | <2 访问状况 |",
        "| ^ | ^ | ^ | ^ | 信息来源 | <3 目的 | 原有 | 现在 | ^ | 电话拜访 | 访问经过 |",
        "| ^ | ^ | ^ | ^ | ^ | 开拓 | 促进 | 售后回访 | ^ | ^ | ^ | ^ | ^ |",
        "| 1 | 王强 | X5 | '13800001111 | 3 | | √ | | B | A | | √ | 约周末 |",
        "| 本日止意向客户数 | H | 3 | A | 5 |",
    )

    assert [("王强", "促进", "B", "A", "约周末", "李明")] == told(
        result, "customer_name", "kind", "level_before", "level_after", "note", "consultant"
    )
