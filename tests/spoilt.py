"""Spoils a copy of the shipped rules, and returns what is said of it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipeline.errors import Problem, RulesError
from pipeline.read_rules import read_rules
from tests.conftest import ROOT

REGISTER = "forms/visitor_register.yaml"
Edit = tuple[str, str, str]


def copied(folder: Path) -> Path:
    """Return a copy of the shipped rules to spoil."""
    shutil.copytree(ROOT / "rules", folder / "rules")
    return folder / "rules"


def refusal(home: Path, *edits: Edit) -> tuple[Problem, ...]:
    """Spoil the rules by (file, old text, new text) edits and return what is said of them."""
    for file, old, new in edits:
        text = (home / file).read_text("utf-8")
        assert old in text, f"{file} no longer says {old}"
        (home / file).write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(RulesError) as caught:
        read_rules(home)
    return caught.value.problems


def line_of(home: Path, file: str, text: str) -> int:
    """Return the 1-based line on which a text first stands."""
    lines = (home / file).read_text("utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)
