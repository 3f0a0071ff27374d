"""Which workbook a row came from: read once per question, and shared by all its rows."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Final

from sqlalchemy import Connection, select

from pipeline.archive.tables import Tables


@dataclass(frozen=True, slots=True)
class Book:
    """A workbook a version came from: path, received, original."""

    path: str
    received: datetime
    original: str


@dataclass(frozen=True, slots=True)
class Filed:
    """An original: SHA-256 as it was handed in, path and time then, its path below HOME, and its own SHA-256 where somebody was erased from it."""

    sha256: str
    path: str
    received: datetime
    original: str
    redacted: str


NOWHERE: Final = Book("", datetime.min, "")


def books_of(connection: Connection, tables: Tables, store: str, on: date) -> dict[str, Book]:
    """Return the workbooks of the runs up to a day, by submission; of several hand-ins of the same bytes the last that counts."""
    sent, night = tables.submission.c, tables.night.c
    query = (
        select(sent.submission_id, sent.path, sent.received_at, sent.original)
        .where(tables.night_of(sent), sent.store == store, night.on <= on)
        .order_by(tables.counted, night.on, night.started_at)
    )
    return {name: Book(path, received, original) for name, path, received, original in connection.execute(query).all()}


@lru_cache(maxsize=65536)
def cells_of(text: str) -> dict[str, str]:
    """Return a small JSON object; equal texts (the same sheet, handed in every night) share one dict that nobody changes."""
    found: dict[str, str] = json.loads(text)
    return found
