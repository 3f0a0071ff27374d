"""Runs the machine: every mess on every form, drawn, saved, read by the real street, compared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random

from bench.fidelity import (
    mess_days,
    mess_figures,
    mess_headers,
    mess_phones,
    mess_rows,
    mess_sheets,
    mess_stays,
    mess_words,
    office,
)
from bench.fidelity.draw import Drawn, draw_all
from bench.fidelity.forms import FORMS, Draughtsman
from bench.fidelity.ink import table, xlsx_by_openpyxl, xlsx_by_xlsxwriter
from bench.fidelity.mess import Mess
from bench.fidelity.mess_mixed import mixed
from bench.fidelity.people import ALIASES, CONSULTANTS, ON, RECEIVED
from bench.fidelity.score import Verdict, verdicts
from bench.fidelity.sketch import Paper
from bench.fidelity.spell import Pen
from pipeline.examine import examine
from pipeline.model import Submission
from pipeline.read_book import read_book
from pipeline.rulebook.house import Consultant
from pipeline.rulebook.rulebook import Rulebook

CLEAN = Mess("nothing, as our own blank asks for it", "clean", lambda paper, _rng, _pen: paper)
OFFICE = ("xlsx", "xls", "ods")
_RESAVED = 3  # mixes that LibreOffice saves again, in each format
_AT_ONCE = 200  # workbooks examined together, as a night does


@dataclass(frozen=True)
class Case:
    """One workbook made: form, mess, and what it holds."""

    form: str
    mess: Mess
    seed: int
    paper: Paper
    drawn: tuple[Drawn, ...]
    content: bytes

    @property
    def path(self) -> str:
        """Where it lies in the inbox."""
        return self.paper.path


@dataclass(frozen=True)
class Result:
    """What became of one workbook."""

    case: Case
    read: Submission
    verdicts: tuple[Verdict, ...]


def messes() -> list[Mess]:
    """Return every mess in the order of the table."""
    kinds = (mess_headers, mess_rows, mess_stays, mess_days, mess_phones, mess_words, mess_figures, mess_sheets)
    alone = [mess for kind in kinds for mess in kind.messes()]
    mixes = mixed(alone)
    return [
        CLEAN,
        *alone,
        *mixes,
        *(_resaved(mess, ending) for ending in OFFICE for mess in (CLEAN, *mixes[:_RESAVED])),
    ]


def _resaved(mess: Mess, ending: str) -> Mess:
    """Return the mess saved once more by LibreOffice."""

    def change(paper: Paper, rng: Random, pen: Pen) -> Paper | None:
        told = mess.change(paper, rng, pen)
        return replace(told, saved_by=ending, path=f"李明/表.{ending}") if told else None

    return Mess(f"saved by LibreOffice, {ending}", mess.way, change)


def staffed(rules: Rulebook) -> Rulebook:
    """Return the rules with a house that knows its consultants and what they are called."""
    people = tuple(Consultant(name=name, aliases=ALIASES[name]) for name in CONSULTANTS)
    said = {name: getattr(rules, name) for name in Rulebook.model_fields}
    # Made anew and not copied: a copy would keep the names that the first one has looked up already.
    return Rulebook(**said | {"house": rules.house.model_copy(update={"consultants": people})})


def cases(rules: Rulebook, chosen: Sequence[Mess], seeds: Sequence[int]) -> Iterator[Case]:
    """Yield a workbook for every form, mess and seed that go together."""
    for seed in seeds:
        for mess in chosen:
            for form, make in FORMS.items():
                clean = make(Draughtsman(rules, seed))
                pen = Pen(rules, clean.form)
                paper = mess.change(clean, Random(f"{seed} {mess.row} {mess.way} {form}"), pen)  # noqa: S311 - a story, no secret
                if paper is None:
                    continue
                drawn = draw_all(paper.sketches, pen)
                yield Case(form, mess, seed, paper, drawn, save(paper, drawn))


def through_the_office(made: Iterator[Case]) -> Iterator[Case]:
    """Yield the workbooks, those that LibreOffice saves last, a pile an ending; without it they are left out."""
    piles: dict[str, list[Case]] = {ending: [] for ending in OFFICE}
    for case in made:
        if case.paper.saved_by in piles:
            piles[case.paper.saved_by].append(case)
        else:
            yield case
    for ending, pile in piles.items():
        if pile and office.is_here():
            for case, content in zip(pile, office.resaved([case.content for case in pile], ending), strict=True):
                yield replace(case, content=content)


def save(paper: Paper, drawn: Sequence[Drawn]) -> bytes:
    """Return the workbook's bytes as its program writes them."""
    if paper.saved_by == "openpyxl":
        return xlsx_by_openpyxl(drawn, epoch_1904=paper.epoch_1904)
    if paper.saved_by in {"gbk", "utf-8-sig"}:
        return table(drawn, paper.saved_by)
    return xlsx_by_xlsxwriter(drawn, epoch_1904=paper.epoch_1904)


def run(rules: Rulebook, made: Iterator[Case]) -> Iterator[Result]:
    """Read the workbooks as a night does, and yield what became of each."""
    pile: list[Case] = []
    for case in made:
        pile.append(case)
        if len(pile) == _AT_ONCE:
            yield from _night(rules, pile)
            pile = []
    yield from _night(rules, pile)


def _night(rules: Rulebook, pile: Sequence[Case]) -> Iterator[Result]:
    # A path of its own for each, or their findings would be taken for one workbook's.
    books = [read_book(f"{number}/{case.path}", case.content, RECEIVED) for number, case in enumerate(pile)]
    for case, read in zip(pile, examine(books, rules, ON).submissions, strict=True):
        yield Result(case, read, tuple(verdicts(case.paper, case.drawn, read)))
