"""What many tests need: the shipped rules, read once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from pipeline.layout.lexicon import Lexicons, lexicons
from pipeline.model import Match
from pipeline.read_rules import read_rules
from pipeline.recognise import recognise
from pipeline.rulebook.rulebook import Rulebook
from tests.demo_home import drawn, ran, told
from tests.engines import after_one, after_two, archive, cluster, database, engine, on_server
from tests.sheets import book, grid
from tests.stores import morning_of_stores

# The archive on both engines; and the demo's home, for whoever counts it again.
__all__ = [
    "after_one",
    "after_two",
    "archive",
    "cluster",
    "database",
    "drawn",
    "engine",
    "morning_of_stores",
    "on_server",
    "ran",
    "told",
]

ROOT = Path(__file__).parent.parent
# A law is true or false; that a busy machine takes its time over an example breaks none.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")


@pytest.fixture(scope="session")
def rules() -> Rulebook:
    """The rules as shipped."""
    return read_rules(ROOT / "rules")


@pytest.fixture(scope="session")
def words(rules: Rulebook) -> Lexicons:
    """The words of every form."""
    return lexicons(rules)


@pytest.fixture
def look(rules: Rulebook, words: Lexicons) -> Callable[..., Match]:
    """Say what the recogniser makes of one drawn sheet."""

    def _look(*lines: str, sheet: str = "Sheet1") -> Match:
        return recognise(book(grid(*lines, sheet=sheet)), rules, words)[0]

    return _look
