"""Answers what a night asks of the archive: what stands for these keys and scopes, what is known, what happened to one record."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, Row, func, literal, select

from pipeline.archive.commit import chunks
from pipeline.archive.tables import UNDONE, Tables
from pipeline.model import Sighting
from pipeline.rulebook.rulebook import Rulebook
from pipeline.standing import Cover, Guard, Key, Stand, Standing
from pipeline.text import squeeze
from pipeline.view import Rowset

_STAND = (
    "_key", "_scope", "_form", "_part", "_submission", "_sheet", "_row", "_cells", "_stated", "_later", "_withdrawn",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Known:
    """Bytes that came before: first path, business day, night and its status, verdict, and where the original is."""

    path: str
    on: date
    night_id: str
    status: str
    verdict: str
    original: str


@dataclass(frozen=True, slots=True)
class NightRow:
    """One run as the archive remembers it; `status` is `committed` until its outputs are written, then `done`; `undone` once taken back."""

    night_id: str
    on: date
    status: str
    started_at: datetime
    finished_at: datetime | None
    code_version: str

    @property
    def counted(self) -> bool:
        """Whether what it brought in counts."""
        return self.status != UNDONE


def standing(
    connection: Connection, tables: Tables, rules: Rulebook, store: str,
    keys: Mapping[str, Iterable[str]], scopes: Iterable[str], since: str,
) -> Standing:  # fmt: skip
    """Return the rows of these keys and scopes, and the scopes' hand-ins later than `since` ('' = all)."""
    scopes = sorted(set(scopes))
    rows: dict[Key, Stand] = {}
    for kind, table in tables.filled(connection, store).items():
        columns = [table.c[name] for name in (*_STAND, *rules.kinds[kind].columns)]
        mine = (table.c.store == store, table.c["_current"])
        wanted: list[ColumnElement[bool]] = [
            table.c["_key"].in_(piece) for piece in chunks(sorted(set(keys.get(kind, ()))))
        ]
        wanted += [table.c["_scope"].in_(piece) for piece in chunks(scopes)]
        for condition in wanted:
            for row in connection.execute(select(*columns).where(*mine, condition)):
                stand = _stand(kind, row, rules)
                rows[kind, stand.key] = stand
    return Standing(store=store, rows=rows, covers=_covers(connection, tables, store, scopes, since))


def known(connection: Connection, tables: Tables, store: str, sha256s: Iterable[str]) -> dict[str, Known]:
    """Return what is known of bytes that came before, by SHA-256; of several hand-ins the first that was taken."""
    sent, night = tables.submission.c, tables.night.c
    found: dict[str, Known] = {}
    for piece in chunks(sorted(set(sha256s))):
        query = (
            select(sent.sha256, sent.path, night.on, night.night_id, night.status, sent.verdict, sent.original)
            .where(tables.night_of(sent), sent.store == store, sent.sha256.in_(piece), tables.counted)
            .order_by(sent.verdict.in_(["quarantined", "returned"]), night.on, night.night_id)
        )
        for sha256, *rest in connection.execute(query):
            found.setdefault(sha256, Known(*rest))
    return found


def sightings(
    connection: Connection, tables: Tables, rules: Rulebook, store: str, customers: Collection[tuple[str, str]]
) -> Iterator[Sighting]:
    """Yield each phone and 车架号, form and day once that stands beside one of these names with the same consultant."""
    # A consultant has a handful of a year's 王先生; the others' are not even looked at.
    mine = {(who, squeeze(name)) for who, name in customers}
    whole = {"customer_name", "phone", "consultant"}
    asked = [kind for kind in tables.filled(connection, store) if whole <= rules.kinds[kind].columns.keys()]
    for piece in chunks(sorted({name for _, name in customers})):
        for kind in asked:
            its = tables.kinds[kind].c
            vin = its.vin if "vin" in its else literal("")
            dated = [its[name] for name in rules.kinds[kind].done if name in its]
            query = select(its.consultant, its.customer_name, its.phone, vin, its["_form"], *dated).where(
                its.store == store, its["_current"], ~its["_withdrawn"], its.customer_name.in_(piece)
            )
            for who, name, phone, number, form, *days in connection.execute(query.distinct()):
                if (who, squeeze(name)) not in mine:
                    continue
                on = next((day for day in days if isinstance(day, date)), None)
                yield Sighting(who, name, phone or "", number or "", form, on)


def nights(connection: Connection, tables: Tables, store: str) -> tuple[NightRow, ...]:
    """Return all runs, oldest business day first."""
    night = tables.night.c
    query = select(
        night.night_id, night.on, night.status, night.started_at, night.finished_at, night.code_version
    ).where(night.store == store)
    return tuple(
        NightRow(*row) for row in connection.execute(query.order_by(night.on, night.started_at, night.night_id))
    )


def trace(connection: Connection, tables: Tables, store: str, kind: str, key: str) -> Rowset:
    """Return every version of one record in order, with where and when each came from."""
    table, sent = tables.kinds[kind], tables.submission.c
    ledger = [
        table.c[name] for name in ("_version", "_later", "_withdrawn", "_current", "_sheet", "_row", "_cells", "_by")
    ]
    values = [column for column in table.c if not column.name.startswith("_") and column.name != "store"]
    book = (
        select(sent.submission_id, func.min(sent.path).label("_book"), func.min(sent.received_at).label("_received"),
               func.max(sent.original).label("_original"))
        .where(sent.store == store).group_by(sent.submission_id).subquery()
    )  # fmt: skip
    query = (
        select(*values, *ledger, table.c["_night"], book.c["_book"], book.c["_received"], book.c["_original"])
        .where(table.c.store == store, table.c["_key"] == key, book.c.submission_id == table.c["_submission"])
        .order_by(table.c["_later"], table.c["_version"])
    )
    return Rowset(
        tuple(column.name for column in query.selected_columns), [tuple(row) for row in connection.execute(query)]
    )


def _stand(kind: str, row: Row[tuple[object, ...]], rules: Rulebook) -> Stand:
    key, scope, form, part, submission, sheet, number, cells, stated, later, withdrawn, *values = tuple[object, ...](
        row
    )
    return Stand(
        kind=kind, key=str(key), scope=str(scope), form=str(form), part=str(part), submission_id=str(submission),
        sheet=str(sheet), row=int(str(number)), cells=json.loads(str(cells)), stated=str(stated), later=str(later),
        withdrawn=bool(withdrawn), values=dict(zip(rules.kinds[kind].columns, values, strict=True)),
    )  # fmt: skip


def _covers(
    connection: Connection, tables: Tables, store: str, scopes: Iterable[str], since: str
) -> dict[str, tuple[Cover, ...]]:
    """Return the hand-ins of these scopes; the sheets of one workbook are one cover."""
    table = tables.hand_in
    sheets: dict[tuple[str, str, str], list[tuple[bool, str]]] = defaultdict(list)
    for piece in chunks(scopes):
        query = (
            select(table.c.scope, table.c.later, table.c.submission_id, table.c.wild, table.c.guards)
            .where(table.c.store == store, table.c.scope.in_(piece), table.c.later > since)
            .where(tables.night_of(table.c), tables.counted)
            .order_by(table.c.later)
        )
        for scope, later, submission, wild, guards in connection.execute(query):
            sheets[scope, later, submission].append((wild, guards))
    found: dict[str, list[Cover]] = defaultdict(list)
    for (scope, later, submission), said in sheets.items():
        guards = {guard for _, text in said for guard in _guards(text)}
        wild = any(wild for wild, _ in said)
        found[scope].append(Cover(scope, later, submission, wild, tuple(guards)))
    return {scope: tuple(covers) for scope, covers in found.items()}


def _guards(text: str) -> list[Guard]:
    if not text:
        return []
    return [
        Guard(each["kind"], each["form"], tuple(tuple(part) for part in each["parts"])) for each in json.loads(text)
    ]
