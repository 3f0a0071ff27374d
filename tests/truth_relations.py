"""A second, plain count of the eight relations over the demo's story: which (rule, day, consultant, customer) are gaps.

Contract sections 5 and 7 to the letter, over the lines that `truth.known` gives; nothing of `pipeline.reconcile`.
"""

from __future__ import annotations

from datetime import date
from typing import TypeAlias

from pipeline.demo.lines import FollowUp, OwnerVisit, Paper, Visit
from pipeline.demo.story import Story
from tests.truth import DAY, Known, known
from tests.truth_people import CLOSED, CONTACT_KINDS, Person, people

Found: TypeAlias = set[tuple[str, date, str, str]]  # rule, day, consultant, customer's name


def gaps(story: Story, on: date) -> Found:
    """Return the gaps of the month up to a day, plans up to the day after."""
    return count(known(story, on), on, dailies(story, on))


def count(found: Known, on: date, handed_in: set[tuple[str, date]]) -> Found:
    """Return the gaps of what is readable, with the daily reports that came as (consultant, day)."""
    return (
        whole(found, on)
        | in_sight(found, on)
        | reported(found, on, handed_in)
        | planned(found, on, handed_in)
        | alike(found, on, handed_in)
        | owners(found, on, handed_in)
    )


def dailies(story: Story, on: date) -> set[tuple[str, date]]:
    """Return whose daily report of which day was readable by a day: signed, be it empty."""
    latest: dict[str, Paper] = {}
    for filing in story.filings:
        if filing.received.date() <= on:
            latest |= {paper.scope: paper for paper in filing.papers if paper.form == "daily_activity"}
    return {
        (paper.consultant, paper.on)
        for paper in latest.values()
        if not any(line.slip == "unsigned" for line in paper.lines)
    }


def whole(found: Known, on: date) -> Found:
    return {
        ("R1", v.visited_on, v.consultant, v.customer_name)
        for v in found.visits
        if on.replace(day=1) <= v.visited_on <= on
        and not all((v.arrived_at, v.left_at, v.consultant, v.note, v.customer_name))
    }


def in_sight(found: Known, on: date) -> Found:
    backs, fronts = {c.phone for c in found.customers}, {d.phone for d in found.deals if d.ordered_on <= on}
    listed = {p.phone for p in found.prospects}
    captured = {v.phone for v in found.counted if v.phone and v.visited_on <= on}
    broken: Found = set()
    for phone, person in people(found).items():
        state = person.state(on)
        prospect = person.prospect and person.first is not None and person.first <= on
        bought, gone = state in {"ordered", "delivered"}, state in {"lost", "dormant"}
        rules = {
            "R2": (bought and phone not in fronts) or (prospect and state in set("HABC") and phone not in backs),
            "R3": prospect and state in set("HAB") and phone not in listed,
        }
        if phone in captured and not gone:
            tracked = phone in backs and (state == "C" or phone in listed)
            rules["R4"] = phone not in fronts if bought else not tracked
        broken |= {(rule, on, person.consultant, person.name) for rule, wrong in rules.items() if wrong}
    return broken


def told(found: Known, name: str, day: date, phone: str | None, customer: str) -> list[str | None]:
    """Return what a consultant's report of a day says of a customer, a word (None = no level) for every line that reached somebody or was no call."""
    words = []
    for line in found.activities:
        mine = line.phone == phone if line.phone and phone else line.customer_name == customer
        if (line.consultant, line.worked_on) == (name, day) and mine and line.reached is not False:
            words.append(
                {"order": "ordered", "delivery": "delivered"}.get(line.kind) or line.outcome or line.level_after
            )
    return words


def mentioned(found: Known, name: str, day: date, phone: str | None, customer: str) -> bool:
    return any(
        (a.consultant, a.worked_on) == (name, day)
        and (a.phone == phone if a.phone and phone else a.customer_name == customer)
        for a in found.activities
    )


def reported(found: Known, on: date, handed_in: set[tuple[str, date]]) -> Found:
    persons = people(found)
    happened: list[tuple[date, Visit | FollowUp | OwnerVisit]] = [(v.visited_on, v) for v in found.counted]
    happened += [(f.done_on, f) for f in found.follow_ups if f.done_on and f.reached is not False and moved(persons, f)]
    happened += [(o.done_on, o) for o in found.owner_visits if o.done_on]
    return {
        ("R5", day, line.consultant, line.customer_name)
        for day, line in happened
        if on.replace(day=1) <= day <= on
        and (line.consultant, day) in handed_in
        and not mentioned(found, line.consultant, day, line.phone, line.customer_name)
    }


def moved(persons: dict[str, Person], line: FollowUp) -> bool:
    assert line.done_on is not None
    word = line.outcome if line.outcome != "open" else line.level_after
    return bool(word) and word != persons[line.phone].state(line.done_on - DAY)


def plans(found: Known) -> list[tuple[date, FollowUp]]:
    """Return the plans of tracker and card that still stood on the evening before their day."""
    persons = people(found)
    standing = []
    for line in found.follow_ups:
        person = persons[line.phone]
        dates = []
        if line.planned_on and not (line.done_on and line.done_on < line.planned_on):
            dates.append(line.planned_on)
        if line.done_on and line.next_on:
            again = [f.done_on for f in person.follow_ups if f.done_on and line.done_on < f.done_on < line.next_on]
            dates += [] if again else [line.next_on]
        standing += [
            (day, line)
            for day in dates
            if person.first and person.first < day and person.state(day - DAY) not in CLOSED
        ]
    return standing


def written_down(found: Known, name: str, day: date, phone: str) -> bool:
    return any(
        p.consultant == name and p.phone == phone and p.planned_on == day and p.made_on == day - DAY
        for p in found.plans
    )


def planned(found: Known, on: date, handed_in: set[tuple[str, date]]) -> Found:
    return {
        ("R6", day, line.consultant, line.customer_name)
        for day, line in plans(found)
        if on.replace(day=1) <= day <= on + DAY
        and (line.consultant, day - DAY) in handed_in
        and not written_down(found, line.consultant, day, line.phone)
    }


def alike(found: Known, on: date, handed_in: set[tuple[str, date]]) -> Found:
    """Return R7: every day on which card, tracker or report tells of a contact, held against the others that know the customer."""
    broken: Found = set()
    for phone, person in people(found).items():
        back = next((c for c in found.customers if c.phone == phone), None)
        met = [f for f in person.follow_ups if f.done_on and f.reached is not False]
        days = {f.done_on: f.consultant for f in met if f.done_on}
        days |= {
            a.worked_on: a.consultant for a in person.activities if a.kind in CONTACT_KINDS and a.reached is not False
        }
        for day, name in days.items():
            row = next((p for p in found.prospects if p.phone == phone and p.month == f"{day:%Y-%m}"), None)
            if not on.replace(day=1) <= day <= on or (back is None and row is None):
                continue
            said: list[str | None] = []  # one word per form, '' = no level, None = no contact
            for form, head, level in (
                ("customer_card", back, back.level if back else None),
                ("level_tracker", row, row.opening_level if row else None),
            ):
                mine = [
                    f.outcome if f.outcome != "open" else f.level_after
                    for f in met
                    if (f.form, f.done_on) == (form, day)
                ]
                if head is not None:
                    said.append(last_word(mine) if mine else level if head.first_contact_on == day else None)
            if (name, day) in handed_in:
                words = told(found, name, day, phone, person.name)
                said.append(last_word(words) if words else None)
            if None in said or len(set(said) - {""}) > 1:
                broken.add(("R7", day, name, person.name))
    return broken


def last_word(words: list[str | None]) -> str:
    final = [word for word in words if word in CLOSED] or [word for word in words if word]
    return final[-1] if final and final[-1] else ""


def owners(found: Known, on: date, handed_in: set[tuple[str, date]]) -> Found:
    broken: Found = set()
    first = on.replace(day=1)
    for line in found.owner_visits:
        done, plan = line.done_on, line.planned_on
        who = (line.consultant, line.customer_name)
        asked = first <= plan <= on + DAY and not (done and done < plan) and (line.consultant, plan - DAY) in handed_in
        if asked and not written_down(found, line.consultant, plan, line.phone):
            broken.add(("R8", plan, *who))
        asked = done is not None and first <= done <= on and (line.consultant, done) in handed_in
        if done and asked and not mentioned(found, line.consultant, done, line.phone, line.customer_name):
            broken.add(("R8", done, *who))
    return broken
