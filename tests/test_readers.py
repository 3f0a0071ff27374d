"""Who reads or writes while a night runs: a second run is sent away, and every reader finds a whole generation, the one before or the one after."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from collections import Counter
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from click.testing import CliRunner
from sqlalchemy import event

from pipeline import keep_files, night
from pipeline.archive.keep_archive import open_archive
from pipeline.cli.main import main
from pipeline.keep_files import replace_folder
from pipeline.publish import publish
from pipeline.reports import visit_patterns
from pipeline.write_export import _rowsets
from tests.archives import WANG, told
from tests.archives import night as put_in
from tests.conftest import ROOT
from tests.nights import ON, rows, run, verdicts
from tests.stories import tracker, workbook
from tests.workbooks import drop, new_home, register, visit, xlsx

FIRST = xlsx({"5日": register("2026-11-05", visit())})
SECOND = xlsx({"5日": register("2026-11-05", visit(), visit("赵女士", "13800002222", "9:40"))})


def which(folder: Path) -> tuple[int, int]:
    """Return which folder stands there: a number may be given again, but not at the same moment."""
    state = folder.stat()
    return state.st_ino, state.st_ctime_ns


def generation(folder: Path) -> dict[str, bytes] | None:
    """Return every file of a day's folder, None where another folder took its place meanwhile."""
    before = which(folder)
    try:
        found = {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }
    except FileNotFoundError:
        assert before != which(folder)  # a file may go only with its whole folder
        return None
    return found if before == which(folder) else None


def likeness(found: dict[str, bytes] | None) -> tuple[str, ...] | None:
    """Return a generation by the names and hashes of its files."""
    return None if found is None else tuple(sorted(f"{name} {hash(content)}" for name, content in found.items()))


class Reader(threading.Thread):
    """Looks again and again, until it is stopped, and keeps what it saw or what went wrong."""

    def __init__(self, look, pause: float = 0):
        super().__init__(daemon=True)
        self.look, self.over, self.pause = look, threading.Event(), pause
        self.seen: Counter[object] = Counter()
        self.trouble: list[BaseException] = []

    def run(self) -> None:
        try:
            while not self.over.wait(self.pause):
                self.seen[self.look()] += 1
        except BaseException as error:  # noqa: BLE001 - told by `stopped`
            self.trouble.append(error)

    def stopped(self) -> set[object]:
        """Stop and return all that was seen."""
        self.over.set()
        self.join()
        assert [] == self.trouble
        return set(self.seen)


def pieces(found: dict[str, bytes] | None) -> tuple[int, int] | None:
    """Return how many files a generation has, and of how many builds."""
    return None if found is None else (len(found), len(set(found.values())))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no call that exchanges two folders; a file at a time is replaced there")  # fmt: skip
def test_a_day_s_folder_is_there_and_of_one_piece_at_every_moment_of_a_hundred_swaps(tmp_path):
    def build(number):
        def written(folder: Path) -> None:
            for name in "甲乙丙":
                (folder / name).write_text(str(number))

        return written

    replace_folder(tmp_path, ON, build(0))
    reader = Reader(lambda: pieces(generation(tmp_path / "2026-11-05")))
    reader.start()
    for number in range(1, 101):
        replace_folder(tmp_path, ON, build(number))

    assert {(3, 1)} == reader.stopped() - {None}


def test_where_the_disk_cannot_exchange_two_folders_the_old_one_goes_and_the_new_one_comes(tmp_path, monkeypatch):
    monkeypatch.setattr(keep_files, "exchange", lambda *_: False)
    replace_folder(tmp_path, ON, lambda folder: (folder / "a").write_text("old"))
    replace_folder(tmp_path, ON, lambda folder: (folder / "a").write_text("new"))

    assert {"a": b"new"} == generation(tmp_path / "2026-11-05")
    assert ["2026-11-05"] == [path.name for path in tmp_path.iterdir()]


@pytest.fixture(scope="module")
def evening(tmp_path_factory):
    """A home whose second run of the evening was watched, and what those who came meanwhile saw and were told."""
    home = new_home(tmp_path_factory.mktemp("evening") / "home")
    patch = pytest.MonkeyPatch()
    patch.setattr(
        "pipeline.publish._reports", lambda facts, rules: (visit_patterns.build(facts.view, rules),)
    )  # one of seven
    drop(home, "登记.xlsx", FIRST)
    run(home)
    drop(home, "登记.xlsx", SECOND, "2026-11-05 19:00")
    told_: dict[str, Any] = {"before": generation(home.outbox / "2026-11-05")}

    def exported() -> int:
        folder = home.root.parent / "导出"
        result = CliRunner().invoke(main, ["--home", str(home.root), "export", str(folder), "--kind", "visit"])
        assert 0 == result.exit_code, result.output
        return len((folder / "visit.csv").read_text("utf-8").splitlines()) - 1

    def meanwhile(*_: object) -> None:
        drop(home, "后到.xlsx", FIRST + b"x", "2026-11-05 20:00")  # somebody saves while the night reads
        command = [sys.executable, "-m", "pipeline.cli", "--home", str(home.root), "run", "--on", "2026-11-05"]
        other = subprocess.run(command, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False)  # fmt: skip
        told_["run"] = other.returncode, other.stderr
        told_["report"] = CliRunner().invoke(main, ["--home", str(home.root), "report", "--on", "2026-11-05"]).exit_code
        exports.append(exported())

    def looked() -> tuple[int, int]:
        with closing(sqlite3.connect(home.archive / "default.sqlite", timeout=30)) as file:
            return tuple(file.execute("SELECT (SELECT count(*) FROM visit WHERE _current), (SELECT count(*) FROM submission)").fetchone())  # fmt: skip

    def read() -> tuple[str, ...] | None:
        for path in sorted((home.outbox / "2026-11-05").glob("*.xlsx"))[:1]:
            with ZipFile(path) as book:
                assert book.testzip() is None
        return likeness(generation(home.outbox / "2026-11-05"))

    readers = {"archive": Reader(looked, 0.02), "outbox": Reader(read, 0.02)}
    exports: list[int] = []

    def published(*args: Any, **named: Any) -> tuple[Path, ...]:
        exports.append(exported())  # the night is in the archive, and not in the outbox yet
        return publish(*args, **named)

    patch.setattr(night, "publish", published)
    for reader in readers.values():
        reader.start()
    told_["said"] = run(home, seen=meanwhile)
    patch.undo()
    told_["exported"] = exports
    told_ |= {name: reader.stopped() for name, reader in readers.items()}
    return home, told_


def test_a_second_run_is_sent_away_with_75_and_so_is_a_report(evening):
    _, told_ = evening

    assert (75, "另一次运行正在进行。等它结束再运行\n") == told_["run"]
    assert 75 == told_["report"]


def test_an_export_meanwhile_holds_a_whole_night_or_none(evening):
    assert [1, 2] == evening[1]["exported"]


def test_whoever_looks_into_the_archive_sees_a_whole_night_or_none(evening):
    assert {(1, 1), (2, 2)} == evening[1]["archive"] | {(2, 2)}


def test_whoever_opens_the_outbox_finds_a_whole_generation_the_one_before_or_the_one_after(evening):
    home, told_ = evening
    whole = [likeness(found) for found in (told_["before"], generation(home.outbox / "2026-11-05"))]

    assert set() == told_["outbox"] - {None, *whole}
    assert whole[0] in told_["outbox"]


def test_what_is_saved_into_the_inbox_while_a_night_runs_waits_for_the_next_one(evening):
    home, told_ = evening

    assert {"登记.xlsx": "accepted"} == verdicts(told_["said"])
    assert ["后到.xlsx"] == [path.name for path in home.inbox.iterdir() if path.is_file()]
    assert 2 == len(rows(home, "visit"))


@pytest.mark.parametrize("all_versions", [True, False])
def test_an_export_of_all_kinds_reads_them_at_one_moment(tmp_path, rules, all_versions):
    with open_archive(tmp_path, "default", rules) as archive:
        moments: list[object] = []
        event.listen(archive.engine, "begin", moments.append)
        read = dict(_rowsets(archive, ["visit", "follow_up", "deal"], None, all_versions=all_versions))

    assert (1, {"visit", "follow_up", "deal"}) == (len(moments), set(read))


def test_a_writer_waits_for_another_one_instead_of_failing(tmp_path, rules):
    with open_archive(tmp_path, "default", rules) as archive:
        holding = sqlite3.connect(tmp_path / "archive" / "default.sqlite", check_same_thread=False)
        holding.execute("BEGIN IMMEDIATE")
        release = threading.Timer(0.3, holding.commit)
        release.start()
        put_in(archive, 5, workbook(5, tracker(archive.rules, WANG)))
        release.join()
        holding.close()

        assert 1 == len(told(archive.view(date(2026, 11, 5)).tables["follow_up"], "customer_name"))
