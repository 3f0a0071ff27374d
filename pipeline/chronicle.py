"""Tells what became of records, in lines for a console: one record version by version, or all that is known of a person in time order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Final

from pipeline.archive.books import Book
from pipeline.archive.history import Person, Version
from pipeline.facts.places import SHOWN
from pipeline.labels import columns_of_kind, together
from pipeline.rulebook.rulebook import Rulebook
from pipeline.text import mask, mask_in

_WHO: Final = frozenset({"customer_name", "phone"})


def biography(versions: Sequence[Version], rules: Rulebook) -> Iterator[str]:
    """Yield a line per version, in the order of the days they speak of: day, kind, 现行 旧版 or 撤回, what it says, where."""
    ordered = sorted(
        versions, key=lambda each: (_day(each, rules), each.book.received, each.kind, each.key, each.number)
    )
    for version in ordered:
        columns = columns_of_kind(version.kind, rules)
        said = [
            f"{label} {text}"
            for label, specs in columns.items()
            if not (_WHO | set(rules.kinds[version.kind].dated[:1])) & specs.keys()
            and (text := together(version.values, specs, rules))
        ]
        title = rules.kinds[version.kind].title
        yield f"{_day(version, rules)}  {title}  [{_standing(version)}]  {','.join(said)}  {place(version)}"


def trace(versions: Sequence[Version], rules: Rulebook) -> Iterator[str]:
    """Yield what one record said when it came, cell by cell, and every later change, old value and new."""
    columns = columns_of_kind(versions[0].kind, rules)
    yield f"{rules.kinds[versions[0].kind].title}  {mask_in(versions[0].key)}"
    before: Mapping[str, str] = {}
    for version in versions:
        now = {label: together(version.values, specs, rules) for label, specs in columns.items()}
        yield f"第 {version.number} 版  [{_standing(version)}]  {_came(version)}"
        yield f"  出处 {place(version)}" + (f"  原件 {version.book.original}" if version.book.original else "")
        changed = [label for label in columns if now[label] != before.get(label, "")]
        for label in changed if not version.withdrawn else ():
            cell = next((version.cells[name] for name in columns[label] if version.cells.get(name)), "")
            was = f"{before[label] or '(空)'} → " if before else ""
            yield f"  {label}  {was}{now[label] or '(空)'}" + (f"  {cell}" if cell else "")
        before = now


def introduce(person: Person) -> str:
    """Return how a person is named on a console."""
    return f"{mask_in(person.name) or '(没有称呼)'}  {mask(person.phone) or '(没有电话)'}"


def grouped(persons: Sequence[Person]) -> list[Person]:
    """Return one person per phone, all its names together, and one per name that has no phone."""
    by_phone = groupby(sorted(persons, key=lambda each: each.phone), key=lambda each: each.phone)
    told: list[Person] = []
    for phone, those in by_phone:
        names = [each.name for each in those]
        told += [Person("、".join(filter(None, names)), phone)] if phone else [Person(name, "") for name in names]
    return told


def place(version: Version) -> str:
    """Return where a version is written: workbook › sheet › cell."""
    cells = version.cells
    cell = next((cells[name] for name in SHOWN if cells.get(name)), next(iter(cells.values()), f"A{version.row}"))
    return f"{mask_in(version.book.path)} › {mask_in(version.sheet)} › {cell}"


def _day(version: Version, rules: Rulebook) -> date:
    """Return the day a version speaks of, or the business day it came in where it names none."""
    said = (version.values.get(name) for name in rules.kinds[version.kind].dated)
    return next((day for day in said if day), version.on)


def _standing(version: Version) -> str:
    if version.undone:
        return "那一夜已撤销"
    return "撤回" if version.withdrawn else "现行" if version.current else "旧版"


def _came(version: Version) -> str:
    came = f"{_at(version.book)} 交来,{version.on} 收下"
    return (
        f"{_at(version.by)} 的 {mask_in(version.by.path)} 里没有了,{version.on} 撤回"
        if version.withdrawn and version.by.path
        else came
    )


def _at(book: Book) -> str:
    return f"{book.received:%Y-%m-%d %H:%M}"
