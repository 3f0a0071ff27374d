"""Keeps the rules each night was judged by, whole and once: a workbook can be read again as it was read then."""

from __future__ import annotations

import hashlib
import zlib

from sqlalchemy import Connection, Insert, Table, insert, select

from pipeline.archive.tables import Tables
from pipeline.rulebook.rulebook import Rulebook


def put_rules(connection: Connection, tables: Tables, rules: Rulebook) -> str:
    """Keep these rules if they are not kept yet, and return the name they are kept under (16 hex digits)."""
    book = tables.rulebook
    digest = hashlib.sha256(rules.text.encode()).hexdigest()[:16]
    if not connection.execute(select(book.c.digest).where(book.c.digest == digest)).first():
        row = {"digest": digest, "content": zlib.compress(rules.text.encode())}
        connection.execute(_once(book) if connection.dialect.name == "postgresql" else insert(book), row)
    return digest


def _once(book: Table) -> Insert:
    """Return an insertion that gives way: two stores of one PostgreSQL may bring the same rules at the same moment."""
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415 - a twentieth of what a night on SQLite would import

    return postgresql.insert(book).on_conflict_do_nothing()


def rules_of(connection: Connection, tables: Tables, digest: str) -> str:
    """Return the text of rules that were kept, '' of those nobody kept."""
    book = tables.rulebook
    content = connection.execute(select(book.c.content).where(book.c.digest == digest)).scalar()
    return zlib.decompress(content).decode() if content else ""
