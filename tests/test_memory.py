"""What a night holds on to: of what it has read nothing when it draws, and of a workbook's bytes none that lie aside."""

from __future__ import annotations

import errno
import gc
import io
import tracemalloc

import pytest

from pipeline import examine
from pipeline.errors import ArchiveError
from pipeline.grid import Book
from pipeline.keep_bytes import Laid
from pipeline.model import Change, Match, Record, Submission
from pipeline.publish import publish
from pipeline.read_book import read_book
from tests.nights import run
from tests.packages import RECEIVED
from tests.workbooks import drop, new_home, register, visit, xlsx

MEGABYTE = 2**20


def day(number: int) -> bytes:
    return xlsx({"登记": register(f"2026-11-{number:02d}", visit(f"客{number}"), visit("孙女士", "1380000"))})


def read_things() -> list[object]:
    """Return what reading makes and is alive now."""
    return [each for each in gc.get_objects() if isinstance(each, Book | Match | Record | Submission | Change)]


def test_bytes_that_lie_aside_come_back_as_they_were():
    with Laid(in_memory=MEGABYTE) as laid:
        numbers = [laid.put(bytes([number]) * MEGABYTE) for number in range(5)]

        assert [bytes([number]) * MEGABYTE for number in reversed(range(5))] == [*map(laid.get, reversed(numbers))]


def test_many_bytes_that_lie_aside_take_no_memory():
    tracemalloc.start()
    try:
        with Laid(in_memory=MEGABYTE) as laid:
            for number in range(20):
                laid.put(bytes([number]) * MEGABYTE)
            held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert held < 3 * MEGABYTE


def test_a_full_disk_is_told_before_anything_is_touched(tmp_path, monkeypatch):
    class Full(io.BytesIO):
        def write(self, _content):
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("pipeline.keep_bytes.tempfile.SpooledTemporaryFile", lambda _: Full())
    home = new_home(tmp_path / "home")
    place = drop(home, "登记.xlsx", day(5))
    with pytest.raises(ArchiveError, match="放不下今晚的表"):
        run(home)

    assert (True, []) == (place.exists(), [*home.outbox.iterdir()])


def test_when_the_mornings_workbooks_are_drawn_nothing_that_was_read_is_held(tmp_path, monkeypatch):
    home = new_home(tmp_path / "home")
    for number in range(1, 5):
        drop(home, f"登记{number}.xlsx", day(number))
    gc.collect()
    before = (
        read_things()
    )  # held by whoever was here before this test, so that none of their places is given away again
    alive: list[object] = []

    def counted(*given, **named):
        theirs = {id(each) for each in before}
        alive.extend(each for each in read_things() if id(each) not in theirs)
        return publish(*given, **named)

    monkeypatch.setattr("pipeline.night.publish", counted)
    said = run(home)

    assert (4, []) == (said["counts"]["partial"], alive)


def test_a_workbook_that_was_looked_at_has_let_its_cells_go(rules):
    (looked,) = examine.look_at([read_book("登记.xlsx", day(5), RECEIVED)], rules)

    assert isinstance(looked, examine.Looked)
    assert ((), 2) == (looked.book.grids, len(looked.records))


def test_records_of_all_workbooks_hold_one_name_of_a_cell_between_them(rules):
    books = [read_book(f"登记{number}.xlsx", day(number), RECEIVED) for number in range(1, 4)]
    names = [
        name
        for looked in examine.look_at(books, rules)
        if isinstance(looked, examine.Looked)
        for record in looked.records
        for name in record.cells.values()
    ]

    assert len(set(names)) == len({id(name) for name in names}) < len(names)


def test_a_night_judged_a_handful_at_a_time_says_the_same(rules, monkeypatch):
    books = [read_book(f"登记{number}.xlsx", day(number), RECEIVED) for number in range(1, 6)]
    at_once = examine.examine(books, rules, RECEIVED.date())
    monkeypatch.setattr(examine, "_HANDFUL", 3)

    assert at_once == examine.examine(books, rules, RECEIVED.date())
