"""What an erasure asks of a store's open archive: who is there, where their originals lie, and to take them out."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import closing
from datetime import date, datetime

from sqlalchemy import func, select

from pipeline.archive import erase, retention
from pipeline.archive.books import Filed
from pipeline.archive.erase import Tomb, Trail
from pipeline.archive.history import Person
from pipeline.archive.keep_archive import Archive
from pipeline.erasure.told import Replaced


def trail(archive: Archive, persons: Sequence[Person]) -> Trail:
    """Return what the archive knows of these persons, so that all of it can be looked for."""
    with archive.transaction() as connection:
        return erase.trail(connection, archive.tables, archive.rules, archive.store, persons)


def expired(archive: Archive, today: date) -> dict[Person, str]:
    """Return whose time is up, and by which term (a key of `retention.REASONS`)."""
    with archive.transaction() as connection:
        return retention.expired(connection, archive.tables, archive.rules, archive.store, today)


def buried(archive: Archive) -> dict[str, datetime]:
    """Return who was erased, by pseudonym, and when last."""
    with archive.transaction() as connection:
        return erase.buried(connection, archive.tables, archive.store)


def unburied(archive: Archive, secret: bytes, keys: Collection[str]) -> list[tuple[str, Person]]:
    """Return who of these pseudonyms is in the archive."""
    with archive.transaction() as connection:
        return erase.unburied(connection, archive.tables, archive.store, secret, keys)


def mentions(archive: Archive, number: str) -> bool:
    """Say whether a phone stands in any record, whatever it is about."""
    with archive.transaction() as connection:
        return erase.mentions(connection, archive.tables, archive.store, number)


def take_out(archive: Archive, lost: Trail, replaced: Mapping[str, Replaced], tombs: Sequence[Tomb]) -> int:
    """Take persons out, whole or not at all, and return how many versions went; afterwards `compact` leaves nothing in the file."""
    with archive.transaction(writing=True) as connection:
        return erase.erase(connection, archive.tables, archive.rules, archive.store, lost, replaced, tombs)


def compact(archive: Archive) -> None:
    """Write a SQLite file anew, so that nothing lies in pages it no longer uses; another engine does so by itself."""
    if archive.engine.dialect.name == "sqlite":
        with closing(archive.engine.raw_connection()) as raw:
            raw.cursor().execute("VACUUM")


def filed(archive: Archive) -> list[Filed]:
    """Return every original there is, each once: what was handed in and where it lies."""
    sent = archive.tables.submission.c
    with archive.transaction() as connection:
        query = select(sent.sha256, func.min(sent.path), func.min(sent.received_at), sent.original, sent.redacted)
        query = query.where(sent.store == archive.store, sent.original != "")
        return [Filed(*row) for row in connection.execute(query.group_by(sent.sha256, sent.original, sent.redacted))]
