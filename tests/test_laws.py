"""Laws of reading, tried on drawn sheets: how a sheet is laid out changes no record, and every address points to what it says."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.examine import examine
from pipeline.extract import extract
from pipeline.grid import Book, Grid, Value, address, spot
from pipeline.layout.lexicon import lexicons
from pipeline.model import Entry, Record, Region, Submission
from pipeline.read_book import read_book
from pipeline.read_rules import read_rules
from pipeline.recognise import recognise
from pipeline.text import clean
from tests.sheets import RECEIVED, book

ROOT = Path(__file__).parent.parent
RULES = read_rules(ROOT / "rules")
WORDS = lexicons(RULES)
ON = date(2026, 11, 5)

LABELS = (
    "序号",
    "顾客名称",
    "电话",
    "到访方式",
    "来访性质",
    "意向级别",
    "进店时间",
    "离店时间",
    "销售顾问",
    "试乘试驾",
    "注释",
)
CELLS: Mapping[str, st.SearchStrategy[Value]] = {
    "序号": st.sampled_from([1.0, ""]),
    "顾客名称": st.sampled_from(["王强", "李先生", "川A12345", "赵 敏", "\xa0陈静"]),
    "电话": st.sampled_from([13800001111.0, "138-0000-2222", "未留", "提车", "88880000", "１３８００００３３３３", ""]),
    "到访方式": st.sampled_from(["来店", "来电", "", "店"]),
    "来访性质": st.sampled_from(["首次", "再次", "F", ""]),
    "意向级别": st.sampled_from(["H", "Ａ", "b级", "Z", "", "B→A"]),
    "离店时间": st.sampled_from(["21:30", 21.3, "", "很晚", 0.9]),
    "销售顾问": st.sampled_from(["李明", "李 明", "陈静"]),
    "试乘试驾": st.sampled_from(["√", "×", "", "改天"]),
    "注释": st.sampled_from(["看车", "①家里120㎡", "今天", "  ", "", 12.5]),
}


@st.composite
def visits(draw: st.DrawFn) -> list[dict[str, Value]]:
    """Draw one to five visits, each at a time of its own."""
    count = draw(st.integers(1, 5))
    return [
        {label: draw(cell) for label, cell in CELLS.items()} | {"进店时间": f"{9 + number}:{10 + number}"}
        for number in range(count)
    ]


def sheet(rows: Sequence[Mapping[str, Value]], labels: Sequence[str] = LABELS, name: str = "Sheet1") -> Grid:
    """Return a register of these visits with its columns in this order; a row without a word under a label is blank there."""
    head: list[list[Value]] = [["来店登记表"], ["日期", "2026-11-05"], list(labels)]
    return Grid(name, [*head, *([row.get(label, "") for label in labels] for row in rows)])


def taken(*books: Book) -> dict[str, Submission]:
    """Return what becomes of the workbooks, by path."""
    return {each.path: each for each in examine(books, RULES, ON).submissions}


def told(*books: Book) -> list[list[tuple[Any, ...]]]:
    """Return all that each workbook tells, places left out: every record, whether it is held, and what is said of it."""
    said = []
    for submission in taken(*(replace(each, path=f"{number}.xlsx") for number, each in enumerate(books))).values():
        held = {record.order for record in submission.held}
        slips: dict[int, list[tuple[str, ...]]] = {}
        for slip in submission.findings:
            slips.setdefault(slip.order, []).append((slip.code, slip.level, slip.label, slip.found))
        said.append(
            sorted(
                (record.key, record.scope, _values(record), record.order in held, sorted(slips.get(record.order, [])))
                for record in (*submission.records, *submission.held)
            )
        )
    return said


def same(one: Book, other: Book) -> None:
    """Hold two workbooks against each other."""
    first, second = told(one, other)
    assert first == second


def _values(record: Record) -> str:
    return repr([(name, record.values[name]) for name in record.values])


@settings(max_examples=40, deadline=None)
@given(visits(), st.permutations(LABELS))
def test_the_order_of_columns_changes_no_record(rows, labels):
    same(book(sheet(rows)), book(sheet(rows, labels)))


@settings(max_examples=40, deadline=None)
@given(visits(), st.lists(st.integers(0, 5), max_size=6))
def test_blank_rows_between_change_no_record(rows, places):
    spread: list[Mapping[str, Value]] = list(rows)
    for place in places:
        spread.insert(min(place, len(spread)), {})

    same(book(sheet(rows)), book(sheet(spread)))


@settings(max_examples=40, deadline=None)
@given(
    visits(),
    st.lists(
        st.tuples(st.integers(0, 11), st.sampled_from(["赠品", "茶水", "泊车位", "吸烟"])),
        max_size=4,
        unique_by=lambda each: each[1],
    ),
)
def test_columns_nobody_asked_for_change_no_record(rows, extra):
    labels = list(LABELS)
    for place, label in extra:
        labels.insert(place, label)
    more = [row | {label: f"{label}{number}" for _, label in extra} for number, row in enumerate(rows)]

    same(book(sheet(rows)), book(sheet(more, labels)))


@settings(max_examples=40, deadline=None)
@given(visits(), st.lists(st.integers(0, 2), min_size=5, max_size=5))
def test_a_table_split_over_sheets_tells_the_same(rows, places):
    parts = [[row for row, place in zip(rows, places, strict=False) if place == number] for number in range(3)]

    same(book(sheet(rows)), book(*(sheet(part, name=f"第{n}页") for n, part in enumerate(parts) if part)))


@settings(max_examples=8, deadline=None)
@given(st.lists(visits(), min_size=2, max_size=4), st.randoms(use_true_random=False))
def test_the_order_of_files_changes_nothing(filled, chance):
    books = [book(sheet(rows), path=f"{n}.xlsx", sha256=f"{n}" * 64) for n, rows in enumerate(filled)]
    mixed = chance.sample(books, len(books))

    assert taken(*books) == taken(*mixed)


SHOWN = {"到访方式": ("channel", "channel"), "来访性质": ("visit_kind", "visit_kind")}
FIELDS = {"顾客名称": "customer_name", "电话": "phone", "意向级别": "level", "进店时间": "arrived_at", "离店时间": "left_at", "销售顾问": "consultant", "注释": "note"}  # fmt: skip


def rewritten(record: Record) -> dict[str, Value]:
    """Return the visit as its record tells it, in the words of our own blank."""
    row = {label: record.values[name] or "" for label, name in FIELDS.items()}
    row |= {label: RULES.shown(words, record.values[name] or "") for label, (name, words) in SHOWN.items()}
    row["电话"] = row["电话"] or record.values["refusal_reason"] or ""
    return row | {"试乘试驾": "√" if record.values["test_driven"] else ""}


@settings(max_examples=40, deadline=None)
@given(visits())
def test_what_was_read_reads_the_same_again(rows):
    (first,) = taken(book(sheet(rows))).values()
    if not first.records:
        return
    (again,) = taken(book(sheet([rewritten(record) for record in first.records]))).values()

    assert [_values(record) for record in first.records] == [_values(record) for record in again.records]
    assert [] == [finding.say for finding in again.findings if finding.level == "error"]


BLANKS = sorted((ROOT / "templates_xlsx").glob("*.xlsx"))


@functools.cache
def blank(path: Path) -> tuple[Book, tuple[tuple[Region, ...], ...]]:
    """Return one of our blanks and where its parts stand."""
    read = read_book(path.name, path.read_bytes(), RECEIVED)
    assert isinstance(read, Book)
    return read, tuple(match.regions for match in recognise(read, RULES, WORDS))


def slots(path: Path) -> list[tuple[int, int, int]]:
    """Return the cells of a blank that somebody fills: sheet, row, column; of every list its first three rows."""
    found = []
    for number, regions in enumerate(blank(path)[1]):
        for region in regions:
            if region.said:
                found += [(number, *said.spot) for said in region.said.values()]
                continue
            columns = {*region.columns.values(), *(c for _, group in region.groups for c in group.values())}
            rows = range(region.body.top, min(region.body.top + 3, region.body.bottom + 1))
            found += [(number, row, column) for row in rows for column in sorted(columns)]
    return sorted(set(found))


def filled(path: Path, words: Mapping[tuple[int, int, int], str]) -> Book:
    """Return the blank with these words written into it."""
    empty = blank(path)[0]
    grids = []
    for number, grid in enumerate(empty.grids):
        rows = [list(row) for row in grid.rows]
        for (place, row, column), word in words.items():
            if place == number:
                rows += [[] for _ in range(row + 1 - len(rows))]
                rows[row] += [""] * (column + 1 - len(rows[row]))
                rows[row][column] = word
        grids.append(replace(grid, rows=rows))
    return replace(empty, grids=tuple(grids))


@pytest.mark.parametrize("path", BLANKS, ids=lambda path: path.stem)
@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_every_address_points_to_the_text_it_says_and_no_text_is_lost(path, data):
    places = data.draw(st.lists(st.sampled_from(slots(path)), min_size=1, max_size=12, unique=True))
    words = {place: f"字{number}" for number, place in enumerate(places)}
    one = filled(path, words)
    found = extract(one, recognise(one, RULES, WORDS), RULES, WORDS)
    entries = found.entries
    grids = {grid.sheet: grid for grid in one.grids}

    assert [] == [
        (entry.sheet, written.cell, written.value)
        for entry in entries
        for written in entry.cells.values()
        if not _stands(grids[entry.sheet].at(*spot(written.cell)), written.value, written.origin)
    ]
    said = {(entry.sheet, written.cell) for entry in entries for written in entry.cells.values()}
    said |= {(finding.sheet, finding.cell) for finding in found.findings}
    assert [] == [
        address(row, column)
        for (number, row, column), _ in words.items()
        if (one.grids[number].sheet, address(row, column)) not in said and _makes_a_record(one, entries, number, row)
    ]


def _stands(cell: Value, value: Value, origin: str) -> bool:
    if origin in {"title", "sheet_name", "file_name"}:
        return True
    return str(value) == str(cell) or (isinstance(cell, str) and clean(value) in cell) or origin == "header"


def _makes_a_record(one: Book, entries: Sequence[Entry], number: int, row: int) -> bool:
    """Say whether a row of a sheet was taken for a record at all: what is printed in advance makes none."""
    return any(entry.sheet == one.grids[number].sheet and entry.row == row + 1 for entry in entries)
