"""Gathers what the property registers say of each unit, as it stands at the end of the day.

19#-0201, 19#-201 ─→ one unit of its 管理处     left, returned, cancelled ─→ not on record any more     dated after the day ─→ not yet
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from pipeline.ledgers import Row, rows_of_kind
from pipeline.view import View

Place = tuple[str, str]  # 管理处, 房号 in comparable form
_ZEROS = re.compile(r"(?<![0-9A-Z])0+(?=\d)")
_NO_DIGIT = re.compile(r"\D")
# Register → the column that ends a row; a row is on record until that day comes.
_ENDS: Final[Mapping[str, str]] = {
    "property_profile": "left_on", "property_bike": "returned_on", "property_parking_pass": "returned_on", "property_user_card": "returned_on",
    "property_foreign_staff": "left_on", "property_foreign_office": "left_on",
}  # fmt: skip
_BEGINS: Final[Mapping[str, str]] = {"property_event": "happened_on", "property_meter": "read_on"}
_PLAIN: Final = ("property_emergency", "property_key", "property_parking")
Registers = Mapping[str, Sequence[Row]]
_LET: Final = ("rented", "bought")


@dataclass(frozen=True)
class Unit:
    """One unit: its 管理处, its number as first written, the rows of each register that are on record, and its phone numbers."""

    site: str
    name: str
    rows: Mapping[str, Sequence[Row]]
    phones: Sequence[str]

    def of(self, register: str) -> Sequence[Row]:
        """Return the rows of a register, named without `property_`."""
        return self.rows.get(f"property_{register}", ())


def registers_of(view: View) -> Registers:
    """Return the rows of every property register; where only one 管理处 is named at all, what names none is its."""
    kinds = (*_PLAIN, *_ENDS, *_BEGINS, "property_phone_stock", *_ORDERS)
    found = {kind: rows_of_kind(view, kind) for kind in kinds}
    sites = {str(row["site"]) for rows in found.values() for row in rows if row["site"]}
    only = sites.pop() if len(sites) == 1 else ""
    return {kind: [{**row, "site": row["site"] or only} for row in rows] for kind, rows in found.items()}


def units(registers: Registers, on: date) -> list[Unit]:
    """Return every unit that a register names, in the order of 管理处 and number."""
    names: dict[Place, str] = {}
    found: dict[Place, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for kind in (*_PLAIN, *_ENDS, *_BEGINS):
        for row in registers[kind]:
            if row.get("unit") and _stands(kind, row, on):
                names.setdefault(place_of(row), str(row["unit"]))
                found[place_of(row)][kind].append(row)
    phones: dict[Place, list[str]] = defaultdict(list)
    for number, place, name in _phones(registers, on):
        names.setdefault(place, name)
        phones[place].append(number)
    return [Unit(place[0], names[place], found[place], sorted(phones[place])) for place in sorted(names, key=_in_order)]


def place_of(row: Row, name: str = "unit") -> Place:
    """Return where a row belongs: 管理处 and the 房号 without leading zeros."""
    return str(row.get("site") or ""), _ZEROS.sub("", str(row[name]))


def let(row: Row) -> bool:
    """Say whether a parking space or a number is somebody's."""
    return row["state"] in _LET


def _stands(kind: str, row: Row, on: date) -> bool:
    end, begin = row.get(_ENDS.get(kind, "")), row.get(_BEGINS.get(kind, ""))
    if kind == "property_parking" and not let(row):
        return False
    return not (isinstance(end, date) and end <= on) and not (isinstance(begin, date) and begin > on)


def _in_order(place: Place) -> tuple[str, list[tuple[int, str]]]:
    """Sort 2#-501 before 19#-201: figures as figures."""
    return place[0], [
        (int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", place[1]) if part
    ]


def _phones(registers: Registers, on: date) -> list[tuple[str, Place, str]]:
    """Return each number with the unit that has it, and how that was written, after all that was let, installed, changed, transferred and moved by the end of the day."""
    at: dict[tuple[str, str], tuple[str, Place, str]] = {}
    for _, row, old, new, where in sorted(_steps(registers, on), key=lambda step: step[0]):
        before = at.pop(_number(row, old), None) if old else None
        if row.get(where):
            at[_number(row, new)] = str(row[new]), place_of(row, where), str(row[where])
        elif before:
            at[_number(row, new)] = str(row[new]), *before[1:]
    return list(at.values())


def _number(row: Row, name: str) -> tuple[str, str]:
    return str(row.get("site") or ""), _NO_DIGIT.sub("", str(row[name])) or str(row[name])


# Register → the number it takes away, the number it gives, the unit that has it then.
_ORDERS: Final[Mapping[str, tuple[str, str, str]]] = {
    "property_phone_install": ("", "new_phone", "unit"),
    "property_phone_change": ("old_phone", "new_phone", "unit"),
    "property_phone_transfer": ("moved_phone", "moved_phone", "unit"),
    "property_phone_move": ("moved_phone", "moved_phone", "to_unit"),
}


def _steps(registers: Registers, on: date) -> Iterator[tuple[date, Row, str, str, str]]:
    """Yield what happened to numbers: the day, the row, the number taken and given, the unit; orders still open change nothing."""
    for row in registers["property_phone_stock"]:
        if let(row) and row.get("unit") and (row["rent_from"] or date.min) <= on:
            yield row["rent_from"] or date.min, row, "", "stock_phone", "unit"
    for kind, (old, new, where) in _ORDERS.items():
        for row in registers[kind]:
            if row["done_on"] and row["done_on"] <= on and row.get(new):
                yield row["done_on"], row, old, new, where
