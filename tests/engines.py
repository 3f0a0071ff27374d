"""Both engines that an archive may lie on, for tests that must end alike on each: a file of its own, and one database for all."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date, datetime
from functools import cache
from pathlib import Path

import pytest

from pipeline import night
from pipeline.archive import postgres
from pipeline.archive.keep_archive import Archive, open_archive
from pipeline.archive.postgres import NAMED_BY
from pipeline.keep_home import Home
from pipeline.read_rules import read_rules
from pipeline.rulebook.rulebook import Rulebook
from tests.archives import few_kinds
from tests.postgres import new_database, server
from tests.workbooks import daily, drop, new_home, register, visit, xlsx

FORMS = {"visitor_register", "daily_activity", "level_tracker", "customer_card"}
FIRST, SECOND = date(2026, 11, 5), date(2026, 11, 6)
FORM = "level_tracker"  # fifty kinds' tables say no more of an archive than these
ENGINES = ("sqlite", "postgresql")


@pytest.fixture(scope="session")
def cluster() -> Iterator[str]:
    """A PostgreSQL server; its databases are made from this address."""
    with server() as address:
        yield address


@pytest.fixture(scope="session")
def database(cluster: str, rules: Rulebook, tmp_path_factory: pytest.TempPathFactory) -> str:
    """One database with tables of a few kinds; each test has a store of its own in it."""
    address = new_database(cluster, "shared")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv(NAMED_BY, address)
        open_archive(tmp_path_factory.mktemp("shared"), "first", few_kinds(rules, FORM)).engine.dispose()
    return address


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """One of the engines; every archive that is opened lies on it."""
    name = str(request.param)
    if name == "postgresql":
        monkeypatch.setenv(NAMED_BY, request.getfixturevalue("database"))
    return name


@pytest.fixture
def archive(engine: str, tmp_path: Path, rules: Rulebook) -> Iterator[Archive]:  # noqa: ARG001 - opens on the engine
    """An empty archive on each engine."""
    with open_archive(tmp_path, tmp_path.name, few_kinds(rules, FORM)) as opened:
        yield opened


@cache
def sheets(on: date) -> dict[str, bytes]:
    """Return an evening's workbooks: the second amends a visit, leaves one out, adds one, and has one that goes back."""
    visits = [visit("王先生"), visit("Tom", "13800002222", "11:00", "11:20")]
    if on == SECOND:
        visits = [visit("王先生", level="A"), visit("周女士", "13800003333", "13:00", "13:30"), visit("孙女士", "1380000", "14:00", "14:10")]  # fmt: skip
    done = ("王先生", "13800001111", "回访", "H", "A", "看车")
    return {
        "前台/登记表.xlsx": xlsx({"5日": register("2026-11-05", *visits)}),
        f"李明/日报{on.day}.xlsx": xlsx({"日报": daily(f"{on}", "李明", done)}),
    }


def evening(home: Home, on: date) -> None:
    """Lay an evening's sheets into the inbox."""
    for path, content in sheets(on).items():
        drop(home, path, content, f"{on} 18:00")


def took(home: Home, on: date) -> None:
    """Run the night of a day at half past nine."""
    night.run(home, read_rules(home.rules), on, now=lambda: datetime(on.year, on.month, on.day, 21, 30))


def few_forms(folder: Path) -> Home:
    """Return a home with four forms: an archive of fifty kinds takes a while to make."""
    home = new_home(folder, "李明")
    for form in (home.rules / "forms").glob("*.yaml"):
        if form.stem not in FORMS:
            form.unlink()
    return home


def outbox(home: Home) -> dict[str, bytes]:
    return {str(path.relative_to(home.outbox)): path.read_bytes() for path in home.outbox.rglob("*") if path.is_file()}


@pytest.fixture(scope="session")
def after_two(tmp_path_factory) -> Home:
    """A home on SQLite after both nights."""
    home = few_forms(tmp_path_factory.mktemp("twin") / "home")
    for on in (FIRST, SECOND):
        evening(home, on)
        took(home, on)
    return home


@pytest.fixture(scope="session")
def after_one(cluster, tmp_path_factory) -> Home:
    """A home on the database `first` after the first night, with the second evening in its inbox; to be copied, both."""
    home = few_forms(tmp_path_factory.mktemp("first") / "home")
    evening(home, FIRST)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv(NAMED_BY, new_database(cluster, "first"))
        environment.setattr(postgres, "PARTS", 2)  # enough to be divided, and quicker copied
        took(home, FIRST)
    evening(home, SECOND)
    return home


@pytest.fixture
def on_server(cluster, after_one, tmp_path, monkeypatch) -> Home:
    """A copy of that home with a database of its own, which the environment names."""
    monkeypatch.setenv(NAMED_BY, new_database(cluster, tmp_path.name, "first"))
    return Home(shutil.copytree(after_one.root, tmp_path / "home"))
