"""The errors that people make in the story, and when they put them right."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import cycle
from random import Random

from pipeline.demo.lines import Activity, Deal, FollowUp, Plan, Visit
from pipeline.demo.seasons import FIRST, LAST, days

_A_DAY = 0.45  # a slip in the register, and one in the daily reports
_LEFT_ALONE = 5  # every fifth is never put right
_NEVER = date.max
_UNSIGNED = ("王芳", date(2026, 10, 9))
_DOUBLED = date(2026, 10, 13)
_VISIT_SLIPS = ("phone", "level", "left", "arrived")
_DAILY_SLIPS = ("kind", "phone", "level")


@dataclass(frozen=True)
class Slips:
    """Which line of a day is spoilt, how, and from which evening it is right.

    `visits` maps (day, place in the day) and `activities` (consultant, day, place) → (slip, mended on); `contacts` holds (phone, day) of contacts
    whose level is misspelt, on card or tracker, till the evening given; `deals` the phone whose VIN lacks a letter.
    """

    visits: dict[tuple[date, int], tuple[str, date]]
    activities: dict[tuple[str, date, int], tuple[str, date]]
    contacts: dict[tuple[str, str, date], date]
    deals: dict[str, date]
    unsigned: tuple[str, date]  # whose report of which day lacks the name, and is signed the evening after
    doubled: date  # this day one row is written twice with another time, and struck out the evening after

    def visit(self, visit: Visit, number: int, evening: date) -> list[Visit]:
        """Return the row as written that evening, and its double on the day of the double."""
        slip, mended = self.visits.get((visit.visited_on, number), ("", visit.visited_on))
        slip = (
            slip if {"phone": visit.phone, "level": visit.level}.get(slip, slip) else "left"
        )  # a blank cannot be misspelt
        line = replace(visit, slip=slip) if slip and evening < mended else visit
        if visit.visited_on == self.doubled == evening and number == 0:
            return [line, replace(visit, arrived_at="19:59", left_at="20:10")]
        return [line]

    def activity(self, line: Activity, number: int, evening: date) -> Activity:
        """Return the row of a daily report as written that evening."""
        if (line.consultant, line.worked_on) == self.unsigned and evening == line.worked_on:
            return replace(line, slip="unsigned")
        slip, mended = self.activities.get((line.consultant, line.worked_on, number), ("", line.worked_on))
        slip = slip if {"phone": line.phone, "level": line.level_before}.get(slip, slip) else "kind"
        return replace(line, slip=slip) if slip and evening < mended else line

    def plan(self, line: Plan, evening: date) -> Plan:
        """Return a row of tomorrow's plan as written that evening."""
        return (
            replace(line, slip="unsigned")
            if (line.consultant, line.made_on) == self.unsigned and evening == line.made_on
            else line
        )

    def follow_up(self, line: FollowUp, evening: date) -> FollowUp:
        """Return a contact of a card or tracker as written that evening."""
        if line.done_on is None or not line.level_after:
            return line
        mended = self.contacts.get((line.form, line.phone, line.done_on), line.done_on)
        return replace(line, slip="level") if evening < mended else line

    def deal(self, deal: Deal, evening: date) -> Deal:
        """Return a card front as written that evening."""
        return replace(deal, slip="vin") if evening < self.deals.get(deal.phone, deal.ordered_on) else deal


def slips(rng: Random, names: tuple[str, ...], touched: list[tuple[str, date]], deals: list[tuple[str, date]]) -> Slips:
    """Draw the slips: two or three a week in the register, as many in the daily reports, now and then one on a card.

    `touched` gives (phone, day) of contacts with a level, `deals` (phone, day) of orders. One in five is never put right.
    """
    visits: dict[tuple[date, int], tuple[str, date]] = {}
    activities: dict[tuple[str, date, int], tuple[str, date]] = {}
    at_the_desk, at_home = cycle(_VISIT_SLIPS), cycle(_DAILY_SLIPS)
    for on in days(FIRST, LAST):
        if on != _DOUBLED and rng.random() < _A_DAY:
            visits[on, rng.randrange(5)] = next(at_the_desk), _mended(on, len(visits))
        if rng.random() < _A_DAY:
            activities[rng.choice(names), on, rng.randrange(3)] = next(at_home), _mended(on, len(activities))
    october = [(phone, on) for phone, on in touched if on >= FIRST]
    contacts = {("customer_card", phone, on): on + timedelta(days=4) for phone, on in rng.sample(october, 5)}
    spoilt = [phone for phone, on in deals if on >= FIRST][:1]
    return Slips(
        visits, activities, contacts, {phone: LAST - timedelta(days=3) for phone in spoilt}, _UNSIGNED, _DOUBLED
    )


def _mended(on: date, number: int) -> date:
    return _NEVER if number % _LEFT_ALONE == _LEFT_ALONE - 1 else on + timedelta(days=1)
