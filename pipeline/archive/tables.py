"""The archive's tables, drawn from the rules: a ledger of nights and hand-ins, and one table of versions per record kind.

    night ─ submission ─ hand_in          what came when, and for which scopes it spoke
                       └ finding          what was said of it
    visit, prospect, follow_up, …         versions: typed columns, and ledger columns that begin with `_`
    stood                                 what stood before each night, so that it can be taken back
    rulebook                              the rules of each night, whole, once however many nights they judged
    access_log, tombstone, meta           who looked, what was erased, which schema this is

Ledger columns carry an underscore (the plan had none) so that no field a clerk invents can collide with them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Final, TypeAlias

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Date,
    DateTime,
    Double,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TextClause,
    and_,
    create_mock_engine,
    text,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.sql.base import ReadOnlyColumnCollection
from sqlalchemy.types import TypeEngine

from pipeline.errors import ArchiveError
from pipeline.rulebook.form import Store
from pipeline.rulebook.rulebook import Rulebook

SCHEMA_REV: Final = 8
BY_STORE: Final = "HASH (store)"  # how PostgreSQL divides what has a store; SQLite has a file for each
UNDONE: Final = "undone"  # the status of a night that was taken back; its rows stay, and count nowhere
LEDGER: Final = (
    "_key", "_version", "_submission", "_night", "_later", "_stated", "_scope", "_form", "_part", "_sheet", "_row",
    "_cells", "_hash", "_current", "_withdrawn", "_fulfilled", "_by",
)  # fmt: skip
_Kind: TypeAlias = tuple[
    str, tuple[tuple[str, Store], ...], tuple[str, ...]
]  # what a table is drawn from: name, columns, what dates it
_TYPES: Final[Mapping[Store, type[TypeEngine[Any]]]] = {
    "text": Text, "date": Date, "month": Text, "time": Text, "count": BigInteger, "number": Double, "tick": Boolean,
}  # fmt: skip


@dataclass(frozen=True)
class Tables:
    """All tables of an archive; `kinds` by record kind, `digest` changes whenever a rule changes the schema."""

    metadata: MetaData
    night: Table
    submission: Table
    hand_in: Table
    finding: Table
    stood: Table
    rulebook: Table
    access_log: Table
    tombstone: Table
    meta: Table
    kinds: Mapping[str, Table]
    digest: str

    def night_of(self, part: ReadOnlyColumnCollection[str, Column[Any]]) -> ColumnElement[bool]:
        """The condition that joins rows (their columns) to the night that brought them; one database may hold many stores."""
        named = part["_night"] if "_night" in part else part["night_id"]
        return and_(self.night.c.store == part["store"], self.night.c.night_id == named)

    @property
    def counted(self) -> ColumnElement[bool]:
        """The condition that a night counts: it was not taken back."""
        return self.night.c.status != UNDONE

    def filled(self, connection: Connection, store: str) -> Mapping[str, Table]:
        """Return the record kinds of which a store has any rows: of fifty it uses ten, and the others need not be asked."""
        found = frozenset(connection.execute(self._asking, {"store": store}).scalars())
        return {kind: table for kind, table in self.kinds.items() if kind in found}

    @cached_property
    def _asking(self) -> TextClause:
        # In plain words: fifty questions put together by SQLAlchemy cost more than they ask.
        asked = (
            f"SELECT '{kind}' WHERE EXISTS (SELECT 1 FROM \"{kind}\" WHERE store = :store)"  # noqa: S608 - a kind's name, from the rules
            for kind in self.kinds
        )
        return text(" UNION ALL ".join(asked))

    @cached_property
    def spelt(self) -> tuple[str, ...]:
        """What makes all of them in an empty SQLite file: every store has one, and spelling this out is most of the work."""
        said: list[str] = []
        words = sqlite.dialect()
        scribe = create_mock_engine("sqlite://", lambda ddl, *_, **__: said.append(str(ddl.compile(dialect=words))))
        self.metadata.create_all(scribe, checkfirst=False)
        return tuple(said)


def draw_tables(rules: Rulebook) -> Tables:
    """Return the tables these rules need; ArchiveError if a record kind has the name of a ledger table.

    The stores of a group differ in their people, not in their kinds, and one night's rules hardly ever from the last one's: the tables of the kinds
    drawn last are kept, with what SQLAlchemy has worked out for them.
    """
    return _drawn(tuple((name, tuple(kind.columns.items()), kind.dated) for name, kind in rules.kinds.items()))


@lru_cache(maxsize=2)
def _drawn(kinds: tuple[_Kind, ...]) -> Tables:
    metadata = MetaData()
    ledger = {name: _table(name, metadata, columns) for name, columns in _ledger().items()}
    Index("ix_submission_sha256", ledger["submission"].c.store, ledger["submission"].c.sha256)
    Index("ix_hand_in_scope", ledger["hand_in"].c.store, ledger["hand_in"].c.scope, ledger["hand_in"].c.later)
    clash = sorted(ledger.keys() & {name for name, _, _ in kinds})
    if clash:
        raise ArchiveError(f"记录种类不能叫 {'、'.join(clash)},这是档案自己的表名", "在表格规则里换一个种类名")
    drawn = repr([(name, list(columns), dated) for name, columns, dated in kinds])
    digest = hashlib.sha256(f"{SCHEMA_REV}{drawn}".encode()).hexdigest()[:16]
    versions = {name: _versions(name, dict(columns), dated, metadata) for name, columns, dated in kinds}
    return Tables(metadata=metadata, kinds=versions, digest=digest, **ledger)


def _ledger() -> dict[str, list[Column[Any]]]:
    return {
        "meta": [Column("name", String(40), primary_key=True), Column("value", Text, nullable=False)],
        "night": [
            *plain_keys("store", "night_id"), Column("on", Date, nullable=False, index=True), Column("status", String(12), nullable=False),
            Column("started_at", DateTime, nullable=False), Column("finished_at", DateTime), Column("code_version", Text, nullable=False),
            Column("schema_rev", Integer, nullable=False), plain_text("rules"),
        ],
        # The night is part of the key: a workbook returned for want of a rule may be handed in again unchanged.
        "submission": [
            *plain_keys("store", "submission_id", "night_id"), plain_text("sha256"), plain_text("path"),
            Column("received_at", DateTime, nullable=False), plain_text("verdict"), plain_text("reason"), plain_text("detail"),
            plain_text("original"), plain_text("redacted"),
        ],
        "hand_in": [
            *plain_keys("store", "submission_id", "night_id"), Column("number", Integer, primary_key=True), plain_text("form"),
            plain_text("family"), plain_text("scope"), plain_text("covers"), plain_text("sheet"),
            Column("records", Integer, nullable=False), Column("held", Integer, nullable=False), plain_text("later"),
            Column("wild", Boolean, nullable=False), plain_text("guards"), plain_text("heads"),
        ],
        "finding": [
            *plain_keys("store", "submission_id", "night_id"), Column("number", Integer, primary_key=True),
            *(plain_text(name) for name in ("book", "sheet", "cell", "code", "level", "label", "found", "want", "say", "who", "proposal")),
        ],
        "stood": [*plain_keys("store", "night_id", "kind"), Column("rows", LargeBinary, nullable=False)],
        "rulebook": [Column("digest", String(16), primary_key=True), Column("content", LargeBinary, nullable=False)],
        "access_log": [
            Column("number", Integer, primary_key=True), Column("at", DateTime, nullable=False), plain_text("what"), plain_text("detail"),
            plain_text("who"), Column("rows", Integer, nullable=False, server_default="0"), plain_text("why"),
        ],
        "tombstone": [
            Column("number", Integer, primary_key=True), Column("at", DateTime, nullable=False), plain_text("kind"), plain_text("reason"),
            Column("rows", Integer, nullable=False), plain_text("store"), plain_text("key"), plain_text("counts"),
        ],
    }  # fmt: skip


def _versions(name: str, stored: Mapping[str, Store], dated: Sequence[str], metadata: MetaData) -> Table:
    table = _table(name, metadata, [
        *plain_keys("store", "_key"), Column("_version", Integer, primary_key=True),
        *(plain_text(column) for column in LEDGER if column not in {"_key", "_version", "_row", "_current", "_withdrawn", "_fulfilled"}),
        Column("_row", Integer, nullable=False),
        *(Column(flag, Boolean, nullable=False) for flag in ("_current", "_withdrawn", "_fulfilled")),
        *(Column(column, _TYPES[store]()) for column, store in stored.items()),
    ])  # fmt: skip
    # Each in the very words SQLAlchemy asks with: SQLite uses a partial index only if the condition is repeated.
    now: dict[str, Any] = {"sqlite_where": text('"_current" = 1'), "postgresql_where": text('"_current"')}
    Index(f"ux_{name}_current", table.c.store, table.c["_key"], unique=True, **now)
    Index(f"ix_{name}_scope", table.c.store, table.c["_scope"], **now)
    Index(f"ix_{name}_night", table.c["_night"])
    # Asked for by `propose`, which knows a name and looks for its phone.
    if {"customer_name", "phone"} <= stored.keys():
        Index(f"ix_{name}_named", table.c.store, table.c.customer_name, **now)
    days = [column for column in dated if column in stored]
    if days:
        Index(f"ix_{name}_day", table.c.store, table.c[days[0]], **now)
    return table


def _table(name: str, metadata: MetaData, columns: Sequence[Column[Any]]) -> Table:
    of_stores = any(column.name == "store" and column.primary_key for column in columns)
    return Table(name, metadata, *columns, postgresql_partition_by=BY_STORE if of_stores else None)


def plain_text(name: str) -> Column[Any]:
    """Return a column of text, blank unless something is said, ordered in every database as Python orders it."""
    return Column(name, _plain(), nullable=False, server_default="")


def plain_keys(*names: str) -> list[Column[Any]]:
    """Return the columns of a key, ordered in every database as Python orders them."""
    return [Column(name, _plain(), primary_key=True) for name in names]


def _plain() -> TypeEngine[str]:
    # What is ordered in Python and in the database must be ordered alike; PostgreSQL would follow its locale.
    return Text().with_variant(Text(collation="C"), "postgresql")
