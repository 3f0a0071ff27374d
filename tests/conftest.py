"""What many tests need: the shipped rules, read once."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.read_rules import read_rules
from pipeline.rulebook.rulebook import Rulebook

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def rules() -> Rulebook:
    """The rules as shipped."""
    return read_rules(ROOT / "rules")
