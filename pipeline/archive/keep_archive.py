"""Keeps the archive of one store: opens it, asks it, commits a night to it. Nothing in it is ever overwritten.

One SQLite file per store below HOME/archive, or one PostgreSQL for all stores (`postgres`). Versions are inserted, never changed; of a row
only `_current` moves on, and `_stated` and `_scope` note that a newer hand-in said the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Any, Final, Self

from sqlalchemy import Connection, Engine, func, select, union, update
from sqlalchemy.exc import SQLAlchemyError

from pipeline.archive import access, as_of, history, lookup
from pipeline.archive.access import Access, put_access
from pipeline.archive.books import Book
from pipeline.archive.commit import Night, put_changes, put_night, put_submissions
from pipeline.archive.engine import WRITING, engine_of
from pipeline.archive.history import Person, Version
from pipeline.archive.lookup import Known, NightRow
from pipeline.archive.migrate import is_current, raise_schema
from pipeline.archive.past import Past, past, unlike
from pipeline.archive.postgres import STORES_SIDE_BY_SIDE, UNANSWERED
from pipeline.archive.state import state
from pipeline.archive.tables import Tables, draw_tables
from pipeline.archive.undo import undo
from pipeline.archive.verify import faults
from pipeline.backup.take import OWN, take_snapshot
from pipeline.errors import ArchiveError
from pipeline.model import Change, Sighting, Submission
from pipeline.rulebook.rulebook import Rulebook
from pipeline.standing import Standing, covers_of, keyed, later_of, taken
from pipeline.view import Rowset, View

_REMEDY: Final[Mapping[str, str]] = MappingProxyType(
    {
        "sqlite": "请先运行 daybook verify 检查档案;必要时用最近的备份恢复",
        "postgresql": UNANSWERED,
    }
)
_NONE: Final[Mapping[str, str]] = MappingProxyType({})


def open_archive(home: Path, store: str, rules: Rulebook, url: str = "") -> Archive:
    """Return the store's archive, made or widened as the rules need.

    It lies where DAYBOOK_ARCHIVE says, else in the store's own file; `url` is OWN_FILE or IN_MEMORY for one that must not be looked for there.
    Raises ArchiveError if it cannot be opened or a newer program wrote it, UsageError where DAYBOOK_ARCHIVE names no database.
    """
    tables = draw_tables(rules)
    engine = engine_of(home, store, url)
    archive = Archive(engine=engine, home=home, store=store, rules=rules, tables=tables)
    try:
        with archive.transaction() as connection:
            current = is_current(connection, tables)
        if not current:
            with archive.transaction(writing=True) as connection:
                raise_schema(connection, tables, store, lambda: _keep(home, engine))
    except BaseException:
        engine.dispose()
        raise
    return archive


def _keep(home: Path, engine: Engine) -> None:
    """Snapshot a database file and its manifests as the older program left them; a server's databases are backed up by their own means."""
    if engine.dialect.name == "sqlite" and engine.url.database:
        file = Path(engine.url.database).relative_to(home).as_posix()
        take_snapshot(home, home / OWN, datetime.now(), only=(file, "archive/runs/"))


@dataclass(frozen=True)
class Archive:
    """One store's archive, open. Use as a context manager."""

    engine: Engine
    home: Path
    store: str
    rules: Rulebook
    tables: Tables

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.engine.dispose()

    @contextmanager
    def transaction(self, *, writing: bool = False) -> Iterator[Connection]:
        """Give one transaction, kept when the block ends well; one that writes waits for others. What the database objects to is an ArchiveError."""
        options: dict[str, Any] = {WRITING: writing}
        if writing and self.engine.dialect.name == "postgresql":
            options["isolation_level"] = STORES_SIDE_BY_SIDE
        try:
            with self.engine.connect().execution_options(**options) as connection, connection.begin():
                yield connection
        except (SQLAlchemyError, OSError) as error:
            # The first line says what; what follows would repeat the statement with people's data in it.
            said = str(getattr(error, "orig", None) or error).splitlines()[0]
            raise ArchiveError(f"档案读写失败:{said}", _REMEDY[self.engine.dialect.name]) from error

    def current(self, keys: Mapping[str, Iterable[str]], scopes: Iterable[str], since: str = "") -> Standing:
        """Return what stands under these keys (by kind) and in these scopes, withdrawn rows included, and hand-ins later than `since`."""
        with self.transaction() as connection:
            return lookup.standing(connection, self.tables, self.rules, self.store, keys, scopes, since)

    def standing_for(self, submissions: Sequence[Submission]) -> Standing:
        """Return what `merge` must know to judge these workbooks: a night costs what its sheets cost."""
        keys: dict[str, set[str]] = defaultdict(set)
        scopes: set[str] = set()
        hand_ins = taken(submissions)
        for submission in hand_ins:
            for (kind, key), record in keyed(submission, self.rules).items():
                keys[kind].add(key)
                scopes.add(record.scope)
            scopes |= {cover.scope for cover in covers_of(submission, self.rules)}
        return self.current(keys, scopes, later_of(hand_ins[0]) if hand_ins else "")

    def known(self, sha256s: Iterable[str]) -> dict[str, Known]:
        """Return what came before with the same bytes, by SHA-256."""
        with self.transaction() as connection:
            return lookup.known(connection, self.tables, self.store, sha256s)

    def sightings(self, customers: Collection[tuple[str, str]]) -> list[Sighting]:
        """Return the phones and 车架号 that stand beside these customers now (consultant and name), for `propose`."""
        if not customers:
            return []
        with self.transaction() as connection:
            return list(lookup.sightings(connection, self.tables, self.rules, self.store, customers))

    def commit(
        self, night: Night, submissions: Sequence[Submission], changes: Iterable[Change],
        originals: Mapping[str, str] = _NONE, redacted: Mapping[str, str] = _NONE,
    ) -> bool:  # fmt: skip
        """Put a night in, whole or not at all; False if it is in already.

        `originals`: SHA-256 → path below HOME; `redacted`: SHA-256 → that of what lies there, where somebody erased was left out.
        """
        with self.transaction(writing=True) as connection:
            if not put_night(connection, self.tables, night, self.store, self.rules):
                return False
            put_submissions(connection, self.tables, night, self.store, submissions, originals, redacted, self.rules)
            put_changes(connection, self.tables, night, changes)
            return True

    def accesses(self, what: str = "") -> list[Access]:
        """Return who took data out, in one way or in any, oldest first."""
        with self.transaction() as connection:
            return access.accesses(connection, self.tables, what)

    def phones(self) -> int:
        """Return how many different phones stand in any version of any record."""
        with self.transaction() as connection:
            asked = [
                select(table.c.phone).where(table.c.store == self.store, table.c.phone != "")
                for table in self.tables.kinds.values()
                if "phone" in table.c
            ]
            return connection.execute(select(func.count()).select_from(union(*asked).subquery())).scalar_one()

    def undo(self, night_id: str, at: datetime, who: str = "") -> int:
        """Take a night back and note it in the access log; return how many versions it had brought, 0 if it was undone already.

        Raises ArchiveError where a later night stands, or an older program took it in.
        """
        with self.transaction(writing=True) as connection:
            gone = undo(connection, self.tables, self.store, night_id)
            put_access(connection, self.tables, Access(at, "undo", f"{night_id} {gone} 条", who, gone))
            return gone

    def finish(self, night_id: str, at: datetime) -> None:
        """Note that a night's outputs are written and its inbox is emptied."""
        night = self.tables.night
        its = (night.c.store == self.store, night.c.night_id == night_id)
        with self.transaction(writing=True) as connection:
            connection.execute(update(night).where(*its).values(status="done", finished_at=at))

    def view(self, on: date, kinds: Collection[str] | None = None, *, old_warnings: bool = True) -> View:
        """Return the archive as it stood on a business day; `kinds` names the record kinds to read, None = all; `old_warnings` see `ledger`."""
        with self.transaction() as connection:
            return as_of.view(connection, self.tables, self.rules, self.store, on, kinds, old_warnings=old_warnings)

    def state(self) -> list[Any]:
        """Return what tells whether the store's archive holds anything else than before; see `state`."""
        with self.transaction() as connection:
            return state(connection, self.tables, self.store)

    def versions(self, kind: str) -> Rowset:
        """Return every version of every record of a kind: columns as in a view, with `_version _later _withdrawn _current` before the place."""
        return self.all_versions([kind])[kind]

    def all_versions(self, kinds: Collection[str]) -> dict[str, Rowset]:
        """Return the versions of several kinds as they stand at one moment: no night comes between them."""
        with self.transaction() as connection:
            return {kind: as_of.versions(connection, self.tables, self.rules, self.store, kind) for kind in kinds}

    def nights(self) -> tuple[NightRow, ...]:
        """Return all runs, oldest business day first; those not `done` were cut off after their transaction."""
        with self.transaction() as connection:
            return lookup.nights(connection, self.tables, self.store)

    def trace(self, kind: str, key: str) -> Rowset:
        """Return every version of one record, in order, with where and when each came from."""
        with self.transaction() as connection:
            return lookup.trace(connection, self.tables, self.store, kind, key)

    def persons(self, who: str) -> list[Person]:
        """Return whom a phone or a name may mean."""
        with self.transaction() as connection:
            return history.persons(connection, self.tables, self.store, who)

    def history(self, person: Person) -> list[Version]:
        """Return every version of every record about a person."""
        with self.transaction() as connection:
            keys = history.keys_about(connection, self.tables, self.store, person)
            return [
                version
                for kind, those in keys.items()
                for version in history.versions_of(connection, self.tables, self.rules, self.store, kind, those)
            ]

    def keys_like(self, kind: str, pieces: Collection[str]) -> list[str]:
        """Return the keys of a kind that contain all pieces."""
        with self.transaction() as connection:
            return history.keys_like(connection, self.tables, self.store, kind, pieces)

    def told(self, kind: str, key: str) -> list[Version]:
        """Return every version of one record with its place, oldest first."""
        with self.transaction() as connection:
            return history.versions_of(connection, self.tables, self.rules, self.store, kind, [key])

    def counts(self) -> Mapping[str, int]:
        """Return how many records of each kind stand now."""
        with self.transaction() as connection:
            return {
                kind: connection.execute(
                    select(func.count()).where(table.c.store == self.store, table.c["_current"], ~table.c["_withdrawn"])
                ).scalar_one()
                for kind, table in self.tables.kinds.items()
            }

    def log_access(self, looked: Access) -> None:
        """Note that somebody took data out; its `detail` names no person."""
        with self.transaction(writing=True) as connection:
            put_access(connection, self.tables, looked)

    def originals(self, runs: Collection[str]) -> list[Book]:
        """Return the workbooks these runs took in, in order of hand-in, with where they are filed."""
        sent = self.tables.submission.c
        with self.transaction() as connection:
            query = select(sent.path, sent.received_at, sent.original).where(
                sent.store == self.store, sent.night_id.in_(runs), sent.original != ""
            )
            return [Book(*row) for row in connection.execute(query.order_by(sent.received_at, sent.sha256))]

    def workbooks(self) -> dict[str, set[tuple[str, str]]]:
        """Return what each run put into the archive: run → hash and verdict of its workbooks; a quiet run has none."""
        found: dict[str, set[tuple[str, str]]] = {night.night_id: set() for night in self.nights()}
        sent = self.tables.submission.c
        with self.transaction() as connection:
            query = select(sent.night_id, sent.sha256, sent.verdict).where(sent.store == self.store)
            for night, sha256, verdict in connection.execute(query):
                found.setdefault(night, set()).add((sha256, verdict))
        return found

    def past(self) -> list[Past]:
        """Return every night as it went into this store, undone ones included."""
        with self.transaction() as connection:
            return past(connection, self.tables, self.store)

    def unlike(self, fresh: Archive) -> tuple[str, ...]:
        """Return where an archive made anew by the same rules differs from this one, one Chinese sentence a row; empty = equal."""
        with self.transaction() as mine, fresh.transaction() as theirs:
            return tuple(unlike(mine, theirs, self.tables, self.store))

    def verify(self) -> tuple[str, ...]:
        """Return what is wrong with database, versions or originals, one Chinese sentence each; empty = sound."""
        kinds = {kind: tuple(self.rules.kinds[kind].columns) for kind in self.tables.kinds}
        with self.transaction() as connection:
            return tuple(faults(connection, self.tables, self.store, self.home, kinds))
