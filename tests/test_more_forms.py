"""Three more forms, known by YAML alone: the list of intent customers, test drives on a list or a card, lost customers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from pipeline.facts.gather import gather
from pipeline.layout.lexicon import lexicons
from pipeline.recognise import recognise
from pipeline.validate import validate
from tests.people import CHEN, WANG, stands
from tests.readings import Read
from tests.sheets import book, grid
from tests.told import view

Reader = Callable[..., Read]

INTENT = (
    "| <12 意向购车客户回访跟进表 |",
    "| 销售顾问 | 李明 | | 月份 | 2026-11 |",
    "| 序号 | 客户姓名 | 电话 | 意向级别 | <4 第1次回访 | <4 第2次回访 | 战败原因 |",
    "| ^ | ^ | ^ | ^ | 回访日期 | 情形 | 回访后级别 | 下次回访日期 | 回访日期 | 情形 | 回访后级别 | 下次回访日期 | ^ |",
)
LEDGER = (
    "| <9 XX店试乘试驾记录表 |",
    "| 日期 | 试驾人 | 手机号码 | 车型 | 驾照号 | 出车时间 | 还车时间 | 陪驾人 | 备注 |",
)
LOST = (
    "| <9 11月战败客户分析表 |",
    "| 序号 | 战败时间 | 姓名 | 手机 | 战败车型 | 类别 | 原因 | 竞品 | 业代 | 审批 |",
)


@pytest.fixture
def read(rules) -> Reader:
    return lambda *lines, **more: Read(rules, book(grid(*lines, **more)))


def forms(rules, *lines: str) -> tuple[str, tuple[str, ...]]:
    match = recognise(book(grid(*lines)), rules, lexicons(rules))[0]
    return match.form, match.rivals


def said(rules, read: Read, on: date = date(2026, 11, 30)) -> list[tuple[str, str, str]]:
    found = validate([("a.xlsx", record) for record in read.records], rules, on)
    return [(finding.code, finding.level, finding.cell) for finding in (*read.findings, *found)]


def test_the_list_of_intent_customers_is_known_by_its_title_alone(rules):
    untitled = INTENT[1:]
    tracker = ("| <12 潜在顾客等级推进表 |", *untitled)

    assert ("intent_follow_up", ()) == forms(rules, *INTENT)
    assert ("level_tracker", ()) == forms(rules, *untitled) == forms(rules, *tracker)


@pytest.mark.parametrize("title", ["XX店潜在用户信息表", "潜在客户信息表(2026年)", "意向客户回访跟进表"])
def test_other_titles_of_the_same_list_are_the_same_form(rules, title):
    assert ("intent_follow_up", ()) == forms(rules, f"| <12 {title} |", *INTENT[1:])


def test_a_row_of_intent_customers_is_a_prospect_and_its_contacts(read):
    result = read(
        *INTENT, "| 1 | 王志强 | '138-0000-1111 | A级 | '11.3 | 约看车 | H | '11.6 | '11.6 | 关机 | | '11.7 | |"
    )

    assert [("李明", "王志强", "13800001111", "A", "2026-11")] == result.told(
        "consultant", "customer_name", "phone", "opening_level", "month", kind="prospect"
    )
    assert [
        (date(2026, 11, 3), True, "H", "open", date(2026, 11, 6)),
        (date(2026, 11, 6), False, None, "open", date(2026, 11, 7)),
    ] == result.told("done_on", "reached", "level_after", "outcome", "next_on", kind="follow_up")
    assert "intent_follow_up|李明|13800001111|2026-11-03" == result.records[1].key


def test_a_list_with_one_contact_a_row_and_no_month_is_read_the_same(read):
    result = read(
        "| <10 潜在用户信息表 |",
        "| 用户姓名 | 联系电话 | 拟购车型 | 用户级别 | 信息渠道 | 首次到店日期 | 跟进日期 | 跟进情况 | 现级别 | 下次跟进日期 | 客户管理员 |",
        "| 王志强 | '13800001111 | X5 | B | 2 | '2026-11-01 | '2026-11-04 | 还在比价 | 战败 | | 李明 |",
    )

    assert [("李明", "王志强", "X5", "基盘", date(2026, 11, 1), "B", None)] == result.told(
        "consultant", "customer_name", "model", "source", "first_contact_on", "opening_level", "month", kind="prospect"
    )
    assert [("李明", date(2026, 11, 4), "还在比价", "lost")] == result.told(
        "consultant", "done_on", "note", "outcome", kind="follow_up"
    )
    assert "李明|13800001111|" == result.records[0].key


def test_an_intent_customer_without_phone_or_level_is_held(rules, read):
    result = read(*INTENT, "| 1 | 王志强 | | A | | | | | | | | | |", "| 2 | 赵敏 | '13800002222 | | | | | | | | | | |")

    held = [finding for finding in said(rules, result) if finding[1] == "error"]
    assert [("missing", "error", "C5"), ("missing", "error", "D6")] == held


def test_test_drives_on_a_list_in_the_store_s_own_words_are_read(read):
    result = read(
        *LEDGER,
        "| '2026-11-05 | 王志强 | '13800001111 | X5 | 510123 | 10:00 | 10:30 | 李明 | 很满意 |",
        "| | 某先生 | 不愿留 | X3 | | 14:00 | 14:20 | 李明 | |",
    )

    assert [
        (date(2026, 11, 5), "李明", "王志强", "13800001111", "X5", "10:00", "10:30"),
        (date(2026, 11, 5), "李明", "某先生", None, "X3", "14:00", "14:20"),
    ] == result.told("driven_on", "consultant", "customer_name", "phone", "model", "started_at", "ended_at")
    assert "510123" not in str(result.records)


def test_a_driver_who_returns_before_leaving_is_asked_about(rules, read):
    result = read(*LEDGER, "| '2026-11-05 | 王志强 | '13800001111 | X5 | | 10:30 | 10:00 | 李明 | |")

    assert [("test_drive.returns-before-leaving", "error", "G3")] == said(rules, result)


def test_pledges_are_cards_and_each_speaks_for_its_customer_only(read):
    result = read(
        "| <4 试驾保证书 |",
        "| 客户姓名 | 王志强 | 联系电话 | '13800001111 |",
        "| 驾驶证号 | 510123 | 准驾车型 | C1 |",
        "| 试驾日期 | '2026-11-05 | 试驾车型 | X5 |",
        "| 出发时间 | 10:00 | 返回时间 | 10:30 |",
        "| 陪驾顾问 | 李明 | 客户意见 | 很满意 |",
    )

    (record,) = result.records
    assert ("test_drive", "pledge", "test_drive") == (record.form, record.part, record.kind)
    assert (date(2026, 11, 5), "李明", "13800001111", "X5") == tuple(
        record.values[name] for name in ("driven_on", "consultant", "phone", "model")
    )
    assert record.scope.endswith("phone=13800001111")
    assert "510123" not in str(record)


def test_a_drive_on_the_list_speaks_for_the_day_of_its_consultant(read):
    result = read(*LEDGER, "| '2026-11-05 | 王志强 | '13800001111 | X5 | | 10:00 | 10:30 | 李明 | |")

    assert ["test_drive|drives|consultant=李明|driven_on=2026-11-05"] == [record.scope for record in result.records]


def test_a_loss_is_open_until_somebody_decides(read):
    result = read(
        *LOST,
        "| 1 | '2026-11-05 | 王志强 | '13800001111 | X5 | 准战败 | 价格偏高 | 奥迪 | 李明 | 同意 |",
        "| 2 | '2026-11-05 | 赵敏 | '13800002222 | X3 | 假战败 | 失联 | | 李明 | 驳回 |",
        "| 3 | '2026-11-06 | 孙丽 | '13800003333 | X3 | | 再等等 | | 李明 | |",
    )

    assert [] == result.findings
    assert [
        (date(2026, 11, 5), "李明", "王志强", "X5", "wavering", "价格偏高", "奥迪", "agreed"),
        (date(2026, 11, 5), "李明", "赵敏", "X3", "mistaken", "失联", None, "refused"),
        (date(2026, 11, 6), "李明", "孙丽", "X3", None, "再等等", None, "open"),
    ] == result.told("lost_on", "consultant", "customer_name", "model", "category", "lost_reason", "lost_to", "decided")


def test_an_unknown_decision_holds_the_loss_and_an_unknown_category_only_warns(rules, read):
    result = read(*LOST, "| 1 | '2026-11-05 | 王志强 | '13800001111 | X5 | 天气 | 价格 | | 李明 | 再说 |")

    assert [("word.unknown", "warning", "F3"), ("word.unknown", "error", "J3")] == said(rules, result)


def test_a_visitor_register_that_asks_about_test_drives_stays_a_register(rules):
    assert ("visitor_register", ()) == forms(
        rules,
        "| <9 展厅客流登记表 |",
        "| 日期 | 客户姓名 | 电话 | 意向车型 | 级别 | 进店时间 | 离店时间 | 是否试驾 | 销售顾问 |",
    )


def test_customers_of_either_list_count_as_prospects_and_who_is_on_both_counts_once(rules):
    facts = gather(
        view(
            rules, "11-05",
            prospect=f"""
                phone  | month   | first_contact_on | opening_level | form
                {WANG} | 2026-11 | 11-01            | A             | level_tracker
                {WANG} |         | 11-01            | A             | intent_follow_up
                {CHEN} |         | 11-02            | B             | intent_follow_up
            """,
            follow_up=f"""
                phone  | done_on | level_after | outcome | form
                {WANG} | 11-03   | H           | open    | level_tracker
                {WANG} | 11-04   |             | lost    | intent_follow_up
                {WANG} | 11-04   |             | lost    | level_tracker
            """,
        ),
        rules,
    )  # fmt: skip

    assert {WANG: "lost", CHEN: "B"} == stands(facts)
    assert (2, 1) == (len(facts.persons), len(facts.losses))


def test_on_one_day_the_list_of_intent_customers_outweighs_the_card(rules):
    drawn = view(
        rules, "11-05",
        follow_up=f"""
            phone  | done_on | level_after | form
            {WANG} | 11-03   | H           | intent_follow_up
            {WANG} | 11-03   | B           | customer_card
        """,
        prospect=f"phone | first_contact_on | opening_level | form\n {WANG} | 11-01 | A | intent_follow_up",
    )  # fmt: skip

    assert {WANG: "H"} == stands(gather(drawn, rules))


def test_a_tracker_that_lost_a_column_is_named_a_tracker_and_the_list_of_intent_customers_itself(rules):
    shorn = ("| 销售顾问 | 李明 |", "| 客户姓名 | 初始级别 | 车型 | 来源 | 实际日期 | 情形 | 回访后级别 |")
    nearest = [
        recognise(book(grid(*title, *shorn)), rules, lexicons(rules))[0]
        for title in ((), ("| <7 潜在顾客等级推进表 |",), ("| <7 潜在用户信息表 |",))
    ]

    assert [("", "level_tracker"), ("", "level_tracker"), ("", "intent_follow_up")] == [
        (match.form, match.runner_up[0]) for match in nearest
    ]
    assert {("phone",)} == {tuple(lack.field for lack in match.lacks) for match in nearest}
