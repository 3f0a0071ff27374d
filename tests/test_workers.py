"""One workbook can never take the night down: what hangs, dies or eats memory is one verdict, and the rest is read."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import time

import pytest

from pipeline.errors import PipelineError
from pipeline.grid import Book, Unreadable
from pipeline.reading.limits import MEGABYTE
from pipeline.workers import read_books
from tests.packages import RECEIVED, cell, xlsx
from tests.sick import make_sick


def books(*names: str, **limits: float) -> list[Book | Unreadable]:
    """Return what became of workbooks whose first sheets have these names."""
    files = [(f"{number}.xlsx", xlsx(cell("A1", name), names=[name]), RECEIVED) for number, name in enumerate(names)]
    return list(read_books(files, **limits))  # type: ignore[arg-type]


def verdicts(found: list[Book | Unreadable]) -> list[str]:
    """Return sheet or reason of each."""
    return [book.reason if isinstance(book, Unreadable) else book.grids[0].sheet for book in found]


@pytest.fixture
def sick_reader(tmp_path, monkeypatch):
    make_sick(monkeypatch, tmp_path)


def test_books_come_back_in_order():
    found = books("1日", "2日", "3日")

    assert ["0.xlsx", "1.xlsx", "2.xlsx"] == [book.path for book in found]
    assert ["1日", "2日", "3日"] == verdicts(found)


@pytest.mark.usefixtures("sick_reader")
def test_a_book_that_hangs_is_stuck_after_the_limit_and_the_next_is_read():
    began = time.monotonic()
    found = books("1日", "hang", "2日", seconds=0.4)

    assert ["1日", "book.stuck", "2日"] == verdicts(found)
    assert time.monotonic() - began < 10


@pytest.mark.usefixtures("sick_reader")
@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("segfault", "book.crashed"), ("abort", "book.crashed"), ("vanish", "book.crashed"), ("panic", "book.broken"),
        ("starve", "book.stuck"), ("swallow", "book.stuck"),
    ],
)  # fmt: skip
def test_a_book_that_kills_the_reader_is_one_verdict_and_the_rest_is_read(name, reason):
    assert ["1日", reason, "2日", reason] == verdicts(books("1日", name, "2日", name))


@pytest.mark.usefixtures("sick_reader")
def test_the_log_learns_where_the_reader_died():
    (found,) = books("segfault")

    assert isinstance(found, Unreadable)
    assert "from_filelike" in found.trace


@pytest.mark.usefixtures("sick_reader")
def test_a_stray_print_is_not_taken_for_an_answer():
    assert ["chatter", "1日"] == verdicts(books("chatter", "1日"))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits the address space of a process")
def test_a_book_beyond_the_memory_is_stuck_and_the_next_is_read():
    wide = "".join(
        f'<row r="{row}"><c r="A{row}"><v>1</v></c><c r="CV{row}"><v>1</v></c></row>' for row in range(1, 20_000)
    )
    files = [("大.xlsx", xlsx(wide), RECEIVED), ("1日.xlsx", xlsx(cell("A1"), names=["1日"]), RECEIVED)]

    program = "import pipeline.read_book, pipeline.workers; print(open('/proc/self/statm').read().split()[0])"
    pages = int(subprocess.run([sys.executable, "-c", program], check=True, capture_output=True).stdout)
    empty = pages * os.sysconf("SC_PAGE_SIZE") // MEGABYTE
    for megabytes in (empty + 35, empty + 68, empty + 74):  # Rust gives up at the one, Python at the other
        first, second = read_books(files, megabytes=megabytes)

        assert isinstance(first, Unreadable)
        assert ("book.stuck", "超过内存限度") == (first.reason, first.detail)
        assert isinstance(second, Book)


def test_leaving_early_leaves_no_child_behind():
    reading = read_books(("表.xlsx", xlsx(cell("A1")), RECEIVED) for _ in range(5))
    next(reading)
    child = reading.gi_frame.f_locals["reader"]._child  # type: ignore[attr-defined]
    reading.close()  # type: ignore[attr-defined]

    assert child.returncode is not None


def test_a_child_that_cannot_start_is_our_failure_and_not_the_workbooks(monkeypatch):
    monkeypatch.setattr(sys, "path", [path for path in sys.path if "site-packages" not in path][:0])

    with pytest.raises(PipelineError, match="No module named"):
        books("1日")


def test_no_files_start_no_child(monkeypatch):
    monkeypatch.setattr(subprocess, "Popen", lambda *_, **__: pytest.fail("a child was started"))

    assert [] == books()


def test_the_reader_does_without_pandas():
    program = textwrap.dedent("""
        import sys
        import pipeline.read_book, pipeline.workers
        sys.exit(any(name in sys.modules for name in ("pandas", "numpy", "olefile", "msoffcrypto", "lxml", "openpyxl")))
    """)

    assert 0 == subprocess.run([sys.executable, "-c", program], check=False).returncode
