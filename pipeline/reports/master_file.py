"""主档案: the master archive for eyes: every customer with a phone in one row, every deal, every owner; phones in full, for the archive's own folder only."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from pipeline.facts.gather import Facts
from pipeline.facts.statements import CLOSED, reached
from pipeline.frame import frame_of, rows_of
from pipeline.report import Column, Report, Sheet, Table
from pipeline.rulebook.rulebook import Rulebook
from pipeline.view import Rowset

_CARD: Final = ("address", "occupation", "purchase_type", "payment", "rival_model", "budget")  # what only a card tells
_DEAL: Final = ("colour", "vin", "plate", "payment", "price", "ordered_on", "delivered_on", "insurance_due_on")
_WHO: Final = (Column("客户"), Column("电话", "phone"), Column("销售顾问"))
_CUSTOMERS: Final = (
    *_WHO, Column("状态"), Column("级别"), Column("车型"), Column("客户来源"), Column("首次接触", "date"), Column("最近跟进", "date"),
    Column("下次回访", "date"), Column("来店(电)次数", "count"), Column("回访次数", "count"), Column("地址"), Column("职业"), Column("购车类型"),
    Column("付款方式"), Column("竞品"), Column("预算", "money"), Column("战败原因"), Column("战败去向"), Column("其他电话", "phone"), Column("出处", "place"),
)  # fmt: skip
_DEALS: Final = (
    *_WHO, Column("车型"), Column("颜色"), Column("车架号"), Column("车牌号"), Column("订购日期", "date"), Column("交车日期", "date"),
    Column("成交价", "money"), Column("付款方式"), Column("保险到期日", "date"), Column("出处", "place"),
)  # fmt: skip
_OWNERS: Final = (
    *_WHO, Column("车型"), Column("车牌号"), Column("车架号"), Column("交车日期", "date"), Column("保险到期日", "date"),
    Column("回访次数", "count"), Column("最近回访", "date"), Column("下次计划", "date"), Column("出处", "place"),
)  # fmt: skip


def build(facts: Facts, rules: Rulebook) -> Report:
    """Return 客户, 成交 and 车主 as the archive knows them at the end of the day; a customer is one phone, or those judged one person's."""
    deals = _deals(facts, rules)
    tables = (
        (_customers(facts, rules), "每位客户一行,一个电话算一位"),
        (_signed(facts, deals), "客户管理卡正面登记的成交"),
        (_owned(facts, deals), "交过车的客户"),
    )
    sheets = tuple(Sheet(table.name, title, (table,), f"共 {len(table.rows)} 行") for table, title in tables)
    return Report("主档案", facts.on, sheets, _NOTES, {table.name: len(table.rows) for table, _ in tables})


def _customers(facts: Facts, rules: Rulebook) -> Table:
    stands = facts.prospects_at(facts.on)
    rows = facts.persons.join(stands[["stand", "closed"]]).join(_card(facts, rules))
    closed = rows["closed"].fillna(value=False).astype(bool)
    words = {code: rules.shown("outcome", code) for code in CLOSED}
    lost = facts.losses.drop_duplicates("person", keep="last").set_index("person")[["lost_reason", "lost_to"]]
    rows = rows.join(lost.where(stands["stand"].reindex(lost.index) == "lost")).assign(
        state=rows["stand"].map(words).where(closed, "在跟").where(rows["prospect"]),
        level=rows["stand"].where(~closed),
        source=rows["source"].map(rules.vocabulary["source"].shown, na_action="ignore"),
        visits=_counted(facts.visits, rows.index),
        calls=_counted(_calls(facts), rows.index),
        others=rows["phone"].map(_others(facts)),
        place=_places(facts, rows),
    )
    rows = rows.sort_values(["consultant", "phone"], na_position="last")
    columns = ["customer_name", "phone", "consultant", "state", "level", "model", "source", "first_contact_on", "last_contact_on",
               "plan_on", "visits", "calls", *_CARD, "lost_reason", "lost_to", "others", "place"]  # fmt: skip
    return Table("客户", _CUSTOMERS, rows_of(rows[columns]), empty="还没有留下电话的客户")


def _others(facts: Facts) -> dict[str, str]:
    """Return the further numbers of those whom a clerk judged one person, by the number they count as."""
    found: dict[str, list[str]] = {}
    for phone, kept in sorted(facts.judged.joined.items()):
        found.setdefault(kept, []).append(phone)
    return {kept: "、".join(phones) for kept, phones in found.items()}


def _calls(facts: Facts) -> pd.DataFrame:
    """Return the contacts that reached somebody, one a day: tracker and card tell of the same one."""
    calls = reached(facts.days["follow_up"])
    return calls.drop_duplicates(["person", "on"])


def _card(facts: Facts, rules: Rulebook) -> pd.DataFrame:
    """Return what the cards tell of each person; of several cards the latest that says anything."""
    rows = _written(facts, rules, "customer", _CARD)
    rows = rows[rows["person"] >= 0].assign(on=facts.frames["customer"]["first_contact_on"])
    return rows.sort_values("on", na_position="first").groupby("person")[list(_CARD)].last()


def _deals(facts: Facts, rules: Rulebook) -> pd.DataFrame:
    """Return the deals with who made them, newest first."""
    rows = _written(facts, rules, "deal", _DEAL)
    who = facts.frames["deal"][["customer_name", "phone", "consultant", "model"]]
    rows = rows.join(who).assign(kind="deal", row=rows.index)
    return rows.sort_values(["ordered_on", "delivered_on", "phone"], ascending=[False, False, True])


def _signed(facts: Facts, deals: pd.DataFrame) -> Table:
    columns = ["customer_name", "phone", "consultant", "model", "colour", "vin", "plate", "ordered_on", "delivered_on", "price",
               "payment", "insurance_due_on", "place"]  # fmt: skip
    rows = deals.assign(place=_places(facts, deals))
    return Table("成交", _DEALS, rows_of(rows[columns]), empty="还没有成交记录")


def _owned(facts: Facts, deals: pd.DataFrame) -> Table:
    on = pd.Timestamp(facts.on)
    delivered = facts.deliveries.set_index("person")["on"].rename("handed_on")
    car = deals[deals["person"] >= 0].drop_duplicates("person").set_index("person")
    rows = facts.persons.loc[delivered.index].join(delivered).join(car[["plate", "vin", "insurance_due_on"]])
    calls = facts.days["owner_visit"]
    plans = facts.frames["owner_visit"]
    plans = plans[(plans["person"] >= 0) & plans["done_on"].isna() & (plans["planned_on"] > on)]
    rows = rows.assign(
        calls=_counted(calls, rows.index),
        called_on=calls.groupby("person")["on"].max().reindex(rows.index),
        next_on=plans.groupby("person")["planned_on"].min().reindex(rows.index),
        place=_places(facts, rows),
    ).sort_values(["handed_on", "phone"], ascending=[False, True])
    columns = ["customer_name", "phone", "consultant", "model", "plate", "vin", "handed_on", "insurance_due_on", "calls", "called_on",
               "next_on", "place"]  # fmt: skip
    return Table("车主", _OWNERS, rows_of(rows[columns]), empty="还没有交车的客户")


def _written(facts: Facts, rules: Rulebook, kind: str, names: tuple[str, ...]) -> pd.DataFrame:
    """Return these columns of a kind as its forms have them, codes as words, `person` beside them."""
    rows = frame_of(facts.view.tables.get(kind, Rowset(names)), rules.kinds[kind].columns, names)
    for name in set(names) & rules.vocabulary.keys():
        rows[name] = rows[name].map(rules.vocabulary[name].shown, na_action="ignore")
    return rows.assign(person=facts.frames[kind]["person"])


def _counted(rows: pd.DataFrame, persons: pd.Index[Any]) -> pd.Series[Any]:
    return rows.groupby("person").size().reindex(persons).fillna(0).astype("int64")


def _places(facts: Facts, rows: pd.DataFrame) -> list[Any]:
    told_at = zip(rows["kind"], rows["row"], strict=True)
    return [None if pd.isna(row) else facts.place(str(kind), int(row)) for kind, row in told_at]


_NOTES: Final = (
    ("客户", "留过有效电话的每一位,一个电话一行,判过「同一人」的合成一行、别的号写在「其他电话」;顾问、称呼、车型以最后一次记录为准。电话不遮盖,只放在 archive 里,不要转发。"),
    ("状态", "在跟、订单、交车、战败、休眠;只是售后等来过、没有登记为潜在客户的留空。"),
    ("来店(电)次数", "来店登记表上的次数,不含提车、维修等。"),
    ("回访次数", "推进表和客户管理卡上联系上的回访;关机、停机、无人接听不算,同一天只算一次。"),
    ("成交", "客户管理卡正面,每辆车一行。"),
    ("车主", "交车日期已到的客户;车牌和车架号取最近的成交。"),
)  # fmt: skip
