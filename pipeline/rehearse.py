"""Says what changed rules would send back: the same workbooks examined by both rule books, their errors side by side; nothing is written.

workbooks of a day ─┬ examine, rules as they are ─ errors ─┐
                    └ examine, rules as changed ── errors ─┴ Difference
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeAlias

from pipeline.dues.hand_ins import STORE
from pipeline.examine import examine
from pipeline.grid import Book, Unreadable
from pipeline.model import Finding
from pipeline.rulebook.rulebook import Rulebook
from pipeline.text import mask_in

_Page: TypeAlias = tuple[str, str]  # workbook, sheet
_Told: TypeAlias = dict[_Page, dict[tuple[str, str, str], Finding]]
_CAUSES: Final = 3  # reasons named in the sentence
_PAGES: Final = 10  # sheets listed below it


@dataclass(frozen=True)
class Difference:
    """What two rule books say differently: errors by sheet that only the new ones find, or only the old; warnings that are new.

    `more` and `fewer` name the sheets that would go back and did not, and the other way round.
    """

    books: int
    come: Mapping[_Page, tuple[Finding, ...]]
    gone: Mapping[_Page, tuple[Finding, ...]]
    more: frozenset[_Page]
    fewer: frozenset[_Page]
    warnings: int


def difference(days: Mapping[date, Sequence[Book | Unreadable]], rules: Rulebook, changed: Rulebook) -> Difference:
    """Return what the changed rules would say differently of these workbooks, each judged as on the day it came; a path stands for one workbook."""
    before, after = _Said(), _Said()
    for on, books in days.items():
        before.take(books, rules, on)
        after.take(books, changed, on)
    return Difference(
        books=sum(map(len, days.values())),
        come=_only(after.errors, before.errors),
        gone=_only(before.errors, after.errors),
        more=frozenset(after.errors.keys() - before.errors.keys()),
        fewer=frozenset(before.errors.keys() - after.errors.keys()),
        warnings=sum(map(len, _only(after.warnings, before.warnings).values())),
    )


def sentences(found: Difference) -> Iterator[str]:
    """Yield what a clerk wants to know before changing a rule: how many sheets, mostly whose, and why."""
    come, gone = (
        {page: said[page] for page in pages if page in said}
        for pages, said in ((found.more, found.come), (found.fewer, found.gone))
    )
    if come:
        yield f"会多退 {len(come)} 张表{_told(come)}"
        yield from _listed(come)
    if gone:
        yield f"会少退 {len(gone)} 张表{_told(gone)}"
        yield from _listed(gone)
    others = sum(map(len, found.come.values())) - sum(map(len, come.values()))
    if others:
        yield f"本来就要退的表里,多指出 {others} 处"
    if found.warnings:
        yield f"多提醒 {found.warnings} 处,提醒不退表"
    if not (come or gone or others or found.warnings):
        yield "和现在的规则没有差别"


class _Said:
    """What one rule book says of the workbooks, by sheet."""

    def __init__(self) -> None:
        self.errors: _Told = {}
        self.warnings: _Told = {}

    def take(self, books: Sequence[Book | Unreadable], rules: Rulebook, on: date) -> None:
        for submission in examine(books, rules, on).submissions:
            for finding in submission.findings:
                told = self.errors if finding.level == "error" else self.warnings
                marks = told.setdefault((finding.book, finding.sheet), {})
                marks.setdefault((finding.cell, finding.code, finding.label), finding)


def _only(these: _Told, those: _Told) -> dict[_Page, tuple[Finding, ...]]:
    """Return the findings of one side that the other has not, by sheet."""
    found = {page: [said[mark] for mark in said if mark not in those.get(page, {})] for page, said in these.items()}
    return {page: tuple(said) for page, said in found.items() if said}


def _told(pages: Mapping[_Page, Collection[Finding]]) -> str:
    """Return mostly whose the sheets are, and why they go back: the commonest reasons first."""
    whose = Counter(who for said in pages.values() for who in {finding.who or STORE for finding in said})
    who, count = min(whose.items(), key=lambda each: (-each[1], each[0]))
    mostly = (
        f",都是 {who} 的" if count == len(pages) else f",多半是 {who} 的({count} 张)" if count * 2 > len(pages) else ""
    )
    causes = Counter(_cause(finding) for said in pages.values() for finding in said)
    named = sorted(causes.items(), key=lambda each: (-each[1], each[0]))[:_CAUSES]
    return f"{mostly},因为 {'、'.join(f'{cause}({number} 处)' for cause, number in named)}"


def _cause(finding: Finding) -> str:
    """Return what is wrong without the place and what was written there: 注释没有填."""
    said = finding.say.rpartition(" → ")[0] or finding.say
    told = said.partition(":")[2] or said
    bare = told.replace(f"「{finding.found}」", "") if finding.found else told
    about = finding.label if finding.label not in bare else ""
    return mask_in(f"{about} {bare}".strip())


def _listed(pages: Mapping[_Page, Sequence[Finding]]) -> Iterator[str]:
    ordered = sorted(pages.items())
    for (book, sheet), said in ordered[:_PAGES]:
        cells = "、".join(dict.fromkeys(finding.cell for finding in said if finding.cell))
        yield f"  {mask_in(' › '.join(filter(None, (book, sheet))))}" + (f"  {cells}" if cells else "")
    if len(ordered) > _PAGES:
        yield f"  …… 另有 {len(ordered) - _PAGES} 张"
