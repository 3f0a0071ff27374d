"""来店规律 › 未留档明细, 来店明细: the visits behind the figures, each with the cell it was written in."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from pipeline.facts.places import place_of
from pipeline.frame import rows_of
from pipeline.report import Column, Sheet, Table
from pipeline.reports.visit_patterns_count import Visits
from pipeline.rulebook.rulebook import Rulebook
from pipeline.text import mask_in
from pipeline.view import View

_WHO: Final = (Column("日期", "date"), Column("销售顾问"), Column("称呼"), Column("进店"), Column("离店"))
_WRITTEN: Final = ("visited_on", "consultant", "called", "arrived_at", "left_at")
_MISSED: Final = (*_WHO, Column("注释", "long"), Column("原因"), Column("到访方式"), Column("来源", "place"))
_VISITS: Final = (
    *_WHO, Column("到访方式"), Column("来访性质"), Column("留档", "mark"), Column("现场订购", "mark"), Column("来源", "place"),
)  # fmt: skip


def missed(visits: Visits, view: View, rules: Rulebook, span: str) -> Sheet:
    """Return 未留档明细: each visit that left no phone, the latest day first."""
    rows = _latest_first(visits.rows[visits.rows["captured"] == 0], view, rules)
    columns = [*_WRITTEN, "note", "refusal_reason", "channel", "place"]
    table = Table("未留档明细", _MISSED, rows_of(rows[columns]), empty="没有未留档的来访")
    return Sheet("未留档明细", "没留下电话的每一批客人", (table,), span)


def every_visit(visits: Visits, view: View, rules: Rulebook, span: str) -> Sheet:
    """Return 来店明细: each visit that is counted, the latest day first."""
    rows = _latest_first(visits.rows, view, rules)
    rows = rows.assign(kept=rows["captured"] == 1, bought=rows["ordered"] == 1)
    columns = [*_WRITTEN, "channel", "visit_kind", "kept", "bought", "place"]
    table = Table("来店明细", _VISITS, rows_of(rows[columns]), empty="还没有来店登记")
    return Sheet("来店明细", "每一批客人", (table,), f"{span}    共 {len(rows)} 批,√ 留了电话、当场订了车")


def _latest_first(rows: pd.DataFrame, view: View, rules: Rulebook) -> pd.DataFrame:
    """Return the rows as they are shown: codes as words, no phone in any text, where each is written."""
    rows = rows.sort_values(["visited_on", "arrived_at"], ascending=[False, True], kind="stable")
    rows = rows.assign(called=rows["customer_name"].fillna(rows["plate"]))
    texts = (
        {name: _free(rows[name]) for name in ("called", "note", "refusal_reason")} if rules.privacy.mask_phones else {}
    )
    words = {
        name: rows[name].map(rules.vocabulary[name].shown, na_action="ignore") for name in ("channel", "visit_kind")
    }
    places: list[Any] = [place_of(view, "visit", int(row)) for row in rows["row"]]
    return rows.assign(**texts, **words, place=places)


def _free(texts: pd.Series[Any]) -> pd.Series[Any]:
    return texts.map(mask_in, na_action="ignore")
