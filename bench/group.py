"""`python -m bench.group`: a night of many stores, measured beside what small nights predicted, and what the same prices come to for a manufacturer.

A night costs so much for the group, for each store and for each workbook. Three small nights, each the cheapest of some turns, tell the three prices; the large one shows whether
they hold. Each night runs in a process of its own on a fresh home.
"""

from __future__ import annotations

import argparse
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from bench.homes import fresh
from bench.measure import measure
from bench.papers import ON, lay, papers
from pipeline.demo.plant import Drop

_DAYBOOK = ("-c", "from pipeline.cli.main import main; main()")
_PATTERNS = 6  # showrooms whose workbooks the stores take turns with
_FEW = 4  # a workbook of each form
_MANUFACTURER = (5_000, 30)  # stores, workbooks each: 150,000 a night
_NIGHTS = 3_650  # ten years


@dataclass(frozen=True)
class Night:
    """One night: CPU seconds of all processes, seconds on the clock, megabytes of the biggest process, and what it left on the disk."""

    stores: int
    workbooks: int
    cpu: float
    clock: float
    megabytes: float
    left: Left


@dataclass(frozen=True)
class Left:
    """Bytes by room, and the records that stand in the databases."""

    databases: int
    originals: int
    outbox: int
    manifests: int
    rollups: int
    records: int


@dataclass(frozen=True)
class Prices:
    """What a night costs in CPU seconds: for the group, for each store, for each workbook."""

    group: float
    store: float
    workbook: float

    def night(self, stores: int, workbooks: int) -> float:
        """Return the CPU seconds of a night of so many stores with so many workbooks each."""
        return self.group + stores * (self.store + workbooks * self.workbook)


def main() -> None:
    """Measure and print."""
    asked = _asked()
    with tempfile.TemporaryDirectory(prefix="daybook-group-") as name:
        work = asked.keep or Path(name)
        drawn = [papers(asked.workbooks, seed) for seed in range(_PATTERNS)]
        few = max(4, asked.stores // 10)
        sizes = ((few, _FEW), (few, asked.workbooks), (2 * few, _FEW))
        turns = [
            [_night(work, drawn, stores, books, asked.jobs) for stores, books in sizes] for _ in range(asked.repeat)
        ]
        # Of several turns the cheapest: other work on the machine only ever adds.
        small = [min(nights, key=lambda night: night.cpu) for nights in zip(*turns, strict=True)]
        prices = prices_of(*small)
        large = _night(work, drawn, asked.stores, asked.workbooks, asked.jobs)
        print("\n".join((*measured(small, large, prices, asked.jobs), "", *manufacturer(small, large, prices))))


def _asked() -> argparse.Namespace:
    asks = argparse.ArgumentParser(
        prog="python -m bench.group", description="a night of many stores, measured and predicted"
    )
    asks.add_argument("--stores", type=int, default=300)
    asks.add_argument("--workbooks", type=int, default=40, help="of each store")
    asks.add_argument("--jobs", type=int, default=1, help="stores side by side")
    asks.add_argument("--repeat", type=int, default=3, help="turns of the small nights")
    asks.add_argument("--keep", type=Path, help="where the last home is left to be looked at")
    return asks.parse_args()


def prices_of(base: Night, books: Night, stores: Night) -> Prices:
    """Return the three prices from three nights: a few stores, the same with more workbooks, twice the stores."""
    workbook = (books.cpu - base.cpu) / (base.stores * (books.workbooks - base.workbooks))
    store = (stores.cpu - base.cpu) / (stores.stores - base.stores) - base.workbooks * workbook
    return Prices(base.cpu - base.stores * (store + base.workbooks * workbook), store, workbook)


def _night(work: Path, drawn: list[tuple[Drop, ...]], stores: int, workbooks: int, jobs: int) -> Night:
    _tell(f"{stores} stores × {workbooks} workbooks")
    home = work / "home"
    shutil.rmtree(home, ignore_errors=True)
    made = fresh(home)
    ids = [f"s{number:04d}" for number in range(stores)]
    house = made.rules / "house.yaml"
    listed = "".join(f"\n  - {{id: {each}, name: {each} 店, folders: [{each}]}}" for each in ids)
    house.write_text(house.read_text("utf-8").replace("stores: []", f"stores:{listed}"), "utf-8")
    for number, each in enumerate(ids):
        lay(made.inbox / each, drawn[number % len(drawn)][:workbooks])
    began = perf_counter()
    cost = measure((sys.executable, *_DAYBOOK, "--home", str(home), "run", "--on", str(ON), "--jobs", str(jobs)), work)
    return Night(stores, workbooks, cost.seconds, perf_counter() - began, cost.megabytes, _left(home))


def _left(home: Path) -> Left:
    databases = sorted((home / "archive").glob("*.sqlite"))
    return Left(
        databases=_bytes(databases),
        originals=_bytes((home / "archive" / "originals").rglob("*")),
        outbox=_bytes((home / "outbox").rglob("*")),
        manifests=_bytes((home / "archive" / "runs").rglob("*")),
        rollups=_bytes((home / "archive" / "rollups").rglob("*")),
        records=sum(map(_records, databases)),
    )


def _bytes(places: Iterable[Path]) -> int:
    return sum(place.stat().st_size for place in places if place.is_file())


def _records(database: Path) -> int:
    with closing(sqlite3.connect(database)) as opened:
        tables = [
            name for (name,) in opened.execute("SELECT name FROM sqlite_master WHERE sql LIKE '%_version INTEGER%'")
        ]
        return sum(opened.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in tables)  # noqa: S608 - names of our own tables


def measured(small: list[Night], large: Night, prices: Prices, jobs: int) -> list[str]:
    """Return what the large night cost beside what the small ones predicted of it."""
    books = large.stores * large.workbooks
    foretold = prices.night(large.stores, large.workbooks)
    each = small[1].left
    scale = books / (small[1].stores * small[1].workbooks)
    rows = [
        ("CPU, s", foretold, large.cpu),
        ("clock, s", foretold / jobs, large.clock),
        ("biggest process, MB", small[1].megabytes, large.megabytes),
        ("records", each.records * scale, large.left.records),
        ("databases, MB", each.databases * scale / 1e6, large.left.databases / 1e6),
        ("originals, MB", each.originals * scale / 1e6, large.left.originals / 1e6),
        ("outbox, MB", each.outbox * scale / 1e6, large.left.outbox / 1e6),
        ("manifests, MB", each.manifests * scale / 1e6, large.left.manifests / 1e6),
    ]
    return [
        f"a night of {large.stores:,} stores × {large.workbooks} workbooks, {jobs} at a time, foretold by {', '.join(f'{c.stores} × {c.workbooks}' for c in small)}",
        f"prices, CPU s: group {prices.group:.2f}, store {prices.store:.3f}, workbook {prices.workbook:.4f}",
        f"{'':22}{'foretold':>12}{'measured':>12}{'ratio':>8}",
        *(f"{name:22}{was:12,.1f}{now:12,.1f}{now / was:8.2f}" for name, was, now in rows),
    ]


def manufacturer(small: list[Night], large: Night, prices: Prices) -> list[str]:
    """Return what these prices come to for 5,000 stores with 150,000 workbooks a night over ten years."""
    stores, workbooks = _MANUFACTURER
    books, here = stores * workbooks, large.stores * large.workbooks
    left, records = large.left, large.left.records
    night = prices.night(stores, workbooks)
    # What an empty database takes is paid once for each store, so only what more records add is counted for them.
    few, more = small[0].left, small[1].left
    row = (more.databases - few.databases) / (more.records - few.records)
    empty = (few.databases - few.records * row) / small[0].stores
    rows = [
        ("CPU a night, hours", night / 3600),
        ("cores for two hours", night / 7200),
        ("records a night", books * records / here),
        ("records in ten years, 1e9", books * records / here * _NIGHTS / 1e9),
        ("bytes a record", row),
        ("an empty database, MB", empty / 1e6),
        ("databases in ten years, TB", (stores * empty + books * records / here * _NIGHTS * row) / 1e12),
        ("databases of 1e9 records, TB", (stores * empty + 1e9 * row) / 1e12),
        ("originals a night, GB", books * left.originals / here / 1e9),
        ("originals in ten years, TB", books * left.originals / here * _NIGHTS / 1e12),
        ("outbox a night, GB", stores * left.outbox / large.stores / 1e9),
        ("roll-ups a night, MB", stores * left.rollups / large.stores / 1e6),
    ]
    return [
        f"{stores:,} stores × {workbooks} workbooks a night, at these prices",
        *(f"{name:28}{number:12,.2f}" for name, number in rows),
    ]


def _tell(said: str) -> None:
    print(said, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
