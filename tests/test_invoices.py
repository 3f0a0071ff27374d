"""Invoices: the certificate that one may be made out, the register without gaps or doubles, and who fetched it."""

from __future__ import annotations

from datetime import date

import pytest
from openpyxl import load_workbook

from pipeline.layout.lexicon import lexicons
from pipeline.recognise import recognise
from tests.filled import filled
from tests.nights import rows, run, verdicts
from tests.sheets import book, grid
from tests.street import take_in
from tests.workbooks import drop, new_home

ON = date(2026, 11, 5)
# Drawn as a finance office keeps it: the code once for a roll, a void one of which only the number is known, a sum and a hand for signing below.
HEAD = (
    "| <16 XX汽车销售公司 开票登记表 |",
    "| 所属月份: | 2026年11月 | | | | | | | | | |",
    "| 序号 | 日期 | 代码 | 票号 | 票种 | 购货单位 | 品名 | 金额(元) | 税额(元) | 价税合计(元) | 开票状态 | 收款日期 | 交车日期 | 营销员签收 | 领用日期 | 备注 |",
)
BOOK = (
    *HEAD,
    "| 1 | '2026.11.2 | '5100204130 | '00123456 | 专票 | 蓉城物流有限公司 | X5 | 100000 | 13000 | 11.3万 | | '11.1 | '11.3 | 李明 | '11.3 | |",
    "| 2 | '11月2日 | 〃 | '００１２３４５７ | 专用发票 | 甲机械厂 | X3 | ￥88,495.58 | 11504.42 | 100000 | 已开 | '26/11/1 | | | | |",
    "| 3 | | 〃 | '00123458 | | | | | | | 废票 | | | | | 打印错位 |",
    "| 4 | '2026-11-03 | | '26512000000012345678 | 数电专票 | 乙 公司 | X5 | 100000 | 13000 | 113000 | 正常 | '11.2 | | | | |",
    "| <7 合计 | 288495.58 | 37504.42 | 326000 | | | | | | |",
    "| 开票人: | 王芳 | | | | | | | | | |",
)


def line(code: str = "'5100204130", no: str = "'00123456", day: str = "'11.2", name: str = "甲机械厂", tax: str = "13", total: str = "113",
         state: str = "", paid: str = "'11.1", gone: str = "", by: str = "李明", taken: str = "'11.3") -> str:  # fmt: skip
    return f"| 1 | {day} | {code} | {no} | 专票 | {name} | X5 | 100 | {tax} | {total} | {state} | {paid} | {gone} | {by} | {taken} | |"


@pytest.fixture
def register(rules):
    return lambda *lines: take_in(rules, grid(*HEAD, *lines), on=ON)


def test_a_finance_office_s_own_book_is_the_register_and_nothing_else(rules):
    (match,) = recognise(book(grid(*BOOK)), rules, lexicons(rules))

    assert ("invoice_receipt", ()) == (match.form, match.rivals)


def test_each_invoice_keeps_its_number_letter_by_letter_with_leading_zeros_and_all_twenty(rules):
    taken = take_in(rules, grid(*BOOK), on=ON)

    assert ("accepted", []) == (taken.verdict, taken.slips())
    assert [
        ("2026-11", "5100204130", "00123456", "special", date(2026, 11, 2), "蓉城物流有限公司", 100000, 13000, 113000, None, "李明", date(2026, 11, 3)),
        ("2026-11", "5100204130", "00123457", "special", date(2026, 11, 2), "甲机械厂", 88495.58, 11504.42, 100000, "issued", None, None),
        ("2026-11", "5100204130", "00123458", None, None, None, None, None, None, "void", None, None),
        ("2026-11", None, "26512000000012345678", "special_e", date(2026, 11, 3), "乙公司", 100000, 13000, 113000, "issued", None, None),
    ] == taken.told("month", "invoice_code", "invoice_no", "invoice_type", "invoiced_on", "customer_name", "amount", "tax", "total", "state",
                    "taken_by", "taken_on")  # fmt: skip


@pytest.mark.parametrize(
    ("bad", "code", "cell"),
    [
        ({"no": ""}, "missing", "D4"),
        ({"no": "123456"}, "invoice.no-length", "D4"),  # Excel dropped the zeros
        ({"code": "", "no": "26512000000012345678"}, "cell.precision-lost", "D4"),
        ({"code": "", "no": "'265120000000123456789"}, "invoice.no-too-long", "D4"),
        ({"code": "'5100204130123"}, "invoice.code-too-long", "C4"),
        ({"name": ""}, "invoice_receipt.no-customer", "F4"),
        ({"day": "'11.9"}, "invoice.invoiced-future", "B4"),
        ({"taken": "'11.1"}, "invoice_receipt.taken-before-issued", "O4"),
    ],
)
def test_an_invoice_nobody_can_tell_is_held(register, bad, code, cell):
    taken = register(line(**bad))

    assert (code, "error", cell) in taken.slips()
    assert ("returned", []) == (taken.verdict, taken.told("invoice_no"))


@pytest.mark.parametrize(
    ("odd", "code", "cell"),
    [
        ({"total": "112"}, "invoice.sum", "J4"),
        ({"total": ""}, "invoice_receipt.no-total", "J4"),
        ({"by": ""}, "invoice_receipt.taken-by-nobody", "N4"),
        ({"paid": "'11.4"}, "invoice.before-payment", "B4"),
        ({"day": "'11.2", "gone": "'10.31"}, "invoice.goods-before-payment", "M4"),
    ],
)
def test_what_is_only_odd_goes_in_with_a_word(register, odd, code, cell):
    taken = register(line(**odd))

    assert [(code, "warning", cell)] == taken.slips()
    assert [("00123456",)] == taken.told("invoice_no")


def test_a_sum_that_is_wrong_is_told_with_the_right_one(register):
    assert "金额加税额是 113" in register(line(total="112")).finding("invoice.sum").want


def test_the_same_number_twice_on_a_sheet_is_kept_twice(register):
    taken = register(line(), line(name="乙公司"))

    assert [("00123456", "甲机械厂"), ("00123456", "乙公司")] == taken.told("invoice_no", "customer_name")
    assert 2 == len({record.key for record in taken.submission.records})


SLIPS = (
    "| <4 增值税专用发票领取单 |",
    "| 购货单位 | 甲机械厂 | 开票日期 | '2026-11-02 |",
    "| 发票代码 | '5100204130 | 发票号 | '00123457 |",
    "| 金额 | 88495.58 | 税额 | 11504.42 |",
    "| 价税合计 | 100000 | 申请单号 | kp-02 |",
    "| 签收人 | 李明 | 签收日期 | '11月4日 |",
)


def test_a_slip_for_one_invoice_is_taken_as_a_slip(rules):
    taken = take_in(rules, grid(*SLIPS), on=ON)

    assert ("accepted", []) == (taken.verdict, taken.slips())
    assert [("5100204130", "00123457", "甲机械厂", "KP-02", "李明", date(2026, 11, 4))] == taken.told(
        "invoice_code", "invoice_no", "customer_name", "certificate_no", "taken_by", "taken_on", kind="invoice_slip"
    )


# Drawn as a consultant fills it: 申请单 by another name, the number of the invoice still open, two cars below.
ASKED = (
    "| <6 开票申请单 |",
    "| 单号 | kp-01 | | 申请日期 | '2026.11.1 | |",
    "| 购货单位 | 蓉城物流有限公司 | | 税号 | 91510100ma00000000 | |",
    "| 开户银行 | 建行城西支行 | | 银行账号 | '6222 0000 1111 2222 | |",
    "| 付款条件 | {terms} | | 到账日期 | {paid} | |",
    "| 到账金额 | 22.6万 | | 提货日期 | {gone} | |",
    "| 价税合计(小写) | 226000 | | 发票号 | {no} | |",
    "| 申请人 | 李明 | | 开票日期 | {made} | |",
    "| <6 开票明细 |",
    "| 品名 | 型号 | 数量 | 单价 | 金额 | 税额 |",
    "| X5 轿车 | 1.5T | 1 | 100000 | 100000 | 13000 |",
    "| X5 轿车 | 2.0T | 1 | 100000 | 100000 | 13000 |",
    "| 合计 | | 2 | | 200000 | 26000 |",
)
USUAL = {"terms": "款到发货", "paid": "'11.1", "gone": "", "no": "", "made": ""}


def certificate(rules, **said: str):
    return take_in(rules, grid(*(each.format(**USUAL | said) for each in ASKED)), on=ON)


def test_a_consultant_s_own_application_is_a_certificate_and_nothing_else(rules):
    (match,) = recognise(book(grid(*(each.format(**USUAL) for each in ASKED))), rules, lexicons(rules))

    assert ("invoice_certificate", ()) == (match.form, match.rivals)


def test_a_certificate_is_the_customer_the_money_and_a_line_a_car(rules):
    taken = certificate(rules)

    assert ("accepted", []) == (taken.verdict, taken.slips())
    assert [
        ("KP-01", date(2026, 11, 1), "蓉城物流有限公司", "91510100MA00000000", "prepaid", date(2026, 11, 1), 226000, None, 226000, None, "李明"),
    ] == taken.told("certificate_no", "applied_on", "customer_name", "tax_no", "terms", "paid_on", "paid", "delivered_on", "total", "invoice_no",
                    "consultant", kind="invoice_certificate")  # fmt: skip
    assert [
        ("KP-01", "X5 轿车", "1.5T", 1, 100000, 13000),
        ("KP-01", "X5 轿车", "2.0T", 1, 100000, 13000),
    ] == taken.told("certificate_no", "goods", "spec", "quantity", "amount", "tax", kind="invoice_goods")


def test_goods_or_an_invoice_before_the_money_is_told_unless_credit_was_agreed(rules):
    said = {"paid": "'11.4", "gone": "'11.3", "no": "'26512000000012345678", "made": "'11.2"}

    assert [("invoice.before-payment", "warning", "E8"), ("invoice.goods-before-payment", "warning", "E6")] == sorted(
        certificate(rules, **said).slips()
    )
    assert [] == certificate(rules, **said, terms="月结").slips()


def test_a_month_s_register_speaks_for_its_month_alone_and_one_without_a_month_for_none(rules):
    months = [take_in(rules, grid(HEAD[0], f"| 月份: | {month} | |", HEAD[2], line()), on=ON) for month in ("2026年10月", "11月", "")]  # fmt: skip

    assert ["2026-10", "2026-11", None] == [taken.told("month")[0][0] for taken in months]
    assert 3 == len({record.scope for taken in months for record in taken.submission.records})


def test_a_filled_register_and_certificate_stand_the_next_morning_with_what_is_missing(rules, tmp_path):
    home = new_home(tmp_path / "home")
    one: dict[str, str | float] = {"发票代码": "5100204130", "开票日期": "2026-11-02", "客户名称": "甲机械厂", "价税合计": 113}  # fmt: skip
    lines = [{"发票号码": number, **one} for number in ("00123456", "00123459")]
    drop(home, "十一月.xlsx", filled(rules, "invoice_receipt", tmp_path, {"月份": "2026-11"}, *lines))
    ask = {"客户名称": "甲机械厂", "纳税人识别号": "91510100MA00000000", "申请日期": "2026-10-29", "证明单号": "KP-1"}
    drop(home, "证明.xlsx", filled(rules, "invoice_certificate", tmp_path, ask, {"货物名称": "X5", "数量": 1, "金额": 100}))  # fmt: skip

    assert {"accepted"} == set(verdicts(run(home)).values())
    assert ["00123456", "00123459"] == [row["invoice_no"] for row in rows(home, "invoice_receipt")]
    assert [("KP-1", "X5")] == [(row["certificate_no"], row["goods"]) for row in rows(home, "invoice_goods")]
    book = load_workbook(home.outbox / "2026-11-05" / "其他台账.xlsx")
    todo = list(book["资质发票"].iter_rows(values_only=True))
    assert ("5100204130", "断号", "00123457—00123458", 2) in [line[:4] for line in todo]
    assert {"00123456", "00123459"} <= {cell for line in book["发票登记"].iter_rows(values_only=True) for cell in line}
