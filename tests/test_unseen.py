"""What the eye does not see is told: hidden rows and columns are read and named, a note on a blank cell is shown."""

from __future__ import annotations

from dataclasses import replace

from pipeline.extract import extract
from pipeline.layout.lexicon import lexicons
from pipeline.recognise import recognise
from tests.readings import REGISTER
from tests.sheets import book, grid

ROWS = [
    f"| {n} | {name} | 未留 | | 9:{n}0 | | 李明 | | |"
    for n, name in enumerate(("王先生", "赵女士", "钱先生", "孙女士"), 1)
]
DRAWN = grid("| 日期 | 2026-11-05 |", REGISTER, *ROWS, "| 5 | | | | | | | | |")


def told(rules, **unseen):
    """Return code, level, cell, label and what was found of every finding on this register."""
    one, words = book(replace(DRAWN, **unseen)), lexicons(rules)
    found = extract(one, recognise(one, rules, words), rules, words)
    return len(found.entries), [(f.code, f.level, f.cell, f.label, f.found) for f in found.findings]


def test_hidden_rows_are_read_and_named_together_once_a_sheet_42(rules):
    hidden = frozenset({2, 3, 5, 6, 40})

    assert (4, [("rows.hidden", "warning", "A3", "", "3-4、6")]) == told(rules, hidden_rows=hidden)


def test_hidden_columns_are_read_and_named_by_their_letters_and_blank_ones_are_not_42(rules):
    hidden = frozenset({2, 3, 6})

    assert (4, [("columns.hidden", "warning", "C2", "", "C、G")]) == told(rules, hidden_columns=hidden)


def test_nothing_is_said_of_hidden_lines_that_hold_no_record(rules):
    assert (4, []) == told(rules, hidden_rows=frozenset({6, 7}), hidden_columns=frozenset({3}))


def test_a_note_on_a_blank_cell_is_shown_and_one_on_a_filled_cell_is_not(rules):
    notes = {(2, 1): "老客户", (3, 7): "试过了", (1, 3): "写 H A B C", (6, 1): "看车的两人"}

    assert (
        4,
        [
            ("cell.note", "warning", "H4", "试驾", "试过了"),
            ("cell.note", "warning", "B7", "顾客名称", "看车的两人"),
        ],
    ) == told(rules, notes=notes)
