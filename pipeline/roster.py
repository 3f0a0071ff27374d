"""Draws two sheets about the forms themselves: 表单质量 (who hands in, late, wrong) and 修改记录 (what was changed since yesterday)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any, Final

from pipeline.dues import STORE, Owed, columns_of, consultants, due_this_month, rows_named
from pipeline.labels import columns_of_kind, together
from pipeline.model import View
from pipeline.report import Column, Sheet, Source, Table
from pipeline.rulebook.rulebook import Rulebook
from pipeline.text import mask

_WHO: Final = frozenset({"consultant", "customer_name", "phone"})
_COMMON: Final = 3  # labels named under 常错栏目
_DAY_TEXT: Final = 10  # letters of 2026-11-05
_ACTS: Final = ("撤回", "修改", "补填")
_SLIP: Final = ("level", "on", "verdict", "submission_id", "who", "label", "book", "sheet", "cell", "code", "found")
_QUALITY: Final = (
    Column("销售顾问"), Column("应交", "count"), Column("已交", "count"), Column("迟交", "count"), Column("缺交", "count", bar=True),
    Column("退回次数", "count"), Column("错误数", "count", bar=True), Column("常错栏目", "long"), Column("缺交明细", "long"),
)  # fmt: skip
_CHANGES: Final = (
    Column("类别"), Column("记录"), Column("日期", "date"), Column("销售顾问"), Column("客户"), Column("栏目"),
    Column("原值", "long"), Column("新值", "long"), Column("位置", "place"), Column("交表时间"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Slip:
    """One cell found wrong this month, however often it was handed in unmended; `books` are the returned workbooks."""

    who: str
    label: str
    books: frozenset[str]


def quality_sheet(view: View, rules: Rulebook) -> Sheet:
    """Return 表单质量 over the current month up to the view's day: a row per consultant, 全店 for the store's own forms.

    迟交 is part of 已交. 退回次数 counts workbooks that went back with errors of the person's, 错误数 cells: the same slip in
    the same cell counts once, however many nights it came.
    """
    due, slips = due_this_month(view, rules), _slips(view)
    names = consultants(due, rules)
    others = sorted({slip.who for slip in slips} - {*names, STORE})
    whole = STORE in {each.who for each in due} | {slip.who for slip in slips}
    rows = tuple(
        (who, *_quality([each for each in due if each.who == who], [slip for slip in slips if slip.who == who]))
        for who in (*names, *others, *((STORE,) if whole else ()))
    )
    total = ("合计", *_quality(due, slips)[:-1], None)
    table = Table("表单质量", _QUALITY, rows, total=total, empty="本月还没有交表")
    return Sheet("表单质量", "谁该交表、交了没有、错在哪里", (table,), f"本月 1 日至 {view.on:%Y-%m-%d}")


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


def missing_text(missing: Iterable[Owed]) -> str:
    """Return missing sheets as one text: `销售活动日报表 11-03、11-05`, a month written 2026-10."""
    ordered = sorted(missing, key=lambda each: (each.title, each.period))
    groups = groupby(ordered, key=lambda each: each.title)
    return ";".join(f"{title} {'、'.join(_short(each.period) for each in every)}" for title, every in groups)


def _short(period: str) -> str:
    return period[5:] if len(period) == _DAY_TEXT else period


def _quality(due: Collection[Owed], slips: Collection[_Slip]) -> tuple[Any, ...]:
    missing = [each for each in due if each.came is None]
    labels = Counter(slip.label for slip in slips if slip.label).most_common()
    common = sorted(labels, key=lambda item: (-item[1], item[0]))[:_COMMON]
    books = frozenset[str]().union(*(slip.books for slip in slips))
    return (
        len(due), len(due) - len(missing), sum(each.late for each in due), len(missing), len(books), len(slips),
        "、".join(f"{label}({number})" for label, number in common) or None, missing_text(missing) or None,
    )  # fmt: skip


def _slips(view: View) -> tuple[_Slip, ...]:
    """Return the month's errors, each cell once."""
    owners = _owners(view)
    found: dict[tuple[object, ...], set[str]] = defaultdict(set)
    for level, said_on, verdict, book, who, *place in columns_of(view, "finding", *_SLIP):
        if level == "error" and (said_on.year, said_on.month) == (view.on.year, view.on.month):
            label, path, sheet, cell, code, wrong = place
            whose = who or owners.get((book, sheet), "") or STORE
            books = found[whose, label, path, sheet, cell, code, wrong]
            books |= {book} if verdict in ("returned", "partial") else set()
    return tuple(_Slip(str(place[0]), str(place[1]), frozenset(books)) for place, books in found.items())


def _owners(view: View) -> dict[tuple[str, str], str]:
    """Return the consultant a sheet of a workbook belongs to, if it names one and one only."""
    names: dict[tuple[str, str], set[str]] = defaultdict(set)
    for book, sheet, covers in columns_of(view, "hand_in", "submission_id", "sheet", "covers"):
        names[book, sheet].add(covers.get("consultant", ""))
    return {place: next(iter(who)) for place, who in names.items() if len(who) == 1}


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
