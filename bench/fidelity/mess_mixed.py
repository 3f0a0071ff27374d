"""Many messes on one workbook, as on a real one."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from bench.fidelity.mess import Change, Mess
from bench.fidelity.sketch import Paper
from bench.fidelity.spell import Pen

_MIXES = 12
_CHANCE = 0.35  # of a kind of mess to be in a mix
# What tells another story, or no longer fits once cells are spelt.
_ALONE = (
    "a sheet a day", "several tables", "several cards", "saved", "1904", "rows half", "10.1", "a needed", "the date in", "every word", "error cells", "formulas",
    "rows below", "ditto", "columns left", "a column twice", "hidden sheets",
)  # fmt: skip


def mixed(kinds: Sequence[Mess]) -> list[Mess]:
    """Return the mixes: of about every third kind one way, in the order of the table, saved by either program."""
    rows: dict[str, list[Mess]] = {}
    for mess in kinds:
        if not mess.row.startswith(_ALONE):
            rows.setdefault(mess.row, []).append(mess)
    return [
        Mess("many at once", f"mix {number}", _mix(tuple(rows.values()), number)) for number in range(1, _MIXES + 1)
    ]


def _mix(rows: Sequence[Sequence[Mess]], number: int) -> Change:
    def change(paper: Paper, rng: Random, pen: Pen) -> Paper:
        chooser = Random(number)  # noqa: S311 - a story, no secret
        for ways in rows:
            way = chooser.choice(ways)
            if chooser.random() < _CHANCE:
                paper = way.change(paper, rng, pen) or paper
        return paper

    return change
