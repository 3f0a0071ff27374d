"""Lays out the hand-over of a consultant who leaves: every open prospect with level, next day and last note, 新顾问 to be filled.

house.yaml leaves_on ≤ D + 7 ─▶ 交接/<顾问>.xlsx ─ 新顾问 written, dropped into inbox ─▶ `handover` records ─▶ from
handed_on the prospect is on the new consultant's list, until a later statement says otherwise
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from pipeline.blanks.filled import Cell, Filled
from pipeline.facts.gather import Facts
from pipeline.facts.leaving import leaving
from pipeline.facts.notes import last_notes
from pipeline.follow_up import follow_up
from pipeline.frame import rows_of
from pipeline.rulebook.rulebook import Rulebook

FORM: Final = "handover"
_PART: Final = "customers"
_COLUMNS: Final = ("customer_name", "phone", "model", "level", "next_on", "note", "new_consultant")


def hand_overs(facts: Facts, rules: Rulebook) -> dict[str, Filled]:
    """Return what stands on the hand-over sheet of each consultant who leaves and still has open prospects, by name.

    Handed over on the day of leaving, or tomorrow for one who has left. A 新顾问 that was written already stands there.
    Phones are in full: the pack is the leaving consultant's own list, and is read back by them.
    """
    gone = leaving(facts, rules) if FORM in rules.forms else {}
    found = {}
    for who, leaves_on in sorted(gone.items()):
        handed_on = max(leaves_on, facts.on + timedelta(days=1))
        if lines := _lines(facts, rules, who):
            found[who] = Filled({"consultant": who, "handed_on": handed_on}, {_PART: lines})
    return found


def _lines(facts: Facts, rules: Rulebook, who: str) -> list[dict[str, Cell]]:
    due = facts.once(follow_up, rules)
    own = due[due["consultant"] == who].sort_values(["due_on", "phone"])
    notes = last_notes(facts, {int(person) for person in own.index})
    named = facts.frames["handover"].sort_values("handed_on", kind="stable").drop_duplicates("person", keep="last")
    takers = named[named["consultant"] == who].set_index("person")["new_consultant"].reindex(own.index)
    told = own.assign(level=own["stand"], next_on=own["due_on"], note=own.index.map(notes), new_consultant=takers)
    lines = [dict(zip(_COLUMNS, row, strict=True)) for row in rows_of(told[list(_COLUMNS)])]
    return [{name: value for name, value in line.items() if value} for line in lines]
