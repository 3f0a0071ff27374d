"""Guesses what a column means: by what the house's other forms call so, and by the values that stand in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

from pipeline.grid import Value
from pipeline.rulebook.form import FieldSpec, Meaning
from pipeline.rulebook.rulebook import Rulebook
from pipeline.rulebook.stores import store_of
from pipeline.text import clean, squeeze
from pipeline.values.meaning import Words, meaning
from pipeline.values.meant import Meant
from pipeline.values.plain import half_width
from pipeline.values.years import When

_ENOUGH: Final = 0.8  # share of the values that must be readable
_OPTIONS: Final = 12  # different words that may be a fixed choice
_OPTION: Final = 10  # letters of such a word
_REPEATS: Final = 2  # times each on average
_PLAIN: Final = frozenset({"text", "name", "phone", "date", "month", "time", "count", "money", "tick", "code", "level", "vin", "plate", "id", "number"})  # fmt: skip
_DATED: Final = "-/.年月日"


@dataclass(frozen=True)
class Guess:
    """A column's meaning as far as it shows: the known field of that name ('' for none), `is`, a vocabulary, words that look like a fixed choice."""

    field: str
    is_: Meaning
    words: str = ""
    options: tuple[str, ...] = ()

    @property
    def spec(self) -> FieldSpec:
        """The guess as a field, to ask the parsers with."""
        return FieldSpec.model_validate({"labels": ("?",), "is": self.is_, "words": self.words})


class Guesser:
    """Knows the house's labels and words; made once a rulebook."""

    def __init__(self, rules: Rulebook, words: Words) -> None:
        self._rules, self._words = rules, words
        self._known = dict(reversed(list(_known(rules))))
        passed = Counter(squeeze(word) for form in rules.forms.values() for word in form.ignores)
        self._ignored = {word for word, times in passed.items() if times * 2 >= len(rules.forms)}

    @property
    def labels(self) -> Collection[str]:
        """Every word that a form of the house uses as a label, in comparable form."""
        return self._known.keys()

    def is_number(self, label: str) -> bool:
        """Say whether the house's forms pass over such a column: 序号."""
        return squeeze(label) in self._ignored

    def guess(self, label: str, values: Sequence[Value], on: date) -> Guess:
        """Return the guess for a label (as written) and the values below it; `on` is the workbook's day."""
        values = [value for value in values if not (isinstance(value, str) and half_width(value) in self._words.blank)]
        field, spec = self._known.get(squeeze(label), ("", None))
        ending = spec or self._by_ending(squeeze(label))
        for candidate in ((ending.is_, ending.words),) if ending else ():
            one = Guess(field, *candidate)
            if not values or self._reads(one, values, on):
                return one
        by_values = next(
            (Guess(field, is_) for is_ in _by_class(values) if self._reads(Guess(field, is_), values, on)), None
        )
        if by_values:
            return by_values
        options = _options(values)
        vocabulary = self._vocabulary(options)
        if vocabulary:
            return Guess(field, "code", vocabulary)
        return Guess(field if ending is None else "", "text", options=options)

    def _by_ending(self, word: str) -> FieldSpec | None:
        """Return the meaning of the longest known label this one ends with: 合同日期 is a 日期; one of plain text says nothing."""
        endings = (word[begin:] for begin in range(1, len(word) - 1))
        known = (self._known[ending][1] for ending in endings if ending in self._known)
        return next((spec for spec in known if spec.is_ != "text"), None)

    def _reads(self, guess: Guess, values: Sequence[Value], on: date) -> bool:
        read = [meaning("guess", value, guess.spec, self._words, When(on)) for value in values]
        good = sum(isinstance(each, Meant) and each.value is not None and each.doubt is None for each in read)
        return good >= len(values) * _ENOUGH

    def _vocabulary(self, options: Iterable[str]) -> str:
        wanted = list(options)
        closed = {name: each for name, each in self._rules.vocabulary.items() if not each.open and not each.contains}
        return next((name for name, each in closed.items() if wanted and all(each.code(word) for word in wanted)), "")


def _known(rules: Rulebook) -> Iterator[tuple[str, tuple[str, FieldSpec]]]:
    """Yield every label with its field, of the plain meanings that need no second place to go to."""
    for form in rules.forms.values():
        for fields in (form.above, *(part.fields for part in form.parts.values())):
            for name, spec in fields.items():
                if spec.is_ in (*_PLAIN, "consultant") and not spec.into:
                    is_ = "name" if spec.is_ == "consultant" else spec.is_
                    plain = FieldSpec.model_validate(
                        {"labels": spec.labels, "is": is_, "words": spec.words if is_ == "code" else ""}
                    )
                    yield from ((squeeze(label), (name, plain)) for label in spec.labels)


def _by_class(values: Sequence[Value]) -> Iterator[Meaning]:
    """Yield what the kind of the values allows; a bare number is never taken for a date."""
    if not values:
        return
    texts = [clean(value) for value in values if isinstance(value, str)]
    if all(isinstance(value, date | datetime) for value in values) or (
        texts and len(texts) == len(values) and all(any(mark in text for mark in _DATED) for text in texts)
    ):
        yield "date"
    if all(
        isinstance(value, time) or (isinstance(value, str) and ":" in value.replace("\uff1a", ":")) for value in values
    ):
        yield "time"
    if all(isinstance(value, int | float) and not isinstance(value, bool) for value in values):
        yield "phone"
        yield "count"
        yield "number"
    elif texts and len(texts) == len(values):
        yield "phone"
        yield "tick"


def _options(values: Sequence[Value]) -> tuple[str, ...]:
    """Return the words of a column in which a few short ones come again and again, the most frequent first."""
    words = Counter(clean(value) for value in values if isinstance(value, str))
    few = 1 < len(words) <= _OPTIONS and all(len(word) <= _OPTION for word in words)
    return tuple(word for word, _ in words.most_common()) if few and len(values) >= _REPEATS * len(words) else ()


def columns(guesses: Mapping[str, Guess]) -> dict[str, str]:
    """Return field → what its column of the record kind stores."""
    return {name: store_of(guess.spec) for name, guess in guesses.items()}
