"""Adds verdicts up: recall, precision and silent errors of a pile of workbooks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bench.fidelity.machine import Result
from bench.fidelity.score import GOOD, SILENT, Verdict


@dataclass
class Tally:
    """Counts of one row: workbooks, cells written, cells recalled, values archived, values right, silent errors."""

    books: int = 0
    cells: int = 0
    recalled: int = 0
    given: int = 0
    right: int = 0
    silent: int = 0

    def add(self, verdicts: Iterable[Verdict]) -> None:
        """Count one workbook."""
        self.books += 1
        for verdict in verdicts:
            if verdict.counts:
                self.cells += 1
                self.recalled += verdict.fate in GOOD
            if verdict.got is not None and verdict.fate in {"right", "wrong", "silent", "guessed"}:
                self.given += 1
                self.right += verdict.fate == "right"
            self.silent += verdict.fate in SILENT

    @property
    def recall(self) -> float:
        """The share of written cells that the archive holds as meant, or that were asked about where only that is right."""
        return self.recalled / self.cells if self.cells else 1.0

    @property
    def precision(self) -> float:
        """The share of archived values that are what was meant."""
        return self.right / self.given if self.given else 1.0


def tallied(results: Iterable[Result], by: Callable[[Result], str]) -> dict[str, Tally]:
    """Return a tally a row, in the order of their first workbook."""
    found: dict[str, Tally] = {}
    for result in results:
        found.setdefault(by(result), Tally()).add(result.verdicts)
    return found
