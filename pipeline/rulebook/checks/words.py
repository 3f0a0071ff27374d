"""Checks the words: one spelling means one code, the words for rows are all there, sentences have only slots that are filled."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.rulebook.checks.fault import Fault, unknown
from pipeline.rulebook.checks.verbs import check_slots
from pipeline.rulebook.rulebook import Rulebook
from pipeline.rulebook.words import fold

ROWS = ("total", "end", "sample", "ditto", "blank", "planned")  # what row_words.yaml must have
_MORE = ("nothing", "none", "company", "stand_in", "summed")  # what it may have beside
NEEDED = ("level", "outcome", "tick")  # vocabularies that meanings of cells take for granted


def check_words(rules: Rulebook, vocabularies: frozenset[str]) -> Iterator[Fault]:
    """Yield what is wrong with vocabularies, row words and sentences."""
    for name in NEEDED:
        if name not in vocabularies:
            yield Fault("vocabulary", (), f"缺少词表 {name}")
    for name in rules.vocabulary:
        yield from _spellings(rules, name)
    for key, words in rules.row_words.items():
        if key not in (*ROWS, *_MORE):
            yield unknown("row_words", (key,), "词组", key, (*ROWS, *_MORE))
        elif not words:
            yield Fault("row_words", (key,), "要有至少一个词")
    for number, word in enumerate(rules.row_words.get("summed", ())):
        if word not in rules.row_words.get("total", ()):
            yield Fault("row_words", ("summed", number), f"「{word}」要先写进 total,才认得出那一行")
    yield from (Fault("row_words", (), f"缺少 {key}") for key in ROWS if key not in rules.row_words)
    for code, sentence in rules.wording.items():
        yield from check_slots("wording", (code, "say"), sentence.say)
        yield from check_slots("wording", (code, "want"), sentence.want)


def _spellings(rules: Rulebook, name: str) -> Iterator[Fault]:
    vocabulary = rules.vocabulary[name]
    owner = {fold(code): code for code in vocabulary.words}
    for code, spellings in vocabulary.words.items():
        for number, spelling in enumerate(spellings):
            other = owner.setdefault(fold(spelling), code)
            if other != code:
                yield Fault(
                    "vocabulary",
                    (name, "words", code, number),
                    f"写法「{spelling}」已经是 {other} 的,一个写法只能是一个意思",
                )
    for number, spelling in enumerate(vocabulary.blank):
        if fold(spelling) in owner:
            yield Fault("vocabulary", (name, "blank", number), f"「{spelling}」又算没填,又是 {owner[fold(spelling)]}")
