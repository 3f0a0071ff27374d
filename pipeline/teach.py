"""Says which words of the staff the house does not know, and what a word the clerk accepts is to be added to.

findings *.unknown of a month ─ asked_words ─ AskedWord (word, where it may belong, how often, whose, proposal)
WORD --as MEANING [--in 栏目] ─ lesson ─ Lesson (file, key, word)
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from pipeline.errors import UsageError
from pipeline.rulebook.form import FieldSpec
from pipeline.rulebook.rulebook import Rulebook
from pipeline.text import mask_in, squeeze
from pipeline.view import View

CONSULTANT: Final = "consultant"  # the list of names is no vocabulary, but is taught alike
_UNKNOWN: Final = ("word.unknown", "level.unknown", "tick.unknown", "consultant.unknown")
_VOCABULARIES: Final[Mapping[str, tuple[str, ...]]] = {
    "tick": ("tick",), "level": ("level",), "level_or_outcome": ("level", "outcome"), "consultant": (CONSULTANT,),
}  # fmt: skip


@dataclass(frozen=True)
class AskedWord:
    """A word that was asked about: under which label, the vocabularies it may belong to, in how many cells, by whom, and the last proposal."""

    word: str
    label: str
    vocabularies: tuple[str, ...]
    cells: int
    who: tuple[tuple[str, int], ...]
    proposal: str


@dataclass(frozen=True)
class Lesson:
    """One spelling to be added: to which file of `rules/`, under which keys, and what it then means."""

    file: str
    keys: tuple[str | int, ...]
    word: str
    means: str
    under: str


def asked_words(view: View, rules: Rulebook, days: int) -> tuple[AskedWord, ...]:
    """Return the words of the last days that nobody has taught since, the commonest first; a cell handed in every night counts once."""
    said = view.tables["finding"]
    rows = [dict(zip(said.names, row, strict=True)) for row in said.rows]
    newest = max((row["on"] for row in rows), default=view.on)
    forms = _forms(view)
    cells: dict[tuple[str, str], dict[tuple[str, str, str], dict[str, Any]]] = defaultdict(dict)
    for row in rows:
        if row["code"] in _UNKNOWN and newest - row["on"] < timedelta(days=days):
            cells[row["found"], row["label"]][row["book"], row["sheet"], row["cell"]] = row
    found = []
    for (word, label), told in cells.items():
        last = list(told.values())[-1]
        names = _vocabularies(rules, label, forms.get((last["submission_id"], last["sheet"]), ()))
        if names and not any(_code(rules, name, word) for name in names):
            who = Counter(row["who"] for row in told.values() if row["who"])
            people = tuple(sorted(who.items(), key=lambda each: (-each[1], each[0])))
            found.append(AskedWord(word, label, names, len(told), people, last["proposal"]))
    return tuple(sorted(found, key=lambda each: (-each.cells, each.word, each.label)))


def lesson(word: str, means: str, within: str, asked: Sequence[AskedWord], rules: Rulebook) -> Lesson | None:
    """Return what is to be added so that a word means what another one means; None if it means that already.

    `within` is a vocabulary or a column's label, '' where only one fits. Raises UsageError when nothing fits, or several do.
    """
    every = (*rules.vocabulary, CONSULTANT)
    names = (
        _named(rules, within)
        if within
        else dict.fromkeys(n for one in asked if one.word == word for n in one.vocabularies)
    )
    if within and not names:
        raise UsageError(f"没有栏目或词表「{within}」", "照表头写,例 --in 来访性质")
    fits = [name for name in names or every if _code(rules, name, means)]
    if not fits:
        known = ";".join(f"{label_of(rules, name)}:{'、'.join(_shown(rules, name))}" for name in names)
        raise UsageError(
            f"没有「{means}」这个意思", f"可以写 {known}" if known else "先看 daybook rules accept 列出的写法"
        )
    if len(fits) > 1:
        raise UsageError(
            f"「{means}」在几处都有:{'、'.join(label_of(rules, name) for name in fits)}", "加上 --in,写清是哪一栏"
        )
    (name,) = fits
    code, now = _code(rules, name, means), _code(rules, name, word)
    if now == code:
        return None
    if now:
        raise UsageError(
            f"「{word}」已经是「{_printed(rules, name, now)}」的写法", "一个写法只能是一个意思;要改请先在规则文件里去掉"
        )
    shown, under = _printed(rules, name, str(code)), label_of(rules, name)
    if name == CONSULTANT:
        place = next(i for i, person in enumerate(rules.house.consultants) if person.name == code)
        return Lesson("house.yaml", ("consultants", place, "aliases"), word, shown, under)
    return Lesson("vocabulary.yaml", (name, "words", str(code)), word, shown, under)


def sentences(asked: Sequence[AskedWord], days: int) -> Iterator[str]:
    """Yield the list a clerk reads; free text may hold a number, so it is masked."""
    if not asked:
        yield f"最近 {days} 天没有不认识的写法"
        return
    yield f"最近 {days} 天有 {len(asked)} 种写法不认识:"
    for one in asked:
        who = "、".join(f"{name} {count}" for name, count in one.who)
        yield mask_in(f"  {one.word}  ({one.label})  {one.cells} 处" + (f"  {who}" if who else ""))
        if one.proposal:
            yield mask_in(f"      {one.proposal}")
    yield "认下一种写法:daybook rules accept 写法 --as 意思 --in 栏目"


def label_of(rules: Rulebook, vocabulary: str) -> str:
    """Return how the staff know a vocabulary: the first label of a column that is read by it, else its name."""
    return next((spec.labels[0] for spec in _specs(rules) if spec.labels and vocabulary in _of(spec)), vocabulary)


def _forms(view: View) -> dict[tuple[str, str], set[str]]:
    handed = view.tables["hand_in"]
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for submission, sheet, form in zip(
        *(handed.column(name) for name in ("submission_id", "sheet", "form")), strict=True
    ):
        found[submission, sheet].add(form)
    return found


def _vocabularies(rules: Rulebook, label: str, forms: Iterable[str]) -> tuple[str, ...]:
    """Return the vocabularies by which a column of this label is read; by the sheet's own form if one of its columns is so called."""
    for among in ([form for form in forms if form in rules.forms], [*rules.forms]):
        specs = (spec for spec in _specs(rules, among) if squeeze(label) in map(squeeze, spec.labels))
        if names := tuple(dict.fromkeys(name for spec in specs for name in _of(spec))):
            return names
    return ()


def _named(rules: Rulebook, within: str) -> tuple[str, ...]:
    return (within,) if within in (*rules.vocabulary, CONSULTANT) else _vocabularies(rules, within, ())


def _specs(rules: Rulebook, forms: Iterable[str] | None = None) -> Iterator[FieldSpec]:
    for form in (rules.forms[name] for name in (rules.forms if forms is None else forms)):
        yield from form.above.values()
        yield from (spec for part in form.parts.values() for spec in part.fields.values())


def _of(spec: FieldSpec) -> tuple[str, ...]:
    """Return the vocabularies a cell of this column may belong to."""
    own = (spec.words,) if spec.words else ()
    if spec.is_ in ("code", "codes"):
        return own
    usual = _VOCABULARIES.get(spec.is_, ())
    return (*own, *usual[1:]) if own else usual


def _code(rules: Rulebook, name: str, word: str) -> str | None:
    if name == CONSULTANT:
        return {squeeze(spelling): person for spelling, person in rules.aliases.items()}.get(squeeze(word))
    return rules.vocabulary[name].code(word)


def _printed(rules: Rulebook, name: str, code: str) -> str:
    return code if name == CONSULTANT else rules.shown(name, code)


def _shown(rules: Rulebook, name: str) -> list[str]:
    if name == CONSULTANT:
        return [person.name for person in rules.house.consultants]
    return [rules.shown(name, code) for code in rules.vocabulary[name].words]
