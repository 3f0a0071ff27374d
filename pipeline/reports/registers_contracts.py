"""Reckons what contracts, credit and invoices owe one another: reviews still waiting, agreements before approval, payment before goods.

contract_review + contract_opinion ─ 待评审合同      every contract whose last step is not taken, those without one opinion included
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from pipeline.ledgers import Reckoned, Row, Step, order_of, rows_of_kind, source_of, steps
from pipeline.report import Column, Sheet, Table
from pipeline.rulebook.rulebook import Rulebook
from pipeline.view import View

_PLACE = Column("来源", "place")


def reckoned(view: View, rules: Rulebook) -> tuple[Reckoned, ...]:
    """Return the sheet 合同评审, led by the contracts that wait; nothing where no contract ever came."""
    if not rows_of_kind(view, "contract_review"):
        return ()
    found = sorted(
        _waiting(view, rules), key=lambda each: (each[0]["deliver_on"] or date.max, str(each[0]["contract_no"]))
    )
    waiting = tuple(line for _, line in found)
    late = sum((row["deliver_on"] or view.on) < view.on for row, _ in found)
    columns = (
        Column("合同编号"), Column("客户"), Column("订单日期", "date"), Column("交货日期", "date"), Column("已过"), Column("下一步"),
        Column("要处理的", "long"), _PLACE,
    )  # fmt: skip
    said = f"待评审 {len(waiting)} 份" if waiting else ""
    table = Table("待评审合同", columns, waiting, empty="没有待评审的合同")
    note = (
        "待评审合同",
        "最后一步还没有签字的合同,一个部门也没签的和有部门不同意的都在内,交货早的在前;过了交货日期还没有批准的算逾期。",
    )
    return (Reckoned(Sheet("合同评审", "合同评审", (table,), said), late, (note,)),)


def _waiting(view: View, rules: Rulebook) -> Iterator[tuple[Row, tuple[object, ...]]]:
    """Yield a line a contract that is not approved; one that nobody signed stands at its first step."""
    form = rules.forms["contract_review"]
    chain = form.ledger.registers["contract_opinion"].chain if form.ledger else None
    order = order_of(form, "contract_opinion")
    taken: dict[str, Step] = {}
    if chain:
        taken = {step.case[0]: step for step in steps(rows_of_kind(view, "contract_opinion"), chain, order)}
    for row in rows_of_kind(view, "contract_review"):
        step = taken.get(str(row["contract_no"]))
        if step and not step.next and not step.refused:
            continue
        line = (
            row["contract_no"], row["customer_name"], row["ordered_on"], row["deliver_on"], f"{step.taken if step else 0}/{len(order)}",
            (step.next if step else order[0]) or None, "、".join(_troubles(row, step)) or None, source_of(row, "contract_no"),
        )  # fmt: skip
        yield row, line


def _troubles(row: Row, step: Step | None) -> Iterator[str]:
    if step and step.refused:
        yield f"{step.refused}不同意"
    if row.get("order_way") == "verbal" and not row.get("confirmed_on"):
        yield "口头订单没有书面确认"
    if step and step.out_of_turn:
        yield f"没有轮到就签了:{'、'.join(step.out_of_turn)}"
