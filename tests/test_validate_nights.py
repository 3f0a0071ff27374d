"""A night of any size is judged at once, and as one would judge each record by hand."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any

import pandera.pandas as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.frame import frame_of, records_frame, rows_of
from pipeline.grid import address
from pipeline.model import Record
from pipeline.validate import validate
from pipeline.view import Rowset
from tests.records import REGISTER, ROUNDS, TODAY, records


def test_pandera_is_asked_once_a_kind_however_many_workbooks_there_are(rules, monkeypatch):
    calls: list[int] = []
    ask = pa.DataFrameSchema.validate

    def counted(self, frame, **more):
        calls.append(len(frame))
        return ask(self, frame, **more)

    monkeypatch.setattr(pa.DataFrameSchema, "validate", counted)
    visits = [
        (f"{n}.xlsx", record) for n in range(5) for record in records(rules, REGISTER, "| note |", "| |", "| 看车 |")
    ]
    rounds = [(f"{n}.xlsx", record) for n in range(5) for record in records(rules, ROUNDS, "| note |", "| |")]

    validate([*visits, *rounds], rules, TODAY)

    assert [10, 5] == sorted(calls, reverse=True)


def test_a_night_without_records_says_nothing(rules):
    assert [] == validate([], rules, TODAY)


VISIT_VALUES: dict[str, tuple[Any, ...]] = {
    "visited_on": (None, TODAY, TODAY + timedelta(days=1), TODAY - timedelta(days=400)),
    "arrived_at": (None, "08:00", "09:30", "21:00"), "left_at": (None, "08:00", "09:30", "23:59"), "consultant": (None, "李明"),
    "customer_name": (None, "王先生"), "plate": (None, "川A12345"), "phone": (None, "13800001111"), "refusal_reason": (None, "不愿留"),
    "visit_kind": (None, "first", "return", "other"), "note": (None, "看车"), "party_size": (None, 0, 3), "ordered": (None, True, False),
}  # fmt: skip


def visit(dice: Random, number: int) -> Record:
    values = {name: dice.choice(options) for name, options in VISIT_VALUES.items()}
    unread = tuple(name for name, value in values.items() if value is None and dice.random() < 0.1)
    cells = {name: address(number, column) for column, name in enumerate(values)}
    return Record(
        "visit",
        "visitor_register",
        "visits",
        "Sheet1",
        number,
        number,
        "A1",
        values,
        cells,
        {},
        context={"_unread": unread},
    )


def plainly(record: Record) -> set[tuple[str, str]]:
    """Check one visit by hand, as contract 7 says it: (code, cell)."""
    said, unread = dict(record.values), record.context["_unread"]
    blank = {name for name, value in said.items() if value is None}
    slips: set[tuple[str, str]] = {
        ("missing", name)
        for name in ("visited_on", "arrived_at", "consultant", "left_at", "note")
        if name in blank and name not in unread
    }
    if {"customer_name", "plate"} <= blank and not {"customer_name", "plate"} & set(unread):
        slips.add(("visit.no-name", "customer_name"))
    if not {"arrived_at", "left_at"} & blank and said["arrived_at"] > said["left_at"]:
        slips.add(("visit.leaves-before-arriving", "left_at"))
    if "visited_on" not in blank and said["visited_on"] > TODAY:
        slips.add(("visit.future", "visited_on"))
    if (
        said["visit_kind"] != "other"
        and {"phone", "refusal_reason"} <= blank
        and not {"phone", "refusal_reason", "visit_kind"} & set(unread)
    ):
        slips.add(("visit.no-phone", "phone"))
    return {(code, record.cells[name]) for code, name in slips}


@settings(max_examples=5, deadline=None)
@given(st.integers())
def test_a_thousand_rows_are_judged_as_one_would_judge_each_by_hand(rules, seed):
    dice = Random(seed)  # noqa: S311 - dice, not secrets
    night = [visit(dice, number) for number in range(1000)]

    found = validate([("a.xlsx", record) for record in night], rules, TODAY)

    assert {slip for record in night for slip in plainly(record)} == {(finding.code, finding.cell) for finding in found}
    assert all(finding.cell in night[finding.order].cells.values() for finding in found)


def test_values_go_into_a_frame_and_come_out_as_they_were(rules):
    kind = rules.kinds["visit"]
    dice = Random(1)  # noqa: S311 - dice, not secrets
    night = [visit(dice, number) for number in range(50)]

    frame = records_frame(night, kind.columns)

    assert list(range(50)) == list(frame.index)
    assert [tuple(record.values.get(name) for name in kind.columns) for record in night] == list(rows_of(frame))


def test_an_empty_table_still_has_its_columns_and_their_types():
    frame = frame_of(Rowset(("visited_on", "party_size", "_book")), {"visited_on": "date", "party_size": "count"})

    assert (["visited_on", "party_size", "_book"], "datetime64[s]", "Int64") == (
        list(frame.columns),
        str(frame["visited_on"].dtype),
        str(frame["party_size"].dtype),
    )
    assert () == rows_of(frame)
