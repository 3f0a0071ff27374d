"""A backup is whole or refused, and what is put back is what was kept: nothing that stood before is lost on the way."""

from __future__ import annotations

import shutil
import sqlite3
import stat
from contextlib import closing
from datetime import date, datetime

import pytest
from click.testing import CliRunner

from pipeline.backup import take
from pipeline.backup.snapshot import snapshots
from pipeline.cli.main import main
from pipeline.keep_home import Home
from pipeline.keep_locks import home_lock
from tests.nights import rows, run
from tests.workbooks import drop, new_home, register, visit, xlsx


@pytest.fixture
def home(tmp_path):
    made = new_home(tmp_path / "home", "李明")
    evening(made, "2026-11-05", "13800001111")
    return made


def evening(home: Home, day: str, phone: str) -> None:
    drop(home, f"登记{day}.xlsx", xlsx({"登记": register(day, visit("王先生", phone))}), f"{day} 18:00")
    run(home, date.fromisoformat(day))


def daybook(home: Home, *arguments: str):
    return CliRunner().invoke(main, ["--home", str(home.root), *arguments])


def phones(home: Home) -> list[str]:
    return sorted(row["phone"] for row in rows(home, "visit", date(2026, 12, 31)))


def files(home: Home) -> dict[str, bytes]:
    kept = [path for room in ("archive", "rules") for path in (home.root / room).rglob("*") if path.is_file()]
    return {
        path.relative_to(home.root).as_posix(): path.read_bytes()
        for path in kept
        if not {"exports", "backups"} & set(path.parts) and ".sqlite" not in path.name and path.name != ".lock"
    }


def test_a_lost_machine_comes_back_from_its_backup_file_by_file(home, tmp_path):
    assert 0 == daybook(home, "backup", str(tmp_path / "盘")).exit_code
    kept = files(home)
    shutil.rmtree(home.root)
    result = daybook(home, "restore", str(tmp_path / "盘"))

    assert 0 == result.exit_code, result.output
    assert kept == files(home)
    assert ["13800001111"] == phones(home)
    assert 0 == daybook(home, "verify").exit_code
    assert 0 == daybook(home, "report", "--on", "2026-11-05").exit_code


def test_nights_since_the_backup_are_named_and_kept_in_the_safety_copy(home, tmp_path):
    daybook(home, "backup", str(tmp_path / "盘"))
    evening(home, "2026-11-06", "13800002222")
    result = daybook(home, "restore", str(tmp_path / "盘"))

    assert ["13800001111"] == phones(home)
    assert "跑过的 1 夜不在其中(2026-11-06 起)" in result.output
    assert 0 == daybook(home, "verify").exit_code
    assert 0 == daybook(home, "restore", str(home.archive / "backups")).exit_code
    assert ["13800001111", "13800002222"] == phones(home)


def test_the_files_of_the_nights_since_are_taken_in_once_when_dropped_in_again(home, tmp_path):
    daybook(home, "backup", str(tmp_path / "盘"))
    evening(home, "2026-11-06", "13800002222")
    daybook(home, "restore", str(tmp_path / "盘"))
    for original in sorted((home.archive / "originals").rglob("*.xlsx")):
        drop(home, original.name, original.read_bytes(), "2026-11-06 18:00")
    run(home, date(2026, 11, 6))

    assert ["13800001111", "13800002222"] == phones(home)


@pytest.mark.parametrize("spoil", ["change", "remove", "database", "index"])
def test_a_damaged_backup_is_refused_and_nothing_is_touched(home, tmp_path, spoil):
    disk = tmp_path / "盘"
    daybook(home, "backup", str(disk))
    (folder,) = snapshots(disk)
    original = next(path for path in (disk / "originals").rglob("*") if path.is_file())
    victim = {"database": folder / "archive" / "default.sqlite", "index": folder / "index.json"}.get(spoil, original)
    if spoil == "remove":
        victim.unlink()
    else:
        content = bytearray(victim.read_bytes())
        content[len(content) // 2] ^= 255
        victim.write_bytes(content)
    evening(home, "2026-11-06", "13800002222")
    before = files(home)
    result = daybook(home, "restore", str(disk))

    assert 3 == result.exit_code
    assert "备份" in result.output
    assert (before, ["13800001111", "13800002222"]) == (files(home), phones(home))


def test_a_broken_database_is_put_aside_as_it_is_and_replaced(home, tmp_path):
    daybook(home, "backup", str(tmp_path / "盘"))
    broken = b"not a database any more " * 400
    (home.archive / "default.sqlite").write_bytes(broken)
    (home.archive / "default.sqlite-journal").write_bytes(b"a journal of the old one")
    assert 3 == daybook(home, "backup", str(tmp_path / "盘")).exit_code
    result = daybook(home, "restore", str(tmp_path / "盘"))

    assert 0 == result.exit_code, result.output
    assert ["13800001111"] == phones(home)
    (kept,) = (home.archive / "backups").glob("*/default.sqlite")
    assert broken == kept.read_bytes()


def test_a_backup_cut_off_half_way_leaves_the_last_one_whole(home, tmp_path, monkeypatch):
    daybook(home, "backup", str(tmp_path / "盘"))
    evening(home, "2026-11-06", "13800002222")
    monkeypatch.setattr(take, "_write_index", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt), home_lock(home.root):
        take.take_snapshot(home.root, tmp_path / "盘", datetime(2026, 11, 6, 22))
    monkeypatch.undo()

    assert 1 == len(snapshots(tmp_path / "盘"))
    assert 0 == daybook(home, "restore", str(tmp_path / "盘")).exit_code


def test_workbooks_are_kept_once_and_old_snapshots_go_as_told(home, tmp_path):
    for _ in range(3):
        daybook(home, "backup", str(tmp_path / "盘"), "--keep", "2")

    assert 2 == len(snapshots(tmp_path / "盘"))
    assert 1 == len([path for path in (tmp_path / "盘").rglob("*.xlsx") if path.is_file()])


def test_a_backup_waits_for_the_night(home, tmp_path):
    with home_lock(home.root):
        assert 75 == daybook(home, "backup", str(tmp_path / "盘")).exit_code
        assert 75 == daybook(home, "restore", str(tmp_path / "盘")).exit_code


def test_a_backup_is_for_its_owner_only_and_never_lies_in_a_shared_folder(home, tmp_path):
    assert 2 == daybook(home, "backup", str(home.outbox / "备份")).exit_code
    assert 2 == daybook(home, "backup", str(home.archive / "别处")).exit_code
    daybook(home, "backup", str(tmp_path / "盘"))
    modes = {
        stat.S_IMODE(path.stat().st_mode)
        for path in ((tmp_path / "盘"), *(tmp_path / "盘").rglob("*"))
        if path.is_dir() or path.is_file()
    }

    assert {0o700, 0o600} == modes


def test_a_backup_is_noted_in_the_access_log(home, tmp_path):
    daybook(home, "backup", str(tmp_path / "盘"))
    with closing(sqlite3.connect(home.archive / "default.sqlite")) as file:
        noted = file.execute("SELECT what, detail FROM access_log").fetchall()

    assert [("backup", str(tmp_path / "盘"))] == noted


def test_verify_finds_a_workbook_that_only_the_manifest_knows_and_a_row_that_points_nowhere(home):
    assert 0 == daybook(home, "verify").exit_code
    with closing(sqlite3.connect(home.archive / "default.sqlite")) as file:
        file.execute("DELETE FROM submission")
        file.commit()
    said = daybook(home, "verify")

    assert 3 == said.exit_code
    assert "档案里没有" in said.output
    assert "交表登记找不到所属的工作簿" in said.output
    assert "出自未登记的工作簿" in said.output
