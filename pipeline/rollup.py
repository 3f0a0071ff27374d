"""What one store adds to its group on a business day: counts alone, taken from the day's reports as they were built, so that stores add up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final, Literal, Self

from pipeline.digest import Digest
from pipeline.report import Report, Table

Counts = Mapping[str, int]
_LEVELS: Final = "级别分布"
_FORMS: Final = ("应交", "已交", "迟交", "缺交")


@dataclass(frozen=True)
class Rollup:
    """One store's day.

    - `sums`: period of 概览 → what its figures are made of (see `facts.indicators.counts`)
    - `stock`: 在跟客户, 逾期, 今日到期, 明日应跟进 · `levels`: open prospects by level · `goals`: the month's, 新增潜客 and 成交
    - `forms`: 应交, 已交, 迟交, 缺交 of the month so far · `files`: verdict → files of the day
    """

    store: str
    on: date
    run: str
    sums: Mapping[str, Counts]
    stock: Counts
    levels: Counts
    goals: Counts
    forms: Counts
    files: Counts

    def plain(self) -> dict[str, Any]:
        """Return it in plain data, fit for JSON."""
        return {**asdict(self), "on": self.on.isoformat()}

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> Self:
        """Return it from plain data; KeyError, TypeError or ValueError where that is none of ours."""
        return cls(**{**plain, "on": date.fromisoformat(plain["on"])})


@dataclass(frozen=True)
class Fate:
    """How a store's day is: `done`, `failed` (its last night of the day could not be run, an earlier one may have been) or `none`.

    `reason` says why it failed; `rollup` is None where no night of the day was done, and `last` then the last day one was.
    """

    store: str
    name: str
    state: Literal["done", "failed", "none"]
    rollup: Rollup | None = None
    reason: str = ""
    last: date | None = None


def rollup_of(reports: Sequence[Report], digest: Digest, store: str, run: str) -> Rollup:
    """Return what the reports and the page of a store's day add to its group."""
    summary = next(report for report in reports if report.name == "经营汇总")
    stock = next(report for report in reports if report.name == "逾期跟进")
    books = (*digest.back, *digest.aside, *digest.taken)
    return Rollup(
        store=store, on=summary.on, run=run, sums=summary.figures["合计"], stock=dict(stock.figures),
        levels=_total(_table(summary, _LEVELS)), goals=_goals(_table(summary, "目标进度", 1)),
        forms={name: _total(_table(summary, "表单质量")).get(name, 0) for name in _FORMS},
        files=dict(Counter(book.verdict for book in books)),
    )  # fmt: skip


def added(counts: Iterable[Counts]) -> dict[str, int]:
    """Return the counts of several stores as one."""
    total: Counter[str] = Counter()
    for each in counts:
        total.update(each)
    return dict(total)


def _table(report: Report, sheet: str, number: int = 0) -> Table:
    return next(each.tables[number] for each in report.sheets if each.name == sheet)


def _total(table: Table) -> dict[str, int]:
    names = [column.name for column in table.columns]
    row = table.total or ()
    return {name: value for name, value in zip(names, row, strict=False) if isinstance(value, int)}


def _goals(table: Table) -> dict[str, int]:
    place = [column.name for column in table.columns].index("月目标")
    return {str(row[0]): int(row[place]) for row in table.rows}
