"""What a house's cells have turned out to mean so far: every distinct value is parsed once, and each form's fields are put in order once.

A night's workbooks say the same few hundred things again and again: models, levels, names, days, ticks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pipeline.grid import Value
from pipeline.model import Entry
from pipeline.rulebook.form import FieldSpec
from pipeline.rulebook.rulebook import Rulebook
from pipeline.values.keys import root_of, scope_of
from pipeline.values.meaning import meaning, words_of
from pipeline.values.meant import Meant, Slip
from pipeline.values.years import When

_OWN_DAYS = ("done_on", "worked_on", "delivered_on", "ordered_on", "planned_on")  # a planned day is told by these
_DATED = frozenset({"date", "month", "date_range"})
_SAID_BY_A_BLANK = frozenset({"tick", *_DATED})  # a blank tick may be a no
_MOST = 50_000  # values remembered; beyond, the memory begins anew


@dataclass(frozen=True, slots=True)
class Field:
    """A field as its entry is read: whether it names a day to come, the fields whose day tells its year, and whether a blank may say something."""

    name: str
    spec: FieldSpec
    ahead: bool
    days: tuple[str, ...]
    blank_says: bool


class Known:
    """The memory of one rulebook; what is in it depends on nothing but the rules."""

    def __init__(self, rules: Rulebook) -> None:
        self.rules, self.words = rules, words_of(rules)
        self._meant: dict[tuple[Any, ...], Meant | Slip] = {}
        self._fields: dict[tuple[str, str, tuple[str, ...]], tuple[Field, ...]] = {}
        self._required: dict[tuple[str, str], frozenset[str]] = {}
        self._scopes: dict[tuple[str, str, tuple[str, ...]], str] = {}

    def meant(self, name: str, value: Value, spec: FieldSpec, when: When) -> Meant | Slip:
        """Return what the cell means, from memory where the same was read before."""
        asked = (name, id(spec), value.__class__, value, when if spec.is_ in _DATED else None)
        found = self._meant.get(asked)
        if found is None:
            if len(self._meant) >= _MOST:
                self._meant.clear()
            found = self._meant[asked] = meaning(name, value, spec, self.words, when)
        return found

    def fields(self, entry: Entry) -> tuple[Field, ...]:
        """Return the entry's fields in the order they are read: planned days last, for the day of the contact itself tells their year."""
        asked = (entry.form, entry.part, tuple(entry.cells))
        found = self._fields.get(asked)
        if found is None:
            form = self.rules.forms[entry.form]
            specs = [(name, form.spec(entry.part, name)) for name in entry.cells]
            found = self._fields[asked] = tuple(
                Field(
                    name,
                    spec,
                    is_ahead(name) or bool(spec.counts_from),
                    (spec.counts_from,) if spec.counts_from else _OWN_DAYS,
                    spec.is_ in _SAID_BY_A_BLANK,
                )
                for name, spec in sorted(specs, key=_last)
                if spec is not None
            )
        return found

    def required(self, form: str, part: str) -> frozenset[str]:
        """Return the fields without which a record of this part is held."""
        found = self._required.get((form, part))
        if found is None:
            whole = self.rules.forms[form]
            names = (*whole.parts[part].fields, *whole.parts[part].inherits, *whole.above)
            specs = {name: whole.spec(part, name) for name in names}
            found = self._required[form, part] = frozenset(
                name for name, spec in specs.items() if spec and spec.missing == "held"
            )
        return found

    def scope(self, form: str, part: str, covers: tuple[str, ...]) -> str:
        """Return what a sheet of this part speaks for; `covers` are the texts of the fields that `speaks_for` names."""
        found = self._scopes.get((form, part, covers))
        if found is None:
            if len(self._scopes) >= _MOST:
                self._scopes.clear()
            whole = self.rules.forms[form]
            told = dict(zip(whole.speaks_for(part), covers, strict=True))
            found = self._scopes[form, part, covers] = scope_of(self.rules, form, root_of(whole, part), told)
        return found


def _last(field: tuple[str, FieldSpec | None]) -> tuple[bool, bool, bool]:
    """Sort fields that hang on another's day behind it: planned days, the next one, what is counted from a day."""
    name, spec = field
    return bool(spec and spec.counts_from), is_ahead(name), name == "next_on"


def is_ahead(name: str) -> bool:
    """Say whether a field names a day still to come when it was written."""
    return name in {"planned_on", "next_on"}
