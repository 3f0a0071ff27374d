"""Fills fields from others by the closed verbs of `derive:`, in the order written."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Any

from pipeline.rulebook.form import Derive, Store
from pipeline.values.meaning import Words

_HOUR = 60


def derive(
    values: dict[str, Any], verbs: Mapping[str, Derive], words: Words, stores: Mapping[str, Store],
    unread: Collection[str], coarse: Collection[str], none: Collection[str] = (),
) -> None:  # fmt: skip
    """Fill `values` in place; a field that could not be read is left alone, `coarse` times give no duration, `none` names the fields that said 无."""
    doubtful = set(unread)
    for name, verb in verbs.items():
        if doubtful and doubtful & {*verb.when, *verb.sources}:
            # What hangs on a cell that could not be read is not told either: a done_on in doubt makes no 战败 an open case.
            doubtful |= {name} if values.get(name) is None else set()
            continue
        if name in unread or not (verb.always or values.get(name) is None):
            continue
        if verb.when and not applies(verb.when, values):
            continue
        if verb.said_none:
            values[name] = "、".join(none) or None
            continue
        values[name] = None if verb.clear else _derived(verb, values, words, stores.get(name, "text"), coarse)


def applies(when: Mapping[str, tuple[str, ...]], values: Mapping[str, Any]) -> bool:
    """Say whether every named field is one of the codes, or `filled`, `blank`, `true`, `false` as asked."""
    for name, codes in when.items():
        value = values.get(name)
        for code in codes:
            if _is(value, code):
                break
        else:
            return False
    return True


def _is(value: Any, code: str) -> bool:
    if code == "filled":
        return value is not None and value != ""
    if code == "blank":
        return value is None or value == ""
    if isinstance(value, bool):
        return str(value).lower() == code
    return value is not None and str(value) == code


def _derived(verb: Derive, values: Mapping[str, Any], words: Words, store: Store, coarse: Collection[str]) -> Any:
    found: Any = None
    if verb.minutes_between and not set(verb.minutes_between) & set(coarse):
        found = _minutes(*(values.get(each) for each in verb.minutes_between))
    elif verb.present:
        found = values.get(verb.present) is not None
    elif verb.one_more and isinstance(count := values.get(verb.one_more), int):
        found = count + 1
    elif verb.copy_of:
        found = values.get(verb.copy_of)
    elif verb.day_after and isinstance(day := values.get(verb.day_after), date):
        found = day + timedelta(days=1)
    elif verb.constant is not None:
        found = verb.constant == "true" if store == "tick" else verb.constant
    elif verb.mentions:
        found = _mentions(verb, verb.mentions, values, words)
    return found


def _mentions(verb: Derive, name: str, values: Mapping[str, Any], words: Words) -> bool | None:
    """Return False where the text holds one of the words, else True, or None where `true_when` does not grant it."""
    if words.of(verb.words).found_in(str(values.get(name) or "")):
        return False
    return True if not verb.true_when or applies(verb.true_when, values) else None


def _minutes(start: Any, end: Any) -> int | None:
    """Return the minutes from one 'HH:MM' to another; none where the end lies before the start."""
    if not start or not end or end < start:
        return None
    first, last = (int(each[:2]) * _HOUR + int(each[3:]) for each in (start, end))
    return last - first
