"""Writes what was measured as tables for a terminal or for the README."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bench.fidelity.machine import Result
from bench.fidelity.tally import Tally, tallied

_HEAD = ("workbooks", "cells", "recall", "precision", "silent errors")


def plain(results: Sequence[Result], seed: int, seeds: int) -> str:
    """Return both tables in columns."""
    rows = [row for first, found in _tables(results) for row in _rows(first, found)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    return "\n".join(
        [
            *("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows),
            _measured(seed, seeds),
        ]
    )


def markdown(results: Sequence[Result], seed: int, seeds: int) -> str:
    """Return the block of the README."""
    told = []
    for first, found in _tables(results):
        head, *body = (f"| {' | '.join(row)} |" for row in _rows(first, found))
        told += [head, "|---|" + "--:|" * len(_HEAD), *body, ""]
    return "\n".join([*told, _measured(seed, seeds)])


def _tables(results: Sequence[Result]) -> Sequence[tuple[str, Mapping[str, Tally]]]:
    return (
        ("mess", tallied(results, lambda result: result.case.mess.row)),
        ("form", {**tallied(results, lambda result: result.case.form), "**all**": tallied(results, lambda _: "")[""]}),
    )


def _rows(first: str, found: Mapping[str, Tally]) -> list[tuple[str, ...]]:
    return [
        (first, *_HEAD),
        *(
            (name, str(each.books), f"{each.cells:,}", f"{each.recall:.4f}", f"{each.precision:.4f}", str(each.silent))
            for name, each in found.items()
        ),
    ]


def _measured(seed: int, seeds: int) -> str:
    return f"`python -m bench.fidelity --markdown`, seed {seed}, {seeds} stories a mess and form."
