"""How a column answers: each verb of a rule's `need`, and its `when`, over all records of a kind at once.

A blank never breaks a rule except one that asks for it to be filled.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final, TypeAlias

import pandas as pd

from pipeline.rulebook.form import Need

Answers: TypeAlias = "pd.Series[bool]"
_CENT: Final = 0.0051  # a sum may be off by half a cent a side, and by what binary fractions add


def keeps(frame: pd.DataFrame, need: Need, on: date) -> Answers:
    """Say of each record whether it gives what is needed; `on` is the day of the night."""
    (verb,) = need.verbs
    return _VERBS[verb](frame, getattr(need, verb), on)


def applies(frame: pd.DataFrame, when: Mapping[str, tuple[str, ...]]) -> Answers:
    """Say of each record whether every named field is one of its codes (`filled`, `blank`, `true`, `false` included)."""
    answers = pd.Series(data=True, index=frame.index)
    for name, codes in when.items():
        answers &= _any([_is(frame[name], code) for code in codes], frame)
    return answers


def blank(column: pd.Series[Any]) -> Answers:
    """Say of each value whether it is missing or an empty text."""
    return column.isna() | _sure(column == "") if _is_text(column) else column.isna()


def _is(column: pd.Series[Any], code: str) -> Answers:
    if code in ("filled", "blank"):
        return blank(column) if code == "blank" else ~blank(column)
    if column.dtype == "boolean":
        return _sure(column == (code == "true")) if code in ("true", "false") else _never(column)
    if column.dtype.kind == "M":
        return _sure(column.dt.strftime("%Y-%m-%d") == code)
    return _sure(column.astype("str") == code) & column.notna()


def _filled(frame: pd.DataFrame, name: str, _on: date) -> Answers:
    return ~blank(frame[name])


def _any_filled(frame: pd.DataFrame, names: tuple[str, ...], _on: date) -> Answers:
    return _any([~blank(frame[name]) for name in names], frame)


def _not_after(frame: pd.DataFrame, names: tuple[str, str], _on: date) -> Answers:
    first, second = frame[names[0]], frame[names[1]]
    return blank(first) | blank(second) | _sure(first <= second)


def _between(frame: pd.DataFrame, limits: tuple[str, float, float], _on: date) -> Answers:
    name, least, most = limits
    return frame[name].isna() | _sure(frame[name].between(least, most))


def _one_of(frame: pd.DataFrame, allowed: tuple[str, tuple[str, ...]], _on: date) -> Answers:
    name, codes = allowed
    return blank(frame[name]) | applies(frame, {name: codes})


def _length(frame: pd.DataFrame, asked: tuple[str, int], _on: date) -> Answers:
    name, letters = asked
    return blank(frame[name]) | _sure(frame[name].str.len() == letters)


def _at_most(frame: pd.DataFrame, asked: tuple[str, int], _on: date) -> Answers:
    name, letters = asked
    return blank(frame[name]) | _sure(frame[name].str.len() <= letters)


def _adds_up(frame: pd.DataFrame, names: tuple[str, str, str], _on: date) -> Answers:
    total, one, other = (frame[name] for name in names)
    unsaid = total.isna() | one.isna() | other.isna()
    return unsaid | _sure((total - one - other).abs() < _CENT)


def _not_future(frame: pd.DataFrame, name: str, on: date) -> Answers:
    return frame[name].isna() | _sure(frame[name] <= pd.Timestamp(on))


_VERBS: Mapping[str, Callable[[pd.DataFrame, Any, date], Answers]] = {
    "filled": _filled, "any_filled": _any_filled, "not_after": _not_after, "between": _between,
    "one_of": _one_of, "length": _length, "at_most": _at_most, "adds_up": _adds_up,
    "not_future": _not_future,
}  # fmt: skip


def _any(answers: list[Answers], frame: pd.DataFrame) -> Answers:
    found = pd.Series(data=False, index=frame.index)
    for each in answers:
        found |= each
    return found


def _sure(answers: pd.Series[Any]) -> Answers:
    """Return plain booleans: what cannot be told is no."""
    return answers.fillna(value=False).astype("bool")


def _never(column: pd.Series[Any]) -> Answers:
    return pd.Series(data=False, index=column.index)


def _is_text(column: pd.Series[Any]) -> bool:
    return isinstance(column.dtype, pd.StringDtype)
