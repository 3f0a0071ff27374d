"""What the rules ask of records: each verb, to whom it speaks, and in whose words."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.rulebook.form import Rule
from pipeline.rulebook.rulebook import Rulebook
from pipeline.validate import validate
from tests.records import REGISTER, TODAY, records, said


@pytest.fixture
def asked(rules):
    """Asks one rule of the visits and nothing else, and returns what is said of a drawn table."""

    def _asked(rule: dict[str, Any], *lines: str) -> list[tuple[str, str, str]]:
        only = with_rules(rules, {"id": "ours.rule", **rule})
        return said(validate([("a.xlsx", record) for record in records(only, REGISTER, *lines)], only, TODAY))

    return _asked


def with_rules(rules: Rulebook, *ours: dict[str, Any]) -> Rulebook:
    """Return the rules with these and no other over visits, and nothing required."""
    form = rules.forms["visitor_register"]
    part = form.parts["visits"]
    fields = {name: spec.model_copy(update={"missing": "fine"}) for name, spec in part.fields.items()}
    part = part.model_copy(update={"fields": fields, "rules": tuple(Rule.model_validate(each) for each in ours)})
    return rules.model_copy(update={"forms": {"visitor_register": form.model_copy(update={"parts": {"visits": part}})}})


def test_a_field_that_must_be_filled_is_asked_for_at_its_empty_cell(asked):
    table = "| model | note |", "| X5 | |", "| | 看车 |"

    assert [("ours.rule", "error", "B2")] == asked({"need": {"filled": "note"}}, *table)


def test_one_of_two_fields_is_enough(asked):
    table = "| customer_name | plate |", "| 王先生 | |", "| | 川A12345 |", "| | |"

    assert [("ours.rule", "error", "B4")] == asked(
        {"need": {"any_filled": ["customer_name", "plate"]}, "cell": "plate"}, *table
    )


def test_a_time_that_must_not_come_after_another_may_equal_it_or_be_blank(asked):
    table = (
        "| arrived_at | left_at |",
        "| 09:30 | 09:30 |",
        "| 09:30 | 10:15 |",
        "| 09:30 | |",
        "| | 09:30 |",
        "| 09:30 | 09:29 |",
    )

    assert [("ours.rule", "error", "B6")] == asked(
        {"need": {"not_after": ["arrived_at", "left_at"]}, "cell": "left_at"}, *table
    )


def test_a_number_stays_between_its_limits_which_are_allowed(asked):
    table = "| party_size |", "| 1 |", "| 9 |", "| |", "| 0 |", "| 10 |"

    assert [("ours.rule", "error", "A5"), ("ours.rule", "error", "A6")] == asked(
        {"need": {"between": ["party_size", 1, 9]}}, *table
    )


def test_a_code_is_one_of_those_allowed(asked):
    table = "| level |", "| H |", "| |", "| C |"

    assert [("ours.rule", "error", "A4")] == asked({"need": {"one_of": ["level", ["H", "A", "B"]]}}, *table)


def test_a_tick_may_be_asked_to_stand(asked):
    table = "| ordered |", "| √ |", "| × |", "| |"

    assert [("ours.rule", "error", "A3")] == asked({"need": {"one_of": ["ordered", ["true"]]}}, *table)


def test_a_text_has_its_length(asked):
    table = "| plate |", "| 川A12345 |", "| |", "| 川A1 |"

    assert [("ours.rule", "error", "A4")] == asked({"need": {"length": ["plate", 7]}}, *table)


def test_a_text_is_no_longer_than_it_may_be(asked):
    table = "| plate |", "| 川A12345 |", "| |", "| 川AD123456 |"

    assert [("ours.rule", "error", "A4")] == asked({"need": {"at_most": ["plate", 7]}}, *table)


def test_a_sum_is_what_its_parts_add_up_to_unless_one_is_unsaid(asked):
    table = (
        "| party_size | stay_minutes | companions |",
        "| 30 | 10 | 20 |",
        "| 30 | | 20 |",
        "| | 10 | 20 |",
        "| 31 | 10 | 20 |",
    )

    assert [("ours.rule", "error", "A5")] == asked(
        {"need": {"adds_up": ["party_size", "stay_minutes", "companions"]}}, *table
    )


def test_today_is_not_the_future(asked):
    table = "| visited_on |", "| 2026-11-05 |", "| |", "| 2026-11-06 |"

    assert [("ours.rule", "error", "A4")] == asked({"need": {"not_future": "visited_on"}}, *table)


@pytest.mark.parametrize(
    ("when", "cells"),
    [
        ({"level": ["H", "A"]}, ["B2", "B3"]),
        ({"level": ["filled"]}, ["B2", "B3", "B4"]),
        ({"level": ["blank"]}, ["B5"]),
        ({"level": ["H", "blank"]}, ["B2", "B5"]),
        ({"ordered": ["true"]}, ["B2"]),
        ({"ordered": ["false"]}, ["B3"]),
        ({"ordered": ["blank"]}, ["B4", "B5"]),
        ({"level": ["filled"], "ordered": ["blank"]}, ["B4"]),
        ({"party_size": ["2"]}, ["B3"]),
        ({"visited_on": ["2026-11-03"]}, ["B4"]),
    ],
)
def test_a_rule_speaks_only_to_the_records_it_is_meant_for(asked, when, cells):
    table = (
        "| level | note | ordered | party_size | visited_on |",
        "| H | | √ | 1 | 2026-11-01 |",
        "| A | | × | 2 | 2026-11-02 |",
        "| C | | | 3 | 2026-11-03 |",
        "| | | | | |",
    )

    assert cells == [cell for _, _, cell in asked({"need": {"filled": "note"}, "when": when}, *table)]


def test_a_rule_on_trial_only_warns(asked):
    table = "| note |", "| |"

    assert [("ours.rule", "warning", "A2")] == asked({"need": {"filled": "note"}, "trial": True}, *table)
    assert [("ours.rule", "warning", "A2")] == asked({"need": {"filled": "note"}, "level": "warning"}, *table)


def test_a_clerks_own_sentence_is_said_with_what_was_found_and_what_is_wanted(rules):
    ours = with_rules(
        rules, {"id": "ours.party", "need": {"between": ["party_size", 1, 9]}, "say": "{label}写了 {found} 人"}
    )

    (finding,) = validate(
        [("a.xlsx", record) for record in records(ours, REGISTER, "| party_size |", "| 30 |")], ours, TODAY
    )

    assert ("30", "1 至 9", "a.xlsx › Sheet1 A2 party_size:party_size写了 30 人 → 1 至 9") == (
        finding.found,
        finding.want,
        finding.say,
    )


def test_codes_that_are_wanted_are_told_in_chinese(rules):
    ours = with_rules(
        rules, {"id": "ours.kind", "need": {"one_of": ["visit_kind", ["first", "return"]]}, "say": "不对"}
    )

    (finding,) = validate(
        [("a.xlsx", record) for record in records(ours, REGISTER, "| visit_kind |", "| other |")], ours, TODAY
    )

    assert "首次、再次" == finding.want
