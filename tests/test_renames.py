"""No name reaches the disk before what it names: every rename, of any command, comes after an fsync of the file and before one of its folder."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline import keep_files, write_whole
from pipeline.cli.main import main
from pipeline.reports import visit_patterns
from tests.nights import run
from tests.workbooks import drop, new_home, register, visit, xlsx

BOOK = xlsx({"5日": register("2026-11-05", visit(), visit("赵女士", "138", "9:40"))})

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows forces no folder to the disk")


def state(place: str | Path) -> tuple[int, int, int]:
    """Return which file this is, and when it was last written."""
    seen = Path(place).stat()
    return seen.st_dev, seen.st_ino, seen.st_mtime_ns


@dataclass
class Disk:
    """What was forced to the disk, and what was renamed too early or is not safe yet."""

    forced: set[tuple[int, int, int]] = field(default_factory=set)
    early: list[str] = field(default_factory=list)
    renames: int = 0
    unsafe: dict[tuple[int, int], str] = field(default_factory=dict)  # folders whose names are not on the disk

    def fsync(self, handle: int) -> None:
        seen = os.fstat(handle)
        self.forced.add((seen.st_dev, seen.st_ino, seen.st_mtime_ns))
        self.unsafe.pop((seen.st_dev, seen.st_ino), None)

    def moving(self, source: str | Path) -> None:
        below = [path for path in (Path(source), *Path(source).rglob("*")) if path.is_file()]
        self.early += [str(path) for path in below if state(path) not in self.forced]

    def moved(self, *places: str | Path) -> None:
        self.renames += 1
        for place in places:
            self.unsafe[state(Path(place).parent)[:2]] = str(place)


@pytest.fixture
def disk(monkeypatch):
    watched = Disk()
    renames = {name: getattr(os, name) for name in ("rename", "replace")}
    fsync, exchange, sync_disks = os.fsync, write_whole.exchange, write_whole.sync_disks

    def forced(handle):
        fsync(handle if isinstance(handle, int) else handle.fileno())
        watched.fsync(handle if isinstance(handle, int) else handle.fileno())

    def all_forced(paths):
        places = list(paths)
        done = sync_disks(places)
        watched.forced |= {state(place) for place in places if done}
        return done

    def renaming(name):
        def act(source, target, **options):
            watched.moving(source)
            renames[name](source, target, **options)
            watched.moved(source, target)

        return act

    def exchanging(one, other):
        watched.moving(one)
        watched.moved(one, other)
        return exchange(one, other)

    monkeypatch.setattr(os, "fsync", forced)
    monkeypatch.setattr(write_whole, "sync_disks", all_forced)
    for name in renames:
        monkeypatch.setattr(os, name, renaming(name))
    monkeypatch.setattr(keep_files, "exchange", exchanging)
    return watched


def test_law_every_rename_follows_an_fsync_of_the_file_and_is_followed_by_one_of_its_folder(
    disk, tmp_path, monkeypatch
):
    monkeypatch.setattr(
        "pipeline.publish._reports", lambda facts, rules: (visit_patterns.build(facts.view, rules),)
    )  # one of seven
    home = new_home(tmp_path / "home", "李明")

    def daybook(*arguments: str) -> bool:
        result = CliRunner().invoke(main, ["--home", str(home.root), *arguments])
        assert 0 == result.exit_code, result.output
        return True

    steps = {
        "the first night": lambda: run(home),
        "a second one": lambda: (drop(home, "登记.xlsx", xlsx({"5日": register("2026-11-05", visit())})), run(home)),
        "a workbook again": lambda: daybook("report", "--on", "2026-11-05", "--only", "来店规律"),
        "export": lambda: [daybook("export", str(tmp_path / form), "--kind", "visit", "--format", form) for form in ("csv", "xlsx")],
        "backup": lambda: daybook("backup", str(tmp_path / "备份")),
        "undo": lambda: daybook("undo"),
        "restore": lambda: daybook("restore", str(tmp_path / "备份")),
    }  # fmt: skip
    drop(home, "登记.xlsx", BOOK)
    counted = {}
    for name, step in steps.items():
        disk.renames = 0
        step()
        counted[name] = disk.renames > 0
        assert ([], {}) == (disk.early, disk.unsafe), name

    assert dict.fromkeys(steps, True) == counted


@pytest.mark.parametrize(
    "spoilt", ["the file is not forced", "it is written again afterwards", "the folder is not forced"]
)
def test_the_law_sees_a_rename_that_breaks_it(disk, tmp_path, spoilt):
    source = tmp_path / "a"
    source.write_text("x")
    if spoilt != "the file is not forced":
        write_whole.sync_files([source])
    if spoilt == "it is written again afterwards":
        source.write_text("y")
        os.utime(source, (1, 1))
    source.rename(tmp_path / "b")
    if spoilt != "the folder is not forced":
        write_whole.sync_folders([tmp_path])

    assert disk.early or disk.unsafe
