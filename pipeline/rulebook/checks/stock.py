"""Checks the classes of the car stock: each ends later than the one before."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from pipeline.rulebook.checks.fault import Fault
from pipeline.rulebook.rulebook import Rulebook


def check_stock(rules: Rulebook) -> Iterator[Fault]:
    """Yield ages of `stock.yaml` that do not rise."""
    for number, (first, last) in enumerate(pairwise(rules.stock.ages), 1):
        if last <= first:
            yield Fault("stock", ("ages", number), f"{last} 天不比前面的 {first} 天长;天数要一段比一段大")
