"""Keeps the rules each night was judged by, whole and once: a workbook can be read again as it was read then."""

from __future__ import annotations

import hashlib
import zlib

from sqlalchemy import Connection, insert, select
from sqlalchemy.dialects import postgresql

from pipeline.archive.tables import Tables
from pipeline.rulebook.rulebook import Rulebook


def put_rules(connection: Connection, tables: Tables, rules: Rulebook) -> str:
    """Keep these rules if they are not kept yet, and return the name they are kept under (16 hex digits)."""
    book = tables.rulebook
    digest = hashlib.sha256(rules.text.encode()).hexdigest()[:16]
    if not connection.execute(select(book.c.digest).where(book.c.digest == digest)).first():
        row = {"digest": digest, "content": zlib.compress(rules.text.encode())}
        # Two stores of one PostgreSQL may bring the same rules at the same moment.
        shared = connection.dialect.name == "postgresql"
        connection.execute(postgresql.insert(book).on_conflict_do_nothing() if shared else insert(book), row)
    return digest


def rules_of(connection: Connection, tables: Tables, digest: str) -> str:
    """Return the text of rules that were kept, '' of those nobody kept."""
    book = tables.rulebook
    content = connection.execute(select(book.c.content).where(book.c.digest == digest)).scalar()
    return zlib.decompress(content).decode() if content else ""
