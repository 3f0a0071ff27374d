"""Checks how the parts of a form hang together: what stands under what, which fields they name."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.rulebook.checks.fault import Fault, Keys, unknown
from pipeline.rulebook.checks.scope import Scope
from pipeline.rulebook.form import CARDS, Form, Part
from pipeline.rulebook.rulebook import Rulebook

_INSIDE = ("groups", "month_grid")


def check_forms(rules: Rulebook, kinds: frozenset[str]) -> Iterator[Fault]:
    """Yield what is wrong with the forms' parts; `kinds` are all kinds that are named, sound or not."""
    for form in rules.forms.values():
        for name, part in form.parts.items():
            if part.yields not in kinds:
                yield unknown("forms", (form.form, "parts", name, "yields"), "记录种类", part.yields, kinds)
        yield from _tree(form)
        yield from _kinds(form, rules)
        known = sum(len(part.fields) for part in form.parts.values()) + len(form.above)
        if form.recognise.labels > known:
            yield Fault("forms", (form.form, "recognise", "labels"), f"这种表一共只有 {known} 个栏目,永远认不出来")
        ends = rules.row_words.get("end", ())
        if form.signs and form.signs[0] not in ends:
            yield unknown("forms", (form.form, "signs", 0), "表格结束语(row_words.yaml 的 end)", form.signs[0], ends)


def check_part(scope: Scope) -> Iterator[Fault]:
    """Yield what is wrong with the fields a part names."""
    form, part = scope.form, scope.part
    for name in part.needs:
        if name not in part.fields:
            yield unknown("forms", scope.keys("needs"), "栏目", name, part.fields)
    yield from _blocks(scope)
    if part.inherits and not part.under:
        yield Fault("forms", scope.keys("inherits"), "只有写了 under 的部分才能 inherits")
    over = form.parts.get(part.under)
    offered = {*form.above, *((*over.fields, *over.inherits) if over else ())}
    for name in part.inherits if over else ():
        if name not in offered:
            yield unknown("forms", scope.keys("inherits"), "栏目", name, offered)
    if part.owned_by and part.owned_by not in scope.names:
        yield unknown("forms", scope.keys("owned_by"), "栏目", part.owned_by, scope.names)
    place = scope.keys("covers") if part.covers else (form.form, "covers")
    for name in form.speaks_for(scope.name) if not part.under else ():
        if name not in scope.names:
            yield unknown("forms", place, f"栏目({scope.name} 里)", name, scope.names)


def _blocks(scope: Scope) -> Iterator[Fault]:
    """Headings stand on cards, each before a field of the part."""
    layout = scope.part.layout
    for heading, name in layout.blocks.items():
        if name not in scope.part.fields:
            yield unknown("forms", scope.keys("layout", "blocks", heading), "栏目", name, scope.part.fields)
        elif layout.kind not in CARDS:
            yield Fault("forms", scope.keys("layout", "blocks"), "blocks 只用于 card 和 repeat")


def _tree(form: Form) -> Iterator[Fault]:
    for name, part in form.parts.items():
        place = (form.form, "parts", name)
        if part.under and part.under not in form.parts:
            yield unknown("forms", (*place, "under"), "部分", part.under, form.parts)
        elif part.under and form.root(name).under:
            yield Fault("forms", (*place, "under"), f"{name} 绕了一圈又回到自己下面")
        if part.layout.kind in _INSIDE and not part.under:
            yield Fault("forms", (*place, "layout", "kind"), f"{part.layout.kind} 要写明 under:它站在哪一部分的行里")
        if (part.layout.kind == "checklist") != bool(part.items):
            yield Fault("forms", (*place, "items"), "checklist 要写 items(固定的项目),别的版式不写")
        yield from _items(part, place)
        if part.layout.kind == "groups" and not part.layout.heads:
            yield Fault("forms", (*place, "layout"), "groups 要写 heads,例 第{n}次回访")
        for number, head in enumerate(part.layout.heads):
            if head.count("{n}") != 1:
                yield Fault("forms", (*place, "layout", "heads", number), f"「{head}」里要有一个 {{n}},代表第几次")


def _items(part: Part, place: Keys) -> Iterator[Fault]:
    """Each item has its own number, and the part has the fields that take it."""
    numbers = [item.no for item in part.items]
    for number, no in enumerate(numbers):
        if no in numbers[:number]:
            yield Fault("forms", (*place, "items", number, "no"), f"项目编号 {no} 写了两次")
    prefilled = [name for name, spec in part.fields.items() if spec.prefilled]
    for number, item in enumerate(part.items):
        for name in item.prints:
            if name not in prefilled:
                yield unknown(
                    "forms", (*place, "items", number, "prints"), "预先印好(prefilled)的栏目", name, prefilled
                )
    for name in ("item_no", *(("score",) if any(item.scale for item in part.items) else ())):
        if part.items and name not in part.fields:
            yield unknown("forms", (*place, "fields"), "checklist 要有的栏目", name, part.fields)


def _kinds(form: Form, rules: Rulebook) -> Iterator[Fault]:
    others = {name: other.form for other in rules.forms.values() for name in other.kinds if other.form != form.form}
    for name in form.kinds:
        if name in rules.core_kinds or name in others:
            yield Fault(
                "forms", (form.form, "kinds", name), f"记录种类 {name} 已在 {others.get(name, 'kinds.yaml')} 里"
            )
