"""Originals are sacred, folders change whole, and two runs never meet."""

from __future__ import annotations

import errno
import hashlib
import stat
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import keep_files, write_whole
from pipeline.errors import InboxError, LockedError
from pipeline.keep_files import Original, file_originals, replace_folder, safe_name
from pipeline.keep_locks import home_lock

NOW = datetime(2026, 11, 5, 21, 30)
ON = date(2026, 11, 5)
SHA = hashlib.sha256(b"x").hexdigest()


def test_an_original_is_filed_by_day_hash_and_name_for_its_owner_only(tmp_path):
    path = file_originals(tmp_path / "archive", [Original(b"x", NOW, SHA, "登记表.xlsx")])[SHA]

    filed = tmp_path / path
    assert path == f"archive/originals/2026/11/2026-11-05_{SHA[:12]}_登记表.xlsx"
    assert filed.read_bytes() == b"x"
    assert stat.S_IMODE(filed.stat().st_mode) == 0o600
    assert {
        stat.S_IMODE(folder.stat().st_mode)
        for folder in filed.parents
        if (tmp_path / "archive") in [folder, *folder.parents]
    } == {0o700}


def test_filing_twice_is_filing_once_and_a_torn_copy_is_mended(tmp_path):
    first = file_originals(tmp_path / "archive", [Original(b"x", NOW, SHA, "a.xlsx")])[SHA]
    written = (tmp_path / first).stat().st_mtime_ns
    assert file_originals(tmp_path / "archive", [Original(b"x", NOW, SHA, "a.xlsx")])[SHA] == first
    assert (tmp_path / first).stat().st_mtime_ns == written

    (tmp_path / first).write_bytes(b"")
    file_originals(tmp_path / "archive", [Original(b"x", NOW, SHA, "a.xlsx")])[SHA]

    assert (tmp_path / first).read_bytes() == b"x"
    assert len(list((tmp_path / first).parent.iterdir())) == 1


def test_what_cannot_be_read_is_put_into_quarantine(tmp_path):
    assert file_originals(tmp_path / "archive", [Original(b"x", NOW, SHA, "../../etc/坏.xlsx", readable=False)])[
        SHA
    ] == (f"archive/quarantine/2026-11-05_{SHA[:12]}__.._etc_坏.xlsx")


@given(st.text(max_size=300))
def test_any_name_becomes_one_that_every_system_takes(name):
    safe = safe_name(name)

    assert 0 < len(safe.encode()) <= 200
    assert not set(safe) & set('/\\:*?"<>|\n\r\t\0')
    assert safe[0] not in "-. "
    assert safe[-1] not in ". "


def test_a_long_name_keeps_its_ending():
    short = safe_name("来店登记表" * 80 + ".xlsx")

    assert short.startswith("来店登记表来店登记表")
    assert short.endswith(".xlsx")


def test_a_day_s_folder_changes_whole(tmp_path):
    def first(folder: Path) -> None:
        (folder / "退回").mkdir()
        (folder / "退回" / "李明.xlsx").write_text("old")

    replace_folder(tmp_path, ON, first)
    replace_folder(tmp_path, ON, lambda folder: (folder / "来店规律.xlsx").write_text("new"))

    assert [file.relative_to(tmp_path).as_posix() for file in sorted(tmp_path.rglob("*"))] == [
        "2026-11-05",
        "2026-11-05/来店规律.xlsx",
    ]


def test_reports_that_cannot_be_written_leave_yesterday_s_standing(tmp_path):
    replace_folder(tmp_path, ON, lambda folder: (folder / "a").write_text("old"))

    def fails(folder: Path) -> None:
        (folder / "a").write_text("half")
        raise ValueError("our slip")

    with pytest.raises(ValueError, match="our slip"):
        replace_folder(tmp_path, ON, fails)

    assert [(file.name, file.is_dir() or file.read_text()) for file in sorted(tmp_path.rglob("*"))] == [
        ("2026-11-05", True),
        ("a", "old"),
    ]


@pytest.mark.parametrize(
    "slip", [OSError("运行报告.html.j2"), FileNotFoundError(errno.ENOENT, "No such file", "archive/originals/a.xlsx")]
)
def test_a_slip_of_ours_is_not_laid_at_the_outbox_s_door(tmp_path, slip):
    def fails(_: Path) -> None:
        raise slip

    with pytest.raises(OSError, match=r"j2|originals"):
        replace_folder(tmp_path, ON, fails)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "outbox 不能写:No space left on device"),
        (PermissionError(errno.EACCES, "Permission denied"), "outbox 不能写:Permission denied"),
        (PermissionError(), "outbox 不能写:PermissionError"),
    ],
)
def test_an_outbox_that_cannot_be_written_says_why(tmp_path, monkeypatch, error, said):
    def refuses(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(Path, "mkdir", refuses)

    with pytest.raises(InboxError, match=said):
        replace_folder(tmp_path, ON, lambda _: None)


def test_a_disk_that_fills_up_while_a_workbook_is_written_is_the_outbox_s_trouble(tmp_path):
    def full(_: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(InboxError, match="outbox 不能写:No space left on device"):
        replace_folder(tmp_path, ON, full)


def test_a_folder_lost_between_two_renames_comes_back(tmp_path):
    (tmp_path / ".daybook-old-2026-11-05").mkdir()
    (tmp_path / ".daybook-old-2026-11-05" / "a").write_text("old")

    def fails(_: Path) -> None:
        raise ValueError("our slip")

    with pytest.raises(ValueError, match="our slip"):
        replace_folder(tmp_path, ON, fails)

    assert (tmp_path / "2026-11-05" / "a").read_text() == "old"


def test_a_workbook_a_manager_has_open_does_not_stop_the_others(tmp_path, monkeypatch):
    """On Windows neither the folder nor the open file can be renamed; here both are refused as Windows does."""
    replace_folder(
        tmp_path, ON, lambda folder: [(folder / name).write_text("old") for name in ("开着.xlsx", "去年.xlsx")]
    )
    rename, replace = Path.rename, Path.replace

    def no_rename(self: Path, target: Path) -> Path:
        if self == tmp_path / "2026-11-05":
            raise PermissionError
        return rename(self, target)

    def no_replace(self: Path, target: Path) -> Path:
        if target == tmp_path / "2026-11-05" / "开着.xlsx":
            raise PermissionError
        return replace(self, target)

    monkeypatch.setattr(Path, "rename", no_rename)
    monkeypatch.setattr(Path, "replace", no_replace)
    monkeypatch.setattr(keep_files, "exchange", lambda *_: False)

    def build(folder: Path) -> None:
        for name in ("开着.xlsx", "新.xlsx"):
            (folder / name).write_text("new")

    for _ in range(2):  # a second run of the evening finds the next name free again, and leaves no third
        moved = replace_folder(tmp_path, ON, build)

        found = {file.name: file.read_text() for file in (tmp_path / "2026-11-05").iterdir()}
        assert found == {"开着.xlsx": "old", "开着(2).xlsx": "new", "新.xlsx": "new"}
        assert moved == {"开着.xlsx": "开着(2).xlsx"}


def test_a_day_cut_off_between_its_two_renames_comes_back_whatever_day_is_written_next(tmp_path):
    (tmp_path / ".daybook-old-2026-11-04").mkdir()
    (tmp_path / ".daybook-old-2026-11-04" / "a").write_text("whole")
    (tmp_path / ".daybook-new-2026-11-04").mkdir()

    replace_folder(tmp_path, ON, lambda folder: (folder / "b").write_text("new"))

    assert [file.relative_to(tmp_path).as_posix() for file in sorted(tmp_path.rglob("*"))] == [
        "2026-11-04", "2026-11-04/a", "2026-11-05", "2026-11-05/b",
    ]  # fmt: skip


def test_a_second_run_is_told_that_one_is_under_way(tmp_path):
    with home_lock(tmp_path), pytest.raises(LockedError) as caught, home_lock(tmp_path):
        pass

    assert caught.value.exit_code == 75
    with home_lock(tmp_path):
        assert (tmp_path / "archive" / ".lock").exists()


def test_a_whole_nights_workbooks_are_filed_alike_whether_the_disk_is_forced_at_once_or_file_by_file(
    tmp_path, monkeypatch
):
    originals = [
        Original(bytes([number]) * 9, NOW, hashlib.sha256(bytes([number]) * 9).hexdigest(), f"{number}.xlsx")
        for number in range(20)
    ]
    at_once = file_originals(tmp_path / "one" / "archive", originals)
    monkeypatch.setattr(write_whole, "sync_disks", lambda _: False)
    one_by_one = file_originals(tmp_path / "two" / "archive", originals)

    assert at_once == one_by_one
    assert [each.content for each in originals] == [
        (tmp_path / "one" / at_once[each.sha256]).read_bytes() for each in originals
    ]
    assert len(originals) == len([path for path in (tmp_path / "one").rglob("*") if path.is_file()])
