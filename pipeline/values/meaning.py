"""Gives each kind of cell (`is:` in a form) to the parser that knows it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pipeline.grid import Value
from pipeline.rulebook.form import FieldSpec
from pipeline.rulebook.rulebook import Rulebook
from pipeline.rulebook.words import Vocabulary
from pipeline.text import clean, squeeze
from pipeline.values.codes import read_code, read_codes, read_level, read_level_or_outcome, read_tick
from pipeline.values.dates import read_date
from pipeline.values.day_words import in_words
from pipeline.values.hours import in_the_night
from pipeline.values.ids import read_id
from pipeline.values.meant import NOTHING, Meant, Slip, Stay
from pipeline.values.months import read_month
from pipeline.values.names import read_consultant, read_name, read_plate, read_vin
from pipeline.values.no_value import no_value
from pipeline.values.numbers import read_count, read_minutes, read_money, read_number, read_score
from pipeline.values.phone import read_phone
from pipeline.values.plain import digits_lost, half_width, text_of
from pipeline.values.ranges import read_date_range
from pipeline.values.terms import read_term
from pipeline.values.times import read_range, read_time
from pipeline.values.units import read_unit
from pipeline.values.years import When

_FREE = frozenset({"text", "tick", "phone"})  # 无 is an answer here, or has its own vocabulary
_OF_LETTERS = frozenset(
    {"text", "name", "code", "consultant", "vin", "plate", "id", "unit"}
)  # digits here are a name, no quantity
_DATED = frozenset({"date", "month", "date_range"})
_BARE_PAIR = re.compile(
    r"\d{1,2}\s*[-\u2013\u2014]\s*\d{1,2}$", re.ASCII
)  # 12-20 is twenty past twelve or from noon to eight
_EMPTY = Vocabulary(words={})


@dataclass(frozen=True)
class Words:
    """The words of the house: vocabularies, spellings that say nothing, marks of a plan, and its consultants."""

    vocabulary: Mapping[str, Vocabulary]
    blank: frozenset[str]
    nothing: frozenset[str]
    none: frozenset[str]  # 无, 不涉及: no value, but an answer
    planned: tuple[str, ...]
    consultants: Mapping[str, str]
    hours: tuple[str, str] = ("", "")  # when the store opens and closes; '' = nobody says

    def says_nothing(self, text: str, spec: FieldSpec) -> bool:
        """Say whether a text stands for no value; 不适用 is an answer where points are given."""
        known = text in self.nothing or (text in self.none and spec.is_ != "score")
        return known and not self.of(spec.words).code(text)

    def of(self, name: str) -> Vocabulary:
        """Return a vocabulary; one that the house does not have knows no word."""
        return self.vocabulary.get(name, _EMPTY)


def words_of(rules: Rulebook) -> Words:
    """Return the words the rules teach."""
    marks = rules.row_words
    return Words(
        vocabulary=rules.vocabulary,
        blank=frozenset(half_width(mark) for mark in marks.get("blank", ())),
        nothing=frozenset(marks.get("nothing", ())),
        none=frozenset(marks.get("none", ())),
        planned=tuple(dict.fromkeys(half_width(mark) for mark in marks.get("planned", ("*",)))),
        consultants={squeeze(spelling): name for spelling, name in rules.aliases.items()},
        hours=(rules.house.opens_at, rules.house.closes_at),
    )


def meaning(name: str, value: Value, spec: FieldSpec, words: Words, when: When) -> Meant | Slip:
    """Return what a cell of this field means; `/` and `-` are blank everywhere, errors and pictures nowhere."""
    return no_value(value) or _meaning(name, value, spec, words, when)


def _meaning(name: str, value: Value, spec: FieldSpec, words: Words, when: When) -> Meant | Slip:
    is_ = spec.is_
    if is_ in _OF_LETTERS and digits_lost(value):
        lost = Slip("cell.precision-lost")
        if is_ != "text":
            return lost
        # A free text that merely looks like such a number is what somebody wrote.
        return Meant(text_of(value), doubt=None if isinstance(value, str) else lost)
    if isinstance(value, str):
        text = half_width(value)
        if text in words.blank or (is_ not in _FREE and words.says_nothing(text, spec)):
            value = ""
    if is_ in _DATED:
        return _dated(value, spec, words, when)
    if value == "" and is_ != "tick":
        return NOTHING
    return _READERS[is_](name, value, spec, words)


def _dated(value: Value, spec: FieldSpec, words: Words, when: When) -> Meant | Slip:
    """Read a month, a range of days, or a day; a day in words is said with what it may be: 星期日 alone is one, a printed 星期  日 is a blank."""
    if spec.is_ == "month":
        return read_month(value, when)
    if spec.is_ == "date_range":
        return read_date_range(value, spec.into, when)
    if spec.counts_from and (term := read_term(value, when.since)):
        return term
    day = read_date(value, when)
    unread = day == NOTHING or (isinstance(day, Slip) and day.code == "date.unreadable")
    return (in_words(value, when, words.of("day_word")) or day) if unread and isinstance(value, str) else day


def _text(_name: str, value: Value, _spec: FieldSpec, _words: Words) -> Meant:
    text = clean(text_of(value))
    return Meant(text) if text else NOTHING


def _level(_name: str, value: Value, spec: FieldSpec, words: Words) -> Meant | Slip:
    return read_level(value, words.of(spec.words or "level"))


def _level_or_outcome(name: str, value: Value, spec: FieldSpec, words: Words) -> Meant | Slip:
    into = spec.into or (name, "outcome")
    return read_level_or_outcome(
        value, words.of(spec.words or "level"), words.of("outcome"), words.of("unreached"), into
    )


def _time(_name: str, value: Value, _spec: FieldSpec, words: Words) -> Meant | Slip:
    """Read a time; a whole range in the cell stays a Stay, for the record to decide (case 11)."""
    one = read_time(value)
    if isinstance(one, Meant):
        return in_the_night(value, one.value, words.hours) or one
    if isinstance(value, str) and _BARE_PAIR.match(half_width(value)):
        return Slip("time.unreadable")
    both = read_range(value)
    if isinstance(both, Meant) and isinstance(both.value, Stay):
        whole = both if both.value.start and both.value.end else Meant(both.value.start or both.value.end or None)
        return _stay_in_the_night(value, both.value, words) or whole
    return both if isinstance(both, Slip) and both.code == "time.range-reversed" else one


def _stay_in_the_night(value: Value, stay: Stay, words: Words) -> Slip | None:
    return in_the_night(value, stay.start, words.hours) or in_the_night(value, stay.end, words.hours)


def _time_range(_name: str, value: Value, spec: FieldSpec, words: Words) -> Meant | Slip:
    found = read_range(value)
    if isinstance(found, Slip) or not isinstance(found.value, Stay):
        return found
    if slip := _stay_in_the_night(value, found.value, words):
        return slip
    ends = (found.value.start or None, found.value.end or None)
    return Meant(None, also=tuple(zip(spec.into, ends, strict=False)))


def _number(_name: str, value: Value, spec: FieldSpec, words: Words) -> Meant | Slip:
    """Read a quantity; a word that the house counts (√ = 1, 半天 = 0.5) stands for its code."""
    found = read_number(value)
    code = words.of(spec.words).code(text_of(value)) if isinstance(found, Slip) else None
    return found if code is None else Meant(float(code))


_Reader = Callable[[str, Value, FieldSpec, Words], Meant | Slip]
_READERS: Mapping[str, _Reader] = {
    "text": _text,
    "name": lambda _name, value, _spec, _words: read_name(value),
    "phone": lambda name, value, spec, words: read_phone(value, words.of(spec.words or "phone_words"), name),
    "time": _time,
    "time_range": _time_range,
    "minutes": lambda _name, value, _spec, _words: read_minutes(value),
    "count": lambda _name, value, _spec, _words: read_count(value),
    "money": lambda _name, value, _spec, _words: read_money(value),
    "number": _number,
    "score": lambda _name, value, _spec, _words: read_score(value),
    "id": lambda _name, value, _spec, _words: read_id(value),
    "unit": lambda _name, value, _spec, _words: read_unit(value),
    "codes": lambda _name, value, spec, words: read_codes(value, words.of(spec.words)),
    "tick": lambda _name, value, spec, words: read_tick(value, words.of(spec.words or "tick")),
    "code": lambda _name, value, spec, words: read_code(value, words.of(spec.words)),
    "level": _level,
    "level_or_outcome": _level_or_outcome,
    "consultant": lambda _name, value, _spec, words: read_consultant(value, words.consultants),
    "vin": lambda _name, value, _spec, _words: read_vin(value),
    "plate": lambda _name, value, _spec, _words: read_plate(value),
}
