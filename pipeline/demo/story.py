"""The story: one seed, one invented showroom, everything it wrote down. This is the truth that the demo's figures can be held against."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from pipeline.demo.filings import filings
from pipeline.demo.lines import Filing
from pipeline.demo.mixups import mix_up
from pipeline.demo.papers import desk
from pipeline.demo.people import CONSULTANTS, NAMES, Habits
from pipeline.demo.showroom import open_showroom
from pipeline.demo.slips import slips

SEED = 20261001


@dataclass(frozen=True)
class Story:
    """The store, its consultants, and every file it hands in, oldest first."""

    store: str
    consultants: tuple[Habits, ...]
    filings: tuple[Filing, ...]


def story(seed: int = SEED) -> Story:
    """Return the story of a seed; the same seed tells the same story."""
    rng = Random(seed)  # noqa: S311 - a story, no secret
    room = open_showroom(rng)
    touched = [
        (each.customer.phone, t.on)
        for each in room.pursuits
        for t in each.touches
        if t.level_after and t.method != "showroom"
    ]
    deals = [(each.customer.phone, each.deal.ordered_on) for each in room.pursuits if each.deal]
    fixed = slips(rng, NAMES, touched, deals)
    mix_up(room)
    return Story("星河汽车城北店", CONSULTANTS, filings(desk(room, fixed)))
