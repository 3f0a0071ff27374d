"""A form's words in comparable form: titles, labels above, labels of each part, group heads."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Container, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from pipeline.layout.spoken import head_pattern, number_of, spoken_of
from pipeline.rulebook.form import CARDS, LISTS, FieldSpec, Form, Part
from pipeline.rulebook.rulebook import Rulebook
from pipeline.rulebook.words import Vocabulary
from pipeline.text import squeeze


@dataclass(frozen=True, eq=False)
class PartWords:
    """A part's labels → fields, its headings, the fields it cannot do without, and how its group heads are written."""

    name: str
    part: Part
    labels: Mapping[str, str]
    headings: tuple[str, ...]
    heads: re.Pattern[str] | None
    once: frozenset[str]  # fields that stand once per row, after the groups
    split: Mapping[str, tuple[str, int]]  # label → (field, 0 year / 1 month / 2 day)

    @cached_property
    def needs(self) -> frozenset[str]:
        """Fields whose labels must be found."""
        return frozenset(self.part.needs)

    @cached_property
    def needed_labels(self) -> tuple[tuple[str, frozenset[str]], ...]:
        """Each field that must be found, with all labels that may speak for it: its own, and those of a range that fills it."""
        return tuple(
            (
                need,
                frozenset(
                    label for label, name in self.labels.items() if name == need or need in self.part.fields[name].into
                )
                | self._split_of(need),
            )
            for need in self.part.needs
        )

    def needs_named(self, words: Container[str], given: Container[str]) -> bool:
        """Say whether every field that must be found is given above or has one of its labels among these words."""
        return all(need in given or any(label in words for label in labels) for need, labels in self.needed_labels)

    def _split_of(self, need: str) -> frozenset[str]:
        return frozenset(label for label, (name, _) in self.split.items() if name == need)


@dataclass(frozen=True, eq=False)
class Lexicon:
    """All words of one form."""

    form: Form
    titles: tuple[str, ...]
    above: Mapping[str, str]
    ignores: frozenset[str]
    parts: Mapping[str, PartWords]
    inside: re.Pattern[str]  # an above or card label with its value in the same cell
    lettered: bool  # every one of those has a letter
    below: Mapping[str, tuple[PartWords, ...]]  # part → the parts that stand under it
    known: Mapping[str, frozenset[str]]  # part → every label of it and of the parts under it
    answers: Mapping[str, frozenset[str]]  # field → the labels that are also words of its vocabulary (订单形式: 电话)
    spoken: Callable[[str], bool]  # whether the form has a use for a word in a header

    @cached_property
    def names(self) -> frozenset[str]:
        """The labels a card begins with: those of its first field."""
        parts = self.roots("card", "repeat")
        first = {words.name: next(iter(words.part.fields), "") for words in parts}
        return frozenset(label for words in parts for label, name in words.labels.items() if name == first[words.name])

    @cached_property
    def marks(self) -> frozenset[str]:
        """The form's titles and the headings of its parts."""
        return frozenset(self.titles) | {heading for words in self.parts.values() for heading in words.headings}

    def holds_label(self, text: str) -> bool:
        """Say whether a label stands inside a text, with its colon."""
        return (":" in text or "\uff1a" in text) and self.inside.search(text) is not None

    def stops(self, part: PartWords | None) -> frozenset[str]:
        """Return the words that are no value of a label of this part, or of one above a table: other labels, and what is ignored."""
        name = part.name if part else ""
        if name not in self._stops:
            self._stops[name] = frozenset(part.labels if part else self.above) | self.ignores
        return self._stops[name]

    @cached_property
    def _stops(self) -> dict[str, frozenset[str]]:
        return {}

    def children(self, part: str) -> tuple[PartWords, ...]:
        """The parts that stand under a part."""
        return self.below[part]

    def has_days(self, part: str) -> bool:
        """Say whether the days of a month stand as columns in a part's lists."""
        return any(words.part.layout.kind == "month_grid" for words in self.children(part))

    def needs_groups(self, part: str) -> bool:
        """Say whether a part's list is only read with column groups: 第n次回访, or the days of a month."""
        return any(words.part.layout.kind in ("groups", "month_grid") for words in self.children(part))

    def roots(self, *kinds: str) -> tuple[PartWords, ...]:
        """The parts of these layout kinds that stand under no other."""
        found = self._roots.get(kinds)
        if found is None:
            own = (w for w in self.parts.values() if not w.part.under and w.part.layout.kind in kinds)
            found = self._roots[kinds] = tuple(own)
        return found

    @cached_property
    def _roots(self) -> dict[tuple[str, ...], tuple[PartWords, ...]]:
        return {}


class Lexicons(tuple[Lexicon, ...]):  # noqa: SLOT001 - slots would leave no room for what is cached
    """The words of every form, and one dictionary over them all: a sheet's word is looked up once, not once a form.

    They are told from others by what they are, not by every form in turn: much is remembered by them.
    """

    __eq__, __hash__ = object.__eq__, object.__hash__

    @cached_property
    def owners(self) -> Mapping[str, tuple[tuple[int, str], ...]]:
        """Every label → (number of the form, root part that knows it); '' for what stands above."""
        found: dict[str, list[tuple[int, str]]] = {}
        for number, lexicon in enumerate(self):
            for word in lexicon.above:
                found.setdefault(word, []).append((number, ""))
            for words in lexicon.roots(*LISTS, *CARDS):
                for word in lexicon.known[words.name]:
                    found.setdefault(word, []).append((number, words.name))
        return {word: tuple(owners) for word, owners in found.items()}

    @cached_property
    def last_letters(self) -> frozenset[str]:
        """The letters labels end with."""
        return frozenset(word[-1] for word in self.owners if word)

    @cached_property
    def shortest_title(self) -> int:
        """How many letters the shortest title has."""
        return min((len(title) for lexicon in self for title in lexicon.titles), default=0)

    @cached_property
    def any_title(self) -> re.Pattern[str]:
        """A pattern finding the title of any form in a word."""
        titles = sorted({title for lexicon in self for title in lexicon.titles})
        return re.compile("|".join(map(re.escape, titles)) or "(?!)")

    @cached_property
    def by_form(self) -> Mapping[str, Lexicon]:
        """The words of a form by its id."""
        return {lexicon.form.form: lexicon for lexicon in self}


def lexicons(rules: Rulebook) -> Lexicons:
    """Return the words of every form; made once a night."""
    return Lexicons(_lexicon(form, rules.vocabulary) for form in rules.forms.values())


def _lexicon(form: Form, vocabularies: Mapping[str, Vocabulary]) -> Lexicon:
    parts = {name: _part_words(name, part) for name, part in form.parts.items()}
    paired = [label for spec in form.above.values() for label in spec.labels]
    paired += [
        label
        for p in form.parts.values()
        if p.layout.kind in ("card", "repeat")
        for f in p.fields.values()
        for label in f.labels
    ]
    bare = {re.split(r"[\s(\uff08.*]", label)[0] or label for label in paired}
    above, ignores = _labels(form.above), frozenset(map(squeeze, form.ignores))
    below = {name: tuple(words for words in parts.values() if words.part.under == name) for name in parts}
    return Lexicon(
        form=form,
        titles=tuple(sorted({squeeze(t) for t in (form.title, *form.titles)}, key=len, reverse=True)),
        above=above,
        ignores=ignores,
        parts=parts,
        inside=_inside(bare),
        lettered=all(any(map(str.isalpha, label)) for label in bare),
        below=below,
        known={
            name: frozenset(words.labels)
            | frozenset(words.split)
            | frozenset(label for child in below[name] for label in child.labels)
            for name, words in parts.items()
        },
        answers=_answers(form, vocabularies),
        spoken=_spoken((*above, *ignores), parts.values()),
    )


def _spoken(others: Iterable[str], parts: Collection[PartWords]) -> Callable[[str], bool]:
    labels = (label for words in parts for label in (*words.labels, *words.split))
    numbered = {label for words in parts if words.part.layout.kind == "groups" for label in words.labels}
    return spoken_of((*others, *labels), numbered, [words.heads for words in parts if words.heads])


def _answers(form: Form, vocabularies: Mapping[str, Vocabulary]) -> dict[str, frozenset[str]]:
    fields = [*form.above.items(), *(pair for part in form.parts.values() for pair in part.fields.items())]
    labels = frozenset(
        squeeze(label) for label in (*form.ignores, *(word for _, spec in fields for word in spec.labels))
    )
    found: dict[str, frozenset[str]] = {}
    for name, spec in fields:
        if spec.is_ in ("code", "codes") and spec.words in vocabularies:
            spellings = {squeeze(word) for words in vocabularies[spec.words].words.values() for word in words}
            found[name] = found.get(name, frozenset()) | (labels & spellings)
    return {name: words for name, words in found.items() if words}


def _part_words(name: str, part: Part) -> PartWords:
    return PartWords(
        name=name,
        part=part,
        labels=_labels(part.fields),
        headings=tuple(squeeze(t) for t in (part.title, *part.titles) if t),
        heads=head_pattern(part.layout.heads),
        once=frozenset(name for name, spec in part.fields.items() if spec.once),
        split={
            squeeze(label): (name, place)
            for name, spec in part.fields.items()
            for place, labels in enumerate(spec.split)
            for label in labels
        },
    )


def _labels(fields: Mapping[str, FieldSpec]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, spec in fields.items():
        for label in filter(None, map(squeeze, spec.labels)):
            found.setdefault(label, name)
    return found


def head_of(words: PartWords, text: str) -> tuple[int, str] | None:
    """Return (number, what follows) when the text is a group head such as 第2次回访 or 第2次计划日期."""
    found = words.heads.match(text) if words.heads else None
    if not found:
        return None
    number = next((v for k, v in found.groupdict().items() if k != "rest" and v), "")
    return number_of(number), found["rest"]


def _inside(bare: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern finding `label:` inside a cell, with blanks allowed between its letters (日  期:)."""
    ways = [r"\s*".join(map(re.escape, label)) for label in sorted(bare, key=len, reverse=True)]
    # Not preceded by a 汉字: 打印日期: is not 日期:. Brackets and colon may be half or full width.
    return re.compile(
        r"(?<![\u4e00-\u9fff])(?P<label>"
        + "|".join(ways or ["(?!)"])
        + r")\s*(?:[(\uff08][^)\uff09]{0,12}[)\uff09])?\s*[:\uff1a]"
    )
