"""Finds records by whom they are about or by their key, and tells every version of each: who said what, where, when, and what became of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Table, or_, select

from pipeline.archive.books import NOWHERE, Book, books_of, cells_of
from pipeline.archive.commit import chunks
from pipeline.archive.tables import Tables
from pipeline.rulebook.rulebook import Rulebook


@dataclass(frozen=True)
class Version:
    """One version of one record: its values, the cells they stand in, the workbook, and whether it stands now.

    `on` is the business day of the run that took it in. `by` is the workbook that withdrew it, NOWHERE for any other version; `undone`: its night was taken back.
    """

    kind: str
    key: str
    number: int
    values: Mapping[str, Any]
    cells: Mapping[str, str]
    form: str
    part: str
    sheet: str
    row: int
    book: Book
    on: date
    current: bool
    withdrawn: bool
    by: Book
    undone: bool = False


@dataclass(frozen=True, order=True)
class Person:
    """A name and a phone that stand together in the archive; either may be ''."""

    name: str
    phone: str


def persons(connection: Connection, tables: Tables, store: str, who: str) -> list[Person]:
    """Return whom a phone or a name may mean: those of exactly that phone or name, else those whose name contains it."""
    asked: tuple[dict[str, ColumnElement[bool]], ...] = (
        {kind: or_(table.c.phone == who, table.c.customer_name == who) for kind, table in about(tables)},
        {kind: table.c.customer_name.icontains(who, autoescape=True) for kind, table in about(tables)},
    )
    for conditions in asked:
        found: set[Person] = set()
        for kind, condition in conditions.items():
            its = tables.kinds[kind].c
            query = select(its.customer_name, its.phone).distinct().where(its.store == store, condition)
            found |= {Person(name or "", phone or "") for name, phone in connection.execute(query)}
        if found:
            return sorted(found)
    return []


def keys_about(connection: Connection, tables: Tables, store: str, person: Person) -> dict[str, list[str]]:
    """Return per kind the keys of the records that any version writes about this person: by phone, else by name where no phone stands."""
    found = {}
    for kind, table in about(tables):
        its = table.c
        unnumbered = or_(its.phone.is_(None), its.phone == "")
        mine = its.phone == person.phone if person.phone else (its.customer_name == person.name) & unnumbered
        query = select(its["_key"]).distinct().where(its.store == store, mine).order_by(its["_key"])
        found[kind] = list(connection.scalars(query))
    return {kind: keys for kind, keys in found.items() if keys}


def keys_like(connection: Connection, tables: Tables, store: str, kind: str, pieces: Collection[str]) -> list[str]:
    """Return the keys of a kind that contain all pieces; a key given whole means that one alone."""
    its = tables.kinds[kind].c
    query = select(its["_key"]).distinct().where(its.store == store)
    exact = list(connection.scalars(query.where(its["_key"] == " ".join(pieces))))
    if exact:
        return exact
    return list(
        connection.scalars(
            query.where(*(its["_key"].icontains(piece, autoescape=True) for piece in pieces)).order_by(its["_key"])
        )
    )


def versions_of(
    connection: Connection, tables: Tables, rules: Rulebook, store: str, kind: str, keys: Sequence[str]
) -> list[Version]:
    """Return every version of these records, by key, oldest first."""
    table, night = tables.kinds[kind], tables.night.c
    columns = list(rules.kinds[kind].columns)
    books = books_of(connection, tables, store, date.max)
    return [
        _version(kind, row, columns, books)
        for piece in chunks(keys)
        for row in connection.execute(
            select(table, night.on.label("_on"), tables.counted.label("_counted"))
            .where(tables.night_of(table.c), table.c.store == store, table.c["_key"].in_(piece))
            .order_by(table.c["_key"], table.c["_later"], table.c["_version"])
        ).mappings()
    ]


def _version(kind: str, row: RowMapping, columns: Sequence[str], books: Mapping[str, Book]) -> Version:
    return Version(
        kind=kind, key=row["_key"], number=row["_version"], values={name: row[name] for name in columns},
        cells=cells_of(row["_cells"]), form=row["_form"], part=row["_part"], sheet=row["_sheet"], row=row["_row"],
        book=books.get(row["_submission"], NOWHERE), on=row["_on"], current=bool(row["_current"]),
        withdrawn=bool(row["_withdrawn"]), by=books.get(row["_by"], NOWHERE), undone=not row["_counted"],
    )  # fmt: skip


def about(tables: Tables) -> list[tuple[str, Table]]:
    """Return the kinds that are about a person."""
    return [(kind, table) for kind, table in tables.kinds.items() if {"phone", "customer_name"} <= set(table.c.keys())]
