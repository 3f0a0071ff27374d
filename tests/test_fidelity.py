"""Known records written as people write them come out as they were meant; the machine that says so can also say otherwise."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from bench.fidelity.machine import OFFICE, Case, cases, messes, run, staffed, through_the_office
from bench.fidelity.office import is_here
from bench.fidelity.score import GOOD, verdicts
from bench.fidelity.tally import Tally

README = Path(__file__).parent.parent / "README.md"
SEED = 7


@pytest.fixture(scope="module")
def rules(rules):
    return staffed(rules)


def one_way_each():
    ways: dict[str, list[str]] = {}
    for mess in messes():
        ways.setdefault(mess.row, []).append(mess.way)
    # Another way of each row than the first, so that what is easiest is not what is tried.
    picked = [mess for mess in messes() if mess.way == ways[mess.row][len(ways[mess.row]) // 2]]
    return [mess for mess in picked if not mess.row.startswith("saved by LibreOffice")]


def made(rules, row: str, form: str) -> Case:
    return next(
        case for case in cases(rules, [mess for mess in messes() if mess.row == row], [SEED]) if case.form == form
    )


def test_whatever_the_mess_what_was_meant_is_what_the_archive_holds_and_no_error_is_silent(rules):
    tally = Tally()
    slips = []
    for result in run(rules, cases(rules, one_way_each(), [SEED])):
        tally.add(result.verdicts)
        slips += [(result.case.form, result.case.mess, each) for each in result.verdicts if each.fate not in GOOD]

    assert 0 == tally.silent, slips[:5]
    assert 1.0 == tally.precision, slips[:5]
    assert 0.999 <= tally.recall, slips[:5]


@pytest.mark.parametrize(
    ("field", "meant", "fate"),
    [("customer_name", "王建国", "silent"), ("party_size", 9, "silent"), ("phone", None, "silent")],
)
def test_a_value_that_is_not_what_was_meant_is_counted_as_a_silent_error(rules, field, meant, fate):
    case = made(rules, "times", "visitor_register")
    read = next(iter(run(rules, iter([case])))).read
    line = case.paper.sketches[0].tables[0].lines[0]
    other = replace(line, truths=(replace(line.truths[0], values=dict(line.truths[0].values) | {field: meant}),))
    lied = case.paper.changed(lambda sketch: sketch.relined(lambda each, _: other if each is line else each))

    assert [fate] == [each.fate for each in verdicts(lied, case.drawn, read) if each.fate not in GOOD]


def test_a_row_that_nobody_wrote_and_a_row_that_never_came_are_silent_errors(rules):
    case = made(rules, "names", "lost_review")
    read = next(iter(run(rules, iter([case])))).read
    fewer = replace(read, records=read.records[1:])
    more = replace(read, records=(*read.records, read.records[0]))

    assert {"silently lost"} == {each.fate for each in verdicts(case.paper, case.drawn, fewer)} - set(GOOD)
    assert {"silent"} == {each.fate for each in verdicts(case.paper, case.drawn, more)} - set(GOOD)


def test_a_guess_where_only_a_question_is_right_is_a_silent_error(rules):
    case = made(rules, "levels nobody can tell", "visitor_register")
    read = next(iter(run(rules, iter([case])))).read
    guessed = replace(read, records=(*read.records, *read.held), held=(), findings=())

    assert "asked" in {each.fate for each in verdicts(case.paper, case.drawn, read)}
    assert "guessed" in {each.fate for each in verdicts(case.paper, case.drawn, guessed)}


@pytest.mark.skipif(not is_here(), reason="LibreOffice is not installed: its files are read where it is")
@pytest.mark.parametrize("ending", OFFICE)
def test_what_libreoffice_saves_again_says_the_same(rules, ending):
    some = [mess for mess in messes() if mess.row == f"saved by LibreOffice, {ending}"][-1:]
    told = list(run(rules, through_the_office(cases(rules, some, [SEED]))))

    assert [] == [(each.case.form, one) for each in told for one in each.verdicts if one.fate not in GOOD]
    assert len(told) > 5


def test_the_same_seed_makes_the_same_workbooks(rules):
    some = [mess for mess in messes() if mess.row in {"ditto marks", "phones nobody can dial"}]
    assert [case.content for case in cases(rules, some, [SEED])] == [
        case.content for case in cases(rules, some, [SEED])
    ]


def test_the_readme_shows_every_kind_of_mess():
    block = re.search(r"<!-- fidelity:.*?<!-- /fidelity -->", README.read_text("utf-8"), re.DOTALL)
    shown = re.findall(r"^\| ([^|]+?) \|", block[0], re.MULTILINE) if block else []

    assert list(dict.fromkeys(mess.row for mess in messes())) == shown[1 : shown.index("form")]
