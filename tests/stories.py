"""Draws hand-ins for the tests of merge and archive: who handed in which sheet when, and the plan rows that stood on it.

workbook(5, plans("李明", "2026-11-05", "王志强 2026-11-06", held="陈静 2026-11-06"))
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from pipeline.model import Finding, HandIn, Record, Submission, Verdict
from pipeline.rulebook.rulebook import Rulebook

MORNING = datetime(2026, 11, 1, 8, 0)


@dataclass(frozen=True)
class Drawn:
    """One sheet: what it speaks for, its healthy and its held records."""

    hand_in: HandIn
    records: tuple[Record, ...] = ()
    held: tuple[Record, ...] = ()


def at(hour: int) -> datetime:
    """Return the moment so many hours after the first morning."""
    return MORNING + timedelta(hours=hour)


def record(
    rules: Rulebook, kind: str, form: str, scope: str, row: int = 5, *, key: str | None = None, **values: Any
) -> Record:
    """Return a record with the kind's columns, blank where nothing is said; its key is resolved as normalise does."""
    spec = rules.kinds[kind]
    filled = {name: values.get(name) for name in spec.columns}
    known = {"form": form} | {name: text(value) for name, value in filled.items()}
    parts = [next((known[name] for name in part.split("|") if known[name]), "") for part in spec.key]
    cells = {name: f"{chr(65 + number)}{row}" for number, name in enumerate(spec.columns) if filled[name] is not None}
    return Record(
        kind=kind, form=form, part="rows", sheet="Sheet1", row=row, order=row, anchor=f"A{row}", values=filled,
        cells=cells, labels={}, key="|".join(parts) if key is None else key, scope=scope,
    )  # fmt: skip


def text(value: Any) -> str:
    """Return a value as a key shows it."""
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value)


def tracker(
    rules: Rulebook,
    *rows: str,
    held: Sequence[str] = (),
    who: str = "李明",
    month: str = "2026-11",
    sheet: str = "Sheet1",
) -> Drawn:
    """Return a tracker sheet of follow-ups: `王志强 13800001111 计划日 实际日 备注`, `-` = blank; a held row without dates has no key."""
    covers = {"consultant": who, "month": month}
    bare = HandIn("level_tracker", "rows", sheet, covers, len(rows), len(held))

    def drawn(line: str, row: int) -> Record:
        name, phone, planned, done, note = (
            None if word == "-" else word for word in [*line.split(), "-", "-", "-", "-"][:5]
        )
        record_ = record(
            rules, "follow_up", "level_tracker", bare.scope, row, consultant=who, customer_name=name, phone=phone,
            planned_on=planned and date.fromisoformat(planned), done_on=done and date.fromisoformat(done), note=note,
        )  # fmt: skip
        blind = record_.values["planned_on"] is None and record_.values["done_on"] is None
        return replace(record_, sheet=sheet, key="" if blind else record_.key)

    return Drawn(
        bare,
        tuple(drawn(line, 5 + number) for number, line in enumerate(rows)),
        tuple(drawn(line, 50 + number) for number, line in enumerate(held)),
    )


def workbook(
    hour: int,
    *sheets: Drawn,
    path: str = "李明/推进表.xlsx",
    verdict: Verdict = "accepted",
    findings: tuple[Finding, ...] = (),
) -> Submission:
    """Return the workbook received so many hours after the first morning; its hash comes from what it says."""
    content = repr((hour, path, sheets)).encode()
    return Submission(
        path=path, sha256=hashlib.sha256(content).hexdigest(), received=at(hour), store="default", verdict=verdict,
        hand_ins=tuple(each.hand_in for each in sheets),
        records=tuple(record_ for each in sheets for record_ in each.records),
        held=tuple(record_ for each in sheets for record_ in each.held), findings=findings,
    )  # fmt: skip
