"""Checks the closed verbs: what `derive:` fills and what `rules:` ask, with names, codes and kinds of value that fit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pipeline.rulebook.checks.fault import Fault, Keys, unknown
from pipeline.rulebook.checks.scope import Scope
from pipeline.rulebook.form import Derive, Need, Rule, Store
from pipeline.rulebook.rulebook import Rulebook
from pipeline.text import nearest

_PLAIN = frozenset({"filled", "blank"})
_ORDERED: tuple[Store, ...] = ("date", "month", "time", "count", "number")
_TAKES: Mapping[str, tuple[Store, ...]] = {
    "one_more": ("count",), "minutes_between": ("time",), "day_after": ("date",), "mentions": ("text",), "not_after": _ORDERED, "not_future": ("date",),
    "between": ("count", "number"), "length": ("text",), "at_most": ("text",), "adds_up": ("count", "number"),
}  # fmt: skip
_GIVES: Mapping[str, tuple[Store, ...]] = {
    "one_more": ("count",), "minutes_between": ("count", "number"), "present": ("tick",), "mentions": ("tick",), "day_after": ("date",), "constant": ("text", "tick"), "said_none": ("text",),
}  # fmt: skip
_SLOTS = ("found", "label", "want", "other")
_WORDS: Mapping[Store, str] = {
    "text": "文字",
    "date": "日期",
    "month": "月份",
    "time": "时间",
    "count": "整数",
    "number": "数字",
    "tick": "打勾",
}


def check_derive(scope: Scope, rules: Rulebook, vocabularies: frozenset[str]) -> Iterator[Fault]:
    """Yield what is wrong with the derivations of a part."""
    for name, verb in scope.part.derive.items():
        place = scope.keys("derive", name)
        if name not in scope.names:
            yield unknown("forms", place, "栏目", name, scope.names)
        if len(verb.verbs) != 1:
            yield Fault("forms", place, f"要恰好写一个动词,写了 {'、'.join(verb.verbs) or '零个'}")
            continue
        yield from _sources(scope, verb.verbs[0], verb.sources, place)
        yield from _gives(scope, rules, name, verb, place)
        if bool(verb.words) != bool(verb.mentions):
            yield Fault("forms", place, "mentions 和 words 要一起写")
        elif verb.words and verb.words not in vocabularies:
            yield unknown("forms", (*place, "words"), "词表", verb.words, vocabularies)
        for key in ("when", "true_when"):
            yield from _when(scope, rules, getattr(verb, key), (*place, key))


def check_rules(scope: Scope, rules: Rulebook, sentences: frozenset[str]) -> Iterator[Fault]:
    """Yield what is wrong with the rules of a part; `sentences` are the codes that have wording, sound or not."""
    seen: set[str] = set()
    for number, rule in enumerate(scope.part.rules):
        place = scope.keys("rules", number)
        if rule.id in seen:
            yield Fault("forms", (*place, "id"), f"规则 {rule.id} 在这一部分里写了两次")
        seen.add(rule.id)
        yield from _said(rule, sentences, place)
        if len(rule.need.verbs) != 1:
            yield Fault("forms", (*place, "need"), f"要恰好写一个动词,写了 {'、'.join(rule.need.verbs) or '零个'}")
        else:
            yield from _sources(scope, rule.need.verbs[0], rule.need.fields, (*place, "need"))
            yield from _need(scope, rules, rule.need, (*place, "need"))
        if rule.cell and rule.cell not in scope.names:
            yield unknown("forms", (*place, "cell"), "栏目", rule.cell, scope.names)
        yield from _when(scope, rules, rule.when, (*place, "when"))


def check_slots(file: str, keys: Keys, sentence: str) -> Iterator[Fault]:
    """Yield the `{…}` of a sentence that nothing fills."""
    for piece in sentence.split("{")[1:]:
        slot, closed, _ = piece.partition("}")
        if slot not in _SLOTS or not closed:
            like = nearest(slot, _SLOTS)
            yield Fault(
                file, keys, f"句子里的 {{{slot}}} 没有内容可填;可用 {'、'.join(f'{{{each}}}' for each in _SLOTS)}", like
            )


def _sources(scope: Scope, verb: str, names: tuple[str, ...], place: Keys) -> Iterator[Fault]:
    for name in names:
        if name not in scope.names:
            yield unknown("forms", (*place, verb), "栏目", name, scope.names)
        elif verb in _TAKES and scope.names[name] not in _TAKES[verb]:
            yield Fault(
                "forms", (*place, verb), f"{verb} 要的是{_or(_TAKES[verb])},{name} 是{_WORDS[scope.names[name]]}"
            )
    if verb == "not_after" and len({scope.names[name] for name in names if name in scope.names}) > 1:
        yield Fault(
            "forms",
            (*place, verb),
            f"{names[0]} 和 {names[1]} 不能比先后:一个是{_WORDS[scope.names[names[0]]]},一个是{_WORDS[scope.names[names[1]]]}",
        )


def _gives(scope: Scope, rules: Rulebook, name: str, verb: Derive, place: Keys) -> Iterator[Fault]:
    """What a verb gives must fit the field it fills."""
    store, said = scope.names.get(name), verb.verbs[0]
    fits = (scope.names[verb.copy_of],) if verb.copy_of in scope.names and verb.copy_of else _GIVES.get(said, ())
    if store is not None and fits and store not in fits:
        yield Fault("forms", (*place, said), f"{said} 给出的是{_or(fits)},{name} 存的是{_WORDS[store]}")
    elif verb.constant is not None:
        codes = scope.codes(rules, name)
        if codes is not None and verb.constant not in codes:
            yield unknown("forms", (*place, "constant"), "代码", verb.constant, codes)


def _need(scope: Scope, rules: Rulebook, need: Need, place: Keys) -> Iterator[Fault]:
    if need.any_filled is not None and not need.any_filled:
        yield Fault("forms", (*place, "any_filled"), "要写至少一个栏目")
    if need.between and need.between[1] > need.between[2]:
        yield Fault("forms", (*place, "between"), "下限大于上限")
    if need.one_of:
        codes = scope.codes(rules, need.one_of[0])
        yield from (
            unknown("forms", (*place, "one_of"), "代码", each, codes)
            for each in need.one_of[1]
            if codes is not None and each not in codes
        )


def _when(scope: Scope, rules: Rulebook, when: Mapping[str, tuple[str, ...]], place: Keys) -> Iterator[Fault]:
    for name, asked in when.items():
        if name not in scope.names:
            yield unknown("forms", (*place, name), "栏目", name, scope.names)
            continue
        codes = scope.codes(rules, name)
        yield from (
            unknown("forms", (*place, name), "代码", each, codes | _PLAIN)
            for each in asked
            if codes is not None and each not in codes | _PLAIN
        )


def _said(rule: Rule, sentences: frozenset[str], place: Keys) -> Iterator[Fault]:
    if not rule.say and rule.id not in sentences:
        fault = unknown("forms", (*place, "id"), "句子(wording.yaml 里,或在规则里写 say)", rule.id, sentences)
        yield Fault("forms", fault.keys, f"规则 {rule.id} 没有句子:写进 wording.yaml,或在规则里写 say", fault.nearest)
    yield from check_slots("forms", (*place, "say"), rule.say)


def _or(stores: tuple[Store, ...]) -> str:
    return "或".join(_WORDS[store] for store in stores)
