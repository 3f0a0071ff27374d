"""The demo's month with gaps planted in every form: the relations find what a plain recount finds, no more and no less."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import date
from functools import cache
from typing import Any

import pytest

from pipeline.demo.lines import Line
from pipeline.demo.story import Story, story
from pipeline.facts.gather import gather
from pipeline.reconcile.relations import relations
from pipeline.rulebook.rulebook import Rulebook
from pipeline.view import Rowset, View
from tests import truth_relations
from tests.told import PLACE
from tests.truth import Known, known

KINDS = {
    "visit": "visits", "prospect": "prospects", "follow_up": "follow_ups", "customer": "customers", "deal": "deals",
    "owner_visit": "owner_visits", "activity": "activities", "plan": "plans",
}  # fmt: skip
FORMS = {
    "visit": "visitor_register",
    "prospect": "level_tracker",
    "activity": "daily_activity",
    "plan": "daily_activity",
}


@cache
def month() -> Story:
    """Return the demo's story, told once."""
    return story()


def thinned(lines: list[Any], every: int) -> list[Any]:
    """Return the lines without every so-manieth."""
    return [line for number, line in enumerate(lines, 1) if number % every]


def planted(found: Known) -> Known:
    """Return what is readable after somebody forgot a card, a tracker row, a line, a note, and misremembered a level."""
    turned = {"H": "A", "A": "B", "B": "C", "C": "B"}
    return replace(
        found,
        visits=[replace(v, note="") if n % 9 == 0 else replace(v, left_at="") if n % 31 == 0 else v for n, v in enumerate(found.visits, 1)],
        prospects=thinned(found.prospects, 6),
        customers=thinned(found.customers, 7),
        deals=thinned(found.deals, 4),
        activities=thinned(found.activities, 8),
        plans=thinned(found.plans, 5),
        follow_ups=[
            replace(f, level_after=turned.get(f.level_after or "")) if n % 11 == 0 else f
            for n, f in enumerate(thinned(found.follow_ups, 13), 1)
        ],
    )  # fmt: skip


def view(rules: Rulebook, found: Known, on: date, handed_in: Iterable[tuple[str, date]]) -> View:
    """Return the archive that holds these lines, and the daily reports that came."""
    tables = {kind: rowset(rules, kind, getattr(found, name)) for kind, name in KINDS.items()}
    covers = [
        ("daily_activity", {"consultant": who, "worked_on": day.isoformat()}, "日报.xlsx", "Sheet1", "s", None)
        for who, day in sorted(handed_in)
    ]
    tables["hand_in"] = Rowset(("form", "covers", "book", "sheet", "submission_id", "received"), covers)
    return View(on, "default", tables)


def rowset(rules: Rulebook, kind: str, lines: list[Line]) -> Rowset:
    columns = rules.kinds[kind].columns
    rows = []
    for number, line in enumerate(lines):
        told = {each.name: getattr(line, each.name) or None for each in fields(line)}
        told |= {"reached": getattr(line, "reached", None)}
        if kind == "visit":
            told |= {"captured": told["phone"] is not None, "ordered": bool(told["ordered"]), "test_driven": bool(told["test_driven"])}  # fmt: skip
        form = getattr(line, "form", "") or FORMS.get(kind, "customer_card")
        place: tuple[Any, ...] = (
            "default",
            form,
            "book.xlsx",
            "Sheet1",
            number,
            {},
            str(number),
            "s",
            "r",
            None,
            "",
        )
        rows.append((*(told.get(name) for name in columns), *place))
    return Rowset((*columns, *PLACE), rows)


@pytest.mark.parametrize("on", [date(2026, 9, 30), date(2026, 10, 15), date(2026, 10, 31)])
@pytest.mark.parametrize("plant", [lambda found: found, planted])
def test_the_gaps_are_those_of_a_plain_recount(rules, plant, on):
    found, handed_in = plant(known(month(), on)), truth_relations.dailies(month(), on)
    gaps, came = relations(gather(view(rules, found, on, handed_in), rules))

    wanted = truth_relations.count(found, on, handed_in)
    assert wanted == {(gap.rule, gap.on, gap.consultant, gap.customer) for gap in gaps}
    assert handed_in == came
    if plant is planted and on.month == 10:
        assert set(Counter(rule for rule, *_ in wanted)) == {f"R{number}" for number in range(1, 9)}
