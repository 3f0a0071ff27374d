"""Gathers what the rules ask of the records of each kind: fields that must be filled, and the rules of each part.

A kind may be fed by many parts of many forms; every demand knows the one part it speaks to.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pipeline.model import Level
from pipeline.rulebook.form import FieldSpec, Form, Need, Part, Rule, Store
from pipeline.rulebook.rulebook import Rulebook
from pipeline.rulebook.stores import store_of

Codes = Mapping[str, tuple[str, ...]]
_LEVELS: Mapping[str, Level] = {"held": "error", "warned": "warning"}


@dataclass(frozen=True)
class Demand:
    """One thing asked of the records of one part; `name` is unique in its kind, `field` is the one whose cell is blamed.

    It is asked where `when` applies and none of `unless` does, and never of a record that has an unreadable cell among `fields`.
    """

    name: str
    form: str
    part: str
    field: str
    need: Need
    level: Level
    fields: tuple[str, ...]
    when: Codes
    unless: tuple[Codes, ...] = ()
    rule: Rule | None = None  # None: a required field


def demands(rules: Rulebook, kind: str) -> tuple[Demand, ...]:
    """Return everything asked of the records of a kind, form by form, errors of a part before its warnings."""
    found: list[Demand] = []
    for form in rules.forms.values():
        for name, part in form.parts.items():
            if part.yields == kind:
                asked = [*_required(form, name, part), *(_ruled(form, name, rule) for rule in part.rules)]
                found += sorted(asked, key=lambda demand: demand.level != "error")
    return tuple(found)


def around(rules: Rulebook, kind: str, asked: tuple[Demand, ...]) -> dict[str, Store]:
    """Return the values asked about that are no columns of the kind (first_contact_on of a follow-up), with what they store."""
    found: dict[str, Store] = {}
    for demand in asked:
        form = rules.forms[demand.form]
        for name in {*demand.fields, *(name for codes in demand.unless for name in codes)} - set(
            rules.kinds[kind].columns
        ):
            found[name] = store_of(form.spec(demand.part, name))
    return dict(sorted(found.items()))


def _required(form: Form, name: str, part: Part) -> Iterator[Demand]:
    """Required fields: the part's own, those it inherits, and, for a part that stands under no other, those above."""
    fields = dict.fromkeys((*part.fields, *part.inherits, *(() if part.under else form.above)))
    for field in fields:
        spec = form.spec(name, field)
        if spec is None or spec.missing == "fine" or spec.once:
            continue
        columns = spec.into or (field,)
        yield Demand(
            name=f"{form.form}/{name}/{field}", form=form.form, part=name, field=field, need=Need(any_filled=columns),
            level=_LEVELS[spec.missing], fields=tuple(dict.fromkeys((field, *columns))), when={}, unless=tuple(_excuses(part, field, spec)),
        )  # fmt: skip


def _excuses(part: Part, field: str, spec: FieldSpec) -> Iterator[Codes]:
    """What stands for a blank field: words in a phone cell, or a derivation that emptied it."""
    if spec.is_ == "phone" and spec.words:
        yield {f"{field}_words": ("filled",)}
    emptied = part.derive.get((spec.into or (field,))[0])
    if emptied is not None and emptied.clear:
        yield emptied.when


def _ruled(form: Form, name: str, rule: Rule) -> Demand:
    level: Level = "warning" if rule.trial else rule.level
    return Demand(
        name=f"{form.form}/{name}/rule {rule.id}", form=form.form, part=name, field=rule.cell or rule.need.fields[0], need=rule.need,
        level=level, fields=tuple(dict.fromkeys((*rule.need.fields, *rule.when))), when=rule.when, rule=rule,
    )  # fmt: skip
