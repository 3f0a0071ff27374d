"""合同评审: what a customer wants, in four kinds, and the departments that say one after another whether it can be done."""

from __future__ import annotations

from datetime import date

import pytest
from openpyxl import load_workbook

from pipeline.layout.lexicon import lexicons
from pipeline.recognise import recognise
from pipeline.reports.registers import build
from tests.filled import filled
from tests.nights import rows, run, verdicts
from tests.sheets import book, grid
from tests.street import take_in
from tests.told import view
from tests.workbooks import drop, new_home

ON = date(2026, 11, 5)
# Drawn as an office keeps it: 编号 above, its own words for departments, no numbers, the last step called as the man who signs.
HEAD = (
    "| <6 合同(订单)评审表 |",
    "| 评审编号 | PS-07 | | 评审日期 | '2026.11.3 | |",
    "| 订单号 | ht2026-011 | | 需方 | 甲机械厂 | |",
    "| 联系人 | 周敏 | | 联系电话 | 138-0000-1111 | |",
    "| 下单日期 | '11月2日 | | 交期 | '2026/12/1 | |",
    "| 品名 | 支架 | | 规格型号 | ZJ-30 | |",
    "| 订货数量 | 500件 | | 订单形式 | {way} | |",
    "| 书面确认 | {sure} | | 确认日期 | {day} | |",
    "| 顾客要求 | <5 喷黑,木箱 |",
    "| 法律法规要求 | <5 无 |",
    "| 付款方式和期限 | <5 预付三成 |",
    "| 是否医疗器械 | {device} | | 许可证号 | {licence} | |",
)
GRID = (
    "| <6 各部门评审意见 |",
    "| 评审部门 | 评审项目 | 评审结论 | 补充意见 | 签名 | 日期 |",
    "| 销售部 | 交期、价格 | 同意 | | 李明 | '2026-11-03 |",
    "| 计划部 | 排产 | 能满足 | | 王芳 | '11.3 |",
    "| 质量部 | 检验能力 | 有条件同意 | 先打样 | 赵强 | '11.4 |",
    "| 技术部 | 图纸 | | | | |",
    "| 生产部 | 产能 | | | | |",
    "| 采购部 | 物料 | 同意 | | 钱进 | '11.4 |",
    "| 总(副)经理 | | | | | |",
)
USUAL = {"way": "书面", "sure": "", "day": "", "device": "", "licence": ""}


def sheet(*opinions: str, **said: str):
    return grid(*(line.format(**USUAL | said) for line in HEAD), *(opinions or GRID))


def test_an_office_s_own_review_is_a_contract_review_and_nothing_else(rules):
    (match,) = recognise(book(sheet()), rules, lexicons(rules))

    assert ("contract_review", ()) == (match.form, match.rivals)


def test_a_review_is_the_contract_and_one_opinion_a_department_by_whatever_name(rules):
    taken = take_in(rules, sheet(), on=ON)

    assert ("accepted", []) == (taken.verdict, taken.slips())
    assert [
        ("HT2026-011", "PS-07", "甲机械厂", "13800001111", date(2026, 11, 2), date(2026, 12, 1), "500件", "written", "喷黑,木箱", "无", "预付三成"),
    ] == taken.told("contract_no", "review_no", "customer_name", "phone", "ordered_on", "deliver_on", "quantity", "order_way",
                    "stated", "legal", "added", kind="contract_review")  # fmt: skip
    assert [
        ("HT2026-011", "业务", "agreed", "李明", date(2026, 11, 3)),
        ("HT2026-011", "PMC", "agreed", "王芳", date(2026, 11, 3)),
        ("HT2026-011", "品质", "conditional", "赵强", date(2026, 11, 4)),
        ("HT2026-011", "研发", None, None, None),
        ("HT2026-011", "生产", None, None, None),
        ("HT2026-011", "采购", "agreed", "钱进", date(2026, 11, 4)),
        ("HT2026-011", "批准", None, None, None),
    ] == taken.told("contract_no", "item", "opinion", "signer", "signed_on", kind="contract_opinion")


def test_a_verbal_order_goes_in_and_is_asked_for_its_written_word(rules):
    bare = take_in(rules, sheet(way="口头"), on=ON)
    undated = take_in(rules, sheet(way="电话下单", sure="Y"), on=ON)
    whole = take_in(rules, sheet(way="口头订单", sure="√", day="'2026-11-04"), on=ON)

    assert [("contract_review.verbal-unconfirmed", "warning", "B8")] == bare.slips()
    assert [("contract_review.confirmed-undated", "warning", "E8")] == undated.slips()
    assert [] == whole.slips()
    assert 1 == len(bare.told("contract_no", kind="contract_review"))


@pytest.mark.parametrize("phone", ["联系电话", "电话"])
def test_an_order_by_telephone_is_read_although_that_word_is_a_label_too(rules, phone):
    drawn = [line.format(**USUAL | {"way": "电话"}).replace("联系电话", phone) for line in HEAD]
    taken = take_in(rules, grid(*drawn, *GRID), on=ON)

    assert [("verbal", "13800001111")] == taken.told("order_way", "phone", kind="contract_review")
    assert [("contract_review.verbal-unconfirmed", "warning", "B8")] == taken.slips()


def test_a_label_with_a_number_beside_it_is_the_phone_and_no_way_of_ordering(rules):
    drawn = [line.format(**USUAL).replace("| 联系电话 | 138-0000-1111 | |", "| | | |") for line in HEAD]
    drawn[6] = "| 订单形式 | 电话 | 138-0000-1111 | 订货数量 | 500件 | |"
    taken = take_in(rules, grid(*drawn, *GRID), on=ON)

    assert [(None, "13800001111", "500件")] == taken.told("order_way", "phone", "quantity", kind="contract_review")


def test_labels_over_their_values_stay_labels(rules):
    drawn = [line.format(**USUAL).replace("| 联系电话 | 138-0000-1111 | |", "| | | |") for line in HEAD]
    drawn[6:7] = ["| 订单形式 | 电话 | 订货数量 | | | |", "| 口头 | 138-0000-1111 | 500件 | | | |"]
    taken = take_in(rules, grid(*drawn, *GRID), on=ON)

    assert [("verbal", "13800001111", "500件")] == taken.told("order_way", "phone", "quantity", kind="contract_review")


def test_a_medical_device_without_licence_is_held_and_its_opinions_are_not(rules):
    taken = take_in(rules, sheet(device="是"), on=ON)

    assert [
        ("contract_review.device-scope", "error", "A2"),
        ("contract_review.device-unlicensed", "error", "E12"),
    ] == taken.slips()
    assert (0, 7) == tuple(
        len(taken.told("contract_no", kind=kind)) for kind in ("contract_review", "contract_opinion")
    )


@pytest.mark.parametrize(
    ("row", "code", "level"),
    [
        ("| 销售部 | | 同意 | | | '2026-11-03 |", "contract_opinion.unsigned", "warning"),
        ("| 销售部 | | 同意 | | 李明 | |", "contract_opinion.undated", "error"),
        ("| 销售部 | | | | 李明 | '2026-11-03 |", "contract_opinion.no-opinion", "error"),
        ("| 销售部 | | 同意 | | 李明 | '2026-11-09 |", "contract_opinion.future", "error"),
        ("| 销售部 | | 再说 | | 李明 | '2026-11-03 |", "word.unknown", "error"),
        ("| 法务科 | | 同意 | | 李明 | '2026-11-03 |", "item.unknown", "error"),
    ],
)
def test_an_opinion_that_is_not_whole_is_said_alone(rules, row, code, level):
    taken = take_in(rules, sheet(*GRID[:2], row, *GRID[3:]), on=ON)

    assert (code, level) in [slip[:2] for slip in taken.slips()]
    assert 1 == len(taken.told("contract_no", kind="contract_review"))


REVIEWS = """
    contract_no | customer_name | ordered_on | deliver_on | order_way | confirmed | confirmed_on | form
    HT-1        | 甲厂          | 10-20      | 11-01      | verbal    | false     |              | contract_review
    HT-2        | 乙厂          | 11-01      | 12-10      | written   | false     |              | contract_review
    HT-3        | 丙厂          | 11-01      | 11-20      | verbal    | true      | 11-02        | contract_review
    HT-4        | 丁厂          | 11-02      | 11-25      | written   | false     |              | contract_review
    HT-5        | 戊厂          | 11-02      |            | written   | false     |              | contract_review
"""
STEPS = ("业务", "PMC", "品质", "研发", "生产", "采购", "批准")


def opinions(contract: str, signed: dict[str, str], refused: str = "") -> str:
    """Draw a contract's seven steps, those of `signed` with their day."""
    return "".join(
        f"    {contract} | {contract} | {n} | {step} | {'refused' if step == refused else 'agreed' if step in signed else ''}"
        f" | {signed.get(step, '')} | contract_review\n"
        for n, step in enumerate(STEPS, 1)
    )


def test_contracts_nobody_approved_lead_the_sheet_the_earliest_delivery_first(rules):
    drawn = "contract_no | customer_name | item_no | item | opinion | signed_on | form\n"
    drawn += opinions("HT-1", {"业务": "10-21", "PMC": "10-22", "采购": "10-21"})
    drawn += opinions("HT-3", dict.fromkeys(STEPS, "11-03"))
    drawn += opinions("HT-4", {"业务": "11-03", "PMC": "11-03"}, refused="PMC")
    report = build(view(rules, "11-05", contract_review=REVIEWS, contract_opinion=drawn), rules)
    sheet, register = report.sheets

    assert ["待评审合同", "到期与逾期", "部门会签进度"] == [table.name for table in sheet.tables]
    assert ["合同评审", "部门会签"] == [table.name for table in register.tables]
    assert [
        ("HT-1", date(2026, 11, 1), "3/7", "品质", "口头订单没有书面确认、没有轮到就签了:采购"),
        ("HT-4", date(2026, 11, 25), "2/7", None, "PMC不同意"),
        ("HT-2", date(2026, 12, 10), "0/7", "业务", None),
        ("HT-5", None, "0/7", "业务", None),
    ] == [(row[0], *row[3:7]) for row in sheet.tables[0].rows]
    assert [("口头订单书面确认", 16)] == [(row[1], row[4]) for row in sheet.tables[1].rows]
    assert {"合同评审": 2} == report.figures  # HT-1 is past its delivery and unconfirmed


def test_a_filled_blank_stands_the_next_morning_among_the_contracts_that_wait(rules, tmp_path):
    home = new_home(tmp_path / "home")
    said = {"合同编号": "HT-9", "客户名称": "甲机械厂", "订单日期": "2026-11-02", "交货日期": "2026-12-01"}
    signed = {"意见": "同意", "签字": "李明", "日期": "2026-11-03"}
    drop(home, "评审.xlsx", filled(rules, "contract_review", tmp_path, said, rows={"业务": signed}))

    assert {"评审.xlsx": "accepted"} == verdicts(run(home))
    assert [("HT-9", "甲机械厂")] == [
        (row["contract_no"], row["customer_name"]) for row in rows(home, "contract_review")
    ]
    told = load_workbook(home.outbox / "2026-11-05" / "其他台账.xlsx")["合同评审"]
    assert ("1/7", "PMC") == next(line[4:6] for line in told.iter_rows(values_only=True) if line[0] == "HT-9")
