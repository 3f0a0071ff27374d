"""Draws 修改记录: what was changed or taken back since yesterday, old and new, with the cell it stands in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, Final

from pipeline.dues.hand_ins import rows_named
from pipeline.labels import columns_of_kind, together
from pipeline.report import Column, Sheet, Source, Table
from pipeline.rulebook.rulebook import Rulebook
from pipeline.text import mask
from pipeline.view import View

_WHO: Final = frozenset({"consultant", "customer_name", "phone"})
_ACTS: Final = ("撤回", "修改", "补填")
_CHANGES: Final = (
    Column("类别"), Column("记录"), Column("日期", "date"), Column("销售顾问"), Column("客户"), Column("栏目"),
    Column("原值", "long"), Column("新值", "long"), Column("位置", "place"), Column("交表时间"),
)  # fmt: skip


def changes_sheet(view: View, rules: Rulebook) -> Sheet:
    """Return 修改记录: a row per changed column of an amended record, one row per withdrawn record; withdrawn ones first.

    A plan that was carried out, or a blank that was filled in, is the day's ordinary work: it stands last, as 补填.
    Withdrawn plans that were carried out on another day are no news and are left out.
    """
    changes = [change for change in rows_named(view, "change") if not change.get("fulfilled")]
    rows = [row for change in changes for row in _change_rows(change, rules)]
    rows.sort(key=lambda row: (_ACTS.index(row[0]), row[3] or "", row[2] or date.min, row[1], row[4] or ""))
    table = Table("修改记录", _CHANGES, tuple(rows), empty="与上一个营业日相比,没有修改和撤回")
    return Sheet("修改记录", "和昨天交的不一样的地方", (table,), f"与上一个营业日相比,共 {len(changes)} 条记录")


def _change_rows(change: Mapping[str, Any], rules: Rulebook) -> Iterator[tuple[Any, ...]]:
    kind = rules.kinds[change["kind"]]
    old, new = change["previous"], change["values"]
    day = next((old[name] for name in kind.dated if old.get(name)), None)
    head = (
        kind.title,
        day,
        old.get("consultant"),
        old.get("customer_name") or old.get("plate") or mask(old.get("phone")),
    )
    came: datetime = change["received"]
    columns = columns_of_kind(change["kind"], rules)
    if change["act"] == "withdrawn":
        told = [(label, together(old, specs, rules)) for label, specs in columns.items() if not _WHO & specs.keys()]
        summary = ",".join(f"{label} {text}" for label, text in told if text)
        said = [name for name in old if name not in _WHO]
        yield "撤回", *head, "整条", summary or None, None, _place(change, said), f"{came:%Y-%m-%d %H:%M}"
        return
    shown = {label: (together(old, specs, rules), together(new, specs, rules)) for label, specs in columns.items()}
    changed = {label: texts for label, texts in shown.items() if texts[0] != texts[1]}
    act = "补填" if _carried_out(old, new) or not any(before for before, _ in changed.values()) else "修改"
    for label, (before, after) in changed.items():
        yield act, *head, label, before or None, after or None, _place(change, columns[label]), f"{came:%Y-%m-%d %H:%M}"


def _carried_out(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Say whether a planned contact was done since: in a month grid the letter then stands where the `*` stood."""
    return "done_on" in old and old["done_on"] is None and new["done_on"] is not None


def _place(change: Mapping[str, Any], names: Iterable[str]) -> Source:
    cells: Mapping[str, str] = change["cells"]
    cell = next((cells[name] for name in names if name in cells), next(iter(cells.values()), f"A{change['row']}"))
    return Source(change["book"], change["sheet"], cell, change.get("original", ""))
