"""Puts the story into a home, an evening at a time, through nothing but files that a clerk or a consultant could write."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from pathlib import Path

from pipeline.demo.hand_card import card_book
from pipeline.demo.hand_daily import daily
from pipeline.demo.hand_register import month_list, new_day, old_day, split_list
from pipeline.demo.hand_tracker import tracker
from pipeline.demo.lines import Filing
from pipeline.demo.mixups import LEAVER
from pipeline.demo.office import drawn
from pipeline.demo.story import Story
from pipeline.demo.writers import excel, gbk_table, other_program

_OTHER_PROGRAM = frozenset({"张伟", "赵磊"})  # they work with another office program


@dataclass(frozen=True)
class Drop:
    """One file as it lands: path below the inbox (posix), bytes, and when."""

    path: str
    content: bytes
    received: datetime


@dataclass(frozen=True)
class Evening:
    """Everything dropped on one business day."""

    on: date
    files: tuple[Drop, ...]


def evenings(story: Story) -> Iterator[Evening]:
    """Yield the story's evenings in order, each with its files drawn and saved."""
    for on, filed in groupby(story.filings, key=lambda filing: filing.received.date()):
        yield Evening(on, tuple(Drop(filing.path, _content(filing), filing.received) for filing in filed))


def plant(home: Path, evening: Evening) -> None:
    """Write an evening's files into the home's inbox, each with the time it was saved at."""
    for drop in evening.files:
        target = home / "inbox" / drop.path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(drop.content)
        saved = drop.received.timestamp()
        os.utime(target, (saved, saved))


def house_yaml(story: Story) -> str:
    """Return the `house.yaml` of the story's store: its name and its consultants with what colleagues call them."""
    leaves = {LEAVER[0]: f", leaves_on: {LEAVER[1]}"}
    people = "\n".join(
        f"  - {{name: {each.name}, aliases: [{', '.join(each.aliases)}]{leaves.get(each.name, '')}}}"
        for each in story.consultants
    )
    return f"""# 演示用的一家店:人名、电话、客户全是编的。
name: {story.store}
stores: []
consultants:
{people}
opens_at: "09:00"
closes_at: "21:00"
closed_on: []
window_days: 90
stable_seconds: 10
deadlines:
  - {{form: visitor_register, per: store, every: day, days_after: 0}}
  - {{form: daily_activity, per: consultant, every: day, days_after: 0}}
  - {{form: level_tracker, per: consultant, every: month, days_after: 1}}
"""


def move_in(home: Path, story: Story) -> None:
    """Write the store's own rules into a home just initialised."""
    (home / "rules" / "house.yaml").write_text(house_yaml(story), encoding="utf-8")
    (home / "rules" / "targets.yaml").write_text(
        "store: {prospects: 150, conversions: 30}\nmonthly: {prospects: 25, conversions: 5}\nconsultants: {}\n"
        "daily: {count: calendar, least: 3}\n",
        encoding="utf-8",
    )


def _content(filing: Filing) -> bytes:
    kind, _, look = filing.look.partition(":")
    if kind == "junk":
        return (
            b"\x05" + "李明".encode("utf-16-le")
            if look == "lock"
            else b"PK\x03\x04 half a workbook, the rest was never saved"
        )
    if kind == "office":
        return excel(drawn(look, filing.received.date()))
    if kind == "register":
        days = {"new": new_day, "csv": new_day, "old": old_day}
        lists = {"month": month_list, "split": split_list}
        sheets = [lists[look](filing.papers)] if look in lists else [days[look](paper) for paper in filing.papers]
        return gbk_table(sheets) if look == "csv" else excel(sheets)
    if kind == "card":
        sheets = card_book(filing.papers, look)
    else:
        sheets = [(tracker if kind == "tracker" else daily)(paper) for paper in filing.papers]
    return (other_program if filing.papers[0].consultant in _OTHER_PROGRAM else excel)(sheets)
