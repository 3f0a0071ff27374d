"""Every trap of the checklist has its named test, and the list of them is true."""

from __future__ import annotations

from pathlib import Path

from tests.traps.traps import COUNT, page, traps

ROOT = Path(__file__).parent.parent.parent


def test_every_trap_has_a_test_of_its_own():
    assert set(range(1, COUNT + 1)) == {trap.number for trap in traps()}


def test_every_test_of_a_trap_says_what_is_written_and_what_is_done():
    assert [] == [trap.sentence for trap in traps() if " → " not in trap.says or not trap.says.endswith(".")]


def test_the_tests_of_a_trap_stand_in_the_file_of_its_numbers():
    def first_and_last(file: str) -> range:
        _, first, last, *_ = file.split("_")
        return range(int(first), int(last) + 1)

    assert [] == [trap.sentence for trap in traps() if trap.number not in first_and_last(trap.file)]


def test_the_list_of_traps_is_true():
    assert page() == (ROOT / "docs" / "traps.md").read_text("utf-8")
