"""The demo's two months of hand-ins, with more of them forgotten: the roster says what a plain recount says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache

import pytest

from pipeline.demo.lines import Filing, Paper
from pipeline.demo.plant import house_yaml
from pipeline.demo.story import Story, story
from pipeline.dues.owed import due_so_far
from pipeline.keep_home import init_home
from pipeline.model import HandIn
from pipeline.read_rules import read_rules
from pipeline.roster.by_day import calendar_sheet
from pipeline.roster.quality import quality_sheet
from pipeline.roster.streaks import to_press
from pipeline.rulebook.rulebook import Rulebook
from pipeline.view import View
from tests import truth_roster
from tests.hand_ins import view

DATED = {"visitor_register": "visited_on", "daily_activity": "worked_on", "level_tracker": "month"}


@cache
def as_told() -> Story:
    return story()


def with_gaps() -> Story:
    """Return the story with 王芳 away from the 26th of September to the 3rd of October, 刘洋 silent at the end, and 张伟 forgetting every fifth day."""
    return replace(
        as_told(), filings=tuple(replace(each, papers=tuple(filter(kept, each.papers))) for each in as_told().filings)
    )


def kept(paper: Paper) -> bool:
    away = paper.consultant == "王芳" and date(2026, 9, 26) <= paper.on <= date(2026, 10, 3)
    silent = paper.consultant == "刘洋" and paper.on >= date(2026, 10, 27)
    forgetful = paper.consultant == "张伟" and paper.on.day % 5 == 0
    return paper.form != "daily_activity" or not (away or silent or forgetful)


@pytest.fixture(scope="module")
def house(tmp_path_factory) -> Rulebook:
    """The shipped rules with the house of the story."""
    home = init_home(tmp_path_factory.mktemp("house") / "home")
    (home.rules / "house.yaml").write_text(house_yaml(as_told()), "utf-8")
    return read_rules(home.rules)


def archive(told: Story, on: date) -> View:
    rows = [
        row(filing, paper)
        for filing in told.filings
        for paper in filing.papers
        if paper.form in DATED and filing.received.date() <= on and truth_roster.signed(paper)
    ]
    return view(*rows, on=on)


def row(filing: Filing, paper: Paper) -> tuple[object, ...]:
    day = f"{paper.on:%Y-%m}" if paper.form == "level_tracker" else f"{paper.on}"
    covers = {DATED[paper.form]: day} | ({"consultant": paper.consultant} if paper.consultant else {})
    scope = HandIn(paper.form, "rows", "", covers, 0, 0).scope
    return (
        "default", filing.path, paper.form, "rows", scope, covers, "Sheet1", filing.path, filing.received, filing.received.date(),
        "accepted", len(paper.lines), 0,
    )  # fmt: skip


@pytest.mark.parametrize(
    "on", [date(2026, 9, 30), date(2026, 10, 1), date(2026, 10, 4), date(2026, 10, 15), date(2026, 10, 31)]
)
@pytest.mark.parametrize("tell", [as_told, with_gaps])
def test_the_roster_is_that_of_a_plain_recount(house, tell: Callable[[], Story], on):
    told = tell()
    seen = archive(told, on)
    [days] = calendar_sheet(seen, house).tables
    names = [column.name for column in days.columns]
    table, _ = quality_sheet(seen, house).tables
    heads = [column.name for column in table.columns]

    expected = truth_roster.quality(told, on)
    assert expected == {line[0]: {name: line[heads.index(name)] for name in expected[line[0]]} for line in table.rows}
    assert {key: marks for key, marks in truth_roster.calendar(told, on).items() if marks} == {
        line[:2]: {name: cell for name, cell in zip(names, line, strict=True) if name.isdigit() and cell}
        for line in days.rows
    }
    pressed = to_press(due_so_far(seen, house), on, house.house.press_days)
    assert truth_roster.to_press(told, on) == {
        (each.who, each.title, each.days, len(each.missing), each.streak) for each in pressed
    }
    if tell is with_gaps and on == date(2026, 10, 31):
        assert max(each.streak for each in pressed) == 5
