"""The bench measures what it says: real forms, disjoint, the same for everybody, and a table that can be read."""

from __future__ import annotations

import io
import sys
from datetime import date

import pytest
from openpyxl import load_workbook

from bench.back import by_daybook, by_openpyxl
from bench.bare import cells
from bench.group import Left, Night, Prices, prices_of
from bench.homes import fill, fresh
from bench.measure import Cost, FailedError, measure, middle
from bench.papers import MOST, ON, lay, papers
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


def test_the_same_seed_draws_the_same_bytes_and_more_of_them_begin_with_the_fewer():
    assert papers(6) == papers(9)[:6]


def test_beyond_one_story_stand_others_months_before_and_speak_for_other_days(rules):
    drops = papers(MOST + BOOKS)
    first, earlier = drops[:BOOKS], drops[MOST:]
    read = [
        examine([read_book(each.path, each.content, each.received) for each in those], rules, ON).submissions
        for those in (first, earlier)
    ]
    scopes = [{hand_in.scope for each in those for hand_in in each.hand_ins} for those in read]
    assert {drop.received.date() for drop in earlier} == {date(2026, 8, 31)}
    assert {each.verdict for each in read[1]} <= {"accepted", "partial"}
    assert (set(), len(scopes[0])) == (scopes[0] & scopes[1], len(scopes[1]))


def test_a_workbook_given_back_is_marked_either_way():
    content = papers(1)[0].content
    for way in (by_daybook, by_openpyxl):
        assert "手机 11 位" in "".join(
            cell.comment.text
            for row in load_workbook(io.BytesIO(way("x.xlsx", content))).worksheets[-1]
            for cell in row
            if cell.comment
        )


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
    said = write(LINES, STARTS, few=4, workbooks=60, rows=150_000, repeat=3)
    night = next(line for line in said.splitlines() if "a night" in line).replace("|", " ").split()
    assert night[2:] == ["25.0", "10.00", "0.80", "150"]
    assert "150,000" in said
    assert "--help" in said


def test_three_small_nights_tell_the_price_of_group_store_and_workbook():
    nothing = Left(0, 0, 0, 0, 0, 0)
    said = Prices(2.0, 1.5, 0.125)
    nights = [
        Night(stores, books, said.night(stores, books), 0, 0, nothing) for stores, books in ((2, 4), (2, 40), (4, 4))
    ]

    assert said == prices_of(*nights)
    assert 2 + 300 * (1.5 + 40 * 0.125) == said.night(300, 40)
