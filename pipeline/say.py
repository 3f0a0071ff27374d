"""Turns a finding code into the sentence a person reads: the only maker of findings."""

from __future__ import annotations

from pipeline.model import Finding, Level
from pipeline.rulebook.rulebook import Rulebook
from pipeline.rulebook.words import Sentence

_SHOWN = 60  # letters of what was written that a sentence repeats


def say(
    rules: Rulebook,
    code: str,
    level: Level,
    *,
    book: str,
    sheet: str = "",
    cell: str = "",
    label: str = "",
    found: object = "",
    want: str = "",
    other: object = "",
    order: int = -1,
    sentence: str = "",
) -> Finding:
    """Return the finding of this code at this place; `sentence` replaces the wording (a clerk's own rule).

    A code without wording is still said, with the code itself as the sentence: nothing goes unsaid.
    """
    wording = rules.wording.get(code) or Sentence(say=code)
    shown = str(found)[:_SHOWN]
    words = {"found": shown, "label": label, "want": want, "other": str(other)[:_SHOWN]}
    wanted = fill(wording.want, words) if wording.want else want
    said = fill(sentence or wording.say, words)
    place = " › ".join(part for part in (book, sheet) if part)
    where = " ".join(part for part in (place, cell) if part)
    head = f"{where} {label}" if label else where
    return Finding(
        code=code, level=level, book=book, sheet=sheet, cell=cell, label=label, found=shown, want=wanted,
        say=f"{head}:{said} → {wanted}" if wanted else f"{head}:{said}", order=order,
    )  # fmt: skip


def fill(template: str, words: dict[str, str]) -> str:
    """Return the template with {name} replaced, and nothing else of what staff wrote interpreted."""
    for name, value in words.items():
        template = template.replace("{" + name + "}", value)
    return template
