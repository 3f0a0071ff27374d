"""Lays out the pairs that may be one customer for the clerk to judge: 同一人, 不是 or 以后再说, read back the next night.

疑似同一客户.xlsx ─ a tick a pair, dropped into inbox ─▶ `same_person` records ─▶ facts: one person, or never asked again

Phones are masked; the 对号 at the end of the line says which pair it is.
"""

from __future__ import annotations

from typing import Any, Final

from pipeline.blanks.filled import Cell, Filled
from pipeline.facts.doubtful import Pair, Side, doubtful
from pipeline.facts.gather import Facts
from pipeline.rulebook.rulebook import Rulebook
from pipeline.text import mask_in

FORM: Final = "same_person"
_PART: Final = "pairs"


def questions(facts: Facts, rules: Rulebook) -> Filled | None:
    """Return what stands on the sheet, the likeliest pairs first and no more than the rules say; None if there is nothing to ask."""
    pairs = facts.once(doubtful, rules) if FORM in rules.forms else ()
    lines = [_line(facts, pair) for pair in pairs[: rules.follow_up.same_person.most]]
    return Filled({"asked_on": facts.on}, {_PART: lines}) if lines else None


def _line(facts: Facts, pair: Pair) -> dict[str, Cell]:
    one, other = _told(facts, pair.one), _told(facts, pair.other)
    names = ("customer_name", "phone_shown", "consultant_shown", "seen")
    others = ("other_name", "other_phone_shown", "other_consultant_shown", "other_seen")
    line = dict(zip((*names, *others), (*one, *other), strict=True)) | {"why": pair.why, "pair": pair.code}
    return {name: value for name, value in line.items() if value}


def _told(facts: Facts, side: Side) -> tuple[Any, ...]:
    seen = f"{side.last_on:%m-%d} {facts.place(side.kind, side.row)}"
    return mask_in(side.name), str(facts.persons["shown"][side.person]), side.consultant, mask_in(seen)
