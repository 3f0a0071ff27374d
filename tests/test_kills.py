"""kill -9 at any moment of a night: after the next run nothing is lost, doubled or half visible."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys

import pytest

from bench.kills.likeness import differences, likeness
from bench.kills.papers import SECOND, drop
from pipeline import night
from pipeline.keep_home import Home
from tests.conftest import ROOT

LINUX = pytest.mark.skipif(
    sys.platform != "linux", reason="the seams are found by /proc and fork, which only Linux has"
)


@LINUX
def test_a_night_killed_at_its_seams_ends_as_its_twin_that_was_never_killed():
    said = subprocess.run(
        [sys.executable, "-m", "bench.kills", "--seams", "10", "--signals", "2", "--markdown"],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"}, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert ("", 0) == (said.stderr, said.returncode)
    assert re.fullmatch(
        r"12 kills of a night of \d{3} seams \(.*random moments 2\): 0 homes differ from their twin",
        said.stdout.strip(),
    )


@pytest.fixture(scope="module")
def home(tmp_path_factory, rules):
    made = Home(tmp_path_factory.mktemp("home") / "home")
    for room in (made.inbox, made.outbox):
        room.mkdir(parents=True)
    drop(made.inbox, SECOND)
    night.run(made, rules, SECOND)
    return made


def spoilt(home: Home, how: str) -> None:
    if how == "an original is gone":
        next((home.archive / "originals").rglob("*.xlsx")).unlink()
    elif how == "a file is left in the inbox":
        (home.inbox / "登记.xlsx").write_bytes(b"x")
    elif how == "a report is half written":
        report = home.outbox / "2026-11-05" / "经营汇总.xlsx"
        report.write_bytes(report.read_bytes()[:100])
    elif how == "a half built folder stands about":
        (home.outbox / ".daybook-new-2026-11-05").mkdir()
    elif how == "a manifest of a night that never was":
        (home.archive / "runs" / "x.json").write_text('{"run": "x"}')


@pytest.mark.parametrize(
    "how",
    ["", "an original is gone", "a file is left in the inbox", "a report is half written", "a half built folder stands about", "a manifest of a night that never was"],
)  # fmt: skip
def test_the_comparison_sees_what_is_lost_doubled_or_half_visible(home, tmp_path, how):
    """The kill test can fail: a copy of a home is like it, and one that is spoilt is not."""
    other = Home(tmp_path / "other")
    shutil.copytree(home.root, other.root)
    spoilt(other, how)

    assert bool(how) == bool(differences(likeness(home.root), likeness(other.root)))
