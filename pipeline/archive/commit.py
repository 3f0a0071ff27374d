"""Puts one night into the archive: ledger, versions and findings, as rows of one transaction that the door opens."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import lru_cache
from itertools import islice
from operator import itemgetter
from typing import Any, TypeVar

from sqlalchemy import Connection, Table, bindparam, func, insert, select, update

from pipeline.archive.judged import put_rules
from pipeline.archive.tables import SCHEMA_REV, Tables
from pipeline.archive.undo import put_stood
from pipeline.model import Change, Submission
from pipeline.rulebook.rulebook import Rulebook
from pipeline.standing import Cover, covers_of, later_of

_TEXT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_HASHED = json.JSONEncoder(default=str, ensure_ascii=False, sort_keys=True)
_CHUNK = 400  # values in one IN (…): well under the 999 that an old SQLite takes
_ROWS = 4000  # put into tuples and given to the driver at once
LEFT_OUT = frozenset({"duplicate", "ignored", "waiting"})  # these say nothing new; the manifest lists them
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Night:
    """One run: its id, the business day it reports, when it began (naive local), and the version of the code."""

    night_id: str
    on: date
    started_at: datetime
    code_version: str


def put_night(connection: Connection, tables: Tables, night: Night, store: str, rules: Rulebook) -> bool:
    """Write the night row as `committed`, and once the rules it was judged by; False if this night is in already."""
    there = select(tables.night.c.night_id).where(
        tables.night.c.store == store, tables.night.c.night_id == night.night_id
    )
    if connection.execute(there).first():
        return False
    judged_by = put_rules(connection, tables, rules)
    connection.execute(
        insert(tables.night).values(
            store=store, night_id=night.night_id, on=night.on, status="committed", started_at=night.started_at, finished_at=None,
            code_version=night.code_version, schema_rev=SCHEMA_REV, rules=judged_by,
        )
    )  # fmt: skip
    return True


def put_submissions(
    connection: Connection, tables: Tables, night: Night, store: str,
    submissions: Sequence[Submission], originals: Mapping[str, str],
    redacted: Mapping[str, str], rules: Rulebook,
) -> None:  # fmt: skip
    """Write workbooks, what they hand in and what was said of them; the same bytes twice in one night count once."""
    once = {each.submission_id: each for each in reversed(submissions) if each.verdict not in LEFT_OUT}
    kept = [once[name] for name in sorted(once)]
    _insert(connection, tables.submission, (_submission(each, store, night, originals, redacted) for each in kept))
    _insert(connection, tables.hand_in, (row for each in kept for row in _hand_ins(each, store, night, rules)))
    _insert(connection, tables.finding, (row for each in kept for row in _findings(each, store, night)))


def put_changes(connection: Connection, tables: Tables, night: Night, changes: Iterable[Change]) -> None:
    """Write the versions of a night, kind by kind; a kind without changes costs nothing."""
    by_kind: dict[str, list[Change]] = defaultdict(list)
    for change in changes:
        by_kind[change.kind].append(change)
    for kind, those in by_kind.items():
        keys = chunks(sorted({change.key for change in those}))
        put_stood(connection, tables, those[0].store, night.night_id, kind, keys)
        _put_kind(connection, tables.kinds[kind], night, those)


def row_hash(values: Mapping[str, Any]) -> str:
    """Return 16 hex digits over a record's filled values; a column added later changes none."""
    filled = {name: value for name, value in values.items() if value is not None}
    return hashlib.sha256(_HASHED.encode(filled).encode()).hexdigest()[:16]


def chunks(values: Iterable[_T]) -> Iterator[list[_T]]:
    """Yield the values in pieces that fit one statement."""
    rest = iter(values)
    while piece := list(islice(rest, _CHUNK)):
        yield piece


def _put_kind(connection: Connection, table: Table, night: Night, changes: Sequence[Change]) -> None:
    written = [change for change in changes if change.act != "unchanged" or change.late]
    # The last version that is not an older one stands; every earlier one of the key stops doing so.
    stands = {(change.store, change.key): change for change in written if change.late != "old"}
    versions = _versions(connection, table, written)
    _retire(connection, table, [key for key in stands if key in versions])

    def rows() -> Iterator[dict[str, Any]]:
        for change in written:
            key = (change.store, change.key)
            versions[key] = versions.get(key, 0) + 1
            yield _row(change, night, versions[key], current=stands.get(key) is change)

    _insert(connection, table, rows())
    _restate(connection, table, [change for change in changes if change.act == "unchanged" and not change.late])


def _retire(connection: Connection, table: Table, keys: Sequence[tuple[str, str]]) -> None:
    if keys:
        where = (table.c.store == bindparam("its_store"), table.c["_key"] == bindparam("its_key"), table.c["_current"])
        connection.execute(
            update(table).where(*where).values(_current=False),
            [{"its_store": store, "its_key": key} for store, key in keys],
        )


def _versions(connection: Connection, table: Table, changes: Sequence[Change]) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    for piece in chunks(sorted({change.key for change in changes})):
        query = (
            select(table.c.store, table.c["_key"], func.max(table.c["_version"]))
            .where(table.c.store == changes[0].store, table.c["_key"].in_(piece))
            .group_by(table.c.store, table.c["_key"])
        )
        found |= {(store, key): version for store, key, version in connection.execute(query)}
    return found


def _restate(connection: Connection, table: Table, changes: Sequence[Change]) -> None:
    """Note on the standing row that a newer hand-in said the same, and for which scope."""
    if changes:
        where = (
            table.c.store == bindparam("its_store"), table.c["_key"] == bindparam("its_key"),
            table.c["_current"], table.c["_stated"] < bindparam("its_said"),
        )  # fmt: skip
        connection.execute(
            update(table).where(*where).values(_stated=bindparam("its_said"), _scope=bindparam("its_scope")),
            [
                {"its_store": c.store, "its_key": c.key, "its_said": c.stated or c.later, "its_scope": c.scope}
                for c in changes
            ],
        )


def _row(change: Change, night: Night, version: int, *, current: bool) -> dict[str, Any]:
    return {
        "store": change.store, "_key": change.key, "_version": version, "_submission": change.submission_id,
        "_night": night.night_id, "_later": change.later, "_stated": change.stated or change.later,
        "_scope": change.scope, "_form": change.form, "_part": change.part, "_sheet": change.sheet, "_row": change.row,
        "_cells": cells_text(change.cells), "_hash": row_hash(change.values), "_current": current,
        "_withdrawn": change.act == "withdrawn", "_fulfilled": change.fulfilled, "_by": change.by,
        **change.values,
    }  # fmt: skip


def _submission(
    each: Submission, store: str, night: Night, originals: Mapping[str, str], redacted: Mapping[str, str]
) -> dict[str, Any]:
    return {
        "store": store, "submission_id": each.submission_id, "night_id": night.night_id, "sha256": each.sha256,
        "path": each.path, "received_at": each.received, "verdict": each.verdict, "reason": each.reason,
        "detail": each.detail, "original": originals.get(each.sha256, ""),
        "redacted": redacted.get(each.sha256, ""),
    }  # fmt: skip


def _hand_ins(each: Submission, store: str, night: Night, rules: Rulebook) -> Iterator[dict[str, Any]]:
    covers: dict[str, Cover] = {cover.scope: cover for cover in covers_of(each, rules)}
    for number, hand_in in enumerate(each.hand_ins):
        cover = covers[hand_in.scope]
        yield {
            "store": store, "submission_id": each.submission_id, "night_id": night.night_id, "number": number,
            "form": hand_in.form, "family": hand_in.family, "scope": hand_in.scope, "covers": text_of(hand_in.covers),
            "sheet": hand_in.sheet, "records": hand_in.records, "held": hand_in.held, "later": later_of(each),
            "wild": cover.wild, "guards": text_of([asdict(guard) for guard in cover.guards]) if cover.guards else "",
            "heads": text_of(hand_in.heads) if hand_in.heads else "",
        }  # fmt: skip


def _findings(each: Submission, store: str, night: Night) -> Iterator[dict[str, Any]]:
    for number, said in enumerate(each.findings):
        yield {
            "store": store, "submission_id": each.submission_id, "night_id": night.night_id, "number": number,
            "book": said.book, "sheet": said.sheet, "cell": said.cell, "code": said.code, "level": said.level,
            "label": _held(said.label), "found": _held(said.found), "want": said.want, "say": _held(said.say),
            "who": _held(said.who), "proposal": _held(said.proposal),
        }  # fmt: skip


def _held(text: str) -> str:
    """Return a cell's words as every database can hold them: PostgreSQL has no character 0 (records lose it in `standing`)."""
    return text.replace("\0", "")


def _insert(connection: Connection, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
    """Insert rows that all fill the same columns, of a large night some thousand at a time."""
    rest = iter(rows)
    while some := list(islice(rest, _ROWS)):
        _insert_some(connection, table, some)


def _insert_some(connection: Connection, table: Table, many: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows; where the driver takes them by place, they go to it as they are."""
    dialect = connection.dialect
    statement = insert(table).compile(dialect=dialect, column_keys=list(many[0]))
    if not statement.positional or statement.positiontup is None:
        connection.execute(insert(table), many)
        return
    columns = zip(*map(itemgetter(*statement.positiontup), many), strict=True)
    try:
        values = [
            column
            if (made := table.c[name].type.dialect_impl(dialect).bind_processor(dialect)) is None
            else _each_once(made, column)
            for name, column in zip(statement.positiontup, columns, strict=True)
        ]
    except (TypeError, ValueError):  # a value that its column cannot hold: told in the database's own words
        connection.execute(insert(table), many)
        return
    connection.exec_driver_sql(str(statement), list(zip(*values, strict=True)))


def _each_once(made: Callable[[Any], Any], values: Sequence[Any]) -> list[Any]:
    """Return the values of a column as the driver takes them: the same few days and ticks, each made once."""
    known = {value: made(value) for value in set(values)}
    return [known[value] for value in values]


def cells_text(cells: Mapping[str, str]) -> str:
    """Return the JSON of a record's cells, as `text_of` does: rows of one sheet fill the same fields, and an address needs no quoting."""
    return _cells_like(tuple(cells)) % tuple(cells.values())


@lru_cache(maxsize=4096)
def _cells_like(fields: tuple[str, ...]) -> str:
    return text_of({name.replace("%", "%%"): "%s" for name in fields})


def text_of(data: Any) -> str:
    """Return JSON without blanks; equal data give equal text."""
    return _TEXT.encode(data if isinstance(data, list) else dict(data))
