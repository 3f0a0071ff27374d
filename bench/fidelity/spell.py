"""The plainest spelling of every value: what our own blank asks for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bench.fidelity.sketch import Ink
from pipeline.demo.spelling import Cell
from pipeline.rulebook.form import FieldSpec
from pipeline.rulebook.rulebook import Rulebook

PLANNED = "planned"


class Pen:
    """Spells one form's values."""

    def __init__(self, rules: Rulebook, form: str) -> None:
        self.rules, self.form = rules, rules.forms[form]

    def spec(self, part: str, name: str) -> tuple[Mapping[str, FieldSpec], FieldSpec | None]:
        """Return a field's rules and the fields it stands among; those of a group are found from the list it stands in."""
        base, group, _ = name.partition("@")
        own = self.form.parts[part].fields if part else self.form.above
        below = [each.fields for each in self.form.parts.values() if each.under == part]
        for fields in (*below, own) if group else (own, *below):
            if base in fields:
                return fields, fields[base]
        return self.form.above, self.form.above.get(base)

    def is_(self, part: str, name: str) -> str:
        """Return what a cell of this field is."""
        spec = self.spec(part, name)[1]
        return spec.is_ if spec else "text"

    def words(self, part: str, name: str) -> str:
        """Return the vocabulary of a field."""
        spec = self.spec(part, name)[1]
        return spec.words if spec else ""

    def plain(self, part: str, name: str, value: Any) -> Cell | Ink:
        """Return the value as our blank asks for it."""
        if isinstance(value, Ink) or value is None:
            return value
        is_ = self.is_(part, name)
        if isinstance(value, bool):
            return "√" if value else None
        if is_ == "code":
            return self.rules.shown(self.words(part, name), value)
        if is_ in {"level", "level_or_outcome"}:
            return "*" if value == PLANNED else value if len(value) == 1 else self.rules.shown("outcome", value)
        if is_ == "time":
            return f"{int(value[:2])}:{value[3:]}"
        return value  # type: ignore[no-any-return]

    def row(self, part: str, cells: Mapping[str, Any]) -> dict[str, Cell | Ink]:
        """Return a line's cells, spelt."""
        return {name: self.plain(part, name, value) for name, value in cells.items()}
