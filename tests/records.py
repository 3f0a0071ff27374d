"""Draws records as the stages before validation leave them."""

from __future__ import annotations

from datetime import date
from typing import Any

from pipeline.grid import address
from pipeline.model import Finding, Record
from pipeline.rulebook.rulebook import Rulebook
from pipeline.rulebook.stores import store_of

TODAY = date(2026, 11, 5)
REGISTER = "visitor_register/visits"
ROUNDS = "level_tracker/rounds"


def records(rules: Rulebook, place: str, *lines: str, sheet: str = "Sheet1", first: int = 0) -> list[Record]:
    """Return records drawn as a table under field names: blank = blank, `?` = could not be read, cells as they stand, from row 2."""
    names, *rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines]
    form, part = place.split("/")
    kind = rules.forms[form].parts[part].yields
    drawn = []
    for row, cells in enumerate(rows, 1):
        said = dict(zip(names, cells, strict=True))
        values = {name: typed(rules, place, name, text) for name, text in said.items()}
        columns = rules.kinds[kind].columns
        drawn.append(
            Record(
                kind=kind,
                form=form,
                part=part,
                sheet=sheet,
                row=row + 1,
                order=first + row - 1,
                anchor=f"A{row + 1}",
                values={name: values.get(name) for name in columns},
                labels={name: name for name in names},
                cells={name: address(row, column) for column, name in enumerate(names)},
                context={name: value for name, value in values.items() if name not in columns}
                | {"_unread": tuple(name for name, text in said.items() if text == "?")},
            )
        )
    return drawn


def typed(rules: Rulebook, place: str, name: str, text: str) -> Any:
    """Return a drawn text as the kind stores it."""
    form, part = place.split("/")
    stores = rules.kinds[rules.forms[form].parts[part].yields].columns
    store = stores.get(name) or store_of(rules.forms[form].spec(part, name))
    if text in ("", "?"):
        return None
    if store == "date":
        return date.fromisoformat(text)
    if store == "tick":
        return text == "√"
    return int(text) if store == "count" else text


def said(found: list[Finding]) -> list[tuple[str, str, str]]:
    """Return code, level and cell of each finding."""
    return [(finding.code, finding.level, finding.cell) for finding in found]
