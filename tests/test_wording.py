"""Every sentence staff read stands in wording.yaml: none is missing, none is idle, and each says what to write instead."""

from __future__ import annotations

import ast
import re

from hypothesis import given
from hypothesis import strategies as st

from pipeline.rulebook.rulebook import Rulebook
from pipeline.say import fill, say
from tests.test_floors import room_of, trees

CODE = re.compile(r"[a-z_]+\.[a-z][a-z_-]*")
ENDINGS = (".xlsx", ".json", ".yaml", ".html")  # file names, not codes
WITHOUT_REMEDY = re.compile(
    r"(file|near|drift|hint|blank|calendar|verdict|proposal)\."
)  # these are no slips of a filler


def constants() -> set[str]:
    """Return every text the pipeline's code holds; an f-string counts by what it begins with."""
    return {
        node.value
        for name, tree in trees().items()
        if room_of(name) != "demo"
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def rule_ids(rules: Rulebook) -> dict[str, str]:
    """Return every rule's id with its own sentence."""
    return {rule.id: rule.say for form in rules.forms.values() for part in form.parts.values() for rule in part.rules}


def test_every_code_the_pipeline_says_has_its_sentence(rules: Rulebook):
    families = {code.partition(".")[0] for code in rules.wording if "." in code}
    said = {
        text
        for text in constants()
        if CODE.fullmatch(text) and text.partition(".")[0] in families and not text.endswith(ENDINGS)
    }

    assert set() == {code for code in said if code not in rules.wording}
    assert set() == {rule for rule, own in rule_ids(rules).items() if not own and rule not in rules.wording}


def test_no_sentence_is_idle(rules: Rulebook):
    used = constants() | set(rule_ids(rules))
    begun = {text for text in used if text.endswith(".") and len(text) > 1}

    assert [] == [code for code in rules.wording if code not in used and not code.startswith(tuple(begun))]


def test_every_sentence_of_a_slip_says_what_to_write_instead(rules: Rulebook):
    assert [] == [
        code for code, sentence in rules.wording.items() if not sentence.want and not WITHOUT_REMEDY.match(code)
    ]


def test_no_sentence_blames_anybody(rules: Rulebook):
    blame = re.compile(r"你|您|填错|写错了|粗心|违规|不许|必须")

    assert [] == [code for code, sentence in rules.wording.items() if blame.search(sentence.say + sentence.want)]


def test_a_finding_says_workbook_sheet_cell_what_was_found_and_what_to_write_instead(rules: Rulebook):
    found = say(
        rules, "phone.wrong-length", "error", book="李明/登记表.xlsx", sheet="3月", cell="E4", label="电话", found="123"
    )

    assert "李明/登记表.xlsx › 3月 E4 电话:电话「123」位数不对 → 11 位手机号,或带区号的座机" == found.say


def test_a_code_without_a_sentence_is_still_said(rules: Rulebook):
    assert "a.xlsx:ours.unknown" == say(rules, "ours.unknown", "warning", book="a.xlsx").say


def test_a_clerks_sentence_takes_the_place_of_the_wording(rules: Rulebook):
    assert (
        "a.xlsx:只读到 {x}"
        == say(
            rules, "date.unreadable", "warning", book="a.xlsx", sentence="只读到 {found}", found="{x}"
        ).say.partition(" → ")[0]
    )


@given(st.text(max_size=20), st.text(max_size=20))
def test_what_staff_wrote_is_repeated_and_never_interpreted(found, other):
    slots = ("{found}", "{other}", "{label}", "{want}")
    if not any(slot in found for slot in slots):
        assert f"「{found}」和「{other}」" == fill("「{found}」和「{other}」", {"found": found, "other": other})
