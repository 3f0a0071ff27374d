"""A sheet as somebody fills it: rows of cells, merges, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from pipeline.demo.spelling import Cell


@dataclass
class Sheet:
    """One sheet in the making; `merges` are (top, left, bottom, right), 0-based, both ends included."""

    name: str
    rows: list[list[Cell]] = field(default_factory=list)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)

    def add(self, *cells: Cell) -> int:
        """Write a row below the last; return its number."""
        self.rows.append(list(cells))
        return len(self.rows) - 1

    def wide(self, text: str, columns: int) -> None:
        """Write a title or a note merged over some columns."""
        row = self.add(text)
        self.merges.append((row, 0, row, columns - 1))

    def head(self, labels: Sequence[str | tuple[str, tuple[str, ...]]]) -> None:
        """Write a header of two rows: a plain label is merged down, a (head, labels) pair stands over its labels."""
        upper, lower = self.add(), self.add()
        for label in labels:
            column = len(self.rows[upper])
            if isinstance(label, str):
                self.rows[upper].append(label)
                self.rows[lower].append(None)
                self.merges.append((upper, column, lower, column))
            else:
                self.rows[upper] += [label[0], *[None] * (len(label[1]) - 1)]
                self.rows[lower] += label[1]
                self.merges.append((upper, column, upper, column + len(label[1]) - 1))
