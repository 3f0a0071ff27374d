"""A folder of public workbooks, none of them ours, is run twice: no traceback, no hang, and the second time nothing changes."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from pipeline import night
from tests.nights import run
from tests.workbooks import new_home


@pytest.mark.skipif("DAYBOOK_CORPUS" not in os.environ, reason="set DAYBOOK_CORPUS to a folder of workbooks to run them twice")  # fmt: skip
def test_a_corpus_run_twice_has_no_traceback_no_hang_and_changes_nothing_the_second_time(tmp_path, monkeypatch):
    monkeypatch.setattr(night, "publish", lambda *_, **__: ())
    home = new_home(tmp_path / "home")
    said, held = [], []
    for _ in range(2):
        shutil.copytree(Path(os.environ["DAYBOOK_CORPUS"]), home.inbox, dirs_exist_ok=True)
        for path in home.inbox.rglob("*"):
            os.utime(path, (1.7e9, 1.7e9))
        said.append(run(home))
        with closing(sqlite3.connect(home.archive / "default.sqlite")) as file:
            held.append([line for line in file.iterdump() if not line.startswith('INSERT INTO "night"')])
    first, second = said

    assert [] == [book for book in first["books"] if book["reason"] in ("book.crashed", "book.stuck")]
    assert {"duplicate"} == {book["verdict"] for book in second["books"]} - {"ignored"}
    assert held[0] == held[1]
    assert len(first["books"]) == len(second["books"]) > 300
