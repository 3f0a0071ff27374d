"""What entries of one part that fill the same fields have in common, worked out once for all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

from pipeline.rulebook.form import FieldSpec, Form, Kind, Part

_OWN_DAYS = ("done_on", "worked_on", "delivered_on", "ordered_on", "planned_on")  # a planned day is told by these
_DATED = frozenset({"date", "month", "date_range"})


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """A field as its entry is read: whether it names a day to come, the fields whose day tells its year, whether what it means hangs on the time it was
    written at, and whether it stands in the cells of a month grid.
    """

    name: str
    spec: FieldSpec
    ahead: bool
    days: tuple[str, ...]
    dated: bool
    in_grid: bool


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """A part with the fields that an entry of it fills, in the order they are read; `grid` is the field in the cells of a month grid, '' for none.

    `required` are fields without which a record is held, `below` what each part that stands under this one inherits,
    `once` the fields that stand once a row, for the group they belong to.
    """

    part: Part
    kind: Kind
    fields: tuple[Field, ...]
    covers: tuple[str, ...]
    required: frozenset[str]
    below: tuple[tuple[str, ...], ...]
    once: tuple[tuple[str, FieldSpec], ...]
    grid: str


Made: TypeAlias = Callable[[str, FieldSpec, bool], Field]


def shape_of(form: Form, name: str, kind: Kind, fields: Iterable[str], made: Made) -> Shape:
    """Return the shape of a part's entries that fill these fields; planned days are read last, for the day of the contact itself tells their year."""
    part = form.parts[name]
    grid = next(iter(part.fields)) if part.layout.kind == "month_grid" else ""
    specs = sorted([(each, form.spec(name, each)) for each in fields], key=_last)
    asked = {each: form.spec(name, each) for each in (*part.fields, *part.inherits, *form.above)}
    return Shape(
        part=part, kind=kind, fields=tuple(made(each, spec, each == grid) for each, spec in specs if spec is not None),
        covers=form.speaks_for(name), required=frozenset(each for each, spec in asked.items() if spec and spec.missing == "held"),
        below=tuple(child.inherits for child in form.parts.values() if child.under == name),
        once=tuple((each, spec) for each, spec in part.fields.items() if spec.once), grid=grid,
    )  # fmt: skip


def field_of(name: str, spec: FieldSpec, in_grid: bool) -> Field:
    """Return a field as its entries are read."""
    return Field(
        name=name, spec=spec, ahead=is_ahead(name) or bool(spec.counts_from), days=(spec.counts_from,) if spec.counts_from else _OWN_DAYS,
        dated=spec.is_ in _DATED, in_grid=in_grid,
    )  # fmt: skip


def _last(field: tuple[str, FieldSpec | None]) -> tuple[bool, bool, bool]:
    """Sort fields that hang on another's day behind it: planned days, the next one, what is counted from a day."""
    name, spec = field
    return bool(spec and spec.counts_from), is_ahead(name), name == "next_on"


def is_ahead(name: str) -> bool:
    """Say whether a field names a day still to come when it was written."""
    return name in {"planned_on", "next_on"}
