"""The ledger as it stood on a business day: what was handed in, what was said of it, which workbooks came."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Connection, Select, or_, select

from pipeline.archive.books import cells_of
from pipeline.archive.columns import Columned, Columns, read_columns
from pipeline.archive.tables import Tables
from pipeline.view import Rowset

_HAND_IN = ("store", "submission_id", "form", "family", "scope", "covers", "sheet", "book", "received", "on", "verdict", "records", "held", "heads")  # fmt: skip
_FINDING = ("store", "submission_id", "book", "sheet", "cell", "code", "level", "label", "found", "want", "say", "who", "proposal", "received", "on", "verdict", "run")  # fmt: skip
_SUBMISSION = ("store", "submission_id", "book", "sha256", "received", "on", "verdict", "reason", "detail", "original", "run")  # fmt: skip


def hand_ins(connection: Connection, tables: Tables, store: str, on: date) -> Rowset:
    """Return every sheet handed in by the runs up to a day."""
    handed, sent, night = tables.hand_in.c, tables.submission.c, tables.night.c
    query = _with_book(
        tables, handed, store, on,
        select(handed.store, handed.submission_id, handed.form, handed.family, handed.scope, handed.covers, handed.sheet,
               sent.path, sent.received_at, night.on, sent.verdict, handed.records, handed.held, handed.heads),
    )  # fmt: skip
    columns = dict(zip(_HAND_IN, read_columns(connection, [query]), strict=True))
    columns["covers"] = list(map(cells_of, columns["covers"]))
    columns["heads"] = [cells_of(heads or "{}") for heads in columns["heads"]]
    return Columned(_HAND_IN, Columns([*columns.values()]))


def findings(connection: Connection, tables: Tables, store: str, on: date, *, old_warnings: bool = True) -> Rowset:
    """Return everything said of the workbooks of the runs up to a day.

    `old_warnings=False` leaves out what was warned of in workbooks that were taken whole on an earlier day: nine tenths of a year, and no report's matter.
    """
    said, sent, night = tables.finding.c, tables.submission.c, tables.night.c
    query = _with_book(
        tables, said, store, on,
        select(said.store, said.submission_id, said.book, said.sheet, said.cell, said.code, said.level, said.label,
               said.found, said.want, said.say, said.who, said.proposal, sent.received_at, night.on, sent.verdict, said.night_id),
    )  # fmt: skip
    if not old_warnings:
        query = query.where(or_(said.level != "warning", sent.verdict != "accepted", night.on == on))
    return Columned(_FINDING, Columns(read_columns(connection, [query])))


def submissions(connection: Connection, tables: Tables, store: str, on: date) -> Rowset:
    """Return every workbook of the runs up to a day."""
    sent, night = tables.submission.c, tables.night.c
    query = (
        select(sent.store, sent.submission_id, sent.path, sent.sha256, sent.received_at, night.on, sent.verdict,
               sent.reason, sent.detail, sent.original, sent.night_id)
        .where(tables.night_of(sent), sent.store == store, night.on <= on, tables.counted)
        .order_by(night.on, sent.received_at, sent.sha256, sent.night_id)
    )  # fmt: skip
    return Columned(_SUBMISSION, Columns(read_columns(connection, [query])))


def _with_book(tables: Tables, part: Any, store: str, on: date, query: Select[Any]) -> Select[Any]:
    sent, night = tables.submission.c, tables.night.c
    return query.where(
        sent.store == part.store, sent.submission_id == part.submission_id, sent.night_id == part.night_id,
        tables.night_of(part), part.store == store, night.on <= on, tables.counted,
    ).order_by(night.on, sent.received_at, sent.sha256, part.night_id, part.number)  # fmt: skip
