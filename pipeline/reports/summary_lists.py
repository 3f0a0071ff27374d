"""经营汇总 › 新增意向, 试驾: who stands behind two of the figures, one row for each that is counted."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from pipeline.facts.gather import Facts
from pipeline.facts.indicators import UNSIGNED
from pipeline.facts.statements import CLOSED
from pipeline.frame import rows_of
from pipeline.report import Column, Sheet, Table
from pipeline.rulebook.rulebook import Rulebook

_FRESH: Final = (
    Column("首次接触", "date"), Column("销售顾问"), Column("客户"), Column("电话", "phone"), Column("车型"), Column("客户来源"),
    Column("级别或状态"), Column("最近跟进", "date"), Column("出处", "place"),
)  # fmt: skip
_DRIVES: Final = (
    Column("试驾日期", "date"), Column("销售顾问"), Column("客户"), Column("电话", "phone"), Column("车型"), Column("出处", "place"),
)  # fmt: skip


def fresh(facts: Facts, rules: Rulebook) -> Sheet:
    """Return 新增意向: everybody first met this month, where they stand today, latest first."""
    rows = facts.persons[facts.persons["first_contact_on"] >= _month(facts)]
    stands = facts.prospects_at(facts.on)["stand"].reindex(rows.index)
    rows = rows.assign(
        consultant=rows["consultant"].fillna(UNSIGNED),
        source=rows["source"].map(rules.vocabulary["source"].shown, na_action="ignore"),
        stand=stands.map(lambda stand: rules.shown("outcome", stand) if stand in CLOSED else stand, na_action="ignore"),
        place=_places(facts, rows),
    ).sort_values(["first_contact_on", "consultant", "phone"], ascending=[False, True, True])
    columns = ["first_contact_on", "consultant", "customer_name", "shown", "model", "source", "stand", "last_contact_on",
               "place"]  # fmt: skip
    table = Table("新增意向", _FRESH, rows_of(rows[columns]), empty="本月还没有新增意向客户")
    return Sheet("新增意向", "本月第一次接触的意向客户", (table,), f"共 {len(rows)} 位")


def drives(facts: Facts) -> Sheet:
    """Return 试驾: each test drive of the month, latest first."""
    rows = facts.test_drives[facts.test_drives["on"] >= _month(facts)]
    rows = rows.join(facts.persons[["customer_name", "shown", "model"]], on="person")
    rows = rows.assign(
        consultant=rows["consultant"].fillna(UNSIGNED),
        place=_places(facts, rows),
    ).sort_values(["on", "consultant", "shown"], ascending=[False, True, True])
    columns = ["on", "consultant", "customer_name", "shown", "model", "place"]
    table = Table("试驾", _DRIVES, rows_of(rows[columns]), empty="本月还没有试驾")
    return Sheet("试驾", "本月试驾", (table,), f"共 {len(rows)} 次")


def _month(facts: Facts) -> pd.Timestamp:
    return pd.Timestamp(facts.on.replace(day=1))


def _places(facts: Facts, rows: pd.DataFrame) -> list[Any]:
    return [facts.place(kind, int(row)) for kind, row in zip(rows["kind"], rows["row"], strict=True)]
