"""`python -m bench.night`: what a night costs per workbook, as a ratio to bare reading measured in the same minutes.

Each contender runs on few workbooks and on all of them, turn by turn with the others, each in a process of its own. The difference per workbook is its
price (`--few 1000 --workbooks 5000` tells the slope of a big night); what is left over is the price of starting. Ratios travel from machine to
machine, seconds do not, and nothing here asserts any.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.measure import Cost, measure, middle
from bench.table import Line, Start, markdown, table

ON = "2026-10-31"  # bench.papers.ON, not imported: this process stays small
_FEW = 200  # enough that whatever a form or a header costs once counts as starting
_CALAMINE_READS = 8_000  # workbooks that bare reading must have read for a clock to tell what they cost
_DAYBOOK = (sys.executable, "-c", "from pipeline.cli.main import main; main()")
Command = Callable[[Path, int], tuple[str, ...]]  # (working folder, workbooks) → what to run, after what must lie ready


@dataclass(frozen=True)
class Contender:
    """One way of doing the work; its command does it `times` over."""

    name: str
    command: Command
    times: int = 1


def main() -> None:
    """Measure and print."""
    asked = _asked()
    with tempfile.TemporaryDirectory(prefix="daybook-bench-") as name:
        work = Path(name)
        _prepare(work, asked)
        bare, *others = _contenders(asked)
        contenders = [bare, *(each for each in others if asked.only in each.name)]
        sizes = [(contender, size) for contender in contenders for size in (asked.few, asked.workbooks)]
        costs: dict[tuple[str, int], list[Cost]] = {(contender.name, size): [] for contender, size in sizes}
        starts: dict[str, list[Cost]] = {said: [] for said in _starts()}
        for turn in range(asked.repeat):
            for contender, size in sizes:
                _tell(f"{turn + 1}/{asked.repeat} {contender.name} × {size}")
                costs[contender.name, size].append(measure(contender.command(work, size), work))
            for said, command in _starts().items():
                starts[said].append(measure(command(work, 0), work))
    lines = [
        _line(each, middle(costs[each.name, asked.few]), middle(costs[each.name, asked.workbooks]), asked)
        for each in contenders
    ]
    begun = [Start(said, middle(these)) for said, these in starts.items()]
    write = markdown if asked.markdown else table
    print(write(lines, begun, few=asked.few, workbooks=asked.workbooks, rows=asked.rows, repeat=asked.repeat))


def _asked() -> argparse.Namespace:
    asks = argparse.ArgumentParser(
        prog="python -m bench.night", description="ratios against bare calamine and a plain pandas script"
    )
    asks.add_argument("--workbooks", type=int, default=800, help="how many a night brings")
    asks.add_argument(
        "--few", type=int, default=_FEW, help="how many the other night brings, of which the difference is taken"
    )
    asks.add_argument("--only", default="", help="beside bare reading, only those with this word in their name")
    asks.add_argument("--frictionless", default="", help="a Python that has frictionless, to measure it as well")
    asks.add_argument("--rows", type=int, default=150_000, help="records in the archive of the home that holds a year")
    asks.add_argument("--repeat", type=int, default=3, help="turns; the median counts")
    asks.add_argument("--markdown", action="store_true", help="print the block of the README")
    return asks.parse_args()


def _prepare(work: Path, asked: argparse.Namespace) -> None:
    """Draw the workbooks and make both homes, each in a process of its own so that this one stays small."""
    _tell("drawing workbooks and a year of records")
    for size in (0, asked.few, asked.workbooks):
        (work / f"inbox-{size}").mkdir(exist_ok=True)
        measure((sys.executable, "-m", "bench.papers", str(work / f"inbox-{size}"), str(size)), work)
    measure((sys.executable, "-m", "bench.homes", str(work / "fresh")), work)
    measure((sys.executable, "-m", "bench.homes", str(work / "year"), str(asked.rows)), work)


def _contenders(asked: argparse.Namespace) -> Sequence[Contender]:
    times = max(1, _CALAMINE_READS // asked.workbooks)

    def python(*words: str, at: Callable[[Path, int], str] = _inbox, more: tuple[str, ...] = ()) -> Command:
        return lambda work, size: (sys.executable, *words, at(work, size), *more)

    known: tuple[Contender, ...] = (
        Contender("python-calamine, every cell, nothing else", python("-m", "bench.bare", more=(str(times),)), times),
        Contender("Daybook, read to commit and filed, no reports", python("-m", "bench.ingest", at=_fresh, more=(ON,))),
        Contender("Daybook, a whole night, new archive", lambda work, size: _night(work, "fresh", size)),
        Contender("Daybook, a whole night, archive of a year", lambda work, size: _night(work, "year", size)),
        Contender("pandas script, calamine", lambda work, size: _plain(work, size, "calamine")),
        Contender("pandas script, openpyxl", lambda work, size: _plain(work, size, "openpyxl")),
        Contender("Daybook, a returned copy of each", python("-m", "bench.back", "daybook")),
        Contender("openpyxl: load, paint, comment, save", python("-m", "bench.back", "openpyxl")),
    )
    if not asked.frictionless:
        return known
    words = (asked.frictionless, "-m", "bench.described")
    return (
        *known,
        Contender("frictionless validate, header on row 1", lambda work, size: (*words, _inbox(work, size))),
    )


def _starts() -> dict[str, Command]:
    return {
        "python": lambda _, __: (sys.executable, "-c", ""),
        "python, click imported": lambda _, __: (sys.executable, "-c", "import click"),
        "daybook --help": lambda _, __: (*_DAYBOOK, "--help"),
        "daybook run, empty inbox": lambda work, _: _night(work, "fresh", 0),
    }


def _inbox(work: Path, size: int) -> str:
    return str(work / f"inbox-{size}")


def _fresh(work: Path, size: int) -> str:
    return _home(work, "fresh", size)


def _home(work: Path, kind: str, size: int) -> str:
    """Lay a home ready: a copy that no run has touched, with that many workbooks in its inbox."""
    home = work / "home"
    shutil.rmtree(home, ignore_errors=True)
    shutil.copytree(work / kind, home)
    shutil.copytree(_inbox(work, size), home / "inbox", dirs_exist_ok=True)
    return str(home)


def _night(work: Path, kind: str, size: int) -> tuple[str, ...]:
    return (*_DAYBOOK, "--home", _home(work, kind, size), "run", "--on", ON)


def _plain(work: Path, size: int, engine: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "bench.plain", _inbox(work, size), engine, str(work / "summaries.xlsx"))


def _line(contender: Contender, few: Cost, all_of_them: Cost, asked: argparse.Namespace) -> Line:
    each = (all_of_them.seconds - few.seconds) / (asked.workbooks - asked.few)
    return Line(contender.name, each / contender.times, few.seconds - asked.few * each, all_of_them.megabytes)


def _tell(said: str) -> None:
    print(said, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
