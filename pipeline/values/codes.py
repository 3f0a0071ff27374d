"""Reads words as codes: vocabularies, ticks, levels, and levels that may be outcomes (domain 4, cases 23, 25, 26, 39)."""

from __future__ import annotations

import re

from pipeline.grid import Value
from pipeline.rulebook.words import Vocabulary
from pipeline.text import narrow, nearest
from pipeline.values.meant import NOTHING, Meant, Slip
from pipeline.values.options import all_ticked, ticked
from pipeline.values.plain import text_of

_NUMBERED = re.compile(r"^\d{1,2}\s*[.、)）:：]\s*(?=\D)")
_ARROW = re.compile(r"\s*(?:→|⇒|➔|➝|—>|-+>|=>|>|转为|变为|升为|降为|升到|降到|升|降|转)\s*")
_TWO_OR_MORE = re.compile(r"\s*[、,，;；/+\n]\s*|\s+")
_DOUBT = re.compile(r"\?|(?<=[A-Za-z])[+-]$")  # H? and A- are not H and A, although words are compared without marks
_TWO = re.compile(r"\s*[/、,，+和或&]\s*")


def read_code(value: Value, words: Vocabulary) -> Meant | Slip:
    """Return the code of a word; an unknown one is kept as written where the vocabulary is open, else asked about."""
    text = _chosen(value)
    if not text or _says_nothing(text, words):
        return NOTHING
    if _DOUBT.search(text) and not words.open:
        return Slip("word.unknown", want=_wanted(text, words))
    code = words.code(text) or words.code(_NUMBERED.sub("", text)) or (words.found_in(text) if words.contains else None)
    if code:
        return Meant(code)
    return Meant(text) if words.open else Slip("word.unknown", want=_wanted(text, words))


def read_codes(value: Value, words: Vocabulary) -> Meant | Slip:
    """Return several words of one vocabulary as their codes, `、` between them, each once and in the vocabulary's order.

    A word that nobody taught is asked about, unless the vocabulary is open.
    """
    text = text_of(value)
    picked = all_ticked(text)
    pieces = [piece for piece in (_TWO_OR_MORE.split(narrow(text)) if picked is None else map(narrow, picked)) if piece]
    found: list[str] = []
    for piece in pieces:
        one = read_code(piece, words)
        if isinstance(one, Slip):
            return Slip(one.code, other=piece, want=one.want)
        if one.value is not None:
            found.append(str(one.value))
    order = {code: place for place, code in enumerate(words.words)}
    return Meant("、".join(sorted(dict.fromkeys(found), key=lambda code: order.get(code, len(order)))) or None)


def read_tick(value: Value, words: Vocabulary) -> Meant | Slip:
    """Return True or False; a blank tick is False (contract 7)."""
    if isinstance(value, bool):
        return Meant(value)
    text = _chosen(value)
    if not text or text in {"/", "-"}:
        return Meant(value=False)
    code = words.code(text_of(value)) or words.code(text)
    return Meant(code == "true") if code else Slip("tick.unknown")


def read_level(value: Value, levels: Vocabulary) -> Meant | Slip:
    """Return the level's letter; `B→A` is what it became, `H/A` are two and must be decided by the filler."""
    text = _now(_chosen(value))
    if not text or _says_nothing(text, levels):
        return NOTHING
    if not _DOUBT.search(text) and (code := levels.code(text)):
        return Meant(code)
    return _unknown(text, (levels,))


def read_level_or_outcome(
    value: Value, levels: Vocabulary, outcomes: Vocabulary, unreached: Vocabulary | None, into: tuple[str, ...]
) -> Meant | Slip:
    """Return the level, with the outcome as a second field: a letter is an open prospect, 订单 an outcome without a level (contract 7).

    A word such as 关机 in the level's place says that nobody was reached.
    """
    outcome = into[1] if len(into) > 1 else "outcome"
    text = _now(_chosen(value))
    if not text or _says_nothing(text, levels):
        return NOTHING
    if _DOUBT.search(text):
        return _unknown(text, (levels, outcomes))
    if code := outcomes.code(text):
        return Meant(None, also=((outcome, code),))
    if code := levels.code(text):
        return Meant(code, also=((outcome, "open"),))
    if unreached and unreached.found_in(text):
        return Meant(None, also=((outcome, "open"), ("reached", False)))
    return _unknown(text, (levels, outcomes))


def _unknown(text: str, known: tuple[Vocabulary, ...]) -> Slip:
    pieces = [piece for piece in _TWO.split(text) if piece]
    if len(pieces) > 1 and all(any(words.code(piece) for words in known) for piece in pieces):
        return Slip("level.two")
    return Slip(
        "level.unknown", want="写 " + "、".join(words.shown(code) for words in known for code in words.words) + " 之一"
    )


def _chosen(value: Value) -> str:
    """Return the word a cell gives: of a line of options, the ticked one."""
    text = text_of(value)
    option = ticked(text)
    return narrow(text) if option is None else narrow(option)


def _now(text: str) -> str:
    """Return what a level became: the last of `B→A`."""
    pieces = [piece for piece in _ARROW.split(text) if piece]
    return pieces[-1] if pieces else text


def _says_nothing(text: str, words: Vocabulary) -> bool:
    return text in words.blank or text in {"/", "-"}


def _wanted(text: str, words: Vocabulary) -> str:
    """Return the nearest known word as we print it, or all of them."""
    like = nearest(text, [spelling for spellings in words.words.values() for spelling in spellings])
    code = words.code(like) if like else None
    if code:
        return words.shown(code)
    return "写 " + "、".join(words.shown(code) for code in words.words) + " 之一"
