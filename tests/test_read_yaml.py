"""The fast reader of the rules says what the exact one says, or nothing."""

from __future__ import annotations

from random import Random

import pytest
import yaml
from ruamel.yaml.constructor import SafeConstructor

from pipeline.read_yaml import OddError, exact, parsed, quick
from tests.conftest import ROOT

RULES = {path.stem: path.read_text("utf-8-sig") for path in sorted((ROOT / "rules").rglob("*.yaml"))}
SIGNS = (
    *":,[]{}#-?&*!|>'\"% @`\n\\~=019.e+_<", ": ", "- ", " #", "\n  ", "|\n", ">-\n", "<<: ", "&rules ", "*rules", "0x1", "1_0", "010", "1e3", ".5", "+1",
    "yes", "Null", "12:30", "2026-1-2", "2026-02-30", "''", " :", ":}", "---\n", "...\n", "\\u4e00",
)  # fmt: skip
LINES, SPOILT = 6, 400


@pytest.mark.skipif(
    not yaml.__with_libyaml__, reason="this PyYAML was built without libyaml; rules are then read by ruamel"
)
def test_every_shipped_rule_file_is_read_the_fast_way():
    assert list(RULES) == [name for name, text in RULES.items() if quick(text)]


def test_pieces_of_the_rules_spoilt_at_random_are_never_read_otherwise_by_the_fast_reader():
    rng = Random(20261125)  # noqa: S311 - no secret
    lines = [text.splitlines() for text in RULES.values()]
    agreed = 0
    for _ in range(SPOILT):
        own = rng.choice(lines)
        start = rng.randrange(len(own))
        text = "\n".join(own[start : start + LINES])
        for _ in range(rng.randint(0, 2)):
            place = rng.randrange(len(text) + 1)
            text = text[:place] + rng.choice(SIGNS) + text[place + rng.randint(0, 1) :]
        try:
            found = quick(text)
        except OddError:
            continue
        assert repr(exact(SafeConstructor).load(text)) == repr(found), text
        agreed += 1
    assert agreed > SPOILT / 4 or not yaml.__with_libyaml__


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 010", {"a": 10}), ("a: 1_000", {"a": 1000}), ("a: 12:30", {"a": "12:30"}), ("a: yes", {"a": "yes"}), ("a: 2026-02-30", {"a": "2026-02-30"}),
        ("a: &x [1]\nb: *x", {"a": [1], "b": [1]}), ("a: !!str 5", {"a": "5"}), ("- 1", [1]), ("", None),
    ],
)  # fmt: skip
def test_what_the_two_would_read_differently_is_read_as_yaml_1_2_says(text, said):
    assert parsed(text) == said
