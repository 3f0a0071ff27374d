"""The manifest of a run: what came in, what became of it, in plain data (contract 3)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pipeline.model import Change, Finding, Submission, Verdict
from pipeline.text import mask_in

VERDICTS: tuple[Verdict, ...] = ("accepted", "partial", "returned", "duplicate", "quarantined", "ignored", "waiting")
_ACTS = ("added", "amended", "unchanged", "withdrawn")


@dataclass(frozen=True)
class Unread:
    """A file of the inbox that was not read, and why: duplicate, ignored or waiting."""

    path: str
    verdict: Verdict
    reason: str
    sha256: str = ""


def manifest(
    run: str, on: date, started: datetime, finished: datetime,
    submissions: Sequence[Submission], arrivals: Sequence[Unread], changes: Iterable[Change],
) -> dict[str, Any]:  # fmt: skip
    """Return the manifest as it is written to `archive/runs/RUN.json` and printed by `run --json`."""
    books = [_book(submission) for submission in submissions] + [_unread(arrival) for arrival in arrivals]
    verdicts = Counter(book["verdict"] for book in books)
    return {
        "run": run,
        "on": on.isoformat(),
        "started_at": started.isoformat(timespec="seconds"),
        "finished_at": finished.isoformat(timespec="seconds"),
        "counts": {verdict: verdicts.get(verdict, 0) for verdict in VERDICTS},
        "records": _records(submissions, changes),
        "books": sorted(books, key=lambda book: (book["path"], book["sha256"])),
    }


def _records(submissions: Sequence[Submission], changes: Iterable[Change]) -> dict[str, dict[str, int]]:
    counts: dict[str, Counter[str]] = {}
    for change in changes:
        counts.setdefault(change.kind, Counter())[change.act] += 1
    for submission in submissions:
        for record in submission.held:
            counts.setdefault(record.kind, Counter())["held"] += 1
    return {kind: {name: counts[kind].get(name, 0) for name in (*_ACTS, "held")} for kind in sorted(counts)}


def _book(submission: Submission) -> dict[str, Any]:
    return {
        "path": submission.path,
        "sha256": submission.sha256,
        "verdict": submission.verdict,
        "reason": submission.reason,
        "forms": [
            {
                "form": match.form,
                "sheet": match.sheet,
                "records": sum(record.sheet == match.sheet for record in submission.records),
                "held": sum(record.sheet == match.sheet for record in submission.held),
            }
            for match in submission.matches
            if match.form and not match.hidden and not match.rivals
        ],
        "findings": [_finding(finding) for finding in submission.findings],
    }


def _finding(finding: Finding) -> Mapping[str, str]:
    names = ("code", "level", "sheet", "cell", "label", "found", "want", "say")
    # What was found is the filler's own writing; a proposal is from the archive, and its phone is for the returned copy alone.
    return {name: getattr(finding, name) for name in names} | {"proposal": mask_in(finding.proposal)}


def _unread(arrival: Unread) -> dict[str, Any]:
    return {
        "path": arrival.path, "sha256": arrival.sha256, "verdict": arrival.verdict, "reason": arrival.reason, "forms": [], "findings": [],
    }  # fmt: skip
