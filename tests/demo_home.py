"""The demo's home after three nights, run once for all tests that count its story again, and how its workbooks are read."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest

from pipeline import night
from pipeline.demo.plant import Drop, Evening, evenings, move_in, plant
from pipeline.demo.story import Story, story
from pipeline.keep_home import Home, init_home
from pipeline.read_rules import read_rules

EVE, MIDDLE, LAST = date(2026, 9, 30), date(2026, 10, 15), date(2026, 10, 31)
DAYS = pytest.mark.parametrize("on", [MIDDLE, LAST])


@pytest.fixture(scope="session")
def told() -> Story:
    return story()


@pytest.fixture(scope="session")
def drawn(told) -> list[Evening]:
    return list(evenings(told))


@pytest.fixture(scope="session")
def ran(told, drawn, tmp_path_factory) -> tuple[Home, dict[date, dict[str, Any]]]:
    """A home after three nights, each with the evenings since the one before: a book that grows lies there as last saved, each report as handed in."""
    home = init_home(tmp_path_factory.mktemp("demo") / "home")
    move_in(home.root, told)
    said = {}
    for evening in drawn:
        plant(home.root, Evening(evening.on, tuple(each_in_its_folder(drop) for drop in evening.files)))
        if evening.on in {EVE, MIDDLE, LAST}:
            said[evening.on] = night.run(home, read_rules(home.rules), evening.on)
    return home, said


def each_in_its_folder(drop: Drop) -> Drop:
    """A report that is handed in again must not lie on top of the first."""
    return replace(drop, path=f"{drop.received:%m-%d}/{drop.path}") if "日报" in drop.path else drop


def read(home: Home, on: date, book: str, sheet: str, first: str) -> list[dict[str, Any]]:
    """Return a sheet's first table as rows by header; the header is the row of the first ten that begins with `first`."""
    rows = list(openpyxl.load_workbook(home.outbox / on.isoformat() / f"{book}.xlsx", data_only=True)[sheet].values)
    top = next(number for number, row in enumerate(rows[:10]) if row[0] == first)
    names = [str(name) for name in rows[top] if name is not None]
    found = []
    for row in rows[top + 1 :]:
        if row[0] in {None, "", "合计"}:
            break
        found.append(dict(zip(names, row, strict=False)))
    return found


def as_day(value: Any) -> date:
    return value.date() if isinstance(value, datetime) else date.fromisoformat(str(value)[:10])


def agrees(row: dict[str, Any], expected: dict[str, Any]) -> bool:
    """Say whether every expected figure stands in the row; a blank is None, means and rates agree to a thousandth."""
    return all(same(row[name], value) for name, value in expected.items())


def same(found: Any, expected: Any) -> bool:
    if isinstance(expected, float) and isinstance(found, int | float):
        return abs(found - expected) < 0.001
    return bool((found if found != "" else None) == expected)
