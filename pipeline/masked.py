"""What others may read: a report and a manifest with the phones and ID numbers masked that people wrote where none belongs.

A phone's own column is masked by the report. A name, a note, a file's or a sheet's name may hold one too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pipeline.report import Lead, Report, Sheet, Source, Table
from pipeline.text import mask_in, mask_who


def masked_report(report: Report) -> Report:
    """Return a report whose tables show no phone and no ID number in full; links lead where they led."""
    seen = _Masked()
    return replace(report, sheets=tuple(_sheet(sheet, seen) for sheet in report.sheets))


def masked_manifest(said: Mapping[str, Any]) -> dict[str, Any]:
    """Return a run's manifest whose findings and reasons show none; a file's path stays as it is, because it is told by it."""
    return {**said, "books": [_book(book) for book in said["books"]]}


def _book(book: Mapping[str, Any]) -> dict[str, Any]:
    # An older manifest has fewer texts in a finding.
    findings = [{name: mask_in(text) for name, text in finding.items()} for finding in book["findings"]]
    forms = [{**form, "sheet": mask_in(form["sheet"])} for form in book["forms"]]
    return {**book, "reason": mask_in(book["reason"]), "forms": forms, "findings": findings}


class _Masked(dict[str, str]):
    """What a text shows of itself, asked once: a register repeats its names, books and sheets in every row."""

    def __missing__(self, text: str) -> str:
        shown = self[text] = mask_who(text)
        return shown


def _sheet(sheet: Sheet, seen: _Masked) -> Sheet:
    return replace(sheet, tables=tuple(_table(table, seen) for table in sheet.tables))


def _table(table: Table, seen: _Masked) -> Table:
    return replace(table, rows=tuple(tuple([_value(value, seen) for value in row]) for row in table.rows))


def _value(value: Any, seen: _Masked) -> Any:
    if isinstance(value, str):
        return seen[value]
    if isinstance(value, Source):
        book, sheet = seen[value.book], seen[value.sheet]
        return value if (book, sheet) == (value.book, value.sheet) else replace(value, book=book, sheet=sheet)
    if isinstance(value, Lead):
        return replace(value, word=seen[value.word])
    return value
