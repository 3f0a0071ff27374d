"""Runs nights in children that end at a seam or by a signal, then runs the home again and compares it with its twin."""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.kills.likeness import Likeness, differences, likeness
from bench.kills.papers import FIRST, SECOND, drop
from bench.kills.seams import watch
from pipeline import night
from pipeline.keep_home import Home
from pipeline.rulebook.rulebook import Rulebook

_AGAIN = 3  # one kill in so many is followed by another, in the run that would have finished the night
_FIRST_SIGNAL = 0.15  # of a night: before that it only starts


@dataclass(frozen=True, slots=True)
class Trial:
    """One home that was killed: in which phase, at what, how, and what was wrong with it after the next run ([] = nothing)."""

    phase: str
    at: str
    kind: str  # seam, signal
    wrong: tuple[str, ...]


class Machine:
    """A home after its first night, to be copied for each trial, and what it looks like after an undisturbed second one."""

    def __init__(self, folder: Path, rules: Rulebook, seed: int) -> None:
        self._folder, self._rules, self._dice = folder, rules, random.Random(seed)  # noqa: S311 - a lottery, no secret
        self._first = _home(folder / "first")
        drop(self._first.inbox, FIRST)
        night.run(self._first, rules, FIRST)
        drop(self._first.inbox, SECOND)
        # The twin's night is a child's as well, so that both are timed and watched alike.
        self._twin = self._copy("twin")
        began = time.monotonic()
        self.seams = self._count(self._twin)
        self._seconds = time.monotonic() - began
        self.twin: Likeness = likeness(self._twin.root)

    def at_seams(self, kills: int) -> Iterator[Trial]:
        """Kill at seams spread evenly over a night, sometimes at one more while the next run finishes it."""
        for number in range(kills):
            place = (number * len(self.seams) + self._dice.randrange(len(self.seams))) // kills
            again = self._dice.randrange(len(self.seams)) if number % _AGAIN == 0 else None
            yield self._trial(place, again)

    def by_signals(self, kills: int) -> Iterator[Trial]:
        """Kill from outside at random times of a night."""
        for number in range(kills):
            home = self._copy(f"signal{number}")
            child = _child(lambda home=home: night.run(home, self._rules, SECOND))  # type: ignore[misc]
            time.sleep(self._seconds * (_FIRST_SIGNAL + self._dice.random() * (1 - _FIRST_SIGNAL)))
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            yield self._after(home, "any", "a random moment", "signal")

    def _trial(self, place: int, again: int | None) -> Trial:
        home = self._copy(f"seam{place}")
        phase, at = self.seams[place]
        for stop in (place, again):
            if stop is not None:
                os.waitpid(_child(lambda stop=stop: self._until(home, stop)), 0)  # type: ignore[misc]
        return self._after(home, phase, at, "seam")

    def _after(self, home: Home, phase: str, at: str, kind: str) -> Trial:
        """Let the next run finish the night, and look."""
        said = home.root / "said.txt"
        _, status = os.waitpid(_child(lambda: night.run(home, self._rules, SECOND), said), 0)
        wrong = [said.read_text("utf-8")[-2000:]] if status else differences(self.twin, likeness(home.root))
        if not wrong:
            shutil.rmtree(home.root)
        return Trial(phase, at, kind, tuple(wrong))

    def _until(self, home: Home, stop: int) -> None:
        met: Counter[str] = Counter()

        def hit(*_: str) -> None:
            if met["seam"] == stop:
                os.kill(os.getpid(), signal.SIGKILL)
            met["seam"] += 1

        watch(home.root, hit)
        night.run(home, self._rules, SECOND)

    def _count(self, home: Home) -> list[tuple[str, str]]:
        """Run a night to its end, and return its seams."""
        told = self._folder / "seams.txt"
        lines: list[str] = []

        def work() -> None:
            watch(home.root, lambda phase, what: lines.append(f"{phase}\t{what}"))
            night.run(home, self._rules, SECOND)
            told.write_text("\n".join(lines), "utf-8")

        said = home.root / "said.txt"
        _, status = os.waitpid(_child(work, said), 0)
        if status:
            raise RuntimeError(said.read_text("utf-8"))
        found = (line.partition("\t") for line in told.read_text("utf-8").splitlines())
        return [(phase, what) for phase, _, what in found]

    def _copy(self, name: str) -> Home:
        target = self._folder / name
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(self._first.root, target)
        return Home(target)


def _home(root: Path) -> Home:
    home = Home(root)
    for room in (home.inbox, home.outbox):
        room.mkdir(parents=True)
    return home


def _child(work: Callable[[], object], said: Path | None = None) -> int:
    """Start a process that does the work and ends, and return its number; what it raises is written to `said`."""
    child = os.fork()
    if child:
        return child
    try:
        work()
    except BaseException:  # noqa: BLE001 - the child has no other way to say it
        if said:
            said.write_text(traceback.format_exc(), "utf-8")
        os._exit(1)
    os._exit(0)
