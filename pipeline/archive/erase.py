"""Takes persons out of an archive: every version of their records, and what the ledger says of them elsewhere; a tombstone stays.

trail ── their keys, names, numbers ──► (originals looked through) ──► erase, in one transaction ── VACUUM
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, RowMapping, Table, Text, bindparam, delete, insert, or_, select, update

from pipeline.archive.access import Access, put_access
from pipeline.archive.commit import chunks, row_hash, text_of
from pipeline.archive.history import Person, about
from pipeline.archive.tables import Tables
from pipeline.archive.undo import packed, unpacked
from pipeline.erasure.told import Replaced, finding_without, led
from pipeline.erasure.wanted import Wanted
from pipeline.pseudonym import pseudonym
from pipeline.rulebook.rulebook import Rulebook

_FEW_DIGITS: Final = 6  # a shorter number is nobody's alone


@dataclass(frozen=True)
class Trail:
    """What a store's archive knows of some persons: whom to look for, and the keys of their records by kind."""

    wanted: Wanted
    keys: Mapping[str, tuple[str, ...]]
    counts: Mapping[Person, Mapping[str, int]]  # versions by kind


@dataclass(frozen=True)
class Tomb:
    """What stays of a person: pseudonym, when, erase or purge, why, by whom."""

    key: str
    at: datetime
    what: str
    reason: str
    who: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)  # versions that went, by kind


def trail(connection: Connection, tables: Tables, rules: Rulebook, store: str, persons: Collection[Person]) -> Trail:
    """Return what the archive of a store knows of these persons, in whatever version; each kind is read once, however many they are."""
    names: dict[str, set[str]] = {person.phone: set() for person in persons if person.phone}
    alone = frozenset(person.name for person in persons if not person.phone)
    keys: dict[str, dict[str, Person]] = {}
    numbers: set[str] = set()
    counts: dict[Person, dict[str, int]] = {person: {} for person in persons}
    for kind, table in about(tables) if persons else ():
        its, private = table.c, [name for name in rules.kinds[kind].private if name != "phone"]
        query = select(its["_key"], its.phone, its.customer_name, *(its[name] for name in private))
        rows = connection.execute(query.where(its.store == store)).all()
        mine = {row[0]: _whose(row[1], row[2], names, alone) for row in rows if _whose(row[1], row[2], names, alone)}
        for key, phone, name, *rest in rows:
            if person := mine.get(key):
                counts.setdefault(person, {})[kind] = counts.get(person, {}).get(kind, 0) + 1
                names.get(phone or "", set()).update({name} if name else ())
                numbers |= {str(each) for each in rest if each and sum(map(str.isdigit, str(each))) > _FEW_DIGITS}
        if mine:
            keys[kind] = {key: person for key, person in mine.items() if person}
    wanted = Wanted({phone: frozenset(those) for phone, those in names.items()}, alone, frozenset(numbers))
    return Trail(wanted, {kind: tuple(sorted(those)) for kind, those in keys.items()}, counts)


def _whose(phone: str | None, name: str | None, phones: Collection[str], alone: Collection[str]) -> Person | None:
    if phone:
        return Person("", phone) if phone in phones else None
    return Person(name, "") if name and name in alone else None


def buried(connection: Connection, tables: Tables, store: str) -> dict[str, datetime]:
    """Return when each person was erased last, by pseudonym."""
    tomb = tables.tombstone.c
    return dict(
        tuple(row)
        for row in connection.execute(
            select(tomb.key, tomb.at).where(tomb.store == store, tomb.key != "").order_by(tomb.at)
        )
    )


def unburied(
    connection: Connection, tables: Tables, store: str, secret: bytes, keys: Collection[str]
) -> list[tuple[str, Person]]:
    """Return who of these pseudonyms is in the archive."""
    found: set[Person] = set()
    for _, table in about(tables):
        its = table.c
        query = select(its.customer_name, its.phone).where(its.store == store).distinct()
        found |= {Person("" if phone else name or "", phone or "") for name, phone in connection.execute(query)}
    named = ((pseudonym(secret, person.phone, person.name), person) for person in sorted(found))
    return [(key, person) for key, person in named if key in keys]


def mentions(connection: Connection, tables: Tables, store: str, number: str) -> bool:
    """Say whether a number stands in any text of any record."""
    for table in tables.filled(connection, store).values():
        texts = [column for column in table.c if isinstance(column.type, Text) and column.name[:1] != "_"]
        asked = or_(*(column.contains(number, autoescape=True) for column in texts))
        if connection.execute(select(table.c["_key"]).where(table.c.store == store, asked).limit(1)).first():
            return True
    return False


def erase(
    connection: Connection, tables: Tables, rules: Rulebook, store: str, lost: Trail,
    replaced: Mapping[str, Replaced], tombs: Sequence[Tomb],
) -> int:  # fmt: skip
    """Take them out of a store, all or nothing, and return how many versions are gone; `replaced` by the SHA-256 that was handed in."""
    gone = sum(_deleted(connection, tables.kinds[kind], store, keys) for kind, keys in lost.keys.items())
    for kind, table in tables.filled(connection, store).items():
        _clean_records(connection, table, rules, kind, store, lost.wanted)
        _rename_sheets(connection, table, store, replaced)
    _clean_stood(connection, tables, store, lost)
    _clean_ledger(connection, tables, store, lost.wanted, replaced)
    for tomb in tombs:
        connection.execute(
            insert(tables.tombstone).values(
                store=store, at=tomb.at, kind=tomb.what, reason=tomb.reason, rows=sum(tomb.counts.values()), key=tomb.key,
                counts=text_of(tomb.counts),
            )
        )  # fmt: skip
    if tombs:
        said = Access(tombs[0].at, tombs[0].what, f"{len(tombs)} 位", tombs[0].who, gone, tombs[0].reason)
        put_access(connection, tables, said)
    return gone


def _deleted(connection: Connection, table: Table, store: str, keys: Iterable[str]) -> int:
    return sum(
        connection.execute(delete(table).where(table.c.store == store, table.c["_key"].in_(piece))).rowcount
        for piece in chunks(keys)
    )


def _clean_records(
    connection: Connection, table: Table, rules: Rulebook, kind: str, store: str, wanted: Wanted
) -> None:
    """Take their numbers out of everybody else's records, and their names where a record about something else names them."""
    columns = list(rules.kinds[kind].columns)
    texts = ["_key", "_scope", *(name for name in columns if isinstance(table.c[name].type, Text))]
    personal = frozenset() if rules.about_person(kind) else rules.personal(kind)
    query = select(*(table.c[name] for name in dict.fromkeys(("_version", *texts, *columns)))).where(
        table.c.store == store
    )
    changed = [
        (row, _cleaned(row, texts, personal, wanted))
        for row in connection.execute(query).mappings()
        if wanted.within("\n".join(row[name] or "" for name in texts))
    ]
    for row, values in changed:
        values["_hash"] = row_hash({name: values.get(name, row[name]) for name in columns})
        where = (table.c.store == store, table.c["_key"] == row["_key"], table.c["_version"] == row["_version"])
        connection.execute(update(table).where(*where).values(values))


def _rename_sheets(connection: Connection, table: Table, store: str, replaced: Mapping[str, Replaced]) -> None:
    for sha256, each in replaced.items():
        for old, new in each.sheets.items():
            where = (table.c.store == store, table.c["_submission"] == sha256[:16], table.c["_sheet"] == old)
            connection.execute(update(table).where(*where).values(_sheet=new))


def _cleaned(row: RowMapping, texts: Sequence[str], personal: Collection[str], wanted: Wanted) -> dict[str, Any]:
    values: dict[str, Any] = {name: wanted.without(row[name]) for name in texts if row[name]}
    if any(wanted.within(str(row[name] or "")) for name in personal):
        blank = {row[name] for name in personal if isinstance(row[name], str) and row[name]}
        values |= dict.fromkeys(personal, None)
        for name in ("_key", "_scope"):
            for said in blank:
                values[name] = values[name].replace(said, "")
    if values["_key"] != row["_key"]:
        values["_key"] += f"#{zlib.crc32(row['_key'].encode()):08x}"  # two may look alike without their numbers
    return values


def _clean_stood(connection: Connection, tables: Tables, store: str, lost: Trail) -> None:
    stood = tables.stood
    where = (
        stood.c.store == bindparam("its"),
        stood.c.night_id == bindparam("night"),
        stood.c.kind == bindparam("what"),
    )
    gone = {kind: frozenset(keys) for kind, keys in lost.keys.items()}
    query = select(stood.c.night_id, stood.c.kind, stood.c.rows).where(stood.c.store == store)
    for night, kind, content in connection.execute(query).all():
        before = unpacked(content)
        kept = [each for each in before if each[0] not in gone.get(kind, ())]
        clean = [(lost.wanted.without(key), n, said, lost.wanted.without(scope)) for key, n, said, scope in kept]
        named = {"its": store, "night": night, "what": kind}
        if not clean:
            connection.execute(delete(stood).where(*where), named)
        elif clean != before:
            connection.execute(update(stood).where(*where).values(rows=packed(clean)), named)


def _clean_ledger(
    connection: Connection, tables: Tables, store: str, wanted: Wanted, replaced: Mapping[str, Replaced]
) -> None:
    ids = {sha256[:16]: each for sha256, each in replaced.items()}
    paths = {}
    sent = tables.submission
    for row in connection.execute(select(sent).where(sent.c.store == store)).mappings().all():
        mine = replaced.get(row["sha256"])
        clean = wanted.nameless if mine else wanted.without
        values = {name: clean(row[name]) for name in ("path", "reason", "detail")}
        if values["path"] != row["path"]:
            paths[row["path"]] = values["path"]
        if mine:
            values |= {"original": mine.original, "redacted": mine.redacted}
        _put(connection, sent, row, values)
    for row in connection.execute(select(sent).where(sent.c.store == store)).mappings().all():
        _put(connection, sent, row, {"detail": led(row["detail"], paths)})
    for row in connection.execute(select(tables.hand_in).where(tables.hand_in.c.store == store)).mappings().all():
        _put(connection, tables.hand_in, row, _hand_in(dict(row), wanted, ids.get(row["submission_id"])))
    for row in connection.execute(select(tables.finding).where(tables.finding.c.store == store)).mappings().all():
        _put(connection, tables.finding, row, finding_without(dict(row), wanted, ids.get(row["submission_id"]), paths))


def _hand_in(row: Mapping[str, Any], wanted: Wanted, mine: Replaced | None) -> dict[str, str]:
    clean = wanted.nameless if mine else wanted.without
    values = {name: clean(row[name]) for name in ("scope", "covers", "heads")}
    # A guard tells a held record by its key; without it nothing of theirs is protected, and nothing of theirs stands.
    kept = [each for each in json.loads(row["guards"] or "[]") if not wanted.within(text_of(each))]
    values["guards"] = clean(text_of(kept)) if kept else ""
    return {**values, "sheet": mine.sheets.get(row["sheet"], row["sheet"]) if mine else wanted.without(row["sheet"])}


def _put(connection: Connection, table: Table, row: RowMapping, values: Mapping[str, Any]) -> None:
    changed = {name: value for name, value in values.items() if value != row[name]}
    if changed:
        where = [column == row[column.name] for column in table.primary_key.columns]
        connection.execute(update(table).where(*where).values(changed))
