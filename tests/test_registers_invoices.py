"""资质发票: numbers without gaps or doubles, every paper invoice signed for, certificates and register at one, money before goods."""

from __future__ import annotations

import pytest

from pipeline.read_rules import read_rules
from pipeline.reports.registers import build
from pipeline.rulebook.invoices import Invoices
from tests.spoilt import copied, refusal
from tests.told import view


def table(rules, name, **tables):
    """Return a table of the sheet 资质发票 on 2026-11-05."""
    report = build(view(rules, "11-05", **tables), rules)
    sheet = next(each for each in report.sheets if each.name == "资质发票")
    return next(each for each in sheet.tables if each.name == name)


NUMBERS = """
    month   | invoice_code | invoice_no           | invoiced_on | customer_name | state | form
    2026-10 | 5100204130   | 00000098             | 10-28       | 甲公司        |       | invoice_receipt
    2026-10 | 5100204130   | 00000099             | 10-29       |               | void  | invoice_receipt
    2026-11 | 5100204130   | 00000101             | 11-02       | 乙公司        |       | invoice_receipt
    2026-11 | 5100204130   | 00000105             | 11-02       | 丙公司        |       | invoice_receipt
    2026-11 | 5100204130   | 00000098             | 11-03       | 丁公司        |       | invoice_receipt
    2026-11 | 5100204130   | 00000205             | 11-03       | 丁公司        |       | invoice_receipt
    2026-11 | 5100204130   | 00000306             | 11-03       | 丁公司        |       | invoice_receipt
    2026-11 | 5100199130   | 00000103             | 11-03       | 戊公司        |       | invoice_receipt
    2026-11 |              | 26512000000000000007 | 11-03       | 己公司        |       | invoice_receipt
    2026-11 |              | 26512000000000000011 | 11-04       | 己公司        |       | invoice_receipt
    2026-11 |              | 26512000000000000011 | 11-04       | 庚公司        |       | invoice_receipt
"""


def test_what_is_to_be_looked_at_stands_before_the_register_on_a_sheet_of_its_own(rules):
    report = build(view(rules, "11-05", invoice_receipt=NUMBERS), rules)

    assert ["资质发票", "发票登记"] == [sheet.name for sheet in report.sheets]


def test_the_register_shows_numbers_of_papers_whole_and_what_may_be_a_phone_masked(rules):
    drawn = """
        month   | invoice_code | invoice_no           | invoiced_on | customer_name | certificate_no | form
        2026-10 | 5100204130   | 26512000000000000007 | 10-28       | 甲公司        | 13800001111    | invoice_receipt
    """
    report = build(view(rules, "11-05", invoice_receipt=drawn), rules)
    (told,) = next(sheet for sheet in report.sheets if sheet.name == "发票登记").tables
    line = dict(zip([column.name for column in told.columns], told.rows[0], strict=True))

    assert ("5100204130", "26512000000000000007", "138****1111") == (
        line["发票代码"],
        line["发票号码"],
        line["证明单号"],
    )


def test_missing_and_double_numbers_are_told_by_code_a_wide_jump_is_another_roll(rules):
    found = table(rules, "断号与重号", invoice_receipt=NUMBERS)

    assert [
        (None, "重号", "26512000000000000011", 2, "invoice_receipt.xlsx › Sheet1 › D15"),
        ("5100204130", "重号", "00000098", 2, "invoice_receipt.xlsx › Sheet1 › D9"),
        ("5100204130", "断号", "00000100", 1, "invoice_receipt.xlsx › Sheet1 › D7"),
        ("5100204130", "断号", "00000102—00000104", 3, "invoice_receipt.xlsx › Sheet1 › D8"),
        ("5100204130", "断号", "00000106—00000204", 99, "invoice_receipt.xlsx › Sheet1 › D10"),
    ] == [(*row[:4], str(row[-1])) for row in found.rows]
    assert "甲公司、丁公司;先登记在 invoice_receipt.xlsx › Sheet1 › D5" == found.rows[1][4]


def test_how_wide_a_jump_begins_another_roll_is_the_house_s_own(rules):
    ours = rules.model_copy(update={"invoices": Invoices(new_roll_from=50)})

    assert [1, 3] == [row[3] for row in table(ours, "断号与重号", invoice_receipt=NUMBERS).rows if row[1] == "断号"]


SIGNED = """
    invoice_code | invoice_no           | invoice_type | invoiced_on | customer_name | state | taken_by | taken_on | form
    5100204130   | 00000001             | special      | 10-30       | 甲公司        |       | 李明     | 10-31    | invoice_receipt
    5100204130   | 00000002             | special      | 10-30       | 乙公司        |       |          |          | invoice_receipt
    5100204130   | 00000003             |              | 11-02       | 丙公司        |       |          | 11-03    | invoice_receipt
    5100204130   | 00000004             | special      | 10-30       | 丁公司        |       |          |          | invoice_receipt
    5100204130   | 00000005             | special      | 10-30       |               | void  |          |          | invoice_receipt
    5100204130   | 00000006             | normal_e     | 10-30       | 戊公司        |       |          |          | invoice_receipt
                 | 26512000000000000011 |              | 10-30       | 己公司        |       |          |          | invoice_receipt
"""
SLIPS = """
    invoice_code | invoice_no | invoiced_on | customer_name | taken_by | taken_on | form
    5100204130   | 00000004   | 10-30       | 丁公司        | 李明     | 11-01    | invoice_receipt
    5100204130   | 00000007   | 11-01       | 庚公司        |          |          | invoice_receipt
"""


def test_paper_invoices_nobody_signed_for_lead_the_longest_first_and_a_slip_counts(rules):
    found = table(rules, "未签收", invoice_receipt=SIGNED, invoice_slip=SLIPS)

    assert [
        ("00000002", "乙公司", 6, "没有签收"),
        ("00000007", "庚公司", 4, "没有签收"),
        ("00000003", "丙公司", 3, "有领取日期,没有签字"),
    ] == [(row[1], row[2], row[4], row[5]) for row in found.rows]


def test_numbers_and_certificates_to_be_cleared_up_count_on_the_page_and_late_payments_do_not(rules):
    def figures(**tables: str):
        return build(view(rules, "11-05", **tables), rules).figures

    assert {"资质发票": 5 + 1} == figures(invoice_receipt=NUMBERS)  # gaps and doubles, and one of October unsigned
    assert {} == figures(invoice_receipt=PAID)


def test_after_three_days_without_a_hand_it_is_overdue(rules):
    assert {"资质发票": 2} == build(view(rules, "11-05", invoice_receipt=SIGNED, invoice_slip=SLIPS), rules).figures


ASKED = """
    certificate_no | applied_on | customer_name | total | invoice_code | invoice_no | form
    KP-1           | 11-01      | 甲公司        | 113   | 5100204130   | 00000001   | invoice_certificate
    KP-2           | 11-01      | 乙公司        | 226   |              |            | invoice_certificate
    KP-3           | 11-01      | 丙公司        | 113   |              | 00000003   | invoice_certificate
    KP-4           | 10-28      | 丁公司        | 113   |              |            | invoice_certificate
    KP-5           | 10-29      | 戊公司        | 113   |              |            | invoice_certificate
    KP-6           | 11-01      | 己公司        | 113   | 5100199130   | 00000001   | invoice_certificate
    KP-7           | 11-01      | 庚公司        | 113   |              | 00000007   | invoice_certificate
"""
MADE = """
    invoice_code | invoice_no | invoice_type | invoiced_on | customer_name | total | state | certificate_no | form
    5100204130   | 00000001   | special      | 11-02       | 甲 公司       | 113   |       |                | invoice_receipt
    5100204130   | 00000002   | special      | 11-02       | 乙公司        | 113   |       | KP-2           | invoice_receipt
    5100204130   | 00000004   | special      | 11-02       | 乙公司        | 112   |       | KP-2           | invoice_receipt
    5100204130   | 00000003   |              | 11-02       | 丁公司        | 113   |       |                | invoice_receipt
    5100204130   | 00000005   | special      | 11-03       | 辛公司        | 113   |       |                | invoice_receipt
    5100204130   | 00000006   | normal       | 11-03       | 壬公司        | 113   |       |                | invoice_receipt
    5100204130   | 00000008   | special      | 11-03       |               |       | void  |                | invoice_receipt
"""
FETCHED = """
    invoice_code | invoice_no | customer_name | total | taken_by | form
    5100204130   | 00000007   | 庚公司        | 113   | 李明     | invoice_receipt
"""


def test_certificates_and_register_are_held_against_each_other(rules):
    found = table(rules, "证明单与登记核对", invoice_certificate=ASKED, invoice_receipt=MADE, invoice_slip=FETCHED)

    assert [
        ("证明单和登记不一样", "KP-2", None, "价税合计:证明单 226,登记 225"),
        ("证明单和登记不一样", "KP-3", "00000003", "客户:证明单 丙公司,登记 丁公司"),
        ("还没有开票", "KP-4", None, "申请 8 天了,没有发票号码,登记里也没有写这个证明单号的"),
        ("登记里没有这张发票", "KP-6", "00000001", "证明单写了发票号码,发票登记里没有"),
        ("没有证明单", None, "00000005", "开了专用发票,没有它的证明单"),
    ] == [(row[0], row[2], row[3], row[5].split(";")[0]) for row in found.rows]
    assert "登记在 invoice_receipt.xlsx › Sheet1 › " in found.rows[0][5]


def test_a_house_that_hands_in_no_certificates_is_told_so_and_not_blamed(rules):
    found = table(rules, "证明单与登记核对", invoice_receipt=MADE)

    assert ((), "还没有交过开票证明单,没有核对") == (found.rows, found.empty)


PAID = """
    invoice_no | customer_name | invoiced_on | paid_on | delivered_on | amount | tax | total | terms  | state | form
    00000001   | 一公司        | 11-02       | 11-02   | 11-02        | 100    | 13  | 113   |        |       | invoice_receipt
    00000002   | 二公司        | 11-02       | 11-04   | 11-05        | 100    | 13  | 113   |        |       | invoice_receipt
    00000003   | 三公司        | 11-02       | 11-01   | 10-31        | 100    | 13  | 113   |        |       | invoice_receipt
    00000004   | 四公司        | 11-02       |         | 11-03        | 100    | 13  | 113   |        |       | invoice_receipt
    00000005   | 五公司        | 11-02       |         |              | 100    | 13  | 113   |        |       | invoice_receipt
    00000006   | 六公司        | 11-02       |         | 11-01        | 100    | 13  | 113   | credit |       | invoice_receipt
    00000007   | 七公司        | 11-02       | 11-01   |              | 100    | 13  | 112   |        |       | invoice_receipt
    00000008   | 八公司        | 11-02       | 11-04   |              | 100    | 13  | 112   |        | red   | invoice_receipt
    00000009   | 九公司        | 11-02       |         |              | 88.5   | 11.5| 100   |        |       | invoice_receipt
"""
BACKED = """
    certificate_no | applied_on | customer_name | paid_on | paid | delivered_on | total | terms   | invoice_no | form
    KP-9           | 11-01      | 九公司        | 11-01   | 90   |              | 100   | prepaid | 00000009   | invoice_certificate
    KP-10          | 11-01      | 十公司        | 11-04   | 100  | 11-03        | 100   |         |            | invoice_certificate
"""


def test_goods_or_an_invoice_before_the_money_and_sums_that_do_not_add_up_are_told_with_their_cell(rules):
    found = table(rules, "先款与合计核对", invoice_receipt=PAID, invoice_certificate=BACKED)

    assert [
        ("先开票后到款", "二公司", "开票时还没有到款", "invoice_receipt.xlsx › Sheet1 › E6"),
        ("先发货后到款", "三公司", "发货时还没有到款", "invoice_receipt.xlsx › Sheet1 › R7"),
        ("先发货后到款", "四公司", "发货了,没有写到款日期", "invoice_receipt.xlsx › Sheet1 › R8"),
        ("先开票后到款", "五公司", "开票了,没有写到款日期", "invoice_receipt.xlsx › Sheet1 › E9"),
        ("价税合计不等", "七公司", "金额 100 加税额 13 是 113,价税合计写 112", "invoice_receipt.xlsx › Sheet1 › M11"),
        ("到款不够", "九公司", "到款 90,价税合计 100", "invoice_certificate.xlsx › Sheet1 › L5"),
        ("先发货后到款", "十公司", "发货时还没有到款", "invoice_certificate.xlsx › Sheet1 › M6"),
    ] == [(row[0], row[1], row[-2], str(row[-1])) for row in found.rows]


def test_a_register_that_knows_no_payments_is_not_blamed_for_them(rules):
    found = table(rules, "先款与合计核对", invoice_receipt=NUMBERS)

    assert ((), "合计都对;没有一处写过到款日期,先款后货没有核对") == (found.rows, found.empty)


@pytest.mark.parametrize(
    ("old", "new", "key", "message"),
    [
        ("new_roll_from: 100", "new_roll_from: 1", "new_roll_from", "不能小于 2"),
        ("sign_within_days: 3", "sign_days: 3", "sign_days", "不认识「sign_days」这一项"),
    ],
)
def test_days_that_cannot_be_meant_are_told_with_their_key(tmp_path, old, new, key, message):
    (problem,) = refusal(copied(tmp_path), ("invoices.yaml", old, new))

    assert ("rules/invoices.yaml", key, message) == (problem.file, problem.key, problem.message)


def test_a_home_without_the_file_goes_on(tmp_path):
    home = copied(tmp_path)
    (home / "invoices.yaml").unlink()

    assert 3 == read_rules(home).invoices.sign_within_days
