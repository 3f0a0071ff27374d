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
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
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
    and_,
    text,
)
from sqlalchemy.sql.base import ReadOnlyColumnCollection
from sqlalchemy.types import TypeEngine

from pipeline.errors import ArchiveError
from pipeline.rulebook.form import Kind, Store
from pipeline.rulebook.rulebook import Rulebook

SCHEMA_REV: Final = 8
BY_STORE: Final = "HASH (store)"  # how PostgreSQL divides what has a store; SQLite has a file for each
UNDONE: Final = "undone"  # the status of a night that was taken back; its rows stay, and count nowhere
LEDGER: Final = (
    "_key", "_version", "_submission", "_night", "_later", "_stated", "_scope", "_form", "_part", "_sheet", "_row",
    "_cells", "_hash", "_current", "_withdrawn", "_fulfilled", "_by",
)  # fmt: skip
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


def draw_tables(rules: Rulebook) -> Tables:
    """Return the tables these rules need; ArchiveError if a record kind has the name of a ledger table.

    The stores of a group differ in their people, not in their kinds: those drawn last are kept, with what SQLAlchemy has worked out for them.
    """
    for forms, core, tables in _last:
        if forms is rules.forms and core is rules.core_kinds:
            return tables
    _last[:] = [(rules.forms, rules.core_kinds, _drawn(rules))]
    return _last[0][2]


_last: list[tuple[object, object, Tables]] = []  # the forms and core kinds that were drawn last, and their tables


def _drawn(rules: Rulebook) -> Tables:
    metadata = MetaData()
    ledger = {name: _table(name, metadata, columns) for name, columns in _ledger().items()}
    Index("ix_submission_sha256", ledger["submission"].c.store, ledger["submission"].c.sha256)
    Index("ix_hand_in_scope", ledger["hand_in"].c.store, ledger["hand_in"].c.scope, ledger["hand_in"].c.later)
    clash = sorted(ledger.keys() & rules.kinds.keys())
    if clash:
        raise ArchiveError(f"记录种类不能叫 {'、'.join(clash)},这是档案自己的表名", "在表格规则里换一个种类名")
    kinds = {name: _versions(name, kind, metadata) for name, kind in rules.kinds.items()}
    drawn = repr([(name, list(kind.columns.items()), kind.dated) for name, kind in rules.kinds.items()])
    digest = hashlib.sha256(f"{SCHEMA_REV}{drawn}".encode()).hexdigest()[:16]
    return Tables(metadata=metadata, kinds=kinds, digest=digest, **ledger)


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


def _versions(name: str, kind: Kind, metadata: MetaData) -> Table:
    table = _table(name, metadata, [
        *plain_keys("store", "_key"), Column("_version", Integer, primary_key=True),
        *(plain_text(column) for column in LEDGER if column not in {"_key", "_version", "_row", "_current", "_withdrawn", "_fulfilled"}),
        Column("_row", Integer, nullable=False),
        *(Column(flag, Boolean, nullable=False) for flag in ("_current", "_withdrawn", "_fulfilled")),
        *(Column(column, _TYPES[store]()) for column, store in kind.columns.items()),
    ])  # fmt: skip
    # Each in the very words SQLAlchemy asks with: SQLite uses a partial index only if the condition is repeated.
    now: dict[str, Any] = {"sqlite_where": text('"_current" = 1'), "postgresql_where": text('"_current"')}
    Index(f"ux_{name}_current", table.c.store, table.c["_key"], unique=True, **now)
    Index(f"ix_{name}_scope", table.c.store, table.c["_scope"], **now)
    Index(f"ix_{name}_night", table.c["_night"])
    if {
        "customer_name",
        "phone",
    } <= kind.columns.keys():  # asked for by `propose`, which knows a name and looks for its phone
        Index(f"ix_{name}_named", table.c.store, table.c.customer_name, **now)
    dated = [column for column in kind.dated if column in kind.columns]
    if dated:
        Index(f"ix_{name}_day", table.c.store, table.c[dated[0]], **now)
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
