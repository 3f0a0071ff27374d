"""The registers of a property office: each of the eighteen is known by its words, and says what its office wrote."""

from __future__ import annotations

import pytest

from pipeline.layout.lexicon import lexicons
from pipeline.recognise import recognise
from tests.property_sheets import SHEETS
from tests.readings import Read
from tests.sheets import book, grid


@pytest.mark.parametrize("form", SHEETS)
def test_a_register_in_the_office_s_own_words_is_known_and_like_no_other_form(rules, form):
    match = recognise(book(grid(*SHEETS[form].lines), path="登记.xlsx"), rules, lexicons(rules))[0]

    assert (form, ()) == (match.form, match.rivals)


@pytest.mark.parametrize("form", SHEETS)
def test_each_row_of_a_register_is_a_record_that_says_what_was_written(rules, form):
    drawn = SHEETS[form]
    read = Read(rules, book(grid(*drawn.lines), path="登记.xlsx"))

    assert list(drawn.told) == read.told(*drawn.fields)
    assert [] == [slip for slip in read.slips() if slip[1] == "error"]


def test_all_eighteen_registers_are_here_each_under_its_own_code(rules):
    codes = {
        title: form.form for form in rules.forms.values() for title in form.titles if title.startswith("QMS-PM-313")
    }

    assert [f"QMS-PM-{number}" for number in range(31301, 31319)] == sorted(codes)
    assert set(SHEETS) == set(codes.values())


@pytest.mark.parametrize("form", SHEETS)
def test_the_printed_code_alone_is_title_enough(rules, form):
    code = next(title for title in rules.forms[form].titles if title.startswith("QMS-PM-313"))
    bare = tuple(line for line in SHEETS[form].lines if not line.startswith("| <"))
    match = recognise(book(grid(f"| <4 {code} |", *bare), path="登记.xlsx"), rules, lexicons(rules))[0]

    assert (form, ()) == (match.form, match.rivals)
