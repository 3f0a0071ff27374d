"""Finds what a workbook tells on two of its sheets (domain 4, case 36): a day's sheet copied whole, or one row told differently.

Sheet1  11-05 王先生 9:30 看车        Sheet1  11-05 王先生 9:30 看车
Sheet2  11-05 王先生 9:30 看车        Sheet2  11-05 王先生 9:30 试驾
a copy: taken once, and said          two tellings: the later one counts, and what differs is said
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipeline.grid import Book
from pipeline.model import Finding, Record
from pipeline.rulebook.rulebook import Rulebook
from pipeline.say import say


def told_once(
    book: Book, records: Sequence[Record], findings: Sequence[Finding], rules: Rulebook
) -> tuple[tuple[Record, ...], tuple[Finding, ...]]:
    """Return the records and findings of a workbook without its copied sheets, and with a word on copies and on rows told twice.

    A sheet with an unreadable cell is no copy: all its slips are said at once.
    """
    if len({record.sheet for record in records}) == 1:
        return tuple(records), tuple(findings)
    faulty = {finding.order for finding in findings if finding.level == "error"}
    copied = _copied(records, faulty)
    kept = tuple(record for record in records if record.sheet not in copied)
    said = [
        say(rules, "sheet.copy", "warning", book=book.path, sheet=record.sheet, cell=record.anchor, found=twin.sheet)
        for record, twin in copied.values()
    ]
    own = (finding for finding in findings if finding.sheet not in copied)
    return kept, (*own, *said, *_told_differently(book, kept, rules))


def _copied(records: Sequence[Record], faulty: set[int]) -> dict[str, tuple[Record, Record]]:
    """Return each sheet all of whose records stand on an earlier one, with its first record and that record's twin."""
    seen: dict[tuple[Any, ...], Record] = {}
    pairs: dict[str, list[tuple[Record, Record | None]]] = {}
    for record in records:
        twin = seen.setdefault((record.kind, record.form, record.key, *record.values.values()), record)
        told = record.key and record.order not in faulty and twin.sheet != record.sheet
        pairs.setdefault(record.sheet, []).append((record, twin if told else None))
    return {
        sheet: (first, twin)
        for sheet, ((first, twin), *rest) in pairs.items()
        if twin is not None and all(other is not None for _, other in rest)
    }


def _told_differently(book: Book, records: Sequence[Record], rules: Rulebook) -> list[Finding]:
    """Say of a row that an earlier sheet tells as well, but not alike, what differs: the archive keeps one of them."""
    seen: dict[tuple[str, str], Record] = {}
    said = []
    for record in records:
        if not record.key:
            continue
        before = seen.get((record.kind, record.key))
        seen[record.kind, record.key] = record
        if before is None or before.sheet == record.sheet:
            continue
        names = [name for name in record.values if record.values[name] != before.values[name]]
        if names:
            place = f"{before.sheet} 第 {before.row} 行"
            labels = "、".join(record.labels.get(name) or before.labels.get(name) or name for name in names)
            cell = next((record.cells[name] for name in names if name in record.cells), record.anchor)
            said.append(
                say(
                    rules, "row.twice", "warning", book=book.path, sheet=record.sheet, cell=cell, found=place, other=labels, order=record.order
                )
            )  # fmt: skip
    return said
