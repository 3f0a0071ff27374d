"""Where an unkept demand is said: the guilty cell and label; for a label the sheet does not have at all, one place for all.

the field's own cell → the cell its value came from (进店-离店) → another cell the rule looked at → no such column: once a sheet, or once a card
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.demands.ask import Demand
from pipeline.model import Record
from pipeline.rulebook.form import Form
from pipeline.rulebook.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Place:
    """A cell, the label it stands under, and whether the sheet lacks the label altogether."""

    cell: str
    label: str
    absent: bool = False


class Places:
    """The places of one night's findings."""

    def __init__(self, batch: Sequence[tuple[str, Record]], rules: Rulebook) -> None:
        self._rules = rules
        self._cards = _cards(batch, rules)
        self._absent: dict[tuple[str, str, str, int, str], str] = {}

    def of(self, path: str, record: Record, demand: Demand) -> Place:
        """Return where the demand is said of this record."""
        form = self._rules.forms[record.form]
        for name in (*_sources(form, record.part, demand.field), *(() if demand.rule is None else demand.need.fields)):
            if name in record.cells:
                return Place(record.cells[name], record.labels.get(name) or label_of(form, record.part, demand.field))
        label = label_of(form, record.part, demand.field)
        if demand.rule is not None:
            return Place(record.anchor, label)
        card = self._cards.get((path, record.order), 0)
        return Place(
            self._absent.setdefault((path, record.sheet, record.form, card, demand.field), record.anchor),
            label,
            absent=True,
        )


def label_of(form: Form, part: str, field: str) -> str:
    """Return the form's own word for a field."""
    for name in _sources(form, part, field):
        spec = form.spec(part, name)
        if spec is not None and spec.labels:
            return spec.labels[0]
    return field


def _sources(form: Form, part: str, field: str) -> tuple[str, ...]:
    """Return the fields whose cell may hold this one: itself, and a range that is split into it."""
    return (field, *(name for name, spec in form.parts[part].fields.items() if field in spec.into))


def _cards(batch: Sequence[tuple[str, Record]], rules: Rulebook) -> dict[tuple[str, int], int]:
    """Return for every record on a card or below one which card of its workbook that is."""
    cards: dict[tuple[str, int], int] = {}
    seen: dict[str, int] = {}
    for path, record in batch:
        form = rules.forms[record.form]
        if form.root(record.part).layout.kind in ("card", "repeat"):
            seen[path] = seen.get(path, 0) + (not form.parts[record.part].under)
            cards[path, record.order] = seen[path]
    return cards
