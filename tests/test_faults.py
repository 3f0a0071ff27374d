"""Disks fill up, shares go away, files grow and vanish: the night waits or says so, and loses nothing."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline import keep_files, read_inbox
from pipeline.archive import engine
from pipeline.disk import disk_of
from pipeline.errors import ArchiveError, InboxError
from tests.conftest import ROOT
from tests.nights import rows, run, verdicts
from tests.workbooks import drop, new_home, register, visit, xlsx

READ_ONLY = (
    sys.platform == "linux"
    and shutil.which("unshare") is not None
    and os.geteuid() == 0
    and subprocess.run(["unshare", "--mount", "true"], check=False, capture_output=True).returncode == 0
)
BOOK = xlsx({"5日": register("2026-11-05", visit())})
MORE = xlsx({"5日": register("2026-11-05", visit(), visit("赵女士", "13800002222", "9:40"))})
MANY = xlsx({"5日": register("2026-11-05", *(visit(f"客{n}", f"1380000{n:04}") for n in range(300)))})


@pytest.fixture
def home(tmp_path):
    return new_home(tmp_path / "home")


def as_in_windows(monkeypatch, day: Path, *held: str) -> None:
    """Refuse to rename a folder with open files in it, and to replace or remove those files."""
    real = {name: getattr(Path, name) for name in ("rename", "replace", "unlink")}

    def refusing(name):
        def act(self: Path, *rest, **options):
            place = rest[0] if name == "replace" else self
            if place == day or (place.parent.name in {day.name, "exports"} and place.name in held):
                raise PermissionError(errno.EACCES, "Permission denied", str(place))
            return real[name](self, *rest, **options)

        return act

    for name in real:
        monkeypatch.setattr(Path, name, refusing(name))
    monkeypatch.setattr(keep_files, "exchange", lambda *_: False)  # Windows has no such call


def test_a_workbook_open_in_excel_never_blocks_the_night_and_the_page_says_where_the_new_one_is(home, monkeypatch):
    drop(home, "登记.xlsx", BOOK)
    run(home)
    day = home.outbox / "2026-11-05"
    old = (day / "经营汇总.xlsx").read_bytes()
    drop(home, "登记2.xlsx", MORE, "2026-11-05 19:00")
    as_in_windows(monkeypatch, day, "经营汇总.xlsx", "主档案.xlsx")

    said = run(home)

    page = (day / "运行报告.html").read_text("utf-8")
    assert {"登记2.xlsx": "accepted"} == verdicts(said)
    assert old == (day / "经营汇总.xlsx").read_bytes()
    assert old != (day / "经营汇总(2).xlsx").read_bytes()
    assert "经营汇总.xlsx:正被人打开,换不下来,这次的写在 经营汇总(2).xlsx" in page
    assert "主档案.xlsx:正被人打开,换不下来,这次的写在 主档案(2).xlsx" in page
    assert 'href="./%E7%BB%8F%E8%90%A5%E6%B1%87%E6%80%BB%282%29.xlsx">经营汇总' in page
    assert (home.archive / "exports" / "主档案(2).xlsx").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("what", "reason"), [("grows", "file.growing"), ("is saved again", "file.growing"), ("vanishes", "file.gone"), ("becomes a link", "file.locked"), ("becomes a pipe", "file.growing"), ("is held", "file.locked")],
)  # fmt: skip
def test_a_file_that_changes_between_listing_and_reading_waits_and_is_taken_by_the_next_run(
    home, monkeypatch, what, reason
):
    place = drop(home, "登记.xlsx", BOOK)
    listed = read_inbox.Arrival.content

    def meanwhile(self: read_inbox.Arrival) -> bytes:
        if what == "grows":
            place.write_bytes(BOOK + b"more")
        elif what == "is saved again":
            drop(home, "登记.xlsx", BOOK, "2026-11-05 19:00")
        elif what == "is held":
            monkeypatch.setattr(os, "open", busy)
        else:
            place.unlink()
            if what == "becomes a link":
                place.symlink_to("/etc/hostname")
            elif what == "becomes a pipe":
                os.mkfifo(place)
        try:
            return listed(self)
        finally:
            monkeypatch.undo()

    def busy(*_: object, **__: object) -> int:
        raise OSError(errno.EBUSY, "Device or resource busy")

    monkeypatch.setattr(read_inbox.Arrival, "content", meanwhile)
    said = run(home)

    assert [("waiting", reason)] == [(book["verdict"], book["reason"]) for book in said["books"]]
    place.unlink(missing_ok=True)
    drop(home, "登记.xlsx", BOOK)
    assert {"登记.xlsx": "accepted"} == verdicts(run(home))
    assert 1 == len(rows(home, "visit"))
    assert not place.exists()


def test_an_inbox_whose_share_is_gone_is_no_empty_inbox(home, monkeypatch):
    listed = os.scandir

    def gone(path):
        if path == home.inbox:
            raise OSError(errno.EHOSTDOWN, "Host is down", str(path))
        return listed(path)

    monkeypatch.setattr(os, "scandir", gone)

    with pytest.raises(InboxError, match="inbox 打不开:Host is down") as caught:
        run(home)

    assert 3 == caught.value.exit_code


def test_a_share_that_goes_in_the_middle_loses_nothing_and_doubles_nothing(home, monkeypatch):
    places = [drop(home, name, BOOK + bytes(n)) for n, name in enumerate(("甲.xlsx", "乙.xlsx"))]
    removed = keep_files._removed
    monkeypatch.setattr(keep_files, "_removed", lambda place, sha: place == places[0] and removed(place, sha))

    run(home)
    monkeypatch.undo()
    said = run(home)

    assert {"乙.xlsx": "duplicate"} == verdicts(said)
    assert 1 == len(rows(home, "visit"))
    assert [False, False] == [place.exists() for place in places]


@pytest.mark.parametrize("room", ["originals", "runs", "logs", "exports", "outbox"])
def test_a_disk_that_is_full_ends_the_night_with_3_and_the_next_night_makes_up_for_it(home, monkeypatch, room):
    drop(home, "登记.xlsx", BOOK)
    run(home)  # so that every room is there
    place = drop(home, "登记.xlsx", MORE, "2026-11-05 19:00")
    opened = os.open

    def full(path, flags, *rest, **options):
        if flags & (os.O_WRONLY | os.O_RDWR) and room in os.path.relpath(path, home.root).split("/"):
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        return opened(path, flags, *rest, **options)

    monkeypatch.setattr(os, "open", full)
    with pytest.raises((ArchiveError, InboxError), match="No space left on device") as caught:
        run(home)
    monkeypatch.undo()

    assert (3, True) == (caught.value.exit_code, place.exists())
    run(home)
    assert ["王先生", "赵女士"] == sorted(row["customer_name"] for row in rows(home, "visit"))
    assert not place.exists()


def test_a_database_that_cannot_grow_keeps_what_it_had_and_takes_the_night_in_when_it_can(home, monkeypatch):
    drop(home, "登记.xlsx", BOOK)
    run(home)
    place = drop(home, "登记.xlsx", MANY, "2026-11-05 19:00")
    monkeypatch.setattr(engine, "_prepare", _as_on_a_full_disk)

    with pytest.raises(ArchiveError, match="disk is full") as caught:
        run(home)
    monkeypatch.undo()

    assert (3, True) == (caught.value.exit_code, place.exists())
    assert ["王先生"] == [row["customer_name"] for row in rows(home, "visit")]
    run(home)
    assert 300 == len(rows(home, "visit"))


@pytest.mark.skipif(
    not READ_ONLY, reason="needs root and `unshare` with the right to mount, to make a folder truly read-only"
)
@pytest.mark.parametrize(
    ("room", "said"),
    [
        ("archive", "档案文件夹不能写:Read-only file system。检查 archive 文件夹的权限"),
        ("archive/originals", "原件不能归档:Read-only file system。检查 archive 文件夹的权限和磁盘空间"),
    ],
)
def test_a_read_only_archive_ends_with_3_and_loses_nothing(home, room, said):
    drop(home, "登记.xlsx", BOOK)
    (home.root / room).mkdir(exist_ok=True)
    place = home.root / room
    words = f"mount --bind '{place}' '{place}' && mount -o remount,ro,bind '{place}' && exec '{sys.executable}' -m pipeline.cli --home '{home.root}' run --on 2026-11-05"
    night = subprocess.run(["unshare", "--mount", "sh", "-c", words], env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False)  # fmt: skip

    assert (3, said) == (night.returncode, night.stderr.strip())
    assert ["登记.xlsx"] == [path.name for path in home.inbox.iterdir()]
    assert [] == list((home.archive / "originals").rglob("*.xlsx"))


@pytest.mark.parametrize(
    ("slip", "disk"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), True),
        (OSError(errno.EIO, "Input/output error", "{home}/archive/runs/x.json"), True),
        (PermissionError(errno.EACCES, "Permission denied", "{home}/outbox/最新.html"), True),
        (OSError(errno.EXDEV, "Invalid cross-device link", "elsewhere/x", None, "{home}/inbox/x"), True),
        (FileNotFoundError(errno.ENOENT, "No such file or directory", "pipeline/digest.html.j2"), False),
        (OSError(errno.EMFILE, "Too many open files"), False),
        (BrokenPipeError(errno.EPIPE, "Broken pipe"), False),
    ],
    ids=lambda value: getattr(value, "strerror", ""),
)
def test_a_fault_of_the_home_s_disk_is_exit_3_and_a_slip_of_ours_is_not_laid_at_its_door(tmp_path, slip, disk):
    names = [name and name.format(home=tmp_path) for name in (slip.filename, slip.filename2)]
    told = type(slip)(slip.errno, slip.strerror, names[0], None, names[1]) if any(names) else slip

    with pytest.raises(ArchiveError if disk else type(told)) as caught, disk_of(tmp_path):
        raise told

    assert disk == str(caught.value).startswith("磁盘或网络盘出错:")


def _as_on_a_full_disk(connection, _record) -> None:
    """Let the database grow no further."""
    connection.isolation_level = None
    [pages] = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count={pages}")
