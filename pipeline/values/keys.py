"""Names a record by its natural key, and the sheet it stands on by what the sheet speaks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

from pipeline.model import HandIn, Record
from pipeline.rulebook.form import Form, Kind
from pipeline.rulebook.rulebook import Rulebook


def key_of(kind: Kind, form: str, values: Mapping[str, Any], needed: AbstractSet[str]) -> str:
    """Return the natural key as one text, '' while it cannot be told.

    `needed` are fields without which nothing can be told: required ones, and those that could not be read. Others may stay blank
    (a deal without 车架号 and 订购日期 is still a deal).
    """
    told = []
    for names in _alternatives(kind.key):
        text = ""
        for name in names:
            text = shown(values[name]) if name in values else form if name == "form" else ""
            if text:
                break
        else:
            if not needed.isdisjoint(names):
                return ""
        told.append(text)
    return "|".join(told) if any(told) else ""


@cache
def _alternatives(key: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(part.split("|")) for part in key)


def shown(value: Any) -> str:
    """Return a value as keys and scopes show it: '' for blank, ISO texts for days."""
    if value.__class__ is str:
        return value
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value)


def numbered(records: Sequence[Record]) -> list[Record]:
    """Return the records with equal keys of one kind and sheet told apart: the second is `#2` (contract 7)."""
    seen: dict[tuple[str, str, str], int] = {}
    told = []
    for record in records:
        place = (record.sheet, record.kind, record.key)
        seen[place] = number = seen.get(place, 0) + 1
        again = record.key and number > 1
        told.append(replace(record, key=f"{record.key}#{number}") if again else record)
    return told


def root_of(form: Form, part: str) -> str:
    """Return the part at the top of the family a part belongs to: the one a hand-in speaks for."""
    while form.parts[part].under:
        part = form.parts[part].under
    return part


def scope_of(rules: Rulebook, form: str, family: str, covers: Mapping[str, str]) -> str:
    """Return what a sheet speaks for as one text, the same as HandIn.scope: form, root part, and each covering field's value."""
    told = {name: covers.get(name, "").replace("|", "｜") for name in rules.forms[form].speaks_for(family)}
    return HandIn(form, family, "", told, 0, 0).scope
