"""Says which workbooks of a day still go back, with what is wrong in them and what has been put right since last time.

A workbook goes back while something in it is held and no later hand-in has taken its place: the same path, or sheets that speak for all it spoke
for. So a corrected workbook handed in on the same evening takes the returned copy away (contract 7).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pipeline.model import Finding, Rowset, View

_BACK = frozenset({"partial", "returned", "quarantined"})


@dataclass(frozen=True)
class Return:
    """One workbook to give back: `fixed` are the findings of its last hand-in that are gone now."""

    path: str
    sha256: str
    original: str
    verdict: str
    reason: str
    received: datetime
    findings: tuple[Finding, ...]
    fixed: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class _Sent:
    row: Mapping[str, Any]
    order: str
    scopes: frozenset[str]


def returns(view: View) -> tuple[Return, ...]:
    """Return the workbooks received on the view's day that still go back, by path."""
    scopes: dict[str, set[str]] = defaultdict(set)
    for row in _rows(view.tables["hand_in"]):
        scopes[row["submission_id"]].add(row["scope"])
    sent = [
        _Sent(row, f"{row['received'].isoformat()}|{row['sha256']}", frozenset(scopes[row["submission_id"]]))
        for row in _rows(view.tables["submission"])
    ]
    findings: dict[str, dict[tuple[str, str, str, str], Finding]] = defaultdict(dict)
    for row in _rows(view.tables["finding"]):
        finding = _finding(row)
        findings[row["submission_id"]].setdefault(_mark(finding), finding)
    back = [
        one
        for one in sent
        if one.row["on"] == view.on and one.row["verdict"] in _BACK and not any(_replaces(two, one) for two in sent)
    ]
    return tuple(_return(one, sent, findings) for one in sorted(back, key=lambda one: (one.row["book"], one.order)))


def _return(
    one: _Sent, sent: list[_Sent], findings: Mapping[str, Mapping[tuple[str, str, str, str], Finding]]
) -> Return:
    now = findings.get(one.row["submission_id"], {})
    earlier = [two for two in sent if two.order < one.order and two.row["verdict"] in _BACK and _same(two, one)]
    before = findings.get(max(earlier, key=lambda two: two.order).row["submission_id"], {}) if earlier else {}
    return Return(
        path=one.row["book"], sha256=one.row["sha256"], original=one.row["original"], verdict=one.row["verdict"],
        reason=one.row["reason"], received=one.row["received"], findings=tuple(now.values()),
        fixed=tuple(finding for mark, finding in before.items() if mark not in now and finding.level == "error"),
    )  # fmt: skip


def _replaces(later: _Sent, one: _Sent) -> bool:
    if later.order <= one.order or later.row["submission_id"] == one.row["submission_id"]:
        return False
    return later.row["book"] == one.row["book"] or (bool(one.scopes) and one.scopes <= later.scopes)


def _same(two: _Sent, one: _Sent) -> bool:
    return two.row["book"] == one.row["book"] or bool(two.scopes & one.scopes)


def _mark(finding: Finding) -> tuple[str, str, str, str]:
    return finding.sheet, finding.cell, finding.code, finding.label


def _finding(row: Mapping[str, Any]) -> Finding:
    names = ("code", "level", "book", "sheet", "cell", "label", "found", "want", "say", "who")
    return Finding(**{name: row[name] for name in names})


def _rows(rowset: Rowset) -> list[dict[str, Any]]:
    return [dict(zip(rowset.names, row, strict=True)) for row in rowset.rows]
