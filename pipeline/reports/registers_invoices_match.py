"""Holds what certificates say against the register of invoices, and both against the money.

invoice_certificate ─┬ 证明单与登记核对  a certificate without its invoice, a 专票 without certificate, the two that disagree
invoice_receipt ─────┴ 先款与合计核对    an invoice or goods before the money; 价税合计 that is not 金额 + 税额

They speak of one another by the invoice's number, or by the 证明单号 while no number is known.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final, TypeAlias

from pipeline.ledgers import Row, source_of
from pipeline.report import Column, Table
from pipeline.rulebook.rulebook import Rulebook
from pipeline.text import squeeze

_CENT: Final = 0.0051  # below this two sums of money are one
_SPECIAL: Final = frozenset({None, "special", "special_e"})
_TAKEN_BACK: Final = frozenset({"void", "red"})
_TITLE: Final = "先款与合计核对"
_PLACE: Final = Column("来源", "place")
_Line: TypeAlias = tuple[Any, ...]


def matched(asked: Sequence[Row], register: Sequence[Row], slips: Sequence[Row], on: date, rules: Rulebook) -> Table:
    """Return 证明单与登记核对: whatever one of the two says and the other does not."""
    columns = (
        Column("问题"), Column("客户"), Column("证明单号"), Column("发票号码"), Column("日期", "date"), Column("说明", "long"), _PLACE,
    )  # fmt: skip
    lines = [*_certificates(asked, register, slips, on, rules), *(_uncertified(asked, register) if asked else ())]
    empty = "证明单和登记都对得上" if asked else "还没有交过开票证明单,没有核对"
    return Table("证明单与登记核对", columns, tuple(lines), empty=empty)


def money(asked: Sequence[Row], register: Sequence[Row]) -> Table:
    """Return 先款与合计核对: goods or an invoice before the money, too little of it, sums that do not add up."""
    columns = (
        Column("问题"), Column("客户"), Column("发票号码"), Column("到款日期", "date"), Column("开票日期", "date"), Column("发货日期", "date"),
        Column("说明", "long"), _PLACE,
    )  # fmt: skip
    known = any(row["paid_on"] for row in (*asked, *register))
    cases = [(row, next((each for each in asked if _one(each, row)), None)) for row in register]
    cases += [(row, row) for row in asked if not any(_one(row, each) for each in register)]
    lines = [line for row, asks in cases if row.get("state") not in _TAKEN_BACK for line in _troubles(row, asks, known)]
    return Table(
        _TITLE,
        columns,
        tuple(lines),
        empty="先款后货和合计都对" if known else "合计都对;没有一处写过到款日期,先款后货没有核对",
    )


def _certificates(
    asked: Sequence[Row], register: Sequence[Row], slips: Sequence[Row], on: date, rules: Rulebook
) -> Iterator[_Line]:
    for row in asked:
        found = [each for each in register if _one(row, each)] or [each for each in slips if _one(row, each)]
        head = (row["customer_name"], row["certificate_no"], row["invoice_no"], row["applied_on"])
        days = (on - row["applied_on"]).days if row["applied_on"] else 0
        if found:
            for said in _disagreements(row, found):
                yield "证明单和登记不一样", *head, said, source_of(row, "total", "customer_name")
        elif row["invoice_no"]:
            yield "登记里没有这张发票", *head, "证明单写了发票号码,发票登记里没有", source_of(row, "invoice_no")
        elif days > rules.invoices.certificate_days:
            said = f"申请 {days} 天了,没有发票号码,登记里也没有写这个证明单号的"
            yield "还没有开票", *head, said, source_of(row, "certificate_no", "customer_name")


def _uncertified(asked: Sequence[Row], register: Sequence[Row]) -> Iterator[_Line]:
    for row in register:
        asked_for = row["invoice_type"] in _SPECIAL and row["state"] not in _TAKEN_BACK
        if asked_for and not any(_one(each, row) for each in asked):
            head = (row["customer_name"], row["certificate_no"], row["invoice_no"], row["invoiced_on"])
            yield "没有证明单", *head, "开了专用发票,没有它的证明单", source_of(row, "invoice_no")


def _one(certificate: Row, invoice: Row) -> bool:
    """Say whether a certificate and an invoice are about one another."""
    if certificate["invoice_no"]:
        codes = {certificate["invoice_code"], invoice["invoice_code"]} - {None}
        return certificate["invoice_no"] == invoice["invoice_no"] and len(codes) <= 1
    return bool(certificate["certificate_no"]) and certificate["certificate_no"] == invoice["certificate_no"]


def _disagreements(certificate: Row, invoices: Sequence[Row]) -> Iterator[str]:
    """Yield where customer or sum differ; one certificate may be for several invoices."""
    name, at = certificate["customer_name"], source_of(invoices[0], "total", "invoice_no")
    other = next((each["customer_name"] for each in invoices if each["customer_name"]), None)
    if name and other and squeeze(name) != squeeze(other):
        yield f"客户:证明单 {name},登记 {other};登记在 {at}"
    totals = [each["total"] for each in invoices if each.get("state") not in _TAKEN_BACK]
    if certificate["total"] is None or not totals or None in totals:
        return
    if abs(certificate["total"] - sum(totals)) > _CENT:
        yield f"价税合计:证明单 {_yuan(certificate['total'])},登记 {_yuan(sum(totals))};登记在 {at}"


def _troubles(row: Row, asks: Row | None, known: bool) -> Iterator[_Line]:
    """Yield what is wrong with the money of one invoice; what its register leaves blank its certificate may say."""
    own = (row, *((asks,) if asks is not None and asks is not row else ()))
    paid, made, gone, terms = (_first(own, name) for name in ("paid_on", "invoiced_on", "delivered_on", "terms"))
    head = (row["customer_name"], row["invoice_no"], paid, made, gone)
    if terms != "credit":
        if gone and (paid is None or paid > gone):
            yield (
                "先发货后到款",
                *head,
                "发货时还没有到款" if paid else "发货了,没有写到款日期",
                source_of(row, "delivered_on", "invoice_no"),
            )
        if made and paid and paid > made:
            yield "先开票后到款", *head, "开票时还没有到款", source_of(row, "invoiced_on", "invoice_no")
        elif made and paid is None and not gone and known:
            yield "先开票后到款", *head, "开票了,没有写到款日期", source_of(row, "invoiced_on", "invoice_no")
        yield from _short(asks, head)
    amount, tax, total = row["amount"], row["tax"], row["total"]
    if None not in (amount, tax, total) and abs(total - amount - tax) > _CENT:
        said = f"金额 {_yuan(amount)} 加税额 {_yuan(tax)} 是 {_yuan(amount + tax)},价税合计写 {_yuan(total)}"
        yield "价税合计不等", *head, said, source_of(row, "total")


def _short(asks: Row | None, head: _Line) -> Iterator[_Line]:
    """Yield a certificate whose money is less than its sum, once the invoice was made or the goods have gone."""
    if asks is None or asks["paid"] is None or asks["total"] is None or not (head[-1] or head[-2]):
        return
    if asks["total"] - asks["paid"] > _CENT:
        yield "到款不够", *head, f"到款 {_yuan(asks['paid'])},价税合计 {_yuan(asks['total'])}", source_of(asks, "paid")


def _first(rows: Sequence[Row], name: str) -> Any:
    return next((row[name] for row in rows if row[name]), None)


def _yuan(sum_: float) -> str:
    return f"{round(sum_, 2):,.12g}"
