"""Draws 表单质量: who hands in, late, blank, not at all or wrong, and below it whom to press for what today."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from pipeline.dues.hand_ins import STORE, columns_of
from pipeline.dues.owed import Owed, consultants, due_so_far
from pipeline.report import Column, Sheet, Table
from pipeline.roster.streaks import streak, titled_text, to_press
from pipeline.rulebook.rulebook import Rulebook
from pipeline.view import View

_COMMON: Final = 3  # labels named under 常错栏目
_SLIP: Final = ("level", "on", "verdict", "submission_id", "who", "label", "book", "sheet", "cell", "code", "found")
_QUALITY: Final = (
    Column("销售顾问"), Column("应交", "count"), Column("已交", "count"), Column("迟交", "count"), Column("缺交", "count", bar=True),
    Column("退回次数", "count"), Column("错误数", "count", bar=True), Column("常错栏目", "long"), Column("缺交明细", "long"),
    Column("空表", "count"), Column("连续缺交", "count"), Column("连续按时", "count"), Column("空表明细", "long"),
)  # fmt: skip
# Long columns stand below long ones, so that no narrow column of the table above grows wide.
_PRESS: Final = (
    Column("催谁"), Column("已拖天数", "count"), Column("缺交张数", "count"), Column("连续缺交", "count"), Column("最早到期", "date"),
    Column("上次交表", "date"), Column("本月迟交", "count"), Column("哪张表", "long"), Column("哪几天的", "long"),
)  # fmt: skip
NOTES: Final = (
    ("应交、缺交", "rules/house.yaml 的 deadlines 里本月 1 日到今天到期的表。没交的是缺交,过了时间才交的是迟交(也算已交)。不营业的日子、本店开始用以前、离职以后不用交。"),
    ("空表", "交了,但一行也没填。算已交,单独数出来;后来补填了就不再算空表,写错待改的不算空表。"),
    ("连续按时、连续缺交", "从最近一次到期往回数,只数该交的日子:不营业、开店前、离职后的日子不算,也不打断;可以跨月。连续按时:连着几次到期的都按时交了;连续缺交:连着几次到期都有表没交。迟交既不算按时,也不算缺交。"),
    ("催交", "最近到期还没交的表(几天之内见 rules/house.yaml 的 press_days),跨月也列。每人每种表一行,拖得最久的在前。已拖天数从最早一张到期那天算起,0 是今天到期。"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Slip:
    """One cell found wrong, however often it was handed in unmended; `books` are the returned workbooks."""

    who: str
    label: str
    books: frozenset[str]


def quality_sheet(view: View, rules: Rulebook) -> Sheet:
    """Return 表单质量 over the current month up to the view's day: a row per consultant, 全店 for the store's own forms.

    迟交 is part of 已交. 退回次数 counts workbooks that went back with errors of the person's, 错误数 cells: the same slip in
    the same cell counts once, however many nights it came. Streaks reach back over the months before. 催交 stands below.
    """
    every, slips = due_so_far(view, rules), slips_between(view, view.on.replace(day=1), view.on)
    due = [each for each in every if (each.due.year, each.due.month) == (view.on.year, view.on.month)]
    names = consultants(due, rules)
    others = sorted({slip.who for slip in slips} - {*names, STORE})
    whole = STORE in {each.who for each in due} | {slip.who for slip in slips}
    rows = tuple(
        (
            who,
            *_quality([each for each in due if each.who == who], [slip for slip in slips if slip.who == who]),
            *_streaks([each for each in every if each.who == who]),
            _blank_text([each for each in due if each.who == who]),
        )
        for who in (*names, *others, *((STORE,) if whole else ()))
    )
    total = ("合计", *_quality(due, slips)[:-2], None, sum(each.blank for each in due), None, None, None)
    table = Table("表单质量", _QUALITY, rows, total=total, empty="本月还没有交表")
    subtitle = f"本月 1 日至 {view.on:%Y-%m-%d}"
    return Sheet("表单质量", "谁该交表、交了没有、错在哪里", (table, press_table(every, view, rules)), subtitle)


def press_table(due: Sequence[Owed], view: View, rules: Rulebook) -> Table:
    """Return 催交: a row per person and form with something missing, the longest overdue first."""
    rows = tuple(
        (
            each.who, each.days, len(each.missing), each.streak, each.missing[0].due.date(), each.last_on, each.late, each.title,
            each.periods,
        )
        for each in to_press(due, view.on, rules.house.press_days)
    )  # fmt: skip
    return Table("催交", _PRESS, rows, empty="都交齐了")


def _streaks(due: Sequence[Owed]) -> tuple[int | None, int | None]:
    """Return 连续缺交 and 连续按时, blank for somebody who owes nothing."""
    now = streak(due)
    return (now.missing, now.on_time) if due else (None, None)


def _blank_text(due: Sequence[Owed]) -> str | None:
    return titled_text(each for each in due if each.blank) or None


def _quality(due: Sequence[Owed], slips: Sequence[Slip]) -> tuple[Any, ...]:
    missing = [each for each in due if each.came is None]
    labels = Counter(slip.label for slip in slips if slip.label).most_common()
    common = sorted(labels, key=lambda item: (-item[1], item[0]))[:_COMMON]
    books = frozenset[str]().union(*(slip.books for slip in slips))
    return (
        len(due), len(due) - len(missing), sum(each.late for each in due), len(missing), len(books), len(slips),
        "、".join(f"{label}({number})" for label, number in common) or None, titled_text(missing) or None, sum(each.blank for each in due),
    )  # fmt: skip


def slips_between(view: View, first: date, last: date) -> tuple[Slip, ...]:
    """Return the errors said from one business day to another, each cell once."""
    owners = _owners(view)
    found: dict[tuple[object, ...], set[str]] = defaultdict(set)
    for level, said_on, verdict, book, who, *place in columns_of(view, "finding", *_SLIP):
        if level == "error" and first <= said_on <= last:
            label, path, sheet, cell, code, wrong = place
            whose = who or owners.get((book, sheet), "") or STORE
            books = found[whose, label, path, sheet, cell, code, wrong]
            books |= {book} if verdict in ("returned", "partial") else set()
    return tuple(Slip(str(place[0]), str(place[1]), frozenset(books)) for place, books in found.items())


def _owners(view: View) -> dict[tuple[str, str], str]:
    """Return the consultant a sheet of a workbook belongs to, if it names one and one only."""
    names: dict[tuple[str, str], set[str]] = defaultdict(set)
    for book, sheet, covers in columns_of(view, "hand_in", "submission_id", "sheet", "covers"):
        names[book, sheet].add(covers.get("consultant", ""))
    return {place: next(iter(who)) for place, who in names.items() if len(who) == 1}
