"""Reads a phone number as digits only (domain 4, cases 16–21); the door to phonenumbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

import phonenumbers

from pipeline.grid import Value
from pipeline.rulebook.words import Vocabulary
from pipeline.values.meant import NOTHING, Meant, Slip
from pipeline.values.plain import half_width, text_of, unfolded

_GAP = r"[\s\-.\u2013\u2014\u00b7]*"
_ABROAD = rf"(?:(?:\+|00)?86{_GAP})?"
# 0 is dialled before a mobile of another town; no area code begins with 013 to 019. Only a mobile's eleven digits may be cut by brackets as well: (138)0000-1111.
_CUT = r"[\s\-.()\u2013\u2014\u00b7]*"
_MOBILE = re.compile(rf"(?<!\d)(?:0|{_ABROAD})(1{_CUT}[3-9](?:{_CUT}\d){{9}})(?!\d)", re.ASCII)
_BARE_MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
_SERVICE = re.compile(rf"(?<!\d)([48]00(?:{_GAP}\d){{7}})(?!\d)", re.ASCII)
_FIXED = re.compile(
    rf"(?<!\d)(?:{_ABROAD}\(?(0\d{{2,3}})\)?|(?:\+|00)86{_GAP}\(?([2-9]\d{{1,2}}|10)\)?){_GAP}(\d(?:{_GAP}\d){{6,7}})(?!\d)",
    re.ASCII,
)
_EXTENSION = re.compile(r"(?:转|分机|ext\.?|x)\s*\d+.*$", re.ASCII | re.IGNORECASE)
_DIGIT = re.compile(r"\d", re.ASCII)
_RUN = re.compile(rf"\d(?:{_GAP}\d)*", re.ASCII)
# A letter typed for a digit: l8006775141 is no service number, whatever its other digits say.
_FOR_A_DIGIT = re.compile(r"(?<![A-Za-z])[lIiOo|](?=\d)|(?<=\d)[lIiOo](?![A-Za-z])", re.ASCII)
_NUMBER = 7  # digits from which something was meant as a number


def read_phone(value: Value, words: Vocabulary | None, name: str = "phone") -> Meant | Slip:
    """Return the number's digits. Words instead of a number are no slip: they are kept as `<name>_words`, with their code as `<name>_why`.

    >>> read_phone("+86 138-0000-1111(爱人)", None).value
    '13800001111'
    """
    text = half_width(text_of(value))
    if not text or text in {"/", "-"} or (words and text in words.blank):
        return NOTHING
    found = Meant(text) if _BARE_MOBILE.fullmatch(text) else _read(text)  # nearly all are bare, and can be nothing else
    if found is not None:
        return found
    why = (words.found_in(text) or "") if words else ""
    return Meant(None, also=((f"{name}_words", text_of(value)), (f"{name}_why", why)))


@lru_cache(maxsize=8192)
def _read(text: str) -> Meant | Slip | None:
    """Return the number, the slip, or None for words without a number."""
    whole = unfolded(text)
    if whole is not None:
        return _read(whole) if whole else Slip("phone.precision-lost")
    bare = _EXTENSION.sub("", text)
    bare = bare.removesuffix(".0") if re.match(r"\d+\.0$", bare, re.ASCII) else bare
    if _FOR_A_DIGIT.search(bare):
        return Slip("phone.unreadable")
    found = list(dict.fromkeys(_numbers(bare)))
    rest = [len(_DIGIT.findall(run[0])) for run in _RUN.finditer(_without(bare))]
    if found:
        second = len(found) > 1 or any(count >= _NUMBER for count in rest)
        return Meant(found[0], doubt=Slip("phone.two", other=found[0]) if second else None)
    digits = sum(rest)
    if not digits or (digits < _NUMBER and re.search(r"[\u4e00-\u9fff]", bare)):
        return None
    if re.search(r"[*#?A-Za-z]", bare):
        return Slip("phone.unreadable")
    landline = _with_zero(bare)
    return Slip("phone.zero-lost", other=landline) if landline else Slip("phone.wrong-length")


def _with_zero(text: str) -> str:
    """Return the landline a number would be with the 0 of its area code, which Excel drops; '' if it would be none (case 21).

    >>> _with_zero("1060001234"), _with_zero("88880000")
    ('01060001234', '')
    """
    hit = _FIXED.fullmatch(f"0{text}")
    return _fixed(hit) if hit and _is_valid(_fixed(hit)) else ""


def _numbers(text: str) -> Iterator[str]:
    hits = [(hit.start(), _digits(hit[1])) for pattern in (_MOBILE, _SERVICE) for hit in pattern.finditer(text)]
    taken = _MOBILE.sub(lambda hit: "|" * len(hit[0]), text)
    for hit in _FIXED.finditer(taken):
        number = _fixed(hit)
        if _is_valid(number):
            hits.append((hit.start(), number))
    return (number for _, number in sorted(hits))


def _without(text: str) -> str:
    """Return what is left of the text once its good numbers are taken out."""
    bare = _SERVICE.sub("|", _MOBILE.sub("|", text))
    return _FIXED.sub(lambda hit: "|" if _is_valid(_fixed(hit)) else hit[0], bare)


def _fixed(hit: re.Match[str]) -> str:
    return (hit[1] or f"0{hit[2]}") + _digits(hit[3])


def _digits(text: str) -> str:
    return "".join(_DIGIT.findall(text))


@lru_cache(maxsize=4096)
def _is_valid(number: str) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(number, "CN"))
    except phonenumbers.NumberParseException:
        return False
