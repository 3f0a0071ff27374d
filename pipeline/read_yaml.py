"""Reads the text of a rule file: by libyaml where nobody can be in two minds about it, else by ruamel, which says where it is wrong.

libyaml is fifteen times as fast (54 ms for all rules, ruamel 760), but it knows YAML 1.1 and tells troubles in other words. So its answer counts only
where both would say the same: a mapping of plain numbers, dates, yes-or-no and texts, no key twice, no tab, no tag. Whatever else stands in a
file sends the whole file to ruamel. The door to libyaml.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import Any

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.constructor import RoundTripConstructor, SafeConstructor
from ruamel.yaml.resolver import implicit_resolvers

# Blanks and breaks to one of the two and not to the other; tags, names of anchors; directives.
_ODD = re.compile("[\t\r\x7f-\x9f\u2028\u2029\ufeff]|(?:^|[\\s,\\[{:-])(?:!|[&*](?=\\w+[^\\s\\w]))|^%", re.MULTILINE)
_INT = re.compile(r"-?(?:0|[1-9][0-9]*)")
_FLOAT = re.compile(r"-?(?:0|[1-9][0-9]*)\.[0-9]+")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}
_VERSION = (1, 2)


class OddError(Exception):
    """Something of which the two readers might make different things."""


@lru_cache(maxsize=256)
def parsed(text: str) -> Any:
    """Return what a file's text says, to be read only: nights that follow each other in one process find the same text again.

    Raises ruamel's YAMLError.
    """
    try:
        return quick(text)
    except OddError:
        return exact(SafeConstructor).load(text)


def quick(text: str) -> dict[Any, Any]:
    """Return the mapping that libyaml reads; raise OddError where ruamel may see it otherwise, or libyaml is not there."""
    if _QUICK is None or _ODD.search(text):
        raise OddError
    loader = _QUICK(text)
    try:
        found = loader.get_single_data()
    except (yaml.YAMLError, RecursionError) as error:
        raise OddError from error
    finally:
        loader.dispose()
    if isinstance(found, dict):
        return found
    raise OddError


def exact(constructor: type[SafeConstructor]) -> YAML:
    """Return a reader that leaves a date no calendar has as the text it is, for the shape check to refuse with its place."""

    class Forgiving(constructor):  # type: ignore[misc,valid-type]
        def day(self, node: Any) -> Any:
            try:
                return self.construct_yaml_timestamp(node)
            except ValueError:
                return str(node.value)

    Forgiving.add_constructor("tag:yaml.org,2002:timestamp", Forgiving.day)
    reader = YAML(typ="rt" if constructor is RoundTripConstructor else "safe", pure=True)
    reader.Constructor = Forgiving
    return reader


def _quick_reader() -> Any:
    """Return libyaml's reader with ruamel's idea of what a plain word is, or None where it was built without libyaml."""
    if not yaml.__with_libyaml__:
        return None

    class Quick(yaml.cyaml.CParser, yaml.constructor.BaseConstructor, yaml.resolver.BaseResolver):  # type: ignore[misc]
        def __init__(self, text: str) -> None:
            yaml.cyaml.CParser.__init__(self, text)
            yaml.constructor.BaseConstructor.__init__(self)
            yaml.resolver.BaseResolver.__init__(self)

    for versions, tag, pattern, first in implicit_resolvers:
        if _VERSION in versions:
            Quick.add_implicit_resolver(tag, pattern, first)
    made = {"map": _mapping, "seq": _list, "str": _text} | dict.fromkeys(
        ("null", "bool", "int", "float", "timestamp"), _plain
    )
    for name, make in made.items():
        Quick.add_constructor(f"tag:yaml.org,2002:{name}", make)
    Quick.add_constructor(None, _odd)
    return Quick


def _mapping(loader: Any, node: Any) -> dict[Any, Any]:
    if not all(isinstance(key, yaml.ScalarNode) for key, _ in node.value):
        raise OddError
    one = loader.construct_object
    found = {one(key, deep=True): one(value, deep=True) for key, value in node.value}
    if len(found) < len(node.value):  # a key twice
        raise OddError
    return found


def _list(loader: Any, node: Any) -> list[Any]:
    return [loader.construct_object(each, deep=True) for each in node.value]


def _text(_: Any, node: Any) -> str:
    return str(node.value)


def _plain(_: Any, node: Any) -> Any:
    value = node.value
    if value in _WORDS:
        return _WORDS[value]
    if _INT.fullmatch(value):
        return int(value)
    if _FLOAT.fullmatch(value):
        return float(value)
    if _DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return value
    raise OddError


def _odd(_: Any, __: Any) -> Any:
    raise OddError


_QUICK = _quick_reader()
