"""Makes the homes a night is measured in: a fresh one, and one whose archive already holds a year.

`python -m bench.homes HOME` makes a fresh home; with ROWS behind it, a year of about that many records goes in straight through the archive.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from bench.papers import ON, papers
from pipeline import __version__
from pipeline.archive.commit import Night
from pipeline.archive.engine import IN_MEMORY
from pipeline.archive.keep_archive import open_archive
from pipeline.demo.plant import move_in
from pipeline.demo.story import story
from pipeline.examine import examine
from pipeline.keep_home import Home, init_home
from pipeline.merge import merge
from pipeline.model import Change, HandIn, Submission
from pipeline.read_book import read_book
from pipeline.read_rules import read_rules
from pipeline.rulebook.rulebook import Rulebook
from pipeline.standing import later_of

_PATTERN_SEED, _PATTERN_BOOKS = 7, 60  # another showroom than the one whose night is measured
_WEEKS_A_MONTH, _OPEN_MONTHS = 4, 3
_KEPT_OPEN = 10  # of the customers of older months one in so many is still in hand; the others were lost
_STORE = "default"
_EVENING = time(20)


def fresh(folder: Path) -> Home:
    """Return a new home with the demo's consultants; its files count as stable at once, whatever the clock says."""
    home = init_home(folder)
    move_in(folder, story())
    house = home.rules / "house.yaml"
    house.write_text(house.read_text("utf-8").replace("stable_seconds: 10", "stable_seconds: 0"), "utf-8")
    return home


def fill(home: Home, rows: int, weeks: int = 52) -> int:
    """Commit weekly nights before the measured one, about `rows` records in all; return how many went in."""
    rules = read_rules(home.rules)
    submissions, changes = _pattern(rules)
    copies = max(1, round(rows / (weeks * len(changes))))
    with open_archive(home.root, _STORE, rules) as archive:
        for week in range(weeks, 0, -1):
            back = timedelta(weeks=week)
            on = ON - back
            night = Night(f"{on}T200000", on, datetime.combine(on, _EVENING), __version__)
            again = [_again(one, changes, week, copy) for copy in range(copies) for one in submissions]
            archive.commit(night, [one for one, _ in again], [change for _, those in again for change in those])
            archive.finish(night.night_id, night.started_at)
        return sum(archive.counts().values())


def _pattern(rules: Rulebook) -> tuple[tuple[Submission, ...], Sequence[Change]]:
    books = [read_book(drop.path, drop.content, drop.received) for drop in papers(_PATTERN_BOOKS, _PATTERN_SEED)]
    examined = examine(books, rules, ON)
    with open_archive(Path(), _STORE, rules, url=IN_MEMORY) as empty:
        return examined.submissions, merge(examined.submissions, empty.standing_for(examined.submissions), rules)


def _again(one: Submission, changes: Sequence[Change], week: int, copy: int) -> tuple[Submission, list[Change]]:
    """Return a workbook as it might have come weeks earlier, with its records: other days, the customers of that month."""
    back = timedelta(weeks=week)
    digest = sha256(f"{one.sha256}/{week}/{copy}".encode()).hexdigest()
    folder = f"{(ON - back):%Y-%m-%d}-{copy}"
    hand_ins = tuple(
        HandIn(each.form, each.family, each.sheet, {**each.covers, "copy": folder}, each.records, each.held)
        for each in one.hand_ins
    )
    earlier = replace(one, path=f"{folder}/{one.path}", sha256=digest, received=one.received - back, hand_ins=hand_ins)
    own = (change for change in changes if change.submission_id == one.submission_id)
    return earlier, list(_moved(own, earlier, f"{week}.{copy}", week // _WEEKS_A_MONTH, back))


def _moved(changes: Iterator[Change], earlier: Submission, which: str, month: int, back: timedelta) -> Iterator[Change]:
    for change in changes:
        yield replace(
            change, key=f"{change.key}~{which}", scope=f"{change.scope}~{which}", submission_id=earlier.submission_id, later=later_of(earlier),
            values=_values(change.values, month, back),
        )  # fmt: skip


def _values(values: Mapping[str, Any], month: int, back: timedelta) -> dict[str, Any]:
    moved: dict[str, Any] = {name: value - back if isinstance(value, date) else value for name, value in values.items()}
    if moved.get("month"):
        moved["month"] = f"{ON - back:%Y-%m}"
    if moved.get("phone"):
        phone = moved["phone"]
        other = int(sha256(f"{phone}/{month}".encode()).hexdigest(), 16)
        moved["phone"] = f"{phone[:3]}0000{other % 10_000:04d}"
        if "outcome" in moved and month > _OPEN_MONTHS and other % _KEPT_OPEN:
            moved |= {"outcome": "lost", "lost_reason": "价格偏高"} if "lost_reason" in moved else {"outcome": "lost"}
    return moved


if __name__ == "__main__":
    made = fresh(Path(sys.argv[1]))
    print(fill(made, int(sys.argv[2])) if len(sys.argv) > 2 else 0)  # noqa: PLR2004 - HOME, then ROWS
