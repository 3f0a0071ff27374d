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


@pytest.mark.parametrize("form", SHEETS)
def test_a_register_goes_by_the_code_that_is_printed_on_it(rules, form):
    assert any(title.startswith("QMS-PM-313") for title in rules.forms[form].titles)
