"""`python -m bench.fidelity`: how true reading is, by kind of mess and by form."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bench.fidelity.machine import Result, cases, messes, run, staffed, through_the_office
from bench.fidelity.score import GOOD
from bench.fidelity.table import markdown, plain
from pipeline.read_rules import read_rules

_RULES = Path(__file__).parents[2] / "rules"
_SEED = 20261118


def main() -> None:
    """Measure and print; exit 1 where a silent error was found."""
    asked = _asked()
    rules = staffed(read_rules(_RULES))
    chosen = [mess for mess in messes() if asked.only in f"{mess.row}: {mess.way}"]
    results = list(
        run(rules, through_the_office(cases(rules, chosen, [_SEED + number for number in range(asked.seeds)])))
    )
    if asked.show:
        for result in results:
            _tell(result, asked.keep)
    print((markdown if asked.markdown else plain)(results, _SEED, asked.seeds))


def _asked() -> argparse.Namespace:
    asks = argparse.ArgumentParser(
        prog="python -m bench.fidelity", description="recall, precision and silent errors of reading"
    )
    asks.add_argument("--only", default="", help="only messes whose name holds this")
    asks.add_argument("--seeds", type=int, default=1, help="stories per mess and form")
    asks.add_argument("--show", action="store_true", help="say every cell that went wrong")
    asks.add_argument("--keep", type=Path, help="a folder for the workbooks in which something went wrong")
    asks.add_argument("--markdown", action="store_true", help="print the block of the README")
    return asks.parse_args()


def _tell(result: Result, keep: Path | None) -> None:
    bad = [verdict for verdict in result.verdicts if verdict.fate not in GOOD]
    if not bad:
        return
    case = result.case
    print(f"{case.form} · {case.mess.row}: {case.mess.way} · {result.read.verdict}", file=sys.stderr)
    for finding in result.read.findings[:6]:
        print(f"    {finding.level} {finding.say}", file=sys.stderr)
    for verdict in bad[:8]:
        print(
            f"    {verdict.fate}: {verdict.kind}.{verdict.field} {verdict.place} want {verdict.want!r} got {verdict.got!r}",
            file=sys.stderr,
        )
    if keep:
        keep.mkdir(parents=True, exist_ok=True)
        name = f"{case.form}-{case.mess.row}-{case.mess.way}".replace("/", "／").replace(" ", "_")
        (keep / f"{name}.{'csv' if case.path.endswith('.csv') else 'xlsx'}").write_bytes(case.content)


if __name__ == "__main__":
    main()
