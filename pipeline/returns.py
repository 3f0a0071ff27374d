"""Says which workbooks of a day still go back, with what is wrong in them and what has been put right since last time.

A workbook goes back while something in it is held and no later hand-in has taken its place: the same path, or sheets that speak for all it spoke
for. So a corrected workbook handed in on the same evening takes the returned copy away (contract 7).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from pipeline.model import Finding
from pipeline.view import View

_BACK = frozenset({"partial", "returned", "quarantined"})
_Findings: TypeAlias = dict[tuple[str, str, str, str], Finding]


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
    sent = _sent(view)
    today = [one for one in sent if one.row["on"] == view.on and one.row["verdict"] in _BACK]
    back = [(one, _last_time(one, sent)) for one in today if not any(_replaces(two, one) for two in sent)]
    asked = {one.row["submission_id"]: one.row["run"] for pair in back for one in pair if one is not None}
    findings = _findings(view, asked)
    return tuple(
        _return(one, findings[one.row["submission_id"]], findings[last.row["submission_id"]] if last else {})
        for one, last in sorted(back, key=lambda pair: (pair[0].row["book"], pair[0].order))
    )


def _sent(view: View) -> list[_Sent]:
    """Return the day's workbooks that were not taken whole, and of the whole year those that share a path or a scope with one."""
    sent = view.tables["submission"]
    name, on, verdict, path = (sent.names.index(each) for each in ("submission_id", "on", "verdict", "book"))
    back = [row for row in sent.rows if row[on] == view.on and row[verdict] in _BACK]
    paths = {row[path] for row in back}
    scopes = _scopes(view, {row[name] for row in back})
    # The same bytes taken in again, after a rule was put right, are the same workbook: what was said last counts.
    kept = {row[name]: row for row in sent.rows if row[path] in paths or row[name] in scopes}.values()
    return [
        _Sent(
            row,
            f"{row['received'].isoformat(timespec='microseconds')}|{row['submission_id']}",
            frozenset(scopes.get(row["submission_id"], ())),
        )
        for row in (dict(zip(sent.names, row, strict=True)) for row in kept)
    ]


def _scopes(view: View, ids: Collection[str]) -> Mapping[str, set[str]]:
    """Return what these workbooks speak for, and who else speaks for any of it; by submission."""
    handed = view.tables["hand_in"]
    name, scope = handed.names.index("submission_id"), handed.names.index("scope")
    asked = {row[scope] for row in handed.rows if row[name] in ids}
    found: dict[str, set[str]] = defaultdict(set)
    for row in handed.rows:
        if row[scope] in asked:
            found[row[name]].add(row[scope])
    return found


def _findings(view: View, runs: Mapping[str, str]) -> Mapping[str, _Findings]:
    """Return what these runs said of these workbooks, each place once."""
    said = view.tables["finding"]
    name, run = said.names.index("submission_id"), said.names.index("run")
    found: dict[str, _Findings] = {each: {} for each in runs}
    for row in said.rows:
        if runs.get(row[name]) == row[run]:
            finding = _finding(dict(zip(said.names, row, strict=True)))
            found[row[name]].setdefault(_mark(finding), finding)
    return found


def _last_time(one: _Sent, sent: Sequence[_Sent]) -> _Sent | None:
    """Return the hand-in before this one that went back as well."""
    earlier = (two for two in sent if two.order < one.order and two.row["verdict"] in _BACK and _same(two, one))
    return max(earlier, key=lambda two: two.order, default=None)


def _return(one: _Sent, now: _Findings, before: _Findings) -> Return:
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
    names = ("code", "level", "book", "sheet", "cell", "label", "found", "want", "say", "who", "proposal")
    return Finding(**{name: row[name] for name in names})
