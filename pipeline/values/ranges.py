"""Reads a stretch of days written in one cell: 2013.1.1-2013.12.31, 2026年1月1日至2026年12月31日 (domain 4, case 29)."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from pipeline.grid import Value
from pipeline.values.dates import read_date
from pipeline.values.meant import NOTHING, Meant, Slip
from pipeline.values.plain import half_width, text_of
from pipeline.values.years import When

_BETWEEN = re.compile(r"\s*(?:至|到|~|—+|–|--)\s*")
_DAY = r"\d{2,4}[./年]\d{1,2}[./月]\d{1,2}日?"
_SHORT = r"\d{1,2}[./月]\d{1,2}日?"  # the last day, in the year the first one names
_YEAR = re.compile(r"(\d{4})\D")
# A hyphen parts two days only where they are written without one.
_HYPHENED = re.compile(rf"({_DAY})\s*-\s*({_DAY}|{_SHORT})$")


def read_date_range(value: Value, into: tuple[str, ...], when: When) -> Meant | Slip:
    """Return the first and the last day of a stretch as the two fields of `into`; one day alone is its last.

    Raises nothing: what is no stretch, or ends before it begins, is a Slip.
    """
    text = half_width(text_of(value))
    if not text:
        return NOTHING
    hyphened = _HYPHENED.match(text)
    pieces = list(hyphened.groups()) if hyphened else _BETWEEN.split(text)
    ahead = replace(when, ahead=True)
    if len(pieces) == 1:
        only = read_date(value, ahead)
        return only if isinstance(only, Slip) else Meant(None, also=((into[1], only.value),))
    days = [read_date(piece, ahead) for piece in _with_year(pieces)]
    for each in days:
        if isinstance(each, Slip):
            return each
    first, last = (each.value for each in days if isinstance(each, Meant)) if len(days) == len(into) else (None, None)
    if not isinstance(first, date) or not isinstance(last, date):
        return Slip("date.unreadable")
    if last < first:
        return Slip("date.range-reversed")
    return Meant(None, also=((into[0], first), (into[1], last)))


def _with_year(pieces: list[str]) -> list[str]:
    """Return the ends of a stretch with the first one's year on a last day that was written without: 2026.1.1-12.31 is one year."""
    year = _YEAR.match(pieces[0])
    short = year and all(re.fullmatch(_SHORT, piece) for piece in pieces[1:])
    return [pieces[0], *(f"{year[1]}.{piece}" for piece in pieces[1:])] if year and short else pieces
