"""Says which columns and labels stand on a blank, in which order and how wide, from the rules of its form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from pipeline.rulebook.form import FieldSpec, Form, Meaning, Part
from pipeline.rulebook.rulebook import Rulebook
from pipeline.text import width

NUMBER = "序号"
_DAYS = 31
# Characters a cell of this meaning needs when filled.
_WIDTHS: dict[Meaning, float] = {
    "name": 10, "phone": 14, "date": 12, "month": 10, "time": 8.5, "time_range": 13, "minutes": 7, "count": 6, "money": 11,
    "tick": 6, "level": 6, "level_or_outcome": 7, "consultant": 10, "vin": 21, "plate": 11, "text": 12, "code": 8,
    "codes": 16, "date_range": 22, "number": 9, "id": 20, "score": 6, "unit": 11,
}  # fmt: skip
_GROUP_WIDTHS: dict[Meaning, float] = {"date": 7.5, "text": 16, "code": 6}  # narrower: groups repeat
_ARROW, _WIDEST_CODE = 4.0, 12.0  # the drop-down's arrow; longer words wrap
_DAY_WIDTH = 3.4


@dataclass(frozen=True, slots=True)
class Slot:
    """One column of a blank list, or one label of a blank card: its label, its field's rule, the group head above it."""

    label: str
    wide: float
    spec: FieldSpec | None = None
    head: str = ""
    day: bool = False
    block: str = ""  # the heading of the block that begins here

    @property
    def required(self) -> bool:
        """Whether a record is held without it."""
        return bool(self.spec and self.spec.missing == "held")


def list_slots(form: Form, name: str, rules: Rulebook, child: str = "") -> list[Slot]:
    """Return the columns of a list, with the column groups or days of one of the parts under it."""
    part = form.parts[name]
    found = [Slot(NUMBER, 5.5)] if NUMBER in form.ignores else []
    found += part_slots(part, rules)
    if child:
        found += _group_slots(form.parts[child], rules)
    return found


def part_slots(part: Part, rules: Rulebook) -> list[Slot]:
    """Return the labels of a part's own fields, in the order of the rules."""
    headings = {name: heading for heading, name in part.layout.blocks.items()}
    return [
        replace(_slot(spec, rules), block=headings.get(name, ""))
        for name, spec in part.fields.items()
        if spec.labels and spec.on_blank
    ]


def above_slots(form: Form, rules: Rulebook) -> list[Slot]:
    """Return the labels above the first table."""
    return [_slot(spec, rules) for spec in form.above.values() if spec.labels and spec.on_blank]


def _group_slots(part: Part, rules: Rulebook) -> Iterator[Slot]:
    """Yield a part's repeated columns, then those that stand once per row, then its tail."""
    fields = [spec for spec in part.fields.values() if spec.on_blank]
    if part.layout.kind == "month_grid":
        spec = next(spec for spec in fields if not spec.labels)
        yield from (Slot(str(day), _DAY_WIDTH, spec, day=True) for day in range(1, _DAYS + 1))
        yield from (_slot(spec, rules) for spec in fields if spec.labels)
    else:
        for number in range(1, part.layout.groups + 1):
            head = part.layout.heads[0].replace("{n}", str(number))
            yield from (_slot(spec, rules, head) for spec in fields if spec.labels and not spec.once)
        yield from (_slot(spec, rules) for spec in fields if spec.once)
    yield from (Slot(word, _WIDTHS["text"]) for word in part.layout.tail)


def _slot(spec: FieldSpec, rules: Rulebook, head: str = "") -> Slot:
    label = spec.labels[0]
    natural = (_GROUP_WIDTHS if head else {}).get(spec.is_, _WIDTHS[spec.is_])
    if spec.is_ == "code" and not head:
        longest = max(width(rules.shown(spec.words, code)) for code in rules.vocabulary[spec.words].words)
        natural = min(max(natural, longest + _ARROW), _WIDEST_CODE)
    # A label of a group may stand in two lines under its head.
    named = width(label) / 2 + 2 if head else width(label) + 2
    return Slot(label, spec.width or max(natural, named), spec, head)
