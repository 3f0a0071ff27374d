"""Measures a command in a process of its own: CPU seconds of its whole process tree, and the memory of its biggest process."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

_A_MEGABYTE = 2**20 if sys.platform == "darwin" else 2**10  # ru_maxrss counts bytes there, kilobytes elsewhere

# A program that is started twice has been compiled: to leave nothing compiled is a habit of machines that build, not of those that run it.
_ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


class FailedError(Exception):
    """A measured command did not end well; its last words."""


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU seconds (user and system, children included) and peak resident megabytes of the biggest process."""

    seconds: float
    megabytes: float


def measure(command: Sequence[str], folder: Path) -> Cost:
    """Run a command from the current folder and return its cost; what it says goes to a file in `folder`.

    Raises FailedError with its last words. This process must stay small: a child's peak starts at its parent's size.
    """
    words = folder / "said.txt"
    with words.open("wb") as said:
        to_file = [(os.POSIX_SPAWN_DUP2, said.fileno(), 1), (os.POSIX_SPAWN_DUP2, said.fileno(), 2)]
        child = os.posix_spawn(command[0], [*command], _ENVIRONMENT, file_actions=to_file)
        _, status, spent = os.wait4(child, 0)
    if os.waitstatus_to_exitcode(status):
        raise FailedError(f"{' '.join(command)}\n{words.read_text('utf-8', 'replace')[-2000:]}")
    return Cost(spent.ru_utime + spent.ru_stime, spent.ru_maxrss / _A_MEGABYTE)


def middle(costs: Sequence[Cost]) -> Cost:
    """Return the median of each figure."""
    return Cost(median(cost.seconds for cost in costs), median(cost.megabytes for cost in costs))
