"""A night on PostgreSQL killed inside its transaction, or after it, ends as one that was never killed."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from pipeline.archive.engine import OWN_FILE
from pipeline.archive.keep_archive import open_archive
from pipeline.read_rules import read_rules
from tests.engines import SECOND, outbox, took

KILLED = """
import os, signal, sys
from datetime import date, datetime
from pathlib import Path
from pipeline import night
from pipeline.archive import keep_archive
from pipeline.keep_home import Home
from pipeline.read_rules import read_rules
home, place = Home(Path(sys.argv[1])), sys.argv[2]
module = keep_archive if place == "put_changes" else night
whole = getattr(module, place)
def killed(*given, **named):
    if place == "put_changes":
        whole(*given, **named)
    os.kill(os.getpid(), signal.SIGKILL)
setattr(module, place, killed)
night.run(home, read_rules(home.rules), date(2026, 11, 6), now=lambda: datetime(2026, 11, 6, 21, 30))
"""


@pytest.mark.parametrize(("place", "nights"), [("put_changes", 1), ("publish", 2)])
def test_a_night_killed_inside_its_transaction_or_after_it_ends_as_its_twin(on_server, after_two, place, nights):
    killed = subprocess.run([sys.executable, "-c", KILLED, on_server.root, place], env={**os.environ}, check=False)
    assert -9 == killed.returncode
    with open_archive(on_server.root, "default", read_rules(on_server.rules)) as archive:
        assert nights == len(archive.nights())
        assert () == archive.verify()

    took(on_server, SECOND)

    with open_archive(on_server.root, "default", read_rules(on_server.rules)) as archive:
        assert {"done"} == {row.status for row in archive.nights()}
        assert () == archive.verify()
        mine = archive.view(SECOND)
    with open_archive(after_two.root, "default", read_rules(after_two.rules), OWN_FILE) as archive:
        its = archive.view(SECOND)
    for kind in archive.rules.kinds:
        names = [name for name in mine.tables[kind].names if name != "_run"]
        assert [list(its.tables[kind].column(name)) for name in names] == [
            list(mine.tables[kind].column(name)) for name in names
        ]
    assert not [path for path in on_server.inbox.rglob("*") if path.is_file()]
    assert outbox(after_two).keys() == outbox(on_server).keys()
