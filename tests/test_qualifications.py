"""Who may be sold to on invoice: the papers of a customer, until when they hold, and the four who approve one after another."""

from __future__ import annotations

import io
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
# Drawn as a finance office keeps it: invoice data among the rest, its own words for papers and for who approves, no numbers.
HEAD = (
    "| <6 新客户资质审核表 |",
    "| 单位名称 | 蓉城物流有限公司 | | 填表日期 | '2026.11.3 | |",
    "| 营业执照号 | {code} | | 法定代表人 | 周敏 | |",
    "| 身份证号码 | '110101199001010018 | | 联系电话 | 138-0000-1111 | |",
    "| 纳税人类型 | {taxpayer} | | 开户银行 | 建行城西支行 | |",
    "| 开票抬头 | 蓉城物流有限公司 | | 银行账号 | '6222 0000 1111 2222 | |",
)
PAPERS = (
    "| <6 提交资料清单 |",
    "| 资料名称 | 是否提供 | 盖公章 | 有效期至 | 证号 | |",
    "| 营业执照副本 | √ | √ | 长期 | | |",
    "| 国税登记证 | 三证合一 | | | | |",
    "| 机构代码证 | 无 | | | | |",
    "| 开户许可 | 复印件 | 是 | '2026年11月20日 | | |",
    "| 一般纳税人资格证 | 有 | Y | '2024.1.1-2026.12.31 | | |",
    "| 开票资料 | 齐 | √ | | | |",
    "| 法定代表人身份证 | 有 | × | '2016.10.1至2026.10.1 | 旧证 | |",
)
STEPS = (
    "| <6 各级审批意见 |",
    "| 审批环节 | 审批意见 | 补充意见 | 签名 | 签字日期 | |",
    "| 销售部 | 同意 | | 李明 | '2026-11-03 | |",
    "| 财务 | 有条件同意 | 补身份证 | 王芳 | '11.4 | |",
    "| 营销经理 | | | | | |",
    "| 总经理 | 同意 | | 钱进 | '11.4 | |",
)
USUAL = {"code": "91510100ma00000000", "taxpayer": "一般纳税人"}


def sheet(papers=PAPERS, steps=STEPS, **said: str):
    return grid(*(line.format(**USUAL | said) for line in HEAD), *papers, *steps)


def test_an_office_s_own_sheet_is_a_qualification_review_and_nothing_else(rules):
    (match,) = recognise(book(sheet()), rules, lexicons(rules))

    assert ("qualification_review", ()) == (match.form, match.rivals)


def test_one_sheet_is_the_customer_the_seven_papers_and_the_four_who_approve(rules):
    taken = take_in(rules, sheet(), on=ON)

    assert [("qualification_document.unstamped", "warning", "C15")] == taken.slips()
    assert [
        ("蓉城物流有限公司", "91510100MA00000000", "周敏", "110101199001010018", "13800001111", "general", "6222000011112222", date(2026, 11, 3)),
    ] == taken.told("customer_name", "credit_code", "legal_person", "legal_person_id", "phone", "taxpayer", "bank_account", "reviewed_on",
                    kind="qualification_review")  # fmt: skip
    assert [
        ("营业执照(三证合一)", "present", True, None, None),
        ("税务登记证", "merged", False, None, None),
        ("组织机构代码证", "absent", False, None, None),
        ("开户许可证", "present", True, None, date(2026, 11, 20)),
        ("一般纳税人证明", "present", True, date(2024, 1, 1), date(2026, 12, 31)),
        ("开票信息", "present", True, None, None),
        ("法人身份证", "present", False, date(2016, 10, 1), date(2026, 10, 1)),
    ] == taken.told("item", "state", "stamped", "valid_from", "expires_on", kind="qualification_document")
    assert [
        ("蓉城物流有限公司", "营销部", "agreed", "李明", date(2026, 11, 3)),
        ("蓉城物流有限公司", "财务部", "conditional", "王芳", date(2026, 11, 4)),
        ("蓉城物流有限公司", "营销部经理", None, None, None),
        ("蓉城物流有限公司", "总经理", "agreed", "钱进", date(2026, 11, 4)),
    ] == taken.told("customer_name", "item", "opinion", "signer", "signed_on", kind="qualification_opinion")


def test_an_answer_over_merged_cells_in_the_first_row_is_that_row_s_answer_and_no_choice_of_the_header(rules):
    steps = (
        "| 审批环节 | <2 审批意见 | 签名 | 签字日期 | |",
        "| 销售部 | <2 同意 | 李明 | 周二 | |",
        "| 财务 | <2 同意 | 王芳 | '11.4 | |",
    )
    taken = take_in(rules, sheet(steps=steps), on=ON)

    assert [("财务部", "agreed")] == taken.told("item", "opinion", kind="qualification_opinion")
    assert [("营销部", "agreed")] == taken.held("item", "opinion", kind="qualification_opinion")


def test_a_customer_without_a_code_is_held_and_a_short_one_only_told(rules):
    bare, short = take_in(rules, sheet(code=""), on=ON), take_in(rules, sheet(code="510100000012345"), on=ON)

    assert ("missing", "error", "B3") in bare.slips()
    assert [] == bare.told("customer_name", kind="qualification_review")
    assert ("qualification_review.code-length", "warning", "B3") in short.slips()
    assert [("510100000012345",)] == short.told("credit_code", kind="qualification_review")


@pytest.mark.parametrize(
    ("at", "row", "code", "level"),
    [
        (2, "| 营业执照副本 | 无 | | | | |", "qualification_document.licence-missing", "error"),
        (2, "| 营业执照副本 | | √ | | | |", "qualification_document.licence-unsaid", "error"),
        (2, "| 营业执照副本 | 有 | | 长期 | | |", "qualification_document.unstamped", "warning"),
        (6, "| 一般纳税人资格证 | 无 | | | | |", "qualification_document.taxpayer-unproved", "warning"),
        (7, "| 开票资料 | 缺 | | | | |", "qualification_document.missing", "warning"),
        (7, "| 开票资料 | 在路上 | | | | |", "word.unknown", "error"),
        (7, "| 开票资料 | 有 | √ | 看证 | | |", "date.unreadable", "warning"),
        (7, "| 车辆登记证 | 有 | √ | | | |", "item.unknown", "error"),
    ],
)
def test_a_paper_that_is_not_in_order_is_told_alone(rules, at, row, code, level):
    taken = take_in(rules, sheet((*PAPERS[:at], row, *PAPERS[at + 1 :])), on=ON)

    assert (code, level) in [slip[:2] for slip in taken.slips()]
    assert (1, 7 - (level == "error")) == tuple(
        len(taken.told("customer_name", kind=f"qualification_{kind}")) for kind in ("review", "document")
    )


def test_old_papers_that_went_into_the_licence_are_not_asked_for(rules):
    papers = (*PAPERS[:3], "| 国税登记证 | 无 | | | | |", "| 机构代码证 | 已并入 | | | | |", "| 开户许可 | 无 | | | | |",
              "| 一般纳税人资格证 | 无 | | | | |", *PAPERS[7:8], "| 法定代表人身份证 | 有 | √ | | | |")  # fmt: skip

    assert [] == take_in(rules, sheet(papers, taxpayer="小规模"), on=ON).slips()


@pytest.mark.parametrize(
    ("row", "code", "level"),
    [
        ("| 财务 | 同意 | | | '11.4 | |", "qualification_opinion.unsigned", "warning"),
        ("| 财务 | 同意 | | 王芳 | | |", "qualification_opinion.undated", "error"),
        ("| 财务 | | | 王芳 | '11.4 | |", "qualification_opinion.no-opinion", "error"),
        ("| 财务 | 同意 | | 王芳 | '11.9 | |", "qualification_opinion.future", "error"),
    ],
)
def test_an_approval_that_is_not_whole_is_told_alone(rules, row, code, level):
    taken = take_in(rules, sheet(steps=(*STEPS[:3], row, *STEPS[4:])), on=ON)

    assert (code, level) in [slip[:2] for slip in taken.slips()]
    assert 7 == len(taken.told("item", kind="qualification_document"))


PAPERS_HELD = """
    customer_name | item_no | item       | state   | expires_on | form
    甲公司        | 1       | 营业执照   | present |            | qualification_review
    甲公司        | 4       | 开户许可证 | present | 12-05      | qualification_review
    甲公司        | 7       | 法人身份证 | present | 12-06      | qualification_review
    乙公司        | 1       | 营业执照   | present | 10-31      | qualification_review
    乙公司        | 2       | 税务登记证 | merged  | 10-01      | qualification_review
"""
APPROVED = """
    customer_name | item_no | item       | opinion | signed_on | form
    甲公司        | 1       | 营销部     | agreed  | 11-01     | qualification_review
    甲公司        | 2       | 财务部     | agreed  | 11-02     | qualification_review
    甲公司        | 3       | 营销部经理 | agreed  | 11-02     | qualification_review
    甲公司        | 4       | 总经理     | agreed  | 11-03     | qualification_review
    乙公司        | 1       | 营销部     | agreed  | 11-01     | qualification_review
    乙公司        | 2       | 财务部     |         |           | qualification_review
    乙公司        | 3       | 营销部经理 |         |           | qualification_review
    乙公司        | 4       | 总经理     | agreed  | 11-02     | qualification_review
    丙公司        | 1       | 营销部     | agreed  | 11-01     | qualification_review
    丙公司        | 2       | 财务部     | refused | 11-02     | qualification_review
"""


def test_papers_that_run_out_within_thirty_days_lead_and_approval_is_whole_only_with_all_four(rules):
    archive = view(rules, "11-05", qualification_document=PAPERS_HELD, qualification_opinion=APPROVED)
    report = build(archive, rules)
    sheet = next(each for each in report.sheets if each.name == "资质发票")
    tables = {table.name: table for table in sheet.tables}

    assert [("乙公司 营业执照", date(2026, 10, 31), 5), ("甲公司 开户许可证", date(2026, 12, 5), 0)] == [
        (" ".join(row[2].split()[:2]), *row[3:5]) for row in tables["到期与逾期"].rows
    ]
    assert {
        ("甲公司", "4/4", None, None, None),
        ("乙公司", "2/4", "财务部", "总经理", None),
        ("丙公司", "2/4", None, None, "财务部"),
    } == {row[:5] for row in tables["四级审批进度"].rows}
    assert 1 == report.figures["资质发票"]


AGREED = """
    customer_name | credit_code | agreed_on | form
    甲公司        | 1           | 11-03     | qualification_review
    乙公司        | 2           | 11-02     | qualification_review
    丙公司        | 3           | 11-04     | qualification_review
    丁公司        | 4           | 11-02     | qualification_review
    戊公司        | 5           |           | qualification_review
    己公司        | 6           | 11-05     | qualification_review
"""
LATE = """
    丁公司        | 1       | 营销部     | agreed  | 11-01     | qualification_review
    丁公司        | 2       | 财务部     | agreed  | 11-02     | qualification_review
    丁公司        | 3       | 营销部经理 | agreed  | 11-02     | qualification_review
    丁公司        | 4       | 总经理     | agreed  | 11-04     | qualification_review
"""


def test_an_agreement_before_all_four_have_said_yes_is_told_with_who_had_not(rules):
    archive = view(rules, "11-05", qualification_review=AGREED, qualification_opinion=APPROVED.rstrip() + LATE)
    report = build(archive, rules)
    sheet = next(each for each in report.sheets if each.name == "资质发票")

    assert "协议先于审批" == sheet.tables[0].name
    assert [
        ("乙公司", date(2026, 11, 2), "2/4", "财务部没有签、营销部经理没有签"),
        ("丁公司", date(2026, 11, 2), "4/4", "总经理 2026-11-04 才签"),
        ("丙公司", date(2026, 11, 4), "2/4", "财务部不同意、营销部经理没有签、总经理没有签"),
        ("己公司", date(2026, 11, 5), "0/4", "营销部没有签、财务部没有签、营销部经理没有签、总经理没有签"),
    ] == [row[:4] for row in sheet.tables[0].rows]
    assert ["qualification_review.xlsx › Sheet1 › P6", "qualification_review.xlsx › Sheet1 › P8"] == [
        str(row[-1]) for row in sheet.tables[0].rows[:2]
    ]
    assert 4 == report.figures["资质发票"]


def test_the_two_lists_of_the_blank_stand_under_their_headings(rules, tmp_path):
    blank = io.BytesIO(filled(rules, "qualification_review", tmp_path, {}))
    first = [row[0] for row in load_workbook(blank).worksheets[0].iter_rows(values_only=True) if row[0]]

    assert ["证件清单", "序号", "1"] == first[first.index("证件清单") :][:3]
    assert ["四级审批", "次序", "1"] == first[first.index("四级审批") :][:3]


def test_a_filled_blank_waits_the_next_morning_for_the_finance_office(rules, tmp_path):
    home = new_home(tmp_path / "home")
    said = {"客户名称": "蓉城物流有限公司", "统一社会信用代码": "91510100MA00000000", "法人": "周敏", "法人身份证号": "110101199001010018",
            "审核日期": "2026-11-03"}  # fmt: skip
    paper = {"有/无": "有", "盖章": "是", "有效期": "2026-11-25"}
    signed = {"意见": "同意", "签字": "李明", "日期": "2026-11-03"}
    drop(home, "资质.xlsx", filled(rules, "qualification_review", tmp_path, said, rows={"营业执照(三证合一)": paper, "营销部": signed}))  # fmt: skip

    assert {"资质.xlsx": "accepted"} == verdicts(run(home))
    assert [("营业执照(三证合一)", date(2026, 11, 25))] == [
        (row["item"], row["expires_on"]) for row in rows(home, "qualification_document") if row["state"]
    ]
    told = load_workbook(home.outbox / "2026-11-05" / "其他台账.xlsx")["资质发票"]
    lines = list(told.iter_rows(values_only=True))
    assert ["证件到期"] == [line[1] for line in lines if line[0] == "客户资质审核表"]
    assert ("1/4", "财务部") in [line[1:3] for line in lines if line[0] == "蓉城物流有限公司"]
    assert "110101199001010018" not in {str(cell) for line in lines for cell in line}
