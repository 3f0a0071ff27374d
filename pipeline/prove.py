"""Reads a draft's own workbook back by it: whether the rules take the draft, and whether the header comes out where it was found."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.drafting.draft import Draft
from pipeline.extract import extract
from pipeline.grid import Book, spot
from pipeline.layout.lexicon import lexicons
from pipeline.model import Match
from pipeline.recognise import recognise
from pipeline.rulebook.checks.check import check
from pipeline.rulebook.rulebook import Rulebook


@dataclass(frozen=True)
class Proof:
    """What became of a draft: what `rules check` would say, how its own sheet was recognised, which labels were not found where they stand, and the entries read."""

    faults: tuple[str, ...]
    match: Match
    lost: tuple[str, ...]
    entries: int

    @property
    def holds(self) -> bool:
        """Whether the draft reads its own file without an edit."""
        return not self.faults and not self.lost


def taught(rules: Rulebook, draft: Draft) -> Rulebook:
    """Return the rules with the draft beside all other forms."""
    said = {name: getattr(rules, name) for name in Rulebook.model_fields}
    form = draft.checked
    return Rulebook.model_validate({**said, "forms": {**rules.forms, form.form: form}})


def taken_for(book: Book, rules: Rulebook) -> dict[str, str]:
    """Return sheet → the form that reads it already."""
    return {match.sheet: match.form for match in recognise(book, rules, lexicons(rules)) if match.form}


def prove(book: Book, draft: Draft, rules: Rulebook) -> Proof:
    """Return what a night would make of the workbook by rules that hold the draft."""
    words = lexicons(rules)
    match = next(match for match in recognise(book, rules, words) if match.sheet == draft.sheet)
    entries = extract(book, [match], rules, words).entries
    return Proof(tuple(fault.message for fault in check(rules, {})), match, _lost(match, draft), len(entries))


def _lost(match: Match, draft: Draft) -> tuple[str, ...]:
    if match.form != draft.form["form"] or match.rivals:
        return tuple(column.label for column in draft.columns)
    region = match.regions[0]
    if draft.outline.kind == "card":
        found = {name: said.label_spot for name, said in region.said.items()}
    else:
        found = {name: (region.header.bottom, column) for name, column in region.columns.items()}
    return tuple(column.label for column in draft.columns if found.get(column.name) != spot(column.cell))
