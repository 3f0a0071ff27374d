"""A row of sums under a list, kept as it stands for whoever holds it against the rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.model import Written


@dataclass(frozen=True)
class Total:
    """A row of sums under a list: what it says by field, and the orders of the entries above it in the same table.

    `beside` is the cell that holds the word itself (合计: 12批). Of `orders` the first `settled` stand above an earlier total.
    """

    form: str
    part: str
    sheet: str
    orders: tuple[int, ...]
    settled: int
    cells: Mapping[str, Written]
    beside: Written
