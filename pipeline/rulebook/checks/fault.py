"""A wrong place in the rules before its line is known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from pipeline.text import nearest

Keys: TypeAlias = tuple[str | int, ...]
_LISTED = 15  # a longer list helps nobody


@dataclass(frozen=True, slots=True)
class Fault:
    """Where (the file's stem, or `forms` and the form's id, then the keys), what is wrong, and the nearest known word."""

    file: str
    keys: Keys
    message: str
    nearest: str = ""


def unknown(file: str, keys: Keys, what: str, word: str, known: Iterable[str]) -> Fault:
    """Return the fault of a word nobody knows, with the nearest one, or all of them where none is near."""
    words = sorted(set(known))
    like = nearest(word, words, cutoff=50)  # one of two 汉字 right is near enough
    told = f"没有「{word}」这个{what}" if word else f"没有写{what}"
    listed = f";只有 {'、'.join(words)}" if not like and 0 < len(words) <= _LISTED else ""
    return Fault(file, keys, told + listed, like)
