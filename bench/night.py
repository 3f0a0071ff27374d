"""`python -m bench.night`: what a night costs per workbook, as a ratio to bare reading measured in the same minutes.

Each contender runs on few workbooks and on all of them, turn by turn with the others, each in a process of its own. The difference per workbook is its
price; what is left over is the price of starting. Ratios travel from machine to machine, seconds do not, and nothing here asserts any.
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
_BARE_TIMES = 40
_FEW = 4  # a workbook of each form, so that whatever a form costs once counts as starting
_DAYBOOK = ("-c", "from pipeline.cli.main import main; main()")
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
        _prepare(work, asked.workbooks, asked.rows)
        contenders = _contenders()
        sizes = [(contender, size) for contender in contenders for size in (_FEW, asked.workbooks)]
        costs: dict[tuple[str, int], list[Cost]] = {(contender.name, size): [] for contender, size in sizes}
        starts: dict[str, list[Cost]] = {said: [] for said in _starts()}
        for turn in range(asked.repeat):
            for contender, size in sizes:
                _tell(f"{turn + 1}/{asked.repeat} {contender.name} × {size}")
                costs[contender.name, size].append(measure((sys.executable, *contender.command(work, size)), work))
            for said, command in _starts().items():
                starts[said].append(measure((sys.executable, *command(work, 0)), work))
    lines = [
        _line(each, middle(costs[each.name, _FEW]), middle(costs[each.name, asked.workbooks]), asked.workbooks)
        for each in contenders
    ]
    begun = [Start(said, middle(these)) for said, these in starts.items()]
    write = markdown if asked.markdown else table
    print(write(lines, begun, workbooks=asked.workbooks, rows=asked.rows, repeat=asked.repeat))


def _asked() -> argparse.Namespace:
    asks = argparse.ArgumentParser(
        prog="python -m bench.night", description="ratios against bare calamine and a plain pandas script"
    )
    asks.add_argument("--workbooks", type=int, default=60, help="how many a night brings (5 to 200)")
    asks.add_argument("--rows", type=int, default=150_000, help="records in the archive of the home that holds a year")
    asks.add_argument("--repeat", type=int, default=3, help="turns; the median counts")
    asks.add_argument("--markdown", action="store_true", help="print the block of the README")
    return asks.parse_args()


def _prepare(work: Path, workbooks: int, rows: int) -> None:
    """Draw the workbooks and make both homes, each in a process of its own so that this one stays small."""
    _tell("drawing workbooks and a year of records")
    for size in (0, _FEW, workbooks):
        (work / f"inbox-{size}").mkdir(exist_ok=True)
        measure((sys.executable, "-m", "bench.papers", str(work / f"inbox-{size}"), str(size)), work)
    measure((sys.executable, "-m", "bench.homes", str(work / "fresh")), work)
    measure((sys.executable, "-m", "bench.homes", str(work / "year"), str(rows)), work)


def _contenders() -> Sequence[Contender]:
    return (
        Contender(
            "python-calamine, every cell, nothing else",
            lambda work, size: ("-m", "bench.bare", _inbox(work, size), str(_BARE_TIMES)),
            _BARE_TIMES,
        ),
        Contender(
            "Daybook, read to commit, no reports",
            lambda work, size: ("-m", "bench.ingest", _home(work, "fresh", size), ON),
        ),
        Contender("Daybook, a whole night, new archive", lambda work, size: _night(work, "fresh", size)),
        Contender("Daybook, a whole night, archive of a year", lambda work, size: _night(work, "year", size)),
        Contender("pandas script, calamine", lambda work, size: _plain(work, size, "calamine")),
        Contender("pandas script, openpyxl", lambda work, size: _plain(work, size, "openpyxl")),
    )


def _starts() -> dict[str, Command]:
    return {
        "python": lambda _, __: ("-c", ""),
        "python, click imported": lambda _, __: ("-c", "import click"),
        "daybook --help": lambda _, __: (*_DAYBOOK, "--help"),
        "daybook run, empty inbox": lambda work, _: _night(work, "fresh", 0),
    }


def _inbox(work: Path, size: int) -> str:
    return str(work / f"inbox-{size}")


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
    return ("-m", "bench.plain", _inbox(work, size), engine, str(work / "summaries.xlsx"))


def _line(contender: Contender, few: Cost, all_of_them: Cost, workbooks: int) -> Line:
    each = (all_of_them.seconds - few.seconds) / (workbooks - _FEW)
    return Line(contender.name, each / contender.times, few.seconds - _FEW * each, all_of_them.megabytes)


def _tell(said: str) -> None:
    print(said, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
