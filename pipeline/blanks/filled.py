"""What stands already on a blank when somebody gets it: the day and the name above, and lines of its lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import TypeAlias

from pipeline.blanks.slots import Slot
from pipeline.rulebook.form import FieldSpec, Part

Cell: TypeAlias = str | float | date
Line: TypeAlias = Mapping[str, Cell]


@dataclass(frozen=True)
class Filled:
    """Field → value above the lists, and part → its first lines, each field → value; a field the blank lacks is left out."""

    above: Line = field(default_factory=lambda: MappingProxyType({}))
    lines: Mapping[str, Sequence[Line]] = field(default_factory=lambda: MappingProxyType({}))


NOTHING = Filled()


def printed(part: Part) -> list[Line]:
    """Return what a checklist prints: a line an item."""
    return [
        {"item_no": item.no, "item": item.text, "area": item.area, "scale": item.scale, **item.prints}
        for item in part.items
    ]


def in_slot(slot: Slot, fields: Mapping[str, FieldSpec], lines: Sequence[Line]) -> list[Cell]:
    """Return what stands in a slot, line after line; '' where nothing does."""
    name = next((name for name, spec in fields.items() if spec is slot.spec), "")
    return [line.get(name, "") for line in lines]
