"""Shows a record as its writer would: under the labels of the forms, codes in the words of the vocabulary, phones masked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.rulebook.form import FieldSpec
from pipeline.rulebook.rulebook import Rulebook
from pipeline.text import mask, mask_in


def columns_of_kind(kind: str, rules: Rulebook) -> Mapping[str, Mapping[str, FieldSpec]]:
    """Return label → field → how it is written, for the columns a person fills.

    What is derived from them (留档, 停留分钟) changes along with them and is not told twice; level and outcome stand in one column.
    """
    parts = [(form, part) for form in rules.forms.values() for part in form.parts.values() if part.yields == kind]
    written = [(name, spec) for form, part in parts for name, spec in (form.above | part.fields).items() if spec.labels]
    found = {field: spec for _, spec in reversed(written) for field in spec.into}
    found |= dict(reversed(written))  # a column's own label goes before that of a cell split in two
    labelled: dict[str, dict[str, FieldSpec]] = {}
    for name in rules.kinds[kind].columns:
        if name in found:
            labelled.setdefault(found[name].labels[0], {})[name] = found[name]
    return labelled


def together(values: Mapping[str, Any], specs: Mapping[str, FieldSpec], rules: Rulebook) -> str:
    """Return what stands under one label, '' for nothing."""
    shown = (shown_as(name, values.get(name), spec, rules) for name, spec in specs.items())
    return " ".join(text for text in shown if text)


def shown_as(name: str, value: Any, spec: FieldSpec, rules: Rulebook) -> str:
    """Return a value as its writer would write it; phones masked, also inside free text."""
    if value is None or (name, value) == ("outcome", "open"):
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    words = "outcome" if name == "outcome" else spec.words if spec.is_ == "code" else ""
    if words:
        return rules.shown(words, value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return (mask(value) or "") if name == "phone" else mask_in(str(value))
