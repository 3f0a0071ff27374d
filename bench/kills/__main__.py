"""`python -m bench.kills`: kills a night at its seams and at random moments, and compares each home with a twin never killed."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench.kills.machine import Machine, Trial
from bench.kills.seams import PHASES
from pipeline.read_rules import read_rules

_RULES = Path(__file__).parents[2] / "rules"
_SEED = 20261105


def main() -> None:
    """Kill, compare and print; exit 1 where a home differs from its twin."""
    asked = _asked()
    with tempfile.TemporaryDirectory() as folder:
        machine = Machine(asked.keep or Path(folder), read_rules(_RULES), asked.seed)
        trials = [*machine.at_seams(asked.seams), *machine.by_signals(asked.signals)]
    for trial in trials:
        for wrong in trial.wrong:
            print(f"{trial.kind} {trial.phase} › {trial.at}: {wrong}", file=sys.stderr)
    print(_figure(trials, len(machine.seams)) if asked.markdown else _table(trials, len(machine.seams)))
    sys.exit(any(trial.wrong for trial in trials))


def _asked() -> argparse.Namespace:
    asks = argparse.ArgumentParser(prog="python -m bench.kills", description="kill -9 at any moment of a night")
    asks.add_argument("--seams", type=int, default=120, help="kills at seams, spread evenly over a night")
    asks.add_argument("--signals", type=int, default=30, help="kills from outside at random moments")
    asks.add_argument("--seed", type=int, default=_SEED)
    asks.add_argument("--keep", type=Path, help="a new folder for the homes; those that came out wrong stay")
    asks.add_argument("--markdown", action="store_true", help="print the figure of the README")
    return asks.parse_args()


def _counts(trials: Sequence[Trial]) -> dict[str, tuple[int, int]]:
    """Return phase → how many kills, after how many of which something was wrong."""
    named = {"any": "random moments"}
    phases = [*PHASES, "any"]
    return {
        named.get(phase, phase): (len(own), sum(bool(trial.wrong) for trial in own))
        for phase in phases
        if (own := [trial for trial in trials if trial.phase == phase])
    }


def _table(trials: Sequence[Trial], seams: int) -> str:
    lines = [f"{phase:16}{kills:5} kills {wrong:5} wrong" for phase, (kills, wrong) in _counts(trials).items()]
    return "\n".join([*lines, f"{seams} seams in the night"])


def _figure(trials: Sequence[Trial], seams: int) -> str:
    spread = ", ".join(f"{phase} {kills}" for phase, (kills, _) in _counts(trials).items())
    return f"{len(trials)} kills of a night of {seams} seams ({spread}): {sum(bool(trial.wrong) for trial in trials)} homes differ from their twin"


if __name__ == "__main__":
    main()
