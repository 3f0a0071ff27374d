"""Makes plain text of what a cell holds, and plain digits of Chinese numerals."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache

from pipeline.grid import Value
from pipeline.text import clean

_DIGITS = {
    "〇": 0,
    "零": 0,
    "○": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
_NUMERAL = re.compile(r"[〇零○一二两三四五六七八九十廿卅]+")
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?E\+?\d{1,2}$", re.ASCII | re.IGNORECASE)
_WHOLE = 1e15  # beyond this a float no longer knows its last digit


def text_of(value: Value) -> str:
    """Return a cell's value as a person would have typed it: a model `301.0` is `301`.

    >>> text_of(301.0), text_of(12.1), text_of(True), text_of(time(9, 30))
    ('301', '12.1', 'TRUE', '09:30')
    """
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < _WHOLE else f"{value:.12g}"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, time):
        return value.isoformat("minutes")
    return value.isoformat() if isinstance(value, date) else str(value)


@lru_cache(maxsize=8192)
def half_width(text: str) -> str:
    """Return text with full-width digits, letters and marks made half-width: for codes and figures only, never for notes.

    A figure in a circle, in brackets or raised is a mark and no figure: `①` stays `①` (case 27).

    >>> half_width("９：30～１０：15"), half_width("①２")
    ('9:30~10:15', '①2')
    """
    bare = clean(text)
    # A text that compatibility leaves alone as a whole has no letter that it would change.
    if bare.isascii() or unicodedata.is_normalized("NFKC", bare):
        return bare
    return "".join(map(_plain, bare)).strip()


def _plain(letter: str) -> str:
    flat = unicodedata.normalize("NFKC", letter)
    tag = unicodedata.decomposition(letter).partition(" ")[0]
    marks = tag.startswith("<") and tag not in {"<wide>", "<narrow>"} and any(each.isnumeric() for each in flat)
    return letter if marks else flat


def arabic(text: str) -> str:
    """Return text with its Chinese numerals as digits.

    >>> arabic("二〇二六年十一月二十一日"), arabic("九点三十分")
    ('2026年11月21日', '9点30分')
    """
    return _NUMERAL.sub(lambda found: _number(found[0]), text)


def _number(numeral: str) -> str:
    numeral = numeral.replace("廿", "二十").replace("卅", "三十")
    if "十" not in numeral:
        return "".join(str(_DIGITS[letter]) for letter in numeral)
    tens, _, ones = numeral.partition("十")
    if len(tens) > 1 or len(ones) > 1 or "十" in ones:
        return numeral
    return str((_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0))


def unfolded(text: str) -> str | None:
    """Return the digits of a number in scientific writing, '' where Excel has dropped some, None for any other text.

    >>> unfolded("1.3800001111E+10"), unfolded("1.38E+10"), unfolded("138")
    ('13800001111', '', None)
    """
    if not _SCIENTIFIC.match(text):
        return None
    mantissa, _, power = text.upper().partition("E")
    return f"{Decimal(text):f}" if len(mantissa.replace(".", "")) == int(power) + 1 else ""


def digits_lost(value: Value) -> bool:
    """Say whether Excel took a long number (证件号, 信用代码, 发票号) for a quantity and lost its end: it knows 15 digits (case 41).

    >>> digits_lost(4.10881199001011e17), digits_lost("4.10881E+17"), digits_lost(301.0)
    (True, True, False)
    """
    if isinstance(value, str):
        return unfolded(value) == ""
    return is_number(value) and abs(float(value)) >= _WHOLE  # type: ignore[arg-type]  # a number by then


def is_number(value: Value) -> bool:
    """Say whether a cell holds a number (a tick box's true and false are none)."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def duration_minutes(value: timedelta) -> int:
    """Return a duration in whole minutes."""
    return round(value.total_seconds() / 60)
