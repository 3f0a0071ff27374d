"""README's table of promises names tests that exist, and none without one."""

from __future__ import annotations

import re

from tests.conftest import ROOT


def rows() -> list[list[str]]:
    """Return the cells of the table of promises, row by row."""
    text = (ROOT / "README.md").read_text("utf-8")
    block = re.search(r"<!-- promises:[^\n]*-->\n(.*?)<!-- /promises -->", text, re.DOTALL)
    assert block is not None
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in block[1].splitlines()[2:]]


def test_every_promise_names_a_test_that_is_there():
    named = [re.findall(r"`(tests/[^`]+\.py)`", row[1]) for row in rows()]

    assert all(named)
    assert [] == [path for those in named for path in those if not (ROOT / path).is_file()]


def test_every_command_that_measured_a_figure_is_there():
    modules = [name for row in rows() for name in re.findall(r"python -m (bench\.\w+)", row[1])]

    assert modules
    assert [] == [name for name in modules if not any((ROOT / f"{name.replace('.', '/')}{end}").is_file() for end in (".py", "/__main__.py"))]  # fmt: skip
