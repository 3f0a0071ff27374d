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
    return replace(report, sheets=tuple(_sheet(sheet) for sheet in report.sheets))


def masked_manifest(said: Mapping[str, Any]) -> dict[str, Any]:
    """Return a run's manifest whose findings and reasons show none; a file's path stays as it is, because it is told by it."""
    return {**said, "books": [_book(book) for book in said["books"]]}


def _book(book: Mapping[str, Any]) -> dict[str, Any]:
    # An older manifest has fewer texts in a finding.
    findings = [{name: mask_in(text) for name, text in finding.items()} for finding in book["findings"]]
    forms = [{**form, "sheet": mask_in(form["sheet"])} for form in book["forms"]]
    return {**book, "reason": mask_in(book["reason"]), "forms": forms, "findings": findings}


def _sheet(sheet: Sheet) -> Sheet:
    return replace(sheet, tables=tuple(_table(table) for table in sheet.tables))


def _table(table: Table) -> Table:
    return replace(table, rows=tuple(tuple(map(_value, row)) for row in table.rows))


def _value(value: Any) -> Any:
    if isinstance(value, str):
        return mask_who(value)
    if isinstance(value, Source):
        book, sheet = mask_who(value.book), mask_who(value.sheet)
        return value if (book, sheet) == (value.book, value.sheet) else replace(value, book=book, sheet=sheet)
    if isinstance(value, Lead):
        return replace(value, word=mask_who(value.word))
    return value
