"""What a cell turned out to mean, or why it could not be read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Slip:
    """A cell that could not be read: the finding's code, what the sentence adds, and the days it might be."""

    code: str
    other: str = ""
    want: str = ""
    readings: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class Meant:
    """A cell's meaning, None = blank. `also` gives further fields it speaks for; `doubt` lets it in with a warning."""

    value: Any = None
    also: tuple[tuple[str, Any], ...] = ()
    doubt: Slip | None = None


@dataclass(frozen=True, slots=True)
class Stay:
    """A range of two times, 'HH:MM' or '' where an end is left open."""

    start: str
    end: str


NOTHING = Meant()
