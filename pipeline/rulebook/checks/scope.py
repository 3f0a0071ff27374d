"""Which names a part knows, what each stores, and which codes it may hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.rulebook.form import FieldSpec, Form, Meaning, Part, Store
from pipeline.rulebook.rulebook import Rulebook
from pipeline.rulebook.stores import store_of

_VOCABULARIES: Mapping[Meaning, tuple[str, ...]] = {"level": ("level",), "level_or_outcome": ("level",)}


@dataclass(frozen=True)
class Scope:
    """One part with the names its rules may use: name → what it stores. `columns` are those of the kind it yields."""

    form: Form
    name: str
    part: Part
    columns: Mapping[str, Store]
    names: Mapping[str, Store]

    def keys(self, *rest: str | int) -> tuple[str | int, ...]:
        """Return the place of something in this part."""
        return (self.form.form, "parts", self.name, *rest)

    def codes(self, rules: Rulebook, name: str) -> frozenset[str] | None:
        """Return the codes a name may hold, or None where any text may stand."""
        store = self.names.get(name)
        if store == "tick":
            return frozenset({"true", "false"})
        vocabularies = self._vocabularies(name)
        found = [rules.vocabulary[each] for each in vocabularies if each in rules.vocabulary]
        if not found or any(each.open for each in found):
            return None
        more = ("open",) if "outcome" in vocabularies else ()
        return frozenset((*(code for each in found for code in each.words), *more))

    def _vocabularies(self, name: str) -> tuple[str, ...]:
        if name.endswith("_why"):
            spec = self.form.spec(self.name, name.removesuffix("_why"))
            return (spec.words or "phone_words",) if spec else ()
        split = next(
            (spec for spec in self.part.fields.values() if spec.is_ == "level_or_outcome" and name in spec.into[1:]),
            None,
        )
        if split:
            return ("outcome",)
        spec = self.form.spec(self.name, name)
        return (spec.words,) if spec and spec.is_ == "code" else _VOCABULARIES.get(spec.is_, ()) if spec else ()


def scopes(rules: Rulebook) -> tuple[Scope, ...]:
    """Return the scope of every part whose kind exists; of two kinds of one name each form sees its own."""
    return tuple(
        scope_of(form, name, kinds[part.yields].columns)
        for form in rules.forms.values()
        for kinds in ({**rules.kinds, **rules.core_kinds, **form.kinds},)
        for name, part in form.parts.items()
        if part.yields in kinds
    )


def scope_of(form: Form, name: str, columns: Mapping[str, Store]) -> Scope:
    """Return the scope of one part."""
    part = form.parts[name]
    given = (
        *part.fields,
        *part.inherits,
        *(() if part.under else form.above),
        *(("month",) if part.layout.kind == "month_grid" else ()),
    )
    names: dict[str, Store] = {}
    for field in given:
        spec = form.spec(name, field)
        names |= {field: store_of(spec)} if spec and not spec.into else {}
        names |= dict.fromkeys(spec.into, store_of(spec)) if spec else {}
        names |= _words(field, spec)
    return Scope(form, name, part, columns, {**names, **columns})


def _words(field: str, spec: FieldSpec | None) -> dict[str, Store]:
    """A phone cell that holds words offers them."""
    return {f"{field}_words": "text", f"{field}_why": "text"} if spec and spec.is_ == "phone" else {}
