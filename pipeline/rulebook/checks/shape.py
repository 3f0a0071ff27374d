"""Says in Chinese what is wrong with the shape of the YAML: unknown keys, missing ones, values of the wrong kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError

from pipeline.rulebook.checks.fault import Fault, Keys
from pipeline.text import nearest

_UNIONS = (Union, UnionType)
_MESSAGES: Mapping[str, str] = {
    "missing": "缺少这一项", "string": "应写成文字;数字、日期请加引号", "tuple": "应写成列表,例 [甲, 乙]", "list": "应写成列表,例 [甲, 乙]",
    "dict": "应写成 名字: 内容", "model": "应写成 名字: 内容", "int": "应写整数", "float": "应写数字", "bool": "应写 true 或 false",
    "date": "应写日期,例 2026-12-31,不加引号",
}  # fmt: skip


def shaped(kind: Any, raw: object, file: str, keys: Keys) -> tuple[Any, list[Fault]]:
    """Return the raw YAML as its model, or None with every fault; `keys` is where the raw stands in its file."""
    try:
        return _adapter(kind).validate_python(raw), []
    except ValidationError as error:
        return None, list(_faults(kind, error, file, keys))


@lru_cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    """Return what checks this shape; drawn once, the vocabulary alone asks two hundred times."""
    return TypeAdapter(kind)


def _faults(kind: Any, error: ValidationError, file: str, keys: Keys) -> Iterator[Fault]:
    details = error.errors(include_url=False)
    meant = {(*each["loc"][:-1], _like(kind, each["loc"])) for each in details if each["type"] == "extra_forbidden"}
    for each in details:
        loc = tuple(piece for piece in each["loc"] if piece != "[key]")
        if each["type"] == "extra_forbidden":
            word, like = str(loc[-1]), _like(kind, loc)
            known = "" if like else f";这里只有 {'、'.join(_keys(_at(kind, loc[:-1])))}"
            yield Fault(file, (*keys, *loc), f"不认识「{word}」这一项{known}", like)
        elif each["type"] != "missing" or loc not in meant:  # a misspelt key is one mistake, not two
            yield Fault(file, (*keys, *loc), *_told(each["type"], each["input"], each.get("ctx", {}), _at(kind, loc)))


def _told(error: str, value: object, context: Mapping[str, Any], kind: Any) -> tuple[str, str]:
    """Return the message and the nearest allowed word."""
    if error == "literal_error":
        words = [str(word) for word in get_args(kind)] if get_origin(kind) is Literal else []
        return f"「{value}」不行,只能写 {'、'.join(words) or context.get('expected', '')}", nearest(str(value), words)
    if error in ("too_short", "too_long"):
        return "个数不对", ""
    if error == "greater_than_equal":
        return f"不能小于 {context['ge']:g}", ""
    if error == "less_than_equal":
        return f"不能大于 {context['le']:g}", ""
    return _MESSAGES.get(error.partition("_")[0], "写法不对"), ""


def _like(kind: Any, loc: Keys) -> str:
    return nearest(str(loc[-1]), _keys(_at(kind, loc[:-1])))


def _at(kind: Any, loc: Keys) -> Any:
    """Return the type that stands at a place below another."""
    kind = _bare(kind)
    for step in loc:
        arguments = get_args(kind)
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            fields = {field.alias or name: field.annotation for name, field in kind.model_fields.items()}
            kind = _bare(fields.get(str(step)))
        elif get_origin(kind) is dict:
            kind = _bare(arguments[1])
        elif get_origin(kind) is tuple:
            fixed = Ellipsis not in arguments and isinstance(step, int) and step < len(arguments)
            kind = _bare(arguments[step] if fixed and isinstance(step, int) else arguments[0])
    return kind


def _bare(kind: Any) -> Any:
    """Return a type without its `| None` and its annotations."""
    while get_origin(kind) in (*_UNIONS, Annotated):
        kind = next((each for each in get_args(kind) if each is not type(None)), None)
    return kind


def _keys(kind: Any) -> tuple[str, ...]:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return tuple(field.alias or name for name, field in kind.model_fields.items())
    return ()
