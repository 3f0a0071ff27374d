"""How many drafts read their own workbook back without an edit. `python -m bench.drafts FOLDER [--each]`.

Every workbook of the folder is drafted as `daybook forms draft` does, the draft is put among the rules of a home, the rules are read anew, and the
workbook is read by them: the sheet must be taken for the drafted form and every label be found in the cell where the draft says it stands. A
form of ours that reads the workbook already is taken out first, as if the house did not know it yet.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from pipeline.drafting.draft import draft
from pipeline.drafting.guess import Guesser
from pipeline.drafting.told import yaml_of
from pipeline.errors import RulesError
from pipeline.grid import Book
from pipeline.prove import prove, taken_for
from pipeline.read_rules import read_rules
from pipeline.rulebook.rulebook import Rulebook
from pipeline.values.meaning import words_of
from pipeline.workers import read_books

RULES = Path(__file__).parent.parent / "rules"
RECEIVED = datetime(2026, 11, 5)


@dataclass(frozen=True)
class Tried:
    """One workbook: its draft's sheet and header row ('' for no draft), and why it does not read its own file ('' = it does)."""

    book: str
    place: str
    trouble: str


def tried(folder: Path) -> Iterator[Tried]:
    """Draft every readable workbook of a folder and yield what became of it; files that cannot be opened are left out."""
    rules = read_rules(RULES)
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".csv")
    for book in read_books((path.relative_to(folder).as_posix(), path.read_bytes(), RECEIVED) for path in paths):
        if isinstance(book, Book):
            yield _one(book, rules)


def _one(book: Book, rules: Rulebook) -> Tried:
    ours = set(taken_for(book, rules).values())
    strange = without(rules, ours)
    found = draft(book, Guesser(strange, words_of(strange)))
    if found is None:
        return Tried(book.path, "", "")
    place = f"{found.sheet} {found.outline.kind} {found.outline.header.bottom + 1}: {len(found.columns)}"
    with TemporaryDirectory() as beside:
        shutil.copytree(RULES, Path(beside) / "rules")
        (Path(beside) / "rules" / "forms" / f"{found.form['form']}.yaml").write_text(yaml_of(found, book.name), "utf-8")
        try:
            proof = prove(book, found, without(read_rules(Path(beside) / "rules"), ours))
        except RulesError as error:
            return Tried(book.path, place, str(error))
    return Tried(book.path, place, "、".join(proof.lost))


def without(rules: Rulebook, ours: set[str]) -> Rulebook:
    """Return the rules without these forms."""
    said = {name: getattr(rules, name) for name in Rulebook.model_fields}
    return Rulebook.model_validate(
        {**said, "forms": {name: form for name, form in rules.forms.items() if name not in ours}}
    )


def told(every: list[Tried]) -> str:
    """Return the figure in one line."""
    drafts = [each for each in every if each.place]
    good = sum(not each.trouble for each in drafts)
    return f"{len(every)} workbooks read, {len(drafts)} with a list or card of three labels or more; {good} of {len(drafts)} drafts read their own file back without an edit"


if __name__ == "__main__":
    every = list(tried(Path(sys.argv[1])))
    for each in every if "--each" in sys.argv else ():
        print(
            f"{'ok' if each.place and not each.trouble else '--' if not each.place else '!!'}  {each.book}  {each.place}  {each.trouble}"
        )
    print(told(every))
