"""The bench measures what it says: real forms, disjoint, the same for everybody, and a table that can be read."""

from __future__ import annotations

import sys

import pytest

from bench.bare import cells
from bench.homes import fill, fresh
from bench.measure import Cost, FailedError, measure, middle
from bench.papers import ON, lay, papers
from bench.plain import collect
from bench.table import Line, Start, markdown, table
from pipeline.examine import examine
from pipeline.read_book import read_book

BOOKS = 24
LINES = (Line("bare", 0.0004, 0.02, 30), Line("a night", 0.01, 0.8, 150))
STARTS = (Start("--help", Cost(0.05, 20)),)


def test_every_drawn_workbook_is_read_as_a_form_and_the_first_four_show_them_all(rules):
    read = examine([read_book(drop.path, drop.content, drop.received) for drop in papers(BOOKS)], rules, ON).submissions
    forms = [{match.form for match in each.matches if match.form} for each in read]
    assert {each.verdict for each in read} <= {"accepted", "partial"}
    assert set.union(*forms[:4]) == {"visitor_register", "daily_activity", "level_tracker", "customer_card"}
    assert all(len(each) == 1 for each in forms)


def test_no_two_workbooks_of_the_night_speak_for_the_same_list(rules):
    read = examine([read_book(drop.path, drop.content, drop.received) for drop in papers(BOOKS)], rules, ON).submissions
    lists = [h.scope for each in read for h in each.hand_ins if h.form != "customer_card"]
    assert len(lists) == len(set(lists))


def test_the_same_seed_draws_the_same_bytes_and_too_many_are_refused():
    assert papers(6) == papers(6)
    with pytest.raises(ValueError, match="200"):
        papers(201)


def test_the_plain_script_finds_the_rows_that_the_night_finds(tmp_path, rules):
    drops = papers(BOOKS)
    lay(tmp_path, drops)
    read = examine([read_book(drop.path, drop.content, drop.received) for drop in drops], rules, ON).submissions
    visits = sum(record.kind == "visit" for each in read for record in (*each.records, *each.held))
    rows = collect(tmp_path, "calamine")
    assert visits == rows[rows["folder"] == "前台"]["channel"].notna().sum()
    assert cells(tmp_path) > len(rows)


def test_weeks_of_records_go_into_the_archive_behind_the_night(tmp_path):
    assert 1200 < fill(fresh(tmp_path), 1600, weeks=2) < 2000


def test_the_cost_of_a_command_holds_its_children_and_a_failure_says_its_last_words(tmp_path):
    python = sys.executable
    busy = f"import subprocess; subprocess.run([{python!r}, '-c', 'sum(range(10**7))'])"
    assert measure((python, "-c", busy), tmp_path).seconds > 2 * measure((python, "-c", ""), tmp_path).seconds
    with pytest.raises(FailedError, match="no such night"):
        measure((python, "-c", "raise SystemExit('no such night')"), tmp_path)


def test_the_middle_of_three_turns_counts():
    assert middle((Cost(3, 10), Cost(1, 30), Cost(2, 20))) == Cost(2, 20)


@pytest.mark.parametrize("write", [table, markdown])
def test_the_table_tells_ratios_to_bare_reading(write):
    said = write(LINES, STARTS, workbooks=60, rows=150_000, repeat=3)
    night = next(line for line in said.splitlines() if "a night" in line).replace("|", " ").split()
    assert night[2:] == ["25.0", "10.00", "0.80", "150"]
    assert "150,000" in said
    assert "--help" in said
