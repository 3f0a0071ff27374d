"""What a house's cells have turned out to mean so far: every distinct value is parsed once, and each form's fields are put in order once.

A night's workbooks say the same few hundred things again and again: models, levels, names, days, ticks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from pipeline.grid import Value
from pipeline.model import Entry
from pipeline.rulebook.form import FieldSpec
from pipeline.rulebook.rulebook import Rulebook
from pipeline.values.keys import root_of, scope_of
from pipeline.values.meaning import meaning, words_of
from pipeline.values.meant import Meant, Slip
from pipeline.values.shape import Field, Shape, field_of, shape_of
from pipeline.values.years import When

_MOST = 10_000  # values remembered; beyond, the memory begins anew


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """A When as what was read at it goes by: there is one of each, so that it is told by what it is and not by what it says."""

    when: When


Asked: TypeAlias = tuple[Field, type, Value, str, Moment | None]  # field, class of the value, value, label, moment


class Known:
    """The memory of one rulebook; what is in it depends on nothing but the rules."""

    def __init__(self, rules: Rulebook) -> None:
        self.rules, self.words = rules, words_of(rules)
        self.plain: dict[
            Asked, tuple[Meant, str]
        ] = {}  # cells that leave no doubt: what they mean, and their label as it is told
        self.month = field_of("month", FieldSpec.model_validate({"is": "month"}), in_grid=False)
        self._meant: dict[tuple[Any, ...], Meant | Slip] = {}
        self._moments: dict[When, Moment] = {}
        self._fields: dict[tuple[str, int, bool], Field] = {}
        self._shapes: dict[tuple[str, str, tuple[str, ...]], Shape] = {}
        self._scopes: dict[tuple[str, str, tuple[str, ...]], str] = {}
        self._labels: dict[tuple[tuple[str, str], ...], Mapping[str, str]] = {}

    def moment(self, when: When) -> Moment:
        """Return the one moment of this When."""
        found = self._moments.get(when)
        if found is None:
            _make_room(self._moments)
            found = self._moments[when] = Moment(when)
        return found

    def meant(self, field: Field, value: Value, at: Moment) -> Meant | Slip:
        """Return what the cell means, from memory where the same was read before."""
        asked = (field, value.__class__, value, at if field.dated else None)
        found = self._meant.get(asked)
        if found is None:
            _make_room(self._meant)
            found = self._meant[asked] = meaning(field.name, value, field.spec, self.words, at.when)
        return found

    def keep(self, asked: Asked, meant: Meant, label: str) -> None:
        """Remember a plain cell."""
        _make_room(self.plain)
        self.plain[asked] = meant, label

    def shape(self, entry: Entry) -> Shape:
        """Return what the entry shares with all of its part that fill the same fields."""
        asked = (entry.form, entry.part, tuple(entry.cells))
        found = self._shapes.get(asked)
        if found is None:
            form, kind = self.rules.forms[entry.form], self.rules.kinds[entry.kind]
            found = self._shapes[asked] = shape_of(form, entry.part, kind, entry.cells, self._field)
        return found

    def scope(self, form: str, part: str, covers: tuple[str, ...]) -> str:
        """Return what a sheet of this part speaks for; `covers` are the texts of the fields that `speaks_for` names."""
        found = self._scopes.get((form, part, covers))
        if found is None:
            _make_room(self._scopes)
            whole = self.rules.forms[form]
            told = dict(zip(whole.speaks_for(part), covers, strict=True))
            found = self._scopes[form, part, covers] = scope_of(self.rules, form, root_of(whole, part), told)
        return found

    def labels(self, told: Mapping[str, str]) -> Mapping[str, str]:
        """Return the one copy of what these fields stand under."""
        asked = tuple(told.items())
        found = self._labels.get(asked)
        if found is None:
            _make_room(self._labels)
            found = self._labels[asked] = told
        return found

    def _field(self, name: str, spec: FieldSpec, in_grid: bool) -> Field:
        asked = (name, id(spec), in_grid)  # the rules outlive their memory
        if asked not in self._fields:
            self._fields[asked] = field_of(name, spec, in_grid)
        return self._fields[asked]


def _make_room(memory: dict[Any, Any]) -> None:
    if len(memory) >= _MOST:
        memory.clear()
