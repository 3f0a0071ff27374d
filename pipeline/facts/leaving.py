"""Tells which consultants leave soon or have left."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from pipeline.facts.gather import Facts
from pipeline.rulebook.rulebook import Rulebook

AHEAD: Final = 7  # days


def leaving(facts: Facts, rules: Rulebook) -> dict[str, date]:
    """Return who leaves within a week or has left, and from when; by name. Source: house.yaml, leaves_on."""
    until = facts.on + timedelta(days=AHEAD)
    people = [each for each in rules.house.consultants if each.store in ("", facts.view.store)]
    return {each.name: each.leaves_on for each in people if each.leaves_on is not None and each.leaves_on <= until}
