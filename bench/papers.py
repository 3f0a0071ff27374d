"""Draws the workbooks that every contender reads: one invented showroom's registers, daily reports, trackers and cards.

`python -m bench.papers FOLDER COUNT` writes them. No two speak for the same period, so none takes back what another said: beyond what two months
of one story fill, other stories stand in the months before.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import cycle, islice
from pathlib import Path
from random import Random

from bench.earlier import day_before, paper_before
from pipeline.demo.hand_card import card_book
from pipeline.demo.hand_daily import daily as draw_daily
from pipeline.demo.hand_register import new_day, old_day
from pipeline.demo.hand_tracker import tracker as draw_tracker
from pipeline.demo.lines import Paper
from pipeline.demo.papers import Desk, cards, daily, desk, register, tracker
from pipeline.demo.people import NAMES
from pipeline.demo.plant import Drop
from pipeline.demo.seasons import EVE, FIRST, LAST, OPENING, days
from pipeline.demo.sheet import Sheet
from pipeline.demo.showroom import open_showroom
from pipeline.demo.slips import slips
from pipeline.demo.writers import excel

ON = LAST
"""The business day of every measured night."""
SEED = 20261031
MOST = 200  # workbooks a story fills
_BACK = (0, 2, 5, 10)  # months back in a year of four stories: each time a month of 30 days and one of 31
_FIRST_FILE = time(18, 5)
_TRACKED = FIRST + timedelta(
    days=1
)  # early in the month, when a tracker is as long as it usually is for one evening's reading
# In twenty workbooks: the four forms first, then more of those that come every day.
_TURNS = ("register", "daily", "tracker", "card", *("daily", "register", "card", "daily") * 4)


def papers(count: int, seed: int = SEED) -> tuple[Drop, ...]:
    """Return `count` workbooks, the four forms first; the same seed gives the same bytes, and more of them begin with the fewer."""
    return tuple(
        drop for number in range(-(-count // MOST)) for drop in _story(number, min(MOST, count - number * MOST), seed)
    )


def _story(number: int, count: int, seed: int) -> list[Drop]:
    """Return the workbooks of one story; each but the first stands in a folder of its own, months earlier."""
    months = number // len(_BACK) * 12 + _BACK[number % len(_BACK)]
    told = _Told(_desk(seed + number), months)
    piles = {"register": _registers(told), "daily": _dailies(told), "tracker": _trackers(told), "card": _cards(told)}
    drawn = (next(piles[turn], None) or next(piles["daily"]) for turn in cycle(_TURNS))
    start = datetime.combine(day_before(ON, months), _FIRST_FILE)
    folder = f"{number:03d}/" if number else ""
    return [
        Drop(f"{folder}{path}", excel(sheets), start + timedelta(minutes=place))
        for place, (path, sheets) in enumerate(islice(drawn, count))
    ]


def lay(folder: Path, drops: tuple[Drop, ...]) -> None:
    """Write workbooks below a folder, each with the time it was saved at."""
    for drop in drops:
        target = folder / drop.path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(drop.content)
        os.utime(target, (drop.received.timestamp(), drop.received.timestamp()))


@dataclass(frozen=True)
class _Told:
    """A story's happenings, and how many months before the others they are written down."""

    desk: Desk
    months: int

    def before(self, paper: Paper) -> Paper:
        return paper_before(paper, self.months) if self.months else paper


def _desk(seed: int) -> Desk:
    rng = Random(seed)  # noqa: S311 - a story, no secret
    room = open_showroom(rng)
    touched = [
        (each.customer.phone, t.on)
        for each in room.pursuits
        for t in each.touches
        if t.level_after and t.method != "showroom"
    ]
    deals = [(each.customer.phone, each.deal.ordered_on) for each in room.pursuits if each.deal]
    return desk(room, slips(rng, NAMES, touched, deals))


def _backwards() -> Iterator[date]:
    return reversed([*days(OPENING, LAST)])


def _registers(told: _Told) -> Iterator[tuple[str, list[Sheet]]]:
    for number, on in enumerate(_backwards()):
        yield (
            f"前台/来店登记{on:%m-%d}.xlsx",
            [(old_day if number % 3 else new_day)(told.before(register(told.desk, on, on)))],
        )


def _dailies(told: _Told) -> Iterator[tuple[str, list[Sheet]]]:
    for on in _backwards():
        for name in NAMES:
            yield f"{name}/日报{on:%m-%d}.xlsx", [draw_daily(told.before(daily(told.desk, name, on, on)))]


def _trackers(told: _Told) -> Iterator[tuple[str, list[Sheet]]]:
    for month, evening in ((FIRST, _TRACKED), (OPENING, EVE)):
        for name in NAMES:
            yield (
                f"{name}/推进表{month:%Y年%m月}.xlsx",
                [draw_tracker(told.before(tracker(told.desk, name, month, evening)))],
            )


def _cards(told: _Told) -> Iterator[tuple[str, list[Sheet]]]:
    """A workbook for a customer: every look a card has takes its turn."""
    piles = [list(cards(told.desk, name, LAST)) for name in NAMES]
    for number in range(min(map(len, piles))):
        for name, pile, look in zip(NAMES, piles, cycle(("stack", "pair", "each")), strict=False):
            yield f"{name}/客户卡{number + 1:02d}.xlsx", card_book([told.before(pile[number])], look)


if __name__ == "__main__":
    lay(Path(sys.argv[1]), papers(int(sys.argv[2])))
