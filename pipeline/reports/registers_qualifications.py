"""Reckons agreements that came before the approvals: a customer is dealt with when all four have said yes, not earlier (A13).

qualification_review.agreed_on + qualification_opinion ─ 协议先于审批   who had not signed, signed later, or said no
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from pipeline.ledgers import Reckoned, Row, order_of, register_of, rows_of_kind, source_of
from pipeline.report import Column, Sheet, Table
from pipeline.rulebook.rulebook import Rulebook
from pipeline.view import View

_SHEET: Final = "资质发票"


def reckoned(view: View, rules: Rulebook) -> tuple[Reckoned, ...]:
    """Return what leads the sheet 资质发票: agreements before approval; nothing where no agreement is known."""
    form = rules.forms.get("qualification_review")
    agreed = [row for row in rows_of_kind(view, "qualification_review") if row["agreed_on"]]
    if not form or not agreed:
        return ()
    chain = register_of(form, "qualification_opinion").chain
    order, refused = order_of(form, "qualification_opinion"), chain.refused if chain else ()
    said: dict[str, dict[str, Row]] = defaultdict(dict)
    for opinion in rows_of_kind(view, "qualification_opinion"):
        said[str(opinion["customer_name"])][str(opinion["item"])] = opinion
    lines = []
    for row in sorted(agreed, key=lambda each: (each["agreed_on"], str(each["_key"]))):
        own = said[str(row["customer_name"])]
        lacking = tuple(_lacking(own, order, refused, row["agreed_on"]))
        if lacking:
            taken = f"{_signed(own, order)}/{len(order)}"
            lines.append(
                (row["customer_name"], row["agreed_on"], taken, "、".join(lacking), source_of(row, "agreed_on"))
            )
    columns = (
        Column("客户名称"),
        Column("协议日期", "date"),
        Column("已签"),
        Column("问题", "long"),
        Column("来源", "place"),
    )
    table = Table("协议先于审批", columns, tuple(lines), empty="签了协议的,四级都先同意了")
    note = ("协议先于审批", "写了协议日期、到那一天四级审批里还有人没有签或不同意的客户;签字日期和协议同一天的算签了。")
    told = f"协议先于审批 {len(lines)} 份" if lines else ""
    return (Reckoned(Sheet(_SHEET, _SHEET, (table,), told), len(lines), (note,)),)


def _lacking(said: Mapping[str, Row], order: Sequence[str], refused: Sequence[str], agreed_on: date) -> Iterator[str]:
    for step in order:
        row = said.get(step)
        if row is None or not row["signed_on"]:
            yield f"{step}没有签"
        elif row["opinion"] in refused:
            yield f"{step}不同意"
        elif row["signed_on"] > agreed_on:
            yield f"{step} {row['signed_on']} 才签"


def _signed(said: Mapping[str, Row], order: Sequence[str]) -> int:
    return sum(1 for step in order if step in said and said[step]["signed_on"])
