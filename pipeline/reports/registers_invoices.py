"""Reckons whether invoices are all there, signed for, asked for and paid: what a finance office would look through by hand (A13).

invoice_receipt + invoice_slip ─┬ 断号与重号        per code: numbers of one roll that are missing, numbers that stand twice
                                ├ 未签收            paper invoices nobody signed for, in the register or on a slip
invoice_certificate ────────────┴ what the certificate says against the register, and the money (`registers_invoices_match`)

A number of 20 digits is given by the tax office, in no order of ours, and its invoice is sent, not fetched: only doubles count there.
What was looked at is as old as a register shows (a year).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, Final, TypeAlias

from pipeline.ledgers import Reckoned, Row, rows_of_kind, source_of
from pipeline.report import Column, Sheet, Table
from pipeline.reports.registers_invoices_match import matched, money
from pipeline.rulebook.rulebook import Rulebook
from pipeline.view import View

_SHEET: Final = "资质发票"
_PLACE: Final = Column("来源", "place")
_DIGITAL: Final = 20  # digits of a number that the tax office gave
_KEPT: Final = timedelta(days=366)
_SENT: Final = frozenset({"special_e", "normal_e"})
_VOID: Final = frozenset({"void"})
_Line: TypeAlias = tuple[Any, ...]


def reckoned(view: View, rules: Rulebook) -> tuple[Reckoned, ...]:
    """Return what leads the sheet 资质发票; nothing where no invoice and no certificate ever came."""
    register, slips, asked = (
        _recent(view, kind, "invoiced_on", "taken_on", "applied_on")
        for kind in ("invoice_receipt", "invoice_slip", "invoice_certificate")
    )
    tables: list[Table] = []
    wrong = 0  # what somebody has to see to: a payment that came late cannot be made earlier
    if register:
        tables.append(_numbers(register, rules.invoices.new_roll_from))
        wrong += len(tables[-1].rows)
    if register or slips:
        unsigned = sorted(_unsigned(register, slips, view.on), key=lambda line: (-(line[4] or 0), str(line[1])))
        wrong += sum((line[4] or 0) > rules.invoices.sign_within_days for line in unsigned)
        tables.append(_unsigned_table(unsigned))
    if asked or register:
        tables.append(matched(asked, register, slips, view.on, rules))
        wrong += len(tables[-1].rows)
        tables.append(money(asked, register))
    if not tables:
        return ()
    said = "、".join(f"{table.name} {len(table.rows)} 处" for table in tables if table.rows)
    return (Reckoned(Sheet(_SHEET, _SHEET, tuple(tables), said), wrong, _notes(rules)),)


def _recent(view: View, kind: str, *days: str) -> list[Row]:
    return [
        row
        for row in rows_of_kind(view, kind)
        if (next((row[day] for day in days if row.get(day)), None) or view.on) >= view.on - _KEPT
    ]


def _numbers(register: Sequence[Row], new_roll: int) -> Table:
    columns = (
        Column("发票代码"),
        Column("问题"),
        Column("发票号码"),
        Column("张数", "count"),
        Column("说明", "long"),
        _PLACE,
    )
    rolls: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for row in register:
        rolls[row["invoice_code"] or ""][row["invoice_no"]].append(row)
    lines = [
        line for code in sorted(rolls) for line in (*_doubles(code, rolls[code]), *_gaps(code, rolls[code], new_roll))
    ]
    return Table("断号与重号", columns, tuple(lines), empty="登记的号码没有断号,也没有重号")


def _doubles(code: str, numbers: Mapping[str, Sequence[Row]]) -> Iterator[_Line]:
    for number, rows in sorted(numbers.items()):
        if len(rows) > 1:
            whose = "、".join(str(row["customer_name"] or "没有写客户") for row in rows)
            for row in rows[1:]:
                first = source_of(rows[0], "invoice_no")
                yield code or None, "重号", number, len(rows), f"{whose};先登记在 {first}", source_of(row, "invoice_no")


def _gaps(code: str, numbers: Mapping[str, Sequence[Row]], new_roll: int) -> Iterator[_Line]:
    """Yield the numbers between two registered ones of a roll; a jump as wide as a roll begins another."""
    paper = sorted(number for number in numbers if number.isdigit() and len(number) < _DIGITAL)
    for first, last in pairwise(sorted(paper, key=int)):
        missing = int(last) - int(first) - 1
        if 0 < missing < new_roll:
            ends = [str(int(first) + 1).zfill(len(first)), str(int(last) - 1).zfill(len(last))]
            told = "—".join(dict.fromkeys(ends))
            yield (
                code or None,
                "断号",
                told,
                missing,
                f"{first} 之后是 {last}",
                source_of(numbers[last][0], "invoice_no"),
            )


def _unsigned(register: Sequence[Row], slips: Sequence[Row], on: date) -> Iterator[_Line]:
    signed = {_number(row) for row in slips if row["taken_by"]}
    known = {_number(row) for row in register}
    lone = [row for row in slips if _number(row) not in known]
    for row in (*register, *lone):
        if row.get("state") in _VOID or _sent(row) or row["taken_by"] or _number(row) in signed:
            continue
        days = (on - row["invoiced_on"]).days if row["invoiced_on"] else None
        what = "有领取日期,没有签字" if row["taken_on"] else "没有签收"
        yield (
            row["invoice_code"],
            row["invoice_no"],
            row["customer_name"],
            row["invoiced_on"],
            days,
            what,
            source_of(row, "taken_by", "invoice_no"),
        )


def _unsigned_table(lines: Sequence[_Line]) -> Table:
    columns = (
        Column("发票代码"), Column("发票号码"), Column("客户"), Column("开票日期", "date"), Column("已过天数", "count", bar=True), Column("问题"), _PLACE,
    )  # fmt: skip
    return Table("未签收", columns, tuple(lines), empty="纸质发票都有人签收")


def _sent(row: Row) -> bool:
    """Say whether an invoice is sent as a file, so that nobody has to fetch it."""
    return row["invoice_type"] in _SENT or len(str(row["invoice_no"])) >= _DIGITAL


def _number(row: Row) -> tuple[str, str]:
    return str(row["invoice_code"] or ""), str(row["invoice_no"] or "")


def _notes(rules: Rulebook) -> tuple[tuple[str, str], ...]:
    ours = rules.invoices
    return (
        ("断号与重号", f"同一发票代码的纸质发票号码要连着,作废的也占一号;一下跳过 {ours.new_roll_from} 张以上算换了一卷。20 位的数电票只查重号。"),
        ("未签收", f"纸质发票要有领取人签字,登记表或领取单上有一处就行;开票 {ours.sign_within_days} 天以后还没有的算逾期。电子发票不用签。"),
        ("证明单与登记核对", f"按发票号码对,没有号码的按证明单号对;申请 {ours.certificate_days} 天以后还没有发票的列出。普通发票不要证明单。"),
        ("先款与合计核对", "没有到款就开票或发货的、到款晚于开票或发货的、到款不够的;付款方式写账期的不查,作废和红冲的不查。天数写在 rules/invoices.yaml。"),
    )  # fmt: skip
