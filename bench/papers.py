"""Draws the workbooks that every contender reads: one invented showroom's registers, daily reports, trackers and cards.

`python -m bench.papers FOLDER COUNT` writes them. No two speak for the same period, so none takes back what another said.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import cycle, islice
from pathlib import Path
from random import Random

from pipeline.demo.hand_card import card_book
from pipeline.demo.hand_daily import daily as draw_daily
from pipeline.demo.hand_register import new_day, old_day
from pipeline.demo.hand_tracker import tracker as draw_tracker
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
MOST = 200
_FIRST_FILE = time(18, 5)
_TRACKED = FIRST + timedelta(
    days=1
)  # early in the month, when a tracker is as long as it usually is for one evening's reading
# In twenty workbooks: the four forms first, then more of those that come every day.
_TURNS = ("register", "daily", "tracker", "card", *("daily", "register", "card", "daily") * 4)


def papers(count: int, seed: int = SEED) -> tuple[Drop, ...]:
    """Return `count` workbooks (at most MOST), the four forms first; the same seed gives the same bytes."""
    if not 0 <= count <= MOST:
        raise ValueError(f"the story fills {MOST} workbooks, not {count}")
    told = _desk(seed)
    piles = {"register": _registers(told), "daily": _dailies(told), "tracker": _trackers(told), "card": _cards(told)}
    drawn = (next(piles[turn], None) or next(piles["daily"]) for turn in cycle(_TURNS))
    start = datetime.combine(ON, _FIRST_FILE)
    return tuple(
        Drop(path, excel(sheets), start + timedelta(minutes=number))
        for number, (path, sheets) in enumerate(islice(drawn, count))
    )


def lay(folder: Path, drops: tuple[Drop, ...]) -> None:
    """Write workbooks below a folder, each with the time it was saved at."""
    for drop in drops:
        target = folder / drop.path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(drop.content)
        os.utime(target, (drop.received.timestamp(), drop.received.timestamp()))


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


def _registers(told: Desk) -> Iterator[tuple[str, list[Sheet]]]:
    for number, on in enumerate(_backwards()):
        yield f"前台/来店登记{on:%m-%d}.xlsx", [(old_day if number % 3 else new_day)(register(told, on, on))]


def _dailies(told: Desk) -> Iterator[tuple[str, list[Sheet]]]:
    for on in _backwards():
        for name in NAMES:
            yield f"{name}/日报{on:%m-%d}.xlsx", [draw_daily(daily(told, name, on, on))]


def _trackers(told: Desk) -> Iterator[tuple[str, list[Sheet]]]:
    for month, evening in ((FIRST, _TRACKED), (OPENING, EVE)):
        for name in NAMES:
            yield f"{name}/推进表{month:%Y年%m月}.xlsx", [draw_tracker(tracker(told, name, month, evening))]


def _cards(told: Desk) -> Iterator[tuple[str, list[Sheet]]]:
    """A workbook for a customer: every look a card has takes its turn."""
    piles = [list(cards(told, name, LAST)) for name in NAMES]
    for number in range(min(map(len, piles))):
        for name, pile, look in zip(NAMES, piles, cycle(("stack", "pair", "each")), strict=False):
            yield f"{name}/客户卡{number + 1:02d}.xlsx", card_book([pile[number]], look)


if __name__ == "__main__":
    lay(Path(sys.argv[1]), papers(int(sys.argv[2])))
