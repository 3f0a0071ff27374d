"""Checks the fields of a form: where each is stored, which words it takes, whether anybody could ever fill it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from pipeline.rulebook.checks.fault import Fault, Keys, unknown
from pipeline.rulebook.checks.scope import Scope
from pipeline.rulebook.form import FieldSpec, Form, Part, Store
from pipeline.rulebook.rulebook import Rulebook
from pipeline.rulebook.stores import store_of
from pipeline.text import squeeze

_PAIRS = ("time_range", "date_range", "level_or_outcome")
_WORDED = ("code", "codes", "phone", "tick", "level", "level_or_outcome", "number")
_NUMBER = re.compile(r"\d{1,6}(?:\.\d{1,4})?", re.ASCII)
_ENDS = 2  # places a pair is split over
_DATE_PARTS = 3
_STORED = {
    "text": "文字",
    "date": "日期",
    "month": "月份",
    "time": "时间",
    "count": "整数",
    "number": "数字",
    "tick": "打勾",
}


def check_fields(scope: Scope, rules: Rulebook, vocabularies: frozenset[str]) -> Iterator[Fault]:
    """Yield what is wrong with the fields of a part, and with those above it; `vocabularies` are all that are named, sound or not."""
    used = _used(scope.form, scope.part)
    own = {name: (spec, scope.keys("fields", name)) for name, spec in scope.part.fields.items()}
    above = (
        {}
        if scope.part.under
        else {name: (spec, (scope.form.form, "above", name)) for name, spec in scope.form.above.items()}
    )
    for name, (spec, place) in {**above, **own}.items():
        yield from _stored(scope, name, spec, place, used)
        yield from _taught(spec, place, rules, vocabularies)
        yield from _counted(scope, spec, place)
        if not spec.labels and not spec.split and scope.part.layout.kind != "month_grid":
            yield Fault("forms", place, f"栏目 {name} 没有 labels,没有一张表会有它")
        if spec.split and (spec.is_ != "date" or len(spec.split) != _DATE_PARTS):
            yield Fault("forms", (*place, "split"), "split 只用于日期,写年、月、日三组叫法")
    yield from _twice(scope.part.fields, scope.keys("fields"))
    yield from _twice(scope.form.above, (scope.form.form, "above"))


def _stored(scope: Scope, name: str, spec: FieldSpec, place: Keys, used: frozenset[str]) -> Iterator[Fault]:
    """A field goes to a column of its kind, or to those of `into`, or somebody looks at it."""
    if spec.is_ in _PAIRS:
        if len(spec.into) != _ENDS:
            yield Fault("forms", (*place, "into") if spec.into else place, f"{spec.is_} 要写 into: [甲, 乙] 两个去处")
        yield from (
            unknown("forms", (*place, "into"), "列", each, scope.columns)
            for each in spec.into
            if each not in scope.columns
        )
    elif spec.into:
        yield Fault("forms", (*place, "into"), f"into 只用于 {'、'.join(_PAIRS)}")
    elif name not in scope.columns and name not in used:
        yield unknown("forms", place, f"列({scope.part.yields} 里),填的内容没有地方存", name, scope.columns)
    for column in spec.into if spec.is_ in _PAIRS else (name,):
        yield from _fits(scope.columns.get(column), spec, column, place)


def _fits(column: Store | None, spec: FieldSpec, name: str, place: Keys) -> Iterator[Fault]:
    store = store_of(spec)
    if column is not None and column != store and (store, column) != ("count", "number"):
        yield Fault("forms", (*place, "is"), f"{spec.is_} 是{_STORED[store]},{name} 列存的是{_STORED[column]}")


def _taught(spec: FieldSpec, place: Keys, rules: Rulebook, vocabularies: frozenset[str]) -> Iterator[Fault]:
    if spec.is_ in ("code", "codes") and not spec.words:
        yield Fault("forms", place, f"is: {spec.is_} 要写 words: 用哪一个词表")
    elif spec.words and spec.is_ not in _WORDED:
        yield Fault("forms", (*place, "words"), f"{spec.is_} 不用词表")
    elif spec.words and spec.words not in vocabularies:
        yield unknown("forms", (*place, "words"), "词表", spec.words, vocabularies)
    elif spec.words and spec.is_ == "number" and spec.words in rules.vocabulary:
        yield from (
            Fault("forms", (*place, "words"), f"词表 {spec.words} 的「{code}」不是数字,数字栏用的词表代码都要是数字")
            for code in rules.vocabulary[spec.words].words
            if not _NUMBER.fullmatch(code)
        )
    outcomes = rules.vocabulary.get("outcome")
    for code in spec.once if outcomes else ():
        if outcomes and code not in outcomes.words:
            yield unknown("forms", (*place, "once"), "结果(词表 outcome)", code, outcomes.words)


def _counted(scope: Scope, spec: FieldSpec, place: Keys) -> Iterator[Fault]:
    """A stretch of days is counted from a date to a date."""
    if not spec.counts_from:
        return
    if spec.is_ != "date":
        yield Fault("forms", (*place, "counts_from"), "counts_from 只用于日期")
    elif spec.counts_from not in scope.names:
        yield unknown("forms", (*place, "counts_from"), "栏目", spec.counts_from, scope.names)
    elif scope.names[spec.counts_from] != "date":
        yield Fault("forms", (*place, "counts_from"), f"{spec.counts_from} 不是日期")


def _twice(fields: Mapping[str, FieldSpec], place: Keys) -> Iterator[Fault]:
    """One header word may stand for one field of a part only."""
    first: dict[str, str] = {}
    for name, spec in fields.items():
        for label in spec.labels:
            owner = first.setdefault(squeeze(label), name)
            if owner != name:
                yield Fault("forms", (*place, name, "labels"), f"叫法「{label}」已经是 {owner} 的")


def _used(form: Form, part: Part) -> frozenset[str]:
    """Names that somebody looks at although they are no column: hand-in periods, what parts inherit, derivations and rules."""
    looked = {*form.covers, *part.covers, *(name for other in form.parts.values() for name in other.inherits)}
    for each in form.parts.values() if not part.under else (part,):
        looked |= {name for verb in each.derive.values() for name in (*verb.sources, *verb.when)}
        looked |= {name for rule in each.rules for name in (*rule.need.fields, *rule.when)}
    return frozenset(looked)
