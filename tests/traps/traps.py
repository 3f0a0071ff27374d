"""Lists the traps of real sheets, the tests that hold them and what Daybook does: `python -m tests.traps.traps > docs/traps.md`."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent
COUNT = 54
_NAME = re.compile(r"test_trap_(\d\d)_(\w+)")
_HEAD = """# The traps of real sheets

What filled sheets of sales offices really look like: 54 traps, each with its own sheets, drawn in `tests/traps/` and sent down the whole street
as bytes of a workbook. Left of the arrow what people write, right of it what Daybook does. Made by `python -m tests.traps.traps > docs/traps.md`.

| trap | what is written → what Daybook does | held by |
|--:|---|---|
"""


@dataclass(frozen=True)
class Trap:
    """One test of one trap: its number, its sentence, what it says is written and done, and its file."""

    number: int
    sentence: str
    says: str
    file: str


def traps() -> Iterator[Trap]:
    """Yield every test of a trap, in the order of their numbers and places."""
    for path in sorted(FOLDER.glob("test_*.py")):
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.FunctionDef) and (named := _NAME.match(node.name)):
                yield Trap(int(named[1]), named[2].replace("_", " "), ast.get_docstring(node) or "", path.name)


def page() -> str:
    """Return docs/traps.md."""
    lines = [
        f"| {each.number} | {_escaped(each.says)} | [{each.sentence}](../tests/traps/{each.file}) |" for each in traps()
    ]
    return _HEAD + "\n".join(lines) + "\n"


def _escaped(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    sys.stdout.write(page())
