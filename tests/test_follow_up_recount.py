"""Whatever story the forms tell, due days and states are those of a plain recount."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.facts.gather import gather
from pipeline.read_rules import read_rules
from pipeline.rulebook.rulebook import Rulebook
from pipeline.view import View
from tests.conftest import ROOT
from tests.people import CHEN, WANG, answers
from tests.told import rows

ON = date(2026, 11, 15)
INTERVALS = {"H": 2, "A": 7, "B": 14, "C": 30}
RANK = {"level_tracker": 3, "customer_card": 2}
CLOSED = ("ordered", "delivered", "lost", "dormant")
PEOPLE = (WANG, CHEN, "13800003333", "13800004444", "13800005555")
phones = st.sampled_from([*PEOPLE, ""])
days = st.integers(1, 20).map(lambda number: f"2026-11-{number:02d}")
maybe_day = st.just("") | days
levels = st.sampled_from(["", "H", "A", "B", "C"])


def records(**fields: Any) -> st.SearchStrategy[list[dict[str, str]]]:
    return st.lists(st.fixed_dictionaries(fields), max_size=16)


stories = st.fixed_dictionaries({
    "visit": records(phone=phones, visited_on=days, level=levels, visit_kind=st.sampled_from(["first", "return", "other"])),
    "customer": records(phone=phones, first_contact_on=days, level=levels),
    "follow_up": records(
        form=st.sampled_from(list(RANK)), phone=phones, planned_on=maybe_day, done_on=maybe_day, next_on=maybe_day,
        reached=st.sampled_from(["true", "false"]), level_after=levels, outcome=st.sampled_from(["open", "open", *CLOSED]),
    ),
    "activity": records(phone=phones, worked_on=days, kind=st.sampled_from(["reception", "order", "other"]), reached=st.sampled_from(["", "false"]), level_after=levels),
})  # fmt: skip


@cache
def shipped() -> Rulebook:
    """Return the shipped rules: a fixture would be drawn into every story hypothesis tells."""
    return read_rules(ROOT / "rules")


def plain(story: dict[str, list[dict[str, str]]], phone: str, at: str) -> str | None:
    """Return where a person stands at the end of a day, None for one who is no prospect by then."""
    mine = {kind: [line for line in lines if line["phone"] == phone] for kind, lines in story.items()}
    first = plain_first(story, phone)
    if not first or first > at:
        return None
    said: list[tuple[str, bool, int, int, int, str]] = []
    for number, line in enumerate(mine["visit"]):
        said.append((line["visited_on"], False, 0, 1, number, line["level"]))
    for number, line in enumerate(mine["customer"]):
        said.append((line["first_contact_on"], False, 2, 0, number, line["level"]))
    for number, line in enumerate(mine["activity"]):
        word = "ordered" if line["kind"] == "order" else line["level_after"]
        if line["reached"] != "false":
            said.append((line["worked_on"], word in CLOSED, 1, 1, number, word))
    for number, line in enumerate(mine["follow_up"]):
        word = line["level_after"] if line["outcome"] == "open" else line["outcome"]
        if line["done_on"] and line["reached"] != "false":
            said.append((line["done_on"], word in CLOSED, RANK[line["form"]], 1, number, word))
    told = [(*each[:4], each[5] == "delivered", each[4], each[5]) for each in said if each[5] and each[0] <= at]
    return max(told)[-1] if told else ""


def plain_first(story: dict[str, list[dict[str, str]]], phone: str) -> str:
    seen = [v["visited_on"] for v in story["visit"] if v["phone"] == phone and v["visit_kind"] != "other"]
    stated = [c["first_contact_on"] for c in story["customer"] if c["phone"] == phone]
    known = [[each for each in days_ if each <= ON.isoformat()] for days_ in (stated, seen)]
    return min(known[0] or known[1], default="")


def plain_due(story: dict[str, list[dict[str, str]]], phone: str) -> tuple[date, str] | None:
    """Return when a person is due and why, by loops and texts alone."""
    on = ON.isoformat()
    stand = plain(story, phone, on)
    if stand is None or stand in CLOSED:
        return None
    calls = [line for line in story["follow_up"] if line["phone"] == phone and line["done_on"] <= on]
    work = [a for a in story["activity"] if a["phone"] == phone and a["kind"] == "reception" and a["worked_on"] <= on]
    came = {v["visited_on"] for v in story["visit"] if v["phone"] == phone and v["visited_on"] <= on}
    met = (
        {c["done_on"] for c in calls if c["reached"] == "true"}
        | {a["worked_on"] for a in work if not a["reached"]}
        | came
    )
    tried = {c["done_on"] for c in calls} | {a["worked_on"] for a in work} | came
    first = plain_first(story, phone)
    last = max(met - {""}, default=first)
    newest = max((c["done_on"] or c["planned_on"] for c in calls), default="")
    plans = {
        c["next_on"] if c["done_on"] else c["planned_on"] for c in calls if (c["done_on"] or c["planned_on"]) == newest
    }
    plan = min(plans - tried - {""}, default="")
    days_ = 1 if last == first else INTERVALS.get(stand, 30)
    by_level = date.fromisoformat(last) + timedelta(days=days_)
    if plan > last and date.fromisoformat(plan) <= by_level:
        return date.fromisoformat(plan), "计划"
    return by_level, "首次" if last == first else "级别周期"


@settings(max_examples=40, deadline=None)
@given(story=stories)
def test_any_story_gives_the_due_days_and_the_states_of_a_plain_recount(story):
    rules = shipped()
    seen = View(on=ON, store="default", tables={kind: rows(rules, kind, lines) for kind, lines in story.items()})

    assert {phone: answer for phone in PEOPLE if (answer := plain_due(story, phone))} == answers(rules, seen)
    facts = gather(seen, rules)
    for at in (date(2026, 11, 7), ON):
        known = facts.prospects_at(at)
        told = {phone: stand for phone in PEOPLE if (stand := plain(story, phone, at.isoformat())) is not None}
        assert told == dict(zip(known["phone"], known["stand"], strict=True))
